//! The law of the lowering, for schemas and values that nobody chose: what the published schema accepts, the lowered
//! one accepts; and nothing more than that, unless a warning says so.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "test code, also outside of test functions"
)]

use crate::support as lowering;
use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use xtask_spec::grammar::{self, Object};

const NAMES: [&str; 3] = ["S", "B", "C"];
const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
const KEYS: [&str; 4] = ["a", "b", "ab", "x1"];
const TEXTS: [&str; 5] = ["", "a", "b", "ab", "abc"];
const PATTERNS: [&str; 3] = ["^a", "b$", "[0-9]"];

fn scalar() -> impl Strategy<Value = Value> + Clone {
    let numbers = vec![json!(-1), json!(0), json!(1), json!(2), json!(3), json!(0.5), json!(1.5), json!(1.0)];
    prop_oneof![
        2 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::from),
        5 => select(numbers),
        5 => select(TEXTS.to_vec()).prop_map(Value::from),
    ]
}

fn instance() -> impl Strategy<Value = Value> + Clone {
    scalar().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            2 => scalar(),
            2 => vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => named(inner, 0..4),
        ]
    })
}

/// Values by names, which are few, so that they meet those of the instances.
fn named(
    values: impl Strategy<Value = Value> + Clone,
    size: std::ops::Range<usize>,
) -> impl Strategy<Value = Value> + Clone {
    vec((select(KEYS.to_vec()), values), size)
        .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn by_pattern(values: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> + Clone {
    vec((select(PATTERNS.to_vec()), values), 1..3)
        .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn count() -> impl Strategy<Value = Value> + Clone {
    (0..3_u8).prop_map(Value::from)
}

fn bound() -> impl Strategy<Value = Value> + Clone {
    select(vec![json!(-1), json!(0), json!(1), json!(2), json!(0.5), json!(1.5), json!(2.0)])
}

fn names() -> impl Strategy<Value = Value> + Clone {
    subsequence(KEYS.to_vec(), 0..3).prop_map(Value::from)
}

/// One keyword, or a few that belong together.
fn simple_keyword() -> BoxedStrategy<Value> {
    let one = |key: &'static str| move |value: Value| json!({ key: value });
    let kind = select(TYPES.to_vec());
    prop_oneof![
        4 => kind.prop_map(|kind| json!({"type": kind})),
        4 => subsequence(TYPES.to_vec(), 1..4).prop_map(|kinds| json!({"type": kinds})),
        2 => instance().prop_map(one("const")),
        3 => vec(instance(), 1..4).prop_map(distinct).prop_map(one("enum")),
        1 => bound().prop_map(one("minimum")),
        1 => bound().prop_map(one("maximum")),
        1 => bound().prop_map(one("exclusiveMinimum")),
        1 => bound().prop_map(one("exclusiveMaximum")),
        1 => (bound(), bound()).prop_map(|(a, b)| json!({"minimum": a, "exclusiveMinimum": b})),
        1 => (bound(), bound()).prop_map(|(a, b)| json!({"maximum": a, "exclusiveMaximum": b})),
        1 => select(vec![json!(1), json!(2), json!(0.5)]).prop_map(one("multipleOf")),
        1 => count().prop_map(one("minLength")),
        1 => count().prop_map(one("maxLength")),
        1 => select(PATTERNS.to_vec()).prop_map(|pattern| json!({"pattern": pattern})),
        1 => count().prop_map(one("minItems")),
        1 => count().prop_map(one("maxItems")),
        1 => any::<bool>().prop_map(|unique| json!({"uniqueItems": unique})),
        1 => count().prop_map(one("minProperties")),
        1 => count().prop_map(one("maxProperties")),
        1 => names().prop_map(one("required")),
        3 => (0..3_u8).prop_map(|number| json!({"$ref": number})),
    ]
    .boxed()
}

/// What OpenAPI 3.0 can say as well.
fn common_applicator(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let one = |key: &'static str| move |value: Value| json!({ key: value });
    let list = || vec(inner.clone(), 1..4).prop_map(Value::from);
    let null_among = || list().prop_map(with_null);
    prop_oneof![
        2 => list().prop_map(one("allOf")),
        2 => list().prop_map(one("anyOf")),
        2 => list().prop_map(one("oneOf")),
        1 => null_among().prop_map(one("anyOf")),
        1 => null_among().prop_map(one("oneOf")),
        2 => inner.clone().prop_map(one("not")),
        2 => inner.clone().prop_map(one("items")),
        4 => named(inner.clone(), 1..4).prop_map(one("properties")),
        2 => inner.prop_map(one("additionalProperties")),
    ]
    .boxed()
}

/// What it can't, or not always.
fn later_applicator(inner: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let one = |key: &'static str| move |value: Value| json!({ key: value });
    let list = || vec(inner.clone(), 1..4).prop_map(Value::from);
    prop_oneof![
        1 => (select(KEYS.to_vec()), names()).prop_map(|(key, names)| json!({"dependentRequired": {key: names}})),
        1 => list().prop_map(one("prefixItems")),
        1 => (list(), inner.clone()).prop_map(|(a, b)| json!({"prefixItems": a, "items": b})),
        1 => inner.clone().prop_map(one("contains")),
        1 => (inner.clone(), count(), count())
            .prop_map(|(a, b, c)| json!({"contains": a, "minContains": b, "maxContains": c})),
        1 => by_pattern(inner.clone()).prop_map(one("patternProperties")),
        1 => (by_pattern(inner.clone()), inner.clone())
            .prop_map(|(a, b)| json!({"patternProperties": a, "additionalProperties": b})),
        1 => inner.clone().prop_map(one("propertyNames")),
        1 => named(inner.clone(), 1..2).prop_map(one("dependentSchemas")),
        1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
        1 => inner.clone().prop_map(one("unevaluatedProperties")),
        1 => inner.prop_map(one("unevaluatedItems")),
    ]
    .boxed()
}

fn schema(later: bool) -> impl Strategy<Value = Value> {
    let all = |keywords: Vec<Value>| -> Value {
        keywords.into_iter().filter_map(|keyword| keyword.as_object().cloned()).flatten().collect()
    };
    let leaf = prop_oneof![
        12 => vec(simple_keyword(), 0..4).prop_map(all),
        1 => any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 3, move |inner| {
        let common = common_applicator(inner.clone().boxed());
        let any = if later { prop_oneof![common, later_applicator(inner.boxed())].boxed() } else { common };
        (vec(simple_keyword(), 0..3), vec(any, 0..3)).prop_map(move |(simple, applied)| all([simple, applied].concat()))
    })
}

fn distinct(values: Vec<Value>) -> Value {
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct.into()
}

fn with_null(branches: Value) -> Value {
    let branches = branches.as_array().cloned().unwrap_or_default();
    branches.into_iter().chain([json!({"type": "null"})]).collect()
}

/// Gives the components their names, and the references their targets: below a property or an item any of them, else
/// one that comes later, so that no schema refers to itself without end.
fn components(schemas: Vec<Value>) -> Value {
    let defined = schemas.len();
    let named = NAMES.iter().zip(schemas).enumerate().map(|(index, (name, mut schema))| {
        grammar::walk_mut(Object::Schema, &mut schema, &mut |at, _, schema| {
            let Some(members) = schema.as_object_mut() else { return };
            let Some(number) = members.get("$ref").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()) else {
                return;
            };
            let guarded = ["/properties/", "/items", "/additionalProperties"].iter().any(|place| at.contains(place));
            let first = if guarded { 0 } else { index.saturating_add(1) };
            let target = NAMES.iter().take(defined).skip(first).cycle().nth(number);
            match target {
                Some(target) => {
                    members.insert("$ref".to_owned(), format!("#/components/schemas/{target}").into());
                }
                None => {
                    members.shift_remove("$ref");
                }
            }
        });
        ((*name).to_owned(), schema)
    });
    named.collect::<Map<_, _>>().into()
}

/// What a schema of OpenAPI 3.0 means, in JSON Schema.
fn from_3_0(schema: &mut Value) {
    grammar::walk_mut(Object::Schema, schema, &mut |_, _, schema| {
        let Value::Object(members) = schema else { return };
        for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if members.get(exclusive) == Some(&json!(true))
                && let Some(bound) = members.shift_remove(bound)
            {
                members.insert(exclusive.to_owned(), bound);
            }
        }
        if members.shift_remove("nullable") == Some(json!(true)) {
            // Beside a type it adds to the type (OpenAPI 3.0.3, section 4.7.24.1), else to the whole.
            match members.get("type").cloned() {
                Some(kind) => {
                    members.insert("type".to_owned(), json!([kind, "null"]));
                }
                None => *schema = json!({"anyOf": [{"type": "null"}, schema]}),
            }
        }
    });
}

fn validator(schemas: &Value) -> Result<Validator, Box<dyn std::error::Error>> {
    let text = schemas.to_string().replace("#/components/schemas/", "#/$defs/");
    let schemas: Value = serde_json::from_str(&text)?;
    let schema = json!({"$ref": "#/$defs/S", "$defs": schemas});
    Ok(jsonschema::draft202012::new(&schema)?)
}

/// Every value that an `enum` or `const` names, which chance alone would seldom meet.
fn mentioned(schemas: &Value, values: &mut Vec<Value>) {
    match schemas {
        Value::Object(members) => {
            for (key, member) in members {
                match key.as_str() {
                    "const" => values.push(member.clone()),
                    "enum" => values.extend(member.as_array().into_iter().flatten().cloned()),
                    _ => mentioned(member, values),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| mentioned(item, values)),
        _ => {}
    }
}

/// Fails with what breaks the law, if anything does.
fn keeps_the_law(schemas: &Value, mut values: Vec<Value>) -> Result<(), Box<dyn std::error::Error>> {
    let lowering = lowering::of_schemas("3.1.0", schemas)?;
    let lowered = lowering.document.pointer("/components/schemas").ok_or("no schemas")?;
    let mut meaning = lowered.clone();
    meaning.as_object_mut().into_iter().flatten().for_each(|(_, schema)| from_3_0(schema));
    let (published, meaning) = (validator(schemas)?, validator(&meaning)?);
    mentioned(schemas, &mut values);
    let inside: Vec<Value> = values.iter().flat_map(|value| [json!([value]), json!({"a": value})]).collect();
    for value in values.iter().chain(&inside) {
        let (before, after) = (published.is_valid(value), meaning.is_valid(value));
        if (before && !after) || (after && !before && !lowering.loosened()) {
            let verdict = format!("{value} is valid: {before} before, {after} after");
            return Err(format!("{verdict}\n{schemas:#}\n{lowered:#}\n{:?}", lowering.warnings).into());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_lowered_schema_accepts_what_the_published_one_does_and_more_only_with_a_warning(
        schemas in vec(schema(true), 1..4).prop_map(components),
        values in vec(instance(), 30),
    ) {
        let kept = keeps_the_law(&schemas, values);
        prop_assert!(kept.is_ok(), "{kept:?} of {schemas:#}");
    }

    #[test]
    fn what_both_versions_can_say_is_said(
        schemas in vec(schema(false), 1..4).prop_map(components),
        values in vec(instance(), 30),
    ) {
        let kept = keeps_the_law(&schemas, values);
        prop_assert!(kept.is_ok(), "{kept:?} of {schemas:#}");
    }
}
