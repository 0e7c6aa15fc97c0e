//! `cargo xtask merge`.

use std::path::{Path, PathBuf};

use clap::Args;
use xtask_client::File;
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments;

use crate::arguments::Openapi;
use crate::output;
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
    let (document, warnings) = xtask_client::merged(&fragments::read(&arguments.openapi.openapi)?)?;
    terminal.warnings(&warnings)?;
    match &arguments.output {
        Some(file) => {
            let folder = file.parent().unwrap_or(Path::new(""));
            let path = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            output::write(&output::stale(&[File { path, text: document }], folder)?)?;
        }
        None => terminal.result(&document)?,
    }
    Ok(Outcome::Done)
}
