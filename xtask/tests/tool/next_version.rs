//! What a maintainer does when the vendor publishes another version: the tool's own tests must not notice.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::Test;
use crate::pages::{furniture, page};
use crate::workspace::root;

/// Copies what is committed: all but what builds and version control leave in a checkout.
fn copy(from: &Path, to: &Path) -> Test {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
        if [OsStr::new("target"), OsStr::new(".git")].contains(&name.as_os_str()) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// The committed fragments by their names.
fn fragments(openapi: &Path) -> Test<Vec<(String, Value)>> {
    let mut fragments = Vec::new();
    for entry in fs::read_dir(openapi)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("json")) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            fragments.push((name, serde_json::from_str(&fs::read_to_string(&path)?)?));
        }
    }
    fragments.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(fragments)
}

/// `20.17.1` becomes `20.18.0`.
fn next(version: &str) -> Test<String> {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next().ok_or("no version")?, parts.next().ok_or("no minor version")?);
    Ok(format!("{major}.{}.0", minor.parse::<u32>()?.saturating_add(1)))
}

/// The published pages of a plausible next version: two fields and a 404 more, a schema that is called otherwise, other
/// prose, and one page that is new.
fn pages(openapi: &Path, folder: &Path) -> Test<String> {
    let sources: toml_edit::DocumentMut = fs::read_to_string(openapi.join("sources.toml"))?.parse()?;
    let mut fragments = fragments(openapi)?;
    let version = next(fragments[0].1["info"]["version"].as_str().ok_or("no version")?)?;
    let renamed = fragments
        .iter()
        .filter_map(|(_, fragment)| fragment["components"]["schemas"].as_object())
        .flat_map(serde_json::Map::keys)
        .max()
        .ok_or("no schemas")?
        .clone();
    fs::create_dir_all(folder)?;
    let (mut common, mut address) = (fragments[0].1.clone(), String::new());
    for (name, fragment) in &mut fragments {
        fragment["info"]["version"] = version.as_str().into();
        for item in fragment["paths"].as_object_mut().ok_or("no paths")?.values_mut() {
            for operation in item.as_object_mut().ok_or("no operations")?.values_mut() {
                operation["responses"]["404"] = operation["responses"]["400"].clone();
            }
        }
        for (_, schema) in fragment["components"]["schemas"].as_object_mut().ok_or("no schemas")? {
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("addedText".to_owned(), json!({"type": "string"}));
                properties.insert("addedFlag".to_owned(), json!({"type": "boolean"}));
            }
        }
        let text = fragment.to_string();
        let text = text.replace(&format!("\"{renamed}\":"), &format!("\"{renamed}Renamed\":"));
        let text = text.replace(&format!("/schemas/{renamed}\""), &format!("/schemas/{renamed}Renamed\""));
        *fragment = serde_json::from_str(&text)?;
        common["info"] = fragment["info"].clone();
        let published = sources["fragment"][&format!("{name}.json")]["published"].as_str().ok_or("no address")?;
        published.clone_into(&mut address);
        let said = page(std::slice::from_ref(fragment)) + "\nA name has fewer than 51 characters.\n";
        fs::write(folder.join(format!("{name}.md")), said + &furniture(published))?;
    }
    common["paths"] = json!({"/v1/made/up": {"get": {"responses": {"200": {"description": "Made up"}}}}});
    common["components"] = json!({});
    let address = format!("{}/made-up.md", address.rsplit_once('/').ok_or("no folder")?.0);
    fs::write(folder.join("made-up.md"), page(&[common]) + &furniture(&address))?;
    Ok(version)
}

fn cargo(workspace: &Path, arguments: &[&str]) -> Test<Output> {
    // A folder of its own: the copy's programs have the names of those that other tests run.
    let target = std::env::current_exe()?.ancestors().nth(3).ok_or("no target folder")?.join("next-version");
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(workspace).env("CARGO_TARGET_DIR", target).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(output) } else { Err(format!("cargo {}:\n{said}", arguments.join(" ")).into()) }
}

#[test]
#[ignore = "builds and tests the whole tool a second time"]
fn a_bump_to_the_next_version_leaves_the_tests_of_the_tool_green() -> Test {
    let folder = tempfile::tempdir()?;
    let workspace: PathBuf = folder.path().join("a copy");
    copy(&root(), &workspace)?;
    let pages_folder = folder.path().join("pages");
    let version = pages(&workspace.join("openapi"), &pages_folder)?;

    let shown = pages_folder.display().to_string();
    let bump = cargo(&workspace, &["run", "--quiet", "--package", "xtask", "--", "bump", &shown])?;
    let report = String::from_utf8(bump.stdout)?;
    assert!(report.contains(&format!("→ {version}")), "{report}");
    cargo(&workspace, &["run", "--quiet", "--package", "xtask", "--", "generate", "--check"])?;
    let tool = ["xtask", "xtask-spec", "xtask-samples", "xtask-client", "xtask-surface", "xtask-diff"];
    let packages: Vec<&str> = tool.iter().flat_map(|package| ["--package", package]).collect();
    cargo(&workspace, &[&["test"], packages.as_slice()].concat())?;
    Ok(())
}
