//! `cargo xtask generate`.

use std::path::Path;

use clap::Args;
use xtask_client::{File, Generation, dependencies};
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments;
use xtask_spec::source::file;

use crate::arguments::{Openapi, Out};
use crate::begin::{begin, staging};
use crate::lock::{self, Behind, MANIFEST};
use crate::output::{self, Stale, Use};
use crate::summary::{Facts, Stopwatch};
use crate::terminal::{Outcome, Terminal, unwritable};

/// Generates the client
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo xtask generate --check")]
pub(crate) struct Arguments {
    #[command(flatten)]
    openapi: Openapi,
    #[command(flatten)]
    out: Out,
    /// Writes nothing; shows what is stale, and ends with exit code 1 if anything is
    #[arg(long)]
    check: bool,
}

/// Runs the command.
///
/// # Errors
/// Every problem of the first stage that has any, or a file that can't be read or written.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let (openapi, out) = (arguments.openapi.openapi.as_path(), arguments.out.out.as_path());
    let _turn = begin(openapi, Use::Reads, Some(out), arguments.check, terminal)?;
    let mut watch = Stopwatch::start();
    let fragments = fragments::read(openapi)?;
    // Where there is no manifest, there is no block in it to keep in step.
    let manifest = file::text(&out.join(MANIFEST)).ok();
    watch.lap("read");
    let mut generation = xtask_client::generate(&fragments, &mut |stage| watch.lap(stage))?;
    let lock = with_manifest(&mut generation, manifest.as_deref(), out)?;
    if manifest.is_some() {
        watch.lap("lock");
    }
    terminal.warnings(&generation.warnings)?;
    let stale = output::stale(&generation.files, out)?;
    let facts = Facts::new(&fragments, &generation);
    let count = stale.len().saturating_add(lock.iter().len());
    if arguments.check {
        watch.lap("compare");
        return check(&stale, lock.as_ref(), &facts, &watch, terminal);
    }
    staging(terminal.disk, openapi, out).write(&stale)?;
    watch.lap("write");
    if let Some(lock) = &lock {
        lock.update()?;
        watch.lap("cargo");
    }
    facts.print(terminal.err, &format!("{count} changed")).map_err(unwritable)?;
    let files = stale.iter().map(|stale| (stale.verb(), stale.shown()));
    for (verb, path) in files.chain(lock.iter().map(|lock| ("changed", lock.path().to_owned()))) {
        facts.print_file(terminal.err, verb, &path).map_err(unwritable)?;
    }
    watch.print(terminal.err).map_err(unwritable)?;
    Ok(Outcome::Done)
}

/// Adds the manifest with its marked block in step; finds out whether its lock has to follow.
fn with_manifest(generation: &mut Generation, manifest: Option<&str>, out: &Path) -> Result<Option<Behind>, Problems> {
    let text = manifest.and_then(|text| dependencies::in_manifest(text, &generation.dependencies));
    let Some(text) = text else { return Ok(None) };
    let lock = lock::behind(out, &text)?;
    generation.files.push(File { path: MANIFEST.to_owned(), text });
    Ok(lock)
}

fn check(
    stale: &[Stale],
    lock: Option<&Behind>,
    facts: &Facts,
    watch: &Stopwatch,
    terminal: &mut Terminal,
) -> Result<Outcome, Problems> {
    for stale in stale {
        terminal.message(&stale.diff())?;
    }
    let paths: Vec<String> = stale.iter().map(Stale::shown).chain(lock.map(|lock| lock.path().to_owned())).collect();
    let outcome = if paths.is_empty() { "in step".to_owned() } else { format!("{} stale", paths.len()) };
    facts.print(terminal.err, &outcome).map_err(unwritable)?;
    watch.print(terminal.err).map_err(unwritable)?;
    if paths.is_empty() {
        return Ok(Outcome::Done);
    }
    for path in paths {
        terminal.message(&format!("{path}: stale\n"))?;
    }
    terminal.message(&lock.map(Behind::lines).unwrap_or_default())?;
    terminal.message("  help: run `cargo xtask generate` and commit what it changes\n")?;
    Ok(Outcome::Verdict)
}
