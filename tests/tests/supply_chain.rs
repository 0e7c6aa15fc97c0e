//! What `deny.toml` allows, held without its tool: to build `cargo deny` takes longer than all tests of this workspace.
//! The database of advisories is asked by the scheduled workflow, which has the tool.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use pod_api_tests::root;
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};
use toml_edit::{DocumentMut, Item};

type Test = Result<(), Box<dyn std::error::Error>>;

fn read(name: &str) -> Result<DocumentMut, Box<dyn std::error::Error>> {
    Ok(fs::read_to_string(root().join(name))?.parse()?)
}

fn texts(item: Option<&Item>) -> impl Iterator<Item = &str> {
    item.and_then(Item::as_array).into_iter().flatten().filter_map(|value| value.as_str())
}

/// The inline tables of a list of `deny.toml`, of each its `crate` and another member.
fn entries<'a>(item: &'a Item, member: &str) -> Vec<(&'a str, Option<&'a toml_edit::Value>)> {
    let tables = item.as_array().into_iter().flatten().filter_map(|value| value.as_inline_table());
    tables.filter_map(|table| Some((table.get("crate")?.as_str()?, table.get(member)))).collect()
}

#[test]
fn every_crate_comes_from_the_registry_or_is_a_member() -> Test {
    let lock = read("Cargo.lock")?;
    let packages = lock["package"].as_array_of_tables().ok_or("no packages")?;
    let sources: BTreeSet<&str> = packages.iter().filter_map(|package| package.get("source")?.as_str()).collect();
    assert_eq!(sources, BTreeSet::from(["registry+https://github.com/rust-lang/crates.io-index"]));
    let members: BTreeSet<&str> = packages
        .iter()
        .filter(|package| !package.contains_key("source"))
        .filter_map(|package| package.get("name")?.as_str())
        .collect();
    assert!(members.iter().all(|name| name.starts_with("pod-api") || name.starts_with("xtask")), "{members:?}");
    Ok(())
}

#[test]
fn a_crate_in_two_versions_is_listed_with_its_reason_and_none_is_listed_in_vain() -> Test {
    let (lock, deny) = (read("Cargo.lock")?, read("deny.toml")?);
    let mut versions: BTreeMap<&str, Vec<semver::Version>> = BTreeMap::new();
    for package in lock["package"].as_array_of_tables().ok_or("no packages")? {
        let text = |key: &str| package.get(key).and_then(Item::as_str).ok_or("no name or version");
        versions.entry(text("name")?).or_default().push(text("version")?.parse()?);
    }
    let mut older = BTreeSet::new();
    for (name, mut versions) in versions {
        versions.sort();
        versions.pop();
        older.extend(versions.iter().map(|version| format!("{name}@{version}")));
    }
    let listed = entries(&deny["bans"]["skip"], "reason");
    let reasons = listed.iter().filter(|(_, reason)| reason.and_then(|reason| reason.as_str()).is_some());
    assert_eq!(reasons.map(|(name, _)| (*name).to_owned()).collect::<BTreeSet<_>>(), older);
    Ok(())
}

/// It reads the manifests of all crates of all platforms, most of which no build needs.
#[test]
#[ignore = "asks the registry for crates that nothing else needs"]
fn every_licence_is_allowed_for_its_crate() -> Test {
    let deny = read("deny.toml")?;
    let allowed = texts(deny["licenses"].get("allow")).map(Licensee::parse).collect::<Result<Vec<_>, _>>()?;
    let mut exceptions = BTreeMap::new();
    for (name, allow) in entries(&deny["licenses"]["exceptions"], "allow") {
        let licences = allow.and_then(|allow| allow.as_array()).into_iter().flatten().filter_map(|text| text.as_str());
        exceptions.insert(name.to_owned(), licences.map(Licensee::parse).collect::<Result<Vec<_>, _>>()?);
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--all-features", "--format-version", "1"])
        .current_dir(root())
        .output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut refused = Vec::new();
    for package in metadata["packages"].as_array().ok_or("no packages")? {
        let name = package["name"].as_str().ok_or("no name")?;
        let licence = package["license"].as_str().unwrap_or_default();
        let allowed =
            allowed.iter().chain(exceptions.remove(name).as_deref().unwrap_or_default()).cloned().collect::<Vec<_>>();
        let fits = Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|needed| allowed.iter().any(|licensee| licensee.satisfies(needed)))
        });
        if !fits {
            refused.push(format!("{name}: {licence}"));
        }
    }
    assert!(refused.is_empty(), "deny.toml doesn't allow\n{}", refused.join("\n"));
    assert!(exceptions.is_empty(), "no crate of this name: {:?}", exceptions.keys());
    Ok(())
}

/// Who uses the client takes on what its licences ask for.
#[test]
fn what_reaches_users_programs_under_another_licence_is_said_where_they_look() -> Test {
    let deny = read("deny.toml")?;
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--package",
            "pod-api-ext",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(root())
        .output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout)?;
    let used: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let mut told = Vec::new();
    for (name, licences) in entries(&deny["licenses"]["exceptions"], "allow") {
        let licences = licences.and_then(|licences| licences.as_array()).into_iter().flatten();
        told.extend(
            licences
                .filter_map(|licence| licence.as_str())
                .filter(|_| used.contains(name))
                .map(|licence| (name, licence)),
        );
    }
    assert_eq!(told, [("progenitor-client", "MPL-2.0")]);
    for page in ["README.md", "pod-api/README.md", "pod-api-ext/README.md"] {
        let page_text = fs::read_to_string(root().join(page))?;
        let (_, said) = page_text.split_once("\n## Licence\n").ok_or("no licence")?;
        for (name, licence) in &told {
            assert!(said.contains(&format!("`{name}`")) && said.contains(licence), "{page}: {name} is under {licence}");
        }
    }
    Ok(())
}
