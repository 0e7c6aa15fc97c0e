//! What a schema says of single values: types, formats, enumerations, bounds, patterns.
//!
//! Each facet is one thing however it is spelt: `const` is an enumeration of one, `nullable` a type, a boolean
//! `exclusiveMinimum` a bound; several schemas that hold together give the tightest bound and the values they share.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kind::{Keyword, Move, Quality, What};
use super::view::View;

/// Bounds that get tighter as they grow.
const LOWER: [Keyword; 4] = [Keyword::MinLength, Keyword::MinItems, Keyword::MinProperties, Keyword::MinContains];
/// Bounds that get tighter as they shrink.
const UPPER: [Keyword; 4] = [Keyword::MaxLength, Keyword::MaxItems, Keyword::MaxProperties, Keyword::MaxContains];

/// A change of a facet: what became of it, what it was and is, and the keyword that says so.
#[derive(Debug, PartialEq)]
pub(super) struct Facet {
    pub(super) what: What,
    pub(super) keyword: Keyword,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// Everything in which the facets of two schemas differ.
pub(super) fn compare(old: &View<'_>, new: &View<'_>) -> Vec<Facet> {
    let mut facets = Vec::new();
    let (old_types, new_types) = (Types::of(old), Types::of(new));
    types(&old_types, &new_types, &mut facets);
    formats(old, new, &old_types, &new_types, &mut facets);
    enums(old, new, &mut facets);
    for (inclusive, exclusive, lower) in
        [(Keyword::Minimum, "exclusiveMinimum", true), (Keyword::Maximum, "exclusiveMaximum", false)]
    {
        let (old, new) = (range(old, inclusive, exclusive, lower), range(new, inclusive, exclusive, lower));
        bound(inclusive, old, new, lower, &mut facets);
    }
    for (keyword, lower) in LOWER.map(|key| (key, true)).into_iter().chain(UPPER.map(|key| (key, false))) {
        bound(keyword, count(old, keyword, lower), count(new, keyword, lower), lower, &mut facets);
    }
    patterns(old, new, &mut facets);
    numbers(Keyword::MultipleOf, old, new, &mut facets);
    let unique = |view: &View<'_>| view.says("uniqueItems").then_some(Value::Bool(true));
    push(Keyword::UniqueItems, unique(old), unique(new), &mut facets);
    facets
}

fn push(keyword: Keyword, old: Option<Value>, new: Option<Value>, facets: &mut Vec<Facet>) {
    if let Some(movement) = Move::between(old.as_ref(), new.as_ref()) {
        facets.push(Facet { what: What::Keyword(keyword, movement), keyword, old, new });
    }
}

/// What a schema says of the types of its values.
#[derive(Debug, PartialEq)]
pub(super) struct Types<'a> {
    /// Without `null`; `None` where any will do.
    named: Option<BTreeSet<&'a str>>,
    null: bool,
    /// Whether nothing at all is said of them, `null` included.
    any: bool,
}

impl<'a> Types<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut named: Option<BTreeSet<&'a str>> = None;
        let mut null = view.null;
        for site in &view.own {
            // `nullable` allows no value that an enumeration beside it doesn't list (OpenAPI 3.0.3, proposal of 2019-10-31).
            null |= site.schema.get("nullable") == Some(&Value::Bool(true)) && !lists_without_null(site.schema);
            let Some(mut types) = declared(site.schema) else { continue };
            if types.remove("null") {
                null |= !lists_without_null(site.schema);
            }
            // Every integer is a number.
            if types.contains("number") {
                types.remove("integer");
            }
            named = Some(match named {
                None => types,
                Some(named) => shared(&named, &types),
            });
        }
        if named.is_none() {
            let values = values(view);
            let kinds: BTreeSet<&str> = values.iter().flatten().map(|value| kind_of(value)).collect();
            null |= view.all("enum").any(|list| list.schema.as_array().is_some_and(|list| list.contains(&Value::Null)));
            named = values.is_some().then_some(kinds);
        }
        let composed = ["anyOf", "oneOf"].iter().any(|key| view.first(key).is_some());
        let any = named.is_none() && view.targets.is_empty() && !composed;
        Self { named, null, any }
    }

    /// The types by name, without `null`; `None` where any will do.
    pub(super) fn named(&self) -> Option<&BTreeSet<&'a str>> {
        self.named.as_ref()
    }

    /// Whether there is exactly one type, and it is this one.
    pub(super) fn is(&self, name: &str) -> bool {
        self.named.as_ref().is_some_and(|named| named.len() == 1 && named.contains(name))
    }

    fn value(&self) -> Option<Value> {
        let named = self.named.as_ref()?;
        Some(match named.iter().collect::<Vec<_>>().as_slice() {
            [one] => Value::from(**one),
            several => several.iter().map(|name| Value::from(**name)).collect(),
        })
    }
}

/// Whether values of this type are spoken of: by name, or by the keyword that only they have.
pub(super) fn may_be(view: &View<'_>, name: &str, keyword: &str) -> bool {
    Types::of(view).named.map_or_else(|| view.first(keyword).is_some(), |named| named.contains(name))
}

/// The types that one schema names, `null` among them.
fn declared(schema: &Value) -> Option<BTreeSet<&str>> {
    if let Some(kind) = schema.get("type") {
        return Some(match kind {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            kind => kind.as_str().into_iter().collect(),
        })
        .filter(|types: &BTreeSet<&str>| !types.is_empty());
    }
    alternatives_of_types(schema)
}

/// `anyOf` and `oneOf` of nothing but types are another spelling of several types.
fn alternatives_of_types(schema: &Value) -> Option<BTreeSet<&str>> {
    let branches = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key).and_then(Value::as_array))?;
    let mut types = BTreeSet::new();
    for branch in branches {
        let members = branch.as_object().filter(|members| members.len() == 1)?;
        match members.get("type")? {
            Value::String(name) => _ = types.insert(name.as_str()),
            Value::Array(names) => types.extend(names.iter().filter_map(Value::as_str)),
            _ => return None,
        }
    }
    (!types.is_empty()).then_some(types)
}

/// Whether what looks like a composition is a list of types, which [`Types`] knows of.
pub(super) fn is_list_of_types(site: &Value) -> bool {
    site.get("type").is_none() && alternatives_of_types(site).is_some()
}

fn lists_without_null(schema: &Value) -> bool {
    schema.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(&Value::Null))
}

fn shared<'a>(a: &BTreeSet<&'a str>, b: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let within =
        |one: &str, other: &BTreeSet<&str>| other.contains(one) || (one == "integer" && other.contains("number"));
    let from_a = a.iter().filter(|name| within(name, b));
    from_a.chain(b.iter().filter(|name| within(name, a))).copied().collect()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn types(old: &Types<'_>, new: &Types<'_>, facets: &mut Vec<Facet>) {
    let covered = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| {
        a.iter().all(|name| b.contains(name) || (*name == "integer" && b.contains("number")))
    };
    let movement = match (&old.named, &new.named) {
        (Some(a), Some(b)) if a == b => None,
        (Some(a), Some(b)) if covered(a, b) => Some(Move::Widened),
        (Some(a), Some(b)) if covered(b, a) => Some(Move::Narrowed),
        (Some(_), Some(_)) => Some(Move::Changed),
        (None, Some(_)) => Some(Move::Narrowed),
        (Some(_), None) => Some(Move::Widened),
        (None, None) => None,
    };
    if let Some(movement) = movement {
        let what = What::Keyword(Keyword::Type, movement);
        facets.push(Facet { what, keyword: Keyword::Type, old: old.value(), new: new.value() });
    }
    // What may be anything may be `null` as well.
    let what = match (old.null, new.null) {
        (false, true) if !old.any => What::Became(Quality::Nullable),
        (true, false) if !new.any => What::Ceased(Quality::Nullable),
        _ => return,
    };
    facets.push(Facet { what, keyword: Keyword::Type, old: Some(old.null.into()), new: Some(new.null.into()) });
}

fn formats(old: &View<'_>, new: &View<'_>, old_types: &Types<'_>, new_types: &Types<'_>, facets: &mut Vec<Facet>) {
    let (a, b) = (format(old), format(new));
    let within = |from: &str, to: &str, types: &Types<'_>| {
        (types.is("integer") && matches!((from, to), ("int32", "int64")))
            || ((types.is("number") || types.is("integer")) && matches!((from, to), ("float", "double")))
            || (types.is("string") && matches!((from, to), ("date" | "time", "date-time")))
    };
    let movement = match (a, b) {
        (a, b) if a == b => return,
        (None, Some(_)) => Move::Narrowed,
        (Some(_), None) => Move::Widened,
        (Some(a), Some(b)) if within(a, b, new_types) => Move::Widened,
        (Some(a), Some(b)) if within(b, a, old_types) => Move::Narrowed,
        _ => Move::Changed,
    };
    let what = What::Keyword(Keyword::Format, movement);
    facets.push(Facet { what, keyword: Keyword::Format, old: a.map(Value::from), new: b.map(Value::from) });
}

/// The format of a text or a number, however it is written.
pub(super) fn format<'a>(view: &View<'a>) -> Option<&'a str> {
    let text = |key: &str| view.first(key).and_then(Value::as_str);
    text("format").or_else(|| match (text("contentEncoding"), text("contentMediaType")) {
        // As OpenAPI 3.0 spells it.
        (Some("base64"), _) => Some("byte"),
        (Some(other), _) => Some(other),
        (None, Some("application/octet-stream")) => Some("binary"),
        (None, other) => other,
    })
}

/// The values that are left, without `null`; `None` where they aren't listed.
pub(super) fn values<'a>(view: &View<'a>) -> Option<Vec<&'a Value>> {
    let mut left: Option<Vec<&'a Value>> = None;
    for site in &view.own {
        let listed = site.schema.get("enum").and_then(Value::as_array).map(|list| list.iter().collect::<Vec<_>>());
        let constant = site.schema.get("const").map(|value| vec![value]);
        for list in listed.into_iter().chain(constant) {
            left = Some(match left {
                None => list,
                Some(left) => left.into_iter().filter(|value| list.iter().any(|other| same(value, other))).collect(),
            });
        }
    }
    left.map(|values| values.into_iter().filter(|value| !value.is_null()).collect())
}

/// Equality as JSON Schema has it: `1` and `1.0` are the same number.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    a == b || (a.is_number() && b.is_number() && a.as_f64() == b.as_f64())
}

fn enums(old: &View<'_>, new: &View<'_>, facets: &mut Vec<Facet>) {
    let list = |values: &[&Value]| Some(values.iter().map(|value| (*value).clone()).collect::<Value>());
    let (old, new) = match (values(old), values(new)) {
        (None, None) => return,
        (None, Some(new)) => {
            let what = What::Became(Quality::Enum);
            return facets.push(Facet { what, keyword: Keyword::Enum, old: None, new: list(&new) });
        }
        (Some(old), None) => {
            let what = What::Ceased(Quality::Enum);
            return facets.push(Facet { what, keyword: Keyword::Enum, old: list(&old), new: None });
        }
        (Some(old), Some(new)) => (old, new),
    };
    for gone in old.iter().filter(|value| !new.iter().any(|other| same(value, other))) {
        facets.push(Facet { what: What::ValueRemoved, keyword: Keyword::Enum, old: Some((*gone).clone()), new: None });
    }
    for added in new.iter().filter(|value| !old.iter().any(|other| same(value, other))) {
        facets.push(Facet { what: What::ValueAdded, keyword: Keyword::Enum, old: None, new: Some((*added).clone()) });
    }
}

/// A bound, whether it is reached, and how it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Bound {
    at: f64,
    reached: bool,
}

impl Bound {
    /// Whether nothing that `other` refuses passes.
    fn is_tighter(&self, other: &Self, lower: bool) -> bool {
        let beyond = if lower { self.at > other.at } else { self.at < other.at };
        beyond || (same_number(self.at, other.at) && !self.reached && other.reached)
    }

    fn value(&self, lower: bool) -> Value {
        if self.reached {
            return number(self.at);
        }
        Value::from(format!("{} {}", if lower { ">" } else { "<" }, number(self.at)))
    }
}

fn same_number(a: f64, b: f64) -> bool {
    a.total_cmp(&b).is_eq()
}

/// Without the fraction that a whole number has as an `f64`.
fn number(value: f64) -> Value {
    let whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    let parsed = whole.then(|| format!("{value:.0}").parse::<i64>().ok()).flatten();
    parsed.map_or_else(|| Value::from(value), Value::from)
}

/// The tightest bound of a range, with the boolean of 3.0 and the number of 3.1.
fn range(view: &View<'_>, inclusive: Keyword, exclusive: &str, lower: bool) -> Option<Bound> {
    let mut tightest: Option<Bound> = None;
    for site in &view.own {
        let reached = site.schema.get(inclusive.id()).and_then(Value::as_f64);
        let excluded = site.schema.get(exclusive);
        let flag = excluded == Some(&Value::Bool(true));
        let bounds = [
            reached.map(|at| Bound { at, reached: !flag }),
            excluded.and_then(Value::as_f64).map(|at| Bound { at, reached: false }),
        ];
        for bound in bounds.into_iter().flatten() {
            if tightest.as_ref().is_none_or(|tightest| bound.is_tighter(tightest, lower)) {
                tightest = Some(bound);
            }
        }
    }
    tightest
}

/// The tightest of counts; nothing where it says nothing.
fn count(view: &View<'_>, keyword: Keyword, lower: bool) -> Option<Bound> {
    let counts = view.own.iter().filter_map(|site| site.schema.get(keyword.id()).and_then(Value::as_f64));
    let tightest = counts.reduce(|a, b| if (a > b) == lower { a } else { b })?;
    (!lower || tightest > 0.0).then_some(Bound { at: tightest, reached: true })
}

fn bound(keyword: Keyword, old: Option<Bound>, new: Option<Bound>, lower: bool, facets: &mut Vec<Facet>) {
    let movement = match (&old, &new) {
        (Some(old), Some(new)) if new.is_tighter(old, lower) => Move::Narrowed,
        (Some(old), Some(new)) if old.is_tighter(new, lower) => Move::Widened,
        (None, Some(_)) => Move::Set,
        (Some(_), None) => Move::Unset,
        _ => return,
    };
    let value = |bound: Option<Bound>| bound.map(|bound| bound.value(lower));
    facets.push(Facet { what: What::Keyword(keyword, movement), keyword, old: value(old), new: value(new) });
}

/// Patterns that any text matches.
const ANYTHING: [&str; 5] = ["", ".*", "^.*$", "^.*", ".*$"];

fn patterns(old: &View<'_>, new: &View<'_>, facets: &mut Vec<Facet>) {
    let all = |view: &View<'_>| -> Option<Value> {
        let texts = view.own.iter().filter_map(|site| site.schema.get("pattern").and_then(Value::as_str));
        let texts: BTreeSet<&str> = texts.filter(|pattern| !ANYTHING.contains(pattern)).collect();
        (!texts.is_empty()).then(|| texts.into_iter().collect::<Vec<_>>().join(" and ").into())
    };
    push(Keyword::Pattern, all(old), all(new), facets);
}

fn numbers(keyword: Keyword, old: &View<'_>, new: &View<'_>, facets: &mut Vec<Facet>) {
    let first = |view: &View<'_>| view.first(keyword.id()).and_then(Value::as_f64);
    let (old, new) = (first(old), first(new));
    let movement = match (old, new) {
        (Some(old), Some(new)) if same_number(old, new) => return,
        // What is a multiple of 4 is one of 2.
        (Some(old), Some(new)) if same_number(new % old, 0.0) => Move::Narrowed,
        (Some(old), Some(new)) if same_number(old % new, 0.0) => Move::Widened,
        (Some(_), Some(_)) => Move::Changed,
        (None, Some(_)) => Move::Set,
        (Some(_), None) => Move::Unset,
        (None, None) => return,
    };
    facets.push(Facet { what: What::Keyword(keyword, movement), keyword, old: old.map(number), new: new.map(number) });
}
