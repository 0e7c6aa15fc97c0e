//! A published page: which of its code blocks hold a fragment, and where in the page things stand.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::canonical::{self, Canonical};
use super::lines;
use xtask_spec::diagnostic::{Diagnostic, Id, Level, Place, Position, Problems};
use xtask_spec::panics;
use xtask_spec::source::{Source, Syntax};
use xtask_spec::source::{json, yaml};

/// A fenced code block.
#[derive(Debug, Default)]
struct Block {
    /// What stands behind the opening fence.
    info: String,
    /// The code, without what a list or quote around it puts in front of each line.
    text: String,
    /// Byte offsets in `text` and in the page that belong together, ascending.
    pieces: Vec<(usize, usize)>,
    /// The opening fence, as a byte offset in the page.
    fence: usize,
}

/// Every fragment of the page `text`, in its order. What looks like one and can't be taken is said in `diagnostics`, at
/// its place in the page; that there is none at all is an error too.
pub(super) fn fragments(path: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Canonical> {
    let blocks = match panics::caught(|| blocks(text)) {
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
    for block in blocks {
        match page.fragment(&block) {
            Ok(fragment) => found.extend(fragment),
            Err(problems) => {
                let said = problems.into_diagnostics();
                refused |= said.iter().any(|diagnostic| diagnostic.level == Level::Error);
                diagnostics.extend(said);
            }
        }
    }
    if found.is_empty() && !refused {
        let message = "there is no fragment on this page: no fenced code block is an OpenAPI document";
        let help =
            "leave the page out if it describes no endpoint; else see whether it was saved as Markdown, and whole";
        let place = Place::of_bytes(path, text, Position { line: 1, column: 1 }, 0..0);
        diagnostics.push(Diagnostic::error(Id::NoFragments, message, help).at(place));
    }
    found
}

/// The fragments of a page as sources that stand where they do in the page, for whoever has to name places in them. What
/// can't be taken is left out: [`fragments`] says so.
pub(super) fn sources(path: &str, text: &str) -> Vec<Source> {
    let page = Page { path, text };
    let mut sources = Vec::new();
    for block in panics::caught(|| blocks(text)).unwrap_or_default() {
        if let (Some(syntax), Ok(Some(_))) = (Page::syntax(&block), page.fragment(&block)) {
            let line = lines::position(text, block.fence).line;
            sources.push(Source::new(format!("{path}:{line:08}"), path, page.blanked(&block), syntax));
        }
    }
    sources
}

/// The address that a page gives for itself: the publisher ends pages with an example of a request to them, which
/// is nothing to act on. `None` where there is no such line, or where such lines contradict each other.
pub(super) fn address(text: &str) -> Option<&str> {
    let mut addresses = text.lines().filter_map(|line| {
        let (address, _) = line.trim().strip_prefix("GET ")?.split_once("?ask=")?;
        let plain =
            address.chars().all(|character| character.is_ascii_graphic() && !matches!(character, '"' | '<' | '@'));
        (plain && address.starts_with("https://")).then_some(address)
    });
    let address = addresses.next()?;
    addresses.all(|other| other == address).then_some(address)
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some(Block { info: info.into_string(), fence: range.start, ..Block::default() });
            }
            Event::Text(code) => {
                if let Some(block) = &mut open {
                    block.pieces.push((block.text.len(), range.start));
                    block.text.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

struct Page<'a> {
    path: &'a str,
    text: &'a str,
}

impl Page<'_> {
    /// The syntax of the fragment in `block`; `None` where it holds something else.
    fn syntax(block: &Block) -> Option<Syntax> {
        let syntax = match declared(&block.info) {
            Some(Syntax::Yaml) => Syntax::Yaml,
            _ if block.text.trim_start().starts_with('{') => Syntax::Json,
            _ => Syntax::Yaml,
        };
        let parsed = match syntax {
            Syntax::Json => json::parse(&block.text),
            Syntax::Yaml => yaml::parse(&block.text),
        };
        let taken = match &parsed {
            Ok(Value::Object(root)) => root.contains_key("openapi"),
            Ok(_) => false,
            Err(_) => mentions_openapi(&block.text),
        };
        taken.then_some(syntax)
    }

    /// The page with everything but `block`'s code blanked out, so that what stands in the code stands where it does in
    /// the page.
    fn blanked(&self, block: &Block) -> String {
        let ends = block.pieces.iter().skip(1).map(|(in_block, _)| *in_block).chain([block.text.len()]);
        let mut code = block
            .pieces
            .iter()
            .zip(ends)
            .map(|((in_block, in_page), end)| *in_page..in_page.saturating_add(end.saturating_sub(*in_block)));
        let mut piece = code.next();
        let mut text = String::with_capacity(self.text.len());
        for (at, character) in self.text.char_indices() {
            while piece.as_ref().is_some_and(|piece| piece.end <= at) {
                piece = code.next();
            }
            let kept = character == '\n' || piece.as_ref().is_some_and(|piece| piece.contains(&at));
            text.push(if kept { character } else { ' ' });
        }
        text
    }

    /// The fragment in `block`; `None` where it holds something else.
    fn fragment(&self, block: &Block) -> Result<Option<Canonical>, Problems> {
        let Some(syntax) = Self::syntax(block) else { return Ok(None) };
        let start = block.text.find(|character: char| !character.is_whitespace()).unwrap_or_default();
        let source = Source::new(self.path, self.path, block.text.clone(), syntax);
        let parsed = canonical::parse(source).map(|canonical| {
            let place = self.place(block, Some(lines::position(&block.text, start)));
            Some(Canonical { place, ..canonical })
        });
        parsed.map_err(|problems| {
            let mut diagnostics = problems.into_diagnostics();
            for diagnostic in &mut diagnostics {
                if let Some(place) = &mut diagnostic.place {
                    *place = Place {
                        pointer: std::mem::take(&mut place.pointer),
                        ..self.place(block, place.position.as_ref().map(|mark| mark.position))
                    };
                }
                if diagnostic.id == Id::Syntax {
                    "save the page anew; if it is published like this, tell its publisher"
                        .clone_into(&mut diagnostic.help);
                    // Code that isn't even said to be JSON or YAML may be an excerpt.
                    if declared(&block.info).is_none() {
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
        let in_block = lines::offset(&block.text, position);
        let piece = block.pieces.iter().rev().find(|(in_block_from, _)| *in_block_from <= in_block);
        let in_page = piece.map_or(block.fence, |(in_block_from, in_page_from)| {
            in_page_from.saturating_add(in_block.saturating_sub(*in_block_from))
        });
        Place::of_bytes(self.path, self.text, lines::position(self.text, in_page), in_page..in_page.saturating_add(1))
    }
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
    code.contains("\"openapi\"") || code.lines().any(|line| line.starts_with("openapi:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documents on a page by the place of their code, and what was said.
    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let mut diagnostics = Vec::new();
        let found = fragments("p.md", text, &mut diagnostics);
        let shown = |found: &Canonical| format!("{} {}", found.place, found.document["x"]);
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
            "    {\"openapi\":\"3.1.1\",\"x\":\"indented code is no fence\"}\n\n".to_owned(),
            fence("yaml", "openapi: 3.1.1\nx: 2"),
        ];
        assert_eq!(found(&page.concat()), ["p.md:2:1 1", "p.md:36:1 2"]);
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
        for text in [
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
