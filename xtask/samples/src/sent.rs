//! Who sends a value.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Parts of a schema, and their parts, that are looked at: a few that name each other several times multiply to more than can be
/// counted.
const PARTS: usize = 256;

/// Who sends the values: a request has nothing that is `readOnly`, a response nothing that is `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// From the client to the pod.
    Request,
    /// From the pod to the client.
    Response,
}

impl Sent {
    fn hidden(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }

    /// Whether no value has this property: it says so, or what it is composed of does.
    pub(crate) fn hides(self, document: &Value, property: &Value) -> bool {
        parts(document, property).iter().any(|part| part.get(self.hidden()) == Some(&Value::Bool(true)))
    }

    /// A schema whose parts require nothing that is hidden in one of them.
    pub(crate) fn without_hidden(self, document: &Value, schema: &Value) -> Value {
        let parts = parts(document, schema).into_iter().filter_map(|part| part.get("properties")?.as_object());
        let hidden = parts.flatten().filter(|(_, property)| self.hides(document, property));
        let hidden: BTreeSet<&str> = hidden.map(|(name, _)| name.as_str()).collect();
        if hidden.is_empty() { schema.clone() } else { without_required(document, schema, &hidden, &mut { PARTS }) }
    }
}

/// A schema and all that it is composed of, as far as [`PARTS`] goes.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let (mut parts, mut waiting) = (Vec::new(), vec![schema]);
    while let (Some(part), true) = (waiting.pop(), parts.len() < PARTS) {
        parts.push(part);
        waiting.extend(referred(document, part));
        waiting.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    parts
}

fn referred<'a>(document: &'a Value, schema: &Value) -> Option<&'a Value> {
    document.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn without_required(document: &Value, schema: &Value, names: &BTreeSet<&str>, more: &mut usize) -> Value {
    let (Value::Object(members), Some(rest)) = (schema, more.checked_sub(1)) else { return schema.clone() };
    *more = rest;
    let mut left: Map<String, Value> = members.clone();
    if let Some(Value::Array(required)) = left.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| names.contains(name)));
    }
    for part in left.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        *part = without_required(document, part, names, more);
    }
    if let Some(referred) = referred(document, schema) {
        let stripped = without_required(document, referred, names, more);
        if stripped != *referred {
            left.shift_remove("$ref");
            left = json!({"allOf": [left, stripped]}).as_object().cloned().unwrap_or_default();
        }
    }
    Value::Object(left)
}
