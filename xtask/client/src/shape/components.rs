//! Components, and what refers to them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub(super) type Schemas = Map<String, Value>;

/// The components.
pub(super) fn schemas(document: &Value) -> Schemas {
    document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The name of the component that a schema refers to.
pub(super) fn target(schema: &Value) -> Option<String> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

pub(super) fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether `goal` is among what `schema` is composed of, by these keywords and by reference.
pub(super) fn reaches(
    schemas: &Schemas,
    schema: &Value,
    goal: &str,
    keys: &[&str],
    seen: &mut BTreeSet<String>,
) -> bool {
    if let Some(name) = target(schema) {
        return name == goal
            || (seen.insert(name.clone())
                && schemas.get(&name).is_some_and(|schema| reaches(schemas, schema, goal, keys, seen)));
    }
    keys.iter().any(|key| list(schema, key).iter().any(|part| reaches(schemas, part, goal, keys, seen)))
}
