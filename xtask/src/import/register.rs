//! `sources.toml`: where each fragment was published, under which version of the spec, and what its page said. What else
//! stands in it, down to the last comment, is kept.

use std::io;
use std::ops::Range;
use std::path::Path;

use toml_edit::{Array, Document, DocumentMut, Item, Key, Table, TableLike, TomlError, Value};

use super::addresses::{page_of, same_address};
use super::lines;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments;
use xtask_spec::hidden;
use xtask_spec::source::file;

/// The name of the file.
pub(super) const NAME: &str = "sources.toml";

/// What a new file begins with.
const BEGINNING: &str = "\
# Where each fragment was published, under which version of the spec, and what its page said besides: a digest a statement.
";

/// The table that holds a table for each fragment.
const FRAGMENT: &str = "fragment";

/// The names of pages without an endpoint, which are passed over without a word.
const WITHOUT_ENDPOINT: &str = "without-endpoint";

/// The table of what the code rests on.
const GROUND: &str = "ground";

/// The digests of what the fragment's page says.
const STATEMENTS: &str = "statements";

/// The file's content.
#[derive(Debug)]
pub(super) struct Register {
    shown: String,
    document: DocumentMut,
    changed: bool,
}

impl Register {
    /// Reads the file in `folder`; one that isn't there is empty.
    pub(super) fn read(folder: &Path) -> Result<Self, Problems> {
        let path = folder.join(NAME);
        let shown = path.display().to_string();
        let text = match file::bytes(&path) {
            Ok(bytes) => fragments::text_of(bytes, &shown)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BEGINNING.to_owned(),
            Err(error) => {
                let help = "check the path and its permissions";
                let diagnostic = Diagnostic::error(Id::Io, format!("can't be read: {error}"), help);
                return Err(diagnostic.at(Place::file(shown)).into());
            }
        };
        Self::parse(shown, &text)
    }

    fn parse(shown: String, text: &str) -> Result<Self, Problems> {
        let place = |span: Option<Range<usize>>| match span {
            Some(span) => Place::of_bytes(&shown, text, lines::position(text, span.start), span),
            None => Place::file(&shown),
        };
        let document = Document::parse(text).map_err(|error: TomlError| {
            let message = format!("not valid TOML: {}", error.message().trim().replace('\n', ", "));
            Diagnostic::error(Id::Syntax, message, "fix the file by hand").at(place(error.span()))
        })?;
        let mut diagnostics = Vec::new();
        let mut wrong = |item: &Item, message: &str| {
            let help = "write it as `[fragment.\"im-info.json\"]`, with texts as `published` and `version` below";
            diagnostics.push(Diagnostic::error(Id::Shape, message, help).at(place(item.span())));
        };
        match document.get(FRAGMENT) {
            None => {}
            Some(Item::Table(fragments)) if !fragments.is_dotted() => {
                for (name, entry) in fragments {
                    if fragments::syntax_of(name).is_none()
                        || name.contains(['/', '\\'])
                        || hidden::first_in(name).is_some()
                    {
                        let name = name.escape_debug();
                        wrong(entry, &format!("`{name}` is not the name of a fragment in this folder"));
                        continue;
                    }
                    let Some(entry_table) = entry.as_table_like() else {
                        wrong(entry, "what is known of a fragment has to be a table");
                        continue;
                    };
                    for key in ["published", "version"] {
                        if let Some(item) = entry_table.get(key).filter(|item| !item.is_str()) {
                            wrong(item, &format!("`{key}` has to be a text"));
                        }
                    }
                    let is_list = |item: &Item| item.as_array().is_some_and(|list| list.iter().all(Value::is_str));
                    if let Some(item) = entry_table.get(STATEMENTS).filter(|item| !is_list(item)) {
                        wrong(item, "`statements` has to be a list of texts");
                    }
                }
            }
            Some(other) => wrong(other, "`fragment` has to be a table of tables"),
        }
        Problems::check(diagnostics)?;
        Ok(Self { document: document.into_mut(), shown, changed: false })
    }

    /// Whether the page is one of those that are known to describe no endpoint: `without-endpoint = ["overview.md"]`.
    pub(super) fn is_without_endpoint(&self, page: &str) -> bool {
        let listed = self.document.get(WITHOUT_ENDPOINT).and_then(Item::as_array);
        let name = Path::new(page).file_name().and_then(|name| name.to_str());
        listed.into_iter().flatten().any(|listed| listed.as_str().is_some_and(|listed| Some(listed) == name))
    }

    /// The file's path, as messages show it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Where the fragment of this name was published.
    pub(super) fn published(&self, name: &str) -> Option<&str> {
        self.document.get(FRAGMENT)?.get(name)?.get("published")?.as_str()
    }

    /// The names of the fragments that were published at `address`.
    pub(super) fn published_at(&self, address: &str) -> Vec<String> {
        let here = self.addresses().filter(|(_, published)| same_address(published, address));
        here.map(|(name, _)| name.to_owned()).collect()
    }

    /// Where the page of this name was published; `None` where that isn't known, or not for certain.
    pub(super) fn address_of_page(&self, page: &str) -> Option<String> {
        let is_page = |name: &str| name.rsplit_once('.').is_some_and(|(stem, _)| stem == page);
        let of_page = |(name, address): &(&str, &str)| is_page(name) || page_of(address) == page;
        let mut addresses = self.addresses().filter(of_page).map(|(_, address)| address);
        let address = addresses.next()?;
        addresses.all(|other| same_address(other, address)).then(|| address.to_owned())
    }

    fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        let fragments = self.document.get(FRAGMENT).and_then(Item::as_table).into_iter().flatten();
        fragments.filter_map(|(name, entry)| Some((name, entry.get("published")?.as_str()?)))
    }

    fn fragments(&mut self) -> Option<&mut Table> {
        let table = || {
            let mut table = Table::new();
            // `[fragment]` itself stands nowhere, only the tables in it do.
            table.set_implicit(true);
            Item::Table(table)
        };
        self.document.entry(FRAGMENT).or_insert_with(table).as_table_mut()
    }

    /// What is known of `old` is known of `new` from now on.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        let Some(fragments) = self.fragments() else { return };
        if let Some((key, entry)) = fragments.remove_entry(old) {
            let key = Key::new(new).with_leaf_decor(key.leaf_decor().clone());
            fragments.insert_formatted(&key, entry);
            self.changed = true;
        }
    }

    /// Notes where the fragment `name` is published, if that is known, and its version.
    pub(super) fn set(&mut self, name: &str, published: Option<&str>, version: Option<&str>) {
        // Comments belong to what follows them: those of an empty file to its first table, not to its end.
        let alone = self.document.is_empty().then(|| self.document.trailing().as_str().unwrap_or_default().to_owned());
        let published = published.filter(|new| !self.published(name).is_some_and(|old| same_address(old, new)));
        if alone.is_some() {
            self.document.set_trailing("");
        }
        let Some(fragments) = self.fragments() else { return };
        let is_new = !fragments.contains_key(name);
        let entry = fragments.entry(name).or_insert_with(|| {
            let mut table = Table::new();
            if let Some(comments) = alone.filter(|comments| !comments.is_empty()) {
                table.decor_mut().set_prefix(format!("{comments}\n"));
            }
            Item::Table(table)
        });
        let Some(table) = entry.as_table_like_mut() else { return };
        let mut changed = is_new;
        if let Some(published) = published {
            let is_first = !table.contains_key("published");
            changed |= put(table, "published", published);
            if is_first && let Some(table) = entry.as_table_mut() {
                table.sort_values_by(|a, _, b, _| (a != "published").cmp(&(b != "published")));
            }
        }
        let Some(table) = entry.as_table_like_mut() else { return };
        changed |= match version {
            Some(version) => put(table, "version", version),
            // What it says would be that of an earlier fragment.
            None => table.remove("version").is_some(),
        };
        self.changed |= changed;
    }

    /// The digests of what the page of the fragment `name` said when it was imported; `None` where no page was.
    pub(super) fn statements(&self, name: &str) -> Option<Vec<String>> {
        let listed = self.document.get(FRAGMENT)?.get(name)?.get(STATEMENTS)?.as_array()?;
        Some(listed.iter().filter_map(|digest| digest.as_str().map(str::to_owned)).collect())
    }

    /// Notes what the page of the fragment `name` says, which is in the file already.
    pub(super) fn set_statements(&mut self, name: &str, digests: &[String]) {
        if self.statements(name).as_deref() == Some(digests) {
            return;
        }
        let entry = self.fragments().and_then(|fragments| fragments.get_mut(name));
        let Some(table) = entry.and_then(Item::as_table_like_mut) else { return };
        let mut list: Array = digests.iter().map(String::as_str).collect();
        // One a line, so that a changed page is as many changed lines.
        list.iter_mut().for_each(|digest| digest.decor_mut().set_prefix("\n  "));
        list.set_trailing_comma(!digests.is_empty());
        list.set_trailing(if digests.is_empty() { "" } else { "\n" });
        match table.get_mut(STATEMENTS).and_then(Item::as_value_mut) {
            Some(value) => {
                let decor = value.decor().clone();
                *value = Value::Array(list);
                *value.decor_mut() = decor;
            }
            None => drop(table.insert(STATEMENTS, toml_edit::value(list))),
        }
        self.changed = true;
    }

    /// Forgets the fragment `name` and every ground on its page. Gives the documented statements that rested on it, each
    /// with its rule.
    pub(super) fn withdraw(&mut self, name: &str) -> Vec<(String, Option<String>)> {
        let gone = self.fragments().is_some_and(|fragments| fragments.remove(name).is_some());
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let mut lost = Vec::new();
        let grounds = self.document.get_mut(GROUND).and_then(Item::as_table_like_mut);
        if let Some(grounds) = grounds {
            let mut empty = Vec::new();
            for (statement, row) in grounds.iter_mut() {
                let Some(row) = row.as_table_like_mut() else { continue };
                let (mut removed, mut left) = (false, 0_usize);
                for (key, named) in [("prose", "page"), ("values", "fragment")] {
                    let Some(list) = row.get_mut(key).and_then(Item::as_array_mut) else { continue };
                    let before = list.len();
                    list.retain(|footing| {
                        let on = footing.as_inline_table().and_then(|footing| footing.get(named)?.as_str());
                        on != Some(stem)
                    });
                    removed |= list.len() < before;
                    left = left.saturating_add(list.len());
                    if list.is_empty() {
                        row.remove(key);
                    }
                }
                if removed {
                    let rule = row.get("rule").and_then(Item::as_str).map(str::to_owned);
                    lost.push((statement.get().to_owned(), rule));
                    if left == 0 {
                        empty.push(statement.get().to_owned());
                    }
                }
            }
            for statement in empty {
                grounds.remove(&statement);
            }
        }
        self.changed |= gone || !lost.is_empty();
        lost
    }

    /// The text as it is now.
    pub(super) fn text(&self) -> String {
        self.document.to_string()
    }

    /// The text with all that was noted; `None` where there was nothing new.
    pub(super) fn changed_text(&self) -> Option<String> {
        self.changed.then(|| self.text())
    }
}

/// Sets a text, and keeps the comment behind it; whether that changed anything.
fn put(table: &mut dyn TableLike, key: &str, text: &str) -> bool {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(value) if value.as_str() == Some(text) => return false,
        Some(value) => {
            let decor = value.decor().clone();
            *value = Value::from(text);
            *value.decor_mut() = decor;
        }
        None => drop(table.insert(key, toml_edit::value(text))),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# At the top.

[fragment.\"b.json\"] # behind a header
# inside
version = \"1\" # behind a value

[fragment.\"a.yaml\"]
published   =   'https://example.org/x/a.md'
version = \"1\"
digest = \"0\"

# In front of another table.
[prose]
kept = [ 1,2 ]
# At the end.
";

    fn register(text: &str) -> Register {
        Register::parse("openapi/sources.toml".to_owned(), text).unwrap()
    }

    #[test]
    fn what_is_noted_already_changes_nothing() {
        let mut register = register(TEXT);
        register.set("b.json", None, Some("1"));
        register.set("a.yaml", Some("https://example.org/x/a.md"), Some("1"));
        assert_eq!(register.changed_text(), None);
    }

    #[test]
    fn comments_order_and_other_tables_are_kept() {
        let mut register = register(TEXT);
        register.set("b.json", Some("https://example.org/b.md"), Some("2"));
        register.rename("a.yaml", "a.json");
        register.set("a.json", Some("https://example.org/y/a.md"), Some("2"));
        register.set("c.json", Some("https://example.org/c.md"), Some("2"));
        register.set("d.json", None, None);
        let expected = "\
# At the top.

[fragment.\"b.json\"] # behind a header
published = \"https://example.org/b.md\"
# inside
version = \"2\" # behind a value

[fragment.\"a.json\"]
published   =   \"https://example.org/y/a.md\"
version = \"2\"
digest = \"0\"

[fragment.\"c.json\"]
published = \"https://example.org/c.md\"
version = \"2\"

[fragment.\"d.json\"]

# In front of another table.
[prose]
kept = [ 1,2 ]
# At the end.
";
        assert_eq!(register.changed_text().as_deref(), Some(expected));
    }

    #[test]
    fn what_a_page_says_is_one_line_a_statement_and_what_was_there_is_replaced() {
        let digests = |digests: &[&str]| digests.iter().map(|&digest| digest.to_owned()).collect::<Vec<_>>();
        let mut register = register("[fragment.\"a.json\"]\nversion = \"1\"\nstatements = ['1', '2'] # kept\n");
        assert_eq!(register.statements("a.json"), Some(digests(&["1", "2"])));
        assert_eq!(register.statements("b.json"), None);
        register.set_statements("a.json", &digests(&["1", "2"]));
        register.set_statements("b.json", &digests(&["1"]));
        assert_eq!(register.changed_text(), None);
        register.set_statements("a.json", &digests(&["2", "3"]));
        let expected = "[fragment.\"a.json\"]\nversion = \"1\"\nstatements = [\n  \"2\",\n  \"3\",\n] # kept\n";
        assert_eq!(register.changed_text().as_deref(), Some(expected));
        assert_eq!(register.statements("a.json"), Some(digests(&["2", "3"])));
        register.set_statements("a.json", &[]);
        assert_eq!(
            register.changed_text().as_deref(),
            Some("[fragment.\"a.json\"]\nversion = \"1\"\nstatements = [] # kept\n")
        );
    }

    #[test]
    fn a_new_file_begins_with_what_it_is() {
        let mut register = register(BEGINNING);
        register.set("a.json", Some("https://example.org/a.md"), Some("1"));
        assert_eq!(
            register.changed_text().unwrap(),
            format!("{BEGINNING}\n[fragment.\"a.json\"]\npublished = \"https://example.org/a.md\"\nversion = \"1\"\n")
        );
    }

    #[test]
    fn what_is_no_register_is_an_error_with_its_place() {
        for (text, message) in [
            (
                "a = 1\n[fragment.\"a.json\"\n",
                "openapi/sources.toml:2:19: error[syntax]: not valid TOML: unclosed table, expected `]`\n",
            ),
            ("fragment = 1\n", "openapi/sources.toml:1:12: error[shape]: `fragment` has to be a table of tables"),
            (
                "fragment.a.version = '1'\n",
                "openapi/sources.toml:1:1: error[shape]: `fragment` has to be a table of tables",
            ),
            (
                "[fragment]\n'a.json' = 1\n",
                "openapi/sources.toml:2:12: error[shape]: what is known of a fragment has to be a table",
            ),
            (
                "[fragment.'a.json']\nversion = 1\n",
                "openapi/sources.toml:2:11: error[shape]: `version` has to be a text",
            ),
            (
                "[fragment.'../a.json']\nversion = '1'\n",
                "openapi/sources.toml:1:1: error[shape]: `../a.json` is not the name of a fragment in this folder",
            ),
        ] {
            let said = Register::parse("openapi/sources.toml".to_owned(), text).unwrap_err().to_string();
            assert!(said.starts_with(message), "{said}");
        }
    }

    #[test]
    fn a_page_is_found_by_the_name_of_its_file_or_its_address() {
        let text = "[fragment]\n\
            'a.json' = { published = 'https://example.org/1/x.md' }\n\
            'b.json' = { published = 'https://example.org/1/y.md' }\n\
            'y--1.json' = { published = 'https://example.org/1/y' }\n\
            'z.json' = { published = 'https://example.org/1/z.md' }\n\
            'c.json' = { published = 'https://example.org/2/z.md' }\n";
        let register = register(text);
        for (page, address) in [
            ("a", Some("https://example.org/1/x.md")),
            ("x", Some("https://example.org/1/x.md")),
            ("y", Some("https://example.org/1/y.md")),
            ("z", None),
            ("nowhere", None),
        ] {
            assert_eq!(register.address_of_page(page).as_deref(), address, "{page}");
        }
        assert_eq!(register.published_at("https://example.org/1/y.md#top"), ["b.json", "y--1.json"]);
    }
}
