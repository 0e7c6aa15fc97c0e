//! Schemas: what typify can't make a type of, or makes a wrong one of.

use serde_json::{Map, Value, json};

use super::components::{Schemas, schemas, target};
use crate::rust_name::DEPRECATED;
use xtask_spec::grammar::{self, Object};

/// The values of an enumeration that is none in Rust.
pub(super) const VALUES: &str = "x-values";

/// Shapes every schema.
pub(super) fn for_typify(document: &mut Value) {
    let components = schemas(document);
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        if object != Object::Schema {
            return;
        }
        if let Value::Object(schema) = schema {
            without_negation(schema);
            without_other_enums(schema);
            formats_of_types_alone(schema);
            bounds_that_types_can_hold(schema);
            bounds_that_bound(schema);
            floats_that_hold_their_bounds(schema);
            further_members_kept(schema, &components);
            lists_of_a_length_that_serde_knows(schema);
        }
    });
}

/// Marks the members that are deprecated, for which typify has no word. Returns whether there are any.
pub(super) fn deprecated_members(document: &mut Value) -> bool {
    let mut found = false;
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        if object != Object::Schema {
            return;
        }
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
        for property in properties.filter_map(|(_, property)| property.as_object_mut()) {
            if property.get("deprecated") == Some(&Value::Bool(true)) {
                found = true;
                let text = property.get("description").and_then(Value::as_str).unwrap_or("Deprecated.");
                let marked = format!("{}{DEPRECATED}", text.trim_end());
                property.insert("description".to_owned(), marked.into());
            }
        }
    });
    found
}

/// No type can say what a value is *not*; a property that nothing matches is one that isn't there.
fn without_negation(schema: &mut Map<String, Value>) {
    schema.shift_remove("not");
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let impossible = json!({"not": {}});
        properties.retain(|_, property| *property != impossible);
    }
}

/// An enumeration becomes an enum of Rust if all its values are texts. Of others only the type is kept, and what the
/// values are goes into the description.
fn without_other_enums(schema: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = schema.get("enum") else { return };
    let texts = values.iter().all(|value| value.is_string() || value.is_null());
    let only_null = values.iter().all(Value::is_null);
    let is_text = schema.get("type").is_none_or(|kind| kind == "string");
    if (texts && is_text) || only_null {
        return;
    }
    let listed: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    if let Some(values) = schema.shift_remove("enum") {
        schema.insert(VALUES.to_owned(), values);
    }
    describe(schema, &format!("One of {}.", listed.join(", ")));
}

/// typify looks at formats of texts and numbers, and stumbles over others.
fn formats_of_types_alone(schema: &mut Map<String, Value>) {
    let typed =
        schema.get("type").and_then(Value::as_str).is_some_and(|kind| matches!(kind, "string" | "integer" | "number"));
    if !typed {
        schema.shift_remove("format");
    }
}

/// typify checks that a text has at least 0 characters, at which the compiler wonders.
fn bounds_that_bound(schema: &mut Map<String, Value>) {
    if schema.get("minLength").is_some_and(|least| *least == 0) {
        schema.shift_remove("minLength");
    }
}

/// openapiv3 reads the bounds of an integer as 64 bits, and typify makes types of other widths of them.
fn bounds_that_types_can_hold(schema: &mut Map<String, Value>) {
    if schema.get("type").is_some_and(|kind| kind == "integer") {
        for key in ["minimum", "maximum", "multipleOf"] {
            if schema.get(key).is_some_and(|bound| bound.as_i64().is_none()) {
                schema.shift_remove(key);
            }
        }
    }
}

/// What is bounded by more digits than a float of 32 bits has is a longer one.
fn floats_that_hold_their_bounds(schema: &mut Map<String, Value>) {
    #[allow(clippy::cast_possible_truncation)]
    let is_held = |bound: f64| (bound as f32).to_string() == bound.to_string();
    let mut bounds = ["minimum", "maximum", "multipleOf"].iter().filter_map(|key| schema.get(*key)?.as_f64());
    if schema.get("format").is_some_and(|format| format == "float") && !bounds.all(is_held) {
        schema.shift_remove("format");
    }
}

/// Beside properties, typify keeps what `additionalProperties: {}` allows, and drops what `true` does, which says the same;
/// likewise in a part of an `allOf`, and in a component that is one.
fn further_members_kept(schema: &mut Map<String, Value>, components: &Schemas) {
    let is_open = |schema: &Value| schema.get("additionalProperties") == Some(&Value::Bool(true));
    let names_members = schema.contains_key("properties");
    if names_members && schema.get("additionalProperties") == Some(&Value::Bool(true)) {
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
    let Some(Value::Array(parts)) = schema.get_mut("allOf") else { return };
    let composed = names_members || parts.len() > 1;
    for part in parts.iter_mut().filter(|_| composed) {
        let component = target(part).and_then(|name| components.get(&name));
        if let Some(component) = component.filter(|component| component.get("properties").is_none()) {
            *part = if is_open(component) { component.clone() } else { continue };
        }
        if let Some(further) = part.get_mut("additionalProperties").filter(|further| **further == Value::Bool(true)) {
            *further = json!({});
        }
    }
}

/// A list of one fixed length becomes an array, and serde reads and writes arrays of up to 32 values. A longer one is a
/// `Vec`, which is also what one can build.
fn lists_of_a_length_that_serde_knows(schema: &mut Map<String, Value>) {
    let length = |key: &str| schema.get(key).and_then(Value::as_u64);
    let Some(fixed) = length("minItems").filter(|length| *length > 32) else { return };
    if length("maxItems") == Some(fixed) {
        schema.shift_remove("minItems");
        schema.shift_remove("maxItems");
        describe(schema, &format!("Exactly {fixed} values."));
    }
}

/// Adds a sentence to what a schema is described by.
pub(super) fn describe(schema: &mut Map<String, Value>, note: &str) {
    let description = match schema.get("description").and_then(Value::as_str) {
        Some(text) => format!("{}\n\n{note}", text.trim_end()),
        None => note.to_owned(),
    };
    schema.insert("description".to_owned(), description.into());
}
