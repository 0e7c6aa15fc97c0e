//! A report as annotations of a workflow on GitHub: on the lines of the fragments.

use std::fmt::Write as _;

use super::gather::{self, Weight};
use super::words;
use crate::model::{Outcome, Report};

/// GitHub shows so many annotations of one step and level; what goes beyond is counted.
const SHOWN: usize = 10;

/// The report as workflow commands, one for each entry that somebody has to look at.
#[must_use]
pub fn github(report: &Report) -> String {
    let mut text = String::new();
    let entries = gather::entries(report);
    let mut left_out = 0_usize;
    for (level, wanted) in [("error", Weight::Breaks), ("warning", Weight::MayBreak), ("notice", Weight::Works)] {
        let of_level = entries.iter().filter(|entry| {
            let older = entry.changes.iter().any(|change| change.reverse().outcome > Outcome::Works);
            entry.weight == wanted && (wanted != Weight::Works || older)
        });
        for (index, entry) in of_level.enumerate() {
            if index >= SHOWN {
                left_out = left_out.saturating_add(1);
                continue;
            }
            let place = entry.changes.iter().find_map(|change| words::standing(change));
            let mut properties = Vec::new();
            if let Some(place) = place {
                properties.push(format!("file={}", property(&place.file)));
                if let Some(mark) = &place.position {
                    properties.push(format!("line={},col={}", mark.position.line, mark.position.column));
                }
            }
            properties.push(format!("title={}", property(wanted.title())));
            let said =
                [&[format!("{}: {}", entry.places(str::to_owned), entry.what)], entry.reasons.as_slice()].concat();
            // Writing to a String can't fail.
            let _ = writeln!(text, "::{level} {}::{}", properties.join(","), message(&said.join("\n")));
        }
    }
    let rest = if left_out > 0 { format!(" {left_out} more are in the report.") } else { String::new() };
    let _ = writeln!(text, "::notice::{}{rest}", message(&words::versions(report)));
    text
}

/// As the runner reads data: `%` and line breaks are escaped.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As it reads properties, which end with a comma or a colon.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{message, property};

    #[test]
    fn what_the_vendor_writes_ends_no_command() {
        assert_eq!(message("a%b\n::error::c"), "a%25b%0A::error::c");
        assert_eq!(property("a,line=1:b"), "a%2Cline=1%3Ab");
    }
}
