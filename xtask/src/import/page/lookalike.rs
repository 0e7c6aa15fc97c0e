//! Text that looks like a document and isn't read: where it is, and what is wrong with it.

use serde_json::Value;

use super::block::{Block, Kind};
use xtask_spec::diagnostic::Level;

/// So many of a page are named; where there are more, the page is of another kind altogether.
const NAMED: usize = 10;

/// So far down a document may hide in another one.
const DEEP: usize = 4;

/// Something that looks like a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lookalike {
    /// Where it is in the page, in bytes.
    pub(super) at: usize,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
    /// How much it weighs beside a fragment that was read.
    pub(super) beside: Level,
}

const AS_FENCE: &str =
    "put it between two lines of ``` in the page's file, or save it by itself, as a .json file, and import that";
const BY_ITSELF: &str = "save the document itself as a .json file, and import that";

/// What a document that was parsed is, if it isn't a fragment but might be taken for one.
pub(super) fn of_value(value: &Value) -> Option<(&'static str, &'static str)> {
    match value {
        Value::Object(root) if root.contains_key("swagger") => Some((
            "a Swagger 2.0 document, which isn't taken",
            "convert it to OpenAPI 3, or import the page of a version that is published so; if the same operation stands \
             here as OpenAPI 3 too, nothing has to be done",
        )),
        Value::Array(items) if items.iter().any(|item| holds(item, DEEP)) => {
            Some(("a list of OpenAPI documents, not one", "save each of them as a .json file, and import these"))
        }
        Value::Object(_) if holds(value, DEEP) => Some(("an OpenAPI document inside another one", BY_ITSELF)),
        _ => None,
    }
}

/// Whether a document stands in `value`, as an object or as its text.
fn holds(value: &Value, depth: usize) -> bool {
    let Some(below) = depth.checked_sub(1) else { return false };
    match value {
        Value::Object(members) => {
            let version = members.get("openapi").or_else(|| members.get("swagger"));
            let is_one = version.is_some_and(Value::is_string)
                && ["paths", "info", "components", "webhooks"].iter().any(|key| members.contains_key(*key));
            is_one || members.values().any(|value| holds(value, below))
        }
        Value::Array(items) => items.iter().any(|item| holds(item, below)),
        Value::String(text) => text.trim_start().starts_with('{') && keys(text).next().is_some_and(|key| key.at < 200),
        _ => false,
    }
}

/// Text of the page outside its blocks, and in those that aren't read, that looks like a document.
pub(super) fn of_text(page: &str, blocks: &[Block]) -> Vec<Lookalike> {
    let mut found: Vec<Lookalike> = Vec::new();
    let mut last_block = None;
    for key in keys(page) {
        // In the order of their beginnings; none begins inside another.
        let before = blocks.partition_point(|block| block.range.start <= key.at);
        let block =
            before.checked_sub(1).and_then(|index| blocks.get(index)).filter(|block| block.range.contains(&key.at));
        let Some(said) = (match block.map(|block| block.kind) {
            Some(Kind::Fence | Kind::Html) => None,
            Some(Kind::Indented) if last_block == Some(before) => None,
            Some(Kind::Indented) => {
                last_block = Some(before);
                let is_fence = block.is_some_and(|block| block.text.trim_start().starts_with("```"));
                Some(if is_fence {
                    (
                        "a fence that is indented so far that Markdown takes it for code itself",
                        "remove the space in front of its lines in the page's file",
                    )
                } else {
                    ("looks like an OpenAPI document, but stands in indented code, which isn't read", AS_FENCE)
                })
            }
            None => Some(wrong_with(page, &key)),
        }) else {
            continue;
        };
        found.push(Lookalike { at: key.at, message: said.0, help: said.1, beside: Level::Error });
        if found.len() >= NAMED {
            break;
        }
    }
    for (at, _) in page.match_indices("{%") {
        let tag = page.get(at..).and_then(|rest| rest.strip_prefix("{%")).unwrap_or_default().trim_start();
        let is_one = ["openapi", "swagger"].iter().any(|name| tag.starts_with(name));
        if is_one && found.len() < NAMED && !blocks.iter().any(|block| block.range.contains(&at)) {
            found.push(Lookalike {
                at,
                message: "an endpoint by reference: the document itself isn't on this page",
                help: "import the document that the tag names, or the page as its site publishes it",
                beside: Level::Warning,
            });
        }
    }
    found
}

/// Why a key of a document that stands in no block isn't read.
fn wrong_with(page: &str, key: &Key<'_>) -> (&'static str, &'static str) {
    let before = page.get(..key.at).unwrap_or_default();
    let near = before.char_indices().rev().nth(200).and_then(|(at, _)| before.get(at..)).unwrap_or(before);
    match key.quote {
        "\\\"" => ("looks like an OpenAPI document, but inside a text or a program, where it isn't read", BY_ITSELF),
        "&quot;" | "&#34;" | "&#x22;" => {
            ("looks like an OpenAPI document in HTML, but stands in no `<pre>`, where it isn't read", AS_FENCE)
        }
        "“" | "”" | "„" | "‘" | "’" => (
            "looks like an OpenAPI document, but its quotes are typographic ones",
            "save the page anew, without a program that sets text in between",
        ),
        _ if near.contains("\\`") => (
            "looks like an OpenAPI document, but the fence in front of it is escaped",
            "write ``` instead of \\`\\`\\` in front of it and behind it in the page's file",
        ),
        _ => ("looks like an OpenAPI document, but stands in no fenced code block, where it isn't read", AS_FENCE),
    }
}

/// The version of a document, as its first key or that of a line.
struct Key<'a> {
    /// Where its quote or name is, in bytes.
    at: usize,
    quote: &'a str,
}

/// Other ways to write `"`, the longer ones first.
const QUOTES: [&str; 11] = ["&quot;", "&#x22;", "&#34;", "\\\"", "“", "”", "„", "‘", "’", "\"", "'"];

fn keys(text: &str) -> impl Iterator<Item = Key<'_>> {
    let names = text.match_indices("openapi").chain(text.match_indices("swagger"));
    let mut keys: Vec<Key<'_>> = names.filter_map(|(at, name)| key(text, at, name)).collect();
    keys.sort_by_key(|key| key.at);
    keys.into_iter()
}

fn key<'a>(text: &'a str, at: usize, name: &str) -> Option<Key<'a>> {
    let (before, rest) = text.split_at_checked(at)?;
    let rest = rest.strip_prefix(name)?;
    let quote = QUOTES.iter().copied().find(|quote| before.ends_with(quote)).unwrap_or_default();
    let before = before.strip_suffix(quote)?;
    let rest = if quote.is_empty() { rest } else { QUOTES.iter().find_map(|quote| rest.strip_prefix(quote))? };
    let value = rest.trim_start_matches([' ', '\t']).strip_prefix(':')?.trim_start_matches([' ', '\t']);
    let version = QUOTES.iter().find_map(|quote| value.strip_prefix(quote)).unwrap_or(value);
    let line = before.trim_end_matches([' ', '\t', '>', '\\']);
    let first = line.is_empty() || line.ends_with('\n') || (!quote.is_empty() && before.trim_end().ends_with('{'));
    let is_one = first && version.starts_with(|digit: char| digit.is_ascii_digit());
    is_one.then_some(Key { at: before.len(), quote })
}
