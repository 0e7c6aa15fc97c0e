//! Answers get types of their own.
//!
//! typify invents the name of a type that stands in the middle of something else, and the names it invents for the
//! client and for the mocks differ, since the two documents do. A schema that stands in a response becomes a
//! component, so that it has one name in both.

use std::collections::BTreeSet;
use xtask_spec::free;

use serde_json::{Map, Value, json};

use super::Shaping;
use crate::rust_name::pascal;

impl Shaping<'_> {
    /// Moves what needs a name in the responses of an operation into the components.
    pub(super) fn named_answers(&mut self, operation: &mut Map<String, Value>) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        for (status, response) in responses {
            let Some(schema) = response.pointer_mut("/content/application~1json/schema") else { continue };
            let kind = if status.starts_with(['4', '5']) { "Error" } else { "Response" };
            self.named(schema, &format!("{}{kind}", pascal(&id)), status);
        }
    }

    fn named(&mut self, schema: &mut Value, wanted: &str, status: &str) {
        if let Some(items) = schema.get_mut("items") {
            return self.named(items, &format!("{wanted}Item"), status);
        }
        if !needs_name(schema) {
            return;
        }
        // The same schema under several statuses is one type.
        let known = self
            .hoisted
            .iter()
            .find(|(name, known)| name.starts_with(wanted) && *known == schema)
            .map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| {
            let by_status = format!("{wanted}{}", pascal(status));
            let is_taken = |name: &str| self.taken.contains(&pascal(name));
            let numbered = |number| format!("{by_status}_{number}");
            let name =
                if is_taken(wanted) { free::or_numbered(&by_status, numbered, is_taken) } else { wanted.to_owned() };
            self.taken.insert(pascal(&name));
            self.hoisted.insert(name.clone(), schema.clone());
            name
        });
        *schema = json!({"$ref": format!("#/components/schemas/{name}")});
    }
}

/// Whether typify makes a type of a schema that has to be called something.
pub(super) fn needs_name(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    !has("$ref")
        && (["properties", "allOf", "anyOf", "oneOf", "enum", "pattern", "minLength", "maxLength"].into_iter().any(has)
            || schema.get("additionalProperties").is_some_and(needs_name))
}

/// The names of the components, as they are in Rust.
pub(super) fn names(document: &Value) -> BTreeSet<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    schemas.into_iter().flat_map(Map::keys).map(|name| pascal(name)).collect()
}
