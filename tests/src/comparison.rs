//! Two sides compared, in memory or as a maintainer does it.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde_json::Value;
use xtask::cli;
use xtask::diagnostic::{self, Problems};
use xtask::diff::model::{Change, Report};
use xtask::diff::{self, Side};
use xtask::read::Fragments;
use xtask::source::{Source, Syntax};

use crate::mutations::{self, Documents};
use crate::workspace::Run;

/// A document as one side of a comparison; `name` is that of its file.
///
/// # Errors
/// What the pipeline finds wrong with it.
pub fn side(name: &str, document: &Value) -> Result<Side, Problems> {
    let source = Source::new(name, name, format!("{document:#}\n"), Syntax::Json);
    Side::of(name, Fragments::parse(vec![source], name)?)
}

/// What differs between two documents, the client left aside.
///
/// # Errors
/// What the pipeline finds wrong with them.
pub fn of_documents(old: &Value, new: &Value) -> Result<Report, String> {
    let side = |name, document| side(name, document).map_err(said);
    Ok(diff::compare_documents(&side("old.json", old)?, &side("new.json", new)?))
}

/// What differs between two sets of fragments, the client left aside.
///
/// # Errors
/// What the pipeline finds wrong with them.
pub fn of_fragments(old: &Documents, new: &Documents) -> Result<Report, String> {
    let side = |name, documents| -> Result<Side, Problems> { Side::of(name, mutations::fragments(documents)?) };
    Ok(diff::compare_documents(&side("old", old).map_err(said)?, &side("new", new).map_err(said)?))
}

fn said(problems: Problems) -> String {
    diagnostic::report(problems.diagnostics())
}

/// A change in one line: what becomes of clients in use, and of newer ones on older pods, then which change it is.
#[must_use]
pub fn line(change: &Change) -> String {
    let (forward, reverse) = (change.forward().outcome, change.reverse().outcome);
    let direction = change.direction.id().map(|direction| format!("{direction} ")).unwrap_or_default();
    let location = if change.location.is_empty() { String::new() } else { format!(", {}", change.location) };
    format!("{forward} / {reverse}: {direction}{} ({}{location})", change.kind(), change.subject)
}

/// The changes in lines.
#[must_use]
pub fn lines(report: &Report) -> Vec<String> {
    report.changes.iter().map(line).collect()
}

/// Files in a folder of their own, to be compared.
#[derive(Debug)]
pub struct Shelf(tempfile::TempDir);

impl Shelf {
    /// An empty one.
    ///
    /// # Errors
    /// The disk.
    pub fn new() -> io::Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    /// With two sets of fragments, in the folders `old` and `new`.
    ///
    /// # Errors
    /// The disk.
    pub fn with(old: &Documents, new: &Documents) -> io::Result<Self> {
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
    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// Writes a file, with the folders that it needs.
    ///
    /// # Errors
    /// The disk.
    pub fn write(&self, below: &str, text: &str) -> io::Result<()> {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap_or(self.0.path()))?;
        fs::write(path, text)
    }

    /// Runs `cargo xtask diff` on two paths below it.
    #[must_use]
    pub fn diff(&self, old: &str, new: &str, arguments: &[&str]) -> Run {
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
