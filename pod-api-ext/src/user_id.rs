//! Ids of users.

use std::fmt;
use std::num::IntErrorKind;
use std::str::FromStr;

use pod_api::types::UserIdList;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stream_id::{IdKind, StreamId};

/// The id of a user: a number, in JSON too.
///
/// ```
/// use pod_api::types::UserIdList;
/// use pod_api_ext::UserId;
///
/// let bot: UserId = "7215545057281".parse()?;
/// let participants: UserIdList = [bot, UserId::from(7_215_545_057_282)].into_iter().collect();
/// assert_eq!(*participants, [7_215_545_057_281, 7_215_545_057_282]);
/// # Ok::<(), pod_api_ext::ParseUserIdError>(())
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

/// Why a text is no [`UserId`].
///
/// ```
/// use pod_api_ext::UserId;
///
/// let error = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse::<UserId>().unwrap_err();
/// assert_eq!(error.to_string(), "this looks like a stream id, not a user id: a user id is a whole number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseUserIdError {
    /// There is nothing.
    Empty,
    /// The number doesn't fit into 64 bits.
    OutOfRange,
    /// Something that is no part of a whole number.
    Character {
        /// Where it stands, in bytes from 0.
        offset: usize,
        /// The character.
        character: char,
    },
    /// By its [`Hint`](crate::Hint), the text is an id of another kind.
    OtherId(IdKind),
}

impl fmt::Display for ParseUserIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the user id is empty: give it as a whole number"),
            Self::OutOfRange => f.write_str("the number doesn't fit into 64 bits: no user has such an id"),
            Self::Character { offset, character } => {
                write!(f, "{character:?} at offset {offset} can't be part of a user id: a user id is a whole number")
            }
            Self::OtherId(kind) => write!(f, "this looks like a {kind}, not a user id: a user id is a whole number"),
        }
    }
}

impl std::error::Error for ParseUserIdError {}

#[cold]
fn explain(text: &str, kind: &IntErrorKind) -> ParseUserIdError {
    if matches!(kind, IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) {
        return ParseUserIdError::OutOfRange;
    }
    if let Some(hint) = StreamId::new(text).ok().and_then(|id| id.hint()) {
        return ParseUserIdError::OtherId(hint.kind());
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
