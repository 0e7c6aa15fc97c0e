//! What a sample lost on its way through a type.

use serde_json::Value;

use crate::documents::Generated;
use crate::scratch::Trip;
use xtask_samples::Sent;

/// A sample that came back as something else.
pub(crate) struct Loss<'a> {
    pub(crate) schema: &'a str,
    pub(crate) sample: &'a Value,
    pub(crate) what: String,
    /// The member that is lost, if it is one.
    pub(crate) member: Option<String>,
}

/// The losses among `trips`.
pub(crate) fn of<'a>(generated: &'a Generated, trips: &'a [Trip]) -> Vec<Loss<'a>> {
    let samples = generated
        .schemas
        .iter()
        .flat_map(|((schema, sent), samples)| samples.iter().map(move |sample| (schema, *sent, sample)));
    let losses = samples.zip(trips).filter_map(|((schema, sent, sample), trip)| {
        let (what, member) = match trip {
            Trip::Unread(error) => (format!("can't be read: {error}"), None),
            Trip::Read { first, second } => {
                let written: Value = serde_json::from_str(first).ok()?;
                match differs(sent, "", sample, &written) {
                    Some((what, member)) => (format!("is written as {first}: {what}"), member),
                    None if first != second => (format!("is written as {first}, and the next time as {second}"), None),
                    None => return None,
                }
            }
        };
        Some(Loss { schema, sample, what, member })
    });
    losses.collect()
}

/// Where two values first differ in meaning, and the member that is lost there.
///
/// To those who read a response, an optional member that is empty or `null` is one that isn't there; a request says what
/// was set.
fn differs(sent: Sent, at: &str, sample: &Value, written: &Value) -> Option<(String, Option<String>)> {
    match (sample, written) {
        (Value::Object(one), Value::Object(other)) => {
            let says = |value: &Value| sent == Sent::Request || !is_empty(value);
            let missing = one.iter().find(|(key, value)| !other.contains_key(*key) && says(value));
            if let Some((key, _)) = missing {
                return Some((format!("`{at}/{key}` is lost"), Some(key.clone())));
            }
            if let Some(key) = other.keys().find(|key| !one.contains_key(*key)) {
                return Some((format!("`{at}/{key}` is added"), None));
            }
            one.iter().find_map(|(key, value)| differs(sent, &format!("{at}/{key}"), value, other.get(key)?))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(index, (one, other))| differs(sent, &format!("{at}/{index}"), one, other))
        }
        // 5 and 5.0 are one number (JSON Schema Core, section 4.2.2).
        (Value::Number(one), Value::Number(other)) if one == other || one.as_f64() == other.as_f64() => None,
        // A moment and a UUID may be written in several ways.
        (Value::String(one), Value::String(other)) if says_the_same(one, other) => None,
        _ => (sample != written).then(|| (format!("`{at}` is changed"), None)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn says_the_same(one: &str, other: &str) -> bool {
    let moment = |text| chrono::DateTime::parse_from_rfc3339(text);
    one.eq_ignore_ascii_case(other) || moment(one).is_ok_and(|one| moment(other) == Ok(one))
}
