//! Fragments of OpenAPI 3.0 to 3.2 become one corrected document of OpenAPI 3.0.3, every value with its place.
//!
//! The way: [`fragments::read`] → [`merge`](merge::merge) → [`overlay`](overlay::overlay) (with what it completes) →
//! [`lower`](lower::lower). Each stage takes what the one before it made; a stage's output knows where everything in it
//! came from, and only the first touches the disk. [`diagnostic`] is what every stage says, [`grammar`] what it knows of
//! OpenAPI, [`references`] where a `$ref` leads.
//!
//! No Rust code is known here: what a client looks like is the matter of `xtask-client`.

mod complete;
pub mod diagnostic;
pub mod fragments;
pub mod free;
pub mod grammar;
pub mod hidden;
pub mod limits;
pub mod lower;
pub mod merge;
pub mod origins;
pub mod overlay;
pub mod panics;
pub mod path_template;
pub mod pointer;
pub mod references;
pub mod source;

pub use complete::derive_operation_id;

use diagnostic::Problems;
use fragments::Fragments;
use overlay::Corrected;

/// The merged and corrected document of `fragments`.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn corrected(fragments: &Fragments) -> Result<Corrected, Problems> {
    overlay::overlay(merge::merge(fragments)?)
}
