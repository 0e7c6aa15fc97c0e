//! What a stage has to say to the maintainer: where, what is wrong, what to do.
//!
//! Every kind of problem has an `id` that stays the same, whatever the message says. Each is a literal where the problem is
//! made, and has its line here:
//!
//! | id | meaning | way out |
//! |---|---|---|
//! | `as-published` | The overlay of one side of a comparison is left out, since the other side can have none. | Put the other side into a folder with a copy of the overlay. |
//! | `as-text` | A parameter has no one form in a URL; it is given as the text that goes onto the wire. | Nothing; its page says how the text is composed. |
//! | `check` | The workspace can't be checked at the end of a bump. | Check it with `cargo check`; the bump itself is done. |
//! | `collision` | Two sources of an import lead to the same file, or one to several. | Import them apart, or remove the file that is of no use any more. |
//! | `conflict` | Two fragments hold the same thing, and not with the same words. | Take both pages of the same version of the spec; operations of one name are told apart in the overlay. |
//! | `dropped` | A keyword of OpenAPI 3.1 is dropped, and nothing that it constrains is lost. | Nothing. |
//! | `fetch` | An address can't be fetched. | See whether `curl` is there and the address is right, or save the page and import the file. |
//! | `generated-code` | Generated code that is to be compared is not Rust, or not whole. | Generate it again. |
//! | `generator` | progenitor can't take a part of the document, or made of it what isn't Rust. | Change that part in the overlay, or remove it there. |
//! | `ground` | A documented statement that the code rests on is not on its page or in its fragment any more. | Read what took its place, follow it in the code, and write its digest into `sources.toml`. |
//! | `io` | A file or folder can't be read or written. | Check the path, its permissions and the space on the disk. |
//! | `laggard` | A fragment is of an older version of the spec than another one. | Import its page too. |
//! | `left-behind` | A fragment comes from a page that no longer holds it. | Remove it if the vendor has withdrawn it; else import the page that has it now. |
//! | `left-out` | A parameter, response or media type is not part of the client. | Correct it in the overlay, if it should be. |
//! | `leftover` | A keyword of OpenAPI 3.0 that means nothing in 3.1 is taken in its old meaning. | Nothing, or the words of 3.1 in the overlay. |
//! | `leftover-of-3.1` | What was lowered still has something of OpenAPI 3.1: a fault of xtask. | Report it with the fragment; an overlay action can work around it. |
//! | `lock` | Cargo can't bring `Cargo.lock` in step with the manifest. | Mend what cargo says; where it lacks a crate, run it again with a network. |
//! | `loosened` | OpenAPI 3.0 can't say what a keyword of 3.1 does: the client accepts more than the specification. | Nothing. |
//! | `lost` | A replaced fragment had an operation that the new one doesn't have. | Import the page that has it now, or remove it from where it is used. |
//! | `merged-types` | An operation answers with several types, which become one. | Decode the value by the response's status. |
//! | `name` | No file name can be made for a fragment, or the name is taken. | Rename the source, or the file that has the name. |
//! | `no-effect` | An action of the overlay matches nothing, or changes nothing. | Delete it if the vendor has made the correction, or write its target anew. |
//! | `no-fragments` | The folder holds nothing to generate from. | Name the right folder with `--openapi`. |
//! | `not-openapi` | A file is sound, but not an OpenAPI document. | Take the fenced `json` block of the page, and nothing else. |
//! | `number` | A number of YAML can't be stored as JSON without loss. | Quote it if it is a text; else import the fragment as JSON. |
//! | `openapi-3.0` | What was lowered isn't OpenAPI 3.0 after all. | Look at what `cargo xtask merge` prints, and correct the vendor's text in the overlay. |
//! | `operation-id` | Two operations would get the same name; one was given another. | Nothing, or an `operationId` in the overlay. |
//! | `overlay` | The overlay isn't as its specification wants it, or one of its actions can't be applied. | Correct that action. |
//! | `page` | A page can't be read as Markdown, or not whole. | Save the page anew, or save the fragment by itself. |
//! | `path-template` | Two paths differ in the names of their parameters alone, and so are one. | Copy one path into the other in the overlay, and remove it. |
//! | `prose-differs` | Two fragments describe the same thing in different words; the longer text is kept. | Nothing. |
//! | `published` | It isn't known where a fragment was published. | Note it in `sources.toml`. |
//! | `reference` | A `$ref` leads nowhere, or out of the document. | Add the fragment that defines it, bring it in under `components`, or correct it in the overlay. |
//! | `renamed` | A name is that of something else in Rust too, or holds what OpenAPI doesn't allow; it was changed. | Nothing, or a better name in the overlay. |
//! | `repeated` | An action of the overlay appends to a list what the list has already. | Delete it if the vendor has made the correction. |
//! | `several` | A page or address has several fragments that can't be told apart. | Give them an `operationId`, or import them by themselves. |
//! | `shape` | Something is not of the type that OpenAPI gives it. | Take the fragment anew from its page. |
//! | `source` | A source of an import is nothing that can be imported. | Name pages (.md), fragments (.json, .yaml), folders or https addresses. |
//! | `statements` | What a page says besides its fragment has changed since it was imported. | Read what appeared. |
//! | `syntax` | A file isn't JSON, YAML or UTF-8. | Mend it, or take it anew from its page. |
//! | `undeclared` | A path has a parameter that its operation doesn't declare; it is taken for a text. | Declare it in the overlay. |
//! | `version` | A version of OpenAPI that isn't taken. | Publish or convert the fragment as OpenAPI 3.1. |

#[cfg(test)]
mod kinds;
mod place;
mod render;
#[cfg(test)]
mod tests;

use std::fmt;

use anstream::adapter::strip_str;

pub use place::{Mark, Place, Position, Span};
pub use render::report;
pub(crate) use render::visible;

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing can be written until this is mended.
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
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
    /// Other places that belong to it, each with its part in the matter.
    pub related: Vec<(String, Place)>,
    /// The way out.
    pub help: String,
}

impl Diagnostic {
    /// An error of kind `id` with its way out.
    pub fn error(id: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Level::Error, id, message, help)
    }

    /// A warning of kind `id` with its way out.
    pub fn warning(id: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Level::Warning, id, message, help)
    }

    fn new(level: Level, id: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { level, place: None, id, message: message.into(), related: Vec::new(), help: help.into() }
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
