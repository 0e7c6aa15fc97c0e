//! Stage **shape**: the lowered document, made such that progenitor makes the client of it that we want.
//!
//! What is done here serves the generator and is seen by it alone; `openapi.json` stays what the vendor says. Each
//! step has a file and a reason. Wherever there is a choice, the operation stays callable; what has to be left out is
//! left out by name, with a warning.

mod bases;
mod bodies;
mod choices;
mod components;
mod defaults;
mod hoist;
mod inheritance;
mod inner_names;
mod names;
mod nulls;
mod one_side;
mod operations;
mod overlaps;
mod parameters;
mod patterns;
mod properties;
mod responses;
mod schemas;
mod unheard;
mod unions;
mod unused;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::blame;
use crate::failure::{Part, Refusal};
use crate::rust_name::{BY_STATUS, pascal};
use crate::traits::Traits;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::lower::Lowered;

/// What progenitor reads.
#[derive(Debug)]
pub(crate) struct Shaped {
    /// The document of the client, in progenitor's own model.
    pub client: OpenAPI,
    /// The document of the mocks: the same, but with every documented response as it is documented. A mock may answer
    /// what it likes; only the client has to make one type of all answers.
    pub mocks: OpenAPI,
    /// What polish has to know of single operations, by the name of their function.
    pub operations: BTreeMap<String, Traits>,
    /// Whether there are marks for polish (see [`crate::rust_name`]).
    pub marked: bool,
    /// Whether a member of a model is deprecated.
    pub deprecated: bool,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
}

/// A walk through the document, and what it found.
pub(crate) struct Shaping<'a> {
    place: &'a dyn Fn(&str) -> Place,
    warnings: Vec<Diagnostic>,
    traits: BTreeMap<String, Traits>,
    /// Schemas that become components.
    hoisted: serde_json::Map<String, Value>,
    /// The names of all components in Rust, those of `hoisted` too.
    taken: BTreeSet<String>,
}

impl Shaping<'_> {
    fn warn(&mut self, id: Id, at: &str, message: String, help: &str) {
        self.warnings.push(Diagnostic::warning(id, message, help).at((self.place)(at)));
    }
}

/// Shapes the lowered document; `place` finds where a pointer into it came from.
///
/// # Errors
/// What openapiv3, and so progenitor, can't read.
pub(crate) fn shape(lowered: &Lowered, place: &dyn Fn(&str) -> Place) -> Result<Shaped, Problems> {
    let mut document = lowered.document.clone();
    let mut shaping = Shaping {
        place,
        warnings: Vec::new(),
        traits: BTreeMap::new(),
        hoisted: serde_json::Map::new(),
        taken: hoist::names(&document),
    };
    shaping.unheard(&document);
    bases::of_their_children(&mut document, &mut shaping.taken);
    unused::removed(&mut document);
    shaping.patterns(&mut document);
    inheritance::finite(&mut document, &mut shaping);
    shaping.narrowed(&mut document);
    let renamed = names::operations(&mut document, place);
    shaping.operations(&mut document);
    defaults::into_descriptions(&mut document);
    one_side::required_by_none(&mut document);
    schemas::for_typify(&mut document);
    nulls::where_they_are_used(&mut document);
    choices::for_typify(&mut document);
    let unions = shaping.unions(&mut document);
    shaping.warnings.extend(renamed);
    // Before the schemas: once those are renamed, their pointers lead nowhere in the fragments.
    let properties = properties::apart_in_structs(&mut document, place);
    let renamed = names::apart_in_rust(&mut document, place);
    let deprecated = schemas::deprecated_members(&mut document);
    nulls::marked(&mut document);
    let marked = unions || deprecated || !properties.is_empty() || renamed.iter().any(|name| name.marked);
    inner_names::apart(&mut document);
    shaping.warnings.extend(properties);
    shaping.warnings.extend(renamed.into_iter().map(|name| name.warning));

    let mocks = parse(document.clone())?;
    responses::of_one_type(&mut document, &mut shaping);
    let client = parse(document)?;
    Ok(Shaped { client, mocks, operations: shaping.traits, marked, deprecated, warnings: shaping.warnings })
}

impl Shaped {
    /// Takes out what the generator refused: operations are left out, schemas become any JSON. Says so, and whether
    /// there was anything to take out.
    pub(crate) fn leave_out(&mut self, refused: &[Refusal], place: &dyn Fn(&str) -> Place) -> bool {
        let mut changed = false;
        for Refusal { part, reason } in refused {
            let becomes = match part {
                Part::Operation { path, method } => {
                    for document in [&mut self.client, &mut self.mocks] {
                        changed |= blame::remove_operation(document, path, method);
                    }
                    "left out: progenitor can't take it"
                }
                Part::Schema(name) => {
                    for document in [&mut self.client, &mut self.mocks] {
                        changed |= blame::open_schema(document, name);
                    }
                    "taken for any JSON: progenitor can't make a type of it"
                }
            };
            let message = format!("{part} is {becomes}: {reason}");
            let warning =
                Diagnostic::warning(Id::LeftOut, message, "change it in the overlay into what progenitor takes");
            self.warnings.push(warning.at(place(&part.pointer())));
        }
        changed
    }

    /// The types that are to be enums by status (see [`rust_name::BY_STATUS`](crate::rust_name::BY_STATUS)).
    pub(crate) fn by_status(&self) -> BTreeSet<String> {
        let components = self.client.components.iter().flat_map(|components| &components.schemas);
        let marked = components.filter(|(_, schema)| {
            let description = schema.as_item().and_then(|schema| schema.schema_data.description.as_deref());
            description.is_some_and(|text| text.ends_with(BY_STATUS))
        });
        marked.map(|(name, _)| pascal(name)).collect()
    }

    /// Gives other names to components whose types would share theirs with types that the generator invents for what
    /// stands in the middle of other schemas. Says so, and whether there was any.
    ///
    /// # Errors
    /// None that can come about: what was read once can be read again.
    pub(crate) fn tell_apart(&mut self, clashing: &[String], place: &dyn Fn(&str) -> Place) -> Result<bool, Problems> {
        let mut documents = [self.client.clone(), self.mocks.clone()].map(|document| {
            // What openapiv3 has read it can write.
            serde_json::to_value(document).unwrap_or_default()
        });
        let warnings = names::components_apart(&mut documents, clashing, place);
        let [client, mocks] = documents;
        if !warnings.is_empty() {
            (self.client, self.mocks) = (parse(client)?, parse(mocks)?);
        }
        let found = !warnings.is_empty();
        self.warnings.extend(warnings);
        Ok(found)
    }
}

/// Says which parts progenitor didn't come back from.
pub(crate) fn lost(parts: &[Refusal], place: &dyn Fn(&str) -> Place) -> Problems {
    let errors = parts.iter().map(|Refusal { part, reason }| {
        let message = format!("progenitor doesn't come back from {part}: {reason}");
        let help = "change it in the overlay into something simpler, or remove it there";
        Diagnostic::error(Id::Generator, message, help).at(place(&part.pointer()))
    });
    Problems::from_errors(errors.collect())
}

fn parse(document: Value) -> Result<OpenAPI, Problems> {
    serde_json::from_value(document).map_err(|error| {
        let message = format!("the lowered document is not OpenAPI 3.0.3 as openapiv3 reads it: {error}");
        let help = "see what `cargo xtask merge` prints, and correct the vendor's text in the overlay";
        Diagnostic::error(Id::Openapi30, message, help).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A walk that has found nothing yet.
    pub(super) fn shaping() -> Shaping<'static> {
        Shaping {
            place: &|pointer| Place { file: "a.json".into(), position: None, pointer: pointer.into() },
            warnings: Vec::new(),
            traits: BTreeMap::new(),
            hoisted: serde_json::Map::new(),
            taken: BTreeSet::new(),
        }
    }
}
