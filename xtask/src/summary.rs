//! What a run prints of itself.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use serde_json::Value;
use xtask_client::Generation;
use xtask_spec::fragments::Fragments;
use xtask_spec::grammar;

/// Measures the stages of a run, one after the other.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts now.
    #[must_use]
    pub(crate) fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// The stage `name` ends here.
    pub(crate) fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps.push((name, now.duration_since(self.last)));
        self.last = now;
    }

    /// Prints the whole time and that of each stage.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print(&self, to: &mut dyn Write) -> io::Result<()> {
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        let total: Duration = self.laps.iter().map(|(_, time)| *time).sum();
        let laps: Vec<String> =
            self.laps.iter().map(|(name, time)| format!("{name} {}", milliseconds(*time))).collect();
        writeln!(to, "{bold}{:>8}{bold:#} {dim}{}{dim:#}", milliseconds(total), laps.join(" · "))
    }
}

/// What a run of `generate` read and made.
#[derive(Debug)]
pub(crate) struct Facts {
    fragments: usize,
    operations: usize,
    schemas: usize,
    files: usize,
    lines: usize,
    /// The version of the specification.
    version: String,
}

impl Facts {
    /// Counts.
    #[must_use]
    pub(crate) fn new(fragments: &Fragments, generation: &Generation) -> Self {
        let Generation { document, files, .. } = generation;
        Self {
            fragments: fragments.iter().len(),
            operations: grammar::operations(document).count(),
            schemas: document.pointer("/components/schemas").and_then(Value::as_object).map_or(0, serde_json::Map::len),
            files: files.len(),
            lines: files.iter().map(|file| file.text.lines().count()).sum(),
            version: document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned(),
        }
    }

    /// Prints them; `outcome` says what became of the files.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print(&self, to: &mut dyn Write, outcome: &str) -> io::Result<()> {
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        for (count, what, more) in [
            (self.fragments, "fragments", format!("spec version {}", self.version)),
            (self.operations, "operations", String::new()),
            (self.schemas, "schemas", String::new()),
            (self.files, "files", format!("{} lines, {outcome}", self.lines)),
        ] {
            let what = if more.is_empty() { what.to_owned() } else { format!("{what:<10} {dim}{more}{dim:#}") };
            writeln!(to, "{bold}{count:>8}{bold:#} {what}")?;
        }
        Ok(())
    }

    /// Prints what became of a file.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print_file(&self, to: &mut dyn Write, verb: &str, path: &str) -> io::Result<()> {
        let green = Style::new().fg_color(Some(AnsiColor::Green.into())).bold();
        writeln!(to, "{green}{verb:>8}{green:#} {path}")
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}ms", time.as_secs_f64() * 1000.0)
}
