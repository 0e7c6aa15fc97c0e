//! What a run prints of itself.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use crate::lock::Behind;
use crate::output::{Files, Stale};
use crate::read::Fragments;

/// Measures the stages of a run, one after the other.
#[derive(Debug)]
pub struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// The stage `name` ends here.
    pub fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps.push((name, now.duration_since(self.last)));
        self.last = now;
    }

    /// Prints the whole time and that of each stage.
    ///
    /// # Errors
    /// `to` can't be written.
    pub fn print(&self, to: &mut dyn Write) -> io::Result<()> {
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        let total: Duration = self.laps.iter().map(|(_, time)| *time).sum();
        let laps: Vec<String> =
            self.laps.iter().map(|(name, time)| format!("{name} {}", milliseconds(*time))).collect();
        writeln!(to, "{bold}{:>8}{bold:#} {dim}{}{dim:#}", milliseconds(total), laps.join(" · "))
    }
}

/// What a run counted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counts {
    fragments: usize,
    operations: usize,
    schemas: usize,
    files: usize,
    lines: usize,
    /// The version of the specification.
    version: String,
}

/// What was done, and how long it took.
#[derive(Debug)]
pub struct Facts {
    counts: Counts,
    watch: Stopwatch,
}

impl Facts {
    /// Counts what a run read and made.
    #[must_use]
    pub fn new(fragments: &Fragments, document: &Value, files: &Files, watch: Stopwatch) -> Self {
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = paths
            .flat_map(|(_, item)| item.as_object().into_iter().flatten())
            .filter(|(key, _)| crate::grammar::METHODS.contains(&key.as_str()))
            .count();
        let schemas =
            document.pointer("/components/schemas").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        let lines = files.0.iter().map(|file| file.text.lines().count()).sum();
        let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (fragments, files) = (fragments.iter().len(), files.0.len());
        Self { counts: Counts { fragments, operations, schemas, files, lines, version }, watch }
    }

    /// The last stage, the output, ends here.
    pub fn lap(&mut self, name: &'static str) {
        self.watch.lap(name);
    }

    /// Prints the summary; `outcome` says what became of the files. Colours are for a terminal: whoever isn't one
    /// takes them out.
    ///
    /// # Errors
    /// `to` can't be written.
    pub fn print(&self, to: &mut dyn Write, stale: &[Stale], lock: Option<&Behind>, outcome: &str) -> io::Result<()> {
        let bold = Style::new().bold();
        let dim = Style::new().dimmed();
        let green = Style::new().fg_color(Some(AnsiColor::Green.into())).bold();
        let Counts { fragments, operations, schemas, files, lines, version } = &self.counts;
        for (count, what, more) in [
            (fragments, "fragments", format!("spec version {version}")),
            (operations, "operations", String::new()),
            (schemas, "schemas", String::new()),
            (files, "files", format!("{lines} lines, {outcome}")),
        ] {
            let what = if more.is_empty() { what.to_owned() } else { format!("{what:<10} {dim}{more}{dim:#}") };
            writeln!(to, "{bold}{count:>8}{bold:#} {what}")?;
        }
        let files = stale.iter().map(|stale| (stale.verb(), stale.path()));
        for (verb, path) in files.chain(lock.map(|lock| ("changed", lock.path()))) {
            writeln!(to, "{green}{verb:>8}{green:#} {path}")?;
        }
        self.watch.print(to)
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}ms", time.as_secs_f64() * 1000.0)
}
