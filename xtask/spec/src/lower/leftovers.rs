//! The last look: nothing of 3.1 may be left, or the generator would read it as something else.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id, Place};
use crate::grammar::{self, Object, Shape};

/// What is in `document` that OpenAPI 3.0.3 doesn't know, each a fault of this program.
pub(super) fn find(document: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    grammar::walk(Object::OpenApi, document, &mut |at, object, value| {
        let Value::Object(members) = value else {
            // The one boolean schema that 3.0 has.
            if value.is_boolean() && at.ends_with("/additionalProperties") {
                return;
            }
            found.push(fault(at, "a value that isn't an object"));
            return;
        };
        for (key, value) in members {
            if is_later(object, key, value) {
                found.push(fault(at, &format!("`{key}`")));
            }
        }
        if object == Object::Schema && members.contains_key("$ref") && members.len() > 1 {
            found.push(fault(at, "a `$ref` with siblings"));
        }
    });
    found
}

fn is_later(object: Object, key: &str, value: &Value) -> bool {
    match (object, key) {
        (Object::OpenApi, "webhooks" | "jsonSchemaDialect") | (Object::Components, "pathItems") => true,
        (Object::PathItem, "$ref") => true,
        (Object::Schema, "type") => !value.is_string() || value == "null",
        (Object::Schema, "exclusiveMinimum" | "exclusiveMaximum") => !value.is_boolean(),
        (Object::Schema, "additionalProperties") => false,
        (Object::Schema, key) => {
            const KNOWN: [&str; 37] = [
                "title",
                "description",
                "default",
                "deprecated",
                "readOnly",
                "writeOnly",
                "example",
                "externalDocs",
                "xml",
                "discriminator",
                "nullable",
                "type",
                "format",
                "enum",
                "multipleOf",
                "maximum",
                "minimum",
                "exclusiveMaximum",
                "exclusiveMinimum",
                "maxLength",
                "minLength",
                "pattern",
                "maxItems",
                "minItems",
                "uniqueItems",
                "items",
                "maxProperties",
                "minProperties",
                "required",
                "properties",
                "additionalProperties",
                "allOf",
                "oneOf",
                "anyOf",
                "not",
                "$ref",
                "x-",
            ];
            !key.starts_with("x-") && !KNOWN.contains(&key)
        }
        (object, key) => {
            !matches!(grammar::shape(object, key), Some(Shape::Data | Shape::One(_) | Shape::List(_) | Shape::Map(_)))
        }
    }
}

fn fault(at: &str, what: &str) -> Diagnostic {
    let place = Place { file: "the lowered document".to_owned(), position: None, pointer: at.to_owned() };
    let help = "this is a fault of xtask: report it with the fragment; an overlay action can work around it";
    Diagnostic::error(Id::LeftoverOf31, format!("{what} of OpenAPI 3.1 is left in the lowered document"), help)
        .at(place)
}
