//! A report for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::gather::{self, Entry, Weight, listed};
use super::{summary, words};
use crate::model::{Report, RustReport};
use xtask_spec::diagnostic::visible;
use xtask_surface::Semver;

/// As many places of an entry are shown.
const PLACES: usize = 3;

/// The report, in colours: where the output isn't a terminal, they are taken out.
#[must_use]
pub fn text(report: &Report) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{} → {}\n", visible(&report.old.shown), visible(&report.new.shown));
    // Writing to a String can't fail.
    let _ = writeln!(text, "{bold}{}{bold:#}", visible(&words::versions(report)));
    if report.is_empty() {
        return text;
    }
    let entries = gather::entries(report);
    text.push('\n');
    for answer in summary::answers(report, &entries) {
        let _ = writeln!(text, "{bold}{}:{bold:#} {}", answer.question, visible(&answer.answer));
        for line in answer.because {
            let _ = writeln!(text, "  {}", visible(&line));
        }
    }
    for entry in &entries {
        self::entry(&mut text, entry);
    }
    for (page, (said, rules)) in gather::pages(report) {
        let _ = writeln!(text, "\n{bold}the page {} says something else{bold:#}", visible(page));
        for rule in rules {
            let _ = writeln!(text, "  {} rested on a statement that is gone", visible(rule));
        }
        for statement in said {
            let _ = writeln!(text, "  new: {}", visible(statement));
        }
    }
    if !entries.is_empty() {
        let _ = writeln!(text, "\n{bold}{}{bold:#}", words::counts(report));
    }
    if let Some(rust) = &report.rust {
        self::rust(&mut text, report, rust);
    }
    text
}

fn entry(text: &mut String, entry: &Entry<'_>) {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let (name, style) = verdict(entry.weight);
    let count = entry.count();
    let direction = match words::direction(entry.direction) {
        "" => String::new(),
        direction => format!(" ({direction})"),
    };
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "\n{style}{name:<9}{style:#} {bold}{}{bold:#}{direction}  {count}{}",
        visible(&entry.places(str::to_owned)),
        visible(&entry.what)
    );
    let policy = entry
        .is_against_policy()
        .then_some("probably an error on the vendor's page: its published policy excludes such changes");
    let example = entry.example();
    let reasons = entry.reasons.iter().map(String::as_str).chain(example.as_deref());
    for reason in reasons.chain(policy) {
        let _ = writeln!(text, "{:10}{}", "", visible(reason));
    }
    for change in entry.changes.iter().take(PLACES) {
        let pointers = words::pointers(change);
        let pointers = if pointers.is_empty() { pointers } else { format!(" ({pointers})") };
        let _ = writeln!(text, "{:10}{dim}{}{dim:#}", "", visible(&format!("{}{pointers}", words::places(change))));
    }
    let operations: Vec<String> = entry.operations().into_iter().map(str::to_owned).collect();
    let within =
        if operations.is_empty() { String::new() } else { format!(" in {}", listed(&operations, gather::NAMED)) };
    let kind = entry.changes.first().map(|change| change.kind()).unwrap_or_default();
    let _ = writeln!(text, "{:10}{dim}{}{dim:#}", "", visible(&format!("{kind}{within}")));
}

fn rust(text: &mut String, report: &Report, rust: &RustReport) {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    // Writing to a String can't fail.
    let _ = writeln!(text, "\n{bold}{}{bold:#}", words::rust_verdict(rust));
    let items = gather::items(report, rust);
    for (old, new) in &items.renamed {
        let _ = writeln!(text, "{bold}types::{}{bold:#} is now called types::{}", visible(old), visible(new));
    }
    for change in &items.told {
        let colour = match change.semver {
            Semver::Major => AnsiColor::Red,
            Semver::Minor | Semver::Patch => AnsiColor::Green,
        };
        let style = Style::new().fg_color(Some(colour.into())).bold();
        let name = words::semver(change);
        let (what, old, new) = words::rust_what(change);
        let _ = writeln!(text, "{style}{name:<6}{style:#} {bold}{}{bold:#}  {what}", visible(&change.path));
        for (sign, declaration) in [('-', old), ('+', new)] {
            if let Some(declaration) = declaration {
                let _ = writeln!(text, "{:7}{dim}{sign} {}{dim:#}", "", visible(declaration));
            }
        }
    }
    for changes in items.follow.values().rev() {
        let name = changes.first().map(|change| words::semver(change)).unwrap_or_default();
        let _ = writeln!(text, "{name:<6} {dim}{}{dim:#}", words::following(changes.len()));
    }
}

fn verdict(weight: Weight) -> (&'static str, Style) {
    let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into())).bold();
    match weight {
        Weight::Breaks => ("breaks", coloured(AnsiColor::Red)),
        Weight::MayBreak => ("may break", coloured(AnsiColor::Yellow)),
        Weight::Works => ("works", coloured(AnsiColor::Green)),
        Weight::Describes => ("text", Style::new().dimmed()),
    }
}
