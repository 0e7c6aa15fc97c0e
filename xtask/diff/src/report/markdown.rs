//! A report for a pull request: GitHub Flavored Markdown.

use std::fmt::Write as _;

use super::words;
use crate::model::{Change, Outcome, Report, RustReport};
use xtask_spec::diagnostic::visible;
use xtask_surface::{RustChange, Semver};

/// The report as Markdown, headings from the second level on.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut text = format!("## {} → {}\n\n", plain(&report.old.shown), plain(&report.new.shown));
    // Writing to a String can't fail.
    let _ = writeln!(text, "**{}**", plain(&words::versions(report)));
    if !report.changes.is_empty() {
        let _ = writeln!(text, "\n- {}", words::counts(report));
    }
    if let Some(rust) = &report.rust {
        let start = if report.changes.is_empty() { "\n" } else { "" };
        let _ = writeln!(text, "{start}- {}", words::rust_verdict(rust));
    }
    for title in GROUPS {
        let changes: Vec<&Change> = report.changes.iter().filter(|change| group(change) == title).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {title}\n\n| where | direction | change | why | places |\n|---|---|---|---|---|");
        for change in changes {
            let reasons: Vec<String> = words::reasons(change).iter().map(|reason| plain(reason)).collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                code(&words::place(change)),
                words::direction(change.direction),
                plain(&words::what(change)),
                reasons.join("<br>"),
                code(&words::places(change)),
            );
        }
    }
    if let Some(rust) = &report.rust {
        self::rust(&mut text, rust);
    }
    text
}

fn rust(text: &mut String, rust: &RustReport) {
    if rust.changes.is_empty() {
        return;
    }
    text.push_str("\n### In Rust\n");
    let (breaking, others): (Vec<_>, Vec<_>) = rust.changes.iter().partition(|change| change.semver == Semver::Major);
    rust_table(text, &breaking);
    if !others.is_empty() {
        // Writing to a String can't fail.
        // What breaks nobody shall not be in the way of whoever reviews what does.
        let _ = writeln!(text, "\n<details><summary>What else differs: {}</summary>", others.len());
        rust_table(text, &others);
        let _ = writeln!(text, "\n</details>");
    }
}

fn rust_table(text: &mut String, changes: &[&RustChange]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n| semver | item | change | before | after |\n|---|---|---|---|---|");
    for change in changes {
        let (what, old, new) = words::rust_what(change);
        let [old, new] = [old, new].map(|declaration| declaration.map(code).unwrap_or_default());
        let semver = words::semver(change.semver);
        let _ = writeln!(text, "| {semver} | {} | {what} | {old} | {new} |", code(&change.path));
    }
}

/// The headings, in their order.
const GROUPS: [&str; 4] =
    ["Breaks clients in use", "May break clients in use", "Works with clients in use", "Only describes"];

fn group(change: &Change) -> &'static str {
    let [breaks, may_break, works, describes] = GROUPS;
    match change.forward().outcome {
        _ if change.is_prose() => describes,
        Outcome::Breaks => breaks,
        Outcome::MayBreak => may_break,
        Outcome::Works => works,
    }
}

/// Text from outside as text: no markup, no link, no end of the table's cell.
pub(super) fn plain(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Ours, around names; the vendor's would at worst make a word look like code.
            '`' => escaped.push('`'),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // Else it would be a mention of whoever has that name.
            '@' => escaped.push_str("&#64;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Text as code: its fence is longer than any run of backticks in it, and a bar doesn't end the table's cell.
pub(super) fn code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    if text.is_empty() {
        return text;
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.saturating_add(1));
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, plain};

    #[test]
    fn what_the_vendor_writes_is_no_markup() {
        for (text, expected) in [
            ("<b>*a*</b>", "&lt;b>\\*a\\*&lt;/b>"),
            ("a|b", "a\\|b"),
            ("[x](y) @all #1", "\\[x\\](y) &#64;all \\#1"),
            ("a\nb", "a\\\\nb"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn code_stays_code_whatever_is_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("query parameter `a`"), "`` query parameter `a` ``");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code(""), "");
    }
}
