//! Rules about what a schema says.

use serde_json::{Value, json};

use super::documents::{answer, body, header, holding, parameter, requiring};

/// A document with this schema in some place.
type Place = fn(&Value) -> Value;

/// Where a rule about schemas has its schema, by how its id begins.
pub(super) fn contexts() -> Vec<(&'static str, Place)> {
    vec![
        ("request-body", |schema| body(schema)),
        ("request-property", |schema| body(&requiring(schema))),
        ("request-read-only-property", |schema| {
            let mut schema = schema.clone();
            schema["readOnly"] = json!(true);
            body(&holding(&schema))
        }),
        ("request-parameter", |schema| parameter(&json!({"schema": schema}))),
        ("request-parameter-property", |schema| parameter(&json!({"schema": requiring(schema)}))),
        ("request-header-property", |schema| parameter(&json!({"in": "header", "schema": requiring(schema)}))),
        ("response-body", |schema| answer(json!({"application/json": {"schema": schema}}))),
        ("response-mediatype", |schema| answer(json!({"application/json": {"schema": schema}}))),
        ("response-property", |schema| answer(json!({"application/json": {"schema": requiring(schema)}}))),
        ("response-write-only-property", |schema| {
            let mut schema = schema.clone();
            schema["writeOnly"] = json!(true);
            answer(json!({"application/json": {"schema": holding(&schema)}}))
        }),
        ("response-header", |schema| header(json!({"required": true, "schema": schema}))),
    ]
}

/// Changes of schemas by how the ids of their rules end, old and new.
pub(super) fn schemas() -> Vec<(&'static str, Value, Value)> {
    let text = |key: &str, value: Value| json!({"type": "string", key: value});
    let number = |key: &str, value: i64| json!({"type": "number", key: value});
    let list = |key: &str, value: Value| json!({"type": "array", "items": {"type": "string"}, key: value});
    let object = |key: &str, value: Value| json!({"type": "object", key: value});
    let (string, any_number) = (json!({"type": "string"}), json!({"type": "number"}));
    let (array, plain) = (json!({"type": "array", "items": {"type": "string"}}), json!({"type": "object"}));
    let branches = |key: &str, extra: bool| {
        let mut branches =
            vec![json!({"type": "object", "required": ["a"]}), json!({"type": "object", "required": ["b"]})];
        branches.extend(extra.then(|| json!({"type": "object", "required": ["c"]})));
        json!({key: branches})
    };
    let conditional = |keys: &[&str]| -> Value {
        let mut schema = json!({"type": "object", "properties": {"a": {}, "b": {}}});
        for key in keys {
            schema[*key] = json!({"required": ["a"]});
        }
        schema
    };
    let discriminator = |name: &str, mapping: Value| json!({"type": "object", "discriminator": {"propertyName": name, "mapping": mapping}});
    let mut rows = vec![
        ("all-of-added", plain.clone(), object("allOf", json!([{"required": ["a"]}]))),
        ("all-of-removed", object("allOf", json!([{"required": ["a"]}])), plain.clone()),
        ("all-of-added-annotation-only", string.clone(), text("allOf", json!([{"description": "D"}]))),
        ("all-of-removed-annotation-only", text("allOf", json!([{"description": "D"}])), string.clone()),
        ("any-of-added", branches("anyOf", false), branches("anyOf", true)),
        ("any-of-removed", branches("anyOf", true), branches("anyOf", false)),
        ("one-of-added", branches("oneOf", false), branches("oneOf", true)),
        ("one-of-removed", branches("oneOf", true), branches("oneOf", false)),
        ("wrapped-in-one-of", json!({"type": "object", "required": ["a"]}), branches("oneOf", false)),
        ("became-enum", string.clone(), text("enum", json!(["A", "B"]))),
        ("enum-value-added", text("enum", json!(["A"])), text("enum", json!(["A", "B"]))),
        ("enum-value-removed", text("enum", json!(["A", "B"])), text("enum", json!(["A"]))),
        ("const-added", string.clone(), text("const", json!("A"))),
        ("const-changed", text("const", json!("A")), text("const", json!("B"))),
        ("const-removed", text("const", json!("A")), string.clone()),
        ("became-nullable", string.clone(), json!({"type": ["string", "null"]})),
        ("became-not-nullable", json!({"type": ["string", "null"]}), string.clone()),
        ("contains-added", array.clone(), list("contains", json!({"const": "a"}))),
        ("contains-removed", list("contains", json!({"const": "a"})), array.clone()),
        (
            "content-encoding-changed",
            text("contentEncoding", json!("base64")),
            text("contentEncoding", json!("base32")),
        ),
        (
            "content-media-type-changed",
            text("contentMediaType", json!("image/png")),
            text("contentMediaType", json!("image/gif")),
        ),
        ("content-schema-added", string.clone(), text("contentSchema", json!({"type": "object"}))),
        ("content-schema-removed", text("contentSchema", json!({"type": "object"})), string.clone()),
        ("default-value-added", string.clone(), text("default", json!("A"))),
        ("default-value-changed", text("default", json!("A")), text("default", json!("B"))),
        ("default-value-removed", text("default", json!("A")), string.clone()),
        ("dependent-required-added", plain.clone(), object("dependentRequired", json!({"a": ["b"]}))),
        (
            "dependent-required-changed",
            object("dependentRequired", json!({"a": ["b"]})),
            object("dependentRequired", json!({"a": ["c"]})),
        ),
        ("dependent-required-removed", object("dependentRequired", json!({"a": ["b"]})), plain.clone()),
        ("dependent-schema-added", plain.clone(), object("dependentSchemas", json!({"a": {"required": ["b"]}}))),
        ("dependent-schema-removed", object("dependentSchemas", json!({"a": {"required": ["b"]}})), plain.clone()),
        ("deprecated", string.clone(), text("deprecated", json!(true))),
        ("reactivated", text("deprecated", json!(true)), string.clone()),
        ("discriminator-added", plain.clone(), discriminator("kind", json!({}))),
        ("discriminator-removed", discriminator("kind", json!({})), plain.clone()),
        ("discriminator-mapping-added", discriminator("kind", json!({})), discriminator("kind", json!({"a": "A"}))),
        ("discriminator-mapping-deleted", discriminator("kind", json!({"a": "A"})), discriminator("kind", json!({}))),
        (
            "discriminator-mapping-changed",
            discriminator("kind", json!({"a": "A"})),
            discriminator("kind", json!({"a": "B"})),
        ),
        ("discriminator-property-name-changed", discriminator("kind", json!({})), discriminator("type", json!({}))),
        ("if-added", conditional(&["then"]), conditional(&["if", "then"])),
        ("if-removed", conditional(&["if", "then"]), conditional(&["then"])),
        ("then-added", conditional(&["if"]), conditional(&["if", "then"])),
        ("then-removed", conditional(&["if", "then"]), conditional(&["if"])),
        ("else-added", conditional(&["if"]), conditional(&["if", "else"])),
        ("else-removed", conditional(&["if", "else"]), conditional(&["if"])),
        ("list-of-types-narrowed", json!({"type": ["string", "integer"]}), string.clone()),
        ("list-of-types-widened", string.clone(), json!({"type": ["string", "integer"]})),
        ("pattern-added", string.clone(), text("pattern", json!("^a"))),
        ("pattern-changed", text("pattern", json!("^a")), text("pattern", json!("^b"))),
        ("pattern-generalized", text("pattern", json!("^a")), text("pattern", json!(".*"))),
        ("pattern-removed", text("pattern", json!("^a")), string.clone()),
        ("pattern-property-added", plain.clone(), object("patternProperties", json!({"^a": {"type": "string"}}))),
        ("pattern-property-removed", object("patternProperties", json!({"^a": {"type": "string"}})), plain.clone()),
        ("prefix-items-added", list("prefixItems", json!([{}])), list("prefixItems", json!([{}, {"minLength": 1}]))),
        ("prefix-items-removed", list("prefixItems", json!([{}, {"minLength": 1}])), list("prefixItems", json!([{}]))),
        ("property-names-added", plain.clone(), object("propertyNames", json!({"maxLength": 3}))),
        ("property-names-removed", object("propertyNames", json!({"maxLength": 3})), plain.clone()),
        ("type-changed", string.clone(), json!({"type": "object"})),
        ("type-generalized", json!({"type": "integer"}), any_number.clone()),
        ("type-specialized", any_number.clone(), json!({"type": "integer"})),
        ("unevaluated-items-added", array.clone(), list("unevaluatedItems", json!(false))),
        ("unevaluated-items-removed", list("unevaluatedItems", json!(false)), array.clone()),
        ("unevaluated-properties-added", plain.clone(), object("unevaluatedProperties", json!(false))),
        ("unevaluated-properties-removed", object("unevaluatedProperties", json!(false)), plain.clone()),
        ("max-length-unset", text("maxLength", json!(9)), string.clone()),
        ("min-items-unset", list("minItems", json!(9)), array.clone()),
        ("max-contains-increased", list("maxContains", json!(5)), list("maxContains", json!(9))),
        ("max-contains-decreased", list("maxContains", json!(9)), list("maxContains", json!(5))),
        ("min-contains-increased", list("minContains", json!(5)), list("minContains", json!(9))),
        ("min-contains-decreased", list("minContains", json!(9)), list("minContains", json!(5))),
    ];
    for (set, increased, decreased, unset, low, high) in [
        (
            "max-length-set",
            "max-length-increased",
            "max-length-decreased",
            &string,
            text("maxLength", json!(5)),
            text("maxLength", json!(9)),
        ),
        (
            "min-length-set",
            "min-length-increased",
            "min-length-decreased",
            &string,
            text("minLength", json!(5)),
            text("minLength", json!(9)),
        ),
        (
            "max-items-set",
            "max-items-increased",
            "max-items-decreased",
            &array,
            list("maxItems", json!(5)),
            list("maxItems", json!(9)),
        ),
        (
            "min-items-set",
            "min-items-increased",
            "min-items-decreased",
            &array,
            list("minItems", json!(5)),
            list("minItems", json!(9)),
        ),
        ("max-set", "max-increased", "max-decreased", &any_number, number("maximum", 5), number("maximum", 9)),
        ("min-set", "min-increased", "min-decreased", &any_number, number("minimum", 5), number("minimum", 9)),
        (
            "exclusive-max-set",
            "exclusive-max-increased",
            "exclusive-max-decreased",
            &any_number,
            number("exclusiveMaximum", 5),
            number("exclusiveMaximum", 9),
        ),
        (
            "exclusive-min-set",
            "exclusive-min-increased",
            "exclusive-min-decreased",
            &any_number,
            number("exclusiveMinimum", 5),
            number("exclusiveMinimum", 9),
        ),
    ] {
        rows.push((set, unset.clone(), low.clone()));
        rows.push((increased, low.clone(), high.clone()));
        rows.push((decreased, high, low));
    }
    rows
}
