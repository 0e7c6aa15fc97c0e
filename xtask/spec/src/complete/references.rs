//! References that lead nowhere, or to something of another kind.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id};
use crate::grammar::{self, COMPONENTS, Object};
use crate::origins::Origins;
use crate::pointer;
use crate::references::References;

/// Every `$ref` that names nothing in `document`, something outside of it, or a component of another kind than has to
/// stand there.
pub(super) fn dangling(document: &Value, origins: &Origins) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let references = References::of(document);
    grammar::walk(Object::OpenApi, document, &mut |at, object, value| {
        let Some(reference) = value.get("$ref") else { return };
        let place = || origins.place(&pointer::join(at, "$ref"));
        let Some(reference) = reference.as_str() else {
            let message = "a `$ref` has to be a text";
            diagnostics
                .push(Diagnostic::error(Id::Reference, message, "get the fragment again from its page").at(place()));
            return;
        };
        if object == Object::Schema && references.resolve(at, reference).is_some() {
            return;
        }
        if !reference.starts_with('#') {
            let message = format!("`{reference}` refers to another document");
            let help = "bring what it refers to into the fragment, under `components`";
            diagnostics.push(Diagnostic::error(Id::Reference, message, help).at(place()));
            return;
        }
        let found = pointer::of_reference(reference).is_some_and(|target| document.pointer(&target).is_some());
        if !found {
            let message = format!("`{reference}` refers to nothing in the merged document");
            let help =
                "add the fragment that defines it, get this one again from its page, or correct it in the overlay";
            diagnostics.push(Diagnostic::error(Id::Reference, message, help).at(place()));
        } else if let Some((kind, expected)) = kinds(object, reference).filter(|(kind, expected)| kind != expected) {
            let message = format!("`{reference}` is one of the `{kind}`, where one of the `{expected}` is expected");
            let help = "get the fragment again from its page, or correct the reference in the overlay";
            diagnostics.push(Diagnostic::error(Id::Reference, message, help).at(place()));
        }
    });
    diagnostics
}

/// The kind of component that `reference` leads to, and the kind that has to stand where an `object` is.
fn kinds(object: Object, reference: &str) -> Option<(&'static str, &'static str)> {
    let (kind, _) = reference.strip_prefix("#/components/")?.split_once('/')?;
    let (kind, _) = COMPONENTS.iter().find(|(name, _)| *name == kind)?;
    let (expected, _) = COMPONENTS.iter().find(|(_, expected)| *expected == object)?;
    Some((kind, expected))
}
