//! Bases that name their children by a discriminator, while each child takes the base by `allOf`.
//!
//! Where such a base is used, any child of it may come. So the base becomes a union of its children and of what it says
//! itself, which is a component of its own now; that is what the children take.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::{Schemas, reaches, schemas, target};
use crate::rust_name::pascal;
use xtask_spec::free;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

const SCHEMAS: &str = "/components/schemas";

/// Makes unions of bases; `taken` are the names of all components in Rust.
pub(super) fn of_their_children(document: &mut Value, taken: &mut BTreeSet<String>) {
    let schemas = schemas(document);
    for (name, base) in &schemas {
        let Some(discriminator) = base.get("discriminator").and_then(Value::as_object) else { continue };
        let children = children(&schemas, name, discriminator);
        if children.is_empty() || ["oneOf", "anyOf"].iter().any(|key| base.get(*key).is_some()) {
            continue;
        }
        let wanted = format!("{name}Base");
        let own_name =
            free::or_numbered(&wanted, |number| format!("{wanted}{number}"), |name| taken.contains(&pascal(name)));
        taken.insert(pascal(&own_name));
        let [of_base, own] = [name, &own_name].map(|name| format!("#{}", pointer::join(SCHEMAS, name)));
        composed_of(document, &of_base, &own);
        let union = union(base, discriminator, (name.as_str(), &of_base), &children, &own);
        let Some(Value::Object(components)) = document.pointer_mut(SCHEMAS) else { return };
        if let Some(mut itself) = components.insert(name.clone(), union) {
            if let Value::Object(itself) = &mut itself {
                itself.shift_remove("discriminator");
            }
            components.insert(own_name, itself);
        }
    }
}

/// The children of a base: those that its mapping names, and those that are all of it.
fn children(schemas: &Schemas, base: &str, discriminator: &Map<String, Value>) -> Vec<String> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().filter_map(|(_, to)| {
        let to = to.as_str()?;
        target(&json!({"$ref": to})).or_else(|| Some(to.to_owned()))
    });
    let composed = schemas
        .iter()
        .filter(|(_, schema)| reaches(schemas, schema, base, &["allOf"], &mut BTreeSet::new()))
        .map(|(name, _)| name.clone());
    let mut children: Vec<String> = Vec::new();
    for child in mapped.chain(composed).filter(|child| child != base && schemas.contains_key(child)) {
        // What only names the base isn't a child of it.
        let is_child = |schema: &Value| schema.get("$ref").is_none();
        if !children.contains(&child) && schemas.get(&child).is_some_and(is_child) {
            children.push(child);
        }
    }
    children
}

fn union(
    base: &Value,
    discriminator: &Map<String, Value>,
    of_base: (&str, &str),
    children: &[String],
    own: &str,
) -> Value {
    let (name, reference) = of_base;
    let mut mapping = discriminator.get("mapping").and_then(Value::as_object).cloned().unwrap_or_default();
    let means_base = |to: &Value| to == name || to == reference;
    for to in mapping.values_mut().filter(|to| means_base(to)) {
        *to = own.into();
    }
    if !mapping.values().any(|to| to == own) {
        mapping.entry(name).or_insert_with(|| own.into());
    }
    let members = children.iter().map(|child| format!("#{}", pointer::join(SCHEMAS, child)));
    let members: Vec<Value> = members.chain([own.to_owned()]).map(|reference| json!({"$ref": reference})).collect();
    let property = discriminator.get("propertyName");
    let mut union = json!({"oneOf": members, "discriminator": {"propertyName": property, "mapping": mapping}});
    if let (Some(text), Value::Object(union)) = (base.get("description"), &mut union) {
        union.insert("description".to_owned(), text.clone());
    }
    union
}

/// What is composed of the base is composed of what it says itself. An `allOf` that is nothing but the base is a use of it.
fn composed_of(document: &mut Value, base: &str, own: &str) {
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        let Some(schema) = schema.as_object_mut().filter(|_| object == Object::Schema) else { return };
        let adds = ["properties", "required", "additionalProperties"].iter().any(|key| schema.contains_key(*key));
        let Some(Value::Array(parts)) = schema.get_mut("allOf") else { return };
        if adds || parts.len() > 1 {
            for part in parts.iter_mut().filter(|part| part.get("$ref").is_some_and(|to| to == base)) {
                *part = json!({"$ref": own});
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_one_of_its_children_or_what_it_says_itself() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let own = json!({"type": "object", "properties": {"kind": {"type": "string"}, "friend": reference("Animal")}});
        let mut base = own.clone();
        base["discriminator"] = json!({"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}});
        let cat = |base: &str| json!({"allOf": [reference(base), {"properties": {"lives": {}}}]});
        let mut document = json!({"components": {"schemas": {
            "Animal": base, "AnimalBase": {}, "Cat": cat("Animal"), "Dog": cat("Animal"), "Use": {"allOf": [reference("Animal")]}
        }}});
        of_their_children(&mut document, &mut BTreeSet::from(["AnimalBase".to_owned()]));
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Animal": {
                    "oneOf": [reference("Cat"), reference("Dog"), reference("Use"), reference("AnimalBase2")],
                    "discriminator": {"propertyName": "kind", "mapping": {
                        "c": "#/components/schemas/Cat", "Animal": "#/components/schemas/AnimalBase2"
                    }}
                },
                "AnimalBase": {},
                "Cat": cat("AnimalBase2"),
                "Dog": cat("AnimalBase2"),
                "Use": {"allOf": [reference("Animal")]},
                "AnimalBase2": own
            })
        );
    }
}
