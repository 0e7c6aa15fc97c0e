//! Stage **lower**: OpenAPI 3.1 becomes OpenAPI 3.0.3, which is all that progenitor reads.
//!
//! What both versions write the same way passes as it is. What 3.1 writes in a way of its own is an error with its
//! place until it has a function here: nothing is dropped in silence.

mod keywords;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Problems};
use crate::grammar::{self, Object};
use crate::merge::Merged;
use crate::pointer;
use crate::read::Fragments;

/// A document of OpenAPI 3.0.3.
#[derive(Debug)]
pub struct Lowered {
    /// The document.
    pub document: Value,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
}

/// Lowers the merged document.
///
/// # Errors
/// Every construct that 3.0.3 can't say and that has no lowering.
pub fn lower(merged: &Merged, fragments: &Fragments) -> Result<Lowered, Problems> {
    let mut diagnostics = Vec::new();
    grammar::walk(Object::OpenApi, &merged.document, &mut |at, object, value| {
        for (below, message, help) in keywords::unlowered(object, value) {
            let pointer = if below.is_empty() { at.to_owned() } else { pointer::join(at, below) };
            let place = merged.origins.place(fragments, &pointer);
            diagnostics.push(Diagnostic::error("not-lowered", message, help).at(place));
        }
    });
    let warnings = Problems::check(diagnostics)?;
    let mut document = merged.document.clone();
    if let Some(version) = document.get_mut("openapi") {
        *version = "3.0.3".into();
    }
    Ok(Lowered { document, warnings })
}
