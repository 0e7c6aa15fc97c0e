//! Schemas that constrain or offer by other schemas: `anyOf` and `oneOf`, conditions, `not` and the like.

use std::collections::BTreeSet;

use serde_json::Value;

use super::detector::Detector;
use super::facets;
use super::kind::{Keyword, Move, Part, What};
use super::model::{Direction, Subject};
use super::recorder::{Difference, Spot};
use super::view::{Document, Site, View, bare, is_null, only_branch_beside_null};
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// Keywords that constrain by schemas of their own, compared as a whole, each with the members that say it.
const CONSTRAINTS: [(Keyword, &[&str]); 13] = [
    (Keyword::Not, &["not"]),
    (Keyword::If, &["if"]),
    (Keyword::Then, &["then"]),
    (Keyword::Else, &["else"]),
    (Keyword::Contains, &["contains"]),
    (Keyword::ContentSchema, &["contentSchema"]),
    (Keyword::PrefixItems, &["prefixItems"]),
    (Keyword::PatternProperties, &["patternProperties"]),
    (Keyword::PropertyNames, &["propertyNames"]),
    (Keyword::DependentRequired, &["dependentRequired"]),
    (Keyword::DependentSchemas, &["dependentSchemas"]),
    (Keyword::Unevaluated, &["unevaluatedProperties", "unevaluatedItems"]),
    (Keyword::DynamicRef, &["$dynamicRef"]),
];

/// What became of a schema that has alternatives on one side alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Composed {
    /// Nothing that can be told.
    No,
    /// It is one of them, and the alternatives are all that the other side says.
    Wholly,
    /// It is one of them, beside what the other side says for all of them.
    Besides,
}

/// As many alternatives are tried to see whether a schema is one of them.
const TRIED: usize = 64;

impl<'a> Detector<'a> {
    pub(super) fn constraints(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        for (keyword, keys) in CONSTRAINTS {
            let said = |view: &View<'a>| -> Option<Value> {
                let mut said: Vec<Value> = Vec::new();
                for key in keys {
                    let members = view.own.iter().filter_map(|site| {
                        let member = site.schema.get(*key)?;
                        let whole: Value = [((*key).to_owned(), member.clone())].into_iter().collect();
                        Some(bare(Object::Schema, &whole))
                    });
                    said.extend(members);
                }
                // `false` is a schema that is no object.
                if keyword == Keyword::Not {
                    said.extend(view.own.iter().filter(|site| !site.schema.is_object()).map(|_| Value::Bool(false)));
                }
                match said.len() {
                    0 => None,
                    1 => said.pop(),
                    _ => Some(said.into()),
                }
            };
            let (was, is) = (said(old), said(new));
            if keyword == Keyword::PrefixItems && was != is {
                // Whether more or fewer values pass depends on what else is said of the items.
                let what = What::Keyword(keyword, Move::Changed);
                self.report(spot, Difference { what, old: was, new: is, old_at: at.0, new_at: at.1 });
            } else {
                self.values(spot, keyword, was, is, at);
            }
            for key in keys {
                self.inside(spot, old, new, key);
            }
        }
    }

    /// The components that schemas behind `key` refer to on both sides by the same name.
    fn inside(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, key: &str) {
        let targets = |document: &Document<'a>, view: &View<'a>| {
            let mut targets = BTreeSet::new();
            for site in &view.own {
                let Some(member) = site.schema.get(key) else { continue };
                let whole: Value = [(key.to_owned(), member.clone())].into_iter().collect();
                grammar::walk(Object::Schema, &whole, &mut |_, _, schema| {
                    let target = schema.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
                    targets.extend(target.filter(|target| document.root.pointer(target).is_some()));
                });
            }
            targets
        };
        let (old, new) = (targets(&self.old, old), targets(&self.new, new));
        for target in old.intersection(&new) {
            self.enqueue((target.clone(), target.clone()), spot.direction);
        }
    }

    /// What tells alternatives apart. A value that led to one of them and doesn't now is a narrowing.
    pub(super) fn discriminator(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        let find = |view: &View<'a>| view.all("discriminator").next();
        let (was, is) = (find(old), find(new));
        let value = |site: &Option<Site<'a>>| site.as_ref().map(|site| site.schema.clone());
        let movement = match (&was, &is) {
            (Some(was), Some(is)) if was.schema == is.schema => return,
            (Some(was), Some(is)) => {
                let leads = |from: &Value, to: &Value| {
                    let mapping = |value: &Value| value.get("mapping").and_then(Value::as_object).cloned();
                    let (from, to) = (mapping(from).unwrap_or_default(), mapping(to).unwrap_or_default());
                    from.iter().all(|(value, target)| to.get(value) == Some(target))
                };
                let same_property = was.schema.get("propertyName") == is.schema.get("propertyName");
                match (leads(was.schema, is.schema), leads(is.schema, was.schema)) {
                    (true, false) if same_property => Move::Widened,
                    (false, true) if same_property => Move::Narrowed,
                    _ => Move::Changed,
                }
            }
            (None, Some(_)) => Move::Set,
            (Some(_), None) => Move::Unset,
            (None, None) => return,
        };
        let place =
            |site: &Option<Site<'a>>, at: &str| site.as_ref().map_or_else(|| at.to_owned(), |site| site.at.clone());
        let (old_at, new_at) = (place(&was, at.0), place(&is, at.1));
        let (old, new) = (value(&was), value(&is));
        let what = What::Keyword(Keyword::Discriminator, movement);
        self.report(spot, Difference { what, old, new, old_at: &old_at, new_at: &new_at });
    }

    /// A schema that became one of several alternatives takes what it took, and one that was and is left alone takes no
    /// more. Reports that; `Composed::No` where it is neither, or can't be told.
    pub(super) fn composed(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) -> Composed {
        for keyword in [Keyword::AnyOf, Keyword::OneOf] {
            let (was, is) = (self.branches(old, keyword), self.branches(new, keyword));
            let (alone, composing, list, widens) = match (was.as_slice(), is.as_slice()) {
                ([], [_, ..]) => (old, new, is, true),
                ([_, ..], []) => (new, old, was, false),
                _ => continue,
            };
            let open = [alone, composing].iter().all(|view| view.targets.is_empty());
            // Trying is a comparison of its own, within which nothing is tried.
            if self.trying || list.len() > TRIED || !open || alone.own.is_empty() {
                return Composed::No;
            }
            let fitting = list.iter().filter(|branch| self.fits(alone, composing, branch, widens)).count();
            // With `oneOf`, a value of two alternatives is refused.
            let apart = keyword == Keyword::AnyOf || are_apart(alone, &list);
            if fitting == 0 || !apart {
                return Composed::No;
            }
            let whole =
                |branches: &[Site<'_>]| Some(branches.iter().map(|site| site.schema.clone()).collect::<Value>());
            let (movement, old, new) =
                if widens { (Move::Widened, None, whole(&list)) } else { (Move::Narrowed, whole(&list), None) };
            let what = What::Keyword(keyword, movement);
            self.report(spot, Difference { what, old, new, old_at: at.0, new_at: at.1 });
            return if composes_alone(composing) { Composed::Wholly } else { Composed::Besides };
        }
        Composed::No
    }

    /// Whether every value that `alone` takes is one that `composing` takes by this branch, as far as comparing them tells.
    fn fits(&mut self, alone: &View<'a>, composing: &View<'a>, branch: &Site<'a>, widens: bool) -> bool {
        let recorder = std::mem::take(&mut self.recorder);
        let walk = std::mem::take(&mut self.walk);
        self.trying = true;
        self.tried = composing.own.iter().map(|site| site.at.clone()).collect();
        let spot = Spot::of(Subject::Document, Part::Body).going(Direction::Request);
        let with_branch: Vec<Site<'a>> = composing.own.iter().chain([branch]).cloned().collect();
        let (old, new) = if widens { (&alone.own, &with_branch) } else { (&with_branch, &alone.own) };
        self.schemas(&spot, old, new);
        self.pairs_of_components();
        self.trying = false;
        self.tried.clear();
        self.walk = walk;
        std::mem::replace(&mut self.recorder, recorder).all_work(widens)
    }

    /// The alternatives of a composition, but for those of a schema that is tried with one of them.
    fn branches(&self, view: &View<'a>, keyword: Keyword) -> Vec<Site<'a>> {
        let mut found = branches(view, keyword.id());
        let is_of = |branch: &Site<'a>, site: &String| {
            branch.at.rsplit_once('/').is_some_and(|(list, _)| list == pointer::join(site, keyword.id()))
        };
        found.retain(|branch| !self.tried.iter().any(|site| is_of(branch, site)));
        found
    }

    pub(super) fn alternatives(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        for keyword in [Keyword::AnyOf, Keyword::OneOf] {
            let (old, new) = (self.branches(old, keyword), self.branches(new, keyword));
            if old.is_empty() && new.is_empty() {
                continue;
            }
            let whole = |branches: &[Site<'_>]| {
                (!branches.is_empty()).then(|| branches.iter().map(|site| site.schema.clone()).collect::<Value>())
            };
            if old.is_empty() || new.is_empty() {
                self.values(spot, keyword, whole(&old), whole(&new), at);
                continue;
            }
            let (mut removed, mut added) = (Vec::new(), new);
            for branch in old {
                // The same by what it says; a name alone is enough where components are referred to.
                let same = |other: &Site<'a>| bare(Object::Schema, branch.schema) == bare(Object::Schema, other.schema);
                match added.iter().position(same) {
                    Some(index) => {
                        let other = added.remove(index);
                        self.schemas(&spot.at(spot.part, spot.location.clone()), &[branch], &[other]);
                    }
                    None => removed.push(branch),
                }
            }
            if let ([gone], [come]) = (removed.as_slice(), added.as_slice()) {
                let spot = spot.at(spot.part, format!("{}({})", spot.location, keyword.id()));
                self.schemas(&spot, std::slice::from_ref(gone), std::slice::from_ref(come));
                continue;
            }
            for (what, sites) in [(What::AlternativeRemoved, removed), (What::AlternativeAdded, added)] {
                for site in sites {
                    let value = Some(site.schema.clone());
                    let difference = if what == What::AlternativeAdded {
                        Difference { what, old: None, new: value, old_at: at.0, new_at: &site.at }
                    } else {
                        Difference { what, old: value, new: None, old_at: &site.at, new_at: at.1 }
                    };
                    self.report(spot, difference);
                }
            }
        }
    }
}

/// Whether all that a schema says is a list of alternatives.
fn composes_alone(view: &View<'_>) -> bool {
    let is_else = |key: &str| !matches!(key, "anyOf" | "oneOf" | "type" | "discriminator" | "nullable");
    let members = view.own.iter().filter_map(|site| site.schema.as_object()).flatten();
    view.targets.is_empty()
        && !members.into_iter().any(|(key, _)| is_else(key) && !grammar::describes(Object::Schema, key))
}

/// Whether no value of `schema` is one of two alternatives, since all but one are of other types.
fn are_apart(schema: &View<'_>, list: &[Site<'_>]) -> bool {
    let named = facets::Types::of(schema);
    let kind = |site: &Site<'_>| site.schema.get("type").and_then(Value::as_str).map(str::to_owned);
    let other = |site: &&Site<'_>| kind(site).is_some_and(|kind| !named.is(&kind));
    list.iter().filter(other).count().checked_add(1) == Some(list.len())
}

/// The alternatives of a composition but `null`, which is a matter of the type; none where they are nothing but types.
fn branches<'a>(view: &View<'a>, keyword: &str) -> Vec<Site<'a>> {
    let mut found = Vec::new();
    for site in &view.own {
        let Some(members) = site.schema.as_object() else { continue };
        let only = only_branch_beside_null(members).is_some_and(|(key, ..)| key == keyword);
        if only || facets::is_list_of_types(site.schema) {
            continue;
        }
        let at = pointer::join(&site.at, keyword);
        for (index, branch) in members.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate() {
            if !is_null(branch) {
                found.push(Site { at: pointer::join(&at, &index.to_string()), schema: branch });
            }
        }
    }
    found
}
