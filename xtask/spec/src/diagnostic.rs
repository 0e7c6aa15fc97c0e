//! What a stage has to say to the maintainer: where, what is wrong, what to do. Every kind of problem is an [`Id`].

mod id;
mod place;
mod render;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::Path;

use anstream::adapter::strip_str;

pub use id::Id;
pub use place::{Mark, Place, Position, Span};
pub use render::report;
pub use render::visible;

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing can be written until this is fixed.
    Error,
    /// The run goes on; the maintainer should know.
    Warning,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One problem of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Whether it stops the run.
    pub level: Level,
    /// Where it is; absent only for what has no place, such as an empty folder's contents.
    pub place: Option<Place>,
    /// A stable name for this kind of problem, such as `conflict`.
    pub id: Id,
    /// What is wrong.
    pub message: String,
    /// Other places that belong to it, each with its part in the matter.
    pub related: Vec<(String, Place)>,
    /// The way out.
    pub help: String,
    /// The action of the overlay that has no effect, by its place in the list, if that is what it is about.
    pub action: Option<usize>,
}

impl Diagnostic {
    /// An error of kind `id` with its way out.
    pub fn error(id: Id, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Level::Error, id, message, help)
    }

    /// A warning of kind `id` with its way out.
    pub fn warning(id: Id, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Level::Warning, id, message, help)
    }

    /// An error of the disk at `path`; `what` says what couldn't be done: "can't be read", "can't be written".
    #[must_use]
    pub fn io(path: &Path, what: &str, error: &io::Error) -> Self {
        let help = "check the path, its permissions and the space on the disk, and run it again";
        Self::error(Id::Io, format!("{what}: {error}"), help).at(Place::file(path.display().to_string()))
    }

    fn new(level: Level, id: Id, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { level, place: None, id, message: message.into(), related: Vec::new(), help: help.into(), action: None }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds another place and what it has to do with the problem.
    #[must_use]
    pub fn with(mut self, part: impl Into<String>, place: Place) -> Self {
        self.related.push((part.into(), place));
        self
    }
}

/// As [`report`] has it, without the colours.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", strip_str(&render::diagnostic(self)))
    }
}

/// All that stood in the way of a run; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    /// `Ok` where no diagnostic is an error, else all of them, the errors first.
    ///
    /// # Errors
    /// All diagnostics, where at least one of them is an error.
    pub fn check(mut diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Self> {
        if diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) {
            return Err(Self::from_errors(diagnostics));
        }
        diagnostics.sort();
        diagnostics.dedup();
        Ok(diagnostics)
    }

    /// All of `diagnostics`, of which the caller knows that they stop the run.
    #[must_use]
    pub fn from_errors(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort();
        diagnostics.dedup();
        Self(diagnostics)
    }

    /// The diagnostics, errors first, then by place.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl Problems {
    /// The diagnostics, errors first, then by place.
    #[must_use]
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Diagnostic> for Problems {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// As [`report`] has it, without the colours.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", strip_str(&report(&self.0)))
    }
}

impl std::error::Error for Problems {}
