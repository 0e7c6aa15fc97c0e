//! Parts of which fragments say different things.
//!
//! The overlay decides one if its actions make the same of all versions: so each version is corrected, in a document of
//! its own, and what comes out is compared.

use serde_json::Value;

use super::compare::{self, Comparison};
use super::{Member, Version};
use crate::diagnostic::Diagnostic;
use crate::pointer;

/// A part with the versions that contradict the one in the merged document.
#[derive(Debug)]
pub(crate) struct Conflict {
    path: Vec<String>,
    object: Member,
    versions: Vec<Value>,
    diagnostics: Vec<Diagnostic>,
}

impl Conflict {
    pub(super) fn new(path: &[String], object: Member, others: Vec<Version>) -> Self {
        let (versions, diagnostics) = others.into_iter().map(|other| (other.value, other.diagnostic)).unzip();
        Self { path: path.to_vec(), object, versions, diagnostics }
    }

    /// What the versions differ in.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Whether this part is the same in both documents.
    pub(crate) fn is_decided(&self, one: &Value, other: &Value) -> bool {
        let [one, other] = [one, other].map(|document| document.pointer(&self.pointer(document)));
        match (one, other) {
            (Some(one), Some(other)) => !matches!(compare::compare(self.object, one, other), Comparison::Different(_)),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    fn pointer(&self, document: &Value) -> String {
        if let [root, name] = self.path.as_slice()
            && root == "tags"
        {
            let tags = document.get("tags").and_then(Value::as_array);
            let index =
                tags.and_then(|tags| tags.iter().position(|tag| tag.get("name") == Some(&name.as_str().into())));
            return index.map_or_else(|| "/tags/-".to_owned(), |index| format!("/tags/{index}"));
        }
        self.path.iter().fold(String::new(), |at, segment| pointer::join(&at, segment))
    }
}

/// The merged `document` as it would be by the other versions: the first one of each part, then the second one, and so on.
pub(crate) fn variants(document: &Value, conflicts: &[Conflict]) -> Vec<Value> {
    let most = conflicts.iter().map(|conflict| conflict.versions.len()).max().unwrap_or_default();
    let variants = (0..most).map(|index| {
        let mut variant = document.clone();
        for conflict in conflicts {
            let part = variant.pointer_mut(&conflict.pointer(document));
            // Where a part has fewer versions, its last one stands again.
            if let (Some(part), Some(version)) = (part, conflict.versions.get(index).or(conflict.versions.last())) {
                part.clone_from(version);
            }
        }
        variant
    });
    variants.collect()
}
