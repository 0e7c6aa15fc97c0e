//! Fragments that the vendor has withdrawn: they leave the folder, and what `sources.toml` knows of them goes with them.

use std::path::{Path, PathBuf};

use super::existing::Existing;
use super::register::Register;
use crate::output::Stale;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};

/// Takes the fragments of these names out of what is there, and says which files go. What rested on them is warned of.
///
/// # Errors
/// A name that no fragment in the folder has.
pub(super) fn take_out(
    names: &[String],
    existing: &mut Existing,
    register: &mut Register,
    folder: &Path,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<Stale>, Problems> {
    let mut stale = Vec::new();
    let mut wrong = Vec::new();
    for given in names {
        let Some(name) = existing.named(given) else {
            let known: Vec<&str> = existing.iter().map(|stored| stored.name.as_str()).collect();
            let message =
                format!("no fragment in `{}` is called `{given}`, so none can be withdrawn", folder.display());
            let help = format!("name one of these: {}", known.join(", "));
            wrong.push(Diagnostic::error(Id::Name, message, help).at(Place::file(folder.display().to_string())));
            continue;
        };
        existing.remove(&name);
        let path = folder.join(&name);
        for (statement, rule) in register.withdraw(&name) {
            let what = rule.map_or_else(|| statement.clone(), |rule| format!("{statement} (rule `{rule}`)"));
            let message = format!("{what} rested on this page, which is withdrawn: its ground goes with it");
            let help = "remove what rests on nothing else from the code, or write under `[ground]` in sources.toml what \
                        it rests on now";
            warnings.push(Diagnostic::warning(Id::Ground, message, help).at(Place::file(path.display().to_string())));
        }
        stale.push(Stale::Leftover { path });
    }
    Problems::check(wrong)?;
    Ok(stale)
}

impl Existing {
    /// The name of the fragment that a user means: the name of its file, with or without its extension or its folder.
    fn named(&self, given: &str) -> Option<String> {
        let file = PathBuf::from(given).file_name()?.to_string_lossy().into_owned();
        let stem = |name: &str| name.rsplit_once('.').is_some_and(|(stem, _)| stem == file);
        let found = self.iter().find(|stored| stored.name == file);
        found.or_else(|| self.iter().find(|stored| stem(&stored.name))).map(|stored| stored.name.clone())
    }
}
