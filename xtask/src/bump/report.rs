//! What a bump says of itself: a Markdown report for the pull request, and a summary for the terminal.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;

use super::{Bump, Findings};
use crate::arguments::Format;
use crate::lock::{self, Behind};
use xtask_diff as diff;

impl Bump {
    /// The report in a form.
    pub(crate) fn shown(&self, format: Format) -> String {
        match format {
            Format::Markdown => self.markdown(),
            other => other.of(&self.report),
        }
    }

    /// Writes the report to a file among what cargo builds, where it is longer than a pull request takes. That it can't be
    /// written costs nobody the report.
    pub(crate) fn whole(&self, out: &Path) -> Option<PathBuf> {
        let whole = diff::markdown_whole(&self.report);
        if whole == diff::markdown(&self.report) {
            return None;
        }
        let place = lock::workspace(out).join("target").join("bump.md");
        fs::create_dir_all(place.parent()?).and_then(|()| fs::write(&place, whole)).ok()?;
        Some(place)
    }

    /// The report as Markdown, for the review of the change.
    #[must_use]
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from("# Bump of the specification\n\n");
        // Writing to a String can't fail.
        if let Some(versions) = &self.versions {
            let _ = writeln!(text, "`{}` {} → {}\n", versions.package, versions.old, versions.new);
        } else if self.is_nothing() {
            text.push_str("Everything is as it is published: nothing changes.\n\n");
        }
        text.push_str(&diff::markdown(&self.report));
        let rules = self.import.moved.iter().map(|moved| moved.diagnostic().message);
        section(&mut text, "Rules to look at again", rules);
        let lapsed = self.lapsed.iter().map(|lapsed| lapsed.message.clone());
        section(&mut text, "Actions of the overlay without effect, taken out", lapsed);
        let files = self.files().map(|(verb, path)| format!("{verb} `{path}`"));
        section(&mut text, "Files", files);
        text
    }

    /// What becomes of each file, and its path.
    fn files(&self) -> impl Iterator<Item = (&'static str, String)> {
        let stale = self.stale.iter().map(|stale| (stale.verb(), stale.shown()));
        stale.chain(self.lock.iter().map(|lock| ("changed", Behind::path(lock).to_owned())))
    }

    /// Prints the summary; `outcome` says what became of the files. Colours are for a terminal; elsewhere `to` takes
    /// them out.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print(&self, to: &mut dyn Write, outcome: &str) -> io::Result<()> {
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        self.import.print(to, outcome)?;
        if let Some(versions) = &self.versions {
            let (package, old, new) = (&versions.package, &versions.old, &versions.new);
            writeln!(to, "{bold}{:>9}{bold:#} {package} {dim}{old} →{dim:#} {new}", "version")?;
        }
        for lapsed in &self.lapsed {
            writeln!(to, "{bold}{:>9}{bold:#} {}: taken out of the overlay", "overlay", lapsed.message)?;
        }
        for (verb, path) in self.files() {
            writeln!(to, "{bold}{verb:>9}{bold:#} {path}")?;
        }
        self.watch.print(to)
    }
}

impl Findings {
    /// Prints what there is to work through.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print(&self, to: &mut dyn Write) -> io::Result<()> {
        for line in self.errors.iter().chain(&self.warnings) {
            writeln!(to, "{line}")?;
        }
        match (self.errors.len(), self.warnings.len()) {
            (0, 0) => writeln!(to, "    check the workspace fits the new client"),
            (0, warnings) => writeln!(to, "    check the workspace compiles; warnings to look at: {warnings}"),
            (errors, _) => {
                let (places, fixed) = if errors == 1 {
                    ("place in hand-written code no longer fits", "this is")
                } else {
                    ("places in hand-written code no longer fit", "these are")
                };
                writeln!(to, "    check at least {errors} {places} the new client: more may show once {fixed} fixed")?;
                writeln!(to, "  help: work through the lines above, and run `cargo check --workspace --all-targets`")
            }
        }
    }
}

/// As many lines of a list are shown: the report is pasted where there is an end to what is taken.
const LINES: usize = 40;

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        let _ = write!(text, "\n## {title}\n\n");
    }
    for line in lines.iter().take(LINES) {
        let _ = writeln!(text, "- {line}");
    }
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        let _ = writeln!(text, "- and {more} more");
    }
}
