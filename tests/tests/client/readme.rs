//! What the README and the pages of the crates show is what compiles, runs and is there.

use std::fs;
use std::io;

use pod_api_tests::{Test, root};
use toml_edit::DocumentMut;

const PAGES: [&str; 3] = ["README.md", "pod-api/README.md", "pod-api-ext/README.md"];

fn page(name: &str) -> io::Result<String> {
    fs::read_to_string(root().join(name))
}

/// The blocks of a page in this language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split_once("```")).map(|(code, _)| code).collect()
}

/// Those of the crates' own pages are run with the examples of their documentation.
#[test]
fn the_examples_of_the_readme_are_the_ones_that_compile() -> Test {
    let readme = page("README.md")?;
    let shown = blocks(&readme, "rust");
    assert_eq!(shown.len(), 2);
    for (code, name) in shown.into_iter().zip(["readme_login", "readme_bot"]) {
        let example = page(&format!("tests/examples/{name}.rs"))?;
        let (_, example) = example.split_once("\n\n").unwrap_or_default();
        assert!(example == code, "tests/examples/{name}.rs differs from the README");
    }
    let bot = blocks(&page("pod-api-ext/README.md")?, "rust,no_run").concat();
    assert!(readme.contains(&bot), "the page of pod-api-ext begins with another bot");
    Ok(())
}

/// Each is run by another test, or by `.ci/run`.
#[test]
fn the_commands_of_the_readme_are_those_that_are_run() -> io::Result<()> {
    let example = |rest: &str| format!("cargo run -p pod-api-ext --features mock --example {rest}\n");
    assert_eq!(
        blocks(&page("README.md")?, "sh"),
        [
            example("quickstart"),
            example("mock_pod -- --port 8080 --fault create-room:429:retry-after=2:times=3"),
            "cargo xtask generate\ncargo test --workspace\n".to_owned(),
            "cargo xtask bump --dry-run --format text pages\n".to_owned(),
        ]
    );
    Ok(())
}

#[test]
fn the_pages_ask_for_the_version_that_there_is_and_for_no_path() -> Test {
    let manifest: DocumentMut = page("pod-api-ext/Cargo.toml")?.parse()?;
    let version: semver::Version = manifest["package"]["version"].as_str().ok_or("no version")?.parse()?;
    for name in ["README.md", "pod-api-ext/README.md"] {
        let text = page(name)?;
        let asked: DocumentMut = blocks(&text, "toml").concat().parse()?;
        let requirement = asked["dependencies"]["pod-api-ext"].as_str().ok_or("no requirement")?;
        assert!(semver::VersionReq::parse(requirement)?.matches(&version), "{name}: {requirement}");
    }
    for name in PAGES {
        assert!(!page(name)?.contains("path ="), "{name}");
    }
    Ok(())
}

#[test]
fn the_pages_say_which_features_and_which_rust_there_are() -> Test {
    let workspace: DocumentMut = page("Cargo.toml")?.parse()?;
    let rust = workspace["workspace"]["package"]["rust-version"].as_str().ok_or("no version of Rust")?;
    for name in PAGES {
        assert!(page(name)?.contains(&format!("Rust {rust} or newer")), "{name}");
    }
    for crate_ in ["pod-api", "pod-api-ext"] {
        let manifest: DocumentMut = page(&format!("{crate_}/Cargo.toml"))?.parse()?;
        let mut features: Vec<&str> =
            manifest["features"].as_table().ok_or("no features")?.iter().map(|(name, _)| name).collect();
        features.retain(|name| *name != "default");
        features.sort_unstable();
        let text = page(&format!("{crate_}/README.md"))?;
        let mut told: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(name, _)| name).collect();
        told.sort_unstable();
        assert_eq!(told, features, "{crate_}");
        let default: Vec<&str> =
            manifest["features"]["default"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
        for name in features {
            assert_eq!(text.contains(&format!("| `{name}` (default) |")), default.contains(&name), "{crate_}: {name}");
        }
    }
    Ok(())
}

#[test]
fn every_folder_that_the_readme_names_is_there() -> io::Result<()> {
    let readme = page("README.md")?;
    let folders: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("/`").map(|(folder, _)| folder))
        .collect();
    assert_eq!(folders, ["openapi", "pod-api", "pod-api-ext", "xtask", "tests"]);
    for folder in folders {
        assert!(root().join(folder).is_dir(), "{folder}");
    }
    Ok(())
}

#[test]
fn every_file_that_a_page_links_to_is_there() -> io::Result<()> {
    for name in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] {
        let text = page(name)?;
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        let missing: Vec<&str> = links
            .filter(|link| {
                !link.starts_with("https://") && !root().join(link.split('#').next().unwrap_or(link)).exists()
            })
            .collect();
        assert_eq!(missing, Vec::<&str>::new(), "{name}");
    }
    Ok(())
}
