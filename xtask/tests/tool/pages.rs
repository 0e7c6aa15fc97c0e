//! Pages to import, made up, but laid out as the publisher's.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::workspace::{Run, Workspace};

/// A fragment with one operation, which answers nothing in particular.
#[must_use]
pub(crate) fn fragment(method: &str, path: &str, version: &str) -> Value {
    let responses = json!({"200": {"description": "Fine"}});
    json!({
        "openapi": "3.1.1",
        "info": {"title": "A", "version": version},
        "paths": {path: {method: {"responses": responses}}}
    })
}

/// A fragment as it is stored.
#[must_use]
pub(crate) fn stored(fragment: &Value) -> String {
    format!("{fragment:#}\n")
}

/// A page as the publisher lays them out, with the fragment as one line.
#[must_use]
pub(crate) fn page(fragments: &[Value]) -> String {
    let mut text = String::from(
        "# A page\n\n{% hint style=\"warning\" %}\nMind the `\"openapi\"` of it.\n{% endhint %}\n\n\
         | a | b |\n|---|---|\n| 1 | 2 |\n\n```http\nPOST /a HTTP/1.1\n```\n\n```json\n{\"code\": 1, \"message\": \"an answer\"}\n```\n",
    );
    for fragment in fragments {
        text.push_str(&format!("\n## An endpoint\n\n> It does \\\n> things.<br>\n\n```json\n{fragment}\n```\n"));
    }
    text
}

/// What `sources.toml` holds of the prose of a [`page`]: a digest each of `A page`, `Mind the "openapi" of it.`, `a | b`,
/// `1 | 2`, `An endpoint` and `It does things.`
pub(crate) const STATEMENTS: &str = "\
statements = [
  \"fbddd8a01bfd5462\",
  \"9750f839cc36cc02\",
  \"22119a1d30256255\",
  \"8df0dcc5f061b162\",
  \"d1ec135511dbafd2\",
  \"abfe57997bbc3540\",
]
";

/// The section that ends some pages, and names their address.
#[must_use]
pub(crate) fn furniture(address: &str) -> String {
    format!("\n---\n\n# More\n\nYou may ask:\n\n```\nGET {address}?ask=<question>\n```\n")
}

/// What a test of an import does with its folder.
pub(crate) trait Pages {
    /// Writes something to import, and says where it is.
    ///
    /// # Errors
    /// The disk.
    fn source(&self, name: &str, text: &str) -> io::Result<String>;

    /// Runs `cargo xtask import`.
    fn import(&self, sources: &[&str]) -> Run;

    /// The files in `openapi/`.
    ///
    /// # Errors
    /// The disk.
    fn names(&self) -> io::Result<Vec<String>>;

    /// The text of a file in `openapi/`.
    ///
    /// # Errors
    /// The disk.
    fn text(&self, name: &str) -> io::Result<String>;
}

impl Pages for Workspace {
    fn source(&self, name: &str, text: &str) -> io::Result<String> {
        let path = self.path("pages").join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }

    fn import(&self, sources: &[&str]) -> Run {
        self.run(&[&["import"], sources].concat())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.path("openapi"))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn text(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path("openapi").join(name))
    }
}

/// The frozen fragments, and a folder with a made-up page for each of them, which has been imported.
///
/// # Errors
/// The disk, or an import that fails.
pub(crate) fn published() -> io::Result<(Workspace, String)> {
    let workspace = Workspace::published()?;
    // Where the pages are published, but not what the true ones say.
    let sources = fs::read_to_string(xtask_fixtures::folder().join("sources.toml"))?;
    let kept = sources.lines().filter(|line| {
        ["[fragment.", "published = ", "version = "].iter().any(|beginning| line.starts_with(beginning))
    });
    workspace.write("sources.toml", &kept.fold(String::new(), |text, line| text + line + "\n"))?;
    for name in xtask_fixtures::names()? {
        let fragment = workspace.read(&name)?;
        workspace.source(&name.replace(".json", ".md"), &page(&[fragment]))?;
    }
    let pages = workspace.path("pages").display().to_string();
    match workspace.import(&[&pages]) {
        run if run.err.ends_with("files written: 1\n") => Ok((workspace, pages)),
        run => Err(io::Error::other(run.err)),
    }
}
