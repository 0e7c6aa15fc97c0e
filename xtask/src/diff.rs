//! What differs between two sets of fragments, and what that means for clients: **diff**.
//!
//! [`read_sides`] reads them, [`compare`] finds what differs, and [`text`], [`markdown`] and [`json`](fn@json) show it.
//! Each [`Change`] is data: what became of which part, of which operation or schema, in which direction,
//! what it was and is, and where it stands on both sides.
//!
//! # What is compared
//! The merged and corrected documents of OpenAPI 3.1 (see [`Side`]), by meaning:
//!
//! - Spellings of OpenAPI 3.0 and 3.1 that mean the same are no difference: `nullable`, a type list with `null` and an
//!   alternative that is `null`; boolean and numeric `exclusiveMinimum`; `const` and an `enum` of one; `contentEncoding`
//!   and the formats `byte` and `binary`; `example` and `examples` of one; a header's name in any case.
//! - References and `allOf` are looked through, so that a member may move between a schema and what it is made of, and a
//!   schema may be inlined. A component is compared once for each direction it is used in, whoever refers to it.
//! - Something counts as renamed only if that is certain: a parameter in a path by its place there, a schema if it says the
//!   same and stands in the same places, a property if it says the same, its description included, and no other does, an
//!   operation if the vendor's own `operationId` stayed, or if it says the same word for word.
//!
//! # What it means on the wire
//! Every change is judged twice: for a client that was built from the old side on a pod that has the new one, and for a
//! client built from the new side on a pod that lags behind. The second is the first of the opposite change, but for what
//! is optional and new: whoever uses it knows that it is new. What can be told of the data alone is judged for each
//! direction by itself, since what a request may no longer leave out, a response may well begin to have.
//!
//! # Where the rules differ from oasdiff's, on purpose
//! [oasdiff](https://github.com/oasdiff/oasdiff) has the best-known catalogue of such rules. Its error is our *breaks*, its
//! warning our *may break*, its information our *works*. A test tries each of its rules and holds this table to be
//! complete:
//!
//! | rules of oasdiff | there | here | why |
//! |---|---|---|---|
//! | `api-security-added`, `api-global-security-added`, `api-security-scope-added`, `api-global-security-scope-added` | works | breaks | Who doesn't know what to prove is turned away. |
//! | `api-security-removed` | works | may break | If it was one of several ways, clients that go it are turned away. |
//! | `api-path-removed-with-deprecation`, `api-removed-with-deprecation` | works | breaks | A client in use calls it, announced or not. |
//! | `request-parameter-removed-with-deprecation` | works | may break | Likewise. |
//! | `request-body-all-of-removed`, `request-property-all-of-removed` | may break | works | What the members of `allOf` say is looked at, and in this case allows more. |
//! | `response-body-all-of-removed`, `response-property-all-of-removed` | works | breaks | Likewise: what was promised isn't any more. |
//! | `request-body-prefix-items-added`, `request-property-prefix-items-added`, `response-body-prefix-items-removed`, `response-property-prefix-items-removed` | works | breaks | Whether this allows more or less depends on `items`: it is taken for the worse. |
//! | `request-optional-property-became-read-only`, `request-required-property-became-read-only` | works | may break | A pod may refuse what isn't to be sent. |
//! | `response-optional-property-became-write-only` | works | may break | The response loses it. |
//! | `response-required-property-became-write-only` | works | breaks | Likewise, and the client counts on it. |
//! | `response-required-property-became-not-write-only` | may break | works | The client passes over what it doesn't know. |
//! | `request-parameter-property-type-changed` | may break | breaks | However it is written, it is another type. |
//! | `response-body-any-of-added`, `response-property-any-of-added` | works | breaks | Values may come that are none of the alternatives the client knows; the same as `oneOf`. |
//! | `response-property-enum-value-added` | may break | works | The generated client reads values that it doesn't know. |
//! | `response-body-const-changed`, `response-property-const-changed`, `response-body-const-removed`, `response-property-const-removed` | breaks | works | Likewise: a constant is an enumeration of one. |
//! | `response-property-pattern-changed`, `response-property-pattern-removed` | works | may break | The generated client refuses texts that don't match the pattern it knows. |
//! | `response-media-type-name-specialized` | works | breaks | It is another name, and the client asks for the one it knows. |
//! | `response-success-status-added` | works | may break | The generated client takes a success that it doesn't know for an error. |
//! | `webhook-removed` | breaks | works | The client takes no calls from the pod. |
//!
//! Of two more things more is known of the pod or the client than a catalogue can know. A property that requests always
//! had breaks clients when it goes (a warning there), since a pod refuses members that it doesn't know; and a property
//! that becomes `null` in responses breaks no client where it is optional (an error there), since the client takes `null`
//! for absent. Three groups of rules have no counterpart: sunset dates, stability levels and `x-extensible-enum` are
//! extensions that this vendor doesn't use. Servers, of which the catalogue says nothing, may break clients if the path
//! changes that calls begin with. Closing an object or opening one, on which it is silent too, is judged by what the
//! generated client does: it sends no members that aren't named, and refuses them only where the object was closed.
//!
//! # What it means in Rust
//! See [`rust`].

pub mod kind;
pub mod model;
pub mod rust;
pub mod side;

mod bodies;
mod composition;
mod detector;
mod documents;
mod facets;
mod operations;
mod parameters;
mod properties;
mod render_changelog;
mod render_json;
mod render_markdown;
mod render_text;
mod responses;
mod rules;
mod schemas;
mod security;
mod view;
mod words;

use std::cmp::Reverse;

use detector::Detector;
use kind::{Move, What};
use model::{Change, Report, RustReport, Versions};
use view::Document;

use crate::diagnostic::Problems;

pub use render_changelog::changelog;
pub use render_json::{SCHEMA, json};
pub use render_markdown::markdown;
pub use render_text::text;
pub use side::{Side, read_sides};

/// Everything in which two sides differ, and what that does to the client that is generated from each.
///
/// # Errors
/// What stands in the way of generating the client of either side.
pub fn compare(old: &Side, new: &Side) -> Result<Report, Problems> {
    Ok(compare_documents(old, new).with_rust(RustReport::of(&old.code()?, &new.code()?)))
}

/// Everything in which the documents of two sides differ; the client isn't looked at.
///
/// ```
/// use xtask::diff::{self, Side, model::Outcome};
/// use xtask::read::Fragments;
/// use xtask::source::{Source, Syntax};
///
/// let side = |name: &str, text: &str| {
///     let source = Source::new(name, name, text.to_owned(), Syntax::Yaml);
///     Side::of(name, Fragments::parse(vec![source], name)?)
/// };
/// let old = "{openapi: 3.1.1, info: {title: T, version: '1'}, paths: {/a: {get: {}}}}";
/// let new = "{openapi: 3.1.1, info: {title: T, version: '2'}, paths: {/b: {get: {}}}}";
/// let report = diff::compare_documents(&side("old.yaml", old)?, &side("new.yaml", new)?);
///
/// let change = report.changes.first().ok_or("nothing differs")?;
/// assert_eq!((change.kind(), change.subject.to_string()), ("operation.removed".to_owned(), "GET /a".to_owned()));
/// assert_eq!(change.forward().outcome, Outcome::Breaks);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn compare_documents(old: &Side, new: &Side) -> Report {
    let mut detector = Detector::new(Document::new(old), Document::new(new));
    detector.documents();
    detector.operations();
    detector.pairs_of_components();
    // Those that no operation leads to are known only now.
    detector.unused_schemas();
    detector.pairs_of_components();
    detector.components();
    let mut changes = detector.finish();
    changes.sort_by_cached_key(weight);
    let versions = versions(&changes);
    Report { old: old.facts(), new: new.facts(), versions, changes, rust: None }
}

/// The order of a report: what breaks clients first, what only describes last, and within that by where it belongs.
fn weight(change: &Change) -> impl Ord + use<> {
    (
        change.is_prose(),
        Reverse(change.forward().outcome),
        Reverse(change.reverse().outcome),
        change.subject.clone(),
        change.location.clone(),
        change.kind(),
        format!("{:?} {:?}", change.old, change.new),
    )
}

fn versions(changes: &[Change]) -> Versions {
    let is_version =
        |change: &&Change| matches!(change.what, What::Keyword("version", Move::Changed | Move::Set | Move::Unset));
    let version = changes.iter().filter(is_version).count();
    match (version > 0, changes.len() > version) {
        (false, false) => Versions::Identical,
        (false, true) => Versions::SameVersionOtherContent,
        (true, false) => Versions::OtherVersionSameContent,
        (true, true) => Versions::Different,
    }
}
