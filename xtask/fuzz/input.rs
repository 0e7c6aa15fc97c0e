//! What the fuzzers and the test `robustness` share: bytes as fragments, overlays and pages, and what has to hold of them.
//!
//! An input of fragments is one byte, even (`J`) for JSON, odd (`Y`) for YAML, and after it the fragments, with lines of `%%`
//! between them. What begins as an overlay does is one.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use xtask_client::Generation;
use xtask_diff::{self as diff, Side};
use xtask_spec::diagnostic::{self, Diagnostic, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::source::{Source, Syntax};

const BETWEEN: &str = "\n%%\n";

/// More than any input may take, in a debug build with a sanitizer, on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(20);

/// What has a meaning somewhere in a document, so that mutations put it where it has none.
const WORDS: &[&str] = &[
    "",
    "/",
    "~1",
    "%",
    "{",
    "/a/{id}",
    "a",
    "A",
    "_",
    "self",
    "Self",
    "fn",
    "é",
    "\u{0}",
    "1",
    "null",
    "id",
    "200",
    "2XX",
    "default",
    "3.0.3",
    "3.1.0",
    "#",
    "#/",
    "#/components/schemas/A",
    "#/components/responses/A",
    "#/paths/~1a/get",
    "#/$defs/A",
    "application/json",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
    "*/*",
    "get",
    "post",
    "query",
    "path",
    "header",
    "cookie",
    "form",
    "deepObject",
    "object",
    "array",
    "string",
    "integer",
    "number",
    "boolean",
    "date-time",
    "uuid",
    "int64",
    "byte",
    "binary",
    "^a*$",
    "(",
    "$ref",
    "$defs",
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "const",
    "enum",
    "type",
    "format",
    "items",
    "prefixItems",
    "contains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "multipleOf",
    "properties",
    "additionalProperties",
    "patternProperties",
    "unevaluatedProperties",
    "propertyNames",
    "dependentRequired",
    "required",
    "nullable",
    "readOnly",
    "discriminator",
    "mapping",
    "propertyName",
    "example",
    "examples",
    "title",
    "description",
    "summary",
    "parameters",
    "name",
    "in",
    "schema",
    "content",
    "style",
    "explode",
    "requestBody",
    "responses",
    "headers",
    "links",
    "encoding",
    "contentType",
    "callbacks",
    "webhooks",
    "security",
    "securitySchemes",
    "servers",
    "url",
    "variables",
    "tags",
    "operationId",
    "components",
    "schemas",
    "pathItems",
    "x-a",
    "overlay",
    "actions",
    "target",
    "update",
    "remove",
    "copy",
    "$",
    "$.paths.*",
    "$..properties",
    "$.paths['/a'].get",
    "$..[?@.a == 1]",
];

/// Runs the whole pipeline on `data`.
///
/// # Panics
/// Something doesn't hold that has to.
pub(crate) fn check(data: &[u8]) {
    let start = Instant::now();
    let problems = match generated(data) {
        Some(Err(problems)) => problems.into_diagnostics(),
        Some(Ok(generation)) => generation.warnings,
        None => return,
    };
    answered(&problems, start, data);
}

/// What the pipeline makes of `data`; `None` if it is no input.
pub(crate) fn generated(data: &[u8]) -> Option<Result<Generation, Problems>> {
    Some(fragments(data)?.and_then(|fragments| xtask_client::generate(&fragments, &mut |_| ())))
}

/// Compares `data` with itself and with a mutation of it, if both can be merged.
///
/// # Panics
/// Something doesn't hold that has to.
pub(crate) fn check_comparison(data: &[u8], seed: u64) {
    let start = Instant::now();
    let side = |data: &[u8]| fragments(data)?.and_then(|fragments| Side::of("side", &fragments)).ok();
    let Some(old) = side(data) else { return };
    let same = diff::compare_documents(&old, &old);
    assert!(same.is_empty(), "{}", diff::text(&same));
    let Some(new) = mutated(data, seed).as_deref().and_then(side) else { return };
    let (forth, back) = (diff::compare_documents(&old, &new), diff::compare_documents(&new, &old));
    assert_eq!(forth.is_empty(), back.is_empty(), "{}{}", diff::text(&forth), diff::text(&back));
    assert!(!diff::markdown(&forth).is_empty() && diff::json(&forth).is_object());
    let took = start.elapsed();
    assert!(took < LIMIT, "{} bytes took {took:?}", data.len());
}

/// Corrects a small document by the actions in `data`, one a line: a target, a tab, and what is merged into it, as JSON;
/// nothing where it is removed, and `=` with a path where another part is copied.
///
/// # Panics
/// Something doesn't hold that has to.
pub(crate) fn check_overlay(data: &[u8]) {
    let start = Instant::now();
    let Ok(text) = std::str::from_utf8(data) else { return };
    let actions = text.lines().filter_map(|line| {
        let (target, change) = line.split_once('\t')?;
        Some(match change.strip_prefix('=') {
            Some(path) => json!({"target": target, "copy": path}),
            None if change.is_empty() => json!({"target": target, "remove": true}),
            None => json!({"target": target, "update": serde_json::from_str::<Value>(change).ok()?}),
        })
    });
    let info = json!({"title": "T", "version": "1"});
    let overlay = json!({"overlay": "1.1.0", "info": info, "actions": actions.collect::<Vec<_>>()});
    let operation = json!({"parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}});
    let schemas =
        json!({"A": {"type": "object", "properties": {"a": {"type": "array", "items": {"enum": ["x", "y"]}}}}});
    let document = json!({"openapi": "3.1.0", "info": info, "tags": [{"name": "a"}], "paths": {"/a/{id}": {"get": operation}},
        "components": {"schemas": schemas}});
    let sources = [("overlay.json", overlay), ("a.json", document)]
        .map(|(name, document)| Source::new(name, name, document.to_string(), Syntax::Json));
    let said = match Fragments::parse(sources.into(), "input").and_then(|fragments| xtask_spec::corrected(&fragments)) {
        Ok(corrected) => corrected.warnings,
        Err(problems) => problems.into_diagnostics(),
    };
    answered(&said, start, data);
}

/// Reads `data` as a page: Markdown, or HTML where it begins with `<`.
///
/// # Panics
/// Something doesn't hold that has to.
pub(crate) fn check_page(data: &[u8]) {
    let start = Instant::now();
    if let Ok(text) = std::str::from_utf8(data) {
        answered(&xtask::import::read_page(text, text.starts_with('<')), start, data);
    }
}

/// Draws the lines, which is part of the answer.
fn answered(said: &[Diagnostic], start: Instant, data: &[u8]) {
    let report = diagnostic::report(said);
    assert!(!report.contains("a fault of xtask"), "{report}");
    let took = start.elapsed();
    assert!(took < LIMIT, "{} bytes took {took:?}", data.len());
}

/// `data` as fragments; `None` if it is no input.
fn fragments(data: &[u8]) -> Option<Result<Fragments, Problems>> {
    let (syntax, texts) = parted(data)?;
    let sources = texts.iter().enumerate().map(|(index, text)| {
        let is_overlay = ["{\"overlay\"", "overlay:"].iter().any(|begin| text.trim_start().starts_with(begin));
        let stem = if is_overlay { "overlay".to_owned() } else { index.to_string() };
        let name = format!("{stem}.{}", if syntax == Syntax::Json { "json" } else { "yaml" });
        Source::new(name.clone(), name, (*text).to_owned(), syntax)
    });
    Some(Fragments::parse(sources.collect(), "input"))
}

fn parted(data: &[u8]) -> Option<(Syntax, Vec<&str>)> {
    let (first, text) = data.split_first()?;
    let syntax = if first % 2 == 0 { Syntax::Json } else { Syntax::Yaml };
    Some((syntax, std::str::from_utf8(text).ok()?.split(BETWEEN).collect()))
}

/// `data` with a few of its values changed; `None` if a part of it isn't JSON.
pub(crate) fn mutated(data: &[u8], seed: u64) -> Option<Vec<u8>> {
    let (_, texts) = parted(data)?;
    let mut parts = texts.iter().map(|text| serde_json::from_str(text).ok()).collect::<Option<Vec<Value>>>()?;
    let mut chance = Chance(seed);
    for _ in 0..=chance.below(3) {
        let donor = parts.get(chance.below(parts.len())).cloned().unwrap_or_default();
        let index = chance.below(parts.len());
        if let Some(part) = parts.get_mut(index) {
            mutate(part, &donor, &mut chance);
        }
    }
    let texts: Vec<String> = parts.iter().map(Value::to_string).collect();
    // JSON is YAML too; the first byte stays.
    Some([data.get(..1)?, texts.join(BETWEEN).as_bytes()].concat())
}

/// Changes one value below `root`: into a word, or into a value from somewhere in `donor`; or takes a member away, or
/// gives one another name.
fn mutate(root: &mut Value, donor: &Value, chance: &mut Chance) {
    let place = chance.below(size(root));
    let Some(target) = nth(root, &mut { place }) else { return };
    let word = WORDS.get(chance.below(WORDS.len())).copied().unwrap_or_default();
    let new = match chance.below(4) {
        0 => atom(word, chance),
        _ => {
            let mut donor = donor.clone();
            let place = chance.below(size(&donor));
            nth(&mut donor, &mut { place }).map(Value::take).unwrap_or_default()
        }
    };
    match target {
        Value::Object(members) if chance.below(4) > 0 => {
            let keys: Vec<String> = members.keys().cloned().collect();
            let key = keys.get(chance.below(keys.len())).cloned().unwrap_or_default();
            match chance.below(4) {
                0 => drop(members.shift_remove(&key)),
                1 => drop(members.insert(word.to_owned(), new)),
                2 => drop(members.insert(key, new)),
                _ => {
                    let value = members.shift_remove(&key).unwrap_or(new);
                    members.insert(word.to_owned(), value);
                }
            }
        }
        Value::Array(values) if chance.below(4) > 0 => match chance.below(2) {
            0 => drop(values.pop()),
            _ => values.push(new),
        },
        target => *target = new,
    }
}

fn atom(word: &str, chance: &mut Chance) -> Value {
    match chance.below(8) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Bool(false),
        3 => Value::from(-1),
        4 => Value::from(u64::MAX),
        5 => Value::from(1e300),
        6 => Value::Object(Map::new()),
        _ => Value::from(word),
    }
}

/// How many values there are in `value`, itself among them.
fn size(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(values) => values.iter().map(size).sum(),
        _ => 0,
    };
    below.saturating_add(1)
}

fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left = left.saturating_sub(1);
    match value {
        Value::Object(members) => members.values_mut().find_map(|value| nth(value, left)),
        Value::Array(values) => values.iter_mut().find_map(|value| nth(value, left)),
        _ => None,
    }
}

/// SplitMix64: the same seed gives the same mutations everywhere.
struct Chance(u64);

impl Chance {
    /// A number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        (mixed ^ (mixed >> 31)).checked_rem(end).and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
    }
}
