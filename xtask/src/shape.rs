//! Stage **shape**: the lowered document, made such that progenitor makes the client of it that we want.
//!
//! What is done here serves the generator and is seen by it alone; `openapi.json` stays what the vendor says. Each
//! step has a file and a reason. Wherever there is a choice, the operation stays callable; what has to be left out is
//! left out by name, with a warning.

mod bodies;
mod defaults;
mod names;
mod operations;
mod parameters;
mod responses;
mod schemas;
mod unused;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::lower::Lowered;

/// What progenitor reads.
#[derive(Debug)]
pub struct Shaped {
    /// The document of the client, in progenitor's own model.
    pub client: OpenAPI,
    /// The document of the mocks: the same, but with every documented response as it is documented. A mock may answer
    /// what it likes; only the client has to make one type of all answers.
    pub mocks: OpenAPI,
    /// What polish has to know of single operations, by the name of their function.
    pub operations: BTreeMap<String, Traits>,
    /// Whether names were kept apart by marks (see [`crate::rust_name::MARK`]).
    pub marked: bool,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
}

/// What an operation has that progenitor has no word for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// The content type of its body, where that isn't the one that progenitor would send.
    pub content_type: Option<String>,
    /// Its body is `multipart/form-data`.
    pub multipart: bool,
    /// Statuses (`204`, `2XX`) that come without a body beside others that have one.
    pub bodiless: BTreeSet<String>,
}

/// A walk through the document, and what it found.
pub(crate) struct Shaping<'a> {
    place: &'a dyn Fn(&str) -> Place,
    warnings: Vec<Diagnostic>,
    traits: BTreeMap<String, Traits>,
}

impl Shaping<'_> {
    fn warn(&mut self, id: &'static str, at: &str, message: String, help: &str) {
        self.warnings.push(Diagnostic::warning(id, message, help).at((self.place)(at)));
    }
}

/// Shapes the lowered document; `place` finds where a pointer into it came from.
///
/// # Errors
/// What openapiv3, and so progenitor, can't read.
pub fn shape(lowered: &Lowered, place: &dyn Fn(&str) -> Place) -> Result<Shaped, Problems> {
    let mut document = lowered.document.clone();
    let mut shaping = Shaping { place, warnings: Vec::new(), traits: BTreeMap::new() };
    unused::removed(&mut document);
    shaping.operations(&mut document);
    defaults::into_descriptions(&mut document);
    schemas::for_typify(&mut document);
    let renamed = names::apart_in_rust(&mut document, place);
    let marked = renamed.iter().any(|name| name.marked);
    shaping.warnings.extend(renamed.into_iter().map(|name| name.warning));

    let mocks = parse(document.clone())?;
    responses::of_one_type(&mut document, &mut shaping);
    let client = parse(document)?;
    Ok(Shaped { client, mocks, operations: shaping.traits, marked, warnings: shaping.warnings })
}

fn parse(document: Value) -> Result<OpenAPI, Problems> {
    serde_json::from_value(document).map_err(|error| {
        let message = format!("the lowered document is not OpenAPI 3.0.3 as openapiv3 reads it: {error}");
        let help = "see what `cargo xtask merge` prints, and correct the vendor's text in the overlay";
        Diagnostic::error("openapi-3.0", message, help).into()
    })
}
