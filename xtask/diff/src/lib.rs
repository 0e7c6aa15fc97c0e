#![doc = include_str!("comparison.md")]

pub mod kind;
pub mod model;

mod bodies;
mod composition;
mod detector;
mod documents;
mod explain;
mod facets;
mod keyword;
mod operations;
mod parameters;
mod properties;
mod reading;
mod recorder;
mod report;
mod responses;
mod rules;
mod schemas;
mod security;
mod side;
mod view;
mod walk;
mod witness;

use std::cmp::Reverse;

use detector::Detector;
use kind::{Keyword, Move, What};
use model::{Change, Report, Versions};
use view::Document;

pub use explain::{explained, kinds};
pub use report::changelog::changelog;
pub use report::github::github;
pub use report::json::{SCHEMA, json};
pub use report::markdown::{markdown, markdown_whole};
pub use report::text::text;
pub use side::Side;

/// Everything in which the documents of two sides differ; the client isn't looked at.
///
/// ```
/// use xtask_diff::{self as diff, Side, model::Outcome};
/// use xtask_spec::fragments::Fragments;
/// use xtask_spec::source::{Source, Syntax};
///
/// let side = |name: &str, text: &str| {
///     let source = Source::new(name, name, text.to_owned(), Syntax::Yaml);
///     Side::of(name, &Fragments::parse(vec![source], name)?)
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
    Report {
        old: old.facts(),
        new: new.facts(),
        versions,
        changes,
        rust: None,
        next: None,
        said: Vec::new(),
        grounds: Vec::new(),
    }
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
    let is_version = |change: &&Change| {
        matches!(change.what, What::Keyword(Keyword::Version, Move::Changed | Move::Set | Move::Unset))
    };
    let version = changes.iter().filter(is_version).count();
    match (version > 0, changes.len() > version) {
        (false, false) => Versions::Identical,
        (false, true) => Versions::SameVersionOtherContent,
        (true, false) => Versions::OtherVersionSameContent,
        (true, true) => Versions::Different,
    }
}
