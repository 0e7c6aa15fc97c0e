//! Why the generator makes nothing, or not all.

/// Why the generator made nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It can't take these parts of the document. Never empty.
    Refused(Vec<Refusal>),
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
    /// What the generator says.
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
