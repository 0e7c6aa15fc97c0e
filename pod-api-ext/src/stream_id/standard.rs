//! The form that the UI shows.

use std::fmt;

use serde::{Serialize, Serializer};

/// Displays an id in standard Base64 with its padding, which is what the UI and some endpoints show (M1).
///
/// Made by [`StreamId::to_standard`](crate::StreamId::to_standard) and
/// [`MessageId::to_standard`](crate::MessageId::to_standard). Serde writes the same text.
///
/// ```
/// # use pod_api_ext::StreamId;
/// let id: StreamId = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse()?;
/// assert_eq!(id.to_standard().to_string(), "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==");
/// # Ok::<(), pod_api_ext::ids::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standard<'a>(&'a str);

impl<'a> Standard<'a> {
    pub(crate) const fn new(held: &'a str) -> Self {
        Self(held)
    }

    /// By a buffer, as a formatter takes most of its time per call.
    fn write(self, to: &mut impl fmt::Write) -> fmt::Result {
        let mut buffer = [0; 64];
        for held in self.0.as_bytes().chunks(buffer.len()) {
            let mapped = buffer.get_mut(..held.len()).unwrap_or_default();
            for (to, from) in mapped.iter_mut().zip(held) {
                *to = standard(*from);
            }
            to.write_str(str::from_utf8(mapped).map_err(|_| fmt::Error)?)?;
        }
        to.write_str(match self.0.len() % 4 {
            2 => "==",
            3 => "=",
            _ => "",
        })
    }
}

impl fmt::Display for Standard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a width or a precision needs the text as a whole.
        if f.width().or(f.precision()).is_none() {
            return self.write(f);
        }
        let mut text = String::new();
        self.write(&mut text)?;
        f.pad(&text)
    }
}

/// M2, the other way round.
const fn standard(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        _ => byte,
    }
}

impl Serialize for Standard<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
