//! An overlay and its actions.

use serde_json::Value;

use super::path::Path;
use crate::pointer;
use crate::source::Source;

/// An overlay that keeps to its specification.
#[derive(Debug)]
pub struct Overlay {
    source: Source,
    edition: Edition,
    actions: Vec<Action>,
}

/// Which version of the Overlay Specification an overlay is written in; patch versions make no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edition {
    /// 1.0.x
    First,
    /// 1.1.x: `copy`, and primitive targets.
    Second,
}

/// One correction.
#[derive(Debug)]
pub(super) struct Action {
    /// Its place in the list.
    pub(super) index: usize,
    pub(super) description: Option<String>,
    pub(super) target: Path,
    pub(super) change: Change,
}

/// What an action does to each part that its target selects.
#[derive(Debug)]
pub(super) enum Change {
    /// Takes it away.
    Remove,
    /// Merges a value into it.
    Update(Value),
    /// Merges another part of the document into it.
    Copy(Path),
}

impl Action {
    /// The pointer to the action, or to what it has under `key`.
    pub(super) fn at(&self, key: &str) -> String {
        pointer::join(&format!("/actions/{}", self.index), key)
    }

    /// What the action is called in a message: its number, its target, and the first line of its reason.
    pub(super) fn name(&self) -> String {
        let reason = self.description.as_deref().and_then(|text| text.trim().lines().next());
        let reason = reason.map(|line| format!(" ({line})")).unwrap_or_default();
        format!("`actions[{}]` on `{}`{reason}", self.index, self.target.text())
    }
}

impl Overlay {
    pub(super) fn new(source: Source, edition: Edition, actions: Vec<Action>) -> Self {
        Self { source, edition, actions }
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How many actions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.actions.len()
    }

    pub(super) fn actions(&self) -> &[Action] {
        &self.actions
    }

    pub(super) fn edition(&self) -> Edition {
        self.edition
    }
}
