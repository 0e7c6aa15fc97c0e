//! What a type doesn't keep: said by a warning at the schema, so that nothing is lost in silence.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Shaping;
use super::unions::followed;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

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
