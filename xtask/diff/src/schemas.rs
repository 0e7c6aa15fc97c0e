//! Schemas, wherever they stand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::composition::Composed;
use super::detector::Detector;
use super::facets::{self, Facet};
use super::kind::{Keyword, Move, Part, Quality, What};
use super::model::{Direction, Subject};
use super::reading;
use super::recorder::{Difference, Pair, Spot};
use super::rules::Circumstances;
use super::view::{Site, View};
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

const SCHEMAS: &str = "/components/schemas/";

/// Keywords that say something about the schema and nothing about values, or that are data to be compared as a whole.
const ANNOTATIONS: [(Keyword, &[&str]); 6] = [
    (Keyword::Title, &["title"]),
    (Keyword::Description, &["description"]),
    (Keyword::Examples, &["example", "examples"]),
    (Keyword::ExternalDocs, &["externalDocs"]),
    (Keyword::Default, &["default"]),
    (Keyword::Xml, &["xml"]),
];

impl<'a> Detector<'a> {
    /// Compares what holds of one value on either side.
    pub(super) fn schemas(&mut self, spot: &Spot, old: &[Site<'a>], new: &[Site<'a>]) {
        let (Some(old_first), Some(new_first)) = (old.first(), new.first()) else { return };
        let (old_at, new_at) = (old_first.at.clone(), new_first.at.clone());
        let pointers = |sites: &[Site<'_>]| sites.iter().map(|site| site.at.clone()).collect::<Vec<_>>();
        self.recorder.begin((pointers(old), pointers(new)));
        let (mut old_view, mut new_view) = (self.old.view(old, false), self.new.view(new, false));
        if let Some(pairs) = self.pairs(&old_view, &new_view) {
            for pair in pairs {
                if name_of(&pair.0) != name_of(&pair.1) {
                    let value = |at: &str| Some(Value::from(name_of(at).unwrap_or(at)));
                    let what = What::Keyword(Keyword::Reference, Move::Changed);
                    let (old, new) = (value(&pair.0), value(&pair.1));
                    self.report(spot, Difference { what, old, new, old_at: &old_at, new_at: &new_at });
                }
                self.enqueue(pair, spot.direction);
            }
        } else {
            old_view = self.old.view(old, true);
            new_view = self.new.view(new, true);
            self.walk.looks_through(old_view.followed.union(&new_view.followed));
        }
        let open = (pointers(&old_view.own), pointers(&new_view.own));
        if self.walk.open(open) {
            self.views(spot, &old_view, &new_view, (&old_at, &new_at));
            self.walk.close();
        }
        self.recorder.end();
    }

    /// The components that both sides refer to, if they can be compared by themselves.
    fn pairs(&self, old: &View<'_>, new: &View<'_>) -> Option<Vec<Pair>> {
        if old.targets.is_empty() && new.targets.is_empty() {
            return Some(Vec::new());
        }
        let own = |view: &View<'_>| -> BTreeSet<String> {
            view.properties().into_iter().map(|(name, _)| name.to_owned()).collect()
        };
        // A member that moved between a schema and what it refers to is no difference.
        if own(old) != own(new) || old.targets.len() != new.targets.len() {
            return None;
        }
        if old.targets.len() > 1 && old.targets != new.targets {
            return None;
        }
        Some(old.targets.iter().cloned().zip(new.targets.iter().cloned()).collect())
    }

    /// Compares two components that stand for each other.
    pub(super) fn pair(&mut self, pair: &Pair, direction: Direction) {
        let (old, new) = self.sites(pair);
        let name = name_of(&pair.1).unwrap_or(&pair.1);
        let spot = Spot::of(Subject::Schema { name: name.to_owned() }, Part::Schema).going(direction);
        self.schemas(&spot, &old, &new);
    }

    fn views(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        for (keyword, keys) in ANNOTATIONS {
            self.keyword(spot, keyword, keys, old, new, at);
        }
        self.discriminator(spot, old, new, at);
        let composed = self.composed(spot, old, new, at);
        if composed == Composed::Wholly {
            return;
        }
        let facets = facets::compare(old, new);
        let retyped = facets.iter().any(|facet| matches!(facet.what, What::Keyword(Keyword::Type, _)));
        let readings = (reading::of(old), reading::of(new));
        let alike = Circumstances {
            same_type: readings.0.is_some() && readings.0 == readings.1,
            number: [&readings.0, &readings.1].iter().all(|reading| {
                reading.iter().flatten().all(|name| name.starts_with("integer") || name.starts_with("number"))
            }),
            ..Circumstances::default()
        };
        let with = |of: Circumstances| Circumstances { same_type: alike.same_type, number: alike.number, ..of };
        let of_values = spot.clone().under(with(spot.old), with(spot.new));
        for Facet { what, keyword, old: was, new: is } in facets {
            let place =
                |view: &View<'_>, at: &str| view.all(keyword.id()).next().map_or_else(|| at.to_owned(), |site| site.at);
            let (old_at, new_at) = (place(old, at.0), place(new, at.1));
            self.report(&of_values, Difference { what, old: was, new: is, old_at: &old_at, new_at: &new_at });
        }
        for (key, quality) in
            [("readOnly", Quality::ReadOnly), ("writeOnly", Quality::WriteOnly), ("deprecated", Quality::Deprecated)]
        {
            let what = match (old.says(key), new.says(key)) {
                (false, true) => What::Became(quality),
                (true, false) => What::Ceased(quality),
                _ => continue,
            };
            let place = |view: &View<'_>, at: &str| view.all(key).next().map_or_else(|| at.to_owned(), |site| site.at);
            let (old_at, new_at) = (place(old, at.0), place(new, at.1));
            self.report(spot, Difference { what, old: None, new: None, old_at: &old_at, new_at: &new_at });
        }
        self.extensions(spot, old, new, at);
        self.constraints(spot, old, new, at);
        // Where only one side is an object at all, that has been said, and its members are none of the other's.
        let comparable =
            |name, keyword| !retyped || facets::may_be(old, name, keyword) == facets::may_be(new, name, keyword);
        if comparable("object", "properties") {
            self.properties(spot, old, new, at);
            self.additional(spot, old, new, at);
        }
        if comparable("array", "items") {
            self.items(spot, old, new, at);
        }
        if composed == Composed::No {
            self.alternatives(spot, old, new, at);
        }
    }

    /// What stands behind any of `keys`, as data.
    fn keyword(
        &mut self,
        spot: &Spot,
        keyword: Keyword,
        keys: &[&str],
        old: &View<'a>,
        new: &View<'a>,
        at: (&str, &str),
    ) {
        let find = |view: &View<'a>| keys.iter().find_map(|key| view.all(key).next());
        let (old, new) = (find(old), find(new));
        let value = |site: &Option<Site<'_>>| {
            let value = site.as_ref()?.schema;
            // `examples: [1]` is how 3.1 says `example: 1`.
            let list = value.as_array().filter(|list| keyword == Keyword::Examples && list.len() == 1);
            Some(list.and_then(|list| list.first()).unwrap_or(value).clone())
        };
        self.values(
            spot,
            keyword,
            value(&old),
            value(&new),
            (old.as_ref().map_or(at.0, |site| &site.at), new.as_ref().map_or(at.1, |site| &site.at)),
        );
    }

    /// Reports that a value was added, removed or changed, if it was.
    pub(super) fn values(
        &mut self,
        spot: &Spot,
        keyword: Keyword,
        old: Option<Value>,
        new: Option<Value>,
        at: (&str, &str),
    ) {
        if let Some(movement) = Move::between(old.as_ref(), new.as_ref()) {
            let what = What::Keyword(keyword, movement);
            self.report(spot, Difference { what, old, new, old_at: at.0, new_at: at.1 });
        }
    }

    /// The same for the member of this name on either side.
    pub(super) fn member(
        &mut self,
        spot: &Spot,
        keyword: Keyword,
        (old, new): (&'a Value, &'a Value),
        at: (&str, &str),
    ) {
        let (old_at, new_at) = (pointer::join(at.0, keyword.id()), pointer::join(at.1, keyword.id()));
        self.values(spot, keyword, old.get(keyword.id()).cloned(), new.get(keyword.id()).cloned(), (&old_at, &new_at));
    }

    fn extensions(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        let unknown = |key: &str| key.starts_with("x-") || grammar::shape(Object::Schema, key).is_none();
        let keys = |view: &View<'a>| -> BTreeSet<&'a str> {
            let members = view.own.iter().filter_map(|site| site.schema.as_object());
            members.flat_map(|members| members.keys().map(String::as_str)).filter(|key| unknown(key)).collect()
        };
        for key in keys(old).union(&keys(new)) {
            let spot = Spot { location: joined(&spot.location, key), ..spot.clone() };
            self.keyword(&spot, Keyword::Extension, &[key], old, new, at);
        }
    }

    fn items(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        let (old, new): (Vec<_>, Vec<_>) = (items(old), items(new));
        let spot = spot.at(spot.part, format!("{}[]", spot.location));
        self.either(&spot, Keyword::Items, &old, &new, at);
    }

    /// Compares schemas of which one side may have none, which is as good as one that takes anything.
    pub(super) fn either(
        &mut self,
        spot: &Spot,
        keyword: Keyword,
        old: &[Site<'a>],
        new: &[Site<'a>],
        at: (&str, &str),
    ) {
        let movement = match (old.first(), new.first()) {
            (Some(_), Some(_)) => return self.schemas(spot, old, new),
            (None, Some(_)) => Move::Set,
            (Some(_), None) => Move::Unset,
            (None, None) => return,
        };
        let place = |sites: &[Site<'_>], at: &str| sites.first().map_or_else(|| at.to_owned(), |site| site.at.clone());
        let value = |sites: &[Site<'_>]| sites.first().map(|site| site.schema.clone());
        let (old_at, new_at) = (place(old, at.0), place(new, at.1));
        let what = What::Keyword(keyword, movement);
        let difference = Difference { what, old: value(old), new: value(new), old_at: &old_at, new_at: &new_at };
        self.report(spot, difference);
    }

    fn additional(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        let closed = (is_closed(old), is_closed(new));
        let extra = |view: &View<'_>| Circumstances { extra: view.first("additionalProperties").is_some(), ..spot.old };
        let spot = spot.clone().under(extra(old), extra(new));
        if closed.0 != closed.1 {
            let what = if closed.1 { What::Became(Quality::Closed) } else { What::Ceased(Quality::Closed) };
            let value = |view: &View<'_>| view.first("additionalProperties").cloned();
            let place = |view: &View<'_>, at: &str| {
                view.all("additionalProperties").next().map_or_else(|| at.to_owned(), |site| site.at)
            };
            let (old_at, new_at) = (place(old, at.0), place(new, at.1));
            let difference = Difference { what, old: value(old), new: value(new), old_at: &old_at, new_at: &new_at };
            return self.report(&spot, difference);
        }
        let typed = |view: &View<'a>| -> Vec<Site<'a>> {
            view.all("additionalProperties").filter(|site| says_something(site.schema)).collect()
        };
        let location = joined(&spot.location, "*");
        let inner = Spot { location, part: inside_of(spot.part), ..spot };
        self.either(&inner, Keyword::AdditionalProperties, &typed(old), &typed(new), at);
    }
}

/// The schemas of an array's items, as far as they say anything.
fn items<'a>(view: &View<'a>) -> Vec<Site<'a>> {
    view.all("items").filter(|site| says_something(site.schema)).collect()
}

/// Whether a schema isn't the one that takes anything.
fn says_something(schema: &Value) -> bool {
    *schema != Value::Bool(true) && schema.as_object().is_none_or(|members| !members.is_empty())
}

/// Whether an object takes no members but those that are named.
fn is_closed(view: &View<'_>) -> bool {
    view.all("additionalProperties").any(|site| *site.schema == Value::Bool(false))
}

/// What a part is called below itself.
pub(super) fn inside_of(part: Part) -> Part {
    if matches!(part, Part::Body | Part::Schema) { Part::Property } else { part }
}

pub(super) fn joined(location: &str, name: &str) -> String {
    if location.is_empty() { name.to_owned() } else { format!("{location}.{name}") }
}

/// The name of the component that `at` points at.
pub(super) fn name_of(at: &str) -> Option<&str> {
    at.strip_prefix(SCHEMAS).filter(|name| !name.contains('/'))
}

/// All components of a kind, by name.
pub(super) fn components<'a>(root: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    let named = root.pointer(&pointer::join("/components", kind)).and_then(Value::as_object);
    named.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
}
