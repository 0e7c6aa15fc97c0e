//! What of 3.1 has no lowering yet.

use serde_json::Value;

use crate::grammar::{self, Object};

const LATER: &str = "write it the way OpenAPI 3.0 does, by an overlay action, until this program lowers it";
const SHAPE: &str = "the fragment is not as OpenAPI wants it: take it anew from its page, or correct it in the overlay";
const UNKNOWN: &str = "see whether it is misspelt, and correct it in the overlay; an extension's name begins with `x-`";

/// The keys of `value` that OpenAPI 3.0.3 doesn't know, or knows with another meaning; an empty key stands for the
/// value as a whole. Each comes with what is wrong and what to do.
pub(super) fn unlowered(object: Object, value: &Value) -> Vec<(&str, String, &'static str)> {
    let Value::Object(members) = value else {
        return match (object, value) {
            (Object::Schema, Value::Bool(_)) => vec![("", "a boolean schema is not lowered yet".to_owned(), LATER)],
            _ => vec![("", format!("{} is expected here", expected(object)), SHAPE)],
        };
    };
    let mut found = Vec::new();
    for (key, value) in members {
        if grammar::shape(object, key).is_none() {
            found.push((key.as_str(), format!("`{key}` is no keyword of {}", expected(object)), UNKNOWN));
        } else if let Some(reason) = of_3_1_only(object, key, value) {
            found.push((key.as_str(), format!("{reason} is not lowered yet"), LATER));
        }
    }
    if members.contains_key("$ref") && members.len() > 1 && object == Object::Schema {
        found.push(("$ref", "a `$ref` with siblings is not lowered yet".to_owned(), LATER));
    }
    found
}

fn of_3_1_only(object: Object, key: &str, value: &Value) -> Option<String> {
    let named = || Some(format!("`{key}` of OpenAPI 3.1"));
    match (object, key) {
        (Object::OpenApi, "webhooks" | "jsonSchemaDialect") | (Object::Components, "pathItems") => named(),
        (Object::Info, "summary") => named(),
        (Object::Info, "license") if value.get("identifier").is_some() => Some("`license.identifier`".to_owned()),
        (Object::SecurityScheme, "type") if value == "mutualTLS" => Some("`mutualTLS`".to_owned()),
        (Object::Schema, "type") => match value.as_str() {
            Some("null") => Some("the type `null`".to_owned()),
            Some(_) => None,
            None => Some("a list of types".to_owned()),
        },
        (Object::Schema, "exclusiveMinimum" | "exclusiveMaximum") if !value.is_boolean() => {
            Some(format!("a numeric `{key}`"))
        }
        (
            Object::Schema,
            "const"
            | "examples"
            | "if"
            | "then"
            | "else"
            | "prefixItems"
            | "contains"
            | "minContains"
            | "maxContains"
            | "propertyNames"
            | "patternProperties"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentEncoding"
            | "contentMediaType"
            | "contentSchema"
            | "$defs"
            | "definitions"
            | "$id"
            | "$schema"
            | "$anchor"
            | "$dynamicRef"
            | "$dynamicAnchor"
            | "$vocabulary"
            | "$comment",
        ) => named(),
        _ => None,
    }
}

fn expected(object: Object) -> &'static str {
    match object {
        Object::OpenApi => "an OpenAPI document",
        Object::Info => "an info object",
        Object::Server => "a server",
        Object::ServerVariable => "a server variable",
        Object::Components => "the components",
        Object::PathItem => "a path item",
        Object::Operation => "an operation",
        Object::ExternalDocs => "a reference to external documentation",
        Object::Parameter => "a parameter",
        Object::RequestBody => "a request body",
        Object::MediaType => "a media type",
        Object::Encoding => "an encoding",
        Object::Responses => "the responses",
        Object::Response => "a response",
        Object::Callback => "a callback",
        Object::Example => "an example",
        Object::Link => "a link",
        Object::Header => "a header",
        Object::Tag => "a tag",
        Object::Schema => "a schema",
        Object::Discriminator => "a discriminator",
        Object::SecurityScheme => "a security scheme",
    }
}
