//! What every command shares: how it ends, and where it writes.

use std::io::{self, Write};
use std::process::ExitCode;

use xtask_spec::diagnostic::{self, Diagnostic, Id, Place, Problems};

use crate::output::Disk;
use crate::screen;

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

/// Where a command writes. The first two take colours; what isn't a terminal is given none.
pub struct Terminal<'a> {
    /// For results: a document, a report.
    pub out: &'a mut dyn Write,
    /// For messages and summaries.
    pub err: &'a mut dyn Write,
    /// How wide `out` is, if it is a terminal.
    pub columns: Option<usize>,
    /// For files.
    pub disk: &'a dyn Disk,
}

impl Terminal<'_> {
    /// Prints a result, whole.
    ///
    /// # Errors
    /// It can't be written.
    pub fn result(&mut self, text: &str) -> Result<(), Problems> {
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).map_err(unwritable)
    }

    /// Prints a result that is for people.
    ///
    /// # Errors
    /// It can't be written.
    pub fn text(&mut self, text: &str) -> Result<(), Problems> {
        match self.columns {
            Some(columns) => self.result(&screen::at_words(text, columns)),
            None => self.result(text),
        }
    }

    /// Prints a message.
    ///
    /// # Errors
    /// It can't be written.
    pub fn message(&mut self, text: &str) -> Result<(), Problems> {
        self.err.write_all(text.as_bytes()).map_err(unwritable)
    }

    /// Prints warnings.
    ///
    /// # Errors
    /// They can't be written.
    pub fn warnings(&mut self, warnings: &[Diagnostic]) -> Result<(), Problems> {
        self.message(&diagnostic::report(warnings))
    }
}

/// The output of a command is gone.
pub fn unwritable(error: io::Error) -> Problems {
    let help = "see where the output of this command goes";
    Diagnostic::error(Id::Io, format!("can't be written: {error}"), help).at(Place::file("output")).into()
}
