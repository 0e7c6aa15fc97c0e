//! What the generated client holds a value in, as far as a single value goes.
//!
//! A document can say the same to a client in several ways: a text with a format that no type knows is a text, an
//! integer without a format is one of 64 bits, and what has members is an object. Where both sides come to the same
//! type, the client reads what either pod sends, whatever the two documents say of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facets::{self, Types};
use super::view::View;

/// The types that a value is held in, by what tells them apart.
pub(super) type Reading = BTreeSet<String>;

/// Formats of texts that have a type of their own.
const OWN_TYPE: [&str; 6] = ["uuid", "date", "date-time", "ip", "ipv4", "ipv6"];

/// Integers by their formats, with the range that says the same; the widest that are tried first stand last.
const INTEGERS: [(&str, &str, i128, i128); 10] = [
    ("int8", "i8", i8::MIN as i128, i8::MAX as i128),
    ("uint8", "u8", 0, u8::MAX as i128),
    ("int16", "i16", i16::MIN as i128, i16::MAX as i128),
    ("uint16", "u16", 0, u16::MAX as i128),
    ("int", "i32", i32::MIN as i128, i32::MAX as i128),
    ("int32", "i32", i32::MIN as i128, i32::MAX as i128),
    ("uint", "u32", 0, u32::MAX as i128),
    ("uint32", "u32", 0, u32::MAX as i128),
    ("int64", "i64", i64::MIN as i128, i64::MAX as i128),
    ("uint64", "u64", 0, u64::MAX as i128),
];

/// What a client holds values of this schema in; `None` where that isn't about single values.
pub(super) fn of(view: &View<'_>) -> Option<Reading> {
    let named: Vec<&str> = match Types::of(view).named() {
        Some(named) => named.iter().copied().collect(),
        None if view.first("properties").is_some() => vec!["object"],
        None if view.first("items").is_some() => vec!["array"],
        None => return None,
    };
    Some(named.into_iter().map(|name| format!("{name}{}", held(view, name))).collect())
}

fn held(view: &View<'_>, name: &str) -> String {
    match name {
        "string" => text(view),
        "integer" => integer(view),
        "number" if facets::format(view) == Some("float") => " (f32)".to_owned(),
        "array" => array(view),
        _ => String::new(),
    }
}

fn text(view: &View<'_>) -> String {
    let format = facets::format(view).filter(|format| OWN_TYPE.contains(format));
    if let Some(format) = format {
        return format!(" ({format})");
    }
    // The values of an enumeration are read whatever else is said of them.
    if facets::values(view).is_some() {
        return String::new();
    }
    let bound = |key: &str| view.all(key).filter_map(|site| site.schema.as_u64()).collect::<Vec<_>>();
    let least: Vec<u64> = bound("minLength").into_iter().filter(|least| *least > 0).collect();
    let patterns: Vec<&Value> = view.all("pattern").map(|site| site.schema).collect();
    match (least, bound("maxLength"), patterns) {
        (least, most, patterns) if least.is_empty() && most.is_empty() && patterns.is_empty() => String::new(),
        (least, most, patterns) => format!(" ({least:?} {most:?} {patterns:?})"),
    }
}

/// The width that typify chooses: by the format, else by a range that is that of a type; 64 bits where neither says.
fn integer(view: &View<'_>) -> String {
    let bound = |key: &str| view.first(key).and_then(whole);
    let exclusive = |key: &str, flag: &str, step: i128| {
        let inclusive = bound(key);
        let beyond = bound(flag).and_then(|bound| bound.checked_add(step));
        match (inclusive, view.says(flag)) {
            (Some(bound), true) => bound.checked_add(step),
            (bound, _) => beyond.or(bound),
        }
    };
    let (least, most) = (exclusive("minimum", "exclusiveMinimum", 1), exclusive("maximum", "exclusiveMaximum", -1));
    let format = facets::format(view).and_then(|format| INTEGERS.iter().find(|(known, ..)| *known == format));
    let says = |low: i128, high: i128| least.is_none_or(|least| least == low) && most.is_none_or(|most| most == high);
    let width = match format {
        Some((_, name, ..)) => name,
        None if least.is_none() && most.is_none() => "i64",
        None => INTEGERS.iter().rev().find(|(.., low, high)| says(*low, *high)).map_or("i64", |(_, name, ..)| name),
    };
    if least == Some(1) { format!(" (non-zero {width})") } else { format!(" ({width})") }
}

fn whole(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

fn array(view: &View<'_>) -> String {
    let bound = |key: &str| view.first(key).and_then(Value::as_u64);
    match (bound("minItems"), bound("maxItems")) {
        (Some(least), Some(most)) if least == most && least > 0 => format!(" ({least})"),
        _ => String::new(),
    }
}
