//! What the vendor's public specification went through over the years, replayed on the published fragments, and the report
//! of each step.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code, also outside of test functions")]

use crate::Test;
use crate::shelf::Shelf;
use serde_json::{Value, json};
use xtask::terminal::Outcome;
use xtask_fixtures::mutations::{self, Documents};

const ROOM: &str = "create-room-v3.json";

/// The fragments as they stood before a step, and after it; the step's own version is 20.17.1.
fn step(version: &str, undo: impl FnOnce(&mut Documents)) -> Result<(Documents, Documents), std::io::Error> {
    let new = mutations::published()?;
    let mut old = new.clone();
    undo(&mut old);
    for document in old.values_mut() {
        document["info"]["version"] = json!(version);
    }
    Ok((old, new))
}

fn remove(document: &mut Value, parent: &str, name: &str) {
    let members = document.pointer_mut(parent).and_then(Value::as_object_mut);
    assert!(members.and_then(|members| members.shift_remove(name)).is_some(), "there is no {name} in {parent}");
}

fn attributes(documents: &mut Documents) -> &mut Value {
    &mut documents.get_mut(ROOM).expect("the fragment")["components"]["schemas"]["V3RoomAttributes"]["properties"]
}

/// The report of a step, in text.
fn report((old, new): (Documents, Documents)) -> Result<String, Box<dyn std::error::Error>> {
    let run = Shelf::with(&old, &new)?.diff("old", "new", &[]);
    assert_eq!((run.outcome, run.err), (Outcome::Done, String::new()));
    Ok(run.out)
}

#[test]
fn a_room_may_be_refused_for_legal_reasons() -> Test {
    let old = step("20.6.0", |documents| {
        let room = documents.get_mut(ROOM).expect("the fragment");
        remove(room, "/paths/~1v3~1room~1create/post/responses", "451");
    })?;
    insta::assert_snapshot!(report(old)?);
    Ok(())
}

#[test]
fn rooms_for_scheduled_meetings() -> Test {
    let old = step("20.12.0", |documents| {
        let properties = attributes(documents).as_object_mut().expect("an object");
        properties.shift_remove("scheduledMeeting");
    })?;
    insta::assert_snapshot!(report(old)?);
    Ok(())
}

#[test]
fn groups_in_rooms() -> Test {
    let old = step("20.13.0", |documents| {
        let room = documents.get_mut(ROOM).expect("the fragment");
        remove(room, "/components/schemas/V3RoomDetail/properties", "groups");
        remove(room, "/components/schemas", "GroupItem");
    })?;
    insta::assert_snapshot!(report(old)?);
    Ok(())
}

#[test]
fn group_chats() -> Test {
    let old = step("20.15.0", |documents| {
        let properties = attributes(documents).as_object_mut().expect("an object");
        properties.shift_remove("groupChat");
    })?;
    insta::assert_snapshot!(report(old)?);
    Ok(())
}

#[test]
fn descriptions_under_an_unchanged_version() -> Test {
    let describe = |documents: &mut Documents, name: &str, text: &str| {
        attributes(documents)[name]["description"] = json!(text);
    };
    let (mut old, mut new) = step("20.17.1", |documents| {
        attributes(documents)["pinnedMessageId"].as_object_mut().expect("an object").shift_remove("description");
    })?;
    describe(&mut old, "subType", "What kind of room it is.");
    describe(&mut new, "subType", "What kind of room it is; no longer looked at.");
    describe(&mut new, "pinnedMessageId", "The message that everyone sees first.");
    let text = report((old, new))?;
    assert!(text.contains("Same version, other content: both are 20.17.1, and yet they differ."));
    insta::assert_snapshot!(text);
    Ok(())
}

/// A bump that has something of everything.
fn bump() -> Result<Shelf, Box<dyn std::error::Error>> {
    let (old, mut new) = step("20.16.0", |documents| {
        let room = documents.get_mut(ROOM).expect("the fragment");
        remove(room, "/paths/~1v3~1room~1create/post/responses", "451");
        attributes(documents)["name"]["description"] = json!("Name | of the <room>.");
    })?;
    attributes(&mut new)["public"]["type"] = json!("string");
    attributes(&mut new).as_object_mut().expect("an object").shift_remove("crossPod");
    Ok(Shelf::with(&old, &new)?)
}

#[test]
fn a_bump_as_text() -> Test {
    insta::assert_snapshot!(bump()?.diff("old", "new", &[]).out);
    Ok(())
}

#[test]
fn a_bump_as_markdown() -> Test {
    insta::assert_snapshot!(bump()?.diff("old", "new", &["--format", "markdown"]).out);
    Ok(())
}

#[test]
fn a_bump_as_json() -> Test {
    let run = bump()?.diff("old", "new", &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.out)?;
    let validator = jsonschema::validator_for(&serde_json::from_str(xtask_diff::SCHEMA)?)?;
    assert!(validator.is_valid(&report), "{:?}", validator.iter_errors(&report).next());
    insta::assert_snapshot!(run.out);
    Ok(())
}
