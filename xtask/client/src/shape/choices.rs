//! Unions that typify would read wrongly: the order of their members, and those that only say which properties are set.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::schemas::describe;
use super::unions::followed;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// Shapes every `oneOf` and `anyOf`.
pub(super) fn for_typify(document: &mut Value) {
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        if let (Object::Schema, Value::Object(schema)) = (object, schema) {
            without_requirements_in_parts(schema);
        }
    });
    let mut unions = Vec::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
        for key in ["oneOf", "anyOf"].into_iter().filter(|_| object == Object::Schema) {
            let Some(Value::Array(members)) = schema.get(key) else { continue };
            let at_members = pointer::join(at, key);
            let ranks = (0..members.len()).map(|index| {
                let member = followed(document, &pointer::join(&at_members, &index.to_string()));
                member.map_or((Rank::Anything, Reverse(0), Reverse(0)), |(_, member)| rank(member))
            });
            unions.push((at.to_owned(), key, ranks.collect::<Vec<_>>()));
        }
    });
    for (at, key, ranks) in unions {
        let Some(Value::Object(schema)) = document.pointer_mut(&at) else { continue };
        if !without_requirements(schema, key) {
            in_order(schema, key, &ranks);
        }
    }
}

/// What a value has to be for a member to read it, from the most demanding to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Enumeration,
    Format,
    Boolean,
    Integer,
    Number,
    BoundedText,
    Text,
    List,
    Object,
    Anything,
}

type Ranked = (Rank, Reverse<usize>, Reverse<usize>);

fn rank(schema: &Map<String, Value>) -> Ranked {
    let has = |key: &str| schema.contains_key(key);
    let count = |key: &str| match schema.get(key) {
        Some(Value::Array(values)) => values.len(),
        Some(Value::Object(members)) => members.len(),
        _ => 0,
    };
    let rank = match schema.get("type").and_then(Value::as_str) {
        _ if has("enum") => Rank::Enumeration,
        Some("boolean") => Rank::Boolean,
        Some("integer") => Rank::Integer,
        Some("number") => Rank::Number,
        Some("string") if has("format") => Rank::Format,
        Some("string") if has("pattern") || has("minLength") || has("maxLength") => Rank::BoundedText,
        Some("string") => Rank::Text,
        Some("array") => Rank::List,
        // What is composed is as demanding as an object, more or less.
        kind if kind == Some("object")
            || ["properties", "required", "allOf", "anyOf", "oneOf"].into_iter().any(has) =>
        {
            return (Rank::Object, Reverse(count("required")), Reverse(count("properties")));
        }
        _ => Rank::Anything,
    };
    (rank, Reverse(0), Reverse(0))
}

/// Where several members keep all of a value, it is read as the first: a text would be taken before a date, and an object
/// with one member before one with two. Members of one kind keep their order. An `anyOf` becomes a `oneOf`, since typify
/// makes a struct of it, which is all its members at once.
fn in_order(schema: &mut Map<String, Value>, key: &str, ranks: &[Ranked]) {
    let alone = !["oneOf", "allOf", "properties"].iter().any(|other| *other != key && schema.contains_key(*other));
    let Some(Value::Array(members)) = schema.get_mut(key) else { return };
    let mut ranked: Vec<(Ranked, Value)> = ranks.iter().copied().zip(members.drain(..)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    members.extend(ranked.into_iter().map(|(_, member)| one_of_all(member)));
    let has_plain = ranks.iter().any(|(rank, ..)| *rank != Rank::Object);
    if key == "anyOf" && members.len() > 1 && (alone || (has_plain && !schema.contains_key("oneOf"))) {
        let index = schema.keys().position(|other| other == key).unwrap_or_default();
        if let Some(members) = schema.shift_remove(key) {
            schema.shift_insert(index, "oneOf".to_owned(), members);
        }
    }
}

/// Of objects with one required member each typify makes an enum that takes no further member; not of those that say how
/// many they have at least, which they do anyway.
fn one_of_all(mut member: Value) -> Value {
    let length = |key: &str| match member.get(key) {
        Some(Value::Array(values)) => values.len(),
        Some(Value::Object(members)) => members.len(),
        _ => 0,
    };
    // A property of few values is a tag, by which typify makes a right enum.
    let is_tag = |(_, property): (&String, &Value)| property.get("enum").is_some();
    let tagged = member.get("properties").and_then(Value::as_object).into_iter().flatten().any(is_tag);
    let one = length("required") == 1 && length("properties") == 1 && !tagged;
    if let (true, Value::Object(schema)) =
        (one && member.get("additionalProperties") != Some(&Value::Bool(false)), &mut member)
    {
        schema.insert("minProperties".to_owned(), 1.into());
    }
    member
}

/// `anyOf: [{required: [a]}, {required: [b]}]` beside properties: typify makes an enum of it, where each variant has the
/// one and lacks the other. The properties stay, each of them optional, and the docs say what has to be set. Returns whether
/// it is such a union.
fn without_requirements(schema: &mut Map<String, Value>, key: &str) -> bool {
    let Some(Value::Object(properties)) = schema.get("properties") else { return false };
    let Some(Value::Array(members)) = schema.get(key) else { return false };
    let mut names = Vec::new();
    for member in members {
        let Value::Object(member) = member else { return false };
        let alone = member.iter().all(|(key, value)| key == "required" || (key == "type" && value == "object"));
        let Some(required) = member.get("required").and_then(Value::as_array).filter(|_| alone) else { return false };
        let required: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
        if !required.iter().all(|name| properties.contains_key(*name)) {
            return false;
        }
        let required: Vec<String> = required.into_iter().map(|name| format!("`{name}`")).collect();
        names.push(required.join(" with "));
    }
    let how_many = if key == "oneOf" { "Exactly" } else { "At least" };
    schema.shift_remove(key);
    describe(schema, &format!("{how_many} one of these has to be set: {}.", names.join(", ")));
    true
}

/// The same for each part of an `allOf` that is nothing else.
fn without_requirements_in_parts(schema: &mut Map<String, Value>) {
    if !schema.contains_key("properties") {
        return;
    }
    let Some(Value::Array(parts)) = schema.shift_remove("allOf") else { return };
    let mut kept = Vec::new();
    for part in parts {
        let one = part.as_object().filter(|part| part.len() == 1).and_then(|part| part.iter().next());
        let Some((key, union)) = one.filter(|(key, _)| matches!(key.as_str(), "anyOf" | "oneOf")) else {
            kept.push(part);
            continue;
        };
        let mut alone = schema.clone();
        alone.insert(key.clone(), union.clone());
        if !schema.contains_key(key) && without_requirements(&mut alone, key) {
            *schema = alone;
        } else {
            kept.push(part);
        }
    }
    if !kept.is_empty() {
        schema.insert("allOf".to_owned(), kept.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shaped(schema: &Value) -> Value {
        let known = json!({"type": "object", "required": ["a"], "properties": {"a": {}}});
        let mut document = json!({"components": {"schemas": {"A": schema, "Known": known}}});
        for_typify(&mut document);
        document["components"]["schemas"]["A"].take()
    }

    #[test]
    fn a_union_is_tried_from_the_most_demanding_member_to_the_least() {
        let (text, date) = (json!({"type": "string"}), json!({"type": "string", "format": "date"}));
        let (number, integer) = (json!({"type": "number"}), json!({"type": "integer"}));
        let known = json!({"$ref": "#/components/schemas/Known"});
        let more = json!({"type": "object", "required": ["a", "b"]});
        for (members, ordered) in [
            (json!([text, date]), json!({"oneOf": [date, text]})),
            (json!([number, integer, text]), json!({"oneOf": [integer, number, text]})),
            (json!([known, date]), json!({"oneOf": [date, known]})),
            (json!([known, {"allOf": [more]}]), json!({"oneOf": [{"allOf": [more]}, known]})),
            (json!([known, more]), json!({"oneOf": [more, known]})),
            (json!([{}, text]), json!({"oneOf": [text, {}]})),
        ] {
            assert_eq!(shaped(&json!({"anyOf": members})), ordered, "{members}");
        }
    }

    #[test]
    fn what_has_to_be_set_is_said_by_the_docs() {
        let properties = json!({"a": {}, "b": {}, "c": {}});
        let choice = json!([{"required": ["a"]}, {"type": "object", "required": ["b", "c"]}]);
        for (key, how_many) in [("anyOf", "At least"), ("oneOf", "Exactly")] {
            assert_eq!(
                shaped(&json!({"type": "object", "properties": properties, key: choice})),
                json!({
                    "type": "object",
                    "properties": properties,
                    "description": format!("{how_many} one of these has to be set: `a`, `b` with `c`.")
                })
            );
        }
    }

    #[test]
    fn what_has_to_be_set_of_each_part_is_said_by_the_docs() {
        let known = json!({"$ref": "#/components/schemas/Known"});
        let choice = json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]});
        assert_eq!(
            shaped(&json!({"properties": {"a": {}, "b": {}}, "allOf": [choice, known, choice]})),
            json!({
                "properties": {"a": {}, "b": {}},
                "description": "At least one of these has to be set: `a`, `b`.\n\nAt least one of these has to be set: `a`, `b`.",
                "allOf": [known]
            })
        );
    }

    #[test]
    fn a_union_of_objects_beside_properties_stays() {
        for other in [json!({"properties": {"b": {}}}), json!({"required": ["b"]})] {
            let schema = json!({"properties": {"a": {}}, "anyOf": [{"required": ["a"]}, other]});
            assert_eq!(shaped(&schema), schema);
        }
    }
}
