//! Stage **overlay**: our corrections to the vendor's text, by the OpenAPI Overlay Specification 1.0 and 1.1.
//!
//! Two things go beyond the specification, which lets an action that matches nothing pass: an action without effect is
//! an error, since a correction that nobody needs any more, or that misses what it was made for, would stay unseen. And
//! what only holds of the document as a whole (its names, its references) is looked at when the last action is done, so
//! that an action can put it right.
//!
//! Both versions merge members by the rules that 1.1 spells out where 1.0 says no more than *recursively*. A value that
//! is appended to a selected list is one item in 1.0; in 1.1, a list is concatenated with it.

mod apply;
mod bounds;
pub(crate) mod document;
mod path;
mod reader;
#[cfg(test)]
mod tests;
mod union;

use std::sync::Arc;

use serde_json::Value;

use crate::complete;
use crate::diagnostic::{Diagnostic, Id, Problems};
use crate::merge::{self, Merged};
use crate::origins::Origins;
use apply::Correction;

pub use document::Overlay;

/// One OpenAPI 3.1 document in which all operations have a name and all references lead somewhere, with what is known
/// of where each part of it came from.
#[derive(Debug)]
pub struct Corrected {
    /// The document.
    pub document: Value,
    /// Where its parts came from.
    pub origins: Arc<Origins>,
    /// What the maintainer should know, of the merge and of the corrections.
    pub warnings: Vec<Diagnostic>,
}

/// Applies the overlay, if there is one, and completes the document. What the fragments contradict each other in is decided
/// if the actions make the same of all versions.
///
/// # Errors
/// Every contradiction that isn't decided, and every action that can't be applied or has no effect; else every name that stands twice, every path that is another
/// one too, and every reference that leads nowhere.
pub fn overlay(merged: Merged) -> Result<Corrected, Problems> {
    let Merged { mut document, mut origins, warnings, conflicts } = merged;
    let mut diagnostics = Vec::new();
    let fragments = origins.fragments().clone();
    if let Some(overlay) = fragments.overlay() {
        let variants = merge::variants(&document, &conflicts);
        let variants: Vec<Correction<'_>> =
            variants.into_iter().map(|variant| Correction::of(variant, origins.clone(), overlay)).collect();
        let mut correction = Correction::of(document, origins, overlay);
        // An action that decides a conflict may change only the other version.
        correction.diagnostics.retain(|said| {
            let says_so = |variant: &Correction<'_>| {
                variant.diagnostics.iter().any(|other| (other.id, &other.place) == (said.id, &said.place))
            };
            said.id != Id::NoEffect || variants.iter().all(says_so)
        });
        for conflict in conflicts {
            if !variants.iter().all(|variant| conflict.is_decided(&correction.document, &variant.document)) {
                correction.diagnostics.extend(conflict.into_diagnostics());
            }
        }
        // What the document lacks may be what a failed action was to bring.
        diagnostics = Problems::check(correction.diagnostics)?;
        (document, origins) = (correction.document, correction.origins);
    }
    diagnostics.extend(complete::complete(&mut document, &mut origins));
    let own = Problems::check(diagnostics)?;
    Ok(Corrected { document, origins: Arc::new(origins), warnings: [warnings, own].concat() })
}
