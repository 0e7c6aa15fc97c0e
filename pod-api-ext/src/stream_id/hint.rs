//! What the layout of an id gives away: observed, promised by nobody, and never a reason to refuse an id.

use std::fmt;
use std::time::SystemTime;

use crate::time;

/// The number of characters of an id of 25 bytes.
const LENGTH: usize = 34;

/// The characters from here on hold bytes 16 to 24, after two bits of byte 15, and before four that belong to no byte.
const TAIL: usize = 21;

/// The last millisecond of the year 9999. A later "date" is chance, not a date.
const LATEST: i64 = 253_402_300_799_999;

/// What an id looks like it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IdKind {
    /// The id of a conversation.
    Stream,
    /// The id of a message.
    Message,
}

impl fmt::Display for IdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stream => "stream id",
            Self::Message => "message id",
        })
    }
}

/// What the layout of an id gives away.
///
/// **Observed, not documented**: ids of 25 bytes have been seen that hold their creation time in bytes 16 to 23 and the
/// letter `t` (stream) or `m` (message) in byte 24. A pod may make others at any time. So a hint is good for a message
/// to people or for a log, and for no decision; nothing in this crate refuses an id because of it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use pod_api_ext::{IdKind, StreamId};
///
/// let id: StreamId = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse()?;
/// let hint = id.hint().expect("this one has the layout");
/// assert_eq!(hint.kind(), IdKind::Stream);
/// assert_eq!(hint.created_at(), UNIX_EPOCH + Duration::from_millis(1_610_520_703_279));
///
/// let other: StreamId = "c29tZXRoaW5nIGVsc2U".parse()?;
/// assert_eq!(other.hint(), None);
/// # Ok::<(), pod_api_ext::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    kind: IdKind,
    created_at: SystemTime,
}

impl Hint {
    /// From an id in its held form.
    pub(crate) fn of(held: &str) -> Option<Self> {
        let tail = held.get(TAIL..).filter(|_| held.len() == LENGTH)?;
        let bits = tail.bytes().try_fold(0_u128, |bits, byte| Some(bits << 6 | u128::from(six_bits(byte)?)))? >> 4;
        let [.., a, b, c, d, e, f, g, h, letter] = bits.to_be_bytes();
        let kind = match letter {
            b't' => IdKind::Stream,
            b'm' => IdKind::Message,
            _ => return None,
        };
        let milliseconds = i64::MAX.checked_sub(i64::from_be_bytes([a, b, c, d, e, f, g, h]))?;
        let created_at = (0..=LATEST).contains(&milliseconds).then(|| time::from_milliseconds(milliseconds))??;
        Some(Self { kind, created_at })
    }

    /// What the id looks like it is.
    #[must_use]
    pub const fn kind(&self) -> IdKind {
        self.kind
    }

    /// When it looks like the id was made, to the millisecond; a few dozen off what the pod says have been seen.
    #[must_use]
    pub const fn created_at(&self) -> SystemTime {
        self.created_at
    }
}

/// A doubt about an id: by its [`Hint`] it is one of another kind. For messages to people; the id is sent all the same.
///
/// ```
/// use pod_api_ext::StreamId;
///
/// let id: StreamId = "usnBKBkH_BVrGOiVpaupEH___okFfE7QbQ".parse()?;
/// let mix_up = id.mix_up().map(|mix_up| mix_up.to_string());
/// assert_eq!(mix_up.as_deref(), Some("this looks like a message id, not a stream id"));
/// # Ok::<(), pod_api_ext::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MixUp {
    /// What the id is used as.
    pub used_as: IdKind,
    /// What it looks like it is.
    pub looks_like: IdKind,
}

impl MixUp {
    pub(crate) fn of(held: &str, used_as: IdKind) -> Option<Self> {
        let looks_like = Hint::of(held)?.kind;
        (looks_like != used_as).then_some(Self { used_as, looks_like })
    }
}

impl fmt::Display for MixUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this looks like a {}, not a {}", self.looks_like, self.used_as)
    }
}

/// The value of a character of the held form.
const fn six_bits(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => byte.checked_sub(b'A'),
        b'a'..=b'z' => byte.checked_sub(b'a' - 26),
        b'0'..=b'9' => byte.checked_add(52 - b'0'),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}
