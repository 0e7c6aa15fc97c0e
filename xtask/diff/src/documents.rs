//! What belongs to no operation: the document's own words, servers, tags, components.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Keyword, Move, Part, What};
use super::model::{Direction, Subject};
use super::recorder::{Difference, Spot, Within};
use super::schemas::components;
use super::view::bare;
use xtask_spec::grammar::{COMPONENTS, Object};
use xtask_spec::pointer;

impl<'a> Detector<'a> {
    /// Compares what the documents say of themselves and for all operations.
    pub(super) fn documents(&mut self) {
        self.recorder.enter(Within::Document);
        let spot = Spot::of(Subject::Document, Part::Info);
        let (old, new) = (self.old.root, self.new.root);
        let members = |root: &'a Value| -> BTreeMap<&'a str, &'a Value> {
            let members = root.get("info").and_then(Value::as_object).into_iter().flatten();
            members.map(|(key, value)| (key.as_str(), value)).collect()
        };
        let (old_info, new_info) = (members(old), members(new));
        let keys: BTreeSet<&str> = old_info.keys().chain(new_info.keys()).copied().collect();
        for key in keys {
            let keyword = INFO.iter().find(|known| known.id() == key).copied().unwrap_or(Keyword::Extension);
            let spot = spot.at(Part::Info, format!("info.{key}"));
            let at = format!("/info/{}", pointer::escape(key));
            let value = |info: &BTreeMap<&str, &Value>| info.get(key).map(|value| (*value).clone());
            self.values(&spot, keyword, value(&old_info), value(&new_info), (&at, &at));
        }
        self.server_lists(&spot.at(Part::Server, "servers"), (old.get("servers"), new.get("servers")), ("", ""));
        for keyword in [Keyword::ExternalDocs, Keyword::JsonSchemaDialect] {
            self.member(&spot, keyword, (old, new), ("", ""));
        }
        self.tags(&spot);
        self.webhooks(&spot);
        self.extensions_of(&spot, Object::OpenApi, old, new, ("", ""));
        let paths = (old.get("paths"), new.get("paths"));
        if let (Some(old), Some(new)) = paths {
            // Every other key of `paths` is a path.
            let extensions = |paths: &'a Value| -> BTreeSet<&'a str> {
                let keys = paths.as_object().into_iter().flat_map(serde_json::Map::keys).map(String::as_str);
                keys.filter(|key| key.starts_with("x-")).collect()
            };
            for key in extensions(old).union(&extensions(new)) {
                let at = pointer::join("/paths", key);
                let spot = spot.at(Part::Info, format!("paths.{key}"));
                self.values(&spot, Keyword::Extension, old.get(*key).cloned(), new.get(*key).cloned(), (&at, &at));
            }
        }
    }

    fn tags(&mut self, spot: &Spot) {
        let tags = |root: &'a Value| -> BTreeMap<&'a str, (String, &'a Value)> {
            let list = root.get("tags").and_then(Value::as_array).into_iter().flatten().enumerate();
            list.filter_map(|(index, tag)| Some((tag.get("name")?.as_str()?, (format!("/tags/{index}"), tag))))
                .collect()
        };
        let (old, new) = (tags(self.old.root), tags(self.new.root));
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for name in names {
            let spot = spot.at(Part::Info, format!("tag `{name}`"));
            let at =
                |found: Option<&(String, &'a Value)>| found.map_or_else(|| "/tags".to_owned(), |(at, _)| at.clone());
            let (old, new) = (old.get(name), new.get(name));
            let (old_at, new_at) = (at(old), at(new));
            let value = |found: Option<&(String, &'a Value)>| found.map(|(_, tag)| (*tag).clone());
            self.values(&spot, Keyword::Tags, value(old), value(new), (&old_at, &new_at));
        }
    }

    /// A client doesn't receive them: it is enough to say that they differ.
    fn webhooks(&mut self, spot: &Spot) {
        let all = |root: &'a Value| -> BTreeMap<&'a str, &'a Value> {
            let members = root.get("webhooks").and_then(Value::as_object).into_iter().flatten();
            members.map(|(key, value)| (key.as_str(), value)).collect()
        };
        let (old, new) = (all(self.old.root), all(self.new.root));
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for name in names {
            let spot = spot.at(Part::Webhook, format!("webhook `{name}`"));
            let at = pointer::join("/webhooks", name);
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) if old != new => {
                    let what = What::Keyword(Keyword::Content, Move::Changed);
                    self.report(&spot, Difference { what, old: None, new: None, old_at: &at, new_at: &at });
                }
                (Some(_), None) => self.appears(&spot, false, &at, "/webhooks", None),
                (None, Some(_)) => self.appears(&spot, true, &at, "/webhooks", None),
                _ => {}
            }
        }
    }

    /// Has schemas compared that stand on both sides and that no operation leads to.
    pub(super) fn unused_schemas(&mut self) {
        let (old, new) = (components(self.old.root, "schemas"), components(self.new.root, "schemas"));
        for (name, _) in old.iter().filter(|(name, schema)| new.get(*name).is_some_and(|other| other != *schema)) {
            let at = pointer::join("/components/schemas", name);
            if !self.walk.knows(&at) {
                self.enqueue((at.clone(), at), Direction::Neither);
            }
        }
    }

    /// Components that came or went or were renamed, and security schemes that differ.
    pub(super) fn components(&mut self) {
        for (kind, object) in COMPONENTS {
            let (old, new) = (components(self.old.root, kind), components(self.new.root, kind));
            let around = pointer::join("/components", kind);
            let subject = |name: &str| match kind {
                "schemas" => (Subject::Schema { name: name.to_owned() }, Part::Schema),
                _ => (Subject::Component { kind: kind.to_owned(), name: name.to_owned() }, Part::Component),
            };
            let mut renamed = BTreeSet::new();
            for (name, value) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
                let at = pointer::join(&around, name);
                if let Some((new_name, new_at)) = self.renamed(&at, object, value, &old, &new) {
                    renamed.insert(new_name);
                    let (subject, part) = subject(new_name);
                    let what = What::Renamed;
                    let names = (Some(Value::from(*name)), Some(Value::from(new_name)));
                    let difference = Difference { what, old: names.0, new: names.1, old_at: &at, new_at: &new_at };
                    self.report(&Spot::of(subject, part), difference);
                } else {
                    let (subject, part) = subject(name);
                    self.appears(&Spot::of(subject, part), false, &at, &around, None);
                }
            }
            for (name, value) in &new {
                let at = pointer::join(&around, name);
                match old.get(name) {
                    None if !renamed.contains(name) => {
                        let (subject, part) = subject(name);
                        self.appears(&Spot::of(subject, part), true, &at, &around, None);
                    }
                    Some(old) if old != value && kind == "securitySchemes" => self.scheme(&at, (old, value), name),
                    _ => {}
                }
            }
        }
    }

    fn scheme(&mut self, at: &str, values: (&'a Value, &'a Value), name: &str) {
        let subject = Subject::Component { kind: "securitySchemes".to_owned(), name: name.to_owned() };
        let spot = Spot::of(subject, Part::Component);
        self.member(&spot, Keyword::Description, values, (at, at));
        // How a client comes to what it proves is not the generated client's affair; what it sends is.
        let part_of = |value: &Value, sent: bool| -> Option<Value> {
            let bare = bare(Object::SecurityScheme, value);
            let members = bare.as_object()?.iter().filter(|(key, _)| SENT.contains(&key.as_str()) == sent);
            let members: serde_json::Map<_, _> = members.map(|(key, value)| (key.clone(), value.clone())).collect();
            (!members.is_empty()).then_some(Value::Object(members))
        };
        let part = if self.uses_scheme(name) { Part::Security } else { Part::Component };
        let spot = Spot { part, ..spot };
        for (keyword, sent) in [(Keyword::Scheme, true), (Keyword::Grant, false)] {
            self.values(&spot, keyword, part_of(values.0, sent), part_of(values.1, sent), (at, at));
        }
    }

    /// Whether anything on the old side is called with this scheme.
    fn uses_scheme(&self, name: &str) -> bool {
        let mut used = false;
        xtask_spec::grammar::walk(Object::OpenApi, self.old.root, &mut |_, object, value| {
            if matches!(object, Object::OpenApi | Object::Operation) {
                let ways = value.get("security").and_then(Value::as_array).into_iter().flatten();
                used |= ways.into_iter().any(|way| way.get(name).is_some());
            }
        });
        used
    }

    /// The new name of a component that says the same and is used in the same place; elsewhere than among schemas, that
    /// says the same as no other.
    fn renamed<'n>(
        &self,
        at: &str,
        object: Object,
        value: &Value,
        old: &BTreeMap<&str, &Value>,
        new: &BTreeMap<&'n str, &Value>,
    ) -> Option<(&'n str, String)> {
        let around = at.rsplit_once('/')?.0;
        if object == Object::Schema {
            let (_, new_at) = self.walk.paired(at, false)?;
            let (name, found) = new.iter().find(|(name, _)| pointer::join(around, name) == *new_at)?;
            // What refers to itself refers to its own name.
            let text = |value: &Value, at: &str| bare(object, value).to_string().replace(&format!("#{at}\""), "#\"");
            let same = text(value, at) == text(found, new_at);
            return (same && !old.contains_key(name)).then(|| (*name, new_at.clone()));
        }
        let alike = |other: &&Value| bare(object, other) == bare(object, value);
        let mut candidates = new.iter().filter(|(name, found)| !old.contains_key(*name) && alike(found));
        let (name, _) = candidates.next().filter(|_| candidates.next().is_none())?;
        let alone = old.iter().filter(|(name, found)| !new.contains_key(*name) && alike(found)).count() == 1;
        alone.then(|| (*name, pointer::join(around, name)))
    }
}

/// What of a security scheme says how a request carries it.
const SENT: [&str; 4] = ["type", "in", "name", "scheme"];

/// What the document says of itself.
const INFO: [Keyword; 7] = [
    Keyword::Title,
    Keyword::Summary,
    Keyword::Description,
    Keyword::Contact,
    Keyword::License,
    Keyword::TermsOfService,
    Keyword::Version,
];
