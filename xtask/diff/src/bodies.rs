//! Bodies of requests and responses, in all forms that they may have.

use std::collections::BTreeMap;

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Keyword, Move, Part, Quality, What};
use super::model::Direction;
use super::operations::Operation;
use super::recorder::{Difference, Spot};
use super::rules::Circumstances;
use super::view::Site;
use xtask_spec::grammar::Object;
use xtask_spec::pointer;

impl<'a> Detector<'a> {
    pub(super) fn request_body(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        let spot = spot.at(Part::Body, "request body").going(Direction::Request);
        let (old_at, new_at) = (old.at(), new.at());
        let old_body =
            old.value.get("requestBody").map(|body| self.old.object(&pointer::join(&old_at, "requestBody"), body));
        let new_body =
            new.value.get("requestBody").map(|body| self.new.object(&pointer::join(&new_at, "requestBody"), body));
        let of = |body: Option<&(String, &Value)>| Circumstances {
            required: body.is_some_and(|(_, body)| body.get("required") == Some(&Value::Bool(true))),
            ..Circumstances::default()
        };
        let spot = spot.under(of(old_body.as_ref()), of(new_body.as_ref()));
        let (old, new) = match (old_body, new_body) {
            (None, None) => return,
            (None, Some((at, body))) => return self.appears(&spot, true, &at, &old_at, media_types(body)),
            (Some((at, body)), None) => return self.appears(&spot, false, &at, &new_at, media_types(body)),
            (Some(old), Some(new)) => (old, new),
        };
        let at = (old.0.as_str(), new.0.as_str());
        let what = match (spot.old.required, spot.new.required) {
            (false, true) => Some(What::Became(Quality::Required)),
            (true, false) => Some(What::Ceased(Quality::Required)),
            _ => None,
        };
        if let Some(what) = what {
            self.report(&spot, Difference { what, old: None, new: None, old_at: at.0, new_at: at.1 });
        }
        self.member(&spot, Keyword::Description, (old.1, new.1), at);
        self.extensions_of(&spot, Object::RequestBody, old.1, new.1, at);
        self.content(&spot, (old.1, new.1), at);
    }

    /// Compares the forms of a body, which are known by their media types.
    pub(super) fn content(&mut self, spot: &Spot, values: (&'a Value, &'a Value), at: (&str, &str)) {
        let (old_at, new_at) = (pointer::join(at.0, "content"), pointer::join(at.1, "content"));
        let (old, new) = (forms(values.0), forms(values.1));
        let kind = |media: &str| kind(media, spot.direction);
        let (old_chosen, new_chosen) = (chosen(values.0, kind), chosen(values.1, kind));
        let same_kind = old_chosen.map(kind).is_some_and(|old| new_chosen.map(kind) == Some(old));
        // What the client makes no value of, it doesn't look into.
        let looks_into = |name: &str, chosen: Option<&str>, of: Circumstances| {
            let bytes = spot.direction == Direction::Response && kind(name) == Kind::Bytes;
            chosen == Some(name) && !bytes && !of.bodiless && !of.unread
        };
        let spot_of = |name: &str| {
            let of = |around: Circumstances, chosen: Option<&str>| Circumstances {
                chosen: chosen == Some(name),
                kind: same_kind,
                ..around
            };
            spot.at(Part::MediaType, format!("{} {name}", spot.location))
                .under(of(spot.old, old_chosen), of(spot.new, new_chosen))
        };
        for (essence, (name, form)) in &old {
            let at = pointer::join(&old_at, name);
            let Some((other_name, other)) = new.get(essence) else {
                self.appears(&spot_of(name), false, &at, &new_at, None);
                continue;
            };
            let other_at = pointer::join(&new_at, other_name);
            let at = (at.as_str(), other_at.as_str());
            if name != other_name {
                let (old, new) = (Some(Value::from(*name)), Some(Value::from(*other_name)));
                self.report(
                    &spot_of(other_name),
                    Difference { what: What::Renamed, old, new, old_at: at.0, new_at: at.1 },
                );
            }
            let used = looks_into(name, old_chosen, spot.old) || looks_into(other_name, new_chosen, spot.new);
            let around = if used { spot.clone() } else { spot.clone().going(Direction::Neither) };
            self.form(&around, &spot_of(other_name), (form, other), at);
        }
        for (essence, (name, _)) in &new {
            if !old.contains_key(essence) {
                self.appears(&spot_of(name), true, &pointer::join(&new_at, name), &old_at, None);
            }
        }
    }

    fn form(&mut self, body: &Spot, spot: &Spot, values: (&'a Value, &'a Value), at: (&str, &str)) {
        let example = |form: &'a Value| form.get("example").or_else(|| form.get("examples")).cloned();
        self.values(spot, Keyword::Examples, example(values.0), example(values.1), at);
        self.member(spot, Keyword::Encoding, values, at);
        self.extensions_of(spot, Object::MediaType, values.0, values.1, at);
        let site =
            |form: &'a Value, at: &str| Some(Site { at: pointer::join(at, "schema"), schema: form.get("schema")? });
        let movement = match (site(values.0, at.0), site(values.1, at.1)) {
            (Some(old), Some(new)) => {
                let inner = Spot { location: spot.location.clone(), ..body.clone() };
                return self.schemas(&inner, &[old], &[new]);
            }
            (None, Some(_)) => Move::Set,
            (Some(_), None) => Move::Unset,
            (None, None) => return,
        };
        let schema = |form: &'a Value| form.get("schema").cloned();
        let what = What::Keyword(Keyword::Schema, movement);
        let (old, new) = (schema(values.0), schema(values.1));
        self.report(spot, Difference { what, old, new, old_at: at.0, new_at: at.1 });
    }
}

/// What the client makes of a form; the first that there is, it sends or reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A value.
    Json,
    /// A value, sent in pairs.
    Pairs,
    /// A form of parts.
    Parts,
    /// A text.
    Text,
    Bytes,
}

/// The form that the client sends or reads, of all that a body may have.
fn chosen(body: &Value, kind: impl Fn(&str) -> Kind) -> Option<&str> {
    let content = body.get("content").and_then(Value::as_object)?;
    content.keys().map(String::as_str).min_by_key(|name| kind(name))
}

/// Of a response, the client makes a value or takes the bytes.
fn kind(media: &str, direction: Direction) -> Kind {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" | "text/json" => Kind::Json,
        essence if essence.ends_with("+json") => Kind::Json,
        _ if direction == Direction::Response => Kind::Bytes,
        "application/x-www-form-urlencoded" => Kind::Pairs,
        "multipart/form-data" => Kind::Parts,
        "text/plain" | "text/x-markdown" => Kind::Text,
        _ => Kind::Bytes,
    }
}

/// The forms of a body by their media types, without parameters and in lower case, since `application/json` with a
/// character set is no other form.
fn forms(body: &Value) -> BTreeMap<String, (&str, &Value)> {
    let mut forms = BTreeMap::new();
    for (name, form) in body.get("content").and_then(Value::as_object).into_iter().flatten() {
        let essence = name.split(';').next().unwrap_or_default().trim().to_lowercase();
        // Two forms that differ in their parameters alone stay apart.
        let key = if forms.contains_key(&essence) { name.to_lowercase() } else { essence };
        forms.insert(key, (name.as_str(), form));
    }
    forms
}

/// What a body may be, for a report.
pub(super) fn media_types(body: &Value) -> Option<Value> {
    let names: Vec<&str> = body.get("content")?.as_object()?.keys().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(", ").into())
}
