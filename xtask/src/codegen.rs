//! Stage **generate**: progenitor turns the shaped document into Rust.
//!
//! progenitor and typify panic on what they don't take. Here a panic is an error like any other, and the operations
//! and schemas that are to blame are found by giving each to the generator alone.

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, ReferenceOr};
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::grammar::{self, Object};
use crate::panics;
use crate::pointer;

/// The version of progenitor that this program was built with, from the workspace's Cargo.lock: the crate itself
/// doesn't say.
#[must_use]
pub fn progenitor_version() -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    lock.split("[[package]]")
        .find(|package| package.contains("name = \"progenitor\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .unwrap_or("unknown")
}

/// The client: models, builders, the `Client` itself.
///
/// # Errors
/// What the generator doesn't take.
pub fn client(document: &OpenAPI, place: &dyn Fn(&str) -> Place) -> Result<TokenStream, Problems> {
    generated(document, place, |document| Generator::new(&settings()).generate_tokens(document))
}

/// The typed mocks for httpmock. `client` is the path of the client's module.
///
/// # Errors
/// What the generator doesn't take.
pub fn mocks(document: &OpenAPI, client: &str, place: &dyn Fn(&str) -> Place) -> Result<TokenStream, Problems> {
    // A generator of its own: generating changes the types that a generator knows.
    generated(document, place, |document| Generator::new(&settings()).httpmock(document, client))
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("::schemars::JsonSchema")
        .with_derive("PartialEq")
        // The same value gives the same bytes on the wire, every time.
        .with_map_type("::std::collections::BTreeMap");
    settings
}

fn generated(
    document: &OpenAPI,
    place: &dyn Fn(&str) -> Place,
    generate: impl Fn(&OpenAPI) -> Result<TokenStream, progenitor::Error>,
) -> Result<TokenStream, Problems> {
    let attempt = |document: &OpenAPI| {
        panics::caught(|| generate(document).map_err(|error| error.to_string())).and_then(std::convert::identity)
    };
    attempt(document).map_err(|reason| blame(document, &reason, place, &attempt))
}

/// Finds the operations, and if none is at fault the schemas, that the generator fails on when it gets each alone.
fn blame<T>(
    document: &OpenAPI,
    reason: &str,
    place: &dyn Fn(&str) -> Place,
    attempt: &dyn Fn(&OpenAPI) -> Result<T, String>,
) -> Problems {
    let mut diagnostics = Vec::new();
    let say = |what: String, at: &str, reason: &str| {
        let message = format!("progenitor can't take {what}: {}", shortened(reason));
        let help = "change it in the overlay into what progenitor takes, or remove it there";
        Diagnostic::error("generator", message, help).at(place(at))
    };
    let mut without_paths = document.clone();
    without_paths.paths.paths.clear();
    if attempt(&without_paths).is_err() {
        for (name, alone) in each_schema(&without_paths) {
            if let Err(reason) = attempt(&alone) {
                diagnostics.push(say(
                    format!("schema `{name}`"),
                    &pointer::join("/components/schemas", &name),
                    &reason,
                ));
            }
        }
    } else {
        for (path, method, alone) in each_operation(document) {
            if let Err(reason) = attempt(&alone) {
                let at = pointer::join(&pointer::join("/paths", &path), &method);
                diagnostics.push(say(format!("operation `{} {path}`", method.to_uppercase()), &at, &reason));
            }
        }
    }
    if diagnostics.is_empty() {
        return say("the document as a whole".to_owned(), "", reason).into();
    }
    Problems::from_errors(diagnostics)
}

/// The document with each of its operations alone.
fn each_operation(document: &OpenAPI) -> Vec<(String, String, OpenAPI)> {
    let mut alone = Vec::new();
    for (path, item) in &document.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for (method, operation) in item.iter() {
            let mut item = item.clone();
            for other in grammar::METHODS {
                let slot = match other {
                    "get" => &mut item.get,
                    "put" => &mut item.put,
                    "post" => &mut item.post,
                    "delete" => &mut item.delete,
                    "options" => &mut item.options,
                    "head" => &mut item.head,
                    "patch" => &mut item.patch,
                    _ => &mut item.trace,
                };
                *slot = (other == method).then(|| operation.clone());
            }
            let mut document = document.clone();
            document.paths.paths.clear();
            document.paths.paths.insert(path.clone(), ReferenceOr::Item(item));
            alone.push((path.clone(), method.to_owned(), document));
        }
    }
    alone
}

/// The document with each of its schemas and those that it refers to, directly or not, alone.
fn each_schema(document: &OpenAPI) -> Vec<(String, OpenAPI)> {
    let Some(components) = &document.components else { return Vec::new() };
    let uses = |name: &str| -> Vec<String> {
        let schema =
            components.schemas.get(name).and_then(|schema| serde_json::to_value(schema).ok()).unwrap_or_default();
        let mut used = Vec::new();
        grammar::walk(Object::Schema, &schema, &mut |_, _, value| {
            let reference = value.get("$ref").and_then(Value::as_str);
            used.extend(
                reference.and_then(|reference| reference.strip_prefix("#/components/schemas/")).map(str::to_owned),
            );
        });
        used
    };
    let mut alone = Vec::new();
    for name in components.schemas.keys() {
        let mut needed = BTreeSet::from([name.clone()]);
        let mut open = vec![name.clone()];
        while let Some(name) = open.pop() {
            open.extend(uses(&name).into_iter().filter(|used| needed.insert(used.clone())));
        }
        let mut document = document.clone();
        if let Some(components) = &mut document.components {
            components.schemas.retain(|name, _| needed.contains(name));
        }
        alone.push((name.clone(), document));
    }
    alone
}

/// The generator's messages may hold whole schemas in Rust's debug form; their beginning is enough.
fn shortened(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn messages(document: Value) -> Vec<String> {
        let document = serde_json::from_value(document).unwrap();
        let place = |pointer: &str| Place { file: "a.json".into(), position: None, pointer: pointer.into() };
        match client(&document, &place) {
            Ok(_) => Vec::new(),
            Err(problems) => problems
                .diagnostics()
                .iter()
                .map(|d| format!("{} ({})", d.message, d.place.clone().unwrap().pointer))
                .collect(),
        }
    }

    #[test]
    fn the_version_of_progenitor_is_known() {
        assert!(progenitor_version().starts_with("0.15."), "{}", progenitor_version());
    }

    #[test]
    fn a_panic_of_the_generator_names_each_operation_to_blame() {
        let responses = json!({"200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
            "204": {"description": ""}});
        assert_eq!(
            messages(json!({"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {
                "/a": {"get": {"operationId": "a", "responses": responses}, "put": {"operationId": "b", "responses": {"204": {"description": ""}}}},
                "/c": {"get": {"operationId": "c", "responses": responses}}
            }})),
            [
                "progenitor can't take operation `GET /a`: assertion failed: response_types.len() <= 1 (/paths/~1a/get)",
                "progenitor can't take operation `GET /c`: assertion failed: response_types.len() <= 1 (/paths/~1c/get)",
            ]
        );
    }

    #[test]
    fn a_schema_to_blame_is_named_too() {
        let found = messages(json!({"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {},
            "components": {"schemas": {"Fine": {"type": "string"}, "Odd": {"type": "string", "enum": ["a", "A"]}}}}));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("progenitor can't take schema `Odd`: "), "{found:?}");
        assert!(found[0].ends_with("(/components/schemas/Odd)"), "{found:?}");
    }
}
