//! Stage **output**: what was generated meets what is on the disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use xtask_client::{File, GENERATED, SIGNATURE};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};

/// The beginning of the names of files that a run which was killed may have left behind.
const TEMPORARY: &str = ".xtask-";

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
        /// The file's path, as messages show it.
        path: String,
        /// What is on the disk now; `None` where there is nothing.
        old: Option<String>,
        /// What should be there.
        new: String,
    },
    /// It was generated once, or left behind by a run that was killed, and is of no use any more.
    Leftover {
        /// The file's path, as messages show it.
        path: String,
    },
}

impl Stale {
    /// The file's path, as messages show it.
    #[must_use]
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Differs { path, .. } | Self::Leftover { path } => path,
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
        let (path, old, new) = match self {
            Self::Differs { path, old: Some(old), new } => (path, old.as_str(), new.as_str()),
            Self::Differs { path, old: None, new } => {
                let added: String = new.lines().map(|line| format!("+{line}\n")).collect();
                return format!("--- /dev/null\n+++ {path}\n@@ -0,0 +1,{} @@\n{added}", new.lines().count());
            }
            Self::Leftover { path } => return format!("--- {path}\n+++ /dev/null\n"),
        };
        let diff = similar::TextDiff::from_lines(old, new);
        diff.unified_diff().header(path, path).to_string()
    }
}

/// Every file below `folder` that isn't as it should be; reads and changes nothing else.
///
/// # Errors
/// A file that can't be read.
pub(crate) fn stale(files: &[File], folder: &Path) -> Result<Vec<Stale>, Problems> {
    let mut stale = Vec::new();
    for file in files {
        let path = place(folder, &file.path);
        let old = match fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failure(&path, "can't be read", &error)),
        };
        if old.as_deref() != Some(&file.text) {
            stale.push(Stale::Differs { path: path.display().to_string(), old, new: file.text.clone() });
        }
    }
    for path in leftovers(files, folder)? {
        stale.push(Stale::Leftover { path: path.display().to_string() });
    }
    Ok(stale)
}

/// Brings the disk in step: each stale file is replaced whole, by a rename, and leftovers are removed. What is as it
/// should be stays untouched, its modification time included.
///
/// # Errors
/// A file or folder that can't be written. Files that were replaced before stay so: `--check` sees the rest, and
/// another run brings it in step.
pub(crate) fn write(stale: &[Stale]) -> Result<(), Problems> {
    let mut prepared = Vec::new();
    // All texts are on the disk before the first of them takes its place.
    for stale in stale {
        if let Stale::Differs { path, new, .. } = stale {
            let path = PathBuf::from(path);
            let temporary = prepare(&path, new).map_err(|error| failure(&path, "can't be written", &error))?;
            prepared.push((path, temporary));
        }
    }
    for (path, temporary) in prepared {
        temporary.persist(&path).map_err(|error| failure(&path, "can't be replaced", &error.error))?;
    }
    for stale in stale {
        if let Stale::Leftover { path } = stale {
            fs::remove_file(path).map_err(|error| failure(Path::new(path), "can't be removed", &error))?;
        }
    }
    Ok(())
}

/// The text in a temporary file beside `path`, as durable as the disk makes it.
fn prepare(path: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    // Of a file in the current folder, the parent is the empty path.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // tempfile's own default is a file that nobody else may read; the umask takes away what it should.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// Files in the generated folder (and temporary ones in the output folder) that no run makes any more.
fn leftovers(files: &[File], folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    let expected: BTreeSet<PathBuf> = files.iter().map(|file| place(folder, &file.path)).collect();
    let mut found = Vec::new();
    for (below, ours_alone) in [("", false), (GENERATED, true)] {
        let folder = folder.join(below);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failure(&folder, "can't be read", &error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| failure(&folder, "can't be read", &error))?.path();
            let temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY));
            let signed = || fs::read_to_string(&path).is_ok_and(|text| text.contains(SIGNATURE));
            if path.is_file() && !expected.contains(&path) && (temporary || (ours_alone && signed())) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn failure(path: &Path, what: &str, error: &io::Error) -> Problems {
    let help = "check the path, its permissions and the space on the disk, and run it again";
    Diagnostic::error(Id::Io, format!("{what}: {error}"), help).at(Place::file(path.display().to_string())).into()
}
