//! The members of objects.

use std::collections::BTreeSet;

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Part, Quality, What};
use super::recorder::{Difference, Spot};
use super::rules::Circumstances;
use super::schemas::joined;
use super::view::{Site, View};

/// A member of an object on one side.
type Property<'a> = (&'a str, Vec<Site<'a>>);

impl<'a> Detector<'a> {
    /// Compares the members of objects.
    pub(super) fn properties(&mut self, spot: &Spot, old: &View<'a>, new: &View<'a>, at: (&str, &str)) {
        let (old_all, new_all) = (old.properties(), new.properties());
        let (old_required, new_required) = (old.required(), new.required());
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for (name, sites) in &old_all {
            match new_all.iter().find(|(other, _)| other == name) {
                Some((_, others)) => {
                    let old = self.circumstances(sites, old_required.contains(name), false);
                    let new = self.circumstances(others, new_required.contains(name), true);
                    let spot = spot.at(Part::Property, joined(&spot.location, name)).under(old, new);
                    self.becomes_required(&spot, (first(sites), first(others)));
                    self.schemas(&spot, sites, others);
                }
                None => removed.push((*name, sites.clone())),
            }
        }
        for (name, sites) in &new_all {
            if !old_all.iter().any(|(other, _)| other == name) {
                added.push((*name, sites.clone()));
            }
        }
        self.required_alone(spot, (&old_all, &new_all), (&old_required, &new_required), at);
        for (gone, come) in renames(&removed, &added) {
            let [(old_name, old_sites), (new_name, new_sites)] = [&gone, &come];
            removed.retain(|(name, _)| name != old_name);
            added.retain(|(name, _)| name != new_name);
            let old = self.circumstances(old_sites, old_required.contains(old_name), false);
            let new = self.circumstances(new_sites, new_required.contains(new_name), true);
            let spot = spot.at(Part::Property, joined(&spot.location, new_name)).under(old, new);
            let names = (Some(Value::from(*old_name)), Some(Value::from(*new_name)));
            let places = (first(old_sites), first(new_sites));
            self.report(
                &spot,
                Difference { what: What::Renamed, old: names.0, new: names.1, old_at: places.0, new_at: places.1 },
            );
            self.becomes_required(&spot, places);
        }
        for (name, sites) in removed {
            let old = self.circumstances(&sites, old_required.contains(name), false);
            let spot = spot.at(Part::Property, joined(&spot.location, name)).under(old, Circumstances::default());
            self.appears(&spot, false, first(&sites), at.1, Some(summary(&sites, old.required)));
        }
        for (name, sites) in added {
            let new = self.circumstances(&sites, new_required.contains(name), true);
            let spot = spot.at(Part::Property, joined(&spot.location, name)).under(Circumstances::default(), new);
            self.appears(&spot, true, first(&sites), at.0, Some(summary(&sites, new.required)));
        }
    }

    fn becomes_required(&mut self, spot: &Spot, at: (&str, &str)) {
        let what = match (spot.old.required, spot.new.required) {
            (false, true) => What::Became(Quality::Required),
            (true, false) => What::Ceased(Quality::Required),
            _ => return,
        };
        self.report(spot, Difference { what, old: None, new: None, old_at: at.0, new_at: at.1 });
    }

    /// Names that have to be there though no schema here says what they are: what they are stands elsewhere.
    fn required_alone(
        &mut self,
        spot: &Spot,
        properties: (&[Property<'a>], &[Property<'a>]),
        required: (&BTreeSet<&'a str>, &BTreeSet<&'a str>),
        at: (&str, &str),
    ) {
        for name in required.0.symmetric_difference(required.1) {
            if [properties.0, properties.1].iter().any(|list| list.iter().any(|(known, _)| known == name)) {
                continue;
            }
            let has = |required: &BTreeSet<&str>| Circumstances {
                required: required.contains(name),
                ..Circumstances::default()
            };
            let spot = spot.at(Part::Property, joined(&spot.location, name)).under(has(required.0), has(required.1));
            self.becomes_required(&spot, at);
        }
    }

    fn circumstances(&self, sites: &[Site<'a>], required: bool, new: bool) -> Circumstances {
        let view = if new { self.new.view(sites, true) } else { self.old.view(sites, true) };
        Circumstances {
            required,
            read_only: view.says("readOnly"),
            write_only: view.says("writeOnly"),
            ..Circumstances::default()
        }
    }
}

fn first<'s>(sites: &'s [Site<'_>]) -> &'s str {
    sites.first().map_or("", |site| &site.at)
}

/// What a member is, in as few words as a report has room for.
fn summary(sites: &[Site<'_>], required: bool) -> Value {
    let schema = sites.first().map_or(&Value::Null, |site| site.schema);
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let mut said = match (text("$ref"), schema.get("type")) {
        (Some(reference), _) => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        (None, Some(Value::String(kind))) => kind.clone(),
        (None, Some(kind)) => kind.to_string(),
        (None, None) => "any".to_owned(),
    };
    if let Some(item) = schema.get("items") {
        let item = Site { at: String::new(), schema: item };
        if let Value::String(item) = summary(&[item], true) {
            said = format!("{said} of {}", item.trim_end_matches(", required"));
        }
    }
    if let Some(format) = text("format") {
        said = format!("{said} ({format})");
    }
    if required {
        said.push_str(", required");
    }
    said.into()
}

/// Members that were renamed for certain: one that is gone and one that came say the same, description included, and no
/// other of either does.
fn renames<'a>(removed: &[Property<'a>], added: &[Property<'a>]) -> Vec<(Property<'a>, Property<'a>)> {
    let alike = |a: &Property<'a>, b: &Property<'a>| {
        let schemas = |sites: &[Site<'a>]| sites.iter().map(|site| site.schema).collect::<Vec<_>>();
        schemas(&a.1) == schemas(&b.1)
    };
    let described = |property: &Property<'a>| {
        let text = |site: &Site<'a>| site.schema.get("description").and_then(Value::as_str);
        property.1.iter().filter_map(text).any(|text| !text.trim().is_empty())
    };
    let mut found = Vec::new();
    for gone in removed.iter().filter(|property| described(property)) {
        let mut same = added.iter().filter(|come| alike(gone, come));
        if let (Some(come), None) = (same.next(), same.next())
            && removed.iter().filter(|other| alike(other, come)).count() == 1
        {
            found.push((gone.clone(), come.clone()));
        }
    }
    found
}
