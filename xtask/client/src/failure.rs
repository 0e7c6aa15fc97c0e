//! Why the generator makes nothing, or not all.

use std::fmt::{self, Display, Formatter};

use xtask_spec::pointer;

/// Why a run of the generator made nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It doesn't take the document: what it says.
    Refused(String),
    /// It didn't come back: what became of it.
    Lost(String),
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Self::Refused(reason) | Self::Lost(reason)) = self;
        f.write_str(reason)
    }
}

/// Why the generator made nothing, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It can't take these parts of the document. Never empty.
    Refused(Vec<Refusal>),
    /// It didn't come back from these parts of the document. Never empty.
    Lost(Vec<Refusal>),
    /// It gave these names to two types each. Never empty.
    Clash(Vec<String>),
    /// It can't take the document, for this reason, and no part of it alone is to blame.
    Other(String),
}

/// A part of the document that the generator can't take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The part.
    pub part: Part,
    /// What the generator says, or what became of it.
    pub reason: String,
}

/// What can be refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// An operation.
    Operation {
        /// Its path.
        path: String,
        /// Its method.
        method: String,
    },
    /// A schema of the components.
    Schema(String),
}

impl Part {
    /// The pointer to it in the document.
    pub(crate) fn pointer(&self) -> String {
        match self {
            Self::Operation { path, method } => pointer::join(&pointer::join("/paths", path), method),
            Self::Schema(name) => pointer::join("/components/schemas", name),
        }
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { path, method } => write!(f, "operation `{} {path}`", method.to_uppercase()),
            Self::Schema(name) => write!(f, "schema `{name}`"),
        }
    }
}
