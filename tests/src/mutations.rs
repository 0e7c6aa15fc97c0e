//! What a vendor may do to the published fragments, one small thing at a time.
//!
//! A mutation is data: edits by JSON pointer. A pointer is looked for in every fragment, since fragments share schemas
//! and have to agree on them; an edit that finds its place nowhere is an error, so that no mutation silently does nothing.

mod catalogue;

use std::collections::BTreeMap;
use std::fs;
use std::io;

use serde_json::Value;
use xtask::diagnostic::Problems;
use xtask::pointer;
use xtask::read::Fragments;
use xtask::source::{Source, Syntax};

use crate::workspace;

pub use catalogue::mutations;

/// Fragments by the names of their files.
pub type Documents = BTreeMap<String, Value>;

/// One change of the published fragments, or of fragments made ready for it.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// What happens, in a few words; no other mutation has this name.
    pub name: &'static str,
    /// What has to be there first, such as an enumeration that may then lose a value; usually nothing.
    pub before: Vec<Edit>,
    /// The change itself.
    pub edits: Vec<Edit>,
}

/// One edit, in every fragment that has its place.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Writes a member, over what is there; its parent has to be there.
    Set(String, Value),
    /// Removes a member or an item.
    Remove(String),
    /// Gives a member another name, at the same place among its siblings.
    Rename(String, &'static str),
    /// Writes one item more at the end of a list.
    Append(String, Value),
}

impl Mutation {
    /// The fragments before and after.
    ///
    /// # Errors
    /// An edit that finds its place nowhere.
    pub fn sides(&self, published: &Documents) -> Result<(Documents, Documents), String> {
        let mut old = published.clone();
        self.make_ready(&mut old)?;
        let mut new = old.clone();
        self.apply(&mut new)?;
        Ok((old, new))
    }

    /// Makes the published fragments ready for the change.
    ///
    /// # Errors
    /// An edit that finds its place nowhere.
    pub fn make_ready(&self, documents: &mut Documents) -> Result<(), String> {
        self.run(&self.before, documents)
    }

    /// Makes the change.
    ///
    /// # Errors
    /// An edit that finds its place nowhere.
    pub fn apply(&self, documents: &mut Documents) -> Result<(), String> {
        self.run(&self.edits, documents)
    }

    fn run(&self, edits: &[Edit], documents: &mut Documents) -> Result<(), String> {
        for edit in edits {
            let mut found = false;
            for document in documents.values_mut() {
                found |= edit.apply(document);
            }
            if !found {
                return Err(format!("{}: no fragment has a place for {edit:?}", self.name));
            }
        }
        Ok(())
    }
}

impl Edit {
    /// Makes the edit if `document` has its place; says whether it has.
    fn apply(&self, document: &mut Value) -> bool {
        self.try_apply(document).is_some()
    }

    fn try_apply(&self, document: &mut Value) -> Option<()> {
        match self {
            Self::Set(at, value) => {
                let (parent, name) = parent(document, at)?;
                match parent {
                    Value::Object(members) => {
                        members.insert(name, value.clone());
                    }
                    Value::Array(items) => *items.get_mut(name.parse::<usize>().ok()?)? = value.clone(),
                    _ => return None,
                }
            }
            Self::Remove(at) => {
                let (parent, name) = parent(document, at)?;
                match parent {
                    Value::Object(members) => {
                        members.shift_remove(&name)?;
                    }
                    Value::Array(items) => {
                        let index = name.parse::<usize>().ok().filter(|index| *index < items.len())?;
                        items.remove(index);
                    }
                    _ => return None,
                }
            }
            Self::Rename(at, name) => {
                let (parent, old) = parent(document, at)?;
                let members = parent.as_object_mut().filter(|members| members.contains_key(&old))?;
                let renamed = |key: String| if key == old { (*name).to_owned() } else { key };
                *members = std::mem::take(members).into_iter().map(|(key, value)| (renamed(key), value)).collect();
            }
            Self::Append(at, value) => document.pointer_mut(at)?.as_array_mut()?.push(value.clone()),
        }
        Some(())
    }
}

/// The parent of what `at` names, and its own name there.
fn parent<'a>(document: &'a mut Value, at: &str) -> Option<(&'a mut Value, String)> {
    let (parent, name) = at.rsplit_once('/')?;
    Some((document.pointer_mut(parent)?, pointer::unescape(name).into_owned()))
}

/// The frozen fragments.
///
/// # Errors
/// The disk, or a fragment that isn't JSON.
pub fn published() -> io::Result<Documents> {
    let mut documents = Documents::new();
    for name in workspace::fragments()? {
        let document = serde_json::from_str(&fs::read_to_string(workspace::frozen().join(&name))?)?;
        documents.insert(name, document);
    }
    Ok(documents)
}

/// `documents` as the pipeline reads them.
///
/// # Errors
/// What the pipeline finds wrong with them.
pub fn fragments(documents: &Documents) -> Result<Fragments, Problems> {
    let source = |(name, document): (&String, &Value)| {
        Source::new(name, format!("openapi/{name}"), format!("{document:#}\n"), Syntax::Json)
    };
    Fragments::parse(documents.iter().map(source).collect(), "openapi")
}
