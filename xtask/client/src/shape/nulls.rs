//! Values that may be `null`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::unions::followed;
use crate::rust_name::NULLABLE;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// typify makes two types of one name of a component that is nullable. So `null` is said where the component is used:
/// there it becomes an `Option`, which is what one would write by hand.
pub(super) fn where_they_are_used(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut nullable = BTreeSet::new();
    for (name, schema) in schemas.iter_mut() {
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            if let Value::Object(schema) = schema {
                schema.shift_remove("nullable");
                if let Some(Value::Array(values)) = schema.get_mut("enum") {
                    values.retain(|value| !value.is_null());
                }
            }
            nullable.insert(format!("#/components/schemas/{}", pointer::escape(name)));
        }
    }
    let mut uses = Vec::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
        let refers = schema.get("$ref").and_then(Value::as_str).is_some_and(|target| nullable.contains(target));
        // What is combined with others is null only if all of them are, which the combination says by itself.
        let combined = at.rsplit('/').nth(1) == Some("allOf");
        // Nothing in a URL is null.
        let of_parameter = at.starts_with("/paths/") && at.split('/').nth(4) == Some("parameters");
        if object == Object::Schema && refers && !combined && !of_parameter {
            uses.push(at.to_owned());
        }
    });
    for at in uses {
        if let Some(schema) = document.pointer_mut(&at) {
            *schema = json!({"allOf": [schema.take()], "nullable": true});
        }
    }
}

/// Marks the properties that may be `null`: where one is optional, polish tells `null` from absent.
pub(super) fn marked(document: &mut Value) {
    let mut found = Vec::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
        let properties = schema.get("properties").and_then(Value::as_object).filter(|_| object == Object::Schema);
        for (name, _) in properties.into_iter().flatten() {
            let at = pointer::join(&pointer::join(at, "properties"), name);
            if may_be_null(document, &at, DEPTH) {
                found.push(at);
            }
        }
    });
    for at in found {
        let Some(Value::Object(property)) = document.pointer_mut(&at) else { continue };
        if property.contains_key("$ref") {
            *property = Map::from_iter([("allOf".to_owned(), json!([std::mem::take(property)]))]);
        }
        let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let marked = format!("{}{NULLABLE}", text.trim_end());
        property.insert("description".to_owned(), marked.into());
    }
}

/// How many unions in unions are looked into.
const DEPTH: usize = 8;

fn may_be_null(document: &Value, at: &str, depth: usize) -> bool {
    let says_so = |schema: Option<&Value>| schema.and_then(|schema| schema.get("nullable")) == Some(&Value::Bool(true));
    let (Some((target, schema)), Some(depth)) = (followed(document, at), depth.checked_sub(1)) else { return false };
    let is_null = |values: &Value| values.as_array().is_some_and(|values| values.contains(&Value::Null));
    says_so(document.pointer(at))
        || schema.get("nullable") == Some(&Value::Bool(true))
        || schema.get("enum").is_some_and(is_null)
        || !says_anything(schema)
        || ["oneOf", "anyOf"].into_iter().any(|key| {
            let members = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            let at = pointer::join(&target, key);
            (0..members).any(|index| may_be_null(document, &pointer::join(&at, &index.to_string()), depth))
        })
}

/// Whether a schema says what its values are; else they may be anything.
fn says_anything(schema: &Map<String, Value>) -> bool {
    ["type", "enum", "properties", "required", "items", "additionalProperties", "allOf", "anyOf", "oneOf"]
        .into_iter()
        .any(|key| schema.contains_key(key))
}
