//! References that lead nowhere.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id};
use crate::grammar::{self, Object};
use crate::origins::Origins;
use crate::pointer;
use crate::references::References;

/// Every `$ref` that names nothing in `document`, or something outside of it.
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
        }
    });
    diagnostics
}
