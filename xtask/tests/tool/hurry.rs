//! A bump with the wrong pages, as it happens in a hurry: nothing is written, and the message is enough to go on.

use std::fs;

use serde_json::{Value, json};
use xtask::terminal::Outcome;

use crate::Test;
use crate::bump::{bump, files, publish, steady, workspace};

/// What a bump says that can't be done, with pages of version 20.18.0 that are otherwise changed.
fn refused(arguments: &[&str], change: impl Fn(&mut Value)) -> Test<String> {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", change)?;
    let before = files(&workspace.path(""))?;
    let run = bump(&workspace, arguments);
    assert_eq!(run.outcome, Outcome::Failure, "{}", run.err);
    assert_eq!(files(&workspace.path(""))?, before);
    assert_eq!(run.out, "");
    Ok(steady(&workspace, &run.err))
}

fn has(fragment: &Value, path: &str) -> bool {
    fragment["paths"].get(path).is_some()
}

#[test]
fn a_page_of_another_api() -> Test {
    insta::assert_snapshot!(refused(&[], |fragment| {
        if has(fragment, "/v1/im/{id}/info") {
            fragment["info"]["title"] = json!("Agent API");
        }
    })?);
    Ok(())
}

#[test]
fn all_pages_are_older() -> Test {
    insta::assert_snapshot!(refused(&[], |fragment| fragment["info"]["version"] = json!("20.16.0"))?);
    Ok(())
}

#[test]
fn a_snapshot_beside_the_release() -> Test {
    insta::assert_snapshot!(refused(&[], |fragment| {
        if has(fragment, "/v1/im/{id}/info") {
            fragment["info"]["version"] = json!("20.18.0-SNAPSHOT");
        }
    })?);
    Ok(())
}

#[test]
fn two_pages_that_disagree() -> Test {
    insta::assert_snapshot!(refused(&[], |fragment| {
        if has(fragment, "/v1/im/{id}/info") {
            fragment["components"]["schemas"]["Error"]["properties"]["code"] = json!({"type": "string"});
        }
    })?);
    Ok(())
}

#[test]
fn two_pages_that_disagree_are_shown_as_they_were_given() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", |fragment| {
        if has(fragment, "/v1/im/{id}/info") {
            fragment["components"]["schemas"]["Error"]["properties"]["code"] = json!({"type": "string"});
        }
    })?;
    for name in xtask_fixtures::names()? {
        let path = workspace.path("new").join(&name);
        let fragment: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        fs::write(path.with_extension("md"), crate::pages::page(&[fragment]))?;
        fs::remove_file(path)?;
    }
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Failure);
    let places: Vec<&str> = run.err.lines().filter(|line| line.contains(".md:")).collect();
    let of = "/components/schemas/Error/properties/code/type";
    let first =
        format!("new/im-info.md:25:1995: error[conflict]: schema `Error` is not the same in both fragments ({of})");
    assert_eq!(places, [first, format!("  --> new/create-im-or-mim-admin.md:25:1850 ({of})")]);
    Ok(())
}
