//! Names that the generator invents, and that meet others.

use crate::Test;
use crate::support::{Made, made};
use serde_json::{Value, json};

fn generated(paths: &Value, schemas: &Value) -> Test<Made> {
    made(&json!({
        "openapi": "3.1.1",
        "info": {"title": "Names", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas}
    }))
}

fn declarations(client: &str, name: &str) -> usize {
    let declared = ["struct", "enum"]
        .iter()
        .flat_map(|keyword| [' ', '('].map(|after| format!("\n    pub {keyword} {name}{after}")));
    declared.map(|declaration| client.matches(&declaration).count()).sum()
}

#[test]
fn what_is_inside_a_schema_gives_way_to_a_component_of_the_same_name() -> Test {
    let object = |name: &str| json!({"type": "object", "properties": {name: {"type": "integer"}}});
    let schemas = json!({
        "Foo": {"type": "object", "properties": {"bar": object("x"), "both": {"$ref": "#/components/schemas/FooBar"}}},
        "FooBar": object("y"),
        "FooBar2": object("z")
    });
    let Made { client, .. } = generated(&json!({}), &schemas)?;
    for name in ["Foo", "FooBar", "FooBar2", "FooBar3"] {
        assert_eq!(declarations(&client, name), 1, "{name}");
    }
    for field in ["pub bar: Option<FooBar3>,", "pub both: Option<FooBar>,"] {
        assert!(client.contains(field), "{field}");
    }
    Ok(())
}

#[test]
fn what_is_inside_two_schemas_and_would_be_called_the_same_is_not_one_type() -> Test {
    let outer = |name: &str, inside: &str| {
        let inner = json!({"type": "object", "properties": {inside: {"type": "integer"}}});
        json!({"type": "object", "properties": {name: inner}})
    };
    let schemas = json!({"Foo": outer("barBaz", "x"), "FooBar": outer("baz", "y")});
    let Made { client, .. } = generated(&json!({}), &schemas)?;
    for field in ["pub bar_baz: Option<FooBarBaz>,", "pub baz: Option<FooBarBaz2>,"] {
        assert!(client.contains(field), "{field}");
    }
    Ok(())
}

#[test]
fn parameters_whose_types_would_be_called_the_same_have_types_of_their_own() -> Test {
    let operation = |id: &str, parameter: &str, value: &str| {
        json!({"get": {
            "operationId": id,
            "parameters": [{"name": parameter, "in": "query", "schema": {"type": "string", "enum": ["a", value]}}],
            "responses": {"204": {"description": "Done."}}
        }})
    };
    let paths = json!({"/a": operation("getFoo", "barBaz", "b"), "/b": operation("getFooBar", "baz", "c")});
    let Made { client, .. } = generated(&paths, &json!({}))?;
    for name in ["GetFooBarBaz", "GetFooBarBaz2"] {
        assert_eq!(declarations(&client, name), 1, "{name}");
    }
    Ok(())
}

#[test]
fn a_component_gives_way_to_a_name_that_was_not_foreseen() -> Test {
    let object = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {"type": "integer"}}});
    let mixed = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}, "additionalProperties": object("x")});
    let schemas = json!({
        "Foo": {"anyOf": [mixed, object("b")]},
        "FooVariant0ExtraValue": object("y"),
        "User": {"type": "object", "properties": {"foo": {"$ref": "#/components/schemas/FooVariant0ExtraValue"}}}
    });
    let Made { client, warnings } = generated(&json!({}), &schemas)?;
    assert!(
        warnings.contains(
            "warning[renamed]: schema `FooVariant0ExtraValue` is called `FooVariant0ExtraValue2` in Rust: \
             `FooVariant0ExtraValue` is what the generator calls something inside another schema"
        ),
        "{}",
        warnings
    );
    for name in ["FooVariant0ExtraValue", "FooVariant0ExtraValue2"] {
        assert_eq!(declarations(&client, name), 1, "{name}");
    }
    assert!(client.contains("pub foo: Option<FooVariant0ExtraValue2>,"), "references follow");
    Ok(())
}
