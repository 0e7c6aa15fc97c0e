//! The statements of a page: what it says besides the fragments on it.
//!
//! A statement is a paragraph, an item of a list, a row of a table or a heading (that an endpoint is deprecated may be
//! said there); a hint or a quote is no statement itself, the paragraphs in it are. Where a quote breaks its lines
//! twice, which is how the publisher prints the empty line of a description, a paragraph ends too. Code is none, and
//! neither is the section that some pages end with to say how questions may be asked over HTTP.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::ground::digest;
use super::lines;
use super::page::{HEAD, Markup};
use xtask_spec::diagnostic::{Diagnostic, Id, Place};
use xtask_spec::panics;

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its words: without their markup, a space between two of them.
    pub(super) text: String,
    /// Of the words, so that another markup or line break is no other statement.
    pub(super) digest: String,
    /// Where it stands in the page, in bytes.
    pub(super) range: Range<usize>,
}

/// What one page says.
#[derive(Debug)]
pub(super) struct Prose {
    file: String,
    text: String,
    statements: Vec<Statement>,
}

impl Prose {
    /// The page `text`, which `file` is the name of.
    pub(super) fn read(file: &str, text: &str, markup: Markup, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let read = || match markup {
            Markup::Markdown => statements(text),
            Markup::Html => statements_of_html(text),
        };
        let found = panics::caught(read).unwrap_or_else(|panic| {
            let message = format!("the Markdown parser failed on the prose of this page: {panic}");
            let help =
                "import its fragment by itself, as a .json file; the rules that rest on the page can't be watched";
            diagnostics.push(Diagnostic::error(Id::Page, message, help).at(Place::file(file)));
            Vec::new()
        });
        Self { file: file.to_owned(), text: text.to_owned(), statements: found }
    }

    /// The digests of its statements, in its order.
    pub(super) fn digests(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().map(|statement| statement.digest.as_str())
    }

    /// The statements that appeared since the page had the statements `old`, whole.
    pub(super) fn appeared<'p>(&'p self, old: &'p [String]) -> impl Iterator<Item = &'p str> {
        let new = self.statements.iter().filter(|statement| !old.contains(&statement.digest));
        new.map(|statement| statement.text.as_str())
    }

    /// Says what appeared since the page had the statements `old`, and how much vanished; `None` where nothing did.
    pub(super) fn changes(&self, old: &[String]) -> Option<Diagnostic> {
        let (before, now): (HashSet<&str>, HashSet<&str>) =
            (old.iter().map(String::as_str).collect(), self.digests().collect());
        let vanished = before.difference(&now).count();
        let appeared: Vec<&Statement> =
            self.statements.iter().filter(|statement| !before.contains(statement.digest.as_str())).collect();
        if vanished == 0 && appeared.is_empty() {
            return None;
        }
        let count = |count: usize| if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
        let message = format!("{} of this page vanished, and {} appeared", count(vanished), count(appeared.len()));
        let help =
            "read what appeared: the code may have to follow it; which rules rested on what vanished is said apart";
        let diagnostic = Diagnostic::warning(Id::Statements, message, help).at(Place::file(&self.file));
        Some(appeared.iter().take(SHOWN).fold(diagnostic, |diagnostic, statement| {
            let Statement { digest, range, .. } = statement;
            let place =
                Place::of_bytes(&self.file, &self.text, lines::position(&self.text, range.start), range.clone());
            diagnostic.with(format!("appeared; its digest is {digest}"), place)
        }))
    }
}

/// So many statements that appeared are shown of a page; where there are more, it is another page altogether.
const SHOWN: usize = 30;

/// The statements of the page `text`, in its order, each once.
fn statements(text: &str) -> Vec<Statement> {
    let text = without_templates(text);
    let furniture = furniture(&text);
    let mut collector = Collector::default();
    for (event, range) in parser(&text) {
        collector.take(event, range);
    }
    collector.flush();
    let mut known = HashSet::new();
    let mut statements = collector.statements;
    // The head of newer pages is furniture as the foot is: it is in front of the title.
    if let Some(head) = statements.iter().take(2).position(|statement| statement.text.starts_with(HEAD)) {
        statements.remove(head);
    }
    statements.retain(|statement| {
        let is_furniture = furniture.as_ref().is_some_and(|range| range.contains(&statement.range.start));
        !is_furniture && known.insert(statement.digest.clone())
    });
    statements
}

/// The statements of a page in HTML: of what is seen of it, that is, without its head, its programs and its code.
fn statements_of_html(text: &str) -> Vec<Statement> {
    let lower = text.to_ascii_lowercase();
    let find = |what: &str, from: usize| lower.get(from..)?.find(what).map(|at| from.saturating_add(at));
    let mut seen = String::with_capacity(text.len());
    let mut from = 0;
    while from < text.len() {
        let unseen = ["head", "script", "style", "pre", "svg", "template"].into_iter();
        let next = unseen
            .filter_map(|name| {
                Some((
                    find(&format!("<{name}>"), from).into_iter().chain(find(&format!("<{name} "), from)).min()?,
                    name,
                ))
            })
            .min();
        let Some((start, name)) = next else { break };
        let end = find(&format!("</{name}"), start).unwrap_or(text.len());
        seen.push_str(text.get(from..start).unwrap_or_default());
        // Every byte stays where it is.
        seen.extend(std::iter::repeat_n(' ', end.saturating_sub(start)));
        from = end;
    }
    seen.push_str(text.get(from..).unwrap_or_default());
    let mut collector = Collector::default();
    collector.take_html(&seen, 0);
    let mut known = HashSet::new();
    let mut statements = collector.statements;
    statements.retain(|statement| known.insert(statement.digest.clone()));
    statements
}

fn parser(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).into_offset_iter()
}

/// The page with the publisher's template tags, `{% hint style="info" %}`, as white space: Markdown takes them for
/// text, and for the beginning of the paragraph below them. Every byte stays where it is.
fn without_templates(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while let Some((before, tag)) = rest.split_once("{%") {
            let Some((tag, after)) = tag.split_once("%}") else { break };
            plain.push_str(before);
            plain.extend(std::iter::repeat_n(' ', tag.len().saturating_add("{%%}".len())));
            rest = after;
        }
        plain.push_str(rest);
    }
    plain
}

/// The section that offers to answer questions: it is known by its example of a request to the page itself, begins with
/// the last heading of the first level or line across the page before that, and ends with the next such heading.
fn furniture(text: &str) -> Option<Range<usize>> {
    let mut begin = None;
    let mut titles = 0_usize;
    let mut in_code = false;
    let mut section: Option<usize> = None;
    for (event, range) in parser(text) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                if let Some(start) = section {
                    return Some(start..range.start);
                }
                // The first is the page's own.
                titles = titles.saturating_add(1);
                if titles > 1 {
                    begin = Some(range.start);
                }
            }
            Event::Rule => begin = Some(range.start),
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(code) if in_code => {
                let asks = code.lines().any(|line| line.trim().starts_with("GET ") && line.contains("?ask="));
                if asks && section.is_none() {
                    section = Some(begin.unwrap_or(range.start));
                }
            }
            _ => {}
        }
    }
    section.map(|start| start..text.len())
}

/// Gathers the words between two boundaries of blocks.
#[derive(Default)]
struct Collector {
    statements: Vec<Statement>,
    words: String,
    range: Option<Range<usize>>,
    /// A line was broken, and there has been no word since.
    broken: bool,
    /// Inside code, or what stands in front of a page.
    skipping: bool,
    html: Option<(String, usize)>,
}

impl Collector {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => {
                self.flush();
                self.skipping = true;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => self.skipping = false,
            Event::Start(Tag::HtmlBlock) => {
                self.flush();
                self.html = Some((String::new(), range.start));
            }
            Event::End(TagEnd::HtmlBlock) => {
                if let Some((html, start)) = self.html.take() {
                    self.take_html(&html, start);
                }
            }
            Event::Html(html) => {
                if let Some((block, _)) = &mut self.html {
                    block.push_str(&html);
                }
            }
            Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::TableCell,
            )
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image) => {}
            Event::End(TagEnd::TableCell) => self.push(" | ", range),
            Event::Start(_) | Event::End(_) | Event::Rule => self.flush(),
            Event::Text(words) | Event::Code(words) if !self.skipping => self.push(&words, range),
            Event::SoftBreak => self.push(" ", range),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.push(" ", range),
            Event::HardBreak if self.broken => self.flush(),
            Event::HardBreak => {
                self.push(" ", range);
                self.broken = true;
            }
            _ => {}
        }
    }

    fn push(&mut self, words: &str, range: Range<usize>) {
        self.words.push_str(words);
        if words.chars().any(char::is_alphanumeric) {
            self.broken = false;
            let start = self.range.as_ref().map_or(range.start, |known| known.start);
            self.range = Some(start..range.end);
        }
    }

    /// A block of HTML, of which the tags that make blocks are boundaries and all others nothing.
    fn take_html(&mut self, html: &str, start: usize) {
        let mut rest = html;
        while let Some((words, tag)) = rest.split_once('<') {
            let at = start.saturating_add(html.len().saturating_sub(rest.len()));
            self.push(words, at..at.saturating_add(words.len()));
            let (tag, after) = match tag.strip_prefix("!--") {
                Some(comment) => ("", comment.split_once("-->").map_or("", |(_, after)| after)),
                None => tag.split_once('>').unwrap_or((tag, "")),
            };
            let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
            match name.unwrap_or_default().to_ascii_lowercase().as_str() {
                "p" | "li" | "ul" | "ol" | "tr" | "table" | "div" | "details" | "summary" | "h1" | "h2" | "h3"
                | "h4" | "h5" | "h6" | "blockquote" => self.flush(),
                "td" | "th" if tag.starts_with('/') => self.push(" | ", at..at),
                "br" => self.push(" ", at..at),
                _ => {}
            }
            rest = after;
        }
        let at = start.saturating_add(html.len().saturating_sub(rest.len()));
        self.push(rest, at..at.saturating_add(rest.len()));
        self.flush();
    }

    /// What was gathered is a statement, if there is a word in it.
    fn flush(&mut self) {
        self.broken = false;
        let words = std::mem::take(&mut self.words);
        let Some(range) = self.range.take() else { return };
        // The publisher's editor leaves characters without width behind.
        let visible: String = words.chars().filter(|character| !matches!(character, '\u{200b}' | '\u{feff}')).collect();
        let text = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_end_matches(" |").to_owned();
        self.statements.push(Statement { digest: digest(&text), text, range });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(page: &str) -> Vec<String> {
        statements(page).into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn paragraphs_items_rows_and_headings_are_a_statement_each() {
        for (page, expected) in [
            ("One\nline.\n\nAnother.\n", vec!["One line.", "Another."]),
            ("# A _title_ #\n\nAnd\n===\n\n#### More\n", vec!["A title", "And", "More"]),
            ("* one\n* two\n  lines\n\n  and a paragraph\n", vec!["one", "two lines", "and a paragraph"]),
            ("1. outer\n   - inner\n\n   rest\n", vec!["outer", "inner", "rest"]),
            ("| a | b |\n|---|:-:|\n| 1 | `2` |\n| 3 | |\n", vec!["a | b", "1 | 2", "3"]),
            ("> A quote\n> > in a quote\n\n---\nend", vec!["A quote", "in a quote", "end"]),
            ("Text\n\n```json\n{\"code\": 1}\n```\n\n    indented\n\n~~~\nrest", vec!["Text"]),
            ("🚧\n\n***\n\n&nbsp;\n", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(texts(page), expected, "{page:?}");
        }
    }

    #[test]
    fn a_paragraph_ends_where_its_lines_are_broken_twice() {
        let page = "> One thing or\\\n> another.\\\n> \\\n> A second\\\n> one.  \n>   \n> A third.<br>\n";
        assert_eq!(texts(page), ["One thing or another.", "A second one.", "A third."]);
    }

    #[test]
    fn a_hint_is_the_paragraphs_in_it() {
        let page = "{% hint style=\"info\" %}\n**Mind** this.\n\nAnd this. {% endhint %}\n{% tabs %}\nPlain {% code %}x\n{% open\n";
        assert_eq!(texts(page), ["Mind this.", "And this.", "Plain x {% open"]);
    }

    #[test]
    fn html_is_read_by_its_blocks() {
        let page = "<table><tr><td>a</td><td>b <b>c</b></td></tr>\n<tr><td>d<br>e</td></tr></table>\n\n\
                    <details>\n<summary>More</summary>\nText <!-- not > this -->here\n</details>\n\nLine<br/>and <u>rest</u>.\n";
        assert_eq!(texts(page), ["a | b c", "d e", "More", "Text here", "Line and rest."]);
    }

    #[test]
    fn markup_line_breaks_and_addresses_make_no_other_statement() {
        let same = [
            "Use `a_b` if *c* is set, see the page.",
            "Use a\\_b if\n__c__ is  set,\u{a0}see [the page](https://example.org/1).",
            "* Use a_b if c is set, see\u{200b} [the page](https://example.org/2 \"title\").\n",
            "> Use `a_b` if c \\\n> is set, see the page.<br>",
        ];
        for page in same {
            assert_eq!(texts(page), ["Use a_b if c is set, see the page."], "{page:?}");
        }
        let digests: Vec<String> = same.iter().map(|page| statements(page)[0].digest.clone()).collect();
        assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
        assert_ne!(statements("use `a_b` if c is set, see the page.")[0].digest, digests[0]);
    }

    #[test]
    fn what_is_said_twice_is_one_statement() {
        assert_eq!(texts("One.\n\nTwo.\n\n* One.\n"), ["One.", "Two."]);
    }

    #[test]
    fn a_statement_stands_where_its_words_do() {
        let page = "# A\n\n{% hint %}\n> * Some *words* here\n{% endhint %}\n\n<p>ab</p>\n";
        let found: Vec<&str> = statements(page).iter().map(|statement| &page[statement.range.clone()]).collect();
        assert_eq!(found, ["A", "Some *words* here", "ab"]);
    }

    proptest! {
        #[test]
        fn any_page_has_statements_of_words_in_it(page in "([#>*|{%}<!\\-/`\\\\ \n\t_()\\[\\]é\u{200b}]|br|li|a b|---|\\|-\\||GET x\\?ask=){0,60}") {
            for Statement { text, digest, range } in statements(&page) {
                prop_assert!(page.get(range.clone()).is_some_and(|words| !words.is_empty()), "{range:?} of {page:?}");
                prop_assert!(text.chars().any(char::is_alphanumeric), "{text:?}");
                prop_assert_eq!(text.trim(), &text);
                prop_assert_eq!(digest, super::digest(&text));
            }
            // The publisher's tags are no words, whatever is in them.
            let tagged = format!("{{% hint style=\"é\" %}}\n\n{page}");
            let texts = |page: &str| statements(page).into_iter().map(|one| one.text).collect::<Vec<_>>();
            prop_assert_eq!(texts(&tagged), texts(&format!("\n\n{page}")));
        }
    }

    #[test]
    fn the_section_that_offers_to_answer_questions_is_none() {
        let ask = "```\nGET https://example.org/a.md?ask=<question>\n```\n";
        for (page, expected) in [
            (format!("# A\n\nText\n\n---\n\n# Ask\n\nYou may.\n\n{ask}\nOr not.\n"), vec!["A", "Text"]),
            (format!("# A\n\nText\n\n---\n\n# Ask\n\n## How\n\nSo.\n\n{ask}\nOr not.\n"), vec!["A", "Text"]),
            (format!("# A\n\nText\n\n---\n\nYou may.\n\n{ask}\nOr not.\n"), vec!["A", "Text"]),
            (format!("# A\n\n# Ask\n\n{ask}\nSo.\n\n# B\n\nText\n"), vec!["A", "B", "Text"]),
            (format!("# A\n\nText\n\n{ask}\nOr not.\n"), vec!["A", "Text"]),
            (
                "# A\n\n---\n\nGET x?ask=1\n\n```\nGET /v1/im\n```\n\nText\n".to_owned(),
                vec!["A", "GET x?ask=1", "Text"],
            ),
        ] {
            assert_eq!(texts(&page), expected, "{page}");
        }
    }
}
