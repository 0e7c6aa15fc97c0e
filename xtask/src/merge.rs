//! `cargo xtask merge`.

use std::path::PathBuf;

use clap::Args;
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments;

use crate::arguments::Openapi;
use crate::begin::begin;
use crate::output::{self, Turn, Use};
use crate::terminal::{Outcome, Terminal};

/// Prints the merged document, lowered to OpenAPI 3.0.3
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo xtask merge -o merged.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    openapi: Openapi,
    /// Writes it to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Every problem of the first stage that has any, or a file that can't be written.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let openapi = arguments.openapi.openapi.as_path();
    let _turn = begin(openapi, Use::Reads, None, false, terminal)?;
    let (document, warnings) = xtask_client::merged(&fragments::read(openapi)?)?;
    terminal.warnings(&warnings)?;
    match &arguments.output {
        Some(file) => {
            let _turn = Turn::take(&[(file, Use::Writes)], terminal.err)?;
            output::write_one(terminal.disk, file, &document)?;
        }
        None => terminal.result(&document)?,
    }
    Ok(Outcome::Done)
}
