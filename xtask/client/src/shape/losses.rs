//! What a type doesn't keep: said by a warning at the schema, so that nothing is lost in silence.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Shaping;
use super::unions::followed;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

impl Shaping<'_> {
    /// An optional `null` isn't sent: in Rust it is what isn't set. A response can be read so; a request may mean something
    /// else by it. (An optional list or map that is empty isn't sent either, which has no warning yet.)
    pub(super) fn unsent(&mut self, document: &Value) {
        let mut sent = BTreeSet::new();
        for operation in grammar::operations(document) {
            let at = pointer::join(&operation.pointer(), "requestBody");
            if let Some(body) = document.pointer(&at) {
                reached(document, &at, body, &mut sent);
            }
        }
        for at in sent {
            let Some(Value::Object(schema)) = document.pointer(&at) else { continue };
            let names: Vec<String> = unsent(document, &at, schema).map(|name| format!("`{name}`")).collect();
            if !names.is_empty() {
                let message =
                    format!("a `null` in {} isn't sent: it is left out, as if it weren't set", names.join(", "));
                let help = "where the API tells the two apart, make the property `required` in the overlay";
                self.warn(Id::Lossy, &at, message, help);
            }
        }
    }
}

impl Shaping<'_> {
    /// A property that several parts of an `allOf` have, each with a type of its own, is dropped by typify, since no value
    /// is all of these to it.
    pub(super) fn said_twice(&mut self, document: &Value) {
        let mut found = Vec::new();
        grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
            let parts = schema.get("allOf").and_then(Value::as_array).filter(|_| object == Object::Schema);
            let parts = parts.map_or(0, Vec::len);
            let of_parts = (0..parts).map(|index| pointer::join(&pointer::join(at, "allOf"), &index.to_string()));
            let mut seen: BTreeMap<String, String> = BTreeMap::new();
            for part in std::iter::once(at.to_owned()).chain(of_parts).filter(|_| parts > 0) {
                let Some((part, schema)) = followed(document, &part) else { continue };
                for (name, _) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    let property = pointer::join(&pointer::join(&part, "properties"), name);
                    match seen.get(name) {
                        Some(other) if clashing(document, other, &property, DEPTH) => {
                            found.push((at.to_owned(), name.clone()))
                        }
                        Some(_) => {}
                        None => {
                            seen.insert(name.clone(), property);
                        }
                    }
                }
            }
        });
        for (at, name) in found {
            let message = format!(
                "parts of `allOf` give `{name}` several types: it is lost, and can't be read where it is required"
            );
            self.warn(Id::Lossy, &at, message, "leave one of them in the overlay, the narrower");
        }
    }
}

/// How deep lists are compared.
const DEPTH: usize = 8;

/// Whether typify knows no value that is of both types.
fn clashing(document: &Value, one: &str, other: &str, depth: usize) -> bool {
    let (Some((one, first)), Some((other, second))) = (followed(document, one), followed(document, other)) else {
        return false;
    };
    let (Some(kind), Some(other_kind)) = (first.get("type"), second.get("type")) else { return false };
    match kind.as_str() {
        _ if kind != other_kind => true,
        Some("integer" | "number") => first.get("format") != second.get("format"),
        Some("array") => depth.checked_sub(1).is_some_and(|depth| {
            clashing(document, &pointer::join(&one, "items"), &pointer::join(&other, "items"), depth)
        }),
        _ => false,
    }
}

/// The optional properties that may be `null`.
fn unsent<'a>(document: &'a Value, at: &'a str, schema: &'a Map<String, Value>) -> impl Iterator<Item = &'a String> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = move |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let optional = properties.filter(move |(name, property)| !is_required(name) && property.get("readOnly").is_none());
    let unsent = optional.filter(move |(name, property)| {
        let at = pointer::join(&pointer::join(at, "properties"), name);
        let is_nullable = |schema: Option<&Value>| schema.is_some_and(|nullable| *nullable == true);
        is_nullable(property.get("nullable"))
            || followed(document, &at).is_some_and(|(_, schema)| is_nullable(schema.get("nullable")))
    });
    unsent.map(|(name, _)| name)
}

/// Adds the places of all objects below `value`, references followed.
fn reached(document: &Value, at: &str, value: &Value, places: &mut BTreeSet<String>) {
    let mut todo = vec![(at.to_owned(), value)];
    let mut seen = BTreeSet::new();
    while let Some((at, value)) = todo.pop() {
        match value {
            Value::Array(values) => {
                todo.extend(
                    values.iter().enumerate().map(|(index, value)| (pointer::join(&at, &index.to_string()), value)),
                );
            }
            Value::Object(members) => {
                if members.get("properties").is_some_and(Value::is_object) {
                    places.insert(at.clone());
                }
                todo.extend(members.iter().map(|(key, value)| (pointer::join(&at, key), value)));
                let target = members.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
                if let Some(target) = target.filter(|target| seen.insert(target.clone()))
                    && let Some(value) = document.pointer(&target)
                {
                    todo.push((target, value));
                }
            }
            _ => {}
        }
    }
}
