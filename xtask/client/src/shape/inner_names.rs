//! Schemas inside others that the generator would call the same.
//!
//! typify invents the name of what stands inside a schema from the names around it: `Foo` with a property `barBaz`, and
//! `FooBar` with a property `baz`, both have a `FooBarBaz` inside. Of two such schemas it takes one for both, and one
//! that is called like a component it declares beside it. So the names are foreseen, and of those that meet, all but
//! the first are given a title, which typify prefers.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::hoist::needs_name;
use crate::rust_name::{pascal, snake};
use xtask_spec::free;
use xtask_spec::grammar;

/// Gives titles to schemas whose names would meet others.
pub(super) fn apart(document: &mut Value) {
    let mut names = Names::default();
    for name in document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        // No schema that stands inside another can be this one.
        names.0.insert(pascal(name), Value::Null);
    }
    for (name, schema) in members(document.pointer_mut("/components/schemas")) {
        let name = pascal(name);
        names.inside(schema, &name);
    }
    for operation in grammar::operations_mut(document) {
        names.operation(operation.value);
    }
}

fn members(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

/// The names that are taken, each with the schema that has it.
#[derive(Default)]
struct Names(BTreeMap<String, Value>);

impl Names {
    fn operation(&mut self, operation: &mut Value) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let name = pascal(&format!("{id}-{name}"));
            if let Some(schema) = parameter.get_mut("schema") {
                self.schema(schema, name);
            }
        }
        for (_, media_type) in members(operation.pointer_mut("/requestBody/content")) {
            if let Some(schema) = media_type.get_mut("schema") {
                self.schema(schema, pascal(&format!("{id}-body")));
            }
        }
    }

    /// A schema that typify would call `name`.
    fn schema(&mut self, schema: &mut Value, name: String) {
        if schema.get("$ref").is_some() {
            return;
        }
        if needs_name(schema) && schema.get("type").is_none_or(|kind| kind != "array") {
            match self.0.get(&name) {
                None => _ = self.0.insert(name.clone(), schema.clone()),
                // Two that are the same may well be one.
                Some(other) if other == schema => return,
                Some(_) => {
                    let candidate = |number| pascal(&format!("{name}{number}"));
                    let free = free::numbered(candidate, |name| self.0.contains_key(name));
                    self.0.insert(free.clone(), schema.clone());
                    if let Value::Object(schema) = schema {
                        schema.insert("title".to_owned(), free.clone().into());
                    }
                    return self.inside(schema, &free);
                }
            }
        }
        self.inside(schema, &name);
    }

    /// What stands inside a schema that is called `name`.
    fn inside(&mut self, schema: &mut Value, name: &str) {
        for (property, schema) in members(schema.get_mut("properties")) {
            self.schema(schema, pascal(&format!("{name}_{}", snake(property))));
        }
        if let Some(items) = schema.get_mut("items") {
            self.schema(items, pascal(&format!("{name}Item")));
        }
        let is_map = schema.get("properties").is_none();
        if let Some(values) = schema.get_mut("additionalProperties").filter(|values| values.is_object()) {
            self.schema(values, pascal(&format!("{name}{}", if is_map { "Value" } else { "_extra" })));
        }
        // The members of an `allOf` become one type.
        for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
            if part.get("$ref").is_none() {
                self.inside(part, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(property: &str, schema: &Value) -> Value {
        json!({"type": "object", "properties": {property: schema}})
    }

    fn with_title(mut schema: Value, title: &str) -> Value {
        schema["title"] = title.into();
        schema
    }

    #[test]
    fn schemas_whose_names_would_meet_get_a_title() {
        let leaf = |name: &str| object(name, &json!({"type": "integer"}));
        let choice = |value: &str| json!({"type": "string", "enum": [value]});
        let parameter = |id: &str, name: &str, value: &str| json!({"get": {"operationId": id, "parameters": [{"name": name, "schema": choice(value)}]}});
        let mut document = json!({
            "components": {"schemas": {
                "Foo": object("barBaz", &leaf("x")),
                "FooBar": object("baz", &leaf("y")),
                "List": json!({"type": "array", "items": leaf("a")}),
                "ListItem": leaf("b"),
                "Map": json!({"type": "object", "additionalProperties": object("deep", &leaf("a"))}),
                "MapValue": object("deep", &leaf("b"))
            }},
            "paths": {"/a": parameter("getFoo", "barBaz", "a"), "/b": parameter("getFooBar", "baz", "b")}
        });
        apart(&mut document);
        assert_eq!(
            document,
            json!({
                "components": {"schemas": {
                    "Foo": object("barBaz", &leaf("x")),
                    "FooBar": object("baz", &with_title(leaf("y"), "FooBarBaz2")),
                    "List": json!({"type": "array", "items": with_title(leaf("a"), "ListItem2")}),
                    "ListItem": leaf("b"),
                    "Map": json!({
                        "type": "object",
                        "additionalProperties": with_title(object("deep", &leaf("a")), "MapValue2")
                    }),
                    "MapValue": object("deep", &leaf("b"))
                }},
                "paths": {
                    "/a": parameter("getFoo", "barBaz", "a"),
                    "/b": {"get": {"operationId": "getFooBar", "parameters": [
                        {"name": "baz", "schema": with_title(choice("b"), "GetFooBarBaz2")}
                    ]}}
                }
            })
        );
    }

    #[test]
    fn schemas_that_are_the_same_may_be_one_type() {
        let leaf = object("x", &json!({"type": "integer"}));
        let published =
            json!({"components": {"schemas": {"Foo": object("barBaz", &leaf), "FooBar": object("baz", &leaf)}}});
        let mut document = published.clone();
        apart(&mut document);
        assert_eq!(document, published);
    }
}
