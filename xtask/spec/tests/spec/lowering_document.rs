//! The lowering of what isn't a schema, row by row of the table in `lower.md`.

#![allow(clippy::indexing_slicing, reason = "test code, also outside of test functions")]

use crate::Test;
use crate::support::{self as lowering, Lowering};
use serde_json::{Map, Value, json};

/// What became of a document with these members beside those that every document has.
fn lowered(members: Value) -> Result<Lowering, String> {
    let common = json!({"openapi": "3.1.0", "info": {"title": "API", "version": "1"}});
    let document: Map<_, _> =
        [common, members].into_iter().filter_map(|members| members.as_object().cloned()).flatten().collect();
    lowering::of_document(&document.into())
}

/// An operation that needs no more said.
fn operation() -> Value {
    json!({"operationId": "a", "responses": {"204": {"description": "Done"}}})
}

#[test]
fn webhooks_are_dropped_with_a_note() -> Test {
    let lowering = lowered(json!({"webhooks": {"ping": {"post": operation()}}}))?;
    assert_eq!(lowering.document["webhooks"], Value::Null);
    assert_eq!(lowering.warnings, ["dropped /webhooks"]);
    Ok(())
}

#[test]
fn absent_paths_are_none_and_the_version_is_3_0_3() -> Test {
    let lowering = lowered(json!({"components": {}}))?;
    assert_eq!(lowering.document["paths"], json!({}));
    assert_eq!(lowering.document["openapi"], "3.0.3");
    assert_eq!(lowering.warnings, Vec::<String>::new());
    Ok(())
}

#[test]
fn absent_responses_are_a_default_one() -> Test {
    for operation in [json!({"operationId": "a"}), json!({"operationId": "a", "responses": {}})] {
        let lowering = lowered(json!({"paths": {"/a": {"get": operation}}}))?;
        assert_eq!(
            lowering.document["paths"]["/a"]["get"],
            json!({"operationId": "a", "responses": {"default": {"description": ""}}})
        );
    }
    Ok(())
}

#[test]
fn path_items_are_put_where_they_are_referred_to_with_what_stands_beside() -> Test {
    let lowering = lowered(json!({
        "paths": {"/a": {"$ref": "#/components/pathItems/I", "summary": "S"}},
        "components": {"pathItems": {"I": {"get": operation(), "summary": "T", "description": "D"}}}
    }))?;
    assert_eq!(lowering.document["paths"]["/a"], json!({"get": operation(), "summary": "S", "description": "D"}));
    assert_eq!(lowering.document["components"]["pathItems"], Value::Null);
    assert_eq!(lowering.warnings, Vec::<String>::new());
    Ok(())
}

#[test]
fn operations_of_shared_path_items_are_named_after_the_paths_that_they_come_to_stand_under() -> Test {
    let lowering = lowered(json!({
        "paths": {
            "/a": {"$ref": "#/components/pathItems/Nameless"},
            "/b": {"$ref": "#/components/pathItems/Nameless"},
            "/c": {"$ref": "#/paths/~1d"},
            "/d": {"get": {"operationId": "named", "responses": {}}},
            "/e": {"$ref": "#/components/pathItems/Named"},
            "/f": {"$ref": "#/components/pathItems/Named"}
        },
        "components": {"pathItems": {
            "Nameless": {"get": {"responses": {}}},
            "Named": {"get": {"operationId": "shared", "responses": {}}}
        }}
    }))?;
    let paths = &lowering.document["paths"];
    let names: Vec<&Value> =
        ["a", "b", "c", "d", "e", "f"].iter().map(|path| &paths[format!("/{path}")]["get"]["operationId"]).collect();
    assert_eq!(names, ["aGet", "bGet", "cGet", "named", "shared", "fGet"]);
    assert_eq!(
        lowering.warnings,
        ["operation-id /paths/~1d/get/operationId", "operation-id /components/pathItems/Named/get/operationId"]
    );
    Ok(())
}

#[test]
fn a_description_beside_a_reference_takes_the_place_of_the_other() -> Test {
    let limit = json!({"name": "limit", "in": "query", "description": "D", "schema": {"type": "integer"}});
    let mut get = operation();
    get["parameters"] = json!([
        {"$ref": "#/components/parameters/Limit"},
        {"$ref": "#/components/parameters/Skip", "description": "E"}
    ]);
    let mut skip = limit.clone();
    skip["name"] = json!("skip");
    let lowering = lowered(json!({
        "paths": {"/a": {"get": get}},
        "components": {"parameters": {"Limit": limit, "Skip": skip}}
    }))?;
    skip["description"] = json!("E");
    assert_eq!(
        lowering.document["paths"]["/a"]["get"]["parameters"],
        json!([{"$ref": "#/components/parameters/Limit"}, skip])
    );
    assert_eq!(lowering.warnings, Vec::<String>::new());
    Ok(())
}

#[test]
fn the_summary_of_the_api_is_its_description_where_there_is_none() -> Test {
    let info = |info: Value| -> Result<Value, String> {
        Ok(lowered(json!({"info": info, "paths": {}}))?.document["info"].clone())
    };
    assert_eq!(
        info(json!({"title": "API", "version": "1", "summary": "S"}))?,
        json!({"title": "API", "version": "1", "description": "S"})
    );
    assert_eq!(
        info(json!({"title": "API", "version": "1", "summary": "S", "description": "D"}))?,
        json!({"title": "API", "version": "1", "description": "D"})
    );
    assert_eq!(
        info(json!({"title": "API", "version": "1", "license": {"name": "MIT", "identifier": "MIT"}}))?,
        json!({"title": "API", "version": "1", "license": {"name": "MIT"}})
    );
    Ok(())
}

#[test]
fn a_dialect_is_dropped_with_a_note_if_it_is_not_the_standards() -> Test {
    for (dialect, warnings) in [
        ("https://spec.openapis.org/oas/3.1/dialect/base", vec![]),
        ("https://json-schema.org/draft/2020-12/schema", vec![]),
        ("https://json-schema.org/draft-07/schema", vec!["dropped /jsonSchemaDialect"]),
    ] {
        let lowering = lowered(json!({"jsonSchemaDialect": dialect, "paths": {}}))?;
        assert_eq!(lowering.document["jsonSchemaDialect"], Value::Null);
        assert_eq!(lowering.warnings, warnings, "{dialect}");
    }
    Ok(())
}

#[test]
fn mutual_tls_goes_with_its_uses_and_scopes_are_for_oauth_alone() -> Test {
    let mut get = operation();
    get["security"] = json!([{"Tls": [], "Key": ["read"]}, {"Login": ["read"]}]);
    let lowering = lowered(json!({
        "paths": {"/a": {"get": get}},
        "components": {"securitySchemes": {
            "Tls": {"type": "mutualTLS"},
            "Key": {"type": "apiKey", "name": "key", "in": "header"},
            "Login": {"type": "openIdConnect", "openIdConnectUrl": "https://e.org"}
        }}
    }))?;
    assert_eq!(lowering.document["paths"]["/a"]["get"]["security"], json!([{"Key": []}, {"Login": ["read"]}]));
    assert_eq!(
        lowering.document["components"]["securitySchemes"],
        json!({
            "Key": {"type": "apiKey", "name": "key", "in": "header"},
            "Login": {"type": "openIdConnect", "openIdConnectUrl": "https://e.org"}
        })
    );
    assert_eq!(lowering.warnings, ["dropped /paths/~1a/get/security", "dropped /components/securitySchemes/Tls"]);
    Ok(())
}

#[test]
fn an_empty_list_of_values_of_a_server_variable_goes() -> Test {
    let lowering = lowered(json!({
        "servers": [{"url": "https://{a}.{b}", "variables": {
            "a": {"default": "x", "enum": []},
            "b": {"default": "x", "enum": ["x"]}
        }}],
        "paths": {}
    }))?;
    assert_eq!(
        lowering.document["servers"][0]["variables"],
        json!({"a": {"default": "x"}, "b": {"default": "x", "enum": ["x"]}})
    );
    Ok(())
}

#[test]
fn what_3_2_added_is_dropped_with_a_note() -> Test {
    let lowering = lowered(json!({"paths": {"/a": {"get": operation(), "query": operation()}}}))?;
    assert_eq!(lowering.document["paths"]["/a"], json!({"get": operation()}));
    assert_eq!(lowering.warnings, ["dropped /paths/~1a/query"]);
    Ok(())
}

#[test]
fn schemas_are_lowered_wherever_they_stand() -> Test {
    let text = json!({"type": ["string", "null"]});
    let media = json!({"application/json": {"schema": text}});
    let mut post = operation();
    post["parameters"] = json!([
        {"name": "q", "in": "query", "schema": text},
        {"name": "r", "in": "query", "content": media}
    ]);
    post["requestBody"] = json!({"content": media});
    post["responses"]["204"] = json!({"description": "Done", "headers": {"H": {"schema": text}}, "content": media});
    post["callbacks"] = json!({"c": {"{$request.body#/url}": {"put": {
        "operationId": "b", "requestBody": {"content": media}, "responses": {"204": {"description": "Done"}}
    }}}});
    let published = lowered(json!({"paths": {"/a": {"post": post}}}))?;
    let found = published.document.to_string();
    assert_eq!(found.matches(r#"{"schema":{"type":"string","nullable":true}}"#).count(), 5, "{found}");
    assert_eq!(found.matches(r#""nullable":true"#).count(), 6, "{found}");
    Ok(())
}

#[test]
fn references_in_a_circle_are_an_error_that_names_the_place() -> Test {
    let said = lowered(json!({
        "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "components": {"pathItems": {
            "A": {"$ref": "#/components/pathItems/B"},
            "B": {"$ref": "#/components/pathItems/A"}
        }}
    }))
    .expect_err("a circle");
    assert!(said.contains("a reference that ends somewhere in this document is expected"), "{said}");
    Ok(())
}

#[test]
fn schemas_that_refer_to_themselves_have_an_end() -> Test {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let lowering = lowered(json!({"components": {"schemas": {
        "A": {"anyOf": [to("A"), to("B"), to("A"), to("B")]},
        "B": {"anyOf": [to("A"), to("B"), to("A"), to("B")]},
        "S": {"oneOf": [to("A"), {"type": "null"}]}
    }}}))?;
    assert_eq!(lowering.schema("S"), json!({"nullable": true, "allOf": [to("A")]}));
    assert_eq!(lowering.warnings, ["loosened /components/schemas/S/oneOf"]);
    Ok(())
}

#[test]
fn schemas_as_deep_as_a_file_may_be_are_lowered() -> Test {
    let mut schema = json!({"type": ["string", "null"]});
    for _ in 0..55 {
        schema = json!({"items": schema, "not": {"anyOf": [false]}});
    }
    let lowering = lowering::of_schemas("3.1.0", &json!({"S": schema}))?;
    assert!(lowering.document.to_string().contains(r#"{"type":"string","nullable":true}"#));
    Ok(())
}
