//! Arguments that several commands take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use xtask_diff::model::Report;
use xtask_spec::diagnostic::Problems;

use crate::terminal::Terminal;

/// The fragments.
#[derive(Args, Debug)]
pub(crate) struct Openapi {
    /// The folder of the fragments
    #[arg(long, value_name = "DIR", default_value = "openapi")]
    pub openapi: PathBuf,
}

/// The client.
#[derive(Args, Debug)]
pub(crate) struct Out {
    /// The folder that openapi.json and src/generated/ are written to
    #[arg(long, value_name = "DIR", default_value = "pod-api")]
    pub out: PathBuf,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Markdown,
    Json,
    Github,
}

impl Format {
    /// The report in this form.
    pub(crate) fn of(self, report: &Report) -> String {
        match self {
            Self::Text => xtask_diff::text(report),
            Self::Markdown => xtask_diff::markdown(report),
            Self::Json => format!("{:#}\n", xtask_diff::json(report)),
            Self::Github => xtask_diff::github(report),
        }
    }
}

impl Format {
    /// Prints a report that was made in this form.
    ///
    /// # Errors
    /// It can't be written.
    pub(crate) fn print(self, report: &str, terminal: &mut Terminal) -> Result<(), Problems> {
        if self == Self::Text { terminal.text(report) } else { terminal.result(report) }
    }
}

/// What the vendor publishes.
#[derive(Args, Debug)]
pub(crate) struct Sources {
    /// Pages (.md, .html), fragments (.json, .yaml, .yml), folders of either, https URLs
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<PathBuf>,
    /// Takes fragments of an older version than those in the folder, too
    #[arg(long)]
    pub older: bool,
}
