//! What the README shows is what compiles and runs here.

use std::fs;
use std::io;

use pod_api_tests::root;

#[test]
fn the_examples_of_the_readme_are_the_ones_that_compile() -> io::Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let shown: Vec<&str> =
        readme.split("```rust\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(code, _)| code).collect();
    assert_eq!(shown.len(), 4);
    for (code, name) in shown.into_iter().zip(["readme", "readme_mock", "readme_login", "readme_bot"]) {
        let example = fs::read_to_string(root().join(format!("tests/examples/{name}.rs")))?;
        let (_, example) = example.split_once("\n\n").unwrap_or_default();
        assert!(example == code, "tests/examples/{name}.rs differs from the README");
    }
    Ok(())
}

#[test]
fn every_folder_that_the_readme_names_is_there() -> io::Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
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
