//! What the command line names: files, folders and addresses become texts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::fetch;
use super::operations::file_stem;
use super::page::Markup;
use super::register;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments;
use xtask_spec::hidden;
use xtask_spec::source::{Syntax, file};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A page with fragments in it.
    Page(Markup),
    /// A fragment by itself.
    Fragment(Syntax),
}

/// One text that was given.
#[derive(Debug)]
pub(super) struct Input {
    /// The file's name without its extension: what fragments are named after.
    pub(super) stem: String,
    /// Where it is, as messages show it.
    pub(super) shown: String,
    /// Where it was fetched from.
    pub(super) address: Option<String>,
    pub(super) form: Form,
    pub(super) text: String,
    /// Whether it is one of the files of a folder that was given.
    pub(super) of_folder: bool,
}

/// What was given, and what of it is nothing to import.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) given: Vec<Input>,
    /// Files of folders that were passed over, by their paths as messages show them.
    pub(super) passed_over: Vec<String>,
}

/// Reads every one of `sources`, folders in the order of their files' paths.
pub(super) fn read(sources: &[PathBuf], diagnostics: &mut Vec<Diagnostic>) -> Inputs {
    let mut inputs = Inputs::default();
    for source in sources {
        let read = match source.to_str().filter(|text| text.contains("://")) {
            Some(url) => of_url(url).map(|input| inputs.given.push(input)),
            None if source.is_dir() => of_folder(source, &mut inputs, diagnostics),
            None => of_file(source).map(|input| inputs.given.push(input)),
        };
        if let Err(problems) = read {
            diagnostics.extend(problems.into_diagnostics());
        }
    }
    inputs
}

/// Stem and form of a file of this name; `None` for what is neither a page nor a fragment.
fn form_of(name: &str) -> Option<(&str, Form)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let form = match extension.to_ascii_lowercase().as_str() {
        "md" | "markdown" | "mdx" | "txt" => Form::Page(Markup::Markdown),
        "html" | "htm" => Form::Page(Markup::Html),
        "json" => Form::Fragment(Syntax::Json),
        "yaml" | "yml" => Form::Fragment(Syntax::Yaml),
        _ => return None,
    };
    // `overlay.json` in the folder of the fragments would be taken for corrections; a hidden file for nothing at all.
    (stem != "overlay" && !stem.is_empty() && !stem.starts_with('.')).then_some((stem, form))
}

/// So many folders may be in one another: nobody saves pages deeper than that.
const DEEP: usize = 32;

/// The files of a folder and of those in it, but for hidden ones.
fn of_folder(folder: &Path, inputs: &mut Inputs, diagnostics: &mut Vec<Diagnostic>) -> Result<(), Problems> {
    let mut paths = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0_usize)];
    while let Some((folder, depth)) = folders.pop() {
        let shown = folder.display().to_string();
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&shown, &error))? {
            let entry = entry.map_err(|error| unreadable(&shown, &error))?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if name.starts_with('.') || name == register::NAME || name.split('.').next() == Some("overlay") {
                continue;
            }
            // A link to a folder may lead round in a circle.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth >= DEEP {
                    let message = format!("there are folders in one another here, more than {DEEP}");
                    return Err(source_error(&shown, &message, "name the folder that holds the pages").into());
                }
                folders.push((path, depth.saturating_add(1)));
            } else if form_of(&name).is_some() && !path.is_dir() {
                paths.push(path);
            } else {
                inputs.passed_over.push(path.display().to_string());
            }
        }
    }
    if paths.is_empty() {
        let shown = folder.display().to_string();
        let message = "there is nothing to import in this folder or those in it: no .md, .markdown, .mdx, .txt, .html, .json, \
                       .yaml or .yml file but an overlay";
        return Err(source_error(&shown, message, "name the folder or the files that hold the pages").into());
    }
    paths.sort();
    inputs.passed_over.sort();
    for path in paths {
        match of_file(&path) {
            Ok(input) => inputs.given.push(Input { of_folder: true, ..input }),
            Err(problems) => diagnostics.extend(problems.into_diagnostics()),
        }
    }
    Ok(())
}

fn of_file(path: &Path) -> Result<Input, Problems> {
    let shown = path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let known = form_of(&name);
    let bytes = file::bytes(path).map_err(|error| unreadable(&shown, &error))?;
    let Some((stem, form)) = known else {
        let message = "neither a page nor a fragment: its name has to end in .md, .markdown, .mdx, .txt, .html, .json, .yaml or .yml, \
                       and not be that of an overlay";
        return Err(source_error(&shown, message, "rename the file after its page, such as `im-info.md`").into());
    };
    if let Some(complaint) = hidden::complaint("its name", stem) {
        let help = "rename the file after its page, such as `im-info.md`";
        return Err(Diagnostic::error(Id::Name, complaint, help)
            .at(Place::file(shown.escape_debug().to_string()))
            .into());
    }
    let text = text_of(bytes, &shown, form)?;
    // What is a separator elsewhere can't be in the name of a fragment.
    let stem = stem.replace('\\', "-");
    Ok(Input { stem, shown, address: None, form, text, of_folder: false })
}

fn of_url(url: &str) -> Result<Input, Problems> {
    let stem = stem_of_url(url)?;
    let bytes = fetch::fetch(url)?;
    let (stem, form) = match form_of(&stem) {
        Some((stem, form)) => (stem.to_owned(), form),
        // Not every server has file names in its addresses.
        None if bytes.trim_ascii_start().starts_with(b"{") => (stem, Form::Fragment(Syntax::Json)),
        None if starts_as_html(&bytes) => (stem, Form::Page(Markup::Html)),
        None => (stem, Form::Page(Markup::Markdown)),
    };
    let text = text_of(bytes, url, form)?;
    Ok(Input { stem, shown: url.to_owned(), address: Some(url.to_owned()), form, text, of_folder: false })
}

fn starts_as_html(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    head.starts_with(b"<!doctype html") || head.starts_with(b"<html")
}

/// The text of a page or fragment; only a page may begin with a byte order mark.
fn text_of(mut bytes: Vec<u8>, shown: &str, form: Form) -> Result<String, Problems> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if matches!(form, Form::Page(_)) && bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    fragments::text_of(bytes, shown)
}

/// The last segment of an address that may be fetched, and stored in a file that everyone reads.
fn stem_of_url(url: &str) -> Result<String, Problems> {
    let refuse = |shown: &str, message: &str, help: &str| Problems::from(source_error(shown, message, help));
    let Some((_, rest)) = url.split_once("://").filter(|(scheme, _)| scheme.eq_ignore_ascii_case("https")) else {
        let help = "begin the address with `https://`, or download the page and name its file";
        return Err(refuse(url, "only https addresses are fetched", help));
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if let Some((_, host)) = host.rsplit_once('@') {
        // What stands before the host is a secret: it is not shown either.
        let message = "the address carries credentials, which would be written to sources.toml";
        let help = "download the page by other means and name its file";
        return Err(refuse(&format!("https://{host}/{path}"), message, help));
    }
    if url.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Err(refuse(
            &url.escape_debug().to_string(),
            "not an address: it holds white space",
            "percent-encode it",
        ));
    }
    let segment = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    let stem = file_stem(&percent_decode_str(segment).decode_utf8_lossy());
    let named = form_of(&stem).map_or(stem.as_str(), |(stem, _)| stem);
    if named.trim_matches(['.', '-']).is_empty() || named.starts_with('.') || named.split('.').next() == Some("overlay")
    {
        let help = "download the page, and name its file as its fragment shall be called";
        return Err(refuse(url, "the address ends in nothing that a fragment can be named after", help));
    }
    Ok(stem)
}

fn unreadable(shown: &str, error: &io::Error) -> Problems {
    let help = "check the path and its permissions";
    Diagnostic::error(Id::Io, format!("can't be read: {error}"), help).at(Place::file(shown)).into()
}

fn source_error(shown: &str, message: &str, help: &str) -> Diagnostic {
    Diagnostic::error(Id::Source, message, help).at(Place::file(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_fragments_are_told_by_their_names() {
        for (name, form) in [
            ("im-info.md", Some(("im-info", Form::Page(Markup::Markdown)))),
            ("im-info.MD", Some(("im-info", Form::Page(Markup::Markdown)))),
            ("im-info.mdx", Some(("im-info", Form::Page(Markup::Markdown)))),
            ("im-info.txt", Some(("im-info", Form::Page(Markup::Markdown)))),
            ("im-info.Html", Some(("im-info", Form::Page(Markup::Html)))),
            ("im.info.json", Some(("im.info", Form::Fragment(Syntax::Json)))),
            ("a.yaml", Some(("a", Form::Fragment(Syntax::Yaml)))),
            ("a.yml", Some(("a", Form::Fragment(Syntax::Yaml)))),
            ("overlay.yaml", None),
            ("overlay.md", None),
            (".xtask-a1.json", None),
            (".md", None),
            ("sources.toml", None),
            ("README", None),
        ] {
            assert_eq!(form_of(name), form, "{name}");
        }
    }

    #[test]
    fn a_fragment_is_named_after_the_end_of_its_address() {
        for (url, stem) in [
            ("https://example.org/main/im-info.md", "im-info.md"),
            ("https://example.org/main/im-info/?view=1#top", "im-info"),
            ("HTTPS://example.org/a%2Fb%20c.md", "a-b-c.md"),
            ("https://example.org/v1.2", "v1.2"),
        ] {
            assert_eq!(stem_of_url(url).unwrap(), stem);
        }
    }

    #[test]
    fn addresses_that_cannot_be_fetched_or_stored_are_refused() {
        for (url, message) in [
            ("http://example.org/a.md", "http://example.org/a.md: error[source]: only https addresses are fetched"),
            ("file:///a.md", "file:///a.md: error[source]: only https addresses are fetched"),
            (
                "https://me:secret@example.org/a.md",
                "https://example.org/a.md: error[source]: the address carries credentials, which would be written to sources.toml",
            ),
            (
                "https://example.org/a b.md",
                "https://example.org/a b.md: error[source]: not an address: it holds white space",
            ),
            (
                "https://example.org/%2e%2e",
                "https://example.org/%2e%2e: error[source]: the address ends in nothing that a fragment can be named after",
            ),
            (
                "https://example.org",
                "https://example.org: error[source]: the address ends in nothing that a fragment can be named after",
            ),
            (
                "https://example.org/overlay.yaml",
                "https://example.org/overlay.yaml: error[source]: the address ends in nothing that a fragment can be named after",
            ),
        ] {
            let said = stem_of_url(url).unwrap_err().to_string();
            assert_eq!(said.lines().next(), Some(message));
        }
    }
}
