//! Two sides compared in memory.

use serde_json::Value;
use xtask_diff::model::{Change, Report};
use xtask_diff::{self as diff, Side};
use xtask_fixtures::mutations::{self, Documents};
use xtask_spec::diagnostic::{self, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::source::{Source, Syntax};

/// A document as one side of a comparison; `name` is that of its file.
///
/// # Errors
/// What the pipeline finds wrong with it.
pub(crate) fn side(name: &str, document: &Value) -> Result<Side, Problems> {
    let source = Source::new(name, name, format!("{document:#}\n"), Syntax::Json);
    Side::of(name, &Fragments::parse(vec![source], name)?)
}

/// What differs between two documents, the client left aside.
///
/// # Errors
/// What the pipeline finds wrong with them.
pub(crate) fn of_documents(old: &Value, new: &Value) -> Result<Report, String> {
    let side = |name, document| side(name, document).map_err(said);
    Ok(diff::compare_documents(&side("old.json", old)?, &side("new.json", new)?))
}

/// What differs between two sets of fragments, the client left aside.
///
/// # Errors
/// What the pipeline finds wrong with them.
pub(crate) fn of_fragments(old: &Documents, new: &Documents) -> Result<Report, String> {
    let side = |name, documents| -> Result<Side, Problems> { Side::of(name, &mutations::fragments(documents)?) };
    Ok(diff::compare_documents(&side("old", old).map_err(said)?, &side("new", new).map_err(said)?))
}

fn said(problems: Problems) -> String {
    diagnostic::report(problems.diagnostics())
}

/// A change in one line: what becomes of clients in use, and of newer ones on older pods, then which change it is.
#[must_use]
pub(crate) fn line(change: &Change) -> String {
    let (forward, reverse) = (change.forward().outcome, change.reverse().outcome);
    let direction = change.direction.id().map(|direction| format!("{direction} ")).unwrap_or_default();
    let location = if change.location.is_empty() { String::new() } else { format!(", {}", change.location) };
    format!("{forward} / {reverse}: {direction}{} ({}{location})", change.kind(), change.subject)
}

/// The changes in lines.
#[must_use]
pub(crate) fn lines(report: &Report) -> Vec<String> {
    report.changes.iter().map(line).collect()
}
