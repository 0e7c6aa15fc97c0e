//! The one parser of ids: what Base64 can be, kept character by character.

use super::MAX_LENGTH;
use super::error::ParseIdError;

/// The held form of an id: URL-safe, without padding.
pub(crate) fn parse(text: &[u8]) -> Result<Box<str>, ParseIdError> {
    hold(body(text)?.to_vec())
}

/// The same in the memory that the text has already.
pub(crate) fn parse_owned(text: String) -> Result<Box<str>, ParseIdError> {
    let length = body(text.as_bytes())?.len();
    let mut bytes = text.into_bytes();
    bytes.truncate(length);
    hold(bytes)
}

/// What stands before the padding, if length and padding go together. Its characters are still to be checked.
fn body(text: &[u8]) -> Result<&[u8], ParseIdError> {
    if text.len() > MAX_LENGTH {
        return Err(ParseIdError::TooLong { length: text.len() });
    }
    let mut body = text;
    while let [before @ .., b'='] = body {
        body = before;
    }
    let length = body.len();
    let found = text.len().saturating_sub(length);
    let wrong = match (length % 4, found) {
        (0, _) if length == 0 => ParseIdError::Empty,
        (1, _) => ParseIdError::Length { length },
        (_, 0) | (2, 2) | (3, 1) => return Ok(body),
        (2, _) => ParseIdError::PaddingLength { found, expected: 2 },
        (3, _) => ParseIdError::PaddingLength { found, expected: 1 },
        _ => ParseIdError::PaddingLength { found, expected: 0 },
    };
    // A foreign character is the better explanation: it's often what makes the length wrong.
    known(body)?;
    Err(wrong)
}

fn hold(mut bytes: Vec<u8>) -> Result<Box<str>, ParseIdError> {
    // No early exit, so that the compiler can take sixteen bytes at once.
    let mut sound = true;
    for byte in &mut bytes {
        sound &= is_known(*byte);
        *byte = url_safe(*byte);
    }
    if !sound {
        known(&bytes)?;
    }
    // What is sound is ASCII; that this can't fail is nothing to panic over if it ever does.
    let not_text = |error: std::string::FromUtf8Error| ParseIdError::Character {
        offset: error.utf8_error().valid_up_to(),
        character: char::REPLACEMENT_CHARACTER,
    };
    Ok(String::from_utf8(bytes).map_err(not_text)?.into_boxed_str())
}

/// M2. Nothing is decoded: what the last character holds beyond the last byte is part of the id.
const fn url_safe(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        _ => byte,
    }
}

/// Whether one of the two alphabets has the byte.
const fn is_known(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'_') | (byte == b'+') | (byte == b'/')
}

/// An error for the first character that no alphabet has. A `=` is blamed only if there is nothing else: what follows it
/// is what puts it out of its place.
#[cold]
fn known(body: &[u8]) -> Result<(), ParseIdError> {
    let text = String::from_utf8_lossy(body);
    let foreign = || text.char_indices().filter(|(_, character)| !u8::try_from(*character).is_ok_and(is_known));
    if let Some((offset, character)) = foreign().find(|(_, character)| *character != '=') {
        return Err(ParseIdError::Character { offset, character });
    }
    foreign().next().map_or(Ok(()), |(offset, _)| Err(ParseIdError::MisplacedPadding { offset }))
}
