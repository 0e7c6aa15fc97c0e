//! The command line.
//!
//! ```text
//! cargo xtask generate [--openapi DIR] [--out DIR] [--check]
//! cargo xtask merge    [--openapi DIR] [-o FILE]
//! cargo xtask import   SOURCE... [--openapi DIR] [--dry-run]
//! cargo xtask diff     OLD NEW [--format text|markdown|json] [--fail-on breaking|any]
//! cargo xtask bump     SOURCE... [--openapi DIR] [--out DIR] [--dry-run]
//! ```
//!
//! Exit code 0: done; 1: a verdict (something is stale); 2: bad input, bad usage or a failure of I/O. Messages and
//! summaries go to stderr, results to stdout.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::bump;
use crate::diagnostic::{self, Diagnostic, Place, Problems};
use crate::diff;
use crate::generate;
use crate::import;
use crate::lock::Behind;
use crate::output::{self, File, Files, Stale};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1.
    Verdict,
    /// Exit code 2.
    Failure,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Verdict => 1,
            Outcome::Failure => 2,
        })
    }
}

/// The program: `args` as the operating system gives them, its name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // These take the colours out where there is no terminal, or `NO_COLOR` is set.
    run(args, &mut anstream::stdout().lock(), &mut anstream::stderr().lock()).into()
}

/// Parses the command line and dispatches.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    let matches = match command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => {
            let text = error.render().ansi().to_string();
            let (written, outcome) = if error.use_stderr() {
                (err.write_all(text.as_bytes()), Outcome::Failure)
            } else {
                (out.write_all(text.as_bytes()), Outcome::Done)
            };
            return if written.is_ok() { outcome } else { Outcome::Failure };
        }
    };
    let outcome = match matches.subcommand() {
        Some(("generate", matches)) => generate_command(matches, err),
        Some(("merge", matches)) => merge_command(matches, out, err),
        Some(("import", matches)) => import_command(matches, out, err),
        Some(("diff", matches)) => diff_command(matches, out, err),
        Some(("bump", matches)) => bump_command(matches, out, err),
        _ => Ok(Outcome::Failure),
    };
    match outcome {
        Ok(outcome) => outcome,
        Err(problems) => {
            // Where even stderr is gone, the exit code has to do.
            let _ = write!(err, "{}", diagnostic::report(problems.diagnostics()));
            Outcome::Failure
        }
    }
}

fn command() -> Command {
    let openapi = Arg::new("openapi")
        .long("openapi")
        .value_name("DIR")
        .value_parser(value_parser!(PathBuf))
        .default_value("openapi")
        .help("The folder of the fragments");
    let out = Arg::new("out")
        .long("out")
        .value_name("DIR")
        .value_parser(value_parser!(PathBuf))
        .default_value("pod-api")
        .help("The folder that openapi.json and src/generated/ are written to");
    Command::new("cargo xtask")
        .about("Makes the crate pod-api of the fragments in openapi/")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("generate").about("Generates the client").arg(openapi.clone()).arg(out.clone()).arg(
                Arg::new("check")
                    .long("check")
                    .action(ArgAction::SetTrue)
                    .help("Writes nothing; shows what is stale, and ends with exit code 1 if anything is"),
            ),
        )
        .subcommand(
            Command::new("merge")
                .about("Prints the merged document, lowered to OpenAPI 3.0.3")
                .arg(openapi.clone())
                .arg(
                    Arg::new("output")
                        .short('o')
                        .long("output")
                        .value_name("FILE")
                        .value_parser(value_parser!(PathBuf))
                        .help("Writes it to FILE instead of stdout"),
                ),
        )
        .subcommand(
            Command::new("import")
                .about("Takes fragments from published pages into the folder")
                .arg(sources())
                .arg(openapi.clone())
                .arg(
                    Arg::new("dry-run")
                        .long("dry-run")
                        .action(ArgAction::SetTrue)
                        .help("Writes nothing; prints what would change as a diff"),
                ),
        )
        .subcommand(diff_arguments())
        .subcommand(
            Command::new("bump")
                .about("Takes a new version of the specification: import, diff, generate, version, changelog")
                .arg(sources())
                .arg(openapi)
                .arg(out)
                .arg(
                    Arg::new("dry-run")
                        .long("dry-run")
                        .action(ArgAction::SetTrue)
                        .help("Writes nothing; prints the report as Markdown"),
                ),
        )
}

fn sources() -> Arg {
    Arg::new("source")
        .value_name("SOURCE")
        .value_parser(value_parser!(PathBuf))
        .num_args(1..)
        .required(true)
        .help("Pages (.md), fragments (.json, .yaml, .yml), folders of either, https URLs")
}

fn diff_arguments() -> Command {
    let side = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).value_name(value).value_parser(value_parser!(PathBuf)).required(true).help(help)
    };
    let choice = |name: &'static str, value: &'static str, choices: &'static [&'static str]| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::builder::PossibleValuesParser::new(choices))
    };
    Command::new("diff")
        .about("Shows what differs between two sets of fragments, and what that means for clients")
        .arg(side(
            "old",
            "OLD",
            "What clients in use were built from: a folder of fragments or pages, a document, a page, an https URL",
        ))
        .arg(side("new", "NEW", "What is to follow, likewise"))
        .arg(
            choice("format", "FORMAT", &["text", "markdown", "json"])
                .default_value("text")
                .help("For a terminal, a pull request, or machines"),
        )
        .arg(
            choice("fail-on", "VERDICT", &["breaking", "any"])
                .help("Ends with exit code 1 if a client in use may break, or if anything differs at all"),
        )
}

/// The value of an argument that has a default.
fn path<'a>(matches: &'a ArgMatches, name: &str) -> &'a Path {
    matches.get_one::<PathBuf>(name).map_or(Path::new("."), PathBuf::as_path)
}

fn generate_command(matches: &ArgMatches, err: &mut dyn Write) -> Result<Outcome, Problems> {
    let (openapi, out) = (path(matches, "openapi"), path(matches, "out"));
    let check = matches.get_flag("check");
    let mut generation = generate::generate(openapi, out)?;
    say(err, &generation.warnings)?;
    let stale = output::stale(&generation.files, out)?;
    let lock = generation.lock.as_ref();
    let count = stale.len().saturating_add(lock.iter().len());
    if check {
        generation.facts.lap("compare");
        for stale in &stale {
            write!(err, "{}", stale.diff()).map_err(unwritable)?;
        }
        let outcome = if count == 0 { "in step".to_owned() } else { format!("{count} stale") };
        generation.facts.print(err, &[], None, &outcome).map_err(unwritable)?;
        if count == 0 {
            return Ok(Outcome::Done);
        }
        for path in stale.iter().map(Stale::path).chain(lock.map(Behind::path)) {
            writeln!(err, "{path}: stale").map_err(unwritable)?;
        }
        let lacks = lock.map(Behind::lines).unwrap_or_default();
        writeln!(err, "{lacks}  help: run `cargo xtask generate` and commit what it changes").map_err(unwritable)?;
        return Ok(Outcome::Verdict);
    }
    output::write(&stale)?;
    generation.facts.lap("write");
    if let Some(lock) = lock {
        lock.update()?;
        generation.facts.lap("cargo");
    }
    let outcome = format!("{count} changed");
    generation.facts.print(err, &stale, lock, &outcome).map_err(unwritable)?;
    Ok(Outcome::Done)
}

fn merge_command(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Problems> {
    let (document, warnings) = generate::merged_document(path(matches, "openapi"))?;
    say(err, &warnings)?;
    match matches.get_one::<PathBuf>("output") {
        Some(file) => {
            let folder = file.parent().unwrap_or(Path::new(""));
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let files = Files(vec![File { path: name, text: document }]);
            output::write(&output::stale(&files, folder)?)?;
        }
        None => out.write_all(document.as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?,
    }
    Ok(Outcome::Done)
}

fn import_command(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Problems> {
    let sources: Vec<PathBuf> = matches.get_many("source").into_iter().flatten().cloned().collect();
    let import = import::import(&sources, path(matches, "openapi"))?;
    say(err, &import.warnings)?;
    let outcome = if matches.get_flag("dry-run") {
        for stale in &import.stale {
            write!(out, "{}", stale.diff()).map_err(unwritable)?;
        }
        out.flush().map_err(unwritable)?;
        "nothing written".to_owned()
    } else {
        output::write(&import.stale)?;
        format!("files written: {}", import.stale.len())
    };
    import.print(err, &outcome).map_err(unwritable)?;
    Ok(Outcome::Done)
}

fn diff_command(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Problems> {
    let chosen = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let (old, new, warnings) = diff::read_sides(path(matches, "old"), path(matches, "new"))?;
    say(err, &warnings)?;
    let report = diff::compare(&old, &new)?;
    let text = match chosen("format") {
        Some("json") => format!("{:#}\n", diff::json(&report)),
        Some("markdown") => diff::markdown(&report),
        _ => diff::text(&report),
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?;
    let fails = match chosen("fail-on") {
        Some("any") => !report.is_empty(),
        Some(_) => report.is_breaking(),
        None => false,
    };
    Ok(if fails { Outcome::Verdict } else { Outcome::Done })
}

fn bump_command(matches: &ArgMatches, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Problems> {
    let sources: Vec<PathBuf> = matches.get_many("source").into_iter().flatten().cloned().collect();
    let folder = path(matches, "out");
    let bump = bump::bump(&sources, path(matches, "openapi"), folder)?;
    say(err, &bump.warnings)?;
    if matches.get_flag("dry-run") {
        out.write_all(bump.markdown().as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?;
        bump.print(err, "nothing written").map_err(unwritable)?;
        return Ok(Outcome::Done);
    }
    if bump.is_nothing() {
        bump.print(err, "everything is as it is published: nothing to do").map_err(unwritable)?;
        return Ok(Outcome::Done);
    }
    output::write(&bump.stale)?;
    if let Some(lock) = &bump.lock {
        lock.update()?;
    }
    out.write_all(diff::text(&bump.report).as_bytes()).and_then(|()| out.flush()).map_err(unwritable)?;
    bump.print(err, &format!("files written: {}", bump.count())).map_err(unwritable)?;
    match bump::check(folder) {
        Ok(Some(findings)) => findings.print(err).map_err(unwritable)?,
        Ok(None) => {}
        Err(error) => {
            let message = format!("the workspace can't be checked: {error}");
            let help = "run `cargo check --workspace --all-targets` yourself: the bump itself is done";
            say(err, &[Diagnostic::warning("check", message, help)])?;
        }
    }
    Ok(Outcome::Done)
}

fn say(err: &mut dyn Write, warnings: &[Diagnostic]) -> Result<(), Problems> {
    write!(err, "{}", diagnostic::report(warnings)).map_err(unwritable)
}

fn unwritable(error: io::Error) -> Problems {
    let help = "see where the output of this command goes";
    Diagnostic::error("io", format!("can't be written: {error}"), help).at(Place::file("output")).into()
}
