//! What is `readOnly` isn't in a request and what is `writeOnly` not in a response, required or not (OpenAPI 3.0.3, Schema
//! Object): one type serves both, so that it requires neither.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::components::{Schemas, list, schemas, target};
use super::unions::followed;
use xtask_spec::grammar::{self, Object};
use xtask_spec::limits::PARTS;
use xtask_spec::pointer;

/// Takes what is of one side out of what is required.
pub(super) fn required_by_none(document: &mut Value) {
    // A schema by itself first: what refers to it needs no other one then.
    for composed in [false, true] {
        let schemas = schemas(document);
        let mut found = Vec::new();
        grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
            let refers = schema.get("$ref").is_some();
            if object == Object::Schema && !refers && schema.get("allOf").is_some() == composed {
                let mut names = BTreeSet::new();
                of_one_side(document, at, &mut { PARTS }, &mut names);
                found.extend((!names.is_empty()).then(|| (at.to_owned(), names)));
            }
        });
        for (at, names) in found {
            if let Some(schema) = document.pointer_mut(&at) {
                require_none(&schemas, schema, &names, &mut { PARTS });
            }
        }
    }
}

/// Adds the properties of one side of the schema at `at` and of all that it is composed of, of as many parts as are `left`.
fn of_one_side(document: &Value, at: &str, left: &mut usize, names: &mut BTreeSet<String>) {
    let (Some((at, schema)), Some(rest)) = (followed(document, at), left.checked_sub(1)) else { return };
    *left = rest;
    let is_flagged = |schema: &Map<String, Value>| {
        ["readOnly", "writeOnly"].iter().any(|key| schema.get(*key) == Some(&true.into()))
    };
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let referred = followed(document, &pointer::join(&pointer::join(&at, "properties"), name));
        if property.as_object().is_some_and(is_flagged) || referred.is_some_and(|(_, schema)| is_flagged(schema)) {
            names.insert(name.clone());
        }
    }
    let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    (0..parts).for_each(|index| of_one_side(document, &format!("{at}/allOf/{index}"), left, names));
}

/// Takes `names` out of what a schema and as many parts as are `left` require. Returns whether one did; a part that is a
/// component which does is a copy of it then.
fn require_none(schemas: &Schemas, schema: &mut Value, names: &BTreeSet<String>, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else { return false };
    *left = rest;
    if let Some(component) = target(schema).and_then(|name| schemas.get(&name)) {
        let mut copy = component.clone();
        let required = require_none(schemas, &mut copy, names, left);
        if required {
            *schema = copy;
        }
        return required;
    }
    let before = list(schema, "required").len();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| names.contains(name)));
    }
    let mut required = list(schema, "required").len() < before;
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        required |= require_none(schemas, part, names, left);
    }
    required
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_one_part_says_is_of_one_side_no_part_requires() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let stored = json!({"properties": {"id": {"readOnly": true}, "name": {}}, "required": ["id", "name"]});
        let required = json!({"type": "object", "required": ["id", "key", "name"]});
        let mut document = json!({"components": {"schemas": {
            "Stored": stored,
            "Required": required,
            "Key": {"type": "string", "writeOnly": true},
            "Kept": {"allOf": [reference("Stored"), {"required": ["name"]}]},
            "Both": {"allOf": [reference("Stored"), reference("Required"), {"properties": {"key": reference("Key")}}]}
        }}});
        required_by_none(&mut document);
        let stored = json!({"properties": {"id": {"readOnly": true}, "name": {}}, "required": ["name"]});
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Stored": stored,
                "Required": required,
                "Key": {"type": "string", "writeOnly": true},
                "Kept": {"allOf": [reference("Stored"), {"required": ["name"]}]},
                "Both": {"allOf": [
                    reference("Stored"),
                    {"type": "object", "required": ["name"]},
                    {"properties": {"key": reference("Key")}}
                ]}
            })
        );
    }

    #[test]
    fn components_that_name_each_other_many_times_over_are_looked_at_in_part() {
        let part = |level: usize| json!({"$ref": format!("#/components/schemas/L{level}")});
        let composed = |level: usize| json!({"allOf": vec![part(level + 1); 10]});
        let mut schemas: Map<String, Value> = (0..20).map(|level| (format!("L{level}"), composed(level))).collect();
        schemas.insert("L20".to_owned(), json!({"properties": {"id": {"readOnly": true}}, "required": ["id"]}));
        let mut document = json!({"components": {"schemas": schemas}});
        required_by_none(&mut document);
        assert_eq!(document["components"]["schemas"]["L20"]["required"], json!([]));
    }
}
