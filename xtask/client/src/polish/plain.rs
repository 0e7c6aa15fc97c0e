//! One way from any text to the text of a doc comment: nothing in it is run, hidden, or changed by a checkout.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, File, Lit, LitStr, Meta};
use xtask_spec::hidden;

/// Makes all doc comments of a file plain.
pub(crate) fn docs(file: &mut File) {
    struct Docs;
    impl VisitMut for Docs {
        fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
            if let Meta::NameValue(meta) = &mut attribute.meta
                && meta.path.is_ident("doc")
                && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &mut meta.value
            {
                let value = text.value();
                if let Cow::Owned(plain) = plain(&value) {
                    *text = LitStr::new(&plain, text.span());
                }
            }
            visit_mut::visit_attribute_mut(self, attribute);
        }
    }
    Docs.visit_file_mut(file);
}

/// The text with line feeds alone at the ends of its lines, without characters that nobody sees, and with code that is shown
/// and not run: rustdoc takes what is indented or fenced for a test, unless it is said to be `text`.
fn plain(text: &str) -> Cow<'_, str> {
    let is_odd = |character: char| hidden::is_hidden(character) && !matches!(character, '\n' | '\t');
    if !text.contains(is_odd) && !text.contains(['\n', '`', '~', '\t']) && !text.contains("    ") {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").replace('\r', "\n").chars() {
        if is_odd(character) {
            seen.extend(character.escape_unicode());
        } else {
            seen.push(character);
        }
    }
    let shown = unrun(&seen);
    if !code(&shown).is_empty() {
        // Whatever it is, it is shown as it is.
        let longest = seen.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.saturating_add(3).max(3));
        return Cow::Owned(format!("{fence}text\n{}\n{fence}", seen.trim_end_matches('\n')));
    }
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

/// A block of code that would be run.
enum Code {
    /// Its opening fence, with what stands behind it.
    Fenced(Range<usize>),
    /// Its lines, without what is in front of them.
    Indented(Vec<Range<usize>>),
}

/// The blocks of code that rustdoc would run.
fn code(text: &str) -> Vec<Code> {
    // As rustdoc reads it.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut found = Vec::new();
    let mut lines: Option<Vec<Range<usize>>> = None;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if *info != *"text" => {
                let rest = text.get(range.clone()).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default();
                found.push(Code::Fenced(range.start..range.start.saturating_add(line.len())));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => lines = Some(Vec::new()),
            Event::Text(_) => lines.iter_mut().for_each(|lines| lines.push(range.clone())),
            Event::End(TagEnd::CodeBlock) => found.extend(lines.take().map(Code::Indented)),
            _ => {}
        }
    }
    found
}

/// Makes `text` of all code.
fn unrun(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut done = 0;
    for code in code(text) {
        match code {
            Code::Fenced(line) => {
                let fence = text.get(line.clone()).unwrap_or_default();
                let ticks = fence.len().saturating_sub(fence.trim_start_matches(['`', '~']).len());
                plain.push_str(text.get(done..line.start.saturating_add(ticks)).unwrap_or_default());
                plain.push_str("text");
                done = line.end;
            }
            Code::Indented(lines) => {
                let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
                let code = text.get(first.start..last.end).unwrap_or_default();
                let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.saturating_add(1).max(3));
                let before = text.get(..first.start).unwrap_or_default();
                let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
                let prefix = text.get(start..first.start).unwrap_or_default();
                let prefix = prefix.strip_suffix("    ").or_else(|| prefix.strip_suffix('\t')).unwrap_or(prefix);
                // What begins a list can't stand in front of a second line.
                let next: String = prefix.chars().map(|character| if character == '>' { '>' } else { ' ' }).collect();
                plain.push_str(text.get(done..start).unwrap_or_default());
                plain.push_str(&format!("{prefix}{fence}text\n"));
                for line in &lines {
                    let line = text.get(line.clone()).unwrap_or_default();
                    for line in line.strip_suffix('\n').unwrap_or(line).split('\n') {
                        plain.push_str(format!("{next}{line}").trim_end());
                        plain.push('\n');
                    }
                }
                plain.push_str(&format!("{next}{fence}\n"));
                done = last.end;
            }
        }
    }
    plain.push_str(text.get(done..).unwrap_or_default());
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn code_is_shown_and_not_run() {
        for (text, expected) in [
            ("One line.", "One line."),
            ("Two\nlines, `code` and ~~no~~ fence.", "Two\nlines, `code` and ~~no~~ fence."),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("```\npanic!()\n```", "```text\npanic!()\n```"),
            ("```rust,should_panic\npanic!()\n```\n\n~~~~\nx\n~~~~\n", "```text\npanic!()\n```\n\n~~~~text\nx\n~~~~\n"),
            ("```text\nx\n```", "```text\nx\n```"),
            ("a\n\n    panic!()\n\n    b\n\nc", "a\n\n```text\npanic!()\n\nb\n```\n\nc"),
            ("a\n\n\tpanic!()\n", "a\n\n```text\npanic!()\n```\n"),
            ("* a\n\n      panic!()\n", "* a\n\n  ```text\n  panic!()\n  ```\n"),
            ("> ```\n> panic!()\n> ```\n", "> ```text\n> panic!()\n> ```\n"),
            (">     panic!()\n>     x\n", "> ```text\n> panic!()\n> x\n> ```\n"),
            ("a\n\n    ```\n", "a\n\n````text\n```\n````\n"),
            ("```\nunclosed", "```text\nunclosed"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_has_code_that_is_run(text in "([>*\\-`~ \t\n\r#1.a\\\\|\u{202e}]|    |```|\n\n|- ){0,40}") {
            let once = plain(&text).into_owned();
            prop_assert!(code(&once).is_empty(), "{text:?}: {once:?}");
            let odd = |character: char| hidden::is_hidden(character) && !matches!(character, '\n' | '\t');
            prop_assert!(!once.contains(odd), "{once:?}");
        }
    }
}
