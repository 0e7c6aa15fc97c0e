//! Where something stands, with as much of its line as a message shows.

use std::fmt;

/// As much of a line as is kept on each side of what is marked. The renderer shows a hundred columns, and has to be given
/// more than it shows to see by itself that there is more.
const AROUND: usize = 150;

/// As much of a key or a value as is marked.
const MARKED: usize = 60;

/// A place in a file that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the user would write its path.
    pub file: String,
    /// Absent where a whole file is meant.
    pub position: Option<Mark>,
    /// JSON pointer (RFC 6901) into the file's document.
    pub pointer: String,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), position: None, pointer: String::new() }
    }

    /// What stands in the file's `text` at `position`, which is that of these bytes.
    #[must_use]
    pub fn of_bytes(file: impl Into<String>, text: &str, position: Position, bytes: std::ops::Range<usize>) -> Self {
        let span = Span { position, start: bytes.start, end: bytes.end };
        Self { position: Some(Mark::new(text, span)), ..Self::file(file) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(mark) = &self.position {
            let Position { line, column } = mark.position;
            write!(f, ":{line}:{column}")?;
        }
        Ok(())
    }
}

/// A line and a column in a file, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// What stands at a position of a text: a key, a scalar, or the first character of anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub position: Position,
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends, in bytes of the text.
    pub end: usize,
}

/// A position, and what a message shows of it.
///
/// The words are copied: a diagnostic outlives the texts it speaks of, is compared and sorted, and a line that is the
/// whole of a minified document is not to be looked at again for each of a thousand problems.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The position in the file.
    pub position: Position,
    before: String,
    marked: String,
    after: String,
}

impl Mark {
    /// Marks `span` in `text`, no further than the end of its first line.
    #[must_use]
    pub fn new(text: &str, span: Span) -> Self {
        let (before, rest) = text.split_at_checked(span.start).unwrap_or((text, ""));
        let before = last(before, AROUND);
        let before = before.rsplit('\n').next().unwrap_or_default();
        let rest = first(rest, MARKED.saturating_add(AROUND));
        let line = rest.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let length = span.end.saturating_sub(span.start);
        let marked = first(line.get(..length).unwrap_or(line), MARKED).trim_end();
        let after = line.get(marked.len()..).unwrap_or_default();
        Self { position: span.position, before: before.to_owned(), marked: marked.to_owned(), after: after.to_owned() }
    }

    /// The line, or as much of it as is near, and which of its bytes are marked.
    pub(super) fn line(&self) -> (String, std::ops::Range<usize>) {
        let start = self.before.len();
        (format!("{}{}{}", self.before, self.marked, self.after), start..start.saturating_add(self.marked.len()))
    }
}

/// The first `count` characters of `text`.
fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The last `count` characters of `text`.
fn last(text: &str, count: usize) -> &str {
    let start = text.char_indices().rev().take(count).last();
    start.and_then(|(start, _)| text.get(start..)).unwrap_or_default()
}
