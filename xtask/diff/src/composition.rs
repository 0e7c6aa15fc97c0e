//! Schemas that constrain or offer by other schemas: `anyOf` and `oneOf`, conditions, `not` and the like.

use std::collections::BTreeSet;

use serde_json::Value;

use super::detector::Detector;
use super::facets;
use super::kind::{Keyword, Move, What};
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

    pub(super) fn alternatives(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        for keyword in [Keyword::AnyOf, Keyword::OneOf] {
            let (old, new) = (branches(old, keyword.id()), branches(new, keyword.id()));
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
