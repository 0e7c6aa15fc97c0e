//! What clients in use were built from: the fragments, where the committed document is made of them; else that document.
//!
//! Somebody who removed a fragment by hand, or edited one, has a folder that no client was made of. What was committed
//! is `openapi.json`, which is OpenAPI 3.0.3: then the new side is compared in that form as well.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::output;
use xtask_client::File;
use xtask_diff::Side;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::{self, Fragments};
use xtask_spec::source::{Source, Syntax, file};

/// The name of the document beside the client.
const DOCUMENT: &str = "openapi.json";

/// Its member that says how it was made.
const HEADER: &str = "x-generated-by";

/// The old side of a bump.
#[derive(Debug)]
pub(super) struct Committed {
    pub(super) side: Side,
    /// What the old document says of how it was made, where it is that one.
    header: Option<Value>,
}

impl Committed {
    /// That of the fragments in `openapi` and the client in `out`.
    ///
    /// # Errors
    /// What is wrong with the fragments, where there is no client to go by.
    pub(super) fn read(openapi: &Path, out: &Path) -> Result<Self, Problems> {
        let path = output::place(out, DOCUMENT);
        let document = fs::read_to_string(&path).ok();
        let of_folder = fragments::read(openapi).and_then(|fragments| {
            let (text, _) = xtask_client::merged(&fragments)?;
            Ok((fragments, text))
        });
        match (of_folder, document) {
            (Ok((fragments, text)), document) if document.as_ref().is_none_or(|document| *document == text) => {
                Ok(Self { side: Side::of(openapi.display().to_string(), &fragments)?, header: None })
            }
            (_, Some(document)) => {
                let shown = path.display().to_string();
                let source = Source::new(DOCUMENT, shown.clone(), document, Syntax::Json);
                let value = source.parse("")?;
                let header = value.get(HEADER).cloned().unwrap_or_default();
                let side = Side::of(shown.clone(), &Fragments::parse(vec![source], &shown)?)?;
                Ok(Self { side, header: Some(header) })
            }
            (Err(problems), None) => Err(problems),
            (Ok((fragments, _)), None) => {
                Ok(Self { side: Side::of(openapi.display().to_string(), &fragments)?, header: None })
            }
        }
    }

    /// The client that clients in use have: what the committed fragments generate, and a warning where that isn't what is on
    /// the disk. Where the fragments aren't those of the client, it is what is on the disk of `files`.
    ///
    /// # Errors
    /// What stands in the way of generating it.
    pub(super) fn client(&self, files: &[File], out: &Path) -> Result<(Vec<File>, Option<Diagnostic>), Problems> {
        if self.header.is_some() {
            return Ok((on_disk(files, out), None));
        }
        let before = xtask_client::generate(self.side.fragments(), &mut |_| ())?.files;
        let written = on_disk(&before, out);
        let edited = written.iter().find(|file| !before.contains(file)).map(|file| {
            let message =
                "isn't what the committed fragments generate: somebody edited it, or the generator changed since";
            let help =
                "the report compares with what they generate; `cargo xtask diff --generator` shows what was there";
            let place = Place::file(output::place(out, &file.path).display().to_string());
            Diagnostic::warning(Id::GeneratedCode, message, help).at(place)
        });
        Ok((before, edited))
    }

    /// What the old side is compared with, where that is a document: the new one. How they were made is no difference.
    pub(super) fn counterpart(&self, mut document: Value) -> Option<Value> {
        let header = self.header.as_ref()?;
        document.as_object_mut()?.insert(HEADER.to_owned(), header.clone());
        Some(document)
    }
}

/// Those of these files that are there, as they are there.
fn on_disk(files: &[File], out: &Path) -> Vec<File> {
    let read = |file: &File| {
        let text = file::text(&output::place(out, &file.path)).ok()?;
        Some(File { path: file.path.clone(), text })
    };
    files.iter().filter_map(read).collect()
}
