//! The blocks of code of a page, in Markdown and in HTML.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::block::{Block, Kind};
use super::unescape::unescaped;

/// The blocks of a page in Markdown, in its order.
pub(super) fn of_markdown(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in Parser::new_ext(page, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let (kind, info) = match kind {
                    CodeBlockKind::Fenced(info) => (Kind::Fence, info.into_string()),
                    CodeBlockKind::Indented => (Kind::Indented, String::new()),
                };
                open = Some(Block { kind, info, range, ..Block::default() });
            }
            Event::Text(code) => {
                if let Some(block) = &mut open {
                    block.push(&code, range.start);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            // A component or `<details>` without an empty line below it hides its fences from Markdown.
            Event::Start(Tag::HtmlBlock) => blocks.extend(fences_in_html(page, range)),
            _ => {}
        }
    }
    let known: Vec<Range<usize>> = blocks.iter().map(|block| block.range.clone()).collect();
    blocks
        .extend(of_html(page).into_iter().filter(|html| !known.iter().any(|known| known.contains(&html.range.start))));
    for block in &mut blocks {
        if block.kind == Kind::Fence && block.text.contains("&quot;") && !block.text.contains('"') {
            *block = unescaped(block, false);
        }
    }
    blocks.sort_by_key(|block| block.range.start);
    blocks
}

/// The `<pre>` blocks of a page, in its order.
pub(super) fn of_html(page: &str) -> Vec<Block> {
    // As long as the page, byte for byte.
    let lower = page.to_ascii_lowercase();
    let find = |what: &str, from: usize| lower.get(from..)?.find(what).map(|at| from.saturating_add(at));
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(start) = find("<pre", from) {
        let tag = start.saturating_add("<pre".len());
        from = tag;
        if !page.get(tag..).is_some_and(|rest| rest.starts_with(|next: char| next == '>' || next.is_whitespace())) {
            continue;
        }
        let Some(code) = find(">", tag).map(|end| end.saturating_add(1)) else { break };
        // Where the end is missing, the page was cut off.
        let end = find("</pre", code).unwrap_or(page.len());
        let mut block = Block { kind: Kind::Html, range: start..end, ..Block::default() };
        block.push(page.get(code..end).unwrap_or_default(), code);
        blocks.push(unescaped(&block, true));
        from = end;
    }
    blocks
}

/// The fences among the lines of a block of HTML.
fn fences_in_html(page: &str, range: Range<usize>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, &str, usize)> = None;
    let mut at = range.start;
    for line in page.get(range).unwrap_or_default().split_inclusive('\n') {
        let code = line.trim_start_matches([' ', '\t']);
        let indent = line.len().saturating_sub(code.len());
        let next = at.saturating_add(line.len());
        match &mut open {
            None => {
                let ticks = code.len().saturating_sub(code.trim_start_matches('`').len());
                let (fence, info) = code.split_at_checked(ticks).unwrap_or_default();
                if ticks >= 3 && !info.contains('`') {
                    let block = Block { info: info.trim().to_owned(), range: at..next, ..Block::default() };
                    open = Some((block, fence, indent));
                }
            }
            Some((block, fence, depth)) => {
                block.range.end = next;
                if code.trim_end().len() >= fence.len() && code.trim_end().chars().all(|tick| tick == '`') {
                    blocks.extend(open.take().map(|(block, ..)| block));
                } else {
                    let cut = indent.min(*depth);
                    block.push(line.get(cut..).unwrap_or_default(), at.saturating_add(cut));
                }
            }
        }
        at = next;
    }
    blocks
}
