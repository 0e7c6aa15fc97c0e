//! Properties that differ in the API and meet in Rust, as fields of one struct.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::names::{numbered, rename_key};
use crate::rust_name::{snake, unmarked};
use xtask_spec::diagnostic::{Diagnostic, Id, Place};
use xtask_spec::grammar::{self, Object};
use xtask_spec::limits::PARTS;
use xtask_spec::pointer;

/// So many rounds of renaming are tried: one is enough unless structs share their parts.
const ROUNDS: usize = 8;

/// Renames properties that become fields of one struct: those of a schema, and of all that it is composed of. On the wire
/// nothing changes.
pub(super) fn apart_in_structs(document: &mut Value, place: &dyn Fn(&str) -> Place) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for _ in 0..ROUNDS {
        let before = warnings.len();
        round(document, place, &mut warnings);
        if warnings.len() == before {
            break;
        }
    }
    warnings
}

/// What one struct renames may stand in another one as well, which has it by its old name until the next round.
fn round(document: &mut Value, place: &dyn Fn(&str) -> Place, warnings: &mut Vec<Diagnostic>) {
    let mut structs = Vec::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
        if object == Object::Schema && ["properties", "required", "allOf"].iter().any(|key| schema.get(*key).is_some())
        {
            let mut parts = BTreeSet::new();
            gather(document, at, &mut parts);
            structs.push(parts);
        }
    });
    for parts in structs {
        let schemas = || parts.iter().filter_map(|at| document.pointer(at)).filter_map(Value::as_object);
        // What typify calls the map of further members.
        let extra = schemas().any(|schema| schema.get("additionalProperties").is_some_and(Value::is_object));
        let reserved: &[&str] = if extra { &["extra"] } else { &[] };
        let names: BTreeSet<&str> = schemas().flat_map(names_of).collect();
        let known = names.iter().filter_map(|name| Some((unmarked(name)?.to_owned(), (*name).to_owned())));
        let mut renamed: BTreeMap<String, String> = known.filter(|(name, _)| names.contains(&**name)).collect();
        let left = names.iter().copied().filter(|name| !renamed.contains_key(*name));
        renamed.extend(numbered(left, reserved, |name| [snake(name), snake(name)]));
        for at in parts {
            if let Some(Value::Object(schema)) = document.pointer_mut(&at) {
                rename_properties(&at, schema, &renamed, place, warnings);
            }
        }
    }
}

/// Adds the places of what the schema at `at` is composed of, itself included, as far as [`PARTS`] goes.
fn gather(document: &Value, at: &str, parts: &mut BTreeSet<String>) {
    let Some(Value::Object(schema)) = document.pointer(at) else { return };
    if parts.len() >= PARTS || !parts.insert(at.to_owned()) {
        return;
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference) {
        gather(document, &target, parts);
    }
    // Beside other members, each alternative becomes a struct with those.
    let composed = schema.contains_key("allOf") || schema.contains_key("properties");
    let keys: &[&str] = if composed { &["allOf", "oneOf", "anyOf"] } else { &[] };
    for key in keys {
        let count = schema.get(*key).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).for_each(|index| gather(document, &format!("{at}/{key}/{index}"), parts));
    }
}

/// The names of the fields of a schema's struct: what is required has one, declared or not.
fn names_of(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let declared = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    declared.map(String::as_str).chain(required)
}

fn rename_properties(
    at: &str,
    schema: &mut Map<String, Value>,
    renamed: &BTreeMap<String, String>,
    place: &dyn Fn(&str) -> Place,
    warnings: &mut Vec<Diagnostic>,
) {
    for (name, marked) in renamed {
        let declared = schema.get("properties").is_some_and(|properties| properties.get(name).is_some());
        let required = schema.get("required").and_then(Value::as_array);
        let index = required.and_then(|required| required.iter().position(|required| required == name));
        let at = match index {
            _ if declared => format!("{at}/properties/{}", pointer::escape(name)),
            Some(index) => format!("{at}/required/{index}"),
            None => continue,
        };
        let message = format!("property `{name}` is the field `{}` in Rust: `{}` is taken", snake(marked), snake(name));
        let help = "nothing has to be done; on the wire its name is the same";
        warnings.push(Diagnostic::warning(Id::Renamed, message, help).at(place(&at)));
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            rename_key(properties, name, marked);
        }
    }
    for required in schema.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(marked) = required.as_str().and_then(|name| renamed.get(name)) {
            *required = marked.as_str().into();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_meets_in_parts_of_one_schema_or_with_further_members_gets_a_number() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut document = json!({"components": {"schemas": {
            "Made": {"properties": {"created_at": {}}, "required": ["by"]},
            "Kept": {"properties": {"created_at": {}}},
            "Both": {"allOf": [reference("Made"), {"properties": {"createdAt": {}, "By": {}}}]},
            "Open": {"properties": {"extra": {}}, "additionalProperties": {}},
            "Plain": {"properties": {"extra": {}}}
        }}});
        let place = |pointer: &str| Place { file: "a.json".into(), position: None, pointer: pointer.into() };
        let warnings = apart_in_structs(&mut document, &place);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Made": {"properties": {"created_at\u{1}2": {}}, "required": ["by\u{1}2"]},
                "Kept": {"properties": {"created_at": {}}},
                "Both": {"allOf": [reference("Made"), {"properties": {"createdAt": {}, "By": {}}}]},
                "Open": {"properties": {"extra\u{1}2": {}}, "additionalProperties": {}},
                "Plain": {"properties": {"extra": {}}}
            })
        );
        let said = warnings.iter().map(|warning| {
            let place = warning.place.as_ref().map(|place| place.pointer.clone()).unwrap_or_default();
            (warning.message.as_str(), place)
        });
        assert_eq!(
            said.collect::<Vec<_>>(),
            [
                (
                    "property `by` is the field `by_2` in Rust: `by` is taken",
                    "/components/schemas/Made/required/0".to_owned()
                ),
                (
                    "property `created_at` is the field `created_at_2` in Rust: `created_at` is taken",
                    "/components/schemas/Made/properties/created_at".to_owned()
                ),
                (
                    "property `extra` is the field `extra_2` in Rust: `extra` is taken",
                    "/components/schemas/Open/properties/extra".to_owned()
                )
            ]
        );
    }
}
