//! Stage **output**: what was generated meets what is on the disk.

mod disk;
mod staging;
mod turn;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use toml_edit::DocumentMut;

use xtask_client::{File, GENERATED, SIGNATURE};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::source::file;

pub use disk::{Disk, RealDisk};
pub(crate) use staging::{Staging, write_one};
pub(crate) use turn::{Turn, Use};

/// The path of `file`, seen from `folder`: as messages show it, without a way down and up again.
#[must_use]
pub(crate) fn place(folder: &Path, file: &str) -> PathBuf {
    let (mut folder, mut file) = (folder.to_owned(), file);
    while let Some(rest) = file.strip_prefix("../") {
        if !matches!(folder.components().next_back(), Some(Component::Normal(_))) {
            break;
        }
        folder.pop();
        file = rest;
    }
    folder.join(file)
}

/// In what a file on the disk differs from what the run made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// It isn't there, or its text is another.
    Differs {
        /// The file.
        path: PathBuf,
        /// What is on the disk now; `None` where there is nothing.
        old: Option<String>,
        /// What should be there.
        new: String,
    },
    /// It was generated once, and is of no use any more.
    Leftover {
        /// The file.
        path: PathBuf,
    },
}

impl Stale {
    /// The file.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Differs { path, .. } | Self::Leftover { path } => path,
        }
    }

    /// The file's path, as messages show it.
    #[must_use]
    pub(crate) fn shown(&self) -> String {
        self.path().display().to_string()
    }

    /// The text that it is to have; `None` where it is to be removed.
    #[must_use]
    pub(crate) fn new_text(&self) -> Option<&str> {
        match self {
            Self::Differs { new, .. } => Some(new),
            Self::Leftover { .. } => None,
        }
    }

    /// What becomes of the file, in a word.
    #[must_use]
    pub(crate) fn verb(&self) -> &'static str {
        match self {
            Self::Differs { old: None, .. } => "created",
            Self::Differs { .. } => "changed",
            Self::Leftover { .. } => "removed",
        }
    }

    /// What has to change, as a unified diff.
    #[must_use]
    pub(crate) fn diff(&self) -> String {
        let path = &self.shown();
        let (old, new) = match self {
            Self::Differs { old: Some(old), new, .. } => (old.as_str(), new.as_str()),
            Self::Differs { old: None, new, .. } => {
                let added: String = new.lines().map(|line| format!("+{line}\n")).collect();
                return format!("--- /dev/null\n+++ {path}\n@@ -0,0 +1,{} @@\n{added}", new.lines().count());
            }
            Self::Leftover { .. } => return format!("--- {path}\n+++ /dev/null\n"),
        };
        let diff = similar::TextDiff::from_lines(old, new);
        diff.unified_diff().header(path, path).to_string()
    }
}

/// Every file below `folder` that isn't as it should be; reads and changes nothing else.
///
/// # Errors
/// A file that can't be read, or TOML that wouldn't be.
pub(crate) fn stale(files: &[File], folder: &Path) -> Result<Vec<Stale>, Problems> {
    let mut stale = Vec::new();
    for file in files {
        if let Some(reason) = toml_fault(file) {
            let message = format!("what would be written is not what it should be: {reason}");
            let help = "mend the file by hand, if it is yours; else report it with the fragments";
            let place = Place::file(place(folder, &file.path).display().to_string());
            return Err(Diagnostic::error(Id::Syntax, message, help).at(place).into());
        }
        let path = place(folder, &file.path);
        let old = match file::bytes(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failure(&path, "can't be read", &error)),
        };
        if old.as_deref() != Some(&file.text) {
            stale.push(Stale::Differs { path, old, new: file.text.clone() });
        }
    }
    stale.extend(leftovers(files, folder)?.into_iter().map(|path| Stale::Leftover { path }));
    Ok(stale)
}

/// What is wrong with a text of TOML: it is made of texts, so that it is read once before anyone else does. Of the generated
/// folder it lists crates and nothing else.
fn toml_fault(file: &File) -> Option<String> {
    if !file.path.ends_with(".toml") {
        return None;
    }
    match file.text.parse::<DocumentMut>() {
        Err(error) => Some(format!("not valid TOML: {}", error.message().trim().replace('\n', ", "))),
        Ok(document) if file.path.starts_with(&format!("{GENERATED}/")) => {
            let other = document.iter().map(|(key, _)| key).find(|key| *key != "dependencies")?;
            Some(format!("`{}` stands beside the crates", other.escape_debug()))
        }
        Ok(_) => None,
    }
}

/// Files in the generated folder that no run makes any more: those whose first line is our header. Where `files` has none
/// in that folder, it is nothing to this command.
fn leftovers(files: &[File], folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    if !files.iter().any(|file| file.path.starts_with(&format!("{GENERATED}/"))) {
        return Ok(Vec::new());
    }
    let expected: BTreeSet<PathBuf> = files.iter().map(|file| place(folder, &file.path)).collect();
    let folder = folder.join(GENERATED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failure(&folder, "can't be read", &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failure(&folder, "can't be read", &error))?.path();
        if !expected.contains(&path) && path.is_file() && is_signed(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the first line of a file is that of our header.
fn is_signed(path: &Path) -> bool {
    let mut head = Vec::new();
    let longest = u64::try_from(SIGNATURE.len().saturating_add(100)).unwrap_or(u64::MAX);
    let read = fs::File::open(path).and_then(|file| file.take(longest).read_to_end(&mut head));
    let line = ["// ", "# "].map(|begin| format!("{begin}{SIGNATURE}: do not edit."));
    read.is_ok() && line.iter().any(|line| head.starts_with(line.as_bytes()))
}

fn failure(path: &Path, what: &str, error: &io::Error) -> Problems {
    let help = "check the path, its permissions and the space on the disk, and run it again";
    Diagnostic::error(Id::Io, format!("{what}: {error}"), help).at(Place::file(path.display().to_string())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_that_would_not_be_or_holds_more_than_crates_is_not_written() {
        let below = "src/generated/dependencies.toml";
        for (path, text, fault) in [
            (below, "# c\n[dependencies]\na = \"1\"\n", None),
            (below, "[dependencies]\na = \"1\"\n[patch.x]\n", Some("`patch` stands beside the crates")),
            ("Cargo.toml", "[package]\nname = \"a\"\n", None),
            ("sources.toml", "a = 1\na = 2\n", Some("not valid TOML: duplicate key")),
            ("a.json", "no TOML", None),
        ] {
            let file = File { path: path.to_owned(), text: text.to_owned() };
            assert_eq!(toml_fault(&file).as_deref(), fault, "{text}");
        }
    }
}
