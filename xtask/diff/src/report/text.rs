//! A report for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::words;
use crate::model::{Change, Outcome, Report, RustReport, Subject};
use xtask_spec::diagnostic::visible;
use xtask_surface::Semver;

/// The widest a column of places is made; what is longer pushes its own line alone.
const WIDEST: usize = 48;

/// The report, in colours: whoever isn't a terminal takes them out.
#[must_use]
pub fn text(report: &Report) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let mut text = format!("{} → {}\n", visible(&report.old.shown), visible(&report.new.shown));
    // Writing to a String can't fail.
    let _ = writeln!(text, "{bold}{}{bold:#}", visible(&words::versions(report)));
    let where_width = report.changes.iter().map(|change| width(&words::place(change))).filter(|width| *width <= WIDEST);
    let where_width = where_width.max().unwrap_or_default();
    for change in &report.changes {
        let (name, style) = verdict(change);
        let place = words::place(change);
        let what = words::what(change);
        let padding = " ".repeat(where_width.saturating_sub(width(&place)));
        let direction = words::direction(change.direction);
        let _ = writeln!(
            text,
            "\n{style}{name:<9}{style:#} {direction:<9} {bold}{}{bold:#}{padding} {}",
            visible(&place),
            visible(&what)
        );
        for reason in words::reasons(change) {
            let _ = writeln!(text, "{:10}{}", "", visible(&reason));
        }
        let _ = writeln!(text, "{:10}{dim}{}{dim:#}", "", visible(&places(change)));
        let _ = writeln!(text, "{:10}{dim}{}{dim:#}", "", visible(&kind(change)));
    }
    if !report.changes.is_empty() {
        let _ = writeln!(text, "\n{bold}{}{bold:#}", words::counts(report));
    }
    if let Some(rust) = &report.rust {
        self::rust(&mut text, rust);
    }
    text
}

fn rust(text: &mut String, rust: &RustReport) {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    // Writing to a String can't fail.
    let _ = writeln!(text, "\n{bold}{}{bold:#}", words::rust_verdict(rust));
    let widths = rust.changes.iter().map(|change| width(&change.path)).filter(|width| *width <= WIDEST);
    let path_width = widths.max().unwrap_or_default();
    for change in &rust.changes {
        let colour = match change.semver {
            Semver::Major => AnsiColor::Red,
            Semver::Minor | Semver::Patch => AnsiColor::Green,
        };
        let style = Style::new().fg_color(Some(colour.into())).bold();
        let name = words::semver(change.semver);
        let padding = " ".repeat(path_width.saturating_sub(width(&change.path)));
        let (what, old, new) = words::rust_what(change);
        let _ = writeln!(text, "{style}{name:<6}{style:#} {bold}{}{bold:#}{padding} {what}", visible(&change.path));
        for (sign, declaration) in [('-', old), ('+', new)] {
            if let Some(declaration) = declaration {
                let _ = writeln!(text, "{:7}{dim}{sign} {}{dim:#}", "", visible(declaration));
            }
        }
    }
}

/// The kind of the change, and the operations that it concerns where the place doesn't name them.
fn kind(change: &Change) -> String {
    let operations = match &change.subject {
        Subject::Schema { .. } if !change.operations.is_empty() => {
            format!(" in {}", change.operations.join(", "))
        }
        _ => String::new(),
    };
    format!("{}{operations}", change.kind())
}

fn places(change: &Change) -> String {
    match words::pointers(change) {
        pointers if pointers.is_empty() => words::places(change),
        pointers => format!("{} ({pointers})", words::places(change)),
    }
}

fn verdict(change: &Change) -> (String, Style) {
    let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into())).bold();
    let style = match change.forward().outcome {
        _ if change.is_prose() => return ("describes".to_owned(), Style::new().dimmed()),
        Outcome::Breaks => coloured(AnsiColor::Red),
        Outcome::MayBreak => coloured(AnsiColor::Yellow),
        Outcome::Works => coloured(AnsiColor::Green),
    };
    (change.forward().outcome.to_string(), style)
}

fn width(text: &str) -> usize {
    visible(text).chars().count()
}
