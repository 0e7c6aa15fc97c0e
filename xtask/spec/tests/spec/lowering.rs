//! The lowering of schemas, row by row of the table in `lower.md`: objects, arrays, names, and what is lost.

use crate::Test;
use crate::support as lowering;
use serde_json::{Value, json};

/// What became of the component `S` among some others, and the warnings, their places told from it.
fn lowered(published: &Value) -> Test<(Value, Vec<String>)> {
    let schemas = json!({
        "A": {"type": "object"},
        "Lossy": {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        "S": published
    });
    let lowering = lowering::of_schemas("3.1.0", &schemas)?;
    let said = lowering.warnings.iter().filter(|warning| !warning.contains("/Lossy/"));
    Ok((lowering.schema("S"), said.map(|warning| warning.replace("/components/schemas/S", "")).collect()))
}

/// Each row: what is published, what it becomes, and what is said.
fn check<const N: usize>(rows: [(Value, Value, &[&str]); N]) -> Test {
    for (published, expected, warnings) in rows {
        let (found, said) = lowered(&published)?;
        assert_eq!(found, expected, "of {published}");
        assert_eq!(said, warnings, "of {published}");
    }
    Ok(())
}

/// A reference to the component of this name.
fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn items_by_position_become_items_of_any_of_them() -> Test {
    let text = json!({"type": "string"});
    let whole = json!({"type": "integer"});
    check([
        (json!({"type": "array"}), json!({"type": "array", "items": {}}), &[]),
        (json!({"items": text}), json!({"items": text}), &[]),
        (json!({"prefixItems": [text, whole]}), json!({"items": {}}), &["loosened /prefixItems"]),
        (
            json!({"prefixItems": [text, whole], "items": false, "minItems": 2}),
            json!({"items": {"oneOf": [text, whole]}, "minItems": 2, "maxItems": 2}),
            &["loosened /prefixItems"],
        ),
        (
            json!({"prefixItems": [text, text], "items": false, "maxItems": 1}),
            json!({"items": text, "maxItems": 1}),
            &["loosened /prefixItems"],
        ),
        (
            json!({"prefixItems": [text], "items": {"type": "string", "minLength": 1}}),
            json!({"items": {"anyOf": [text, {"type": "string", "minLength": 1}]}}),
            &["loosened /prefixItems"],
        ),
        (json!({"prefixItems": [], "items": text}), json!({"items": text}), &[]),
    ])?;
    Ok(())
}

#[test]
fn what_3_0_has_no_word_for_is_dropped_with_a_warning() -> Test {
    for (published, keyword) in [
        (json!({"contains": {"type": "string"}}), "contains"),
        (json!({"contains": true, "minContains": 2}), "contains"),
        (json!({"contains": true, "minContains": 0, "maxContains": 1}), "contains"),
        (json!({"if": {"type": "string"}, "then": {"minLength": 1}}), "if"),
        (json!({"if": {"type": "string"}, "else": false}), "if"),
        (json!({"dependentRequired": {"a": ["b"]}}), "dependentRequired"),
        (json!({"dependentSchemas": {"a": {"required": ["b"]}}}), "dependentSchemas"),
        (json!({"propertyNames": {"maxLength": 3}}), "propertyNames"),
        (json!({"patternProperties": {"^a": {"type": "string"}}}), "patternProperties"),
    ] {
        check([(published, json!({}), &[&format!("loosened /{keyword}")])])?;
    }
    Ok(())
}

#[test]
fn what_constrains_nothing_is_dropped_in_silence() -> Test {
    for published in [
        json!({"contains": {"type": "string"}, "minContains": 0}),
        json!({"minContains": 2}),
        json!({"maxContains": 2}),
        json!({"then": {"minLength": 1}, "else": false}),
        json!({"if": false}),
        json!({"dependentRequired": {}}),
        json!({"dependentSchemas": {}}),
        json!({"propertyNames": true}),
        json!({"propertyNames": {"type": "string"}}),
        json!({"patternProperties": {}}),
        json!({"unevaluatedItems": true, "allOf": [true]}),
        json!({"required": []}),
        json!({"examples": []}),
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": "C", "$vocabulary": {}}),
        json!({"$defs": {"Unused": {"const": 1}}}),
    ] {
        let (found, said) = lowered(&published)?;
        assert_eq!(found, json!({}), "of {published}");
        assert_eq!(said, Vec::<String>::new(), "of {published}");
    }
    Ok(())
}

#[test]
fn properties_by_pattern_never_close_what_was_open() -> Test {
    let text = json!({"type": "string"});
    check([
        (
            json!({"patternProperties": {"^a": text}, "additionalProperties": true}),
            json!({"additionalProperties": true}),
            &["loosened /patternProperties"],
        ),
        (
            json!({"patternProperties": {"^a": text}, "additionalProperties": false}),
            json!({"additionalProperties": text}),
            &["loosened /patternProperties"],
        ),
        (
            json!({"patternProperties": {"^a": text}, "additionalProperties": {"type": "integer"}}),
            json!({"additionalProperties": {"oneOf": [text, {"type": "integer"}]}}),
            &["loosened /patternProperties"],
        ),
        (
            json!({"patternProperties": {"^a": text, "^b": true}, "unevaluatedProperties": false}),
            json!({"additionalProperties": {}}),
            &["loosened /patternProperties"],
        ),
    ])?;
    Ok(())
}

#[test]
fn what_is_unevaluated_is_additional_where_nothing_else_evaluates() -> Test {
    check([
        (json!({"unevaluatedProperties": false}), json!({"additionalProperties": false}), &[]),
        (
            json!({"unevaluatedProperties": {"type": "string"}, "properties": {"a": {}}}),
            json!({"additionalProperties": {"type": "string"}, "properties": {"a": {}}}),
            &[],
        ),
        (json!({"unevaluatedItems": false}), json!({"items": {}, "maxItems": 0}), &[]),
        (
            json!({"additionalProperties": true, "unevaluatedProperties": false}),
            json!({"additionalProperties": true}),
            &[],
        ),
        (
            json!({"allOf": [to("A")], "unevaluatedProperties": false}),
            json!({"allOf": [to("A")]}),
            &["loosened /unevaluatedProperties"],
        ),
        (
            json!({"$ref": "#/components/schemas/A", "unevaluatedItems": false}),
            to("A"),
            &["loosened /unevaluatedItems"],
        ),
    ])?;
    Ok(())
}

#[test]
fn encodings_become_formats_where_there_is_one() -> Test {
    check([
        (json!({"type": "string", "contentEncoding": "base64"}), json!({"type": "string", "format": "byte"}), &[]),
        (
            json!({"type": ["string", "null"], "contentMediaType": "application/octet-stream"}),
            json!({"type": "string", "nullable": true, "format": "binary"}),
            &[],
        ),
        (json!({"contentEncoding": "base32"}), json!({}), &["dropped /contentEncoding"]),
        (json!({"contentMediaType": "text/html"}), json!({}), &["dropped /contentMediaType"]),
        (
            json!({"contentMediaType": "application/json", "contentSchema": {"const": 1}}),
            json!({}),
            &["dropped /contentMediaType", "dropped /contentSchema"],
        ),
        (
            json!({"contentEncoding": "base64", "format": "uuid"}),
            json!({"format": "uuid"}),
            &["dropped /contentEncoding"],
        ),
    ])?;
    Ok(())
}

#[test]
fn what_is_referred_to_becomes_a_component_and_is_referred_to_where_it_stood() -> Test {
    let found = |published: Value, names: &[&str]| -> Test<Vec<Value>> {
        let lowering = lowering::of_schemas("3.1.0", &json!({"S": published}))?;
        assert_eq!(lowering.warnings, Vec::<String>::new());
        Ok(names.iter().map(|name| lowering.schema(name)).collect())
    };
    let text = json!({"type": "string"});
    let defs = json!({"$defs": {"D": {"type": "string"}}, "items": {"$ref": "#/components/schemas/S/$defs/D"}});
    assert_eq!(found(defs, &["S", "D"])?, [json!({"items": to("D")}), text.clone()]);
    let anchor = json!({"$defs": {"D": {"$anchor": "d", "type": "string"}}, "items": {"$ref": "#d"}});
    assert_eq!(found(anchor, &["S", "D"])?, [json!({"items": to("D")}), text.clone()]);
    let id =
        json!({"$defs": {"D": {"$id": "https://e.org/d", "type": "string"}}, "items": {"$ref": "https://e.org/d"}});
    assert_eq!(found(id, &["S", "D"])?, [json!({"items": to("D")}), text.clone()]);
    let dynamic = json!({"$defs": {"D": {"$dynamicAnchor": "d", "type": "string"}}, "items": {"$dynamicRef": "#d"}});
    assert_eq!(found(dynamic, &["S", "D"])?, [json!({"items": to("D")}), text.clone()]);
    let recursive = json!({"$id": "https://e.org/s", "properties": {"child": {"$ref": "#"}}});
    assert_eq!(found(recursive, &["S"])?, [json!({"properties": {"child": to("S")}})]);
    let deep = json!({
        "properties": {"a": {"type": "string"}, "b": {"$ref": "#/components/schemas/S/properties/a"}}
    });
    assert_eq!(found(deep, &["S", "S_a"])?, [json!({"properties": {"a": to("S_a"), "b": to("S_a")}}), text]);
    Ok(())
}

#[test]
fn a_dynamic_reference_to_one_of_several_is_left_open() -> Test {
    check([(
        json!({
            "$defs": {"D": {"$dynamicAnchor": "d", "type": "string"}, "E": {"$dynamicAnchor": "d"}},
            "items": {"$dynamicRef": "#d"}
        }),
        json!({"items": {}}),
        &["loosened /items/$dynamicRef"],
    )])?;
    Ok(())
}

#[test]
fn the_first_example_stays() -> Test {
    check([
        (json!({"examples": [null, 1]}), json!({"example": null}), &[]),
        (json!({"examples": [1], "example": 2}), json!({"example": 2}), &[]),
    ])?;
    Ok(())
}

#[test]
fn unknown_keywords_are_dropped_with_a_note_and_extensions_stay() -> Test {
    check([
        (json!({"minLenght": 1}), json!({}), &["dropped /minLenght"]),
        (json!({"x-order": 1, "deprecated": true}), json!({"x-order": 1, "deprecated": true}), &[]),
    ])?;
    Ok(())
}

#[test]
fn properties_called_like_keywords_are_properties() -> Test {
    let names = [
        "const",
        "examples",
        "$id",
        "$ref",
        "$defs",
        "if",
        "patternProperties",
        "type",
        "nullable",
        "properties",
        "schemas",
        "x-ray",
        "enum",
        "$schema",
        "default",
    ];
    let published: Value = names.iter().map(|name| ((*name).to_owned(), json!({"const": 1}))).collect();
    let expected: Value =
        names.iter().map(|name| ((*name).to_owned(), json!({"type": "integer", "enum": [1]}))).collect();
    check([(json!({"properties": published}), json!({"properties": expected}), &[])])?;
    Ok(())
}

#[test]
fn data_is_left_as_it_is_though_it_looks_like_a_schema() -> Test {
    let data = json!({"type": ["string", "null"], "const": 1, "$ref": "#/nowhere", "prefixItems": [true]});
    for key in ["default", "example", "x-data"] {
        check([(json!({key: data}), json!({key: data}), &[])])?;
    }
    check([
        (json!({"enum": [data]}), json!({"type": "object", "enum": [data]}), &[]),
        (json!({"const": data}), json!({"type": "object", "enum": [data]}), &[]),
        (json!({"examples": [data]}), json!({"example": data}), &[]),
    ])?;
    Ok(())
}

#[test]
fn below_not_nothing_is_relaxed_and_one_of_relaxed_schemas_becomes_any() -> Test {
    let lossy = json!({"type": "string", "if": {"minLength": 1}, "then": {"maxLength": 2}});
    let text = json!({"type": "string"});
    let whole = json!({"type": "integer"});
    check([
        (json!({"not": text}), json!({"not": text}), &[]),
        (json!({"not": lossy}), json!({}), &["loosened /not"]),
        (json!({"not": {"not": lossy}}), json!({}), &["loosened /not"]),
        (json!({"not": to("Lossy")}), json!({}), &["loosened /not"]),
        (json!({"not": {"properties": {"a": to("Lossy")}}}), json!({}), &["loosened /not"]),
        (json!({"anyOf": [lossy, whole]}), json!({"anyOf": [text, whole]}), &["loosened /anyOf/0/if"]),
        (
            json!({"oneOf": [lossy, whole]}),
            json!({"anyOf": [text, whole]}),
            &["loosened /oneOf", "loosened /oneOf/0/if"],
        ),
        (json!({"oneOf": [lossy]}), text.clone(), &["loosened /oneOf/0/if"]),
        (json!({"oneOf": [to("Lossy"), whole]}), json!({"anyOf": [to("Lossy"), whole]}), &["loosened /oneOf"]),
        (
            json!({"anyOf": [text, whole], "oneOf": [to("Lossy"), whole]}),
            json!({"anyOf": [text, whole], "allOf": [{"anyOf": [to("Lossy"), whole]}]}),
            &["loosened /oneOf"],
        ),
    ])?;
    Ok(())
}
