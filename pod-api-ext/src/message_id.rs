//! Ids of messages.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::stream_id::{HELD_PATTERN, ParseIdError, Standard, parse, text_id};

/// The id of a message, by the same rules as a [`StreamId`](crate::StreamId).
///
/// ```
/// use pod_api_ext::MessageId;
///
/// let id: MessageId = "usnBKBkH/BVrGOiVpaupEH///okFfE7QbQ==".parse()?;
/// assert_eq!(id.to_string(), "usnBKBkH_BVrGOiVpaupEH___okFfE7QbQ");
/// # Ok::<(), pod_api_ext::ids::ParseIdError>(())
/// ```
///
/// Source: page "IM Info", statement M6.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(Box<str>);

text_id!(MessageId, "a message id in Base64");
