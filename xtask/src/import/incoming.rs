//! What was given becomes the fragments in it, each with the name it asks for.

use std::sync::Arc;

use serde_json::Value;

use super::canonical::{self, Canonical};
use super::inputs::{Form, Input};
use super::operations::{self, Operation};
use super::page::{self, Block};
use super::prose::Prose;
use xtask_spec::diagnostic::{Diagnostic, Id, Place};
use xtask_spec::source::Source;

/// One fragment that was given.
#[derive(Debug)]
pub(super) struct Incoming {
    /// The name of the page or file it stands in, without its extension.
    pub(super) page: String,
    /// The name of the file it goes into, unless it replaces one of another name.
    pub(super) name: String,
    /// Where it begins.
    pub(super) place: Place,
    /// Where its version is.
    pub(super) at_version: Place,
    /// Where it is published, as far as that is known.
    pub(super) address: Option<String>,
    pub(super) operations: Vec<Operation>,
    pub(super) document: Value,
    pub(super) given: Given,
    /// What the file will hold.
    pub(super) text: String,
    /// What the page says besides; absent where a fragment was given by itself.
    pub(super) prose: Option<Arc<Prose>>,
}

/// The text that a fragment was read from.
#[derive(Debug)]
pub(super) struct Given {
    source: Source,
    /// The page and the block of it, where it is one.
    in_page: Option<(Arc<str>, Block)>,
}

impl Given {
    /// Where the value that `pointer` names begins.
    pub(super) fn place(&self, pointer: &str) -> Place {
        let place = self.source.place(pointer);
        match &self.in_page {
            Some((page, block)) => page::in_page(self.source.path(), page, block, &place),
            None => place,
        }
    }
}

impl Incoming {
    /// Whether it was given inside a page, not as a file of its own.
    pub(super) fn is_page(&self) -> bool {
        self.prose.is_some()
    }

    /// The version of the spec it is of.
    pub(super) fn version(&self) -> Option<&str> {
        version(&self.document)
    }
}

/// `info.version` of a document.
pub(super) fn version(document: &Value) -> Option<&str> {
    document.pointer("/info/version").and_then(Value::as_str)
}

/// The fragments in `input`; what stands in their way goes to `diagnostics`. A page without any is an error only if it was
/// given by its own name.
pub(super) fn fragments(input: Input, diagnostics: &mut Vec<Diagnostic>) -> Vec<Incoming> {
    let found = match input.form {
        Form::Page(markup) => {
            let found = page::fragments(&input.shown, &input.text, markup, input.of_folder, diagnostics);
            found.into_iter().map(|(fragment, block)| (fragment, Some(block))).collect()
        }
        Form::Fragment(syntax) => {
            let source = Source::new(&input.stem, &input.shown, input.text.clone(), syntax);
            match canonical::parse(source) {
                Ok(fragment) => vec![(fragment, None)],
                Err(problems) => {
                    diagnostics.extend(problems.into_diagnostics());
                    Vec::new()
                }
            }
        }
    };
    let address = input.address.clone().or_else(|| match input.form {
        Form::Page(_) => page::address(&input.text).map(str::to_owned),
        Form::Fragment(_) => None,
    });
    let prose = match input.form {
        Form::Page(markup) if !found.is_empty() => {
            Some(Arc::new(Prose::read(&input.shown, &input.text, markup, diagnostics)))
        }
        _ => None,
    };
    let page: Arc<str> = input.text.into();
    let alone = found.len() == 1;
    let mut incoming = Vec::new();
    for (Canonical { document, text, source, place, at_version }, block) in found {
        let name = if alone {
            format!("{}.json", input.stem)
        } else if let Some(distinction) = operations::distinction(&document) {
            format!("{}--{distinction}.json", input.stem)
        } else {
            let message =
                "one fragment of several on this page, with neither an operation nor a component to name it by";
            let help = "save it by itself, as a .json file of the name it shall have, and import that";
            diagnostics.push(Diagnostic::error(Id::Name, message, help).at(place));
            continue;
        };
        incoming.push(Incoming {
            page: input.stem.clone(),
            name,
            place,
            at_version,
            address: address.clone(),
            operations: Operation::all(&document),
            document,
            given: Given { source, in_page: block.map(|block| (Arc::clone(&page), block)) },
            text,
            prose: prose.clone(),
        });
    }
    incoming
}
