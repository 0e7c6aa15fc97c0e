//! Values next to others: by one member, one type or one step beyond a bound.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The longest text or list that is made for a bound; beyond it, nothing proves anything.
const LONGEST: u64 = 1 << 12;

/// Values of each type, at the bounds that either schema says, and with the members that it speaks of.
pub(crate) fn edges(schemas: [&Value; 2], flat: &[Map<String, Value>]) -> Vec<Value> {
    let mut edges = vec![
        Value::Null,
        json!(true),
        json!(""),
        json!("text"),
        json!(0),
        json!(-1),
        json!(1),
        json!(0.5),
        json!(-129),
        json!(256),
        json!(40_000),
        json!(70_000),
        json!(3_000_000_000_u32),
        json!(5_000_000_000_u64),
        json!(-3_000_000_000_i64),
        json!([]),
        json!(["", ""]),
        json!({}),
    ];
    for schema in flat {
        for (keyword, value) in schema {
            match keyword.as_str() {
                "enum" => edges.extend(value.as_array().into_iter().flatten().cloned()),
                "const" => edges.push(value.clone()),
                "minLength" | "maxLength" => {
                    let lengths = around(value).filter_map(|length| usize::try_from(length).ok());
                    edges.extend(lengths.map(|length| "a".repeat(length).into()));
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                    let Some(bound) = value.as_f64() else { continue };
                    for beyond in [bound - 1.0, bound - 0.5, bound, bound + 0.5, bound + 1.0] {
                        edges.push(number(beyond));
                    }
                }
                _ => {}
            }
        }
        for keyword in ["minItems", "maxItems", "minContains", "maxContains"] {
            let counts = schema.get(keyword).into_iter().flat_map(around);
            edges.extend(counts.filter_map(|count| repeated(&json!("text"), count)));
        }
        for keyword in ["minProperties", "maxProperties"] {
            let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            let required: Vec<&str> = required.filter_map(Value::as_str).collect();
            for count in schema.get(keyword).into_iter().flat_map(around) {
                let further = (0..count).map(|index| format!("member{index}"));
                let names = required.iter().map(|name| (*name).to_owned()).chain(further);
                edges.push(Value::Object(
                    names.take(usize::try_from(count).unwrap_or_default()).map(with_text).collect(),
                ));
            }
        }
        if schema.contains_key("patternProperties") {
            edges.extend(["a", "A", "x-a", "1"].map(|name| json!({name: 1})));
        }
    }
    let names = names(schemas.into_iter());
    edges.push(Value::Object(names.iter().cloned().map(with_text).collect()));
    for name in &names {
        edges.extend([json!("text"), json!(1), Value::Null].map(|value| json!({name.clone(): value})));
        let others = names.iter().filter(|other| *other != name);
        edges.push(Value::Object(others.cloned().map(with_text).collect()));
    }
    edges
}

fn with_text(name: String) -> (String, Value) {
    (name, json!("text"))
}

/// The names of members that anything in schemas speaks of.
fn names<'a>(schemas: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut waiting: Vec<&Value> = schemas.collect();
    let texts = |value: &Value| {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    while let Some(value) = waiting.pop() {
        let Value::Object(members) = value else {
            waiting.extend(value.as_array().into_iter().flatten());
            continue;
        };
        for (keyword, value) in members {
            match keyword.as_str() {
                "required" => names.extend(texts(value)),
                "dependentRequired" => {
                    names.extend(value.as_object().into_iter().flatten().flat_map(|(name, others)| {
                        let mut all = texts(others);
                        all.push(name.clone());
                        all
                    }))
                }
                "properties" | "dependentSchemas" => {
                    names.extend(value.as_object().into_iter().flat_map(Map::keys).cloned())
                }
                _ => {}
            }
            waiting.push(value);
        }
    }
    names
}

/// Schemas that a schema constrains its values by, with which values of theirs it is about.
pub(crate) fn parts(schema: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut parts = Vec::new();
    for (keyword, value) in schema {
        match keyword.as_str() {
            "not" | "if" | "then" | "else" | "contains" | "items" | "propertyNames" => {
                parts.push((keyword.as_str(), value))
            }
            "prefixItems" => parts.extend(value.as_array().into_iter().flatten().map(|part| ("items", part))),
            "dependentSchemas" => parts.extend(value.as_object().into_iter().flatten().map(|(_, part)| ("then", part))),
            _ => {}
        }
    }
    parts
}

/// Values of a schema that stands behind this keyword of another, as values of that one.
pub(crate) fn of_part(keyword: &str, value: &Value) -> Vec<Value> {
    match (keyword, value) {
        ("contains" | "items", value) => [1, 2, 3].into_iter().filter_map(|count| repeated(value, count)).collect(),
        ("propertyNames", Value::String(name)) => vec![json!({name.clone(): "text"})],
        ("propertyNames", _) => Vec::new(),
        (_, value) => vec![value.clone()],
    }
}

/// A whole number is written as one.
#[expect(clippy::cast_possible_truncation, reason = "checked to be one of those that are whole and exact")]
fn number(value: f64) -> Value {
    let whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if whole { json!(value as i64) } else { json!(value) }
}

fn around(value: &Value) -> impl Iterator<Item = u64> + use<> {
    let bound = value.as_u64().filter(|bound| *bound < LONGEST);
    bound.into_iter().flat_map(|bound| bound.saturating_sub(1)..=bound.saturating_add(1))
}

fn repeated(item: &Value, count: u64) -> Option<Value> {
    let count = usize::try_from(count).ok()?;
    Some(vec![item.clone(); count].into())
}

/// Those next to a value.
pub(crate) fn of(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => of_object(members),
        Value::Array(items) => of_list(items),
        _ => Vec::new(),
    }
}

fn of_object(members: &Map<String, Value>) -> Vec<Value> {
    let mut found = Vec::new();
    for name in members.keys() {
        let mut without = members.clone();
        without.shift_remove(name);
        found.push(without.into());
        let mut empty = members.clone();
        empty.insert(name.clone(), Value::Null);
        found.push(empty.into());
        let alone = members.iter().filter(|(other, _)| *other == name);
        found.push(Value::Object(alone.map(|(name, value)| (name.clone(), value.clone())).collect()));
    }
    for value in [json!("text"), json!(1)] {
        let mut further = members.clone();
        further.insert("further".to_owned(), value);
        found.push(further.into());
    }
    found
}

fn of_list(items: &[Value]) -> Vec<Value> {
    let Some(first) = items.first() else { return vec![json!([null])] };
    let counts = [0, 1, 2, 3, 4, 5, 10, 11, 50, 51, 100, 101];
    let mut found: Vec<Value> = counts.into_iter().filter_map(|count| repeated(first, count)).collect();
    for value in [json!("text"), json!(1), Value::Null] {
        found.push(items.iter().cloned().chain([value.clone()]).collect());
        found.push(json!([value]));
    }
    found
}
