//! What no client is made of goes first: callbacks, links, examples, security, and the like. progenitor doesn't look
//! at them, but openapiv3 has to read them, and fails on some.

use serde_json::Value;

use xtask_spec::grammar::{self, Object};

/// Removes what the generator doesn't use.
pub(super) fn removed(document: &mut Value) {
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, value| {
        let unused: &[&str] = match object {
            Object::OpenApi => &["security", "tags", "externalDocs", "servers"],
            Object::Components => &["examples", "headers", "securitySchemes", "links", "callbacks"],
            Object::Info => &["contact", "license"],
            Object::PathItem => &["servers", "summary", "description"],
            Object::Operation => &["callbacks", "security", "servers", "externalDocs", "tags"],
            Object::Response => &["headers", "links"],
            Object::Parameter => &["example", "examples"],
            Object::MediaType => &["example", "examples", "encoding"],
            // A title would become the name of a type, and many schemas have the same.
            Object::Schema => &["example", "externalDocs", "xml", "discriminator", "title"],
            _ => &[],
        };
        if let Value::Object(members) = value {
            let extension = |key: &str| key.starts_with("x-") && object != Object::Responses;
            members.retain(|key, _| !(unused.contains(&key.as_str()) || extension(key)));
        }
    });
}
