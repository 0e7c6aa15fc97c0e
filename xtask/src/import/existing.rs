//! The fragments that are there already, and what becomes of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::addresses::same_address;
use super::incoming::{self, Incoming};
use super::operations::{self, Operation};
use super::register::Register;
use super::targets::Target;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::{self, Fragment};
use xtask_spec::source::{Source, Syntax};

/// A fragment in the folder.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) operations: Vec<Operation>,
    /// Absent where the text is no fragment: an import may be what mends it.
    fragment: Option<Fragment>,
}

impl Stored {
    /// The version of the spec it is of.
    pub(super) fn version(&self) -> Option<&str> {
        incoming::version(&self.fragment.as_ref()?.document)
    }

    /// Whether it isn't one of the fragments that `generate` could read.
    pub(super) fn is_broken(&self) -> bool {
        self.fragment.is_none()
    }
}

/// All fragments in the folder, by their names.
#[derive(Debug, Default)]
pub(super) struct Existing(BTreeMap<String, Stored>);

impl Existing {
    /// Reads the folder; one that isn't there yet is empty.
    pub(super) fn read(folder: &Path) -> Result<Self, Problems> {
        let failure = |path: &Path, error: &io::Error| {
            let help = "check the path and its permissions";
            let message = format!("can't be read: {error}");
            Diagnostic::error(Id::Io, message, help).at(Place::file(path.display().to_string()))
        };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failure(folder, &error).into()),
        };
        let mut existing = BTreeMap::new();
        for entry in entries {
            let entry = entry.map_err(|error| failure(folder, &error))?;
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            let Some(syntax) = fragments::syntax_of(&name).filter(|_| !path.is_dir()) else { continue };
            let bytes = fs::read(&path).map_err(|error| failure(&path, &error))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let source = Source::new(&name, path.display().to_string(), text.clone(), syntax);
            let fragment = Fragment::parse(source).ok();
            let operations = fragment.as_ref().map(|fragment| Operation::all(&fragment.document)).unwrap_or_default();
            existing.insert(name.clone(), Stored { name, text, operations, fragment });
        }
        Ok(Self(existing))
    }

    /// The fragment of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Stored> {
        self.0.get(name)
    }

    /// The fragment of this name on systems that don't tell upper from lower case, too.
    pub(super) fn of_name(&self, name: &str) -> Option<&Stored> {
        let same = |stored: &&Stored| stored.name.to_lowercase() == name.to_lowercase();
        self.get(name).or_else(|| self.iter().find(same))
    }

    /// The fragments, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Stored> {
        self.0.values()
    }

    /// The documents of the fragments that could be read, by the names of their files.
    pub(super) fn documents(&self) -> impl Iterator<Item = (String, Value)> {
        self.iter().filter_map(|stored| Some((stored.name.clone(), stored.fragment.as_ref()?.document.clone())))
    }

    /// The fragments that an import leaves as they are.
    fn kept<'a>(&'a self, targets: &'a [Target]) -> impl Iterator<Item = &'a Stored> {
        let replaced = |stored: &Stored| targets.iter().any(|target| target.replaces_file(&stored.name));
        self.iter().filter(move |stored| !replaced(stored))
    }

    /// Warns of operations that were in a replaced file and are in none any more.
    pub(super) fn what_is_lost(&self, incoming: &[Incoming], targets: &[Target], folder: &Path) -> Vec<Diagnostic> {
        let rest: Vec<&Operation> = incoming
            .iter()
            .flat_map(|fragment| &fragment.operations)
            .chain(self.kept(targets).flat_map(|stored| &stored.operations))
            .collect();
        let mut diagnostics = Vec::new();
        for target in targets {
            let Some(old) = target.replaces.as_deref().and_then(|name| self.get(name)) else { continue };
            let lost: Vec<Operation> =
                old.operations.iter().filter(|old| !rest.iter().any(|kept| kept.is(old))).cloned().collect();
            if !lost.is_empty() {
                let message = format!("no fragment holds {} any more", operations::list(&lost));
                let help =
                    "nothing has to be done if the vendor has withdrawn it; else import the page that it moved to";
                diagnostics.push(Diagnostic::warning(Id::Lost, message, help).at(place(folder, &target.name)));
            }
        }
        diagnostics
    }

    /// Warns of files that were published on an imported page, which doesn't hold them any more.
    pub(super) fn left_behind(
        &self,
        incoming: &[Incoming],
        targets: &[Target],
        register: &Register,
        folder: &Path,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for stored in self.kept(targets) {
            let Some(address) = register.published(&stored.name) else { continue };
            let page = incoming
                .iter()
                .find(|fragment| fragment.address.as_deref().is_some_and(|other| same_address(other, address)));
            if let Some(page) = page {
                let message = "comes from a page that doesn't hold it any more";
                let help = format!(
                    "remove it and its entry in {} if the vendor has withdrawn it; else import the page that it moved to",
                    register.shown()
                );
                let page = Place::file(page.place.file.clone());
                let diagnostic = Diagnostic::warning(Id::LeftBehind, message, help).at(place(folder, &stored.name));
                diagnostics.push(diagnostic.with("the page", page));
            }
        }
        diagnostics
    }

    /// Warns where not all fragments are of one version once the import is done.
    pub(super) fn laggards(&self, incoming: &[Incoming], targets: &[Target], folder: &Path) -> Option<Diagnostic> {
        let mut versions: BTreeMap<&str, &str> =
            self.kept(targets).filter_map(|stored| Some((stored.name.as_str(), stored.version()?))).collect();
        let given = incoming.iter().zip(targets);
        versions.extend(given.filter_map(|(fragment, target)| Some((target.name.as_str(), fragment.version()?))));
        let newest = versions.values().copied().max_by(|a, b| by_number(a, b))?;
        let mut laggards = versions.iter().filter(|(_, version)| **version != newest);
        let part = |version: &str| format!("is of version {version}");
        let (first, version) = laggards.next()?;
        let place_of = |name: &str| {
            let given = incoming.iter().zip(targets).find(|(_, target)| target.name == name);
            match given {
                // The place in the file as it is going to be.
                Some((fragment, _)) => {
                    let path = folder.join(name).display().to_string();
                    Source::new(name, path, fragment.text.clone(), Syntax::Json).place("/info/version")
                }
                None => {
                    let stored = self.get(name).and_then(|stored| stored.fragment.as_ref());
                    stored.map_or_else(|| place(folder, name), |stored| stored.source.place("/info/version"))
                }
            }
        };
        let message = format!("{}, while the newest fragment here is of version {newest}", part(version));
        let help = "import the pages of these fragments as well: `generate` takes fragments of one version only";
        let diagnostic = Diagnostic::warning(Id::Laggard, message, help).at(place_of(first));
        Some(laggards.fold(diagnostic, |diagnostic, (name, version)| diagnostic.with(part(version), place_of(name))))
    }
}

fn place(folder: &Path, name: &str) -> Place {
    Place::file(folder.join(name).display().to_string())
}

/// Versions by their numbers, part for part; what isn't a number is older than any.
fn by_number(a: &str, b: &str) -> Ordering {
    let parts =
        |version: &str| -> Vec<Option<u64>> { version.split(['.', '-', '+']).map(|part| part.parse().ok()).collect() };
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (older, newer) in
            [("20.9.1", "20.17.1"), ("20.17", "20.17.1"), ("20.17.1-rc", "20.17.1-1"), ("a", "1"), ("a", "b")]
        {
            assert_eq!(by_number(older, newer), Ordering::Less, "{older} {newer}");
        }
    }
}
