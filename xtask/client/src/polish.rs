//! Stage **polish**: what progenitor gets wrong for production is put right, item by item in the syntax tree.
//!
//! Each edit is a function with its reason. What is code of its own stands in `templates/support.rs`, which becomes
//! the generated folder's `support.rs`; an edit only routes the generated code through it.

mod bodies;
mod builders;
mod calls;
mod client;
mod deprecated;
mod docs;
mod enums;
mod mock_bodies;
mod mocks;
mod models;
mod names;
mod optional;
mod patterns;
mod plain;
mod prelude;
mod responses;
mod sends;
mod setters;
mod statuses;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemMod};

use crate::traits::{Facts, Traits};

pub(crate) use mocks::Mocks;
pub(crate) use optional::Members;
pub(crate) use plain::docs as plain_docs;
pub(crate) use prelude::short_names;

/// The edits of one generated file. They see some items at a time, never the whole file.
pub(crate) trait Polish: Send {
    /// Polishes the beginning of the module of this path; `module` has no items yet, but may be given some.
    fn module(&mut self, path: &[String], module: &mut ItemMod);

    /// Polishes items of the module of this path.
    fn items(&mut self, path: &[String], items: &mut Vec<Item>);
}

/// The edits of the client.
#[derive(Debug)]
pub(crate) struct Client {
    /// Whether there are marks, which is rare (see [`crate::rust_name`]).
    pub marked: bool,
    /// Whether a member of a model is deprecated.
    pub deprecated: bool,
    /// The types that are enums by status.
    pub by_status: BTreeSet<String>,
    /// What progenitor has no word for, by the names of the builders.
    pub traits: BTreeMap<String, Traits>,
    /// What the document says of the operations, by the names of the builders.
    pub facts: BTreeMap<String, Facts>,
    /// The members of models whose types were changed; found on the way, for their builders.
    pub wrapped: Members,
}

impl Polish for Client {
    fn module(&mut self, path: &[String], module: &mut ItemMod) {
        match names(path).as_slice() {
            ["types"] if self.deprecated => module.attrs.push(deprecated::allowed()),
            ["types", "builder" | "defaults"] => models::undocumented(module),
            ["builder"] => builders::begin(module),
            _ => {}
        }
    }

    fn items(&mut self, path: &[String], items: &mut Vec<Item>) {
        if self.marked {
            names::take_marks_off(items);
        }
        if path.first().is_some_and(|first| first == "types") && !self.by_status.is_empty() {
            statuses::made_enums(items, &self.by_status, path.len() > 1);
        }
        match names(path).as_slice() {
            [] => {
                client::polish(items);
                docs::errors(items, &self.facts);
                deprecated::operations(items, &self.facts);
            }
            ["types"] => {
                patterns::with_unicode(items);
                models::polish(items, &mut self.wrapped);
            }
            ["types", "builder"] => {
                optional::builders(items, &self.wrapped);
                setters::of_models(items);
            }
            ["builder"] => builders::polish(items, &self.traits, &self.facts),
            _ => {}
        }
        if self.marked {
            names::take_other_marks_off(items);
        }
    }
}

fn names(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}
