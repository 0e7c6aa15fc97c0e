//! A report for a pull request: GitHub Flavored Markdown.

use std::fmt::Write as _;

use super::gather::{self, Entry, Weight, listed};
use super::{summary, words};
use crate::model::{Report, RustReport};
use xtask_spec::diagnostic::visible;
use xtask_surface::{RustChange, Semver};

/// GitHub takes 65,536 characters in the text of a pull request; the rest is for what stands around the report.
const MOST: usize = 54_000;

/// As many places of an entry are shown.
const PLACES: usize = 2;

/// The report as Markdown, headings from the second level on, and as much of it as a pull request takes: what is left
/// out is counted.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let whole = markdown_whole(report);
    if whole.chars().count() <= MOST {
        return whole;
    }
    let (mut text, mut count, mut left_out) = (String::new(), 0_usize, 0_usize);
    for line in whole.lines() {
        count = count.saturating_add(line.chars().count()).saturating_add(1);
        if count > MOST {
            left_out = left_out.saturating_add(usize::from(line.starts_with("- ")));
            continue;
        }
        // Writing to a String can't fail.
        let _ = writeln!(text, "{line}");
    }
    let open = text.matches("<details>").count() > text.matches("</details>").count();
    let _ = writeln!(
        text,
        "{}\n**{left_out} entries more are in the full report.**",
        if open { "\n</details>\n" } else { "" }
    );
    text
}

/// All of the report as Markdown, however long.
#[must_use]
pub fn markdown_whole(report: &Report) -> String {
    let mut text = format!("## {} → {}\n\n", plain(&report.old.shown), plain(&report.new.shown));
    // Writing to a String can't fail.
    let _ = writeln!(text, "**{}**", plain(&words::versions(report)));
    if report.is_empty() {
        return text;
    }
    let entries = gather::entries(report);
    text.push('\n');
    for answer in summary::answers(report, &entries) {
        let _ = writeln!(text, "- **{}:** {}", answer.question, plain(&answer.answer));
        for line in answer.because {
            let _ = writeln!(text, "  - {}", plain(&line));
        }
    }
    for weight in Weight::ALL {
        let of_weight: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.weight == weight).collect();
        if !of_weight.is_empty() {
            let _ = writeln!(text, "\n### {}\n", weight.title());
        }
        for entry in of_weight {
            self::entry(&mut text, entry);
        }
    }
    for (page, (said, rules)) in gather::pages(report) {
        let _ = writeln!(text, "\n### The page {} says something else\n", code(page));
        for rule in rules {
            let _ = writeln!(text, "- {} rested on a statement that is gone", plain(rule));
        }
        for statement in said {
            let _ = writeln!(text, "- new: {}", plain(statement));
        }
    }
    if let Some(rust) = &report.rust {
        self::rust(&mut text, report, rust);
    }
    text
}

fn entry(text: &mut String, entry: &Entry<'_>) {
    let direction = match words::direction(entry.direction) {
        "" => String::new(),
        direction => format!(" ({direction})"),
    };
    let count = entry.count();
    // Writing to a String can't fail.
    let _ = writeln!(text, "- {}{direction}: {count}{}", entry.places(code), plain(&entry.what));
    let policy = entry
        .is_against_policy()
        .then_some("probably an error on the vendor's page: its published policy excludes such changes");
    let example = entry.example();
    let reasons = entry.reasons.iter().map(String::as_str).chain(example.as_deref());
    for reason in reasons.chain(policy) {
        let _ = writeln!(text, "  - {}", plain(reason));
    }
    let places: Vec<String> = entry.changes.iter().map(|change| words::places(change)).collect();
    let operations: Vec<String> = entry.operations().into_iter().map(str::to_owned).collect();
    let within = if operations.is_empty() {
        String::new()
    } else {
        format!(" in {}", code(&listed(&operations, gather::NAMED)))
    };
    let _ = writeln!(text, "  - {}{within}", code(&listed(&places, PLACES)));
}

fn rust(text: &mut String, report: &Report, rust: &RustReport) {
    let items = gather::items(report, rust);
    if items.told.is_empty() && items.renamed.is_empty() && items.follow.is_empty() {
        return;
    }
    text.push_str("\n### In Rust\n");
    let (breaking, others): (Vec<_>, Vec<_>) = items.told.iter().partition(|change| change.semver == Semver::Major);
    let follow = |semver: Semver| items.follow.get(&semver).map_or(0, Vec::len);
    let (breaks, rest) = (follow(Semver::Major), follow(Semver::Minor).saturating_add(follow(Semver::Patch)));
    if !(items.renamed.is_empty() && breaking.is_empty()) || breaks > 0 {
        text.push('\n');
    }
    for (old, new) in &items.renamed {
        // Writing to a String can't fail.
        let _ = writeln!(text, "- {} is now called {}", code(&format!("types::{old}")), code(&format!("types::{new}")));
    }
    for change in breaking {
        item(text, change);
    }
    if breaks > 0 {
        let _ = writeln!(text, "- breaks: {}", words::following(breaks));
    }
    if !others.is_empty() || rest > 0 {
        // What breaks nobody shall not be in the way of what does.
        let _ =
            writeln!(text, "\n<details><summary>What else differs: {}</summary>\n", others.len().saturating_add(rest));
        for change in others {
            item(text, change);
        }
        if rest > 0 {
            let _ = writeln!(text, "- {}", words::following(rest));
        }
        text.push_str("\n</details>\n");
    }
}

fn item(text: &mut String, change: &RustChange) {
    let (what, old, new) = words::rust_what(change);
    let declarations: Vec<String> = [old, new].into_iter().flatten().map(code).collect();
    // Writing to a String can't fail.
    let _ = writeln!(text, "- {}: {what}: {}", code(&change.path), declarations.join(" → "));
}

/// Text from outside as text: no markup and no link.
pub(super) fn plain(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Ours, around names; the vendor's would at worst make a word look like code.
            '`' => escaped.push('`'),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // Else it would mention the person of that name.
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
