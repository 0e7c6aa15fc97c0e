//! JSON: the value, and where each part of it stands.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

use jsonc_parser::ast;
use jsonc_parser::common::{Range, Ranged as _};
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::diagnostic::{Position, Span};
use crate::limits::VALUES;
use crate::pointer;

/// Parses `text`. A key that stands twice in one object is an error: serde_json alone would keep the last one and
/// say nothing.
///
/// # Errors
/// The reason and where it was met.
pub fn parse(text: &str) -> Result<Value, (String, Option<Position>)> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed =
        deserializer.deserialize_any(ValueVisitor(&Cell::new(0))).and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| {
        let position = (error.line() > 0).then(|| in_characters(text, error.line(), error.column()));
        (without_position(&error), position)
    })
}

/// serde_json ends its messages with the position, which stands at the front of ours.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&suffix).unwrap_or(&message).to_owned()
}

/// serde_json counts columns in bytes, and a line's end as column 0 of the next one; ours count characters, and a
/// line's end belongs to its line.
fn in_characters(text: &str, line: usize, column: usize) -> Position {
    let nth = |line: usize| text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    if column == 0 && line > 1 {
        let line = line.saturating_sub(1);
        return Position { line, column: nth(line).chars().count().saturating_add(1) };
    }
    let before = nth(line).get(..column.saturating_sub(1));
    Position { line, column: before.map_or(column.max(1), |before| before.chars().count().saturating_add(1)) }
}

/// Counts the values that it makes.
#[derive(Clone, Copy)]
struct ValueVisitor<'a>(&'a Cell<usize>);

impl<'de> serde::de::DeserializeSeed<'de> for ValueVisitor<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.set(self.0.get().saturating_add(1));
        if self.0.get() >= VALUES {
            return Err(D::Error::custom(format_args!("more than {VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands twice in this object")));
            }
            let value = access.next_value_seed(self)?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

/// Where each part of `text` stands, by JSON pointer. A text that [`parse`] refuses has no positions.
#[must_use]
pub fn positions(text: &str) -> HashMap<String, Span> {
    let mut positions = HashMap::new();
    let options = jsonc_parser::ParseOptions::default();
    if let Ok(parsed) = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options)
        && let Some(root) = parsed.value
    {
        let mut lines = Lines::new(text);
        positions.insert(String::new(), lines.span(beginning(&root)));
        collect(&root, &mut String::new(), &mut lines, &mut positions);
    }
    positions
}

fn collect(value: &ast::Value<'_>, at: &mut String, lines: &mut Lines<'_>, positions: &mut HashMap<String, Span>) {
    let parent = at.len();
    match value {
        ast::Value::Object(object) => {
            for property in &object.properties {
                pointer::push(at, property.name.as_str());
                positions.insert(at.clone(), lines.span(property.name.range()));
                collect(&property.value, at, lines, positions);
                at.truncate(parent);
            }
        }
        ast::Value::Array(array) => {
            for (index, item) in array.elements.iter().enumerate() {
                pointer::push(at, &index.to_string());
                positions.insert(at.clone(), lines.span(beginning(item)));
                collect(item, at, lines, positions);
                at.truncate(parent);
            }
        }
        _ => {}
    }
}

/// A scalar, or the bracket that an object or array begins with.
fn beginning(value: &ast::Value<'_>) -> Range {
    let range = value.range();
    match value {
        ast::Value::Object(_) | ast::Value::Array(_) => Range::new(range.start, range.start.saturating_add(1)),
        _ => range,
    }
}

/// Turns ascending byte offsets into positions in one pass over the text.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, offset: 0, position: Position { line: 1, column: 1 } }
    }

    fn position(&mut self, offset: usize) -> Position {
        for character in self.text.get(self.offset..offset).unwrap_or_default().chars() {
            if character == '\n' {
                self.position.line = self.position.line.saturating_add(1);
                self.position.column = 1;
            } else {
                self.position.column = self.position.column.saturating_add(1);
            }
        }
        self.offset = self.offset.max(offset);
        self.position
    }

    fn span(&mut self, range: Range) -> Span {
        Span { position: self.position(range.start), start: range.start, end: range.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_no_more_values_than_can_be_held() {
        let of = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
        assert!(parse(&of(VALUES)).is_ok());
        let (reason, position) = parse(&of(VALUES + 1)).unwrap_err();
        assert_eq!(reason, "more than 2000000 values");
        assert_eq!(position.map(|position| position.line), Some(1));
    }

    #[test]
    fn a_repeated_key_is_an_error_with_its_place() {
        assert_eq!(
            parse("{\n  \"ä\": 1, \"ä\": 2}"),
            Err(("the key `ä` stands twice in this object".to_owned(), Some(Position { line: 2, column: 13 })))
        );
    }

    #[test]
    fn a_syntax_error_says_where() {
        assert_eq!(
            parse("{\n  \"a\": nul\n}"),
            Err(("expected ident".to_owned(), Some(Position { line: 2, column: 11 })))
        );
    }

    #[test]
    fn what_follows_the_document_is_an_error() {
        assert_eq!(parse("{} x"), Err(("trailing characters".to_owned(), Some(Position { line: 1, column: 4 }))));
    }

    #[test]
    fn very_deep_nesting_is_an_error_and_no_overflow() {
        let text = "[".repeat(1_000_000);
        assert_eq!(parse(&text), Err(("recursion limit exceeded".to_owned(), Some(Position { line: 1, column: 128 }))));
    }

    #[test]
    fn every_part_of_a_document_has_a_position() {
        let text = "{\"a\": [1,\n {\"b/c\": \"é\", \"d\": {}}]}";
        let positions = positions(text);
        for (pointer, line, column) in
            [("", 1, 1), ("/a", 1, 2), ("/a/0", 1, 8), ("/a/1", 2, 2), ("/a/1/b~1c", 2, 3), ("/a/1/d", 2, 15)]
        {
            assert_eq!(positions[pointer].position, Position { line, column }, "{pointer}");
        }
        assert_eq!(positions.len(), 6);
    }

    #[test]
    fn a_key_or_scalar_is_marked_whole_and_a_collection_at_its_beginning() {
        let text = "{\"é\": [1.5, \"ä\", {}, [\n]]}";
        let positions = positions(text);
        for (pointer, marked) in
            [("", "{"), ("/é", "\"é\""), ("/é/0", "1.5"), ("/é/1", "\"ä\""), ("/é/2", "{"), ("/é/3", "[")]
        {
            let Span { start, end, .. } = positions[pointer];
            assert_eq!(&text[start..end], marked, "{pointer}");
        }
    }
}
