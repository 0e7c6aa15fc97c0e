//! One of the two sides of a comparison.

use std::path::Path;

use serde_json::Value;

use super::model::Facts;
use super::rust::GeneratedCode;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use crate::generate;
use xtask_spec::grammar::METHODS;
use crate::import;
use crate::merge;
use crate::overlay::{self, Corrected};
use xtask_spec::fragments::{self, Fragments};

/// A set of fragments, merged and corrected.
///
/// What is compared is the merged document of OpenAPI 3.1, not the lowered one: lowering has no words for conditions,
/// patterns of names and the like, and whatever it dropped could differ unseen. What 3.0 and 3.1 only spell in two ways
/// is made one where schemas are looked at.
#[derive(Debug)]
pub(crate) struct Side {
    shown: String,
    fragments: Fragments,
    corrected: Corrected,
}

impl Side {
    /// The merged document of `fragments`, corrected by their overlay; `shown` is how a report calls it.
    ///
    /// # Errors
    /// What the merge or the overlay finds wrong.
    pub(crate) fn of(shown: impl Into<String>, fragments: Fragments) -> Result<Self, Problems> {
        let corrected = overlay::overlay(merge::merge(&fragments)?, &fragments)?;
        Ok(Self { shown: shown.into(), fragments, corrected })
    }

    /// The fragments.
    #[must_use]
    pub(crate) fn fragments(&self) -> &Fragments {
        &self.fragments
    }

    /// The client that is generated from it, as far as users can see it.
    ///
    /// # Errors
    /// What stands in the way of generating it.
    pub(crate) fn code(&self) -> Result<GeneratedCode, Problems> {
        GeneratedCode::of(&generate::generate_from(&self.fragments)?.files)
    }

    /// What the maintainer should know of the merge and the overlay.
    #[must_use]
    pub(crate) fn warnings(&self) -> &[Diagnostic] {
        &self.corrected.warnings
    }

    /// The merged, corrected document.
    pub(super) fn document(&self) -> &Value {
        &self.corrected.document
    }

    /// The place in the fragments or the overlay of what `pointer` names in the document.
    pub(super) fn place(&self, pointer: &str) -> Place {
        self.corrected.origins.place(&self.fragments, pointer)
    }

    /// Whether what stands at `pointer` was written in OpenAPI 3.0.
    pub(super) fn is_3_0(&self, pointer: &str) -> bool {
        self.corrected.origins.version(&self.fragments, pointer).is_some_and(|version| version.starts_with("3.0"))
    }

    pub(super) fn facts(&self) -> Facts {
        let document = self.document();
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = paths
            .flat_map(|(_, item)| item.as_object().into_iter().flatten())
            .filter(|(key, _)| METHODS.contains(&key.as_str()))
            .count();
        Facts {
            shown: self.shown.clone(),
            version: document.pointer("/info/version").and_then(Value::as_str).map(str::to_owned),
            operations,
            schemas: document.pointer("/components/schemas").and_then(Value::as_object).map_or(0, serde_json::Map::len),
        }
    }
}

/// Reads both sides: folders of fragments, folders of pages, single documents or pages, `https` addresses.
///
/// A folder of fragments is taken as `generate` takes it, with its overlay. If the other side is something that can have
/// no overlay, a page or a single document, both are compared as they were published: corrections that only one side
/// can have would look like changes.
///
/// # Errors
/// Every problem of both sides.
pub(crate) fn read_sides(old: &Path, new: &Path) -> Result<(Side, Side, Vec<Diagnostic>), Problems> {
    let (old_read, new_read) = match (sources(old), sources(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => return Err(problems),
        (Err(old), Err(new)) => {
            return Err(Problems::from_errors([old.into_diagnostics(), new.into_diagnostics()].concat()));
        }
    };
    let mut warnings = Vec::new();
    let both = old_read.folder && new_read.folder;
    let mut side = |path: &Path, read: Sources| -> Result<Side, Problems> {
        let overlay = read.fragments.overlay().filter(|_| !both);
        if let Some(overlay) = overlay {
            let message = "this overlay is left out: the other side is no folder of fragments, and can have none";
            let help =
                "put the other side into a folder of its own, with a copy of this overlay, to compare them corrected";
            let place = Place::file(overlay.source().path());
            warnings.push(Diagnostic::warning(Id::AsPublished, message, help).at(place));
        }
        let fragments = if both { read.fragments } else { read.fragments.without_overlay() };
        Side::of(path.display().to_string(), fragments)
    };
    match (side(old, old_read), side(new, new_read)) {
        (Ok(old), Ok(new)) => {
            warnings.extend([old.warnings(), new.warnings()].concat());
            Ok((old, new, Problems::check(warnings)?))
        }
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
        (Err(old), Err(new)) => Err(Problems::from_errors([old.into_diagnostics(), new.into_diagnostics()].concat())),
    }
}

struct Sources {
    fragments: Fragments,
    /// Whether they lie in a folder as `generate` wants it.
    folder: bool,
}

fn sources(path: &Path) -> Result<Sources, Problems> {
    let folder = path.is_dir() && holds_fragments(path);
    let fragments = if folder { fragments::read(path)? } else { import::fragments(path)? };
    Ok(Sources { fragments, folder })
}

/// Whether a folder holds anything that `generate` would take. What can't be looked at is left for the reading to say.
fn holds_fragments(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .into_iter()
        .any(|entry| fragments::syntax_of(&entry.file_name().to_string_lossy()).is_some() && !entry.path().is_dir())
}
