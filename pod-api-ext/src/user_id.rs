//! Ids of users.

use std::fmt;
use std::num::IntErrorKind;
use std::str::FromStr;

use pod_api::types::UserIdList;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stream_id::StreamId;

/// The id of a user: a number, in JSON too.
///
/// ```
/// use pod_api::types::UserIdList;
/// use pod_api_ext::UserId;
///
/// let bot: UserId = "7215545057281".parse()?;
/// let participants: UserIdList = [bot, UserId::from(7_215_545_057_282)].into_iter().collect();
/// assert_eq!(*participants, [7_215_545_057_281, 7_215_545_057_282]);
/// # Ok::<(), pod_api_ext::ids::ParseUserIdError>(())
/// ```
///
/// Source: page "Create IM or MIM", whose list of users has integers of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct UserId(i64);

impl UserId {
    /// The id as the number it is.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for UserId {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

/// So that a call takes ids by reference, too.
impl From<&UserId> for UserId {
    fn from(id: &UserId) -> Self {
        *id
    }
}

impl TryFrom<u64> for UserId {
    type Error = ParseUserIdError;

    fn try_from(id: u64) -> Result<Self, ParseUserIdError> {
        i64::try_from(id).map(Self).map_err(|_| ParseUserIdError::OutOfRange)
    }
}

impl From<UserId> for i64 {
    fn from(id: UserId) -> Self {
        id.0
    }
}

/// So that the list of the generated client can be collected.
impl FromIterator<UserId> for UserIdList {
    fn from_iter<I: IntoIterator<Item = UserId>>(ids: I) -> Self {
        Self(ids.into_iter().map(UserId::get).collect())
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for UserId {
    type Err = ParseUserIdError;

    fn from_str(text: &str) -> Result<Self, ParseUserIdError> {
        text.parse().map(Self).map_err(|error: std::num::ParseIntError| explain(text, error.kind()))
    }
}

impl TryFrom<&str> for UserId {
    type Error = ParseUserIdError;

    fn try_from(text: &str) -> Result<Self, ParseUserIdError> {
        text.parse()
    }
}

impl TryFrom<String> for UserId {
    type Error = ParseUserIdError;

    fn try_from(text: String) -> Result<Self, ParseUserIdError> {
        text.parse()
    }
}

/// Why a text isn't a [`UserId`].
///
/// ```
/// use pod_api_ext::UserId;
///
/// let error = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse::<UserId>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "this looks like the id of a conversation or a message, not of a user: a user id is a whole number"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseUserIdError {
    /// The text is empty.
    Empty,
    /// The number doesn't fit into 64 bits.
    OutOfRange,
    /// A character that can't be part of a whole number.
    Character {
        /// Its position, in bytes from 0.
        offset: usize,
        /// The character.
        character: char,
    },
    /// The text has the form of a [`StreamId`] or a [`MessageId`](crate::MessageId), and is longer than any number of 64 bits.
    OtherId,
}

impl fmt::Display for ParseUserIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the user id is empty: give it as a whole number"),
            Self::OutOfRange => f.write_str("the number doesn't fit into 64 bits: see whether it has digits too many"),
            Self::Character { offset, character } => {
                write!(f, "{character:?} at offset {offset} can't be part of a user id: a user id is a whole number")
            }
            Self::OtherId => f.write_str(
                "this looks like the id of a conversation or a message, not of a user: a user id is a whole number",
            ),
        }
    }
}

impl std::error::Error for ParseUserIdError {}

/// The length of `-9223372036854775808`.
const LONGEST: usize = 20;

#[cold]
fn explain(text: &str, kind: &IntErrorKind) -> ParseUserIdError {
    if matches!(kind, IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) {
        return ParseUserIdError::OutOfRange;
    }
    if text.len() > LONGEST && StreamId::new(text).is_ok() {
        return ParseUserIdError::OtherId;
    }
    // A sign at the start is wrong only if nothing follows it.
    let mut foreign = text.char_indices().filter(|(_, character)| !character.is_ascii_digit());
    let first = foreign.next();
    let blamed = match first {
        Some((0, '+' | '-')) => foreign.next().or(first),
        _ => first,
    };
    blamed.map_or(ParseUserIdError::Empty, |(offset, character)| ParseUserIdError::Character { offset, character })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_id_is_read_as_a_whole_number_of_64_bits() {
        use ParseUserIdError::{Character, Empty, OtherId, OutOfRange};

        let character = |offset, character| Err(Character { offset, character });
        let cases = [
            ("7215545057281", Ok(7_215_545_057_281)),
            ("0", Ok(0)),
            ("-1", Ok(-1)),
            ("+5", Ok(5)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err(OutOfRange)),
            ("-9223372036854775809", Err(OutOfRange)),
            ("", Err(Empty)),
            ("-", character(0, '-')),
            ("+", character(0, '+')),
            ("--1", character(1, '-')),
            ("-1-", character(2, '-')),
            ("+x", character(1, 'x')),
            (" 1", character(0, ' ')),
            ("1 ", character(1, ' ')),
            ("1.0", character(1, '.')),
            ("1\u{661}", character(1, '\u{661}')),
            ("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA", Err(OtherId)),
            ("usnBKBkH_BVrGOiVpau", character(0, 'u')),
            ("usnBKBkH/BVrGOiVpaupEH///okFfE7QbQ==", Err(OtherId)),
        ];
        for (text, expected) in cases {
            let expected = expected.map(UserId);
            assert_eq!(text.parse(), expected, "{text:?}");
            assert_eq!(UserId::try_from(text), expected, "{text:?}");
            assert_eq!(UserId::try_from(text.to_owned()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_message_names_the_place_and_what_to_do() {
        let message = |text: &str| text.parse::<UserId>().unwrap_err().to_string();
        assert_eq!(message(""), "the user id is empty: give it as a whole number");
        assert_eq!(
            message("9223372036854775808"),
            "the number doesn't fit into 64 bits: see whether it has digits too many"
        );
        assert_eq!(message("12 "), "' ' at offset 2 can't be part of a user id: a user id is a whole number");
        assert_eq!(
            message("usnBKBkH/BVrGOiVpaupEH///okFfE7QbQ=="),
            "this looks like the id of a conversation or a message, not of a user: a user id is a whole number"
        );
    }

    #[test]
    fn a_user_id_is_a_number_in_json() {
        let id = UserId::from(7_215_545_057_281);
        assert_eq!(serde_json::to_value(id).unwrap(), json!(7_215_545_057_281_i64));
        assert_eq!(serde_json::from_value::<UserId>(json!(7_215_545_057_281_i64)).unwrap(), id);
        let schema = schemars::schema_for!(UserId);
        assert_eq!(schema.get("type"), Some(&json!("integer")));
        assert_eq!(schema.get("format"), Some(&json!("int64")));
    }

    #[test]
    fn a_user_id_is_shown_like_its_number() {
        let id = UserId::from(-42);
        assert_eq!(format!("{id} [{id:>5}] [{id:05}] {id:?}"), "-42 [  -42] [-0042] UserId(-42)");
        assert_eq!((i64::from(id), id.get(), UserId::from(&id)), (-42, -42, id));
        assert_eq!(UserId::try_from(42_u64), Ok(UserId::from(42)));
        assert_eq!(UserId::try_from(u64::MAX), Err(ParseUserIdError::OutOfRange));
    }

    proptest! {
        #[test]
        fn what_is_displayed_is_read_as_the_same_id(id: i64) {
            prop_assert_eq!(UserId::from(id).to_string().parse(), Ok(UserId::from(id)));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,30}|[+-]?[0-9]{0,30}") {
            prop_assert_eq!(text.parse::<UserId>().map(i64::from).ok(), text.parse::<i64>().ok());
        }
    }
}
