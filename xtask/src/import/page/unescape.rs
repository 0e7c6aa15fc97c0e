//! Code as HTML writes it becomes the code itself.

use super::block::Block;

/// The longest name or number of a character, with its `&` and `;`.
const LONGEST: usize = 10;

/// The block with the characters that HTML has names for, and without its tags where `tags` says that it is HTML. What
/// isn't such a name stays as it is.
pub(super) fn unescaped(block: &Block, tags: bool) -> Block {
    let mut plain =
        Block { kind: block.kind, info: block.info.clone(), range: block.range.clone(), ..Block::default() };
    let mut from = 0;
    let flush = |plain: &mut Block, from: usize, to: usize| {
        if let Some(text) = block.text.get(from..to).filter(|text| !text.is_empty()) {
            plain.pieces.push((plain.text.len(), block.in_page(from)));
            plain.text.push_str(text);
        }
    };
    let mut at = 0;
    while let Some(found) = block.text.get(at..).and_then(|rest| rest.find(['&', '<'])) {
        let start = at.saturating_add(found);
        let rest = block.text.get(start..).unwrap_or_default();
        let (length, character) = match (entity(rest), tag(rest).filter(|_| tags)) {
            (Some((length, character)), _) => (length, Some(character)),
            (None, Some((length, breaks))) => (length, breaks.then_some('\n')),
            (None, None) => {
                at = start.saturating_add(1);
                continue;
            }
        };
        flush(&mut plain, from, start);
        if let Some(character) = character {
            plain.pieces.push((plain.text.len(), block.in_page(start)));
            plain.text.push(character);
        }
        from = start.saturating_add(length);
        at = from;
    }
    flush(&mut plain, from, block.text.len());
    plain
}

/// The character that `text` begins with the name of, and the length of the name.
fn entity(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end).filter(|_| text.starts_with('&'))?;
    let character = match name {
        "quot" => '"',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "nbsp" => ' ',
        "lbrace" | "lcub" => '{',
        "rbrace" | "rcub" => '}',
        "lbrack" | "lsqb" => '[',
        "rbrack" | "rsqb" => ']',
        "colon" => ':',
        "comma" => ',',
        "NewLine" => '\n',
        "Tab" => '\t',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end.saturating_add(1), character))
}

/// The length of the tag or comment that `text` begins with, and whether it breaks the line.
fn tag(text: &str) -> Option<(usize, bool)> {
    let name = text.strip_prefix('<')?;
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!')) {
        return None;
    }
    let end = text.find('>')?.saturating_add(1);
    let breaks = name.get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br"));
    Some((end, breaks))
}
