//! Path items that paths refer to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::operation_ids::derive;
use crate::diagnostic::{Diagnostic, Id};
use crate::grammar::METHODS;
use crate::origins::Origins;
use crate::pointer;

/// How many references may lead to one another; a cycle of them has no end.
const CHAIN: usize = 64;

/// Puts into each path the path item that it refers to, with what stands beside the reference on top (OpenAPI 3.1.1,
/// section 4.8.9). It comes before operations are named: only then is it known which there are. An operation that comes
/// to stand under several paths keeps its `operationId` under the first of them.
///
/// A reference that leads nowhere, or in a circle, stays; looking at references says so.
pub(super) fn inline(document: &mut Value, origins: &mut Origins) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    // Where each operation stands first, by where it was written.
    let mut users: BTreeMap<String, String> = BTreeMap::new();
    for (path, item) in items(document) {
        for method in METHODS.iter().filter(|method| item.contains_key(**method)) {
            let at = pointer::join(&pointer::join("/paths", path), method);
            users.insert(at.clone(), at);
        }
    }
    let referring: Vec<String> =
        items(document).filter(|(_, item)| item.contains_key("$ref")).map(|(path, _)| path.clone()).collect();
    if referring.is_empty() {
        return diagnostics;
    }
    let published = document.clone();
    for path in referring {
        let at = pointer::join("/paths", &path);
        let Some(members) = followed(&published, &at) else { continue };
        let mut item = Map::new();
        for (key, source) in members {
            let mut value = published.pointer(&source).cloned().unwrap_or_default();
            let target = pointer::join(&at, &key);
            if source != target {
                if METHODS.contains(&key.as_str()) {
                    let first = users.entry(source.clone()).or_insert_with(|| target.clone());
                    diagnostics
                        .extend(shared(&mut value, (&path, &key), &source, first, &target, |at| origins.place(at)));
                }
                origins.copy(&source, target);
            }
            item.insert(key, value);
        }
        if let Some(place) = document.pointer_mut(&at) {
            *place = Value::Object(item);
        }
    }
    diagnostics
}

/// An operation that stands elsewhere already gets a name of its own.
fn shared(
    operation: &mut Value,
    (path, method): (&str, &str),
    source: &str,
    first: &str,
    target: &str,
    place: impl Fn(&str) -> crate::diagnostic::Place,
) -> Option<Diagnostic> {
    if first == target {
        return None;
    }
    let id = operation.as_object_mut()?.shift_remove("operationId")?;
    let message = format!(
        "`operationId` {id} is that of an operation which several paths refer to; `{} {path}` is called `{}`",
        method.to_uppercase(),
        derive(path, method)
    );
    let help = "nothing has to be done, unless another name suits better: then spell the operation out in the overlay";
    Some(Diagnostic::warning(Id::OperationId, message, help).at(place(&pointer::join(source, "operationId"))))
}

fn items(document: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.filter_map(|(path, item)| Some((path, item.as_object()?)))
}

/// Where each member of the path item at `at` is written, references followed; `None` where they lead to none.
fn followed(document: &Value, at: &str) -> Option<Vec<(String, String)>> {
    let mut members: Vec<(String, String)> = Vec::new();
    let mut at = at.to_owned();
    for _ in 0..CHAIN {
        let item = document.pointer(&at)?.as_object()?;
        for key in item.keys().filter(|key| *key != "$ref") {
            // What is nearer to the path counts.
            if !members.iter().any(|(known, _)| known == key) {
                members.push((key.clone(), pointer::join(&at, key)));
            }
        }
        match item.get("$ref") {
            Some(reference) => at = pointer::of_reference(reference.as_str()?)?,
            None => return Some(members),
        }
    }
    None
}
