//! What the hand-written code rests on: the statements of the pages, and values in the fragments.
//!
//! Both stand in `sources.toml`. `import` writes what a page says, as digests, under `statements` of each fragment of
//! the page. The maintainer writes under `[ground]`, for each documented statement by its number, which of these
//! digests it is, or which value of a fragment:
//!
//! ```toml
//! [fragment."create-room.json"]
//! statements = ["0123456789abcdef"]
//!
//! [ground.R1]
//! rule = "room.name.length"
//! prose = [{ page = "create-room", digest = "0123456789abcdef" }]
//!
//! [ground.R2]
//! rule = "room.sub-type"
//! values = [{ fragment = "create-room", pointer = "/components/schemas/Room/description", digest = "fedcba9876543210" }]
//! ```
//!
//! So the table stands beside what it speaks of, `import` and `bump` can read it in any folder of fragments without
//! knowing the crate that has the rules, and when a page changes, one line in one file says that somebody has looked at
//! it. A page or fragment is named by its file, without the extension. That the rules and this table agree is a test of
//! the workspace.

mod ledger;

use serde_json::Value;

use xtask_diff::model::Ground;
use xtask_spec::diagnostic::{Diagnostic, Id, Place};
use xtask_spec::source;

pub use ledger::Ledger;

/// So many digits of a SHA-256 are kept: enough to tell sentences apart.
const DIGITS: usize = 16;

/// The digest of a statement's words: the first 16 digits of their SHA-256, in hexadecimal.
#[must_use]
pub fn digest(words: &str) -> String {
    let mut digest = source::digest(words.as_bytes());
    digest.truncate(DIGITS);
    digest
}

/// The digest of a value: that of its JSON without white space, the members of objects sorted by their names.
#[must_use]
pub fn value_digest(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(sorted).collect(),
            Value::Object(members) => {
                let mut members: Vec<(String, Value)> =
                    members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
                Value::Object(members.into_iter().collect())
            }
            other => other.clone(),
        }
    }
    digest(&sorted(value).to_string())
}

/// What one documented statement rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Footing {
    /// On a statement of a page.
    Prose {
        /// The page, as the name of its fragment's file without the extension.
        page: String,
        /// Of its words, by [`digest`].
        digest: String,
    },
    /// On a value of a fragment.
    Value {
        /// The name of the fragment's file, without the extension.
        fragment: String,
        /// JSON pointer (RFC 6901) into the fragment.
        pointer: String,
        /// By [`value_digest`].
        digest: String,
    },
}

/// A documented statement that no longer stands where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMoved {
    /// The number of the statement, such as `R3`.
    pub statement: String,
    /// The code of the rule that rests on it, such as `room.name.length`, if one does.
    pub rule: Option<String>,
    /// What it rested on.
    pub footing: Footing,
    /// The digest of the value that stands there now; `None` where there is none, and of a statement in prose.
    pub now: Option<String>,
    /// Where `sources.toml` says so.
    pub place: Place,
}

impl RuleMoved {
    /// The statement's number, and the rule that rests on it.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.rule {
            Some(rule) => format!("{} (rule `{rule}`)", self.statement),
            None => self.statement.clone(),
        }
    }

    /// What it rested on, as a report has it.
    pub(crate) fn ground(&self) -> Ground {
        let (fragment, pointer) = match &self.footing {
            Footing::Prose { page, .. } => (page.clone(), None),
            Footing::Value { fragment, pointer, .. } => (fragment.clone(), Some(pointer.clone())),
        };
        Ground { fragment, pointer, rule: self.name() }
    }

    /// A warning for the maintainer.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let name = self.name();
        let (message, help) = match &self.footing {
            Footing::Prose { page, .. } => (
                format!("{name} rests on a statement that the page of `{page}` doesn't hold any more"),
                "if the page is there, read what appeared on it and see whether the code still does what it says, then \
                 write the new digest here; else remove what has lost its ground"
                    .to_owned(),
            ),
            Footing::Value { fragment, pointer, .. } => match &self.now {
                Some(now) => (
                    format!("{name} rests on a value of `{fragment}` that has changed"),
                    format!(
                        "read {pointer} and see whether the code still does what it says; then write its digest here: {now}"
                    ),
                ),
                None => (
                    format!("{name} rests on a value that `{fragment}` doesn't have any more"),
                    format!(
                        "see what took the place of {pointer}; then write that here, or remove what has lost its ground"
                    ),
                ),
            },
        };
        Diagnostic::warning(Id::Ground, message, help).at(self.place.clone())
    }
}

/// The statements that stood on their ground in `old` and don't in `new`, in the order of the table.
#[must_use]
pub fn compare(old: &Ledger, new: &Ledger) -> Vec<RuleMoved> {
    let before = old.moved();
    let was_moved = |moved: &RuleMoved| {
        before.iter().any(|before| (&before.statement, &before.footing) == (&moved.statement, &moved.footing))
    };
    new.moved().into_iter().filter(|moved| !was_moved(moved)).collect()
}
