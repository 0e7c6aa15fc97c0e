//! The form that the UI shows.

use std::fmt::{self, Write as _};

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
/// # Ok::<(), pod_api_ext::ParseIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standard<'a>(&'a str);

impl<'a> Standard<'a> {
    pub(crate) const fn new(held: &'a str) -> Self {
        Self(held)
    }

    fn characters(self) -> impl Iterator<Item = char> {
        let padding = match self.0.len() % 4 {
            2 => "==",
            3 => "=",
            _ => "",
        };
        let standard = |character| match character {
            '-' => '+',
            '_' => '/',
            _ => character,
        };
        self.0.chars().map(standard).chain(padding.chars())
    }
}

impl fmt::Display for Standard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a width or a precision needs the text as a whole.
        if f.width().or(f.precision()).is_some() {
            return f.pad(&self.characters().collect::<String>());
        }
        self.characters().try_for_each(|character| f.write_char(character))
    }
}

impl Serialize for Standard<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
