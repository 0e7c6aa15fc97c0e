//! A new version of the specification: **bump**, which is import, diff, generate, and what a release needs besides.
//!
//! Everything is made in memory: the new fragments, the report of what differs, the client, its version, the manifests
//! that name it, the lock, the changelog. Only where all of that worked is anything written.

mod changelog;
mod check;
mod fragments;
mod lapsed;
mod release;
mod report;
mod version;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::diagnostic::{Diagnostic, Level, Problems};
use crate::diff::model::{Report, RustReport};
use crate::diff::rust::GeneratedCode;
use crate::diff::{self, Side};
use crate::generate;
use crate::import::{self, Import};
use crate::lock::{self, Behind, MANIFEST};
use crate::output::{self, File, Files, Stale};
use crate::read;
use crate::summary::Stopwatch;
use release::Release;

pub use check::{Findings, check};
pub use lapsed::Lapsed;
pub use version::Versions;

/// Everything that a bump changes, with what there is to say of it.
#[derive(Debug)]
pub struct Bump {
    /// What became of the fragments.
    pub import: Import,
    /// What differs between the old specification and the new one, and between the two clients.
    pub report: Report,
    /// Actions of the overlay that have no effect on the new fragments; they are taken out of it.
    pub lapsed: Vec<Lapsed>,
    /// The client's version, where it is a package and changes.
    pub versions: Option<Versions>,
    /// What has to be written, by [`output::write`].
    pub stale: Vec<Stale>,
    /// `Cargo.lock`, where it has to follow.
    pub lock: Option<Behind>,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    watch: Stopwatch,
}

impl Bump {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.count() == 0
    }

    /// How many files change.
    #[must_use]
    pub fn count(&self) -> usize {
        self.stale.len().saturating_add(self.lock.iter().len())
    }
}

/// Finds what it takes to bring the fragments in `openapi` and the client in `out` to what `sources` publish; writes
/// nothing.
///
/// # Errors
/// Every problem of the first step that has any.
pub fn bump(sources: &[PathBuf], openapi: &Path, out: &Path) -> Result<Bump, Problems> {
    let mut watch = Stopwatch::start();
    let import = of_one_version(import::import(sources, openapi)?)?;
    watch.lap("import");
    let old = Side::of(openapi.display().to_string(), read::read(openapi)?)?;
    let after = fragments::after(openapi, &import.stale)?;
    let (new, lapsed, overlay) = lapsed::taken_out(after, openapi)?;
    watch.lap("merge");
    let mut generation = generate::generate_from(&new)?;
    watch.lap("generate");
    let published: Vec<String> = sources.iter().map(|source| source.display().to_string()).collect();
    let new = Side::of(published.join(", "), new)?;
    let report = compared(&old, &new, &generation.files, out)?;
    watch.lap("diff");

    let changed = !output::stale(&generation.files, out)?.is_empty();
    let (mut versions, mut lock) = (None, None);
    if let Some(release) = Release::read(out)? {
        versions = release.versions(&report, changed)?;
        let files = release.files(&generation.files, versions.as_ref(), &report)?;
        if let Some(manifest) = files.iter().find(|file| file.path == MANIFEST) {
            lock = lock::behind(out, &manifest.text)?;
        }
        generation.files.0.extend(files);
    }
    let mut stale = import.stale.clone();
    stale.extend(overlay);
    stale.extend(output::stale(&generation.files, out)?);
    watch.lap("release");
    let warnings = Problems::check([import.warnings.clone(), generation.warnings].concat())?;
    Ok(Bump { import, report, lapsed, versions, stale, lock, warnings, watch })
}

/// A part of a version is no version: no client can be made of fragments of two.
fn of_one_version(mut import: Import) -> Result<Import, Problems> {
    for diagnostic in &mut import.warnings {
        if diagnostic.id == "laggard" {
            diagnostic.level = Level::Error;
            "a bump takes a version as a whole: give the pages of these fragments as well; one that the vendor has \
             withdrawn is removed by hand"
                .clone_into(&mut diagnostic.help);
        }
    }
    import.warnings = Problems::check(import.warnings)?;
    Ok(import)
}

/// What differs between the specifications, and between the client that is on the disk and the new one: a polish that
/// changed since then changes the client too.
fn compared(old: &Side, new: &Side, files: &Files, out: &Path) -> Result<Report, Problems> {
    let report = diff::compare_documents(old, new);
    let on_disk = |file: &File| {
        let text = fs::read_to_string(output::place(out, &file.path)).ok()?;
        Some(File { path: file.path.clone(), text })
    };
    let before = Files(files.0.iter().filter_map(on_disk).collect());
    let rust = if before == *files {
        RustReport::nothing()
    } else {
        // Reading Rust is half of what a bump costs, and each side can have a core.
        let (before, after) = thread::scope(|scope| {
            let before = scope.spawn(|| if before.0.is_empty() { old.code() } else { GeneratedCode::of(&before) });
            let after = GeneratedCode::of(files);
            (before.join().unwrap_or_else(|_| Err(unreadable().into())), after)
        });
        RustReport::of(&before?, &after?)
    };
    Ok(Report { rust: Some(rust), ..report })
}

/// A fault of ours: whoever meets it should know that it isn't theirs.
fn unreadable() -> Diagnostic {
    let message = "the client that is on the disk can't be compared: reading it panicked";
    Diagnostic::error("generated-code", message, "report it with the client; nothing was written")
}
