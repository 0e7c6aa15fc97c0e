//! A file as it was read, and where in it things stand.

pub mod file;
pub mod json;
pub mod yaml;

use std::collections::HashMap;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id, Mark, Place, Position, Problems, Span};

/// In which syntax a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// RFC 8259.
    Json,
    /// YAML 1.2, core schema.
    Yaml,
}

/// The text of one file.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    path: String,
    text: String,
    syntax: Syntax,
    positions: OnceLock<HashMap<String, Span>>,
}

impl Source {
    /// `name` is the file's own name; `path` is how the user would write where it is.
    #[must_use]
    pub fn new(name: impl Into<String>, path: impl Into<String>, text: String, syntax: Syntax) -> Self {
        Self { name: name.into(), path: path.into(), text, syntax, positions: OnceLock::new() }
    }

    /// The file's name, without its folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's path, as messages show it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The syntax the text is in.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The SHA-256 of the text's bytes, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(self.text.as_bytes())
    }

    /// The document that the text is; `help` is the way out where its syntax is wrong.
    ///
    /// # Errors
    /// Wrong syntax.
    pub fn parse(&self, help: &str) -> Result<Value, Problems> {
        let (syntax, parsed) = match self.syntax {
            Syntax::Json => ("JSON", json::parse(&self.text)),
            Syntax::Yaml => ("YAML", yaml::parse(&self.text)),
        };
        parsed.map_err(|(reason, position)| {
            let message = format!("not valid {syntax}: {reason}");
            Diagnostic::error(Id::Syntax, message, help).at(self.place_at(position)).into()
        })
    }

    /// Where the value that `pointer` names begins; for a member of an object, where its key stands. A pointer that
    /// names nothing is placed at its nearest ancestor, so that a missing thing can be pointed at too.
    ///
    /// The positions are found by a second reading of the text on the first call: only a run that has something to
    /// say pays for them.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        let positions = self.positions.get_or_init(|| match self.syntax {
            Syntax::Json => json::positions(&self.text),
            Syntax::Yaml => yaml::positions(&self.text),
        });
        let mut known = pointer;
        let position = loop {
            if let Some(span) = positions.get(known) {
                break Some(Mark::new(&self.text, *span));
            }
            match known.rfind('/') {
                Some(end) => known = known.get(..end).unwrap_or_default(),
                None => break None,
            }
        };
        Place { file: self.path.clone(), position, pointer: pointer.to_owned() }
    }

    /// The place of a position, for errors of syntax.
    #[must_use]
    pub fn place_at(&self, position: Option<Position>) -> Place {
        let mark = |position: Position| {
            // A caret stands well behind a line too, where something is missing.
            let mut lines = self.text.split_inclusive('\n');
            let before = lines.by_ref().take(position.line.saturating_sub(1)).map(str::len).sum::<usize>();
            let line = lines.next().unwrap_or_default().trim_end_matches(['\n', '\r']);
            let column = line.char_indices().nth(position.column.saturating_sub(1));
            let (start, length) = column.map_or((line.len(), 0), |(start, character)| (start, character.len_utf8()));
            let start = before.saturating_add(start);
            Mark::new(&self.text, Span { position, start, end: start.saturating_add(length) })
        };
        Place { file: self.path.clone(), position: position.map(mark), pointer: String::new() }
    }
}

/// The SHA-256 of these bytes, in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
