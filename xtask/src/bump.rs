//! A new version of the specification: **bump**, which is import, diff, generate, and what a release needs besides.
//!
//! Everything is made in memory: the new fragments, the report of what differs, the client, its version, the manifests
//! that name it, the lock, the changelog. Only where all of that worked is anything written.

mod changelog;
mod check;
mod committed;
mod fragments;
mod lapsed;
mod release;
mod report;
mod uncommitted;
mod version;

use std::path::{Path, PathBuf};
use std::thread;

use clap::Args;

use crate::arguments::{Format, Openapi, Out};
use crate::begin::{begin, staging};
use crate::code;
use crate::import::ground::RuleMoved;
use crate::import::{self, Given, Import};
use crate::lock::{self, Behind, MANIFEST};
use crate::output::{self, Stale, Use};
use crate::summary::Stopwatch;
use crate::terminal::{Outcome, Terminal, unwritable};
use release::Release;
use xtask_client::File;
use xtask_diff::model::{Report, RustReport};
use xtask_diff::{self as diff, Side};
use xtask_spec::diagnostic::{Diagnostic, Id, Level, Problems};

use check::{Findings, check};
use committed::Committed;
pub(crate) use lapsed::Lapsed;
pub(crate) use version::Versions;

/// Takes a new version of the specification: import, diff, generate, version, changelog
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo xtask bump --dry-run ~/pages")]
pub(crate) struct Arguments {
    /// Pages (.md, .html), fragments (.json, .yaml, .yml), folders of either, https URLs
    #[arg(value_name = "SOURCE", required_unless_present = "withdrawn")]
    sources: Vec<PathBuf>,
    /// Takes fragments of an older version than those in the folder, too
    #[arg(long)]
    older: bool,
    /// A fragment that the vendor has withdrawn, by the name of its file; may be given several times
    #[arg(long, value_name = "FRAGMENT")]
    withdrawn: Vec<String>,
    #[command(flatten)]
    openapi: Openapi,
    #[command(flatten)]
    out: Out,
    /// Writes nothing; prints the report, as Markdown unless another format is given
    #[arg(long)]
    dry_run: bool,
    /// Doesn't check at the end whether the workspace fits the new client
    #[arg(long)]
    no_check: bool,
    /// For a terminal, a pull request, machines, or the annotations of a workflow on GitHub
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Runs the command.
///
/// # Errors
/// Every problem of the first step that has any, or a file that can't be written.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let (openapi, folder) = (arguments.openapi.openapi.as_path(), arguments.out.out.as_path());
    let _turn = begin(openapi, Use::Writes, Some(folder), arguments.dry_run, terminal)?;
    let given = Given { sources: &arguments.sources, withdrawn: &arguments.withdrawn, may_be_older: arguments.older };
    let bump = bump(&given, openapi, folder)?;
    terminal.warnings(&bump.warnings)?;
    if arguments.dry_run {
        let format = arguments.format.unwrap_or(Format::Markdown);
        format.print(&bump.shown(format), terminal)?;
        if format == Format::Markdown
            && let Some(place) = bump.whole(folder)
        {
            terminal.message(&format!("   report all of it is in {}\n", place.display()))?;
        }
        bump.print(terminal.err, "nothing written").map_err(unwritable)?;
        return Ok(Outcome::Done);
    }
    if bump.is_nothing() {
        bump.print(terminal.err, "everything is as it is published: nothing to do").map_err(unwritable)?;
        return Ok(Outcome::Done);
    }
    staging(terminal.disk, openapi, folder).write(&bump.stale)?;
    if let Some(lock) = &bump.lock {
        lock.update()?;
    }
    let format = arguments.format.unwrap_or(Format::Text);
    format.print(&bump.shown(format), terminal)?;
    bump.print(terminal.err, &format!("files written: {}", bump.count())).map_err(unwritable)?;
    if arguments.no_check {
        return Ok(Outcome::Done);
    }
    match check(folder, terminal.err) {
        Ok(Some(mut findings)) => {
            findings.explain(bump.report.rust.as_ref().map_or(&[], |rust| rust.changes.as_slice()));
            findings.print(terminal.err).map_err(unwritable)?;
        }
        Ok(None) => {}
        Err(error) => {
            let message = format!("the workspace can't be checked: {error}");
            let help = "run `cargo check --workspace --all-targets` yourself: the bump itself is done";
            terminal.warnings(&[Diagnostic::warning(Id::Check, message, help)])?;
        }
    }
    Ok(Outcome::Done)
}

/// Everything that a bump changes, with what there is to say of it.
#[derive(Debug)]
pub(crate) struct Bump {
    /// What became of the fragments.
    pub import: Import,
    /// What differs between the old specification and the new one, and between the two clients.
    pub report: Report,
    /// Actions of the overlay that have no effect on the new fragments; they are taken out of it.
    pub lapsed: Vec<Lapsed>,
    /// The client's version, where it is a package and changes.
    pub versions: Option<Versions>,
    /// What has to be written, by [`output::Staging`].
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
    pub(crate) fn is_nothing(&self) -> bool {
        self.count() == 0
    }

    /// How many files change.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.stale.len().saturating_add(self.lock.iter().len())
    }
}

/// Finds what it takes to bring the fragments in `openapi` and the client in `out` to what `sources` publish; writes
/// nothing. Fragments may only be older than those that they replace if they `may_be_older`.
///
/// # Errors
/// Every problem of the first step that has any.
pub(crate) fn bump(given: &Given<'_>, openapi: &Path, out: &Path) -> Result<Bump, Problems> {
    let mut watch = Stopwatch::start();
    let import = of_one_version(import::import(given, openapi)?)?;
    watch.lap("import");
    let committed = Committed::read(openapi, out)?;
    let after = fragments::after(openapi, &import.stale)?;
    let as_given = |problems| import.as_given(problems);
    let (new, lapsed, overlay) = lapsed::taken_out(after, openapi).map_err(as_given)?;
    watch.lap("merge");
    let mut generation = xtask_client::generate(&new, &mut |_| ()).map_err(as_given)?;
    watch.lap("generate");
    let published: Vec<String> = given.sources.iter().map(|source| source.display().to_string()).collect();
    let shown =
        if published.is_empty() { format!("without {}", given.withdrawn.join(", ")) } else { published.join(", ") };
    let mut new = Side::of(shown, &new)?;
    if let Some(document) = committed.counterpart(generation.document.clone()) {
        new = new.lowered(document);
    }
    let (before, edited) = committed.client(&generation.files, out)?;
    generation.warnings.extend(edited);
    let mut report = compared(&committed.side, &new, &before, &generation.files)?;
    report.taken_in(&import.added());
    report.said.clone_from(&import.said);
    report.grounds = import.moved.iter().map(RuleMoved::ground).collect();
    watch.lap("diff");

    let changed = !output::stale(&generation.files, out)?.is_empty();
    let (mut versions, mut lock) = (None, None);
    if let Some(release) = Release::read(out)? {
        versions = release.versions(&report, changed)?;
        let files = release.files(&generation.files, versions.as_ref(), &report)?;
        if let Some(manifest) = files.iter().find(|file| file.path == MANIFEST) {
            lock = lock::behind(out, &manifest.text)?;
        }
        generation.files.extend(files);
        report.next = versions.as_ref().map(|Versions { package, old, new }| format!("`{package}` {old} → {new}"));
    }
    let mut stale = import.stale.clone();
    stale.extend(overlay);
    stale.extend(output::stale(&generation.files, out)?);
    watch.lap("release");
    generation.warnings.extend(uncommitted::among(&stale, openapi));
    let warnings = Problems::check([import.warnings.clone(), generation.warnings].concat())?;
    Ok(Bump { import, report, lapsed, versions, stale, lock, warnings, watch })
}

/// A part of a version is no version: no client can be made of fragments of two.
fn of_one_version(mut import: Import) -> Result<Import, Problems> {
    for diagnostic in &mut import.warnings {
        if diagnostic.id == Id::OtherApi {
            diagnostic.level = Level::Error;
        }
        if diagnostic.id == Id::Laggard {
            diagnostic.level = Level::Error;
            "a bump takes a version as a whole: give the pages of these fragments as well; one that the vendor has \
             withdrawn is named by `--withdrawn`"
                .clone_into(&mut diagnostic.help);
        }
    }
    import.warnings = Problems::check(import.warnings)?;
    Ok(import)
}

/// What differs between the specifications, and between their clients.
fn compared(old: &Side, new: &Side, before: &[File], files: &[File]) -> Result<Report, Problems> {
    let report = diff::compare_documents(old, new);
    let rust = if before == files {
        RustReport::nothing()
    } else {
        // Reading Rust is half of what a bump costs, and each side can have a core.
        let (before, after) = thread::scope(|scope| {
            let before = scope.spawn(|| code::of_files(before));
            let after = code::of_files(files);
            (before.join().unwrap_or_else(|_| Err(unreadable().into())), after)
        });
        RustReport::of(&before?, &after?)
    };
    Ok(Report { rust: Some(rust), ..report })
}

/// A fault of ours, and the message says so.
fn unreadable() -> Diagnostic {
    let message = "the client that is on the disk can't be compared: reading it panicked";
    Diagnostic::error(Id::GeneratedCode, message, "report it with the client; nothing was written")
}
