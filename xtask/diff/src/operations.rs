//! Operations: which of them stand for each other, and what differs around their data.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Keyword, Move, Part, Quality, What};
use super::model::Subject;
use super::recorder::{Difference, Spot, Within};
use super::view::Document;
use xtask_spec::derive_operation_id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::path_template::PathTemplate;
use xtask_spec::pointer;

/// An operation of one side.
#[derive(Clone, Debug)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    /// The pointer of the path item that holds it.
    pub(super) item_at: String,
    pub(super) item: &'a Value,
    pub(super) value: &'a Value,
}

impl<'a> Operation<'a> {
    pub(super) fn at(&self) -> String {
        pointer::join(&self.item_at, self.method)
    }

    /// What finds it again whatever its parameters are called.
    fn key(&self) -> (String, &'a str) {
        (PathTemplate::of(self.path).shape, self.method)
    }

    /// The name that the vendor gave it; the one that is made of method and path says no more than they do.
    fn given_id(&self) -> Option<&'a str> {
        let id = self.value.get("operationId").and_then(Value::as_str)?;
        (id != derive_operation_id(self.path, self.method)).then_some(id)
    }

    fn shown(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

fn operations<'a>(document: &Document<'a>) -> Vec<Operation<'a>> {
    let mut operations = Vec::new();
    for (path, item) in document.root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let at = pointer::join("/paths", path);
        let (target_at, target) = document.object(&at, item);
        let mut known = BTreeSet::new();
        // What stands beside a reference to a path item goes before what it refers to.
        for (item_at, item) in [(&at, item), (&target_at, target)] {
            for grammar::Operation { path, method, value } in grammar::operations_of(path, item) {
                if known.insert(method) {
                    operations.push(Operation { path, method, item_at: item_at.clone(), item, value });
                }
            }
        }
    }
    operations
}

impl<'a> Detector<'a> {
    /// Compares all operations.
    pub(super) fn operations(&mut self) {
        let (old, new) = (operations(&self.old), operations(&self.new));
        let keys: BTreeMap<_, _> = new.iter().map(|operation| (operation.key(), operation.clone())).collect();
        let (mut pairs, mut removed) = (Vec::new(), Vec::new());
        let mut matched = BTreeSet::new();
        for operation in old {
            match keys.get(&operation.key()) {
                Some(other) => {
                    matched.insert(other.key());
                    pairs.push((operation, other.clone()));
                }
                None => removed.push(operation),
            }
        }
        let mut added: Vec<Operation<'a>> =
            new.into_iter().filter(|operation| !matched.contains(&operation.key())).collect();
        for (gone, come) in moves(&removed, &added) {
            removed.retain(|operation| operation.key() != gone.key());
            added.retain(|operation| operation.key() != come.key());
            let spot = self.enter(&come);
            let (old, new) = (Some(Value::from(gone.shown())), Some(Value::from(come.shown())));
            let (old_at, new_at) = (gone.at(), come.at());
            self.report(&spot, Difference { what: What::Moved, old, new, old_at: &old_at, new_at: &new_at });
            pairs.push((gone, come));
        }
        for (old, new) in pairs {
            self.operation(&old, &new);
        }
        for (operations, is_new) in [(removed, false), (added, true)] {
            for operation in operations {
                let spot = self.enter(&operation);
                let id = operation.value.get("operationId").cloned();
                self.appears(&spot, is_new, &operation.at(), "/paths", id);
            }
        }
        self.recorder.enter(Within::Document);
    }

    /// What is found from here on belongs to this operation.
    fn enter(&mut self, operation: &Operation<'a>) -> Spot {
        self.recorder.enter(Within::Operation(operation.shown()));
        Spot::of(Subject::operation(operation.method, operation.path), Part::Operation)
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let spot = self.enter(new);
        let (old_at, new_at) = (old.at(), new.at());
        let places = (old_at.as_str(), new_at.as_str());
        let deprecated = |operation: &Operation<'_>| operation.value.get("deprecated") == Some(&Value::Bool(true));
        let what = match (deprecated(old), deprecated(new)) {
            (false, true) => Some(What::Became(Quality::Deprecated)),
            (true, false) => Some(What::Ceased(Quality::Deprecated)),
            _ => None,
        };
        if let Some(what) = what {
            self.report(&spot, Difference { what, old: None, new: None, old_at: &old_at, new_at: &new_at });
        }
        self.operation_id(&spot, old, new);
        for keyword in [Keyword::Summary, Keyword::Description] {
            // What stands at the path holds for each of its operations.
            let text = |operation: &Operation<'a>| {
                operation.value.get(keyword.id()).or_else(|| operation.item.get(keyword.id())).cloned()
            };
            let (old_at, new_at) = (pointer::join(places.0, keyword.id()), pointer::join(places.1, keyword.id()));
            self.values(&spot, keyword, text(old), text(new), (&old_at, &new_at));
        }
        for keyword in [Keyword::ExternalDocs, Keyword::Tags, Keyword::Callbacks] {
            let value = |operation: &Operation<'a>| {
                let value = operation.value.get(keyword.id())?;
                let empty =
                    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(|map| map.is_empty());
                (!empty).then(|| value.clone())
            };
            let (old_at, new_at) = (pointer::join(places.0, keyword.id()), pointer::join(places.1, keyword.id()));
            self.values(&spot, keyword, value(old), value(new), (&old_at, &new_at));
        }
        self.extensions_of(&spot, Object::Operation, old.value, new.value, places);
        self.parameters(&spot, old, new);
        self.request_body(&spot, old, new);
        self.responses(&spot, old, new);
        self.security(&spot, old, new);
        self.servers_of(&spot, old, new);
    }

    fn operation_id(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        // Names that are derived differ with the path, whose change is said already.
        if old.given_id().is_none() && new.given_id().is_none() {
            return;
        }
        let id = |operation: &Operation<'a>| operation.value.get("operationId").cloned();
        let (old_id, new_id) = (id(old), id(new));
        if old_id != new_id {
            let (old_at, new_at) = (pointer::join(&old.at(), "operationId"), pointer::join(&new.at(), "operationId"));
            let what = What::Keyword(Keyword::OperationId, Move::Changed);
            self.report(spot, Difference { what, old: old_id, new: new_id, old_at: &old_at, new_at: &new_at });
        }
    }

    /// Members that the specification doesn't know: they are data, whatever they mean.
    pub(super) fn extensions_of(
        &mut self,
        spot: &Spot,
        object: Object,
        old: &'a Value,
        new: &'a Value,
        at: (&str, &str),
    ) {
        let keys = |value: &'a Value| -> BTreeSet<&'a str> {
            let members = value.as_object().into_iter().flat_map(serde_json::Map::keys).map(String::as_str);
            members.filter(|key| key.starts_with("x-") || grammar::shape(object, key).is_none()).collect()
        };
        for key in keys(old).union(&keys(new)) {
            let location = super::schemas::joined(&spot.location, key);
            let spot = Spot { location, ..spot.clone() };
            let (old_at, new_at) = (pointer::join(at.0, key), pointer::join(at.1, key));
            let (old, new) = (old.get(*key).cloned(), new.get(*key).cloned());
            self.values(&spot, Keyword::Extension, old, new, (&old_at, &new_at));
        }
    }
}

/// Operations that went to another path for certain: the vendor's own name for them stayed, or they say the same, word for
/// word, and no other does.
fn moves<'a>(removed: &[Operation<'a>], added: &[Operation<'a>]) -> Vec<(Operation<'a>, Operation<'a>)> {
    let alike = |a: &Operation<'a>, b: &Operation<'a>| {
        if a.method != b.method {
            return false;
        }
        if a.given_id().is_some() || b.given_id().is_some() {
            return a.given_id() == b.given_id();
        }
        let content = |operation: &Operation<'a>| {
            let mut value = operation.value.clone();
            if let Value::Object(members) = &mut value {
                members.shift_remove("operationId");
            }
            value
        };
        let text = |key: &str| a.value.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
        (text("summary") || text("description"))
            && content(a) == content(b)
            && PathTemplate::of(a.path).names == PathTemplate::of(b.path).names
    };
    let mut found = Vec::new();
    for gone in removed {
        let mut same = added.iter().filter(|come| alike(gone, come));
        if let (Some(come), None) = (same.next(), same.next())
            && removed.iter().filter(|other| alike(other, come)).count() == 1
        {
            found.push((gone.clone(), come.clone()));
        }
    }
    found
}
