//! A schema of OpenAPI 3.0 or 3.1 as one of JSON Schema 2020-12 that stands by itself.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::sent::Sent;

/// Numbers by the formats that bound them; the validator knows formats of texts alone.
const BOUNDED: [(&str, f64, f64); 6] = [
    ("int8", -128.0, 127.0),
    ("uint8", 0.0, 255.0),
    ("int16", -32_768.0, 32_767.0),
    ("uint16", 0.0, 65_535.0),
    ("int32", -2_147_483_648.0, 2_147_483_647.0),
    ("uint32", 0.0, 4_294_967_295.0),
];

/// Members whose values are data, in which nothing is a schema.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// One schema that holds where all of `schemas` do, with all of `document` that they refer to.
pub(crate) fn standing_alone(document: &Value, schemas: &[&Value], sent: Sent) -> Value {
    let mut whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": schemas.iter().map(|schema| plain(document, schema, sent)).collect::<Value>(),
    });
    let (mut waiting, mut seen) = (schemas.to_vec(), BTreeSet::new());
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(values) => waiting.extend(values),
            Value::Object(members) => {
                waiting.extend(members.iter().filter(|(key, _)| !DATA.contains(&key.as_str())).map(|(_, value)| value));
                let target = members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
                let Some(at) = target.filter(|at| seen.insert((*at).to_owned())) else { continue };
                if let Some(found) = document.pointer(at) {
                    graft(&mut whole, at, plain(document, found, sent));
                    waiting.push(found);
                }
            }
            _ => {}
        }
    }
    whole
}

/// Puts a value at a pointer, with the objects around it that aren't there.
fn graft(whole: &mut Value, at: &str, value: Value) {
    let mut into = whole;
    for token in at.split('/').skip(1) {
        let Value::Object(members) = into else { return };
        into = members.entry(token.replace("~1", "/").replace("~0", "~")).or_insert_with(|| json!({}));
    }
    // It may be inside of what was put there before, which has it then.
    *into = value;
}

/// What 3.0 says in its own way, said as 3.1 does; and nothing required that is hidden in this direction (OpenAPI 3.0.3,
/// "readOnly"; 3.1 leaves it to the API).
fn plain(document: &Value, value: &Value, sent: Sent) -> Value {
    let composed = ["properties", "allOf", "$ref"].iter().any(|key| value.get(*key).is_some());
    let value = &if composed { sent.without_hidden(document, value) } else { value.clone() };
    let members = match value {
        Value::Array(values) => return values.iter().map(|value| plain(document, value, sent)).collect(),
        Value::Object(members) => members,
        value => return value.clone(),
    };
    let inside = |(key, value): (&String, &Value)| {
        let value = if DATA.contains(&key.as_str()) { value.clone() } else { plain(document, value, sent) };
        (key.clone(), value)
    };
    let mut plain: Map<String, Value> = members.iter().map(inside).collect();
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(Value::Bool(flag)) = plain.get(exclusive).cloned() {
            plain.shift_remove(exclusive);
            if flag && let Some(at) = plain.shift_remove(bound) {
                plain.insert(exclusive.to_owned(), at);
            }
        }
    }
    bound_by_format(&mut plain);
    if plain.shift_remove("nullable") == Some(Value::Bool(true)) {
        return nullable(plain);
    }
    Value::Object(plain)
}

fn bound_by_format(schema: &mut Map<String, Value>) {
    let is_number = schema.get("type").is_some_and(|kind| {
        let kinds = kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice);
        kinds.iter().any(|kind| kind == "integer" || kind == "number")
    });
    let format = schema.get("format").and_then(Value::as_str);
    let found = BOUNDED.iter().find(|(name, ..)| format == Some(name)).filter(|_| is_number);
    if let Some((_, least, greatest)) = found {
        for (bound, at) in [("minimum", least), ("maximum", greatest)] {
            schema.entry(bound).or_insert_with(|| json!(at));
        }
    }
}

/// `null` beside what a schema takes. An enumeration beside it has to list it (OpenAPI 3.0.3, proposal of 2019-10-31).
fn nullable(mut schema: Map<String, Value>) -> Value {
    if schema.contains_key("enum") || schema.contains_key("const") {
        return Value::Object(schema);
    }
    match schema.get("type").cloned() {
        Some(Value::String(kind)) if !["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) => {
            schema.insert("type".to_owned(), json!([kind, "null"]));
            Value::Object(schema)
        }
        _ => json!({"anyOf": [{"type": "null"}, schema]}),
    }
}
