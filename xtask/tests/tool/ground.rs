//! What rests on the statements of a page, and how it is missed.

use std::fs;

use serde_json::json;
use xtask::import::ground::{Footing, Ledger, digest, value_digest};

use crate::Test;
use crate::workspace::Workspace;

#[test]
fn a_statement_that_vanishes_is_missed_by_every_rule_that_rests_on_it() -> Test {
    let workspace = Workspace::published()?;
    let sources = fs::read_to_string(xtask_fixtures::folder().join("sources.toml"))?;
    // What R2 and R3 rest on: one item of a list.
    let vanished = "adc0ff0c526ce173";
    workspace.write("sources.toml", &sources.replacen(&format!("  \"{vanished}\",\n"), "", 1))?;
    workspace.edit("create-room-v3.json", |fragment| {
        fragment["components"]["schemas"]["RoomTag"]["required"] = json!(["key"]);
    })?;
    let moved = Ledger::read(&workspace.path("openapi"))?.moved();
    let names: Vec<String> = moved.iter().map(xtask::import::ground::RuleMoved::name).collect();
    assert_eq!(names, ["R2 (rule `room.name.same`)", "R3 (rule `room.name.length`)", "R11"]);
    assert_eq!(moved[2].now, Some(value_digest(&json!(["key"]))));
    Ok(())
}

#[test]
fn a_page_that_was_removed_by_hand_is_missed_by_every_rule_that_rests_on_it() -> Test {
    let workspace = Workspace::published()?;
    workspace.write("sources.toml", &fs::read_to_string(xtask_fixtures::folder().join("sources.toml"))?)?;
    assert_eq!(Ledger::read(&workspace.path("openapi"))?.moved(), []);
    fs::remove_file(workspace.path("openapi/create-room-v3.json"))?;
    let ledger = Ledger::read(&workspace.path("openapi"))?;
    let rests_on_it = |footing: &Footing| match footing {
        Footing::Prose { page, .. } => page == "create-room-v3",
        Footing::Value { fragment, .. } => fragment == "create-room-v3",
    };
    let expected: Vec<&Footing> = ledger
        .statements()
        .flat_map(|(statement, _)| ledger.footings(statement))
        .filter(|one| rests_on_it(one))
        .collect();
    let moved = ledger.moved();
    assert_eq!(moved.iter().map(|moved| &moved.footing).collect::<Vec<_>>(), expected);
    assert!(expected.iter().any(|footing| matches!(footing, Footing::Prose { .. })), "{expected:?}");
    Ok(())
}

#[test]
fn a_digest_is_of_the_words_or_of_the_canonical_value() {
    // The beginning of what `printf abc | sha256sum` gives.
    assert_eq!(digest("abc"), "ba7816bf8f01cfea");
    assert_eq!(value_digest(&json!("abc")), digest("\"abc\""));
    assert_eq!(
        value_digest(&json!({"b": [1, {"d": null, "c": "é"}], "a": true})),
        digest("{\"a\":true,\"b\":[1,{\"c\":\"é\",\"d\":null}]}")
    );
    assert_ne!(value_digest(&json!([1, 2])), value_digest(&json!([2, 1])));
}
