//! What the README shows of a bump is what the tool prints.

use std::fs;

use serde_json::{Value, json};
use xtask::terminal::Outcome;

use crate::Test;
use crate::bump::steady;
use crate::pages::page;
use crate::workspace::{Workspace, root};

/// A member more in what a client sends, and one that always came may be missing.
fn changed(mut fragment: Value) -> Value {
    fragment["info"]["version"] = "20.18.0".into();
    if let Some(properties) = fragment.pointer_mut("/components/schemas/V3RoomAttributes/properties") {
        properties["archived"] = json!({"type": "boolean"});
    }
    if let Some(tag) = fragment.pointer_mut("/components/schemas/RoomTag") {
        tag["required"] = json!(["key"]);
    }
    fragment
}

#[test]
fn the_report_in_the_readme_is_what_a_bump_prints() -> Test {
    let workspace = Workspace::published()?;
    let [pages, out] = ["pages", "pod-api"].map(|folder| workspace.path(folder));
    for folder in [&pages, &out] {
        fs::create_dir_all(folder)?;
    }
    for name in xtask_fixtures::names()? {
        let fragment = changed(workspace.read(&name)?);
        fs::write(pages.join(name).with_extension("md"), page(&[fragment]))?;
    }
    fs::write(
        out.join("Cargo.toml"),
        "[package]\nname = \"pod-api\"\nversion = \"0.1.0+20.17.1\"\nedition = \"2024\"\n",
    )?;
    let [pages, out] = [pages, out].map(|folder| folder.display().to_string());
    assert_eq!(workspace.run(&["generate", "--out", &out]).outcome, Outcome::Done);

    let run = workspace.run(&["bump", "--dry-run", "--format", "text", &pages, "--out", &out]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let printed = steady(&workspace, &run.out);
    let readme = fs::read_to_string(root().join("README.md"))?;
    let command = "```sh\ncargo xtask bump --dry-run --format text pages\n```\n";
    let (_, after) = readme.split_once(command).ok_or("the README has another command")?;
    let shown = after.split("```text\n").nth(1).and_then(|rest| rest.split_once("```")).ok_or("no report")?.0;
    assert!(printed.starts_with(shown), "the README shows the beginning of another report than\n{printed}");
    Ok(())
}
