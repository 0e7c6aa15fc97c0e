//! One of the two sides of a comparison.

use serde_json::Value;
use xtask_spec::diagnostic::{Diagnostic, Place, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::grammar;
use xtask_spec::overlay::Corrected;

use super::model::Facts;

/// A set of fragments, merged and corrected.
///
/// What is compared is the merged document of OpenAPI 3.1, not the lowered one: lowering has no words for conditions,
/// patterns of names and the like, and whatever it dropped could differ unseen. What 3.0 and 3.1 only spell in two ways
/// is made one where schemas are looked at.
#[derive(Debug)]
pub struct Side {
    shown: String,
    corrected: Corrected,
}

impl Side {
    /// The merged document of `fragments`, corrected by their overlay; `shown` is how a report calls it.
    ///
    /// # Errors
    /// What the merge or the overlay finds wrong.
    pub fn of(shown: impl Into<String>, fragments: &Fragments) -> Result<Self, Problems> {
        Ok(Self { shown: shown.into(), corrected: xtask_spec::corrected(fragments)? })
    }

    /// The same side as the document in OpenAPI 3.0.3 that its client is made of, which keeps the places.
    #[must_use]
    pub fn lowered(mut self, document: Value) -> Self {
        self.corrected.document = document;
        self
    }

    /// The fragments.
    #[must_use]
    pub fn fragments(&self) -> &Fragments {
        self.corrected.origins.fragments()
    }

    /// What the maintainer should know of the merge and the overlay.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.corrected.warnings
    }

    /// The merged, corrected document.
    pub(super) fn document(&self) -> &Value {
        &self.corrected.document
    }

    /// The place in the fragments or the overlay of what `pointer` names in the document.
    pub(super) fn place(&self, pointer: &str) -> Place {
        self.corrected.origins.place(pointer)
    }

    /// Whether what stands at `pointer` was written in OpenAPI 3.0.
    pub(super) fn is_3_0(&self, pointer: &str) -> bool {
        self.corrected.origins.version(pointer).is_some_and(|version| version.starts_with("3.0"))
    }

    /// What there is to say of it as a whole.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let document = self.document();
        Facts {
            shown: self.shown.clone(),
            version: document.pointer("/info/version").and_then(Value::as_str).map(str::to_owned),
            operations: grammar::operations(document).count(),
            schemas: document.pointer("/components/schemas").and_then(Value::as_object).map_or(0, serde_json::Map::len),
        }
    }
}
