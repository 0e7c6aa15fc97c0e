//! Nothing can differ unseen: whatever is taken out of a published fragment, or written otherwise, is in the report.

use crate::Test;
use crate::support::of_documents;
use serde_json::Value;
use xtask_fixtures::mutations;
use xtask_spec::pointer;

/// The pointers of everything in `value` but itself.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, member)| (key.clone(), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, member) in members {
        let at = pointer::join(at, &key);
        found.push(at.clone());
        pointers(member, &at, found);
    }
}

fn without(document: &Value, at: &str) -> Option<Value> {
    let mut document = document.clone();
    let (parent, key) = at.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Value::Object(members) => members.shift_remove(pointer::unescape(key).as_ref()),
        Value::Array(items) => Some(items.remove(key.parse().ok()?)),
        _ => None,
    }?;
    Some(document)
}

/// With another value of the same type; only values that contain no others are changed.
fn otherwise(document: &Value, at: &str) -> Option<Value> {
    let mut document = document.clone();
    let value = document.pointer_mut(at)?;
    *value = match value {
        Value::String(text) if at.ends_with("/$ref") && text.ends_with("/RoomTag") => {
            "#/components/schemas/GroupItem".into()
        }
        Value::String(_) if at.ends_with("/$ref") => "#/components/schemas/RoomTag".into(),
        Value::String(text) if text == "string" => "boolean".into(),
        Value::String(text) if text == "header" => "query".into(),
        Value::String(_) if at.ends_with("/type") => "string".into(),
        Value::String(text) => format!("{text}x").into(),
        Value::Bool(flag) => (!*flag).into(),
        Value::Number(_) => 7.into(),
        _ => return None,
    };
    Some(document)
}

#[test]
fn nothing_is_taken_out_or_written_otherwise_unseen() -> Test {
    let document = mutations::published()?.remove("create-room-v3.json").ok_or("no such fragment")?;
    let mut all = Vec::new();
    pointers(&document, "", &mut all);
    let (mut tried, mut unseen) = (0, Vec::new());
    for at in all {
        for (how, changed) in [("without", without(&document, &at)), ("other", otherwise(&document, &at))] {
            let Some(changed) = changed else { continue };
            // What can't be read any more is said by the pipeline.
            let Ok(report) = of_documents(&document, &changed) else { continue };
            tried += 1;
            if report.is_empty() {
                unseen.push(format!("{how} {at}"));
            }
        }
    }
    // The patch versions of OpenAPI 3.1 mean the same.
    assert_eq!(unseen, ["other /openapi"]);
    assert!(tried > 250, "{tried}");
    Ok(())
}
