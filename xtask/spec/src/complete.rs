//! Stage **complete**: every path gets its operations and every operation its `operationId`, and what fragments have in
//! common is looked at: names, paths and references.
//!
//! It comes after the overlay, so that an action can put right what would be wrong here.

mod operation_ids;
mod path_items;
mod references;
mod templates;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::origins::Origins;

pub use operation_ids::derive as derive_operation_id;

/// Completes the document, and says what is wrong with it.
pub(crate) fn complete(document: &mut Value, origins: &mut Origins) -> Vec<Diagnostic> {
    let mut diagnostics = path_items::inline(document, origins);
    diagnostics.extend(operation_ids::complete(document, origins));
    diagnostics.extend(templates::same_but_for_parameter_names(document, origins));
    diagnostics.extend(references::dangling(document, origins));
    diagnostics
}
