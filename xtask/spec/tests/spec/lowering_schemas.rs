//! The lowering of schemas, row by row of the table in `lower.md`: what the values may be.

use crate::Test;
use crate::support as lowering;
use serde_json::{Value, json};

/// What became of the component `S`, and the warnings, their places told from it.
fn lowered_in(version: &str, published: &Value) -> Test<(Value, Vec<String>)> {
    let schemas = json!({"A": {"type": "object"}, "N": {"type": ["string", "null"]}, "S": published});
    let lowering = lowering::of_schemas(version, &schemas)?;
    let warnings = lowering.warnings.iter().map(|warning| warning.replace("/components/schemas/S", "")).collect();
    Ok((lowering.schema("S"), warnings))
}

/// Each row: what is published, what it becomes, and what is said.
fn check<const N: usize>(rows: [(Value, Value, &[&str]); N]) -> Test {
    for (published, lowered, warnings) in rows {
        let (found, said) = lowered_in("3.1.0", &published)?;
        assert_eq!(found, lowered, "of {published}");
        assert_eq!(said, warnings, "of {published}");
    }
    Ok(())
}

/// A reference to the component of this name.
fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[test]
fn types_keep_their_values_and_null_becomes_nullable() -> Test {
    check([
        (json!({"type": "string"}), json!({"type": "string"}), &[]),
        (json!({"type": ["string"]}), json!({"type": "string"}), &[]),
        (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true}), &[]),
        (json!({"type": ["null", "string"]}), json!({"type": "string", "nullable": true}), &[]),
        (json!({"type": "null"}), json!({"enum": [null]}), &[]),
        (json!({"type": ["null"]}), json!({"enum": [null]}), &[]),
        (json!({"type": ["integer", "number"]}), json!({"type": "number"}), &[]),
        (json!({"type": ["integer", "number", "null"]}), json!({"type": "number", "nullable": true}), &[]),
        (json!({"type": ["string", "string"]}), json!({"type": "string"}), &[]),
        (json!({"type": []}), json!({}), &[]),
    ])?;
    Ok(())
}

#[test]
fn several_types_part_with_the_keywords_of_each() -> Test {
    check([
        (
            json!({"type": ["string", "integer"], "minLength": 1, "minimum": 2, "title": "T"}),
            json!({
                "title": "T",
                "oneOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 2}]
            }),
            &[],
        ),
        (
            json!({"type": ["string", "boolean", "null"]}),
            json!({"oneOf": [{"type": "string"}, {"type": "boolean"}], "nullable": true}),
            &[],
        ),
        (
            json!({"type": ["array", "object"], "items": {"type": "string"}, "required": ["a"]}),
            json!({"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object", "required": ["a"]}]}),
            &[],
        ),
        (
            json!({"type": ["string", "array"], "format": "date"}),
            json!({"oneOf": [{"type": "string", "format": "date"}, {"type": "array", "items": {}}]}),
            &[],
        ),
        (
            json!({"type": ["string", "integer", "null"], "allOf": [to("N")]}),
            json!({"allOf": [
                {"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true},
                to("N")
            ]}),
            &[],
        ),
    ])?;
    Ok(())
}

#[test]
fn a_constant_is_an_enumeration_of_one() -> Test {
    check([
        (json!({"const": "a"}), json!({"type": "string", "enum": ["a"]}), &[]),
        (json!({"const": ""}), json!({"type": "string", "enum": [""]}), &[]),
        (json!({"const": 0}), json!({"type": "integer", "enum": [0]}), &[]),
        (json!({"const": 1.5}), json!({"type": "number", "enum": [1.5]}), &[]),
        (json!({"const": false}), json!({"type": "boolean", "enum": [false]}), &[]),
        (json!({"const": null}), json!({"enum": [null]}), &[]),
        (json!({"const": {"a": {"const": 1}}}), json!({"type": "object", "enum": [{"a": {"const": 1}}]}), &[]),
        (json!({"const": [1]}), json!({"type": "array", "enum": [[1]], "items": {}}), &[]),
        (json!({"type": "number", "const": 1}), json!({"type": "number", "enum": [1]}), &[]),
        (json!({"type": "string", "const": 1}), json!({"not": {}}), &[]),
        (json!({"enum": ["a", "b"], "const": "b"}), json!({"type": "string", "enum": ["b"]}), &[]),
        (json!({"enum": ["a"], "const": "b"}), json!({"not": {}}), &[]),
    ])?;
    Ok(())
}

#[test]
fn an_enumeration_keeps_the_values_that_its_type_has() -> Test {
    check([
        (json!({"enum": ["a", "b"]}), json!({"type": "string", "enum": ["a", "b"]}), &[]),
        (json!({"enum": ["a", "a"]}), json!({"type": "string", "enum": ["a"]}), &[]),
        (json!({"enum": ["a", null]}), json!({"type": "string", "enum": ["a", null], "nullable": true}), &[]),
        (
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"type": "string", "enum": ["a", null], "nullable": true}),
            &[],
        ),
        (json!({"type": ["string", "null"], "enum": ["a"]}), json!({"type": "string", "enum": ["a"]}), &[]),
        (json!({"type": "string", "enum": ["a", null]}), json!({"type": "string", "enum": ["a"]}), &[]),
        (json!({"type": "string", "enum": ["a", 1]}), json!({"type": "string", "enum": ["a"]}), &[]),
        (json!({"enum": [null]}), json!({"enum": [null]}), &[]),
        (json!({"enum": [1, 1.5]}), json!({"type": "number", "enum": [1, 1.5]}), &[]),
        (
            json!({"enum": ["a", 1, null]}),
            json!({
                "oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}],
                "nullable": true
            }),
            &[],
        ),
    ])?;
    Ok(())
}

#[test]
fn the_tighter_of_two_bounds_holds() -> Test {
    check([
        (json!({"exclusiveMinimum": 1}), json!({"minimum": 1, "exclusiveMinimum": true}), &[]),
        (json!({"exclusiveMaximum": 1}), json!({"maximum": 1, "exclusiveMaximum": true}), &[]),
        (json!({"minimum": 1, "exclusiveMinimum": 0}), json!({"minimum": 1}), &[]),
        (json!({"minimum": 0, "exclusiveMinimum": 1}), json!({"minimum": 1, "exclusiveMinimum": true}), &[]),
        (json!({"minimum": 1, "exclusiveMinimum": 1}), json!({"minimum": 1, "exclusiveMinimum": true}), &[]),
        (json!({"maximum": 1, "exclusiveMaximum": 0}), json!({"maximum": 0, "exclusiveMaximum": true}), &[]),
        (json!({"maximum": 0, "exclusiveMaximum": 1}), json!({"maximum": 0}), &[]),
        (json!({"maximum": 1.0, "exclusiveMaximum": 1}), json!({"maximum": 1, "exclusiveMaximum": true}), &[]),
    ])?;
    Ok(())
}

#[test]
fn what_stands_beside_a_reference_still_counts() -> Test {
    check([
        (to("A"), to("A"), &[]),
        (
            json!({"$ref": "#/components/schemas/A", "description": "D"}),
            json!({"description": "D", "allOf": [to("A")]}),
            &[],
        ),
        (
            json!({"$ref": "#/components/schemas/A", "description": "D", "required": ["a"]}),
            json!({"description": "D", "allOf": [to("A"), {"required": ["a"]}]}),
            &[],
        ),
        (
            json!({"$ref": "#/components/schemas/N", "type": ["string", "null"]}),
            json!({"allOf": [to("N"), {"type": "string", "nullable": true}]}),
            &[],
        ),
        (
            json!({"$ref": "#/components/schemas/A", "nullable": true}),
            json!({"nullable": true, "allOf": [to("A")]}),
            &["leftover /nullable"],
        ),
        (
            json!({"allOf": [to("A")], "nullable": true}),
            json!({"nullable": true, "allOf": [to("A")]}),
            &["leftover /nullable"],
        ),
        (
            json!({"$ref": "#/components/schemas/A", "allOf": [to("N"), true]}),
            json!({"allOf": [to("A"), to("N")]}),
            &[],
        ),
    ])?;
    Ok(())
}

#[test]
fn a_null_branch_becomes_nullable() -> Test {
    let only_null = json!({"type": "null"});
    for key in ["anyOf", "oneOf"] {
        check([
            (json!({key: [to("A"), only_null]}), json!({"nullable": true, "allOf": [to("A")]}), &[]),
            (json!({key: [only_null, {"type": "string"}]}), json!({"nullable": true, "type": "string"}), &[]),
            (json!({key: [{"enum": [null]}, {"type": "string"}]}), json!({"nullable": true, "type": "string"}), &[]),
            (
                json!({key: [{"const": "a"}, {"const": null}]}),
                json!({"nullable": true, "type": "string", "enum": ["a", null]}),
                &[],
            ),
            (
                json!({key: [{"type": "string"}, {"type": "integer"}, only_null]}),
                json!({key: [{"type": "string"}, {"type": "integer"}], "nullable": true}),
                &[],
            ),
            (json!({key: [only_null]}), json!({"enum": [null]}), &[]),
            (json!({key: [{"type": "string"}]}), json!({"type": "string"}), &[]),
            // A type beside the branches keeps null out.
            (
                json!({"type": "object", key: [to("A"), only_null]}),
                json!({"type": "object", "allOf": [{"allOf": [to("A")], "nullable": true}]}),
                &[],
            ),
            (
                json!({"type": ["object", "null"], key: [to("A"), only_null]}),
                json!({"type": "object", "nullable": true, "allOf": [{"allOf": [to("A")], "nullable": true}]}),
                &[],
            ),
            (json!({key: [false, {"type": "string"}]}), json!({"type": "string"}), &[]),
        ])?;
    }
    check([
        (json!({"oneOf": [only_null, only_null]}), json!({"allOf": [{"not": {}}]}), &[]),
        (json!({"oneOf": [only_null, only_null, true]}), json!({}), &["loosened /oneOf"]),
        (json!({"anyOf": [to("N"), {"type": "null"}]}), json!({"nullable": true, "allOf": [to("N")]}), &[]),
        (
            json!({"oneOf": [to("N"), {"type": "null"}]}),
            json!({"nullable": true, "allOf": [to("N")]}),
            &["loosened /oneOf"],
        ),
        (json!({"anyOf": [true, {"type": "string"}]}), json!({}), &[]),
        // What a lone branch brings doesn't take the place of what was there.
        (json!({"allOf": [to("N")], "oneOf": [{"allOf": [to("A")]}]}), json!({"allOf": [to("A"), to("N")]}), &[]),
        (
            json!({"allOf": [to("A")], "anyOf": [{"type": ["string", "object", "null"]}]}),
            json!({"allOf": [
                to("A"),
                {"oneOf": [{"type": "string"}, {"type": "object"}], "nullable": true}
            ]}),
            &[],
        ),
        (
            json!({"oneOf": [{"type": "null", "allOf": [{"type": "string"}]}]}),
            json!({"enum": [null], "allOf": [{"type": "string"}]}),
            &[],
        ),
    ])?;
    Ok(())
}

#[test]
fn boolean_schemas_are_said_in_words() -> Test {
    check([
        (json!(true), json!({}), &[]),
        (json!(false), json!({"not": {}}), &[]),
        (json!({"properties": {"a": true, "b": false}}), json!({"properties": {"a": {}, "b": {"not": {}}}}), &[]),
        (json!({"additionalProperties": false}), json!({"additionalProperties": false}), &[]),
        (json!({"additionalProperties": true}), json!({"additionalProperties": true}), &[]),
        (json!({"type": "array", "items": true}), json!({"type": "array", "items": {}}), &[]),
        (json!({"type": "array", "items": false}), json!({"type": "array", "items": {}, "maxItems": 0}), &[]),
        (json!({"not": true}), json!({"not": {}}), &[]),
        (json!({"not": false}), json!({}), &[]),
        (json!({"allOf": [true, {"type": "string"}]}), json!({"allOf": [{"type": "string"}]}), &[]),
        (json!({"allOf": [false]}), json!({"allOf": [{"not": {}}]}), &[]),
        (json!({"anyOf": [false]}), json!({"allOf": [{"not": {}}]}), &[]),
        (json!({"oneOf": [true]}), json!({}), &[]),
    ])?;
    Ok(())
}

#[test]
fn leftovers_of_3_0_keep_their_meaning_with_a_note() -> Test {
    let published = json!({"type": "string", "nullable": true, "enum": ["a"]});
    let lowered = json!({"type": "string", "nullable": true, "enum": ["a", null]});
    assert_eq!(lowered_in("3.1.0", &published)?, (lowered.clone(), vec!["leftover /nullable".to_owned()]));
    assert_eq!(lowered_in("3.0.3", &published)?, (lowered, vec![]));
    let bounds = json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true});
    assert_eq!(lowered_in("3.0.3", &bounds)?, (bounds.clone(), vec![]));
    assert_eq!(lowered_in("3.1.0", &json!({"type": "string", "nullable": false}))?.1, Vec::<String>::new());
    // In 3.0 a reference's siblings mean nothing.
    let sibling = json!({"$ref": "#/components/schemas/A", "nullable": true});
    assert_eq!(lowered_in("3.0.3", &sibling)?, (to("A"), vec![]));
    Ok(())
}
