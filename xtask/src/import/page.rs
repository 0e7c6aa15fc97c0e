//! A published page: which of its code blocks hold a fragment, and where in the page things stand.

mod block;
mod blocks;
mod lookalike;
mod unescape;

use serde_json::Value;

use super::canonical::{self, Canonical};
use super::lines;
pub(super) use block::Block;
use block::Kind;
use lookalike::Lookalike;
use xtask_spec::diagnostic::{Diagnostic, Id, Level, Place, Position, Problems};
use xtask_spec::limits::FRAGMENTS;
use xtask_spec::panics;
use xtask_spec::source::{Source, Syntax};
use xtask_spec::source::{json, yaml};

/// In what a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// CommonMark, with HTML in it.
    Markdown,
    /// HTML.
    Html,
}

/// Every fragment of the page `text`, in its order. What looks like one and can't be taken is said in `diagnostics`, at
/// its place in the page; that there is none at all is an error too, unless `may_be_prose`. The block that each stands in comes
/// with it.
pub(super) fn fragments(
    path: &str,
    text: &str,
    markup: Markup,
    may_be_prose: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Canonical, Block)> {
    let blocks = match panics::caught(|| all_blocks(text, markup)) {
        Ok(blocks) => blocks,
        Err(panic) => {
            let help = "save the fragment by itself, as a .json file, and import that";
            let message = format!("the Markdown parser failed on this page: {panic}");
            diagnostics.push(Diagnostic::error(Id::Page, message, help).at(Place::file(path)));
            return Vec::new();
        }
    };
    let page = Page { path, text };
    let mut found = Vec::new();
    let mut refused = false;
    let mut lookalikes = lookalike::of_text(text, &blocks);
    for block in blocks.iter().filter(|block| block.kind != Kind::Indented) {
        match page.fragment(block) {
            Ok(Read::Fragment(fragment)) => found.push((*fragment, block.clone())),
            Ok(Read::Other(value)) => {
                if let Some((message, help)) = lookalike::of_value(&value) {
                    let at = block.in_page(first(&block.text));
                    lookalikes.push(Lookalike { at, message, help, beside: Level::Warning });
                }
            }
            Ok(Read::Nothing) => {}
            Err(problems) => {
                let said = problems.into_diagnostics();
                refused |= said.iter().any(|diagnostic| diagnostic.level == Level::Error);
                diagnostics.extend(said);
            }
        }
    }
    if let Some((Canonical { place, .. }, _)) = found.get(FRAGMENTS) {
        let message = format!("a page holds {FRAGMENTS} fragments at most, and this is one more");
        let help = "save the fragments as files of their own, and import these";
        diagnostics.push(Diagnostic::error(Id::Page, message, help).at(place.clone()));
        found.truncate(FRAGMENTS);
    }
    for Lookalike { at, message, help, beside } in &lookalikes {
        let place = Place::of_bytes(path, text, lines::position(text, *at), *at..at.saturating_add(1));
        let mut said = Diagnostic::error(Id::Lookalike, *message, *help).at(place);
        if *beside == Level::Warning && !found.is_empty() {
            said.level = Level::Warning;
            said.message.push_str("; it is passed over");
        }
        diagnostics.push(said);
    }
    if found.is_empty() && !refused && lookalikes.is_empty() && !may_be_prose {
        let message = "there is no fragment on this page: no fenced code block is an OpenAPI document";
        let help =
            "leave the page out if it describes no endpoint; else see whether it was saved as Markdown, and whole";
        let place = Place::of_bytes(path, text, Position { line: 1, column: 1 }, 0..0);
        diagnostics.push(Diagnostic::error(Id::NoFragments, message, help).at(place));
    }
    found
}

fn all_blocks(text: &str, markup: Markup) -> Vec<Block> {
    match markup {
        Markup::Markdown => blocks::of_markdown(text),
        Markup::Html => blocks::of_html(text),
    }
}

/// Where the first character is that isn't white space.
fn first(text: &str) -> usize {
    text.find(|character: char| !character.is_whitespace()).unwrap_or_default()
}

/// The fragments of a page as sources that stand where they do in the page, to name places in them. What
/// can't be taken is left out: [`fragments`] says so.
pub(super) fn sources(path: &str, text: &str, markup: Markup) -> Vec<Source> {
    let page = Page { path, text };
    let mut sources = Vec::new();
    for block in panics::caught(|| all_blocks(text, markup)).unwrap_or_default() {
        if block.kind != Kind::Indented
            && let (Some(syntax), Ok(Read::Fragment(_))) = (Page::syntax(&block).0, page.fragment(&block))
        {
            let line = lines::position(text, block.range.start).line;
            sources.push(Source::new(format!("{path}:{line:08}"), path, page.alone(&block), syntax));
        }
    }
    sources
}

/// What the line begins with that newer pages have in front of their title: where the index of all pages is, and where this
/// page is published as Markdown.
pub(super) const HEAD: &str = "For the complete documentation index";

/// The address that a page gives for itself: the publisher ends pages with an example of a request to them, which
/// is nothing to act on, or begins them with a line that holds it. `None` where there is no such line, or where such lines
/// contradict each other.
pub(super) fn address(text: &str) -> Option<&str> {
    let plain = |address: &&str| {
        let characters = |character: char| character.is_ascii_graphic() && !matches!(character, '"' | '<' | '@');
        address.starts_with("https://") && address.chars().all(characters)
    };
    let asked = text.lines().filter_map(|line| Some(line.trim().strip_prefix("GET ")?.split_once("?ask=")?.0));
    let head = text.lines().find(|line| line.trim_start_matches(['>', ' ', '*', '_']).starts_with(HEAD));
    let links = head.into_iter().flat_map(|line| line.match_indices("https://").filter_map(|(at, _)| line.get(at..)));
    let links = links.map(|link| {
        let end = link.find(|character: char| character.is_whitespace() || matches!(character, ')' | '>' | '"' | ']'));
        end.and_then(|end| link.get(..end)).unwrap_or(link).trim_end_matches(['.', ',', ';'])
    });
    let mut addresses = asked.chain(links.filter(|link| link.ends_with(".md"))).filter(plain);
    let address = addresses.next()?;
    addresses.all(|other| other == address).then_some(address)
}

/// What a block holds.
enum Read {
    /// A fragment.
    Fragment(Box<Canonical>),
    /// Something else that could be read.
    Other(Value),
    /// Nothing that could.
    Nothing,
}

struct Page<'a> {
    path: &'a str,
    text: &'a str,
}

impl Page<'_> {
    /// The syntax of the fragment in `block`, `None` where it holds something else; and what that is, if it can be read.
    fn syntax(block: &Block) -> (Option<Syntax>, Option<Value>) {
        let syntax = match declared(&block.info) {
            Some(Syntax::Yaml) => Syntax::Yaml,
            _ if block.text.trim_start().starts_with(['{', '[']) => Syntax::Json,
            _ => Syntax::Yaml,
        };
        let parsed = match syntax {
            Syntax::Json => json::parse(&block.text),
            Syntax::Yaml => yaml::parse(&block.text),
        };
        match parsed {
            Ok(Value::Object(root)) if root.contains_key("openapi") => (Some(syntax), None),
            Ok(value) => (None, Some(value)),
            Err(_) => (mentions_openapi(&block.text).then_some(syntax), None),
        }
    }

    /// The code of `block`, each piece of it in the line and, where it is the first of its line, the column that it has in
    /// the page.
    fn alone(&self, block: &Block) -> String {
        let ends = block.pieces.iter().skip(1).map(|(in_block, _)| *in_block).chain([block.text.len()]);
        let mut text = String::with_capacity(block.text.len());
        let (mut at, mut line, mut column) = (0_usize, 0_usize, 0_usize);
        let mut written = 0_usize;
        for (&(in_block, in_page), end) in block.pieces.iter().zip(ends) {
            for character in self.text.get(at..in_page).unwrap_or_default().chars() {
                (line, column) =
                    if character == '\n' { (line.saturating_add(1), 0) } else { (line, column.saturating_add(1)) };
            }
            at = at.max(in_page);
            text.extend(std::iter::repeat_n('\n', line.saturating_sub(written)));
            written = written.max(line);
            if text.is_empty() || text.ends_with('\n') {
                text.extend(std::iter::repeat_n(' ', column));
            }
            let code = block.text.get(in_block..end).unwrap_or_default();
            written = written.saturating_add(code.matches('\n').count());
            text.push_str(code);
        }
        text
    }

    /// What is in `block`.
    fn fragment(&self, block: &Block) -> Result<Read, Problems> {
        let syntax = match Self::syntax(block) {
            (Some(syntax), _) => syntax,
            (None, Some(value)) => return Ok(Read::Other(value)),
            (None, None) => return Ok(Read::Nothing),
        };
        let start = first(&block.text);
        let source = Source::new(self.path, self.path, block.text.clone(), syntax);
        let parsed = canonical::parse(source).map(|canonical| {
            let at_version = in_page(self.path, self.text, block, &canonical.at_version);
            let place = self.place(block, Some(lines::position(&block.text, start)));
            Read::Fragment(Box::new(Canonical { place, at_version, ..canonical }))
        });
        parsed.map_err(|problems| {
            let mut diagnostics = problems.into_diagnostics();
            for diagnostic in &mut diagnostics {
                if let Some(place) = &mut diagnostic.place {
                    *place = in_page(self.path, self.text, block, place);
                }
                if diagnostic.id == Id::Syntax {
                    if let Some(wrong) = unusual(&block.text) {
                        diagnostic.message.push_str(wrong);
                    }
                    "save the page anew; if it is published like this, tell its publisher"
                        .clone_into(&mut diagnostic.help);
                    // Code that isn't even said to be JSON or YAML may be an excerpt.
                    if declared(&block.info).is_none() && !is_whole(block) {
                        diagnostic.level = Level::Warning;
                        diagnostic.message.push_str("; this block is passed over");
                    }
                }
            }
            Problems::from_errors(diagnostics)
        })
    }

    /// Where in the page what stands at `position` in `block` is; where the block's code begins, without one.
    fn place(&self, block: &Block, position: Option<Position>) -> Place {
        let position = position.unwrap_or(Position { line: 1, column: 1 });
        let in_page = block.in_page(lines::offset(&block.text, position));
        Place::of_bytes(self.path, self.text, lines::position(self.text, in_page), in_page..in_page.saturating_add(1))
    }
}

/// Where in a page stands what is at `place` in a block of it.
pub(super) fn in_page(path: &str, text: &str, block: &Block, place: &Place) -> Place {
    let position = place.position.as_ref().map(|mark| mark.position);
    Place { pointer: place.pointer.clone(), ..Page { path, text }.place(block, position) }
}

/// The syntax that a block's info string names: `json`, `JSON title="…"`, `{.yaml}`.
fn declared(info: &str) -> Option<Syntax> {
    let first = info.split_whitespace().next()?.to_ascii_lowercase();
    first.split(|character: char| !character.is_ascii_alphanumeric()).find_map(|word| match word {
        "json" => Some(Syntax::Json),
        "yaml" | "yml" => Some(Syntax::Yaml),
        _ => None,
    })
}

/// Whether code that doesn't parse was meant as a fragment.
fn mentions_openapi(code: &str) -> bool {
    let quoted =
        |name: &str| ["\"", "“", "”", "„", "'", "‘", "’"].iter().any(|quote| code.contains(&format!("{quote}{name}")));
    ["openapi", "swagger"].iter().any(|name| quoted(name))
        || code.lines().any(|line| line.starts_with("openapi:") || line.starts_with("swagger:"))
}

/// Whether code that doesn't parse has the beginning of a document, with what it is of: it is no excerpt, then.
fn is_whole(block: &Block) -> bool {
    let code: String = block.text.chars().filter(|character| !character.is_whitespace()).take(40).collect();
    block.kind == Kind::Html
        || (code.starts_with('{') && code.contains("openapi") && code.contains("3.") && block.text.contains("paths"))
}

/// What an editor or a browser makes of code, which nobody sees.
fn unusual(code: &str) -> Option<&'static str> {
    if code.contains(['“', '”', '„']) && !code.contains("\"openapi\"") {
        return Some("; its quotes are typographic ones, as a program sets them that is for prose");
    }
    let blank = |character: char| matches!(character, '\u{a0}' | '\u{200b}' | '\u{2028}' | '\u{feff}');
    code.contains(blank).then_some("; it holds blanks that aren't those of JSON, such as no-break spaces")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documents on a page by the place of their code, and what was said.
    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let mut diagnostics = Vec::new();
        let found = fragments("p.md", text, Markup::Markdown, false, &mut diagnostics);
        let shown = |(found, _): &(Canonical, Block)| format!("{} {}", found.place, found.document["x"]);
        let said = diagnostics.iter().map(|diagnostic| diagnostic.to_string().lines().next().unwrap().to_owned());
        (found.iter().map(shown).collect(), said.collect())
    }

    fn found(text: &str) -> Vec<String> {
        let (found, said) = read(text);
        assert_eq!(said, Vec::<String>::new(), "{text}");
        found
    }

    #[test]
    fn every_fence_with_an_openapi_document_is_a_fragment() {
        for (text, expected) in [
            ("```json\n{\"openapi\":\"3.1.1\",\"x\":1}\n```\n", "p.md:2:1 1"),
            ("Text\n```\n\n {\"openapi\":\"3.1.1\",\"x\":1}\n```\n", "p.md:4:2 1"),
            ("~~~ JSON title=\"a `b`\"\n{\"openapi\":\"3.1.1\",\"x\":\"```\"}\n~~~\n", "p.md:2:1 \"```\""),
            ("````json\r\n{\"openapi\":\"3.1.1\",\r\n\"x\":2}\r\n````\r\n", "p.md:2:1 2"),
            ("   ```yaml\n   openapi: 3.1.1\n   x:\n     y: 1\n   ```\n", "p.md:2:4 {\"y\":1}"),
            ("```yml\n# a comment\nopenapi: 3.1.1\nx: 1\n```", "p.md:2:1 1"),
            ("{% hint style=\"info\" %}\n```json\n{\"openapi\":\"3.1.1\",\"x\":1}\n```\n{% endhint %}\n", "p.md:3:1 1"),
            ("| a | b |\n|---|---|\n```json\n{\"openapi\":\"3.1.1\",\"x\":1}\n```\n", "p.md:4:1 1"),
            ("1. One\n\n   > ```json\n   > {\"openapi\":\"3.1.1\",\n   > \"x\":1}\n   > ```\n", "p.md:4:6 1"),
            ("```json\n{\"openapi\":\"3.1.1\",\"x\":1}\n", "p.md:2:1 1"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_page_holds_so_many_fragments_and_no_more() {
        let block = "```json\n{\"openapi\": \"3.1.0\", \"info\": {}, \"paths\": {}}\n```\n";
        let (taken, said) = read(&block.repeat(FRAGMENTS));
        assert_eq!((taken.len(), said), (64, Vec::new()));
        let (_, said) = read(&block.repeat(FRAGMENTS + 1));
        assert_eq!(said, ["p.md:194:1: error[page]: a page holds 64 fragments at most, and this is one more"]);
    }

    #[test]
    fn other_code_is_passed_over() {
        let fence = |info: &str, code: &str| format!("```{info}\n{code}\n```\n\n");
        let page = [
            fence("json", "{\"openapi\":\"3.1.1\",\"x\":1}"),
            fence("json", "{\"id\": \"an example of a response\"}"),
            fence("json", "{ \"id\": 1, ... }"),
            fence("json", ""),
            fence("http", "GET https://example.org/p.md?ask=<question>"),
            fence("yaml", "- openapi: 3.1.1"),
            fence("yaml", "a: [1"),
            fence("bash", "curl --header 'openapi: 1'"),
            fence("yaml", "openapi: 3.1.1\nx: 2"),
        ];
        assert_eq!(found(&page.concat()), ["p.md:2:1 1", "p.md:34:1 2"]);
    }

    #[test]
    fn a_broken_block_is_named_by_its_place_in_the_page() {
        for (text, message) in [
            (
                "# T\n\n```json\n{\"openapi\": \"3.1.1\",}\n```\n",
                "p.md:4:21: error[syntax]: not valid JSON: trailing comma",
            ),
            (
                "- é\n\n  > ```json\n  > {\n  > \"é\": 1, \"openapi\" 2}\n  > ```\n",
                "p.md:5:23: error[syntax]: not valid JSON: expected `:`",
            ),
            (
                "- a\n\n  ```yaml\n  openapi: 3.1.1\n  a: 1\n  a: 2\n  ```\n",
                "p.md:6:3: error[syntax]: not valid YAML: the key `a` stands twice in this mapping",
            ),
            (
                "```json\r\n{\r\n  \"openapi\": \"2.0\"}\r\n```\r\n",
                "p.md:3:3: error[version]: OpenAPI version \"2.0\" is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
            ),
            (
                "```json\n{\"openapi\": \"3.1.1\"",
                "p.md:2:19: error[syntax]: not valid JSON: EOF while parsing an object",
            ),
            (
                "# T\n\n```json\n{}\n```\n",
                "p.md:1:1: error[no-fragments]: there is no fragment on this page: no fenced code block is an OpenAPI document",
            ),
            (
                "",
                "p.md:1:1: error[no-fragments]: there is no fragment on this page: no fenced code block is an OpenAPI document",
            ),
        ] {
            assert_eq!(read(text), (vec![], vec![message.to_owned()]), "{text}");
        }
    }

    #[test]
    fn broken_code_of_no_declared_syntax_is_passed_over_with_a_warning() {
        let text = "```\n{\"openapi\": ...}\n```\n```json\n{\"openapi\": \"3.1.1\"}\n```\n";
        let (found, said) = read(text);
        assert_eq!(found, ["p.md:5:1 null"]);
        assert_eq!(said, ["p.md:2:13: warning[syntax]: not valid JSON: expected value; this block is passed over"]);
    }

    #[test]
    fn a_page_names_its_address_in_its_last_section() {
        let line = |address: &str| format!("Text\n\n```\nGET {address}?ask=<question>\n```\n");
        assert_eq!(address(&line("https://example.org/a/p.md")), Some("https://example.org/a/p.md"));
        let head = |link: &str| {
            format!(
                "> For the complete documentation index, see [llms.txt](https://example.org/llms.txt). This page is [here]({link}).\n\n# A\n"
            )
        };
        assert_eq!(address(&head("https://example.org/a/p.md")), Some("https://example.org/a/p.md"));
        assert_eq!(
            address(&(head("https://example.org/a/p.md") + &line("https://example.org/a/p.md"))),
            Some("https://example.org/a/p.md")
        );
        for text in [
            head("https://example.org/a/p.md") + &line("https://example.org/q.md"),
            head("http://example.org/a/p.md"),
            line("http://example.org/p.md"),
            line("https://example.org/a b.md"),
            line("https://me@example.org/p.md"),
            line("https://example.org/p.md") + &line("https://example.org/q.md"),
            "GET https://example.org/p.md".to_owned(),
        ] {
            assert_eq!(address(&text), None, "{text}");
        }
    }
}
