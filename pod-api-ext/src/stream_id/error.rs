//! Why a text isn't an id.

use std::fmt;

use super::MAX_LENGTH;

/// Why a text isn't a [`StreamId`](crate::StreamId) or a [`MessageId`](crate::MessageId): it isn't Base64.
///
/// Offsets count bytes from 0. Since everything before the offset is ASCII, they count characters too. The text itself
/// is not part of the error, so an error is small however long the text was.
///
/// ```
/// use pod_api_ext::ids::ParseIdError;
/// use pod_api_ext::StreamId;
///
/// let error = StreamId::new("usnBKBkH%2FBVrGOiVpaupEH").unwrap_err();
/// assert_eq!(error, ParseIdError::Character { offset: 8, character: '%' });
/// assert_eq!(error.to_string(), "'%' at offset 8 can't be part of an id: undo the percent-encoding first");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseIdError {
    /// There is nothing, or nothing but padding.
    Empty,
    /// The text is longer than [`StreamId::MAX_LENGTH`](crate::StreamId::MAX_LENGTH).
    TooLong {
        /// Its length in bytes, padding included.
        length: usize,
    },
    /// A character, white space among them, that neither alphabet of Base64 has. A byte that isn't UTF-8 is U+FFFD.
    Character {
        /// Its position, in bytes from 0.
        offset: usize,
        /// The character.
        character: char,
    },
    /// A `=` with something else after it.
    MisplacedPadding {
        /// Its position, in bytes from 0.
        offset: usize,
    },
    /// A number of `=` at the end that doesn't go with the length.
    PaddingLength {
        /// How many there are.
        found: usize,
        /// How many there may be, if there are any: 0, 1 or 2.
        expected: usize,
    },
    /// One character more than a multiple of 4: six bits that make no byte.
    Length {
        /// The number of characters, padding aside.
        length: usize,
    },
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("the id is empty: give it as the pod shows it"),
            Self::TooLong { length } => {
                write!(f, "the text has {length} bytes, and no id has more than {MAX_LENGTH}: give the id alone")
            }
            Self::Character { offset, character } => {
                let remedy = match character {
                    '%' => "undo the percent-encoding first",
                    _ if character.is_whitespace() => "take the white space out, or see whether two ids were joined",
                    _ => "it has A-Z, a-z, 0-9, and `-` and `_` or `+` and `/` alone, so give it as the pod shows it",
                };
                write!(f, "{character:?} at offset {offset} can't be part of an id: {remedy}")
            }
            Self::MisplacedPadding { offset } => write!(
                f,
                "`=` at offset {offset} isn't at the end of the id: take off what follows, or see whether two ids were joined"
            ),
            Self::PaddingLength { found, expected: 0 } => {
                write!(f, "the id ends in {found} `=` and its length takes none: take them off if the id is whole")
            }
            Self::PaddingLength { found, expected } => write!(
                f,
                "the id ends in {found} `=` and its length takes {expected}: take them all off if the id is whole"
            ),
            Self::Length { length } => write!(
                f,
                "no id has {length} characters before the padding, 1 more than a multiple of 4: see whether it was cut, or has a character too many"
            ),
        }
    }
}

impl std::error::Error for ParseIdError {}
