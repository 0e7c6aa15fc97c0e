//! A report for a changelog: what users of the client have to know, and nothing that only describes.

use std::fmt::Write as _;

use super::markdown::{code, plain};
use super::words;
use crate::model::{Change, Outcome, Report};
use xtask_surface::Semver;

/// The report as paragraphs and lists of Markdown.
#[must_use]
pub fn changelog(report: &Report) -> String {
    let mut text = format!("{}\n", plain(&words::versions(report)));
    let groups = [
        ("Breaks clients in use:", Outcome::Breaks),
        ("May break clients in use:", Outcome::MayBreak),
        ("Works with clients in use:", Outcome::Works),
    ];
    for (title, outcome) in groups {
        let changes = report.changes.iter().filter(|change| !change.is_prose() && change.forward().outcome == outcome);
        list(&mut text, title, changes.filter(|change| !is_version(change)).map(line));
    }
    let prose = report.prose();
    if prose > 0 {
        let what = if prose == 1 { "description changes" } else { "descriptions change" };
        // Writing to a String can't fail.
        let _ = writeln!(text, "\n{prose} {what}.");
    }
    for (title, semver) in [("Breaks code:", Semver::Major), ("New in code:", Semver::Minor)] {
        let changes = report.rust.iter().flat_map(|rust| &rust.changes).filter(|change| change.semver == semver);
        list(&mut text, title, changes.map(|change| format!("{}: {}", code(&change.path), words::rust_what(change).0)));
    }
    text
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = write!(text, "\n{title}\n\n");
    }
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

fn line(change: &Change) -> String {
    let direction = match words::direction(change.direction) {
        "" => String::new(),
        direction => format!(" ({direction})"),
    };
    format!("{}{direction}: {}", code(&words::place(change)), plain(&words::what(change)))
}

/// The first line says it.
fn is_version(change: &Change) -> bool {
    matches!(change.what, crate::kind::What::Keyword(crate::kind::Keyword::Version, _))
}
