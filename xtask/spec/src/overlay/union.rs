//! How a value is merged into a part of the document.

use serde_json::Value;

use crate::origins::{Origin, Origins};
use crate::pointer;

/// Merges values into one document, and keeps account of it.
pub(super) struct Union<'a> {
    origins: &'a mut Origins,
    /// Whether anything has changed.
    pub(super) changed: bool,
    /// What can't be merged: where in the document, and from where.
    pub(super) clashes: Vec<Clash>,
    /// Items that were appended to a list that had an equal one: where in the document, and from where.
    pub(super) repeats: Vec<(String, Origin)>,
}

/// Two values of kinds that can't be merged.
pub(super) struct Clash {
    pub(super) at: String,
    pub(super) from: Origin,
    pub(super) found: &'static str,
    pub(super) given: &'static str,
}

impl<'a> Union<'a> {
    pub(super) fn new(origins: &'a mut Origins) -> Self {
        Self { origins, changed: false, clashes: Vec::new(), repeats: Vec::new() }
    }

    /// Merges `value`, which came from `from`, into `target`, which stands at `at`: objects member by member, lists by
    /// concatenation, and primitives by replacement.
    pub(super) fn merge(&mut self, at: &str, target: &mut Value, from: &Origin, value: &Value) {
        match (target, value) {
            (Value::Object(target), Value::Object(value)) => {
                for (key, value) in value {
                    let (at, from) = (pointer::join(at, key), from.child(key));
                    if let Some(target) = target.get_mut(key) {
                        self.merge(&at, target, &from, value);
                    } else {
                        target.insert(key.clone(), value.clone());
                        self.origins.insert(at, from);
                        self.changed = true;
                    }
                }
            }
            (Value::Array(target), Value::Array(value)) => {
                for (index, item) in value.iter().enumerate() {
                    self.append(at, target, from.child(&index.to_string()), item);
                }
            }
            (target, value) if kind(target) != kind(value) => {
                // One message a fault of the overlay is enough, however many parts its action selects.
                if self.clashes.iter().all(|clash| clash.from != *from) {
                    let (found, given) = (kind(target), kind(value));
                    self.clashes.push(Clash { at: at.to_owned(), from: from.clone(), found, given });
                }
            }
            (target, value) => {
                if target != value {
                    target.clone_from(value);
                    self.origins.insert(at.to_owned(), from.clone());
                    self.changed = true;
                }
            }
        }
    }

    /// Puts `item`, which came from `from`, behind the others of the list at `at`.
    pub(super) fn append(&mut self, at: &str, list: &mut Vec<Value>, from: Origin, item: &Value) {
        let at = pointer::join(at, &list.len().to_string());
        if list.contains(item) && self.repeats.iter().all(|(_, earlier)| *earlier != from) {
            self.repeats.push((at.clone(), from.clone()));
        }
        list.push(item.clone());
        self.origins.insert(at, from);
        self.changed = true;
    }
}

/// What is neither object nor list.
pub(super) const PRIMITIVE: &str = "a primitive value";

/// What a value is, as far as merging goes.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => PRIMITIVE,
    }
}
