//! Two sets of fragments in a folder, compared as a maintainer does it.

use std::fs;
use std::io;
use std::path::PathBuf;

use xtask::cli;
use xtask_fixtures::mutations::Documents;

use crate::workspace::Run;

/// Files in a folder of their own, to be compared.
#[derive(Debug)]
pub(crate) struct Shelf(tempfile::TempDir);

impl Shelf {
    /// An empty one.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    /// With two sets of fragments, in the folders `old` and `new`.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn with(old: &Documents, new: &Documents) -> io::Result<Self> {
        let shelf = Self::new()?;
        for (folder, documents) in [("old", old), ("new", new)] {
            for (name, document) in documents {
                shelf.write(&format!("{folder}/{name}"), &format!("{document:#}\n"))?;
            }
        }
        Ok(shelf)
    }

    /// A path on it.
    #[must_use]
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// Writes a file, with the folders that it needs.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn write(&self, below: &str, text: &str) -> io::Result<()> {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap_or(self.0.path()))?;
        fs::write(path, text)
    }

    /// Runs `cargo xtask diff` on two paths below it.
    #[must_use]
    pub(crate) fn diff(&self, old: &str, new: &str, arguments: &[&str]) -> Run {
        let paths = [old, new].map(|below| self.path(below).into_os_string());
        let arguments =
            ["xtask", "diff"].map(Into::into).into_iter().chain(paths).chain(arguments.iter().map(Into::into));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = cli::run(arguments, &mut out, &mut err);
        let prefix = format!("{}/", self.0.path().display());
        let text = |bytes: &[u8]| {
            anstream::adapter::strip_str(&String::from_utf8_lossy(bytes)).to_string().replace(&prefix, "")
        };
        Run { outcome, out: text(&out), err: text(&err) }
    }
}
