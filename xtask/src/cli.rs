//! The command line: what there is, and which file does it. The contract is in the help texts below.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use xtask_client::apart;
use xtask_spec::diagnostic;

use crate::output::{Disk, RealDisk};
use crate::screen::{self, Screen};
use crate::terminal::{Outcome, Terminal};
use crate::{bump, completions, diff, explain, generate, generator, import, merge};

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 a verdict (something is stale, a change breaks clients); 2 bad input, bad usage, or a file that can't be \
read or written. Messages and summaries go to stderr, results to stdout.";

/// Makes the crate pod-api of the fragments in openapi/.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Arguments),
    Merge(merge::Arguments),
    Import(import::Arguments),
    Diff(diff::Arguments),
    Bump(bump::Arguments),
    Explain(explain::Arguments),
    Completions(completions::Arguments),
    #[command(hide = true)]
    Generator(generator::Arguments),
}

/// The program: `args` as the operating system gives them, its name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // What can't find itself generates in this process.
    if let Ok(program) = std::env::current_exe() {
        apart::run_by(program);
    }
    // These take the colours out where there is no terminal, or `NO_COLOR` is set.
    let (mut out, mut err) = (anstream::stdout().lock(), Screen::stderr(anstream::stderr()));
    let outcome = run_at(screen::columns(), &RealDisk, args, &mut out, &mut err);
    outcome.into()
}

/// Parses the command line and dispatches.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
    run_on(&RealDisk, args, out, err)
}

/// The same on a disk that the caller gives, such as one that fails.
pub fn run_on(
    disk: &dyn Disk,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    run_at(None, disk, args, out, err)
}

/// The same on a terminal of so many columns.
fn run_at(
    columns: Option<usize>,
    disk: &dyn Disk,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Outcome {
    let command = match CommandLine::try_parse_from(args) {
        Ok(CommandLine { command }) => command,
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
    let terminal = &mut Terminal { out, err, columns, disk };
    let outcome = match command {
        Command::Generate(arguments) => generate::run(&arguments, terminal),
        Command::Merge(arguments) => merge::run(&arguments, terminal),
        Command::Import(arguments) => import::run(&arguments, terminal),
        Command::Diff(arguments) => diff::run(&arguments, terminal),
        Command::Bump(arguments) => bump::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, CommandLine::command(), terminal),
        Command::Generator(arguments) => generator::run(&arguments, terminal),
    };
    match outcome {
        Ok(outcome) => outcome,
        Err(problems) => {
            // Where even stderr is gone, the exit code has to do.
            let _ = terminal.message(&diagnostic::report(problems.diagnostics()));
            Outcome::Failure
        }
    }
}
