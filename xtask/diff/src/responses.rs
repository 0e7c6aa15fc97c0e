//! Responses: their statuses, headers and bodies.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bodies::media_types;
use super::detector::Detector;
use super::kind::{Keyword, Part, Quality, What};
use super::model::Direction;
use super::operations::Operation;
use super::recorder::{Difference, Spot};
use super::rules::Circumstances;
use super::view::Document;
use xtask_spec::grammar::Object;
use xtask_spec::pointer;

/// A response or a header, with its references followed.
type Found<'a> = (String, &'a Value);

fn responses<'a>(document: &Document<'a>, operation: &Operation<'a>) -> BTreeMap<String, Found<'a>> {
    let at = pointer::join(&operation.at(), "responses");
    let all = operation.value.get("responses").and_then(Value::as_object);
    let all = all.into_iter().flatten().filter(|(status, _)| !status.starts_with("x-"));
    // `2xx` is `2XX`.
    all.map(|(status, value)| {
        let shown = if status == "default" { status.clone() } else { status.to_uppercase() };
        (shown, document.object(&pointer::join(&at, status), value))
    })
    .collect()
}

/// Header names are the same in any case; these three are described elsewhere (OpenAPI 3.1.1, section 4.8.17).
fn headers<'a>(document: &Document<'a>, at: &str, response: &'a Value) -> BTreeMap<String, (&'a str, Found<'a>)> {
    let at = pointer::join(at, "headers");
    let all = response.get("headers").and_then(Value::as_object).into_iter().flatten();
    all.map(|(name, value)| (name.to_lowercase(), (name.as_str(), document.object(&pointer::join(&at, name), value))))
        .collect()
}

impl<'a> Detector<'a> {
    pub(super) fn responses(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        let (old_all, new_all) = (responses(&self.old, old), responses(&self.new, new));
        let around = |at: String| pointer::join(&at, "responses");
        let (old_around, new_around) = (around(old.at()), around(new.at()));
        let spot = spot.clone().going(Direction::Response);
        // `default` stands for the success as well where no other response does.
        let success = |all: &BTreeMap<String, Found<'a>>, status: &str| {
            let named = |status: &str| status.starts_with('2');
            named(status) || (status == "default" && !all.keys().any(|status| named(status)))
        };
        let is_head = new.method == "head";
        let (old_values, new_values) = (old.value.get("responses"), new.value.get("responses"));
        if let (Some(old), Some(new)) = (old_values, new_values) {
            self.status_extensions(&spot, old, new, (&old_around, &new_around));
        }
        for (status, old) in &old_all {
            let of = |all: &BTreeMap<String, Found<'a>>| Circumstances {
                success: success(all, status),
                bodiless: matches!(status.as_str(), "204" | "205" | "304") || status.starts_with('1') || is_head,
                unread: status.starts_with('3'),
                ..Circumstances::default()
            };
            let spot = spot.at(Part::Response, format!("response {status}")).under(of(&old_all), of(&new_all));
            match new_all.get(status) {
                Some(new) => self.response(&spot, old, new),
                None => self.appears(&spot, false, &old.0, &new_around, media_types(old.1)),
            }
        }
        for (status, new) in new_all.iter().filter(|(status, _)| !old_all.contains_key(*status)) {
            let of = |all: &BTreeMap<String, Found<'a>>| Circumstances {
                success: success(all, status),
                bodiless: matches!(status.as_str(), "204" | "205" | "304") || status.starts_with('1') || is_head,
                unread: status.starts_with('3'),
                ..Circumstances::default()
            };
            let spot = spot.at(Part::Response, format!("response {status}")).under(of(&old_all), of(&new_all));
            self.appears(&spot, true, &new.0, &old_around, media_types(new.1));
        }
    }

    /// Beside the statuses there is room for extensions alone.
    fn status_extensions(&mut self, spot: &Spot, old: &'a Value, new: &'a Value, at: (&str, &str)) {
        let spot = spot.at(Part::Response, "responses");
        self.extensions_of(&spot, Object::Responses, old, new, at);
    }

    fn response(&mut self, spot: &Spot, old: &Found<'a>, new: &Found<'a>) {
        let at = (old.0.as_str(), new.0.as_str());
        for keyword in [Keyword::Description, Keyword::Links] {
            self.member(spot, keyword, (old.1, new.1), at);
        }
        self.extensions_of(spot, Object::Response, old.1, new.1, at);
        self.headers(spot, old, new);
        let body = spot.at(Part::Body, spot.location.clone()).under(spot.old, spot.new);
        self.content(&body, (old.1, new.1), at);
    }

    fn headers(&mut self, spot: &Spot, old: &Found<'a>, new: &Found<'a>) {
        let (old_all, new_all) = (headers(&self.old, &old.0, old.1), headers(&self.new, &new.0, new.1));
        let of = |value: Option<&Value>| Circumstances {
            required: value.is_some_and(|value| value.get("required") == Some(&Value::Bool(true))),
            ..Circumstances::default()
        };
        let spot_of = |name: &str| spot.at(Part::Header, format!("{} header `{name}`", spot.location));
        for (key, (name, (at, value))) in &old_all {
            let other = new_all.get(key);
            let other_value = other.map(|(_, (_, value))| *value);
            let spot = spot_of(other.map_or(name, |(name, _)| name)).under(of(Some(value)), of(other_value));
            match other {
                Some((_, (other_at, other))) => self.header(&spot, (value, other), (at, other_at)),
                None => self.appears(&spot, false, at, &new.0, None),
            }
        }
        for (name, (at, value)) in new_all.iter().filter(|(key, _)| !old_all.contains_key(*key)).map(|(_, found)| found)
        {
            self.appears(&spot_of(name).under(of(None), of(Some(value))), true, at, &old.0, None);
        }
    }

    fn header(&mut self, spot: &Spot, values: (&'a Value, &'a Value), at: (&str, &str)) {
        let what = match (spot.old.required, spot.new.required) {
            (false, true) => Some(What::Became(Quality::Required)),
            (true, false) => Some(What::Ceased(Quality::Required)),
            _ => None,
        };
        if let Some(what) = what {
            self.report(spot, Difference { what, old: None, new: None, old_at: at.0, new_at: at.1 });
        }
        self.described(spot, Object::Header, values, at);
        self.schema_or_content(spot, values, at);
    }
}
