//! What differs between two sets of fragments, and what that means for clients: **diff**.
pub mod kind;
pub mod model;
pub mod rust;
pub mod side;

mod bodies;
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
    let report = compare_documents(old, new);
    Ok(Report { rust: Some(RustReport::of(&old.code()?, &new.code()?)), ..report })
}

/// Everything in which the documents of two sides differ; the client isn't looked at.
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
