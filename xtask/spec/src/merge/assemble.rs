//! The parts put together again, in an order that depends on their names alone.

use serde_json::{Map, Value};

use super::Parts;
use crate::fragments::Fragments;
use crate::grammar::{COMPONENTS, METHODS};
use crate::origins::{Origin, Origins};
use crate::pointer;

/// The order of the root's keys in the merged document; all others follow by name.
const ROOT: [&str; 10] = [
    "openapi",
    "jsonSchemaDialect",
    "info",
    "servers",
    "security",
    "tags",
    "externalDocs",
    "paths",
    "webhooks",
    "components",
];

/// The version that the merged document is in, whatever patch versions its fragments name.
const VERSION: &str = "3.1.1";

pub(super) fn assemble(parts: Parts, fragments: &Fragments) -> (Value, Origins) {
    let mut origins = Origins::of(fragments);
    let mut root = Map::new();
    root.insert("openapi".into(), VERSION.into());
    let mut parts: Vec<_> = parts.0.into_iter().collect();
    parts.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    for (path, taken) in parts {
        let segments: Vec<&str> = path.iter().map(String::as_str).collect();
        let merged = if let ["tags", _] = segments.as_slice() {
            let tags = root.entry("tags").or_insert_with(|| Value::Array(Vec::new()));
            let index = tags.as_array().map_or(0, Vec::len);
            if let Value::Array(tags) = tags {
                tags.push(taken.value);
            }
            format!("/tags/{index}")
        } else {
            place(&mut root, &segments, taken.value);
            segments.iter().fold(String::new(), |at, segment| pointer::join(&at, segment))
        };
        let super::Origin { fragment, pointer } = taken.origin;
        origins.insert(merged, Origin::Fragment { fragment, pointer });
    }
    root.entry("info").or_insert_with(|| Value::Object(Map::new()));
    root.entry("paths").or_insert_with(|| Value::Object(Map::new()));
    (Value::Object(root), origins)
}

fn place(members: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => {
            members.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let below = members.entry(*first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                place(below, rest, value);
            }
        }
    }
}

/// Root keys, methods and kinds of components come in the specification's order, all else by name.
fn order(path: &[String]) -> Vec<(usize, &str)> {
    let below_paths = matches!(path.first().map(String::as_str), Some("paths" | "webhooks"));
    path.iter()
        .enumerate()
        .map(|(depth, segment)| {
            let rank = match depth {
                0 => ROOT.iter().position(|name| name == segment),
                1 if path.first().is_some_and(|first| first == "components") => {
                    COMPONENTS.iter().position(|(name, _)| name == segment)
                }
                2 if below_paths => METHODS.iter().position(|name| name == segment),
                _ => None,
            };
            (rank.unwrap_or(usize::MAX), segment.as_str())
        })
        .collect()
}
