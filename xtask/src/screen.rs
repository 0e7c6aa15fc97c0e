//! A terminal as somebody sees it: lines break at words, and what takes long says that it goes on.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use textwrap::{Options, WordSeparator, WordSplitter};

/// After so long without a word somebody wonders.
const QUIET: Duration = Duration::from_secs(2);

/// What goes back to the beginning of a line, and empties it.
const EMPTIED: &str = "\r\x1b[K";

/// How many columns stdout has, if it is a terminal.
pub(crate) fn columns() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// `text` with its lines broken at words where they are longer than a terminal is wide. The rest of a line is indented as it
/// is, and a little more. Excerpts of files stay as they are, and so do words that are longer than a line, such as places.
pub(crate) fn at_words(text: &str, columns: usize) -> String {
    let mut broken = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let plain = anstream::adapter::strip_str(body).to_string();
        if textwrap::core::display_width(&plain) <= columns || is_excerpt(&plain) {
            broken.push_str(line);
            continue;
        }
        let indent = plain.len().saturating_sub(plain.trim_start_matches(' ').len()).saturating_add(2);
        let indent = " ".repeat(indent.min(columns / 2));
        let options = Options::new(columns)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        broken.push_str(&textwrap::fill(body, options));
        broken.push_str(line.get(body.len()..).unwrap_or_default());
    }
    broken
}

/// Whether a line shows a file, behind its number: `12 |   "type": …`, or what changes in it.
fn is_excerpt(line: &str) -> bool {
    line.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']).starts_with('|')
        || line.starts_with(['+', '@'])
}

/// What is said to whoever waits.
#[derive(Debug)]
struct Waiting {
    begun: Instant,
    last: Instant,
    /// Whether the line that says so is on the screen.
    shown: bool,
}

/// Stderr, if it is a terminal: lines are broken, and after two quiet seconds it says for how long the run has gone on.
#[derive(Debug)]
pub(crate) struct Screen<W: Write> {
    to: W,
    /// `None` where it isn't a terminal, and all passes as it is.
    columns: Option<usize>,
    line: Vec<u8>,
    waiting: Arc<Mutex<Waiting>>,
    /// Dropped with this, which ends the thread.
    _end: Option<Sender<()>>,
}

impl<W: Write> Screen<W> {
    /// Stderr is what `to` writes to.
    pub(crate) fn stderr(to: W) -> Self {
        let columns = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0));
        let now = Instant::now();
        let waiting = Arc::new(Mutex::new(Waiting { begun: now, last: now, shown: false }));
        let end = io::stderr().is_terminal().then(|| {
            let (end, ended) = mpsc::channel::<()>();
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || {
                while ended.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
                    let mut waiting = locked(&waiting);
                    if waiting.last.elapsed() >= QUIET {
                        let seconds = waiting.begun.elapsed().as_secs();
                        waiting.shown = write!(io::stderr(), "{EMPTIED} working for {seconds} s").is_ok();
                    }
                }
            });
            end
        });
        Self { to, columns, line: Vec::new(), waiting, _end: end }
    }

    fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut waiting = locked(&self.waiting);
        if waiting.shown {
            self.to.write_all(EMPTIED.as_bytes())?;
        }
        (waiting.shown, waiting.last) = (false, Instant::now());
        match (self.columns, std::str::from_utf8(bytes)) {
            (Some(columns), Ok(text)) => self.to.write_all(at_words(text, columns).as_bytes()),
            _ => self.to.write_all(bytes),
        }
    }
}

fn locked(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let rest = self.line.split_off(end.saturating_add(1));
            let lines = std::mem::replace(&mut self.line, rest);
            self.say(&lines)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        if !rest.is_empty() {
            self.say(&rest)?;
        }
        self.to.flush()
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        // Whoever reads it is gone, or has all of it.
        let _ = self.flush();
        if locked(&self.waiting).shown {
            let _ = self.to.write_all(EMPTIED.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::at_words;

    #[test]
    fn a_line_that_is_too_long_is_broken_at_words_and_indented() {
        let text = "short\n  help: get both pages again, from the same version of the spec\n";
        let broken = "short\n  help: get both pages again,\n    from the same version of the\n    spec\n";
        assert_eq!(at_words(text, 32), broken);
        assert_eq!(at_words(text, 100), text);
    }

    #[test]
    fn colours_take_no_columns() {
        let text = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: a few words more\n";
        assert_eq!(at_words(text, 24), text);
        assert_eq!(at_words(text, 16), "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: a few\n  words more\n");
    }

    #[test]
    fn excerpts_and_long_words_stay_whole() {
        let excerpt = "137 |             \"type\": \"a string of some length\"\n    | ^^^^^^ here it is\n";
        assert_eq!(at_words(excerpt, 20), excerpt);
        let place = "openapi/create-room-v3.json:143:13 is wrong\n";
        assert_eq!(at_words(place, 20), "openapi/create-room-v3.json:143:13\n  is wrong\n");
    }
}
