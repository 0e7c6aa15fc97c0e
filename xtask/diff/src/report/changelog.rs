//! A report for a changelog: what users of the client have to know.

use std::fmt::Write as _;

use super::gather::{self, Entry, Weight};
use super::markdown::{code, plain};
use super::words;
use crate::model::Report;
use xtask_surface::{Noun, RustChange, Semver};

/// As many lines of a list are written, so that seven lists are shorter than 150 lines; the report has the rest.
const LINES: usize = 16;

/// The report as paragraphs and lists of Markdown.
#[must_use]
pub fn changelog(report: &Report) -> String {
    let mut text = format!("{}\n", plain(&words::versions(report)));
    let entries = gather::entries(report);
    for (title, weight) in [
        ("Breaks clients in use:", Weight::Breaks),
        ("May break clients in use:", Weight::MayBreak),
        ("Works with clients in use:", Weight::Works),
        ("Says something else:", Weight::Describes),
    ] {
        list(&mut text, title, entries.iter().filter(|entry| entry.weight == weight).map(line));
    }
    let Some(rust) = &report.rust else { return text };
    let items = gather::items(report, rust);
    let renamed = items.renamed.iter().map(|(old, new)| {
        format!("{} is now called {}", code(&format!("types::{old}")), code(&format!("types::{new}")))
    });
    list(&mut text, "Renamed in code:", renamed);
    for (title, semver) in [("Breaks code:", Semver::Major), ("New in code:", Semver::Minor)] {
        let told = items.told.iter().filter(|change| change.semver == semver);
        let told = told.map(item);
        let follow = items.follow.get(&semver).map(|changes| words::following(changes.len()));
        list(&mut text, title, told.chain(follow));
    }
    text
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}\n\n");
    for line in lines.iter().take(LINES) {
        let _ = writeln!(text, "- {line}");
    }
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        let _ = writeln!(text, "- and {more} more");
    }
}

/// Of an implementation, which one it is.
fn item(change: &&RustChange) -> String {
    let (what, old, new) = words::rust_what(change);
    let which = new.or(old).filter(|_| change.kind.noun == Noun::Impl).map(|shown| format!(": {}", code(shown)));
    format!("{}: {what}{}", code(&change.path), which.unwrap_or_default())
}

fn line(entry: &Entry<'_>) -> String {
    let direction = match words::direction(entry.direction) {
        "" => String::new(),
        direction => format!(" ({direction})"),
    };
    let count = entry.count();
    format!("{}{direction}: {count}{}", entry.places(code), plain(&entry.what))
}
