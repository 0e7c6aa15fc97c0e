//! The one parser of ids: what Base64 can be, kept character by character.

use super::MAX_LENGTH;
use super::error::ParseIdError;

/// What stands in for a byte that no alphabet has: not UTF-8 wherever it is, so that the one check of the whole text that
/// makes it a `str` finds foreign characters too.
const FOREIGN: u8 = 0x80;

/// [`held`] for every byte.
const HELD: [u8; 256] = {
    let mut table = [FOREIGN; 256];
    let mut rest: &mut [u8] = &mut table;
    let mut byte = 0_u8;
    while let [first, others @ ..] = rest {
        *first = held(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// The held form of an id: URL-safe, without padding.
#[inline]
pub(crate) fn parse(text: &[u8]) -> Result<Box<str>, ParseIdError> {
    let ([body @ .., b'=', b'='] | [body @ .., b'='] | body) = text;
    let padding = text.len().saturating_sub(body.len());
    let whole = matches!((body.len() % 4, padding), (0 | 2 | 3, 0) | (2, 2) | (3, 1));
    if text.len() > MAX_LENGTH || body.is_empty() || !whole {
        return Err(explain(text));
    }
    // Sixteen bytes at once by arithmetic, the few that are left by the table: so each is done the way that is fastest.
    let (blocks, rest) = body.as_chunks::<16>();
    let mut id = Vec::with_capacity(body.len());
    id.extend(blocks.as_flattened().iter().map(|byte| held(*byte)));
    id.extend(rest.iter().map(|byte| HELD.get(usize::from(*byte)).copied().unwrap_or(FOREIGN)));
    String::from_utf8(id).map(String::into_boxed_str).map_err(|_| explain(text))
}

/// M2. Nothing is decoded: what the last character holds beyond the last byte is part of the id.
///
/// Without branches and with as few comparisons as can be, because the compiler makes that one instruction each for
/// sixteen bytes.
#[inline]
const fn held(byte: u8) -> u8 {
    // Setting this bit makes a small letter of a capital one, and a letter of nothing else.
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let slash_or_digit = byte.wrapping_sub(b'/') < 11;
    let (plus, slash) = (byte == b'+', byte == b'/');
    let known = letter | slash_or_digit | plus | (byte == b'-') | (byte == b'_');
    let mapped = if plus {
        b'-'
    } else if slash {
        b'_'
    } else {
        byte
    };
    if known { mapped } else { FOREIGN }
}

/// Why a text is refused. A foreign character comes first, as it is often what makes the length wrong; a `=` within is
/// blamed only if there is no other, as what follows it is what puts it out of its place.
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
