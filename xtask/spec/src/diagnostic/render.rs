//! What a problem looks like on the terminal.
//!
//! The first line of a problem is a contract with scripts that look for it, and so is written here. Below it are the lines
//! of the files, which annotate-snippets draws, the crate that cargo draws with: ours look like its messages, which stand
//! above and below them. It knows how wide a character is, cuts long lines down to what matters, and draws lines without
//! a header. codespan-reporting, ariadne and miette cut no lines and have a header of their own. It brings one crate that
//! isn't needed anyway, and compiles with it in a second and a half.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use annotate_snippets::{AnnotationKind, Element, Group, Level as Colour, Origin, Renderer, Snippet};
use anstyle::Style;

use super::place::{Mark, Place};
use super::{Diagnostic, Id, Level};

/// How many columns of a source line are shown.
const WIDTH: usize = 100;

/// How many problems of one kind are shown. Fix these and run again to see the rest.
const SHOWN: usize = 50;

/// Everything there is to say of `diagnostics`, in colours, which are taken out where there is no terminal. An empty line
/// follows each problem.
#[must_use]
pub fn report(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    let mut counts: BTreeMap<(Level, Id), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = counts.entry((diagnostic.level, diagnostic.id)).or_default();
        *count = count.saturating_add(1);
        if *count <= SHOWN {
            text.push_str(&self::diagnostic(diagnostic));
            text.push_str("\n\n");
        }
    }
    for ((level, id), count) in counts {
        let more = count.saturating_sub(SHOWN);
        if more > 0 {
            let head = head(level, id);
            // Writing to a String can't fail.
            let _ = writeln!(text, "{head}: … and {more} more of this kind\n");
        }
    }
    text
}

/// One problem: `file:line:column: error[id]: what is wrong (JSON pointer)`, then the places, then the way out.
pub(super) fn diagnostic(diagnostic: &Diagnostic) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = write(&mut text, diagnostic);
    text
}

fn write(to: &mut String, diagnostic: &Diagnostic) -> fmt::Result {
    let bold = Style::new().bold();
    if let Some(place) = &diagnostic.place {
        write!(to, "{}: ", visible(&place.to_string()))?;
    }
    let head = head(diagnostic.level, diagnostic.id);
    write!(to, "{head}: {bold}{}{bold:#}", visible(&diagnostic.message))?;
    if let Some(place) = &diagnostic.place {
        to.push_str(&pointer(place));
    }
    let places = places(diagnostic);
    if !places.is_empty() {
        write!(to, "\n{}", Renderer::styled().term_width(WIDTH).render(&places))?;
    }
    if !diagnostic.help.is_empty() {
        let style = annotate_snippets::renderer::DEFAULT_HELP_STYLE;
        write!(to, "\n  {style}help{style:#}: {}", visible(&diagnostic.help))?;
    }
    Ok(())
}

fn head(level: Level, id: Id) -> String {
    let style = match level {
        Level::Error => annotate_snippets::renderer::DEFAULT_ERROR_STYLE,
        Level::Warning => annotate_snippets::renderer::DEFAULT_WARNING_STYLE,
    };
    format!("{style}{level}[{id}]{style:#}")
}

fn colour(level: Level) -> Colour<'static> {
    match level {
        Level::Error => Colour::ERROR,
        Level::Warning => Colour::WARNING,
    }
}

/// The line of the problem itself, whose file stands in the message already, and those of the places that belong to it.
///
/// Each element is a group of its own: within one, the crate would put a name before every line but the first, with a
/// column that it counts from where our excerpt begins.
fn places(diagnostic: &Diagnostic) -> Vec<Group<'static>> {
    let mut groups = Vec::new();
    let mut add = |element: Element<'static>| groups.push(Group::with_level(colour(diagnostic.level)).element(element));
    if let Some(mark) = diagnostic.place.as_ref().and_then(|place| place.position.as_ref()) {
        add(snippet(mark, AnnotationKind::Primary, None));
    }
    for (part, place) in &diagnostic.related {
        let origin = format!("{}{}", visible(&place.to_string()), pointer(place));
        match &place.position {
            Some(mark) => {
                add(Origin::path(origin).into());
                add(snippet(mark, AnnotationKind::Context, Some(part)));
            }
            None => add(Origin::path(format!("{origin}: {}", visible(part))).into()),
        }
    }
    groups
}

fn snippet(mark: &Mark, kind: AnnotationKind, label: Option<&str>) -> Element<'static> {
    let (line, marked) = mark.line();
    let annotation = kind.span(marked).label(label.map(|label| visible(label).into_owned()));
    Snippet::source(line).line_start(mark.position.line).annotation(annotation).into()
}

fn pointer(place: &Place) -> String {
    if place.pointer.is_empty() { String::new() } else { format!(" ({})", visible(&place.pointer)) }
}

/// What a file says may be quoted in a message, but neither ends its line nor speaks to the terminal.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}
