//! What the table of grounds says, and what there is for it to speak of.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;
use toml_edit::{Document, Item, TableLike, TomlError};

use super::{Footing, RuleMoved, value_digest};
use crate::import::{existing::Existing, lines, register};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments;
use xtask_spec::source::file;

/// One row of the table: a documented statement.
#[derive(Clone, Debug)]
struct Row {
    statement: String,
    rule: Option<String>,
    footings: Vec<(Footing, Place)>,
}

/// The table of grounds of a folder, the statements of its pages, and its fragments.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    rows: Vec<Row>,
    /// By the names of the fragments' files, without their extensions.
    statements: BTreeMap<String, Vec<String>>,
    documents: BTreeMap<String, Value>,
}

impl Ledger {
    /// That of a folder; one without `sources.toml` has an empty table.
    ///
    /// # Errors
    /// `sources.toml` can't be read, or isn't as it should be. A fragment that is broken counts as absent: that is for
    /// `generate` to say.
    pub fn read(openapi: &Path) -> Result<Self, Problems> {
        let path = openapi.join(register::NAME);
        let shown = path.display().to_string();
        let text = match file::bytes(&path) {
            Ok(bytes) => fragments::text_of(bytes, &shown)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let message = format!("can't be read: {error}");
                let diagnostic = Diagnostic::error(Id::Io, message, "check the path and its permissions");
                return Err(diagnostic.at(Place::file(shown)).into());
            }
        };
        let existing = Existing::read(openapi)?;
        Self::parse(&shown, &text, existing.documents())
    }

    /// That of a `sources.toml` with this text, and of these fragments by the names of their files.
    ///
    /// # Errors
    /// The text isn't as it should be.
    pub fn parse(
        shown: &str,
        text: &str,
        documents: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Self, Problems> {
        let mut reader = Reader { shown, text, diagnostics: Vec::new() };
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(error) => return Err(reader.syntax(&error).into()),
        };
        let statements = reader.statements(document.get("fragment"));
        let rows = reader.rows(document.get("ground"));
        Problems::check(reader.diagnostics)?;
        let documents = documents.into_iter().map(|(name, document)| (stem(&name).to_owned(), document)).collect();
        Ok(Self { rows, statements, documents })
    }

    /// The documented statements in the table, by their numbers, each with the code of the rule that rests on it.
    pub fn statements(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.rows.iter().map(|row| (row.statement.as_str(), row.rule.as_deref()))
    }

    /// What a statement rests on; nothing where it isn't in the table.
    pub fn footings(&self, statement: &str) -> impl Iterator<Item = &Footing> {
        let rows = self.rows.iter().filter(move |row| row.statement == statement);
        rows.flat_map(|row| &row.footings).map(|(footing, _)| footing)
    }

    /// What doesn't stand where the table says, in its order.
    #[must_use]
    pub fn moved(&self) -> Vec<RuleMoved> {
        let all =
            self.rows.iter().flat_map(|row| row.footings.iter().map(move |(footing, place)| (row, footing, place)));
        let moved = all.filter_map(|(row, footing, place)| {
            let now = match footing {
                Footing::Prose { page, digest } => {
                    // Whoever removes a page by hand leaves its entry behind, with all that it said.
                    let is_there = self.documents.contains_key(page);
                    if is_there && self.statements.get(page).is_some_and(|statements| statements.contains(digest)) {
                        return None;
                    }
                    None
                }
                Footing::Value { fragment, pointer, digest } => {
                    let value = self.documents.get(fragment).and_then(|document| document.pointer(pointer));
                    let now = value.map(value_digest);
                    if now.as_ref() == Some(digest) {
                        return None;
                    }
                    now
                }
            };
            let (statement, rule) = (row.statement.clone(), row.rule.clone());
            Some(RuleMoved { statement, rule, footing: footing.clone(), now, place: place.clone() })
        });
        moved.collect()
    }
}

/// A file's name without its extension: a fragment keeps it when YAML becomes JSON.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

struct Reader<'a> {
    shown: &'a str,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&self, span: Option<Range<usize>>) -> Place {
        match span {
            Some(span) => Place::of_bytes(self.shown, self.text, lines::position(self.text, span.start), span),
            None => Place::file(self.shown),
        }
    }

    fn syntax(&self, error: &TomlError) -> Diagnostic {
        let message = format!("not valid TOML: {}", error.message().trim().replace('\n', ", "));
        Diagnostic::error(Id::Syntax, message, "fix the file by hand").at(self.place(error.span()))
    }

    fn wrong(&mut self, span: Option<Range<usize>>, message: &str) {
        let help = "write it as `[ground.R1]`, with `rule`, `prose = [{ page, digest }]` and `values = [{ fragment, \
                    pointer, digest }]`; the head of xtask/src/import/ground.rs has an example";
        let place = self.place(span);
        self.diagnostics.push(Diagnostic::error(Id::Shape, message, help).at(place));
    }

    /// The statements of each page. What isn't a list of texts is for the register to say.
    fn statements(&self, fragments: Option<&Item>) -> BTreeMap<String, Vec<String>> {
        let fragments = fragments.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
        let listed = fragments.map(|(name, entry)| {
            let digests = entry.get("statements").and_then(Item::as_array).into_iter().flatten();
            (stem(name).to_owned(), digests.filter_map(|digest| digest.as_str().map(str::to_owned)).collect())
        });
        listed.collect()
    }

    fn rows(&mut self, grounds: Option<&Item>) -> Vec<Row> {
        let Some(grounds) = grounds else { return Vec::new() };
        let Some(table) = grounds.as_table_like() else {
            self.wrong(grounds.span(), "`ground` has to be a table of tables");
            return Vec::new();
        };
        let mut rows = Vec::new();
        for (statement, entry) in table.iter() {
            let Some(row) = entry.as_table_like() else {
                self.wrong(entry.span(), &format!("`{statement}` has to be a table"));
                continue;
            };
            let rule = if row.contains_key("rule") { self.text_in(row, "rule", entry.span()) } else { None };
            let mut footings = Vec::new();
            for (key, item) in row.iter() {
                match key {
                    "rule" => {}
                    "prose" | "values" => self.footings(key, item, &mut footings),
                    other => self.wrong(item.span(), &format!("`{other}` is nothing that a ground has")),
                }
            }
            if footings.is_empty() {
                self.wrong(entry.span(), &format!("`{statement}` rests on nothing"));
            }
            rows.push(Row { statement: statement.to_owned(), rule, footings });
        }
        rows
    }

    fn footings(&mut self, key: &str, item: &Item, footings: &mut Vec<(Footing, Place)>) {
        let Some(list) = item.as_array() else {
            self.wrong(item.span(), &format!("`{key}` has to be a list"));
            return;
        };
        for value in list {
            let Some(entry) = value.as_inline_table() else {
                self.wrong(value.span(), &format!("what is in `{key}` has to be a table"));
                continue;
            };
            let known: &[&str] = if key == "prose" { &["page", "digest"] } else { &["fragment", "pointer", "digest"] };
            for (name, other) in entry.iter().filter(|(name, _)| !known.contains(name)) {
                self.wrong(other.span(), &format!("`{name}` is nothing that `{key}` has"));
            }
            let [page, fragment, pointer, digest] = ["page", "fragment", "pointer", "digest"]
                .map(|name| if known.contains(&name) { self.text_in(entry, name, value.span()) } else { None });
            let footing = match (page, fragment, pointer, digest) {
                (Some(page), _, _, Some(digest)) => Footing::Prose { page, digest },
                (_, Some(fragment), Some(pointer), Some(digest)) => Footing::Value { fragment, pointer, digest },
                // What is missing has been said.
                _ => continue,
            };
            footings.push((footing, self.place(value.span())));
        }
    }

    /// The text under `name`, which has to be there.
    fn text_in(&mut self, table: &dyn TableLike, name: &str, span: Option<Range<usize>>) -> Option<String> {
        let item = table.get(name);
        let text = item.and_then(Item::as_str);
        if text.is_none() {
            self.wrong(item.and_then(Item::span).or(span), &format!("`{name}` has to be a text"));
        }
        text.map(str::to_owned)
    }
}
