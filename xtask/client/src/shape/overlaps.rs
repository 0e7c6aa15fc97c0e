//! Properties that several parts of an `allOf` have, each with a type of its own.
//!
//! typify drops them, since it knows no value that is of both. The narrower type is of both; where there is none, the
//! property is any JSON, and a warning says so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Shaping;
use super::components::{Schemas, list, reaches, schemas, target};
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};

/// How deep lists are compared, and references followed.
const DEPTH: usize = 8;

impl Shaping<'_> {
    /// Gives each such property one type.
    pub(super) fn narrowed(&mut self, document: &mut Value) {
        let schemas = schemas(document);
        let mut found = Vec::new();
        grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
            if object != Object::Schema || list(schema, "allOf").is_empty() {
                return;
            }
            let mut types = BTreeMap::new();
            gather(&schemas, schema, &mut types, &mut BTreeSet::new());
            let clashing = types.into_iter().filter(|(_, types)| {
                let (first, others) = types.split_first().unwrap_or((&&Value::Null, &[]));
                others.iter().any(|other| clash(&schemas, first, other, DEPTH))
            });
            found.extend(clashing.map(|(name, _)| (at.to_owned(), name.clone())));
        });
        // What stands inside is done before what it stands in.
        found.reverse();
        for (at, name) in found {
            let Some(schema) = document.pointer_mut(&at) else { continue };
            if !narrowed(&schemas, schema, &name) {
                let message = format!("parts of `allOf` give `{name}` several types: it is taken for any JSON");
                self.warn(Id::LeftOut, &at, message, "leave one of them in the overlay, the narrower");
            }
        }
    }
}

/// Adds the types of the properties of all that `schema` is composed of.
fn gather<'a>(
    schemas: &'a Schemas,
    schema: &'a Value,
    types: &mut BTreeMap<&'a String, Vec<&'a Value>>,
    seen: &mut BTreeSet<String>,
) {
    if let Some(name) = target(schema) {
        if seen.insert(name.clone())
            && let Some(schema) = schemas.get(&name)
        {
            gather(schemas, schema, types, seen);
        }
        return;
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        types.entry(name).or_default().push(property);
    }
    for part in list(schema, "allOf") {
        gather(schemas, part, types, seen);
    }
}

/// What a schema refers to, where it is nothing else.
fn followed<'a>(schemas: &'a Schemas, mut schema: &'a Value) -> &'a Value {
    for _ in 0..DEPTH {
        match target(schema).and_then(|name| schemas.get(&name)) {
            Some(next) => schema = next,
            None => break,
        }
    }
    schema
}

fn kind(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

/// Whether typify knows no value that is of both types.
fn clash(schemas: &Schemas, one: &Value, other: &Value, depth: usize) -> bool {
    let (one, other) = (followed(schemas, one), followed(schemas, other));
    let (Some(first), Some(second)) = (kind(one), kind(other)) else { return false };
    match first {
        _ if first != second => true,
        "integer" | "number" => one.get("format") != other.get("format"),
        "array" => match (one.get("items"), other.get("items"), depth.checked_sub(1)) {
            (Some(one), Some(other), Some(depth)) => clash(schemas, one, other, depth),
            _ => false,
        },
        _ => false,
    }
}

/// Takes the types of a property of all that `schema` is composed of, and makes one of them. Returns whether that is one of
/// them, the narrowest; else it is any JSON.
pub(super) fn narrowed(schemas: &Schemas, schema: &mut Value, name: &str) -> bool {
    let mut types = Vec::new();
    take(schemas, schema, name, &mut types, &mut BTreeSet::new());
    let is_all_of = |narrow: &Value, wide: &Value| {
        let name = target(wide);
        narrow == wide
            || name.is_some_and(|name| reaches(schemas, narrow, &name, &["allOf"], &mut BTreeSet::new()))
            || is_narrower(schemas, narrow, wide, DEPTH)
    };
    let narrowest = types.iter().find(|narrow| types.iter().all(|wide| is_all_of(narrow, wide))).cloned();
    let found = narrowest.is_some();
    if let Value::Object(members) = schema {
        let own = json!({"type": "object", "properties": {name: narrowest.unwrap_or_else(|| json!({}))}});
        match members.get_mut("allOf").and_then(Value::as_array_mut) {
            Some(all) => all.push(own),
            None => _ = members.insert("allOf".to_owned(), json!([own])),
        }
    }
    found
}

fn take(schemas: &Schemas, schema: &mut Value, name: &str, types: &mut Vec<Value>, seen: &mut BTreeSet<String>) {
    if let Some(base) = target(schema) {
        let Some(base_schema) = schemas.get(&base).filter(|_| !seen.contains(&base)) else { return };
        let mut own = base_schema.clone();
        let before = types.len();
        seen.insert(base.clone());
        take(schemas, &mut own, name, types, seen);
        seen.remove(&base);
        if types.len() > before {
            *schema = own;
        }
        return;
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        types.extend(properties.shift_remove(name));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            take(schemas, part, name, types, seen);
        }
    }
}

/// Whether each value of one type is of the other, too, as far as types and formats say.
fn is_narrower(schemas: &Schemas, narrow: &Value, wide: &Value, depth: usize) -> bool {
    let (narrow, wide) = (followed(schemas, narrow), followed(schemas, wide));
    let width = |schema: &Value| match schema.get("format").and_then(Value::as_str) {
        Some("int8" | "uint8") => 8,
        Some("int16" | "uint16") => 16,
        Some("int32" | "uint32" | "float") => 32,
        Some("int64" | "uint64" | "double") => 64,
        _ => 128,
    };
    match (kind(narrow), kind(wide)) {
        // What has no type and isn't composed is any JSON.
        (_, None) => {
            ["allOf", "anyOf", "oneOf", "not", "enum"].iter().all(|key| wide.get(key).is_none()) || narrow == wide
        }
        (Some("integer"), Some("number")) => true,
        (Some("integer"), Some("integer")) | (Some("number"), Some("number")) => width(narrow) <= width(wide),
        (Some("array"), Some("array")) => match (narrow.get("items"), wide.get("items"), depth.checked_sub(1)) {
            (Some(narrow), Some(wide), Some(depth)) => is_narrower(schemas, narrow, wide, depth),
            _ => true,
        },
        _ => narrow == wide,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shaping;
    use super::*;

    fn shaped(types: &[Value]) -> (Value, Vec<String>) {
        let parts: Vec<Value> = types.iter().map(|ty| json!({"type": "object", "properties": {"a": ty}})).collect();
        let mut document = json!({"components": {"schemas": {
            "Short": {"type": "integer", "format": "int32"}, "All": {"allOf": parts}
        }}});
        let mut shaping = shaping();
        shaping.narrowed(&mut document);
        let parts = document["components"]["schemas"]["All"]["allOf"].as_array().cloned().unwrap_or_default();
        let left = parts.iter().filter_map(|part| part["properties"].get("a")).cloned().collect();
        (left, shaping.warnings.into_iter().map(|warning| warning.message).collect())
    }

    #[test]
    fn a_property_of_several_types_is_of_the_narrower() {
        let (int, number) = (json!({"type": "integer"}), json!({"type": "number"}));
        let short = json!({"$ref": "#/components/schemas/Short"});
        let list = |items: &Value| json!({"type": "array", "items": items});
        for (types, narrow) in [
            ([number.clone(), int.clone()], int.clone()),
            ([json!({"type": "integer", "format": "int64"}), short.clone()], short.clone()),
            ([list(&int), list(&number)], list(&int)),
            ([json!({"type": "number", "format": "float"}), number], json!({"type": "number", "format": "float"})),
        ] {
            assert_eq!(shaped(&types), (json!([narrow]), vec![]), "{types:?}");
        }
    }

    #[test]
    fn a_property_of_types_that_have_nothing_in_common_is_any_json() {
        let message = "parts of `allOf` give `a` several types: it is taken for any JSON";
        let types = [json!({"type": "string"}), json!({"type": "integer"})];
        assert_eq!(shaped(&types), (json!([{}]), vec![message.to_owned()]));
    }

    #[test]
    fn types_that_go_together_stay() {
        let types = [json!({"type": "string"}), json!({"type": "string", "format": "date"})];
        assert_eq!(shaped(&types), (json!(types), vec![]));
    }
}
