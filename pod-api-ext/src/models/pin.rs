//! What `pinnedMessageId` says.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use pod_api::support::OptionalText;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::message_id::MessageId;
use crate::stream_id::{HELD_PATTERN, ParseIdError};

/// What a `pinnedMessageId` says: a message, or, as the empty string, that none is to be pinned any more.
///
/// An attribute that isn't sent at all leaves the pinned message as it is: that is `None` in an `Option<Pin>`.
///
/// ```
/// use pod_api::types::V1imAttributes;
/// use pod_api_ext::{MessageId, Pin};
///
/// let unpin = V1imAttributes::try_from(V1imAttributes::builder().pinned_message_id(Pin::Unpinned))?;
/// assert_eq!(unpin.pinned_message_id.as_deref(), Some(""));
///
/// let message: MessageId = "usnBKBkH/BVrGOiVpaupEH///okFfE7QbQ==".parse()?;
/// let pin = V1imAttributes::builder().pinned_message_id(Pin::Message(message)).build()?;
/// assert_eq!(pin.pinned_message_id.as_deref(), Some("usnBKBkH_BVrGOiVpaupEH___okFfE7QbQ"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: page "IM Info", statement M6; the attributes of a room say the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pin {
    /// No message is pinned; sent, it unpins.
    Unpinned,
    /// This message is pinned; sent, it pins it.
    Message(MessageId),
}

impl Pin {
    /// As it is sent: the message's id, or nothing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unpinned => "",
            Self::Message(id) => id.as_str(),
        }
    }

    /// The pinned message, if there is one.
    #[must_use]
    pub const fn message(&self) -> Option<&MessageId> {
        match self {
            Self::Unpinned => None,
            Self::Message(id) => Some(id),
        }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Pin {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        if text.is_empty() { Ok(Self::Unpinned) } else { text.parse().map(Self::Message) }
    }
}

impl TryFrom<&str> for Pin {
    type Error = ParseIdError;

    fn try_from(text: &str) -> Result<Self, ParseIdError> {
        text.parse()
    }
}

impl TryFrom<String> for Pin {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, ParseIdError> {
        text.parse()
    }
}

impl From<MessageId> for Pin {
    fn from(id: MessageId) -> Self {
        Self::Message(id)
    }
}

impl From<Pin> for String {
    fn from(pin: Pin) -> Self {
        match pin {
            Pin::Unpinned => Self::new(),
            Pin::Message(id) => id.into(),
        }
    }
}

/// So that the builders of the generated models take it as it is.
impl OptionalText for Pin {
    fn optional_text(self) -> Option<String> {
        Some(self.into())
    }
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Pin;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message id in Base64, or an empty string for no pinned message")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Pin, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Pin {
    fn schema_name() -> Cow<'static, str> {
        "Pin".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Pin").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a message id in Base64, here URL-safe and without padding, or an empty string for no pinned message",
            "pattern": format!("^$|{HELD_PATTERN}"),
            "maxLength": MessageId::MAX_LENGTH,
        })
    }
}
