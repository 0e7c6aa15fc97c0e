//! `cargo xtask diff`.

mod generator;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use xtask_diff::Side;
use xtask_diff::model::{Report, RustReport};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::{self, Fragments};

use crate::arguments::{Format, Openapi, Out};
use crate::output::{Staging, Turn, Use};
use crate::terminal::{Outcome, Terminal};
use crate::{code, import};

/// Shows what differs between two sets of fragments, and what that means for clients
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo xtask diff ../before/openapi openapi --fail-on breaking")]
pub(crate) struct Arguments {
    /// What clients in use were built from: a folder of fragments or pages, a document, a page, an https URL
    #[arg(value_name = "OLD", required_unless_present = "generator")]
    old: Option<PathBuf>,
    /// The new side; takes the same inputs
    #[arg(value_name = "NEW", required_unless_present = "generator")]
    new: Option<PathBuf>,
    /// Compares the client that there is with what today's generator makes of the same fragments
    #[arg(long, conflicts_with_all = ["old", "new"])]
    generator: bool,
    #[command(flatten)]
    openapi: Openapi,
    #[command(flatten)]
    out: Out,
    /// For a terminal, a pull request, machines, or the annotations of a workflow on GitHub
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Ends with exit code 1 if a client in use may break, or if anything differs at all
    #[arg(long, value_name = "VERDICT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Breaking,
    Any,
}

/// Runs the command.
///
/// # Errors
/// Every problem of both sides.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let report = match (&arguments.old, &arguments.new) {
        (Some(old), Some(new)) => of_sides(old, new, terminal)?,
        _ => generator::report(&arguments.openapi.openapi, &arguments.out.out, terminal)?,
    };
    arguments.format.print(&arguments.format.of(&report), terminal)?;
    let fails = match arguments.fail_on {
        Some(FailOn::Any) => !report.is_empty(),
        Some(FailOn::Breaking) => report.is_breaking(),
        None => false,
    };
    Ok(if fails { Outcome::Verdict } else { Outcome::Done })
}

fn of_sides(old: &Path, new: &Path, terminal: &mut Terminal) -> Result<Report, Problems> {
    let folders: Vec<(&Path, Use)> =
        [old, new].into_iter().filter(|side| side.is_dir()).map(|side| (side, Use::Reads)).collect();
    let _turn = Turn::take(&folders, terminal.err)?;
    for (folder, _) in folders {
        Staging::new(terminal.disk, folder, &[]).refuse_unfinished()?;
    }
    let (old, new, warnings) = read_sides(old, new)?;
    terminal.warnings(&warnings)?;
    let rust = RustReport::of(&code::of_fragments(old.fragments())?, &code::of_fragments(new.fragments())?);
    Ok(xtask_diff::compare_documents(&old, &new).with_rust(rust))
}

/// Reads both sides: folders of fragments, folders of pages, single documents or pages, `https` addresses.
///
/// A folder of fragments is taken as `generate` takes it, with its overlay. If the other side is something that can have
/// no overlay, a page or a single document, both are compared as they were published: corrections that only one side
/// can have would look like changes.
///
/// # Errors
/// Every problem of both sides.
fn read_sides(old: &Path, new: &Path) -> Result<(Side, Side, Vec<Diagnostic>), Problems> {
    let (old_read, new_read) = match (sources(old), sources(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => return Err(problems),
        (Err(old), Err(new)) => {
            return Err(Problems::from_errors([old.into_diagnostics(), new.into_diagnostics()].concat()));
        }
    };
    let mut warnings = Vec::new();
    let both = old_read.folder && new_read.folder;
    let mut side = |path: &Path, read: Sources| -> Result<Side, Problems> {
        let overlay = read.fragments.overlay().filter(|_| !both);
        if let Some(overlay) = overlay {
            let message = "this overlay is left out: the other side isn't a folder of fragments, and can't have one";
            let help =
                "put the other side into a folder of its own, with a copy of this overlay, to compare them corrected";
            let place = Place::file(overlay.source().path());
            warnings.push(Diagnostic::warning(Id::AsPublished, message, help).at(place));
        }
        let fragments = if both { read.fragments } else { read.fragments.without_overlay() };
        Side::of(path.display().to_string(), &fragments)
    };
    match (side(old, old_read), side(new, new_read)) {
        (Ok(old), Ok(new)) => {
            warnings.extend([old.warnings(), new.warnings()].concat());
            Ok((old, new, Problems::check(warnings)?))
        }
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
        (Err(old), Err(new)) => Err(Problems::from_errors([old.into_diagnostics(), new.into_diagnostics()].concat())),
    }
}

struct Sources {
    fragments: Fragments,
    /// Whether they lie in a folder as `generate` wants it.
    folder: bool,
}

fn sources(path: &Path) -> Result<Sources, Problems> {
    let folder = path.is_dir() && holds_fragments(path);
    let fragments = if folder { fragments::read(path)? } else { import::fragments(path)? };
    Ok(Sources { fragments, folder })
}

/// Whether a folder holds anything that `generate` would take. What can't be looked at is left for the reading to say.
fn holds_fragments(folder: &Path) -> bool {
    fragments::files(folder).is_ok_and(|files| files.iter().any(|(name, ..)| fragments::syntax_of(name).is_some()))
}
