//! What tells the members of a union apart: a discriminator, or a property that has other values in each member.
//!
//! typify knows texts of required properties alone, and no discriminator. So it is written into the union's description, for
//! polish (see [`TAG`]).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Shaping;
use super::schemas::VALUES;
use crate::rust_name::TAG;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// How many schemas may stand between a union and the property of one of its members.
const DEPTH: usize = 8;

/// The values of the property at a pointer, as JSON, for each member; none for a member that may have any.
struct Tag {
    at: String,
    values: Vec<BTreeSet<String>>,
}

impl Shaping<'_> {
    /// Writes what tells its members apart into each union. Returns whether there is any.
    pub(super) fn unions(&mut self, document: &mut Value) -> bool {
        let mut tags = Vec::new();
        let mut alike = Vec::new();
        grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
            for key in ["oneOf", "anyOf"].into_iter().filter(|_| object == Object::Schema) {
                let Some(Value::Array(members)) = schema.get(key).filter(|_| schema.get("$ref").is_none()) else {
                    continue;
                };
                let places: Vec<String> = (0..members.len())
                    .map(|index| pointer::join(&pointer::join(at, key), &index.to_string()))
                    .collect();
                match discriminated(document, schema, members, &places).or_else(|| told_apart(document, &places)) {
                    Some(tag) => tags.push((at.to_owned(), tag)),
                    None if has_twins(document, &places) => alike.push(at.to_owned()),
                    None => {}
                }
            }
        });
        for at in alike {
            let message =
                "nothing tells two members of this union apart: a value of both is read as the first".to_owned();
            self.warn(Id::Ambiguous, &at, message, "give them a discriminator in the overlay, where the API has one");
        }
        let found = !tags.is_empty();
        for (at, tag) in tags {
            if let Some(Value::Object(union)) = document.pointer_mut(&at) {
                mark(union, &tag);
            }
        }
        found
    }
}

fn mark(union: &mut Map<String, Value>, tag: &Tag) {
    let property = tag.at.rsplit('/').next().unwrap_or_default();
    let text = match union.get("description").and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => format!("The variant is determined by `{property}`."),
    };
    let json = json!({"at": tag.at, "values": tag.values});
    union.insert("description".to_owned(), format!("{text}{TAG}{json}").into());
}

/// What the `discriminator` of a union says: its mapping, else what the members say of the property, else their names.
fn discriminated(document: &Value, union: &Value, members: &[Value], places: &[String]) -> Option<Tag> {
    let discriminator = union.get("discriminator")?;
    let at = pointer::join("", discriminator.get("propertyName")?.as_str()?);
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let values = members.iter().zip(places).map(|(member, place)| {
        let reference = reference(member);
        let name = reference.as_deref().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        let leads_here = |target: &Value| {
            target.as_str().is_some_and(|target| target == name || Some(target) == reference.as_deref())
        };
        let mapped = mapping.into_iter().flatten().filter(|(_, target)| leads_here(target));
        let mapped: BTreeSet<String> = mapped.map(|(value, _)| json!(value).to_string()).collect();
        if !mapped.is_empty() {
            return mapped;
        }
        let mut own = Vec::new();
        values_of(document, place, "", DEPTH, &mut own);
        match own.into_iter().find(|(other, _)| *other == at) {
            Some((_, values)) => values,
            None if name.is_empty() => BTreeSet::new(),
            None => BTreeSet::from([json!(pointer::unescape(name)).to_string()]),
        }
    });
    Some(Tag { at: at.clone(), values: values.collect() })
}

/// What a member refers to, where it is nothing else.
fn reference(member: &Value) -> Option<String> {
    match member.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => reference(only),
        _ => member.get("$ref").and_then(Value::as_str).map(str::to_owned),
    }
}

/// The property that has other values in each of most members.
fn told_apart(document: &Value, places: &[String]) -> Option<Tag> {
    let members: Vec<Vec<(String, BTreeSet<String>)>> = places
        .iter()
        .map(|place| {
            let mut values = Vec::new();
            values_of(document, place, "", DEPTH, &mut values);
            values
        })
        .collect();
    let names: BTreeSet<&String> = members.iter().flatten().map(|(at, _)| at).collect();
    let tags = names.into_iter().filter_map(|at| {
        let of = |member: &Vec<(String, BTreeSet<String>)>| member.iter().find(|(other, _)| other == at).cloned();
        let values: Vec<BTreeSet<String>> =
            members.iter().map(|member| of(member).map(|(_, values)| values).unwrap_or_default()).collect();
        let mut seen = BTreeSet::new();
        let apart = values.iter().flatten().all(|value| seen.insert(value));
        let told = values.iter().filter(|values| !values.is_empty()).count();
        (apart && told > 1).then(|| (told, Tag { at: at.clone(), values }))
    });
    // Of equals the first.
    tags.reduce(|best, tag| if tag.0 > best.0 { tag } else { best }).map(|(_, tag)| tag)
}

/// Finds the properties of the schema at `at` that have but a few values, one level down too.
fn values_of(document: &Value, at: &str, below: &str, depth: usize, found: &mut Vec<(String, BTreeSet<String>)>) {
    let (Some((at, schema)), Some(depth)) = (followed(document, at), depth.checked_sub(1)) else { return };
    for (name, _) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let property = pointer::join(&pointer::join(&at, "properties"), name);
        let Some((place, property)) = followed(document, &property) else { continue };
        let path = pointer::join(below, name);
        let values = property.get("enum").or_else(|| property.get(VALUES)).and_then(Value::as_array);
        let values: BTreeSet<String> = values.into_iter().flatten().map(Value::to_string).collect();
        if !values.is_empty() {
            found.push((path, values));
        } else if below.is_empty() {
            values_of(document, &place, &path, depth, found);
        }
    }
    let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..parts {
        values_of(document, &pointer::join(&pointer::join(&at, "allOf"), &index.to_string()), below, depth, found);
    }
}

/// Whether two members are objects that have, and need, the same properties.
fn has_twins(document: &Value, places: &[String]) -> bool {
    let mut seen = BTreeSet::new();
    let objects = places.iter().filter_map(|place| {
        let (_, schema) = followed(document, place)?;
        let properties: BTreeSet<&String> = schema.get("properties")?.as_object()?.keys().collect();
        let required: BTreeSet<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        (!schema.contains_key("allOf")).then_some((properties, required))
    });
    objects.into_iter().any(|object| !seen.insert(object))
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

#[cfg(test)]
mod tests {
    use super::super::tests::shaping;
    use super::*;

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    /// What polish is told of the union, and the warnings.
    fn told(schemas: &Value, union: &Value) -> (Value, usize) {
        let mut schemas = schemas.clone();
        schemas["Union"] = union.clone();
        let mut document = json!({"components": {"schemas": schemas}});
        super::super::schemas::for_typify(&mut document);
        let mut shaping = shaping();
        shaping.unions(&mut document);
        let text = document["components"]["schemas"]["Union"]["description"].as_str().unwrap_or_default();
        let json = text.split_once(TAG).map(|(_, json)| serde_json::from_str(json).unwrap());
        (json.unwrap_or_default(), shaping.warnings.len())
    }

    #[test]
    fn members_are_told_apart_by_the_discriminator_or_by_what_each_fixes() {
        let kind = |values: &Value| object(&json!({"kind": {"enum": values}, "x": {}}));
        let schemas = json!({
            "Cat": kind(&json!(["cat"])),
            "Dog": {"allOf": [kind(&json!(["dog", "puppy"]))]},
            "Yes": object(&json!({"ok": {"type": "boolean", "enum": [true]}})),
            "No": object(&json!({"ok": {"type": "boolean", "enum": [false]}})),
            "Deep": object(&json!({"data": {"$ref": "#/components/schemas/Cat"}})),
            "Deeper": object(&json!({"data": {"$ref": "#/components/schemas/Dog"}})),
            "Round": object(&json!({"form": {"type": "string"}, "size": {}})),
            "Edgy": object(&json!({"form": {"type": "string"}, "angle": {}}))
        });
        let of = |names: [&str; 2]| names.map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).to_vec();
        let mapping = json!({"r": "#/components/schemas/Round", "e": "Edgy", "s": "Edgy"});
        for (union, at, values) in [
            (json!({"oneOf": of(["Cat", "Dog"])}), "/kind", json!([["\"cat\""], ["\"dog\"", "\"puppy\""]])),
            (json!({"anyOf": of(["Yes", "No"])}), "/ok", json!([["true"], ["false"]])),
            (json!({"oneOf": of(["Deep", "Deeper"])}), "/data/kind", json!([["\"cat\""], ["\"dog\"", "\"puppy\""]])),
            (
                json!({"oneOf": of(["Round", "Edgy"]), "discriminator": {"propertyName": "form", "mapping": mapping}}),
                "/form",
                json!([["\"r\""], ["\"e\"", "\"s\""]]),
            ),
            (
                json!({"oneOf": of(["Round", "Edgy"]), "discriminator": {"propertyName": "form"}}),
                "/form",
                json!([["\"Round\""], ["\"Edgy\""]]),
            ),
            (
                json!({"oneOf": of(["Cat", "Dog"]), "discriminator": {"propertyName": "kind"}}),
                "/kind",
                json!([["\"cat\""], ["\"dog\"", "\"puppy\""]]),
            ),
            (
                json!({"oneOf": [schemas["Cat"], {"type": "string"}, schemas["Dog"]]}),
                "/kind",
                json!([["\"cat\""], [], ["\"dog\"", "\"puppy\""]]),
            ),
        ] {
            assert_eq!(told(&schemas, &union), (json!({"at": at, "values": values}), 0), "{union}");
        }
    }

    #[test]
    fn what_nothing_tells_apart_is_said() {
        let overlapping = |values: Value| object(&json!({"kind": {"enum": values}, "x": {}}));
        let alike = json!({"oneOf": [overlapping(json!(["a", "b"])), overlapping(json!(["b", "c"]))]});
        let others = json!({"oneOf": [object(&json!({"a": {}})), object(&json!({"b": {}}))]});
        assert_eq!(told(&json!({}), &alike), (Value::Null, 1));
        assert_eq!(told(&json!({}), &others), (Value::Null, 0));
    }
}
