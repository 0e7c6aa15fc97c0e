//! Stage **shape**: the lowered document, made such that progenitor makes the client of it that we want.
//!
//! What is done here serves the generator and is seen by it alone; `openapi.json` stays what the vendor says.

mod defaults;
mod names;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::lower::Lowered;

/// What progenitor reads.
#[derive(Debug)]
pub struct Shaped {
    /// The document in progenitor's own model.
    pub document: OpenAPI,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
}

/// Shapes the lowered document; `place` finds where a pointer into it came from.
///
/// # Errors
/// What openapiv3, and so progenitor, can't read.
pub fn shape(lowered: &Lowered, place: &dyn Fn(&str) -> Place) -> Result<Shaped, Problems> {
    let mut document = lowered.document.clone();
    defaults::into_descriptions(&mut document);
    let warnings = names::apart_in_rust(&mut document, place);
    Ok(Shaped { document: parse(document)?, warnings })
}

fn parse(document: Value) -> Result<OpenAPI, Problems> {
    serde_json::from_value(document).map_err(|error| {
        let message = format!("the lowered document is not OpenAPI 3.0.3 as openapiv3 reads it: {error}");
        let help = "see what `cargo xtask merge` prints, and correct the vendor's text in the overlay";
        Diagnostic::error("openapi-3.0", message, help).into()
    })
}
