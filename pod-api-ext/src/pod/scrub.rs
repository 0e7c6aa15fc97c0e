//! What may be shown of a text that the pod sent.
//!
//! A text is first made what will be shown, one line without invisible characters, and the token is taken out of that. So
//! nothing that happens later can put a token together again.

mod escapes;

use std::ops::Range;

use self::escapes::Unit;
use super::token::SessionToken;

/// Takes the place of a token.
const REDACTED: &str = "[redacted]";

/// How many characters of a text are quoted.
pub(crate) const QUOTE: usize = 500;

/// How many bytes of a text are looked at. A page of a gateway is longer, and says it all at its beginning.
pub(crate) const READ: usize = 16 * 1024;

/// How often escapes are undone: a gateway may escape what the pod has escaped.
const LEVELS: usize = 4;

/// `text` on one line of at most [`QUOTE`] characters, without the secrets: as they are, in whatever case and with whatever white
/// space or invisible characters in it, and as URLs, JSON and HTML escape it, one in the other too.
///
/// If `cut` says that the text ends before its end, the beginning of a secret there goes too.
pub(crate) fn shown(text: &str, secrets: &[&SessionToken], cut: bool) -> String {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let cut = cut || end < text.len();
    let mut line = one_line(text.get(..end).unwrap_or_default());
    if cut {
        line.truncate(escapes::before_incomplete(&line).len());
    }
    let mut scrubbed = String::with_capacity(line.len());
    let mut rest = 0;
    for place in places(&line, secrets, cut) {
        scrubbed.push_str(line.get(rest..place.start).unwrap_or_default());
        scrubbed.push_str(REDACTED);
        rest = place.end;
    }
    scrubbed.push_str(line.get(rest..).unwrap_or_default());
    beginning(scrubbed)
}

/// A text from outside on one line, of at most [`QUOTE`] characters, `…` included.
pub(crate) fn quoted(text: &str) -> String {
    beginning(one_line(text))
}

/// Where the secrets are in the text, in order and without overlaps.
fn places(line: &str, secrets: &[&SessionToken], cut: bool) -> Vec<Range<usize>> {
    let key = |secret: &&SessionToken| -> String { secret.expose().chars().filter_map(significant).collect() };
    let keys: Vec<String> = secrets.iter().map(key).collect();
    let mut units: Vec<Unit> =
        line.char_indices().map(|(at, c)| Unit::new(c, at..at.saturating_add(c.len_utf8()))).collect();
    let mut places = Vec::new();
    for _ in 0..LEVELS {
        for key in &keys {
            find(&units, key, cut, &mut places);
        }
        match escapes::undone(&units) {
            Some(undone) => units = undone,
            None => break,
        }
    }
    places.sort_by_key(|place| place.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    merged
}

/// Adds the places where `units` have the key.
fn find(units: &[Unit], key: &str, cut: bool, places: &mut Vec<Range<usize>>) {
    let mut text = String::with_capacity(units.len());
    // The unit of each byte of the text.
    let mut at = Vec::with_capacity(units.len());
    for unit in units {
        if let Some(c) = significant(unit.character) {
            text.push(c);
            at.resize(text.len(), &unit.place);
        }
    }
    let place = |start: usize, end: usize| Some(at.get(start)?.start..at.get(end.checked_sub(1)?)?.end);
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(key)) {
        let start = from.saturating_add(found);
        from = start.saturating_add(key.len().max(1));
        places.extend(place(start, from));
    }
    if cut {
        let prefixes = (1..key.len()).rev().filter_map(|length| key.get(..length));
        if let Some(prefix) = prefixes.into_iter().find(|prefix| text.ends_with(prefix)) {
            places.extend(place(text.len().saturating_sub(prefix.len()), text.len()));
        }
    }
}

/// The character as it is compared; none for one that doesn't count.
fn significant(c: char) -> Option<char> {
    (!c.is_whitespace() && !is_invisible(c)).then(|| c.to_ascii_lowercase())
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let end = line.len();
        // What steers a terminal, or turns the direction of writing, would forge a log.
        line.extend(word.chars().filter(|c| !is_invisible(*c)));
        if end > 0 && line.len() > end {
            line.insert(end, ' ');
        }
    }
    line
}

fn beginning(mut line: String) -> String {
    match line.char_indices().nth(QUOTE.saturating_sub(1)) {
        Some((at, last)) if at.saturating_add(last.len_utf8()) < line.len() => {
            line.truncate(at);
            line.push('…');
            line
        }
        _ => line,
    }
}

/// Control characters, and those that write nothing themselves but change how others are shown: what Unicode calls
/// default-ignorable (DerivedCoreProperties.txt).
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
