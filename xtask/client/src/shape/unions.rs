//! Unions that are told apart by the values of a property, such as `kind: cat` and `kind: dog`.
//!
//! Enumerations read values that they don't know. In a union that would make its first schema take everything, so the
//! enumerations that tell its schemas apart stay closed; what none of them knows is kept as JSON, by the union itself.
//! Both are marked for polish by a character that never stands in a name or a description.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::rust_name::CLOSED;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// How many schemas may stand between a union and the property of one of its members.
const DEPTH: usize = 8;

/// Marks unions that are told apart by a property, and the enumerations of that property. Returns whether there are any.
pub(super) fn told_apart(document: &mut Value) -> bool {
    let mut unions: Vec<(String, String)> = Vec::new();
    let mut enumerations = BTreeSet::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
        for key in ["oneOf", "anyOf"].into_iter().filter(|_| object == Object::Schema) {
            let Some(Value::Array(members)) = schema.get(key).filter(|_| schema.get("$ref").is_none()) else {
                continue;
            };
            let at_key = pointer::join(at, key);
            let members: Vec<Vec<Tag>> = (0..members.len())
                .map(|index| {
                    let mut tags = Vec::new();
                    tags_of(document, &pointer::join(&at_key, &index.to_string()), DEPTH, &mut tags);
                    tags
                })
                .collect();
            if let Some(property) = telling_property(&members) {
                let tags = members.iter().flatten().filter(|tag| tag.property == property);
                enumerations.extend(tags.map(|tag| tag.at.clone()));
                unions.push((at.to_owned(), property));
            }
        }
    });
    for at in &enumerations {
        if let Some(Value::Array(values)) = document.pointer_mut(&pointer::join(at, "enum")) {
            for value in values {
                if let Value::String(text) = value {
                    text.push(CLOSED);
                }
            }
        }
    }
    for (at, property) in &unions {
        if let Some(Value::Object(union)) = document.pointer_mut(at) {
            mark(union, property);
        }
    }
    !unions.is_empty()
}

fn mark(union: &mut Map<String, Value>, property: &str) {
    let description = match union.get("description").and_then(Value::as_str) {
        Some(text) => format!("{text}{CLOSED}"),
        None => format!("The variant is determined by `{property}`.{CLOSED}"),
    };
    union.insert("description".to_owned(), description.into());
}

/// A property that is an enumeration of texts.
struct Tag {
    property: String,
    /// Where the enumeration stands.
    at: String,
    values: BTreeSet<String>,
}

/// Finds the enumerations among the properties of the schema at `at`, references followed.
fn tags_of(document: &Value, at: &str, depth: usize, tags: &mut Vec<Tag>) {
    let (Some((at, schema)), Some(depth)) = (followed(document, at), depth.checked_sub(1)) else { return };
    for (name, _) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let property = pointer::join(&pointer::join(&at, "properties"), name);
        let Some((at, property)) = followed(document, &property) else { continue };
        let values = property.get("enum").and_then(Value::as_array).into_iter().flatten();
        let values: BTreeSet<String> = values.filter_map(Value::as_str).map(str::to_owned).collect();
        if !values.is_empty() {
            tags.push(Tag { property: name.clone(), at, values });
        }
    }
    let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..parts {
        tags_of(document, &pointer::join(&pointer::join(&at, "allOf"), &index.to_string()), depth, tags);
    }
}

/// What is at `at`, or what it refers to.
pub(super) fn followed<'a>(document: &'a Value, at: &str) -> Option<(String, &'a Map<String, Value>)> {
    let mut at = at.to_owned();
    for _ in 0..DEPTH {
        let schema = document.pointer(&at)?.as_object()?;
        let alone = schema.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1);
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => at = pointer::of_reference(reference)?,
            None if alone.is_some() && !schema.contains_key("properties") => at = format!("{at}/allOf/0"),
            None => return Some((at, schema)),
        }
    }
    None
}

/// The first property that several members have, with other values in each.
fn telling_property(members: &[Vec<Tag>]) -> Option<String> {
    let names: BTreeSet<&String> = members.iter().flatten().map(|tag| &tag.property).collect();
    let tells = |name: &&&String| {
        let mut seen = BTreeSet::new();
        let tags: Vec<&Tag> =
            members.iter().filter_map(|member| member.iter().find(|tag| tag.property == ***name)).collect();
        tags.len() > 1 && tags.iter().all(|tag| tag.values.iter().all(|value| seen.insert(value)))
    };
    names.iter().find(tells).map(|name| (**name).clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn component(values: &Value) -> Value {
        json!({"type": "object", "properties": {"kind": {"type": "string", "enum": values}, "x": {}}})
    }

    #[test]
    fn enumerations_that_tell_the_members_of_a_union_apart_are_marked() {
        let union = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut document = json!({"components": {"schemas": {
            "Cat": component(&json!(["cat"])),
            "Dog": {"allOf": [component(&json!(["dog", "puppy"]))]},
            "Other": component(&json!(["other"])),
            "Pet": {"oneOf": [union("Cat"), union("Dog"), {"type": "string"}]}
        }}});
        assert!(told_apart(&mut document));
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Cat"], component(&json!(["cat\u{2}"])));
        assert_eq!(schemas["Dog"]["allOf"][0], component(&json!(["dog\u{2}", "puppy\u{2}"])));
        assert_eq!(schemas["Other"], component(&json!(["other"])));
        assert_eq!(schemas["Pet"]["description"], "The variant is determined by `kind`.\u{2}");
    }

    #[test]
    fn what_tells_nothing_apart_stays_open() {
        for members in [
            json!([component(&json!(["a", "b"])), component(&json!(["b", "c"]))]),
            json!([component(&json!(["a"])), {"type": "object"}]),
        ] {
            let published = json!({"components": {"schemas": {"Pet": {"oneOf": members}}}});
            let mut document = published.clone();
            assert!(!told_apart(&mut document));
            assert_eq!(document, published);
        }
    }
}
