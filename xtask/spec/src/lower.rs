#![doc = include_str!("lower.md")]

mod arrays;
mod circles;
mod composition;
mod document;
mod leftovers;
mod loss;
mod null;
mod numbers;
mod objects;
mod schema;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id, Place, Problems};
use crate::hidden;
use crate::origins::Origins;
use crate::overlay::Corrected;
use crate::pointer;
use crate::references::References;

/// A document of OpenAPI 3.0.3.
#[derive(Debug)]
pub struct Lowered {
    /// The document.
    pub document: Value,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    /// Where in the merged document the hoisted schemas came from, by their pointers.
    moved: BTreeMap<String, String>,
    origins: Arc<Origins>,
}

impl Lowered {
    /// The place in the fragments of what `pointer` names in the lowered document.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        for (new, old) in &self.moved {
            if let Some(below) =
                pointer.strip_prefix(new.as_str()).filter(|below| below.is_empty() || below.starts_with('/'))
            {
                return self.origins.place(&format!("{old}{below}"));
            }
        }
        self.origins.place(pointer)
    }
}

/// Lowers the corrected document.
///
/// # Errors
/// What isn't shaped as OpenAPI wants it, references that can't be followed, and anything of 3.1 that was left over.
pub fn lower(corrected: &Corrected) -> Result<Lowered, Problems> {
    let mut lowering = Lowering::new(corrected, References::of(&corrected.document));
    let mut document = lowering.document();
    if let Some(references) = lowering.references.for_another_walk() {
        lowering = Lowering::new(corrected, references);
        document = lowering.document();
    }
    lowering.loosen_around_losses(&mut document);
    let moved = lowering.references.moved();
    let mut diagnostics = lowering.diagnostics;
    let version = corrected.document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    diagnostics.extend(hidden::complaint("`info.version`", version).map(|complaint| {
        let help = "write a version without it";
        Diagnostic::error(Id::Version, complaint, help).at(corrected.origins.place("/info/version"))
    }));
    let origin = |at: &str| moved.get(at).map_or_else(|| corrected.origins.place(at), |at| corrected.origins.place(at));
    diagnostics.extend(circles::find(&document).into_iter().map(|(at, way)| {
        let way: Vec<String> = way.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("a schema that is all of itself, by {}", way.join(" → "));
        let help = "say in the overlay what it is made of: take one of these references out of it";
        Diagnostic::error(Id::Circle, message, help).at(origin(&at))
    }));
    if !diagnostics.iter().any(|diagnostic| diagnostic.level == crate::diagnostic::Level::Error) {
        diagnostics.extend(leftovers::find(&document));
    }
    let warnings = Problems::check(diagnostics)?;
    Ok(Lowered { document, warnings, moved, origins: corrected.origins.clone() })
}

/// A walk through the document: what it needs, and what it found.
struct Lowering<'a> {
    corrected: &'a Corrected,
    references: References<'a>,
    diagnostics: Vec<Diagnostic>,
    /// How often something was relaxed so far.
    losses: usize,
    /// The schemas of the components in which something was relaxed.
    lossy: Vec<String>,
}

impl<'a> Lowering<'a> {
    fn new(corrected: &'a Corrected, references: References<'a>) -> Self {
        Self { corrected, references, diagnostics: Vec::new(), losses: 0, lossy: Vec::new() }
    }

    fn place(&self, at: &str) -> Place {
        self.corrected.origins.place(at)
    }

    /// `keyword` at `at` constrains, and 3.0 can't say it.
    fn loosened(&mut self, at: &str, keyword: &str, loss: &str) {
        self.losses = self.losses.saturating_add(1);
        let message = format!("`{keyword}` can't be said in OpenAPI 3.0: {loss}");
        let help = "nothing has to be done: the client accepts more than the specification does";
        self.warn(Id::Loosened, &pointer::join(at, keyword), message, help);
    }

    /// `key` at `at` was dropped, and nothing that it constrains is lost.
    fn dropped(&mut self, at: &str, key: &str, why: &str) {
        let message = format!("`{key}` is dropped: {why}");
        self.warn(Id::Dropped, &pointer::join(at, key), message, "nothing has to be done");
    }

    fn warn(&mut self, id: Id, at: &str, message: String, help: &str) {
        let place = self.place(at);
        self.diagnostics.push(Diagnostic::warning(id, message, help).at(place));
    }

    /// What stands at `at` isn't what OpenAPI wants there.
    fn malformed(&mut self, at: &str, expected: &str) {
        let place = self.place(at);
        let help = "the fragment is not as OpenAPI wants it: get it again from its page, or correct it in the overlay";
        self.diagnostics.push(Diagnostic::error(Id::Shape, format!("{expected} is expected here"), help).at(place));
    }
}
