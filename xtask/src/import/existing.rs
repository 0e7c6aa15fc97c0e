//! The fragments that are there already, and what becomes of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::addresses::same_address;
use super::incoming::{self, Incoming};
use super::operations::{self, Operation};
use super::register::Register;
use super::target::Target;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::{self, Fragment};
use xtask_spec::source::{Source, file};

/// A fragment in the folder.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) operations: Vec<Operation>,
    /// Absent where the text is no fragment: an import may be what fixes it.
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
        let files = match fragments::files(folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failure(folder, &error).into()),
        };
        let mut existing = BTreeMap::new();
        for (name, path, syntax) in files.into_iter().filter(|(name, ..)| fragments::syntax_of(name).is_some()) {
            let bytes = file::bytes(&path).map_err(|error| failure(&path, &error))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let source = Source::new(&name, path.display().to_string(), text.clone(), syntax);
            let fragment = Fragment::parse(source).ok();
            let operations = fragment.as_ref().map(|fragment| Operation::all(&fragment.document)).unwrap_or_default();
            existing.insert(name.clone(), Stored { name, text, operations, fragment });
        }
        Ok(Self(existing))
    }

    /// It isn't there any more.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
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

    /// An error where fragments are older than those that they are going to replace.
    pub(super) fn older(&self, incoming: &[Incoming], targets: &[Target]) -> Option<Diagnostic> {
        let mut older = incoming.iter().zip(targets).filter_map(|(fragment, target)| {
            let (old, new) = (self.get(target.replaces.as_deref()?)?.version()?, fragment.version()?);
            let part = format!("is of version {new}, older than {old}, which is here already");
            // What isn't a number can't be told to be older.
            let numbers = |version: &str| release(version).split('.').all(|part| part.parse::<u64>().is_ok());
            let is_older = numbers(new) && numbers(old) && by_number(new, old) == Ordering::Less;
            is_older.then(|| (part, fragment.at_version.clone()))
        });
        let (first, place) = older.next()?;
        let help = "import the newer pages; or give `--older` if the older version is meant";
        let diagnostic = Diagnostic::error(Id::Older, first, help).at(place);
        Some(older.fold(diagnostic, |diagnostic, (part, place)| diagnostic.with(part, place)))
    }

    /// Warns where not all fragments are of one API and of one version of it once the import is done.
    pub(super) fn of_one_api(&self, incoming: &[Incoming], targets: &[Target], folder: &Path) -> Vec<Diagnostic> {
        let kept = self.kept(targets).filter_map(|stored| {
            let fragment = stored.fragment.as_ref()?;
            Some((stored.name.as_str(), title(&fragment.document)?, fragment.source.place("/info/title")))
        });
        let given = incoming.iter().zip(targets);
        let given = given.filter_map(|(fragment, target)| {
            Some((target.name.as_str(), title(&fragment.document)?, fragment.place.clone()))
        });
        let titles: Vec<(&str, &str, Place)> = kept.chain(given).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, title, _) in &titles {
            let count = counts.entry(title).or_default();
            *count = count.saturating_add(1);
        }
        let common = counts.iter().max_by_key(|(_, count)| **count).map(|(title, _)| *title).unwrap_or_default();
        let (_, others): (Vec<_>, Vec<_>) = titles.into_iter().partition(|(_, title, _)| *title == common);
        let strangers: Vec<&str> = others.iter().map(|(name, ..)| *name).collect();
        let laggards = self.laggards(incoming, targets, folder, &strangers);
        let help = "import it into a folder of its own, by `--openapi DIR`; if the vendor has renamed the API, import all \
                    its pages";
        let said = others.iter().map(|(_, title, place)| {
            let message = format!("describes another API, `{title}`, while most fragments here describe `{common}`");
            Diagnostic::warning(Id::OtherApi, message, help).at(place.clone())
        });
        said.chain(laggards).collect()
    }

    /// Warns where not all fragments but `strangers` are of one version once the import is done.
    fn laggards(
        &self,
        incoming: &[Incoming],
        targets: &[Target],
        folder: &Path,
        strangers: &[&str],
    ) -> Option<Diagnostic> {
        let mut versions: BTreeMap<&str, &str> =
            self.kept(targets).filter_map(|stored| Some((stored.name.as_str(), stored.version()?))).collect();
        let given = incoming.iter().zip(targets);
        versions.extend(given.filter_map(|(fragment, target)| Some((target.name.as_str(), fragment.version()?))));
        versions.retain(|name, _| !strangers.contains(name));
        let newest = versions.values().copied().max_by(|a, b| by_number(a, b))?;
        let mut laggards = versions.iter().filter(|(_, version)| **version != newest);
        let part = |version: &str| format!("is of version {version}");
        let (first, version) = laggards.next()?;
        let place_of = |name: &str| {
            let given = incoming.iter().zip(targets).find(|(_, target)| target.name == name);
            match given {
                Some((fragment, _)) => fragment.at_version.clone(),
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

/// `info.title` of a document.
fn title(document: &Value) -> Option<&str> {
    document.pointer("/info/title").and_then(Value::as_str)
}

fn place(folder: &Path, name: &str) -> Place {
    Place::file(folder.join(name).display().to_string())
}

/// Versions by their numbers, part for part; what isn't a number is older than any. What comes before a release, behind a
/// hyphen, is older than the release.
fn by_number(a: &str, b: &str) -> Ordering {
    fn parts(version: &str) -> Vec<Option<u64>> {
        version.split(['.', '-', '+']).map(|part| part.parse().ok()).collect()
    }
    fn key(version: &str) -> (Vec<Option<u64>>, bool, Vec<Option<u64>>) {
        let before = version.split('+').next().and_then(|version| version.split_once('-'));
        let before = before.map(|(_, before)| before).unwrap_or_default();
        (parts(release(version)), before.is_empty(), parts(before))
    }
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

/// A version without what comes behind its numbers.
fn release(version: &str) -> &str {
    version.split(['-', '+']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (older, newer) in [
            ("20.9.1", "20.17.1"),
            ("20.17", "20.17.1"),
            ("20.17.1-rc", "20.17.1-1"),
            ("20.18.0-SNAPSHOT", "20.18.0"),
            ("20.17.1", "20.18.0-SNAPSHOT"),
            ("a", "1"),
            ("a", "b"),
        ] {
            assert_eq!(by_number(older, newer), Ordering::Less, "{older} {newer}");
        }
    }
}
