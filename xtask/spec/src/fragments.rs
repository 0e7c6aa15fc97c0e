//! Stage **read**: the files of the folder become [`Fragments`].

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id, Place, Problems};
use crate::hidden;
use crate::overlay::document::Overlay;
use crate::pointer;
use crate::source::{Source, Syntax, file};

/// The versions of OpenAPI that are taken.
const TAKEN: [&str; 3] = ["3.0.", "3.1.", "3.2."];

/// One document as it was published, with its text.
#[derive(Debug)]
pub struct Fragment {
    /// The text and its positions.
    pub source: Source,
    /// The parsed document; an object that carries an `openapi` version this program takes.
    pub document: Value,
}

impl Fragment {
    /// Parses one source and checks that it is an OpenAPI document of a version this program takes.
    ///
    /// # Errors
    /// Bad syntax, a document that isn't OpenAPI, or an OpenAPI version that isn't taken.
    pub fn parse(source: Source) -> Result<Self, Problems> {
        let document = source.parse("fix the file, or get it again from its page")?;
        check_version(&source, &document)?;
        Problems::check(odd_names(&source, &document))?;
        Ok(Self { source, document })
    }
}

/// The fragments of a run in the order of their names, of which there is at least one, and the overlay that corrects
/// them.
///
/// A clone shares them.
#[derive(Clone, Debug)]
pub struct Fragments {
    fragments: Arc<[Fragment]>,
    overlay: Option<Arc<Overlay>>,
}

impl Fragments {
    /// Parses all `sources`; the one called `overlay` is the overlay.
    ///
    /// # Errors
    /// Every problem of every source, or that there is no fragment at all.
    pub fn parse(mut sources: Vec<Source>, folder: &str) -> Result<Self, Problems> {
        sources.sort_by(|a, b| a.name().cmp(b.name()));
        let (overlays, sources): (Vec<_>, Vec<_>) = sources.into_iter().partition(|source| is_overlay(source.name()));
        if sources.is_empty() {
            let diagnostic = Diagnostic::error(
                Id::NoFragments,
                "there is no fragment in this folder: no .json, .yaml or .yml file but an overlay",
                "name the folder that holds the fragments with `--openapi DIR`",
            );
            return Err(diagnostic.at(Place::file(folder)).into());
        }
        let mut fragments = Vec::with_capacity(sources.len());
        let mut diagnostics = Vec::new();
        for source in sources {
            match Fragment::parse(source) {
                Ok(fragment) => fragments.push(fragment),
                Err(problems) => diagnostics.extend(problems.into_diagnostics()),
            }
        }
        let mut overlay = None;
        for source in overlays {
            if let Some(first) = &overlay {
                let first: &Overlay = first;
                let message = "a second overlay";
                let help = "write all actions into one file: which overlay came first would be anyone's guess";
                diagnostics.push(
                    Diagnostic::error(Id::Overlay, message, help)
                        .at(Place::file(source.path()))
                        .with("the first", Place::file(first.source().path())),
                );
                continue;
            }
            match Overlay::parse(source) {
                Ok(parsed) => overlay = Some(parsed),
                Err(problems) => diagnostics.extend(problems.into_diagnostics()),
            }
        }
        Problems::check(diagnostics)?;
        Ok(Self { fragments: fragments.into(), overlay: overlay.map(Arc::new) })
    }

    /// The fragments.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Fragment> {
        self.fragments.iter()
    }

    /// The fragment of this number, if there is one.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Fragment> {
        self.fragments.get(index)
    }

    /// The same fragments as they were published.
    #[must_use]
    pub fn without_overlay(self) -> Self {
        Self { overlay: None, ..self }
    }

    /// The overlay, if there is one.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_deref()
    }
}

/// Reads every `.json`, `.yaml` and `.yml` in `folder`, the overlay among them; folders inside it are not entered.
///
/// # Errors
/// A folder or file that can't be read, or what [`Fragments::parse`] refuses.
pub fn read(folder: &Path) -> Result<Fragments, Problems> {
    Fragments::parse(sources(folder)?, &folder.display().to_string())
}

/// The files in `folder` that are fragments or overlays by their names, each with its name and syntax. Folders are left out.
///
/// # Errors
/// A folder that can't be read.
pub fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf, Syntax)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        if let Some(syntax) = syntax_by_ending(&name).filter(|_| !path.is_dir()) {
            files.push((name, path, syntax));
        }
    }
    Ok(files)
}

/// The texts that [`read`] parses.
pub fn sources(folder: &Path) -> Result<Vec<Source>, Problems> {
    let unreadable = |path: &Path, error: &io::Error| Diagnostic::io(path, "can't be read", error);
    let mut sources = Vec::new();
    let mut diagnostics = Vec::new();
    let absent = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => {
            let help = "go to the root of the checkout, where `openapi` is, or name the folder: `--openapi DIR`";
            let place = Place::file(folder.display().to_string());
            Diagnostic::error(Id::NoFragments, "there is no such folder here", help).at(place)
        }
        _ => unreadable(folder, &error),
    };
    for (name, path, syntax) in files(folder).map_err(absent)? {
        let shown = path.display().to_string();
        match file::bytes(&path) {
            Ok(bytes) => match text_of(bytes, &shown) {
                Ok(text) => sources.push(Source::new(name, shown, text, syntax)),
                Err(problems) => diagnostics.extend(problems.into_diagnostics()),
            },
            Err(error) => diagnostics.push(unreadable(&path, &error)),
        }
    }
    Problems::check(diagnostics)?;
    Ok(sources)
}

/// The syntax of a fragment of this name; `None` for what isn't a fragment.
pub fn syntax_of(name: &str) -> Option<Syntax> {
    syntax_by_ending(name).filter(|_| !is_overlay(name))
}

/// The syntax of a fragment or overlay of this name; `None` for what is neither.
fn syntax_by_ending(name: &str) -> Option<Syntax> {
    let (stem, extension) = name.rsplit_once('.')?;
    match extension {
        _ if stem.is_empty() => None,
        "json" => Some(Syntax::Json),
        "yaml" | "yml" => Some(Syntax::Yaml),
        _ => None,
    }
}

/// Whether a file of this name is the overlay.
fn is_overlay(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, _)| stem == "overlay")
}

/// The text of a file, which has to be UTF-8 without a byte order mark.
///
/// # Errors
/// It is another encoding's.
pub fn text_of(bytes: Vec<u8>, path: &str) -> Result<String, Problems> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let message = format!("not UTF-8 from byte {offset} on");
        Diagnostic::error(Id::Syntax, message, "store the file as UTF-8").at(Place::file(path))
    })?;
    if text.starts_with('\u{feff}') {
        let help = "store the file without it: RFC 8259, section 8.1, forbids it in JSON";
        return Err(Diagnostic::error(Id::Syntax, "begins with a byte order mark", help).at(Place::file(path)).into());
    }
    Ok(text)
}

fn check_version(source: &Source, document: &Value) -> Result<(), Problems> {
    let not_openapi = |message: &str| -> Problems {
        let help = "only OpenAPI documents belong in this folder: take the fenced `json` block of the page, from `{\"openapi\"` on";
        Diagnostic::error(Id::NotOpenapi, message, help).at(source.place("")).into()
    };
    let Value::Object(root) = document else {
        return Err(not_openapi("not an OpenAPI document: its root is not an object"));
    };
    let Some(version) = root.get("openapi") else {
        return Err(not_openapi(if root.contains_key("swagger") {
            "a Swagger 2.0 document, which this program doesn't take"
        } else {
            "not an OpenAPI document: it has no `openapi` version"
        }));
    };
    let taken = version.as_str().is_some_and(|version| {
        TAKEN.iter().any(|taken| version.starts_with(taken)) && hidden::first_in(version).is_none()
    });
    if taken {
        return Ok(());
    }
    // In YAML without quotes it is a number.
    let beginning = format!("{}.", version.as_str().map_or_else(|| version.to_string(), str::to_owned));
    let short = TAKEN.iter().find(|taken| **taken == beginning);
    if let Some(short) = short {
        let message = format!("OpenAPI version {version} is not a whole one: it has three numbers, such as {short}0");
        let help = "say the whole version, or get the fragment again from its page";
        return Err(Diagnostic::error(Id::Version, message, help).at(source.place("/openapi")).into());
    }
    let message = format!("OpenAPI version {version} is not taken: 3.0, 3.1 and 3.2 are");
    Err(Diagnostic::error(Id::Version, message, "publish or convert the fragment as OpenAPI 3.1")
        .at(source.place("/openapi"))
        .into())
}

/// What can't be in the name of a file, in a version, or in any name: it would be something else in what is generated.
fn odd_names(source: &Source, document: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let at = |pointer: &str, id: Id, message: String| {
        let help = "get the fragment again from its page; if it is published like this, tell its publisher";
        Diagnostic::error(id, message, help).at(source.place(pointer))
    };
    if let Some(complaint) = hidden::complaint("its name", source.name()) {
        let help = "rename the file";
        let place = Place::file(source.path().escape_debug().to_string());
        found.push(Diagnostic::error(Id::Name, complaint, help).at(place));
    }
    match document.pointer("/info/version") {
        Some(Value::String(version)) => {
            let complaint = hidden::complaint("`info.version`", version);
            found.extend(complaint.map(|complaint| at("/info/version", Id::Version, complaint)));
        }
        Some(version @ (Value::Number(_) | Value::Bool(_))) => {
            let message = format!("`info.version` is {version}, which is no text");
            let help = "put it in quotes: YAML takes `1.10` for the number 1.1";
            found.push(Diagnostic::error(Id::Version, message, help).at(source.place("/info/version")));
        }
        _ => {}
    }
    let mut names = Vec::new();
    odd_keys(document, &mut String::new(), &mut names);
    found.extend(names.iter().map(|(pointer, complaint)| at(pointer, Id::Name, complaint.clone())));
    found
}

/// The keys of a document that hold control characters, which the generator marks names with.
fn odd_keys(value: &Value, at: &mut String, found: &mut Vec<(String, String)>) {
    let length = at.len();
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                pointer::push(at, key);
                if key.contains(char::is_control) {
                    found.extend(hidden::complaint("a name", key).map(|complaint| (at.clone(), complaint)));
                }
                odd_keys(value, at, found);
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointer::push(at, &index.to_string());
                odd_keys(value, at, found);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        let syntax = syntax_by_ending(name).unwrap();
        Source::new(name, format!("openapi/{name}"), text.to_owned(), syntax)
    }

    #[test]
    fn every_bad_file_is_named_in_one_run() {
        let sources = vec![
            source("d.json", "{\"openapi\": \"3.1.1\"}"),
            source("c.yaml", "openapi: 2.0"),
            source("b.json", "{\"swagger\": \"2.0\"}"),
            source("a.json", "[\n1,]"),
        ];
        let problems = Fragments::parse(sources, "openapi").unwrap_err();
        let shown: Vec<String> =
            problems.diagnostics().iter().map(|d| d.to_string().lines().next().unwrap().to_owned()).collect();
        assert_eq!(
            shown,
            [
                "openapi/a.json:2:3: error[syntax]: not valid JSON: trailing comma",
                "openapi/b.json:1:1: error[not-openapi]: a Swagger 2.0 document, which this program doesn't take",
                "openapi/c.yaml:1:1: error[version]: OpenAPI version 2.0 is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
            ]
        );
    }

    #[test]
    fn only_fragments_and_the_overlay_are_read() {
        for (name, syntax) in [
            ("im-info.json", Some(Syntax::Json)),
            ("a.yaml", Some(Syntax::Yaml)),
            ("a.yml", Some(Syntax::Yaml)),
            ("overlay.yaml", None),
            ("overlay.json", None),
            ("sources.toml", None),
            (".json", None),
            ("README", None),
        ] {
            assert_eq!(syntax_of(name), syntax, "{name}");
        }
        for (name, syntax) in
            [("overlay.json", Some(Syntax::Json)), ("overlay.yml", Some(Syntax::Yaml)), ("overlay.toml", None)]
        {
            assert_eq!((is_overlay(name), syntax_by_ending(name)), (true, syntax), "{name}");
        }
    }
}
