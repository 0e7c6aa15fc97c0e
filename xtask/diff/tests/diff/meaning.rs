//! What counts as a difference, and what is another spelling of the same thing.

#![allow(clippy::indexing_slicing, reason = "test code, also outside of test functions")]

use crate::Test;
use crate::support::{lines, of_documents};
use serde_json::{Value, json};

/// A document of this version of OpenAPI that answers with the schema `S` and takes it as well.
fn document(version: &str, schemas: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S"}}});
    json!({
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "OK", "content": content}}
        }}},
        "components": {"schemas": schemas}
    })
}

fn found(old: &Value, new: &Value) -> Result<Vec<String>, String> {
    Ok(lines(&of_documents(&document("3.1.0", old), &document("3.1.0", new))?))
}

#[test]
fn what_3_0_and_3_1_only_spell_in_two_ways_is_no_difference() -> Test {
    let reference = json!({"$ref": "#/components/schemas/A"});
    for (of_3_0, of_3_1) in [
        (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
        (json!({"allOf": [reference], "nullable": true}), json!({"anyOf": [reference, {"type": "null"}]})),
        (json!({"allOf": [reference], "nullable": true}), json!({"oneOf": [{"type": "null"}, reference]})),
        (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 1})),
        (json!({"maximum": 2.0, "exclusiveMaximum": false}), json!({"maximum": 2})),
        (json!({"type": "string", "enum": ["A"]}), json!({"const": "A"})),
        (
            json!({"type": "string", "nullable": true, "enum": ["A", null]}),
            json!({"type": ["string", "null"], "enum": ["A", null]}),
        ),
        (json!({"type": "string", "format": "byte"}), json!({"type": "string", "contentEncoding": "base64"})),
        (
            json!({"type": "string", "format": "binary"}),
            json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        ),
        (json!({"type": "string", "example": "A"}), json!({"type": "string", "examples": ["A"]})),
        (json!({"allOf": [reference]}), reference.clone()),
        (json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}), json!({"type": ["string", "integer"]})),
        (json!({"type": "array", "items": {}}), json!({"type": ["array"]})),
        (json!({"$ref": "#/components/schemas/A", "description": "passed over in 3.0"}), reference.clone()),
    ] {
        let schemas =
            |schema: &Value| json!({"A": {"type": "object"}, "S": {"type": "object", "properties": {"p": schema}}});
        let (old, new) = (document("3.0.3", &schemas(&of_3_0)), document("3.1.0", &schemas(&of_3_1)));
        assert_eq!(lines(&of_documents(&old, &new)?), Vec::<String>::new(), "{of_3_0} {of_3_1}");
        assert_eq!(lines(&of_documents(&new, &old)?), Vec::<String>::new(), "{of_3_1} {of_3_0}");
    }
    Ok(())
}

#[test]
fn what_says_nothing_is_no_difference() -> Test {
    for (a, b) in [
        (json!({"type": "object"}), json!({"type": "object", "additionalProperties": true})),
        (json!({"type": "object"}), json!({"type": "object", "additionalProperties": {}})),
        (json!({"type": "object", "required": []}), json!({"type": "object"})),
        (json!({"type": "string", "minLength": 0}), json!({"type": "string"})),
        (json!({"type": "string", "deprecated": false, "readOnly": false}), json!({"type": "string"})),
        (json!({"type": "array", "uniqueItems": false, "items": true}), json!({"type": "array"})),
        (json!({"type": ["number", "integer"]}), json!({"type": "number"})),
        (json!({"enum": [1, 2]}), json!({"enum": [2, 1.0]})),
        (json!({"properties": {"a": {}, "b": {}}}), json!({"properties": {"b": {}, "a": {}}})),
        (json!({"type": "string", "pattern": ".*"}), json!({"type": "string"})),
        (json!(true), json!({})),
    ] {
        assert_eq!(found(&json!({"S": a}), &json!({"S": b}))?, Vec::<String>::new(), "{a} {b}");
        assert_eq!(found(&json!({"S": b}), &json!({"S": a}))?, Vec::<String>::new(), "{b} {a}");
    }
    Ok(())
}

#[test]
fn where_a_schema_is_written_is_no_difference_on_the_wire() -> Test {
    let member = json!({"type": "string", "maxLength": 9});
    let whole = json!({"type": "object", "properties": {"a": member, "b": {}}, "required": ["a"]});
    let base = json!({"type": "object", "properties": {"a": member}, "required": ["a"]});
    let split = json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"b": {}}}]});
    assert_eq!(
        found(&json!({"S": whole}), &json!({"S": split, "Base": base}))?,
        ["works / works: schema.added (Base)"]
    );
    let moved = json!({"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"b": {}}});
    let both = json!({"allOf": [{"$ref": "#/components/schemas/Base"}]});
    let larger = json!({"type": "object", "properties": {"a": member, "b": {}}, "required": ["a"]});
    assert_eq!(
        found(&json!({"S": moved, "Base": base}), &json!({"S": both, "Base": larger}))?,
        Vec::<String>::new(),
        "a member moved into the base"
    );
    let named = json!({"type": "object", "properties": {"p": {"$ref": "#/components/schemas/P"}}});
    let in_place = json!({"type": "object", "properties": {"p": member}});
    assert_eq!(
        found(&json!({"S": named, "P": member}), &json!({"S": in_place}))?,
        ["works / works: schema.removed (P)"]
    );
    Ok(())
}

#[test]
fn a_schema_that_says_the_same_in_the_same_place_is_renamed() -> Test {
    let holder =
        |name: &str| json!({"type": "object", "properties": {"p": {"$ref": format!("#/components/schemas/{name}")}}});
    let tag = json!({"type": "object", "properties": {"key": {"type": "string"}}});
    assert_eq!(
        found(&json!({"S": holder("Tag"), "Tag": tag}), &json!({"S": holder("Label"), "Label": tag}))?,
        ["works / works: schema.renamed (Label)", "works / works: both property.reference.changed (S, p)",]
    );
    let other = json!({"type": "object", "properties": {"key": {"type": "integer"}}});
    assert_eq!(
        found(&json!({"S": holder("Tag"), "Tag": tag}), &json!({"S": holder("Label"), "Label": other}))?,
        [
            "breaks / breaks: both property.type.changed (Label, key)",
            "works / works: schema.added (Label)",
            "works / works: both property.reference.changed (S, p)",
            "works / works: schema.removed (Tag)",
        ],
        "another content is no renaming"
    );
    Ok(())
}

#[test]
fn a_property_is_renamed_only_if_there_is_no_doubt() -> Test {
    let with = |properties: Value| json!({"S": {"type": "object", "properties": properties}});
    let name = json!({"type": "string", "description": "The name of the room."});
    assert_eq!(
        found(&with(json!({"name": name})), &with(json!({"roomName": name})))?,
        ["may break / may break: both property.renamed (S, roomName)"]
    );
    let plain = json!({"type": "string"});
    let apart =
        ["may break / works: both property.removed (S, name)", "works / may break: both property.added (S, roomName)"];
    assert_eq!(found(&with(json!({"name": plain})), &with(json!({"roomName": plain})))?, apart, "not described");
    assert_eq!(
        found(&with(json!({"name": name})), &with(json!({"roomName": name, "title": name})))?.len(),
        3,
        "two that say the same"
    );
    Ok(())
}

#[test]
fn schemas_that_lead_back_to_themselves_are_compared_once() -> Test {
    let node = |extra: Value| {
        json!({"S": {"type": "object", "properties": {
            "next": {"$ref": "#/components/schemas/S"},
            "others": {"type": "array", "items": {"anyOf": [{"$ref": "#/components/schemas/S"}, {"type": "null"}]}},
            "extra": extra
        }}})
    };
    assert_eq!(
        found(&node(json!({"type": "integer"})), &node(json!({"type": "number"})))?,
        ["breaks / breaks: both property.type.widened (S, extra)"]
    );
    let (direct, mutual) = (
        json!({"S": {"properties": {"s": {"$ref": "#/components/schemas/S"}}}}),
        json!({
            "S": {"properties": {"s": {"$ref": "#/components/schemas/T"}}},
            "T": {"properties": {"s": {"$ref": "#/components/schemas/S"}}}
        }),
    );
    assert_eq!(
        found(&direct, &mutual)?,
        ["works / works: both property.reference.changed (S, s)", "works / works: schema.added (T)"]
    );
    let circle = json!({"S": {"allOf": [{"$ref": "#/components/schemas/S"}], "minLength": 1}});
    assert_eq!(
        found(&circle, &json!({"S": {"minLength": 2}}))?,
        ["breaks / breaks: both schema.minLength.narrowed (S)"]
    );
    Ok(())
}

#[test]
fn a_schema_is_judged_for_each_direction_it_is_used_in() -> Test {
    let with = |request: &str, response: &str, schemas: &Value| {
        let content =
            |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"post": {
                "requestBody": {"content": content(request)},
                "responses": {"200": {"description": "OK", "content": content(response)}}
            }}},
            "components": {"schemas": schemas}
        })
    };
    let schemas = |required: Value| json!({"A": {"properties": {"p": {}}, "required": required}, "B": {}});
    let (old, new) = (schemas(json!([])), schemas(json!(["p"])));
    for (request, response, line) in [
        ("A", "B", "breaks / works: request property.became-required (A, p)"),
        ("B", "A", "works / breaks: response property.became-required (A, p)"),
        ("A", "A", "breaks / breaks: both property.became-required (A, p)"),
        ("B", "B", "works / works: property.became-required (A, p)"),
    ] {
        let report = of_documents(&with(request, response, &old), &with(request, response, &new))?;
        assert_eq!(lines(&report), [line]);
        let operations: &[&str] = if request == "B" && response == "B" { &[] } else { &["POST /a"] };
        assert_eq!(report.changes[0].operations, operations, "{line}");
    }
    Ok(())
}

#[test]
fn alternatives_are_known_by_what_they_say_and_not_by_their_order() -> Test {
    let of = |branches: &[&Value]| json!({"S": {"oneOf": branches}});
    let (a, b) = (json!({"required": ["a"]}), json!({"required": ["b"]}));
    let longer = json!({"required": ["b"], "maxProperties": 3});
    assert_eq!(found(&of(&[&a, &b]), &of(&[&b, &a]))?, Vec::<String>::new());
    assert_eq!(
        found(&of(&[&a, &b]), &of(&[&longer, &a]))?,
        ["breaks / works: both schema.maxProperties.added (S, (oneOf))"]
    );
    assert_eq!(
        found(&of(&[&a, &b]), &of(&[&a, &b, &longer]))?,
        ["breaks / may break: both schema.alternative-added (S)"]
    );
    Ok(())
}

#[test]
fn a_client_passes_over_what_is_new_in_a_closed_object() -> Test {
    let of = |properties: Value, closed: bool| {
        let mut schema = json!({"type": "object", "properties": properties});
        if closed {
            schema["additionalProperties"] = json!(false);
        }
        json!({"S": schema})
    };
    assert_eq!(
        found(&of(json!({}), true), &of(json!({"p": {}}), true))?,
        ["works / may break: both property.added (S, p)"]
    );
    assert_eq!(found(&of(json!({}), true), &of(json!({}), false))?, ["works / works: both schema.became-open (S)"]);
    assert_eq!(found(&of(json!({}), false), &of(json!({}), true))?, ["works / works: both schema.became-closed (S)"]);
    Ok(())
}

#[test]
fn operations_behind_references_to_path_items_are_compared() -> Test {
    let document = |status: &str| {
        json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
            "components": {"pathItems": {"A": {"get": {"responses": {status: {"description": "OK"}}}}}}
        })
    };
    assert_eq!(
        lines(&of_documents(&document("200"), &document("202"))?),
        [
            "breaks / may break: response response.removed (GET /a, response 200)",
            "may break / works: response response.added (GET /a, response 202)",
        ]
    );
    Ok(())
}

#[test]
fn a_security_scheme_breaks_clients_only_by_what_is_sent() -> Test {
    let document = |scheme: Value| {
        json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"security": [{"s": ["x"]}], "responses": {}}}},
            "components": {"securitySchemes": {"s": scheme}}
        })
    };
    let key = |name: &str| document(json!({"type": "apiKey", "in": "header", "name": name}));
    let flow = |scopes: Value| {
        let flow = json!({"authorizationUrl": "https://example.org/", "scopes": scopes});
        document(json!({"type": "oauth2", "flows": {"implicit": flow}}))
    };
    for (old, new, line) in [
        (key("a"), key("b"), "breaks / breaks: security.scheme.changed (securitySchemes/s)"),
        (flow(json!({"x": "X"})), flow(json!({"x": "Y"})), "works / works: security.grant.changed (securitySchemes/s)"),
    ] {
        assert_eq!(lines(&of_documents(&old, &new)?), [line]);
    }
    Ok(())
}
