//! What an import prints of itself.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::Import;

/// What became of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It wasn't there.
    Added,
    /// It was there, and not the same.
    Changed,
    /// It was there as it is.
    Unchanged,
}

impl Change {
    pub(super) fn of(old: Option<&str>, new: &str) -> Self {
        match old {
            None => Self::Added,
            Some(old) if old == new => Self::Unchanged,
            Some(_) => Self::Changed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// One fragment of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name of its file.
    pub name: String,
    /// What became of it.
    pub change: Change,
    /// Its operations, such as `GET /v1/im/{id}/info`.
    pub operations: Vec<String>,
    /// The `info.version` of the fragment it takes the place of.
    pub old: Option<String>,
    /// Its own `info.version`.
    pub new: Option<String>,
}

/// So many operations of a fragment are named; a vendor's whole API in one file would bury the rest.
const NAMED: usize = 3;

impl Entry {
    fn operations(&self) -> String {
        let named: Vec<&str> = self.operations.iter().take(NAMED).map(String::as_str).collect();
        let more = self.operations.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        if named.is_empty() { "no operation".to_owned() } else { format!("{}{more}", named.join(", ")) }
    }

    fn version(&self) -> String {
        let shown = |version: &Option<String>| version.clone().unwrap_or_else(|| "no version".to_owned());
        if self.change == Change::Added || self.old == self.new {
            shown(&self.new)
        } else {
            format!("{} → {}", shown(&self.old), shown(&self.new))
        }
    }
}

/// Files of a folder that were passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PassedOver {
    /// Pages without an endpoint.
    pub prose: Vec<String>,
    /// What is neither a page nor a fragment, by its name.
    pub files: Vec<String>,
}

/// So many files that were passed over are named.
const PASSED_OVER: usize = 20;

impl PassedOver {
    fn print(&self, to: &mut dyn Write) -> io::Result<()> {
        let dim = Style::new().dimmed();
        for (paths, why) in
            [(&self.prose, "no endpoint on this page"), (&self.files, "neither a page nor a fragment, by its name")]
        {
            for path in paths.iter().take(PASSED_OVER) {
                writeln!(to, "{dim}{:>9}{dim:#} {}  {dim}{why}{dim:#}", "passed", printable(path))?;
            }
            let more = paths.len().saturating_sub(PASSED_OVER);
            if more > 0 {
                writeln!(to, "{dim}{:>9}{dim:#} {more} more  {dim}{why}{dim:#}", "passed")?;
            }
        }
        Ok(())
    }
}

impl Import {
    /// The operations of the fragments that weren't there: they are new to the set, whatever pods have had them.
    pub(crate) fn added(&self) -> BTreeSet<String> {
        let added = self.entries.iter().filter(|entry| entry.change == Change::Added);
        added.flat_map(|entry| entry.operations.iter().cloned()).collect()
    }

    /// Prints the summary; `outcome` says what became of the files. Colours are for a terminal; elsewhere `to` takes
    /// them out.
    ///
    /// # Errors
    /// `to` can't be written.
    pub(crate) fn print(&self, to: &mut dyn Write, outcome: &str) -> io::Result<()> {
        let bold = Style::new().bold();
        let dim = Style::new().dimmed();
        let green = Style::new().fg_color(Some(AnsiColor::Green.into())).bold();
        for entry in &self.entries {
            let style = if entry.change == Change::Unchanged { dim } else { green };
            let (name, operations, version) =
                [entry.name.clone(), entry.operations(), entry.version()].map(|text| printable(&text)).into();
            writeln!(to, "{style}{:>9}{style:#} {name}  {dim}{operations}  {version}{dim:#}", entry.change.name())?;
        }
        self.passed_over.print(to)?;
        let count = |change: Change| {
            let number = self.entries.iter().filter(|entry| entry.change == change).count();
            format!("{number} {}", change.name())
        };
        let counts = [Change::Added, Change::Changed, Change::Unchanged].map(count).join(", ");
        let what = if self.entries.len() == 1 { "fragment" } else { "fragments" };
        writeln!(to, "{bold}{:>9}{bold:#} {what}  {dim}{counts}; {outcome}{dim:#}", self.entries.len())
    }
}

/// A text from outside without what a terminal would act on.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
