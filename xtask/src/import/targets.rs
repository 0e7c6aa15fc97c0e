//! Which file each fragment goes into.

use std::collections::BTreeMap;
use std::path::Path;

use super::addresses::same_address;
use super::existing::{Existing, Stored};
use super::incoming::Incoming;
use super::operations;
use super::register::Register;
use super::target::Target;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};

/// Finds for each of `incoming` the file it replaces: first by the address it is published at, then by its operations.
/// What replaces none becomes a new file of its own name.
///
/// # Errors
/// Two fragments that lead to one file, one that leads to several, and a new file whose name is taken.
pub(super) fn find(
    incoming: &[Incoming],
    existing: &Existing,
    register: &Register,
    folder: &Path,
) -> Result<Vec<Target>, Problems> {
    let finder = Finder { incoming, existing, register, folder };
    let mut targets: Vec<Target> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut taken: BTreeMap<String, &Incoming> = BTreeMap::new();
    for fragment in incoming {
        let target = match finder.target(fragment) {
            Ok(target) => target,
            Err(problems) => {
                diagnostics.extend(problems.into_diagnostics());
                continue;
            }
        };
        // One file on systems that don't tell upper from lower case.
        if let Some(other) = taken.get(&target.name.to_lowercase()) {
            let message = format!("leads to `{}`, as another source of this run does", target.name);
            let help = match &target.replaces {
                Some(name) => {
                    format!("give only one of the two; or remove `{name}` first, if it was one fragment and is two now")
                }
                None => "give only one of the two, or rename the file of one".to_owned(),
            };
            diagnostics.push(
                Diagnostic::error(Id::Collision, message, help)
                    .at(fragment.place.clone())
                    .with("the other source", other.place.clone()),
            );
        } else {
            taken.insert(target.name.to_lowercase(), fragment);
        }
        targets.push(target);
    }
    Problems::check(diagnostics)?;
    Ok(targets)
}

struct Finder<'a> {
    incoming: &'a [Incoming],
    existing: &'a Existing,
    register: &'a Register,
    folder: &'a Path,
}

impl Finder<'_> {
    fn target(&self, fragment: &Incoming) -> Result<Target, Problems> {
        if let Some(name) = self.by_address(fragment)? {
            return self.named(fragment, &name);
        }
        let all = self.existing.iter();
        let same: Vec<&Stored> =
            all.filter(|stored| operations::meet(&stored.operations, &fragment.operations)).collect();
        if let Some(stored) = self.one_of(fragment, &same)? {
            return self.named(fragment, &stored.name);
        }
        match self.existing.of_name(&fragment.name) {
            None => Ok(Target { name: fragment.name.clone(), replaces: None }),
            // It has no operations to be known by: then it is the name that makes it the same fragment.
            Some(stored) if stored.is_broken() || (stored.operations.is_empty() && fragment.operations.is_empty()) => {
                self.named(fragment, &stored.name)
            }
            Some(stored) => Err(self.name_is_taken(fragment, stored).into()),
        }
    }

    /// The file that is published where `fragment` is. A page that holds several fragments, or held them, is known by
    /// their operations.
    fn by_address(&self, fragment: &Incoming) -> Result<Option<String>, Problems> {
        let Some(address) = &fragment.address else { return Ok(None) };
        let here = |other: &&Incoming| other.address.as_deref().is_some_and(|other| same_address(other, address));
        let names = self.register.published_at(address);
        let is_alone = self.incoming.iter().filter(here).count() == 1;
        if let ([name], true) = (names.as_slice(), is_alone) {
            return Ok(Some(name.clone()));
        }
        let stored = names.iter().filter_map(|name| self.existing.get(name));
        let same: Vec<&Stored> =
            stored.filter(|stored| operations::meet(&stored.operations, &fragment.operations)).collect();
        Ok(self.one_of(fragment, &same)?.map(|stored| stored.name.clone()))
    }

    /// The one of `same`; of several, the one that has the name already.
    fn one_of<'s>(&self, fragment: &Incoming, same: &[&'s Stored]) -> Result<Option<&'s Stored>, Problems> {
        match same {
            [] => Ok(None),
            [stored] => Ok(Some(stored)),
            several => match several.iter().find(|stored| stored.name == fragment.name) {
                Some(stored) => Ok(Some(stored)),
                None => {
                    let message = "holds operations that stand in several files here";
                    let help = "remove these files if the fragment takes the place of them all";
                    let diagnostic = Diagnostic::error(Id::Several, message, help).at(fragment.place.clone());
                    let other = |stored: &&Stored| (operations::list(&stored.operations), self.place(&stored.name));
                    Err(several.iter().map(other).fold(diagnostic, |said, (part, place)| said.with(part, place)).into())
                }
            },
        }
    }

    /// The target that replaces the file `name`.
    fn named(&self, fragment: &Incoming, name: &str) -> Result<Target, Problems> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let as_json = if name.ends_with(".json") { name.to_owned() } else { format!("{stem}.json") };
        match self.existing.get(&as_json) {
            Some(stored) if as_json != name => Err(self.name_is_taken(fragment, stored).into()),
            _ => Ok(Target { name: as_json, replaces: Some(name.to_owned()) }),
        }
    }

    fn name_is_taken(&self, fragment: &Incoming, stored: &Stored) -> Diagnostic {
        let message = format!("would be called `{}`, which is the name of another fragment", stored.name);
        let help = "rename the page's file; or remove the fragment that has the name, if this one takes its place";
        let held =
            if stored.operations.is_empty() { "no operation".to_owned() } else { operations::list(&stored.operations) };
        Diagnostic::error(Id::Collision, message, help)
            .at(fragment.place.clone())
            .with(format!("the other fragment, which holds {held}"), self.place(&stored.name))
    }

    fn place(&self, name: &str) -> Place {
        Place::file(self.folder.join(name).display().to_string())
    }
}
