//! One broken rule, as data.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Rule, Severity};

/// So many characters of a text are shown.
const SHOWN: usize = 80;

/// A value in a request, as far as a message shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value {
    /// A switch.
    Flag(bool),
    /// A user id.
    Number(i64),
    /// A text: its first 80 characters, and `…` where there are more.
    Text(String),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self::Text(shown)
    }
}

/// A text in quotation marks, with what a terminal would act on written out.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// One rule that a request breaks, or one remark on it: where, what is wrong, and what to change.
///
/// [`Display`](fmt::Display) is one line for people. For machines, serde gives an object with these members, of which
/// `value` is absent where there is none:
///
/// ```
/// use pod_api_ext::pod_api::types::V3RoomAttributes;
/// use pod_api_ext::prelude::Validate as _;
/// use pod_api_ext::rules::Context;
///
/// let mut room = V3RoomAttributes::default();
/// room.cross_pod = Some(true);
/// room.read_only = Some(true);
/// let violations = room.validate(&Context::new()).unwrap_err();
/// assert_eq!(
///     serde_json::to_value(&violations)?,
///     serde_json::json!([{
///         "rule": "room.cross-pod.attributes",
///         "statement": "R5",
///         "severity": "refusal",
///         "field": "/readOnly",
///         "value": true,
///         "message": "can't be true in a cross-pod room",
///         "remedy": "leave it out or set it to false, or leave out `crossPod`",
///         "page": "https://rest-api.symphony.com/main/streams-conversations/room-endpoints/create-room-v3.md"
///     }])
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `rule`, `statement`, `severity` and `field` are stable; the two texts are for people and may be reworded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    rule: Rule,
    field: Cow<'static, str>,
    value: Option<Value>,
    message: Cow<'static, str>,
    remedy: Cow<'static, str>,
}

impl Violation {
    pub(super) fn new(
        rule: Rule,
        field: impl Into<Cow<'static, str>>,
        value: Option<Value>,
        message: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { rule, field: field.into(), value, message: message.into(), remedy: remedy.into() }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether the pod would refuse the request for it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// Where in the request's body it is: a JSON pointer (RFC 6901) such as `/viewHistory` or `/2`, with the names that
    /// are sent; empty for the body as a whole.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The value of the field; `None` if it is the whole body.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// What is wrong with the field.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to change.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// The page with the rule's statement.
    #[must_use]
    pub fn page(&self) -> &'static str {
        self.rule.page()
    }
}

/// One line: the field with its value, what is wrong, what to change, and where it is documented.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}, {} of {}]", self.sentence(), self.rule, self.rule.statement(), self.page())
    }
}

/// A violation without where it is documented.
pub(super) struct Sentence<'a>(&'a Violation);

impl Violation {
    pub(super) fn sentence(&self) -> Sentence<'_> {
        Sentence(self)
    }
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { field, value, message, remedy, .. } = self.0;
        match field.strip_prefix('/') {
            Some(index) if index.starts_with(|first: char| first.is_ascii_digit()) => write!(f, "`[{index}]`")?,
            Some(name) => write!(f, "`{name}`")?,
            None => f.write_str("the request")?,
        }
        if let Some(value) = value {
            write!(f, " ({value})")?;
        }
        write!(f, " {message}; {remedy}")
    }
}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = if self.value.is_some() { 8 } else { 7 };
        let mut object = serializer.serialize_struct("Violation", length)?;
        object.serialize_field("rule", &self.rule)?;
        object.serialize_field("statement", self.rule.statement())?;
        object.serialize_field("severity", &self.severity())?;
        object.serialize_field("field", &self.field)?;
        match &self.value {
            Some(value) => object.serialize_field("value", value)?,
            None => object.skip_field("value")?,
        }
        object.serialize_field("message", &self.message)?;
        object.serialize_field("remedy", &self.remedy)?;
        object.serialize_field("page", self.page())?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_to_a_bounded_length() {
        for (length, expected) in [(79, "é".repeat(79)), (80, "é".repeat(80)), (81, "é".repeat(80) + "…")] {
            assert_eq!(Value::text(&"é".repeat(length)), Value::Text(expected), "{length}");
        }
    }

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        assert_eq!(Value::text("a\"\u{1b}[31m\n").to_string(), "\"a\\\"\\u{1b}[31m\\n\"");
        assert_eq!(Value::Flag(true).to_string(), "true");
        assert_eq!(Value::Number(-1).to_string(), "-1");
    }
}
