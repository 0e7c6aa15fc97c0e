//! Patterns that are no regular expressions of ECMA 262, which JSON Schema wants (2020-12, Core, section 6.4).
//!
//! typify makes no type of a schema that has one. Others are read as something else than their authors mean: `\Z` is the
//! letter there. Such a pattern isn't checked.

use regress::Regex;
use serde_json::Value;

use super::Shaping;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// The letters that mean something behind a backslash without the flag `u`.
const ESCAPES: &str = "bBcdDfknrsStuvwWx";

impl Shaping<'_> {
    /// Takes out each pattern that isn't one, and says so.
    pub(super) fn patterns(&mut self, document: &mut Value) {
        let mut found = Vec::new();
        grammar::walk_mut(Object::OpenApi, document, &mut |at, object, schema| {
            let Some(schema) = schema.as_object_mut().filter(|_| object == Object::Schema) else { return };
            let Some(pattern) = schema.get("pattern").and_then(Value::as_str).filter(|text| !is_expression(text))
            else {
                return;
            };
            found.push((pointer::join(at, "pattern"), pattern.to_owned()));
            schema.shift_remove("pattern");
        });
        for (at, pattern) in found {
            let message = format!("the pattern `{pattern}` is no regular expression of ECMA 262: it isn't checked");
            self.warn(Id::LeftOut, &at, message, "write it in the overlay as one, where it matters");
        }
    }
}

fn is_expression(pattern: &str) -> bool {
    if Regex::with_flags(pattern, "u").is_ok() {
        return true;
    }
    let mut characters = pattern.chars();
    let mut known = true;
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        known &= escaped.is_none_or(|escaped| !escaped.is_ascii_alphabetic() || ESCAPES.contains(escaped));
    }
    known && Regex::new(pattern).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::shaping;
    use super::*;

    #[test]
    fn a_pattern_of_another_grammar_is_not_checked() {
        for pattern in [r"^\d{3}-[a-z]+$", r"^\p{L}+$", r"[\w\-\.]+", r"^(?!x).*$", r"\\A"] {
            assert!(is_expression(pattern), "{pattern}");
        }
        for pattern in ["[", r"(?i)^a$", r"\Aa\Z", r"(?P<a>b)", r"a++"] {
            let mut document = json!({"components": {"schemas": {"A": {"type": "string", "pattern": pattern}}}});
            let mut shaping = shaping();
            shaping.patterns(&mut document);
            assert_eq!(document["components"]["schemas"]["A"], json!({"type": "string"}), "{pattern}");
            let said: Vec<&str> = shaping.warnings.iter().map(|warning| &*warning.message).collect();
            assert_eq!(
                said,
                [format!("the pattern `{pattern}` is no regular expression of ECMA 262: it isn't checked")]
            );
        }
    }
}
