//! The one parser of ids: what Base64 can be, kept character by character.

use super::MAX_LENGTH;
use super::error::ParseIdError;

/// Takes the place of a byte that no alphabet has. It isn't valid UTF-8 anywhere, so the one check that makes a `str` of the
/// whole text finds foreign characters too.
const FOREIGN: u8 = 0x80;

/// The held form of an id: URL-safe, without padding.
pub(crate) fn parse(text: &[u8]) -> Result<Box<str>, ParseIdError> {
    let ([body @ .., b'=', b'='] | [body @ .., b'='] | body) = text;
    let padding = text.len().saturating_sub(body.len());
    let whole = matches!((body.len() % 4, padding), (0 | 2 | 3, 0) | (2, 2) | (3, 1));
    if text.len() > MAX_LENGTH || body.is_empty() || !whole {
        return Err(explain(text));
    }
    let id = body.iter().map(|byte| held(*byte)).collect();
    String::from_utf8(id).map(String::into_boxed_str).map_err(|_| explain(text))
}

/// M2. Nothing is decoded: the bits of the last character that belong to no byte are part of the id.
const fn held(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => byte,
        _ => FOREIGN,
    }
}

/// Why a text is refused. A foreign character comes first, since it often makes the length wrong too; a `=` within is
/// blamed only if there is no other, since it is what follows that makes it misplaced.
#[cold]
fn explain(text: &[u8]) -> ParseIdError {
    if text.len() > MAX_LENGTH {
        return ParseIdError::TooLong { length: text.len() };
    }
    let mut body = text;
    while let [before @ .., b'='] = body {
        body = before;
    }
    let characters = String::from_utf8_lossy(body);
    let is_foreign = |character: char| u8::try_from(character).map_or(FOREIGN, held) == FOREIGN;
    let mut foreign = characters.char_indices().filter(|(_, character)| is_foreign(*character)).peekable();
    let padding = foreign.peek().copied();
    if let Some((offset, character)) = foreign.find(|(_, character)| *character != '=') {
        return ParseIdError::Character { offset, character };
    }
    if let Some((offset, _)) = padding {
        return ParseIdError::MisplacedPadding { offset };
    }
    let (length, found) = (body.len(), text.len().saturating_sub(body.len()));
    match length % 4 {
        _ if length == 0 => ParseIdError::Empty,
        1 => ParseIdError::Length { length },
        2 => ParseIdError::PaddingLength { found, expected: 2 },
        3 => ParseIdError::PaddingLength { found, expected: 1 },
        _ => ParseIdError::PaddingLength { found, expected: 0 },
    }
}
