//! A schema as it is compared: what holds together, wherever it is written.
//!
//! What a schema says may stand in itself, behind a `$ref`, and in the members of an `allOf`; `null` may be spelt in four
//! ways. None of that is a difference. A [`View`] is the list of all schemas that hold of one value, with the references
//! among them either followed or listed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::side::Side;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;
use xtask_spec::references::References;

/// How many references or members of `allOf` one inside another are followed.
const DEPTH: usize = 64;

/// How many schemas hold of one value, at most. Deeper nesting is hostile input.
const SITES: usize = 256;

/// One side, with what is needed to follow its references.
pub(super) struct Document<'a> {
    pub(super) side: &'a Side,
    pub(super) root: &'a Value,
    references: References<'a>,
}

/// A schema at its place.
#[derive(Clone, Debug)]
pub(super) struct Site<'a> {
    pub(super) at: String,
    pub(super) schema: &'a Value,
}

/// All schemas that hold of one value.
#[derive(Debug, Default)]
pub(super) struct View<'a> {
    /// Those that are no references.
    pub(super) own: Vec<Site<'a>>,
    /// The pointers of components that hold as well and were not followed.
    pub(super) targets: BTreeSet<String>,
    /// The pointers of those that were followed.
    pub(super) followed: BTreeSet<String>,
    /// Whether `null` is allowed beside all that.
    pub(super) null: bool,
}

impl<'a> Document<'a> {
    pub(super) fn new(side: &'a Side) -> Self {
        Self { side, root: side.document(), references: References::of(side.document()) }
    }

    /// The value at `at` and its place, references followed, where it is no schema.
    pub(super) fn object(&self, at: &str, value: &'a Value) -> (String, &'a Value) {
        let (mut at, mut value) = (at.to_owned(), value);
        for _ in 0..DEPTH {
            let target = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
            let Some((target, found)) = target.and_then(|target| Some((target.clone(), self.root.pointer(&target)?)))
            else {
                break;
            };
            (at, value) = (target, found);
        }
        (at, value)
    }

    pub(super) fn site(&self, at: &str) -> Option<Site<'a>> {
        Some(Site { at: at.to_owned(), schema: self.root.pointer(at)? })
    }

    /// All that holds of what `sites` describe together.
    pub(super) fn view(&self, sites: &[Site<'a>], follow: bool) -> View<'a> {
        let mut view = View::default();
        let mut seen = BTreeSet::new();
        for site in sites {
            self.add(&mut view, site.clone(), follow, &mut seen, DEPTH);
        }
        view
    }

    fn add(&self, view: &mut View<'a>, site: Site<'a>, follow: bool, seen: &mut BTreeSet<String>, depth: usize) {
        let Some(depth) = depth.checked_sub(1).filter(|_| view.own.len() < SITES) else { return };
        if !seen.insert(site.at.clone()) {
            return;
        }
        let Value::Object(members) = site.schema else {
            // `true` says nothing; `false` and what is no schema stay as they are.
            if *site.schema != Value::Bool(true) {
                view.own.push(site);
            }
            return;
        };
        let mut beside = members.keys().filter(|key| *key != "$ref" && *key != "allOf").count();
        if let Some(target) = self.target(&site, members) {
            match self.site(&target).filter(|_| follow) {
                Some(found) => {
                    view.followed.insert(target);
                    self.add(view, found, follow, seen, depth);
                }
                None => _ = view.targets.insert(target),
            }
            // In 3.0, what stands beside a reference means nothing.
            if self.side.is_3_0(&site.at) {
                return;
            }
        }
        for (index, member) in members.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = pointer::join(&pointer::join(&site.at, "allOf"), &index.to_string());
            self.add(view, Site { at, schema: member }, follow, seen, depth);
        }
        view.null |= ["anyOf", "oneOf"].iter().any(|key| {
            let branches = members.get(*key).and_then(Value::as_array);
            branches.is_some_and(|branches| branches.len() > 1 && branches.iter().any(is_null))
        });
        if let Some((key, index, branch)) = only_branch_beside_null(members) {
            beside = beside.saturating_sub(1);
            let at = pointer::join(&pointer::join(&site.at, key), &index.to_string());
            self.add(view, Site { at, schema: branch }, follow, seen, depth);
        }
        if beside > 0 {
            view.own.push(site);
        }
    }

    fn target(&self, site: &Site<'a>, members: &Map<String, Value>) -> Option<String> {
        self.references.resolve(&site.at, members.get("$ref")?.as_str()?)
    }
}

/// The one alternative beside `null`, where `anyOf` or `oneOf` is there for `null` alone.
pub(super) fn only_branch_beside_null(members: &Map<String, Value>) -> Option<(&'static str, usize, &Value)> {
    for key in ["anyOf", "oneOf"] {
        let Some(branches) = members.get(key).and_then(Value::as_array) else { continue };
        let mut kept = branches.iter().enumerate().filter(|(_, branch)| !is_null(branch));
        let found = kept.next();
        if let (Some((index, branch)), None) = (found, kept.next())
            && branches.len() > 1
        {
            return Some((key, index, branch));
        }
    }
    None
}

/// Whether a schema takes `null` and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    let kind = schema.get("type");
    let only = |list: Option<&Value>| list.and_then(Value::as_array).is_some_and(|list| *list == [Value::Null]);
    kind == Some(&Value::from("null"))
        || kind.and_then(Value::as_array).is_some_and(|kinds| *kinds == [Value::from("null")])
        || only(schema.get("enum"))
        || schema.get("const") == Some(&Value::Null)
}

/// `value` without what describes, to see whether two things mean the same.
pub(super) fn bare(object: Object, value: &Value) -> Value {
    let mut bare = value.clone();
    grammar::walk_mut(object, &mut bare, &mut |_, object, value| {
        if let Value::Object(members) = value {
            members.retain(|key, _| !grammar::describes(object, key));
        }
    });
    bare
}

impl<'a> View<'a> {
    /// What stands behind `key` in any of the schemas, with where it stands.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = Site<'a>> {
        let found = self.own.iter().filter_map(|site| {
            let value = site.schema.get(key)?;
            Some(Site { at: pointer::join(&site.at, key), schema: value })
        });
        found.collect::<Vec<_>>().into_iter()
    }

    /// The first value of `key`.
    pub(super) fn first(&self, key: &str) -> Option<&'a Value> {
        self.own.iter().find_map(|site| site.schema.get(key))
    }

    /// Whether any of the schemas says so.
    pub(super) fn says(&self, key: &str) -> bool {
        self.own.iter().any(|site| site.schema.get(key) == Some(&Value::Bool(true)))
    }

    /// The members of an object by their names, each with all schemas that hold of it.
    pub(super) fn properties(&self) -> Vec<(&'a str, Vec<Site<'a>>)> {
        let mut properties: Vec<(&'a str, Vec<Site<'a>>)> = Vec::new();
        let mut known = std::collections::HashMap::new();
        for site in &self.own {
            let at = pointer::join(&site.at, "properties");
            for (name, schema) in site.schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let found = Site { at: pointer::join(&at, name), schema };
                let index = *known.entry(name.as_str()).or_insert(properties.len());
                match properties.get_mut(index) {
                    Some((_, sites)) => sites.push(found),
                    None => properties.push((name, vec![found])),
                }
            }
        }
        properties
    }

    /// The names that have to be there.
    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        let lists = self.own.iter().filter_map(|site| site.schema.get("required").and_then(Value::as_array));
        lists.flatten().filter_map(Value::as_str).collect()
    }
}
