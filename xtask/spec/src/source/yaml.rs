//! YAML 1.2 with the core schema: the value, and where each part of it stands.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Number, Value};

use crate::diagnostic::{self, Position};
use crate::limits::{DEPTH, Weight};
use crate::pointer;

type Failure = (String, Option<Position>);

/// Parses the one document of `text`.
///
/// # Errors
/// The reason and where it was met: besides errors of syntax, what JSON can't hold (`.nan`, keys that aren't
/// scalars), repeated keys, several documents, aliases that multiply without end.
pub fn parse(text: &str) -> Result<Value, Failure> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error: ScanError| (error.info().to_owned(), Some(position(error.marker()))))?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| ("there is no document in this file".to_owned(), None))
}

/// Where each part of `text` stands, by JSON pointer.
#[must_use]
pub fn positions(text: &str) -> HashMap<String, diagnostic::Span> {
    let mut builder = Builder { spans: Some(Vec::new()), ..Builder::default() };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        if builder.take(event, span).is_err() {
            break;
        }
    }
    in_bytes(text, builder.spans.unwrap_or_default())
}

/// The parser counts characters.
fn in_bytes(text: &str, mut spans: Vec<(String, Span)>) -> HashMap<String, diagnostic::Span> {
    let length = |rest: Option<&str>, characters: usize| {
        let rest = rest.unwrap_or_default();
        rest.char_indices().nth(characters).map_or(rest.len(), |(length, _)| length)
    };
    // They nearly are in the order of the text, which one pass over it needs.
    spans.sort_by_key(|(_, span)| span.start.index());
    let (mut start, mut characters) = (0_usize, 0_usize);
    let spans = spans.into_iter().map(|(pointer, span)| {
        let (from, to) = (span.start.index(), span.end.index());
        start = start.saturating_add(length(text.get(start..), from.saturating_sub(characters)));
        characters = from;
        let end = start.saturating_add(length(text.get(start..), to.saturating_sub(from)));
        (pointer, diagnostic::Span { position: position(&span.start), start, end })
    });
    spans.collect()
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col().saturating_add(1) }
}

fn failure(reason: impl Into<String>, at: Span) -> Failure {
    (reason.into(), Some(position(&at.start)))
}

/// A collection that is being read.
enum Open {
    Sequence(Vec<Value>),
    Mapping(Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Builder {
    open: Vec<(Open, usize, Weight)>,
    pointer: String,
    anchors: HashMap<usize, (Value, Weight)>,
    root: Option<Value>,
    /// Of what has been read.
    weight: Weight,
    /// Of the copies for aliases to come.
    kept: Weight,
    spans: Option<Vec<(String, Span)>>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: Span) -> Result<(), Failure> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if self.awaits_key() {
                    if text == "<<" && style == ScalarStyle::Plain {
                        let reason = "the merge key `<<` is of YAML 1.1, and isn't taken: write out what it brings in";
                        return Err(failure(reason, at));
                    }
                    return self.key(text.into_owned(), at);
                }
                let value = scalar(&text, style, tag.as_deref()).map_err(|reason| failure(reason, at))?;
                self.enter(at);
                self.leave(value, anchor, Weight::one(&text), at)
            }
            Event::Alias(anchor) => {
                let Some((value, weight)) = self.anchors.get(&anchor) else {
                    return Err(failure("an alias stands inside its own anchor", at));
                };
                let weight = *weight;
                bounded(self.weight.and(weight), at)?;
                let value = value.clone();
                if self.awaits_key() {
                    return match value {
                        Value::String(key) => self.key(key, at),
                        _ => Err(failure("a key has to be a scalar", at)),
                    };
                }
                self.enter(at);
                self.leave(value, 0, weight, at)
            }
            Event::SequenceStart(anchor, _) => self.start(Open::Sequence(Vec::new()), anchor, at),
            Event::MappingStart(anchor, _) => self.start(Open::Mapping(Map::new(), None), anchor, at),
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(failure("there is a second document in this file; give each a file of its own", at))
            }
            _ => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some((Open::Mapping(_, None), _, _)))
    }

    fn key(&mut self, key: String, at: Span) -> Result<(), Failure> {
        if let Some((Open::Mapping(members, awaited), _, _)) = self.open.last_mut() {
            if members.contains_key(&key) {
                return Err(failure(format!("the key `{key}` stands twice in this mapping"), at));
            }
            pointer::push(&mut self.pointer, &key);
            self.weight = self.weight.and(Weight::one(&key).without(Weight::one("")));
            bounded(self.weight, at)?;
            if let Some(spans) = &mut self.spans {
                // A block mapping begins where its first key does, with nothing of its own to show.
                if let Some((_, mapping)) =
                    spans.last_mut().filter(|(_, span)| span.is_empty() && span.start == at.start)
                {
                    *mapping = at;
                }
                spans.push((self.pointer.clone(), at));
            }
            *awaited = Some(key);
        }
        Ok(())
    }

    /// The pointer of the value that begins at `at`; for members, [`Builder::key`] has set it already.
    fn enter(&mut self, at: Span) {
        if let Some((Open::Sequence(items), _, _)) = self.open.last() {
            pointer::push(&mut self.pointer, &items.len().to_string());
        } else if self.open.last().is_some() {
            return;
        }
        if let Some(spans) = &mut self.spans {
            spans.push((self.pointer.clone(), at));
        }
    }

    fn start(&mut self, open: Open, anchor: usize, at: Span) -> Result<(), Failure> {
        if self.awaits_key() {
            return Err(failure("a key has to be a scalar", at));
        }
        if self.open.len() >= DEPTH {
            return Err(failure(format!("nested deeper than {DEPTH} levels"), at));
        }
        self.enter(at);
        self.open.push((open, anchor, self.weight));
        Ok(())
    }

    fn end(&mut self, at: Span) -> Result<(), Failure> {
        let Some((open, anchor, before)) = self.open.pop() else { return Ok(()) };
        let value = match open {
            Open::Sequence(items) => Value::Array(items),
            Open::Mapping(members, _) => Value::Object(members),
        };
        let inside = self.weight.without(before);
        self.weight = before;
        self.leave(value, anchor, inside.and(Weight::one("")), at)
    }

    fn leave(&mut self, value: Value, anchor: usize, weight: Weight, at: Span) -> Result<(), Failure> {
        self.weight = self.weight.and(weight);
        bounded(self.weight, at)?;
        if anchor > 0 {
            // Anchors in one another keep what is inside them once each.
            self.kept = self.kept.and(weight);
            bounded(self.kept, at)?;
            self.anchors.insert(anchor, (value.clone(), weight));
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some((open, _, _)) => {
                match open {
                    Open::Sequence(items) => items.push(value),
                    Open::Mapping(members, key) => {
                        members.insert(key.take().unwrap_or_default(), value);
                    }
                }
                let parent = self.pointer.rfind('/').unwrap_or(0);
                self.pointer.truncate(parent);
            }
        }
        Ok(())
    }
}

fn bounded(weight: Weight, at: Span) -> Result<(), Failure> {
    weight.check().map_err(|more| failure(format!("aliases make this {more}"), at))
}

/// A scalar by the core schema (YAML 1.2.2, section 10.3).
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    if core == Some("str") || (style != ScalarStyle::Plain && core.is_none()) {
        return Ok(text.into());
    }
    let resolved = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match number(text) {
            Some(Ok(number)) => Value::Number(number),
            Some(Err(())) => {
                return Err(format!("`{text}` isn't a number that JSON can hold; quote it if it is a text"));
            }
            None => text.into(),
        },
    };
    Ok(resolved)
}

/// `None` where the text isn't a number; `Err` where it is one that JSON can't hold.
fn number(text: &str) -> Option<Result<Number, ()>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Some(Err(()));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(|number| Ok(number.into()));
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(|number| Ok(number.into()));
    }
    let starts = unsigned.starts_with(|character: char| character.is_ascii_digit())
        || unsigned.strip_prefix('.').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()));
    if !starts
        || !unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Ok(integer) = text.parse::<i64>() {
        return Some(Ok(integer.into()));
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(Ok(integer.into()));
    }
    let float = text.parse::<f64>().ok()?;
    Some(Number::from_f64(float).ok_or(()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_follow_the_core_schema() {
        let text =
            "[a, '1', 1, -2, +3, 0x1F, 0o17, 1.5, 1e3, .5, true, ~, null, '', !!str 7, 3.1.1, 1_000, 2020-01-01]";
        assert_eq!(
            parse(text),
            Ok(json!([
                "a",
                "1",
                1,
                -2,
                3,
                31,
                15,
                1.5,
                1000.0,
                0.5,
                true,
                null,
                null,
                "",
                "7",
                "3.1.1",
                "1_000",
                "2020-01-01"
            ]))
        );
    }

    #[test]
    fn keys_are_texts_whatever_they_look_like() {
        assert_eq!(parse("200: {a: 1}\ntrue: 2"), Ok(json!({"200": {"a": 1}, "true": 2})));
    }

    #[test]
    fn an_alias_is_its_anchor_again() {
        assert_eq!(parse("a: &x {b: [1]}\nc: *x"), Ok(json!({"a": {"b": [1]}, "c": {"b": [1]}})));
    }

    #[test]
    fn what_json_cannot_hold_is_an_error_with_its_place() {
        for (text, reason, line, column) in [
            ("a: 1\na: 2", "the key `a` stands twice in this mapping", 2, 1),
            ("a: .nan", "`.nan` isn't a number that JSON can hold; quote it if it is a text", 1, 4),
            ("a: 1\n---\nb: 2", "there is a second document in this file; give each a file of its own", 2, 1),
            ("? [a]\n: 1", "a key has to be a scalar", 1, 3),
            (
                "a: &a {b: 1}\nc:\n  <<: *a",
                "the merge key `<<` is of YAML 1.1, and isn't taken: write out what it brings in",
                3,
                3,
            ),
        ] {
            assert_eq!(parse(text), Err((reason.to_owned(), Some(Position { line, column }))), "{text}");
        }
        assert_eq!(parse("# nothing\n"), Err(("there is no document in this file".to_owned(), None)));
    }

    #[test]
    fn aliases_that_multiply_without_end_are_refused() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..9 {
            let previous = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 10].join(",")));
        }
        let (reason, _) = parse(&text).unwrap_err();
        assert_eq!(reason, "aliases make this more than 2000000 values");
    }

    #[test]
    fn a_long_text_is_not_multiplied_either() {
        let long = "x".repeat(1 << 20);
        let aliases = |count: usize| format!("a: &a {long}\nb: [{}]\n", vec!["*a"; count].join(","));
        assert!(parse(&aliases(62)).is_ok());
        let (reason, position) = parse(&aliases(64)).unwrap_err();
        assert_eq!(reason, "aliases make this more than 64 MiB of text");
        assert_eq!(position.map(|position| position.line), Some(2));
        let anchors = |count: usize| {
            let nested: String = (0..count).map(|level| format!("&a{level} [")).collect();
            format!("{nested}{long}{}", "]".repeat(count))
        };
        assert!(parse(&anchors(63)).is_ok());
        assert_eq!(parse(&anchors(65)).unwrap_err().0, "aliases make this more than 64 MiB of text");
    }

    #[test]
    fn very_deep_nesting_is_an_error_and_no_overflow() {
        for text in ["[".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
            assert!(parse(&text).is_err());
        }
        let (reason, _) = parse(&"- ".repeat(200)).unwrap_err();
        assert_eq!(reason, "nested deeper than 127 levels");
    }

    #[test]
    fn every_part_of_a_document_has_a_position() {
        let positions = positions("a:\n  - 1\n  - b/c: é\n    d: {}\n");
        for (pointer, line, column) in
            [("", 1, 1), ("/a", 1, 1), ("/a/0", 2, 5), ("/a/1", 3, 5), ("/a/1/b~1c", 3, 5), ("/a/1/d", 4, 5)]
        {
            assert_eq!(positions[pointer].position, Position { line, column }, "{pointer}");
        }
    }

    #[test]
    fn a_key_or_scalar_is_marked_whole_and_a_collection_at_its_beginning() {
        let text = "ä: [1.5, \"ö ü\", {}]\nb c:\n- 'd'\n- |\n  e\n- f: 1\n- - g\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let positions = positions(&text);
            for (pointer, marked) in [
                ("", "ä"),
                ("/ä", "ä"),
                ("/ä/0", "1.5"),
                ("/ä/1", "\"ö ü\""),
                ("/ä/2", "{"),
                ("/b c", "b c"),
                ("/b c/0", "'d'"),
                ("/b c/1", "e"),
                ("/b c/2", "f"),
                ("/b c/3", ""),
                ("/b c/3/0", "g"),
            ] {
                let diagnostic::Span { start, end, .. } = positions[pointer];
                assert_eq!(text[start..end].trim_end(), marked, "{pointer}");
            }
        }
    }
}
