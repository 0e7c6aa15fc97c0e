//! The one form in which fragments are stored: JSON, indented by two spaces, keys in the order of the page, a newline at
//! its end.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Value;

use xtask_spec::diagnostic::{Diagnostic, Id, Place, Position, Problems};
use xtask_spec::fragments::Fragment;
use xtask_spec::source::{Source, Syntax};

/// A fragment as it is going to be stored.
#[derive(Debug)]
pub(super) struct Canonical {
    pub(super) document: Value,
    pub(super) text: String,
    /// What it was read from, to name places in it: the text of a file, or of a block of a page.
    pub(super) source: Source,
    /// Where it begins in what was given.
    pub(super) place: Place,
    /// Where its version is.
    pub(super) at_version: Place,
}

/// Takes a fragment as it was published.
///
/// A number keeps the digits that were published: `1.0`, `1e3` and integers of any length stand in the file as they stood
/// on the page, though they pass through an `f64` on the way.
///
/// # Errors
/// What [`Fragment::parse`] refuses, and numbers of a YAML text that would become others: their digits can't be handed
/// on, since YAML writes them in other ways.
pub(super) fn parse(source: Source) -> Result<Canonical, Problems> {
    let Fragment { source, document } = Fragment::parse(source)?;
    let printed = format!("{document:#}\n");
    let text = match source.syntax() {
        Syntax::Json => with_numbers_of(source.text(), &printed),
        Syntax::Yaml => Problems::check(inexact(&source)).map(|_| printed)?,
    };
    Ok(Canonical { place: source.place(""), at_version: source.place("/info/version"), document, text, source })
}

/// `printed` with the numbers of `published`, of which it is another rendering: they are the same ones in the same order.
fn with_numbers_of(published: &str, printed: &str) -> String {
    let (from, to) = (numbers(published), numbers(printed));
    if from.len() != to.len() {
        return printed.to_owned();
    }
    let mut text = String::with_capacity(printed.len());
    let mut end = 0;
    for (from, to) in from.into_iter().zip(to) {
        text.push_str(printed.get(end..to.start).unwrap_or_default());
        text.push_str(published.get(from).unwrap_or_default());
        end = to.end;
    }
    text.push_str(printed.get(end..).unwrap_or_default());
    text
}

/// Where the numbers of a valid JSON text stand.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut numbers = Vec::new();
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((start, byte)) = bytes.next() {
        match byte {
            b'"' => {
                while let Some((_, byte)) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            b'-' | b'0'..=b'9' => {
                let mut end = start.saturating_add(1);
                while bytes
                    .next_if(|(_, byte)| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
                    .is_some()
                {
                    end = end.saturating_add(1);
                }
                numbers.push(start..end);
            }
            _ => {}
        }
    }
    numbers
}

/// The numbers of a YAML text that an `f64` rounds. A number that is a key is a text, and stays as it is.
fn inexact(source: &Source) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    // Of each open collection, whether a key comes next.
    let mut open: Vec<Option<bool>> = Vec::new();
    for (event, span) in Parser::new_from_str(source.text()).flatten() {
        match event {
            Event::SequenceStart(..) => {
                open.push(None);
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Some(true));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            Event::Scalar(text, ScalarStyle::Plain, _, None) => {
                if open.last() != Some(&Some(true)) && is_rounded(&text) {
                    let message = format!("the number {text} has more digits than can be kept");
                    let help = "quote it if it is a text; else import the fragment as JSON, whose digits are kept";
                    let position = Position { line: span.start.line(), column: span.start.col().saturating_add(1) };
                    let place = source.place_at(Some(position));
                    diagnostics.push(Diagnostic::error(Id::Number, message, help).at(place));
                }
            }
            Event::Scalar(..) | Event::Alias(_) => {}
            _ => continue,
        }
        if let Some(Some(awaits_key)) = open.last_mut() {
            *awaits_key = !*awaits_key;
        }
    }
    diagnostics
}

/// Whether reading `text` as JSON's numbers are read makes another number of it.
fn is_rounded(text: &str) -> bool {
    let (Some(written), Ok(float)) = (decimal(text), text.parse::<f64>()) else { return false };
    let whole = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    !whole && decimal(&Value::from(float).to_string()) != Some(written)
}

/// A decimal number as sign, digits and the power of ten they are multiplied by, in the one shortest way.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let short = digits.trim_end_matches('0');
    let zeros = i64::try_from(digits.len().saturating_sub(short.len())).ok()?;
    let short = short.trim_start_matches('0');
    if short.is_empty() {
        return Some((false, String::new(), 0));
    }
    let exponent = exponent.saturating_sub(i64::try_from(part.len()).ok()?).saturating_add(zeros);
    Some((negative, short.to_owned(), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(syntax: Syntax, body: &str) -> Result<String, String> {
        let source = Source::new("a", "openapi/a", body.to_owned(), syntax);
        parse(source).map(|canonical| canonical.text).map_err(|problems| problems.to_string())
    }

    #[test]
    fn keys_stay_in_the_order_of_the_page() {
        assert_eq!(
            stored(Syntax::Json, "{\"openapi\":\"3.1.1\",\"b\":{},\"a\":[],\"c\":[1,\"é\\u00e9\"]}"),
            Ok("{\n  \"openapi\": \"3.1.1\",\n  \"b\": {},\n  \"a\": [],\n  \"c\": [\n    1,\n    \"éé\"\n  ]\n}\n"
                .to_owned())
        );
    }

    #[test]
    fn numbers_keep_the_digits_that_were_published() {
        let numbers =
            "1,1.0,-0,1e3,1E-2,2.50,123456789012345678901234567890,0.10000000000000000555,18446744073709551616";
        let body = format!("{{\"openapi\":\"3.1.1\",\"not 1\":\"2 \\\" 3\",\"x\":[{numbers}]}}");
        let stored = stored(Syntax::Json, &body).unwrap();
        assert_eq!(
            stored.split_whitespace().collect::<String>().split_once("\"x\":[").unwrap().1,
            format!("{numbers}]}}")
        );
        assert!(stored.contains("\"not 1\": \"2 \\\" 3\""));
    }

    #[test]
    fn yaml_is_stored_as_json() {
        assert_eq!(
            stored(Syntax::Yaml, "openapi: 3.1.1\nx: [1.50, 0x10, 1e3, 9223372036854775808, '1.0', 1.0]"),
            Ok("{\n  \"openapi\": \"3.1.1\",\n  \"x\": [\n    1.5,\n    16,\n    1000.0,\n    9223372036854775808,\n    \"1.0\",\n    1.0\n  ]\n}\n".to_owned())
        );
    }

    #[test]
    fn a_number_of_yaml_that_would_become_another_is_an_error() {
        let text = "openapi: 3.1.1\n12345678901234567890123: {a: &a [1]}\nx:\n  - *a\n  - y: 12345678901234567890123\n    0.1: '12345678901234567890123'\n";
        assert_eq!(
            stored(Syntax::Yaml, text),
            Err("\
openapi/a:5:8: error[number]: the number 12345678901234567890123 has more digits than can be kept
  |
5 |   - y: 12345678901234567890123
  |        ^
  help: quote it if it is a text; else import the fragment as JSON, whose digits are kept

"
            .to_owned())
        );
    }
}
