//! Ids of conversations, and what they share with [`MessageId`](crate::MessageId).

mod error;
mod parse;
mod standard;
#[cfg(test)]
mod tests;
mod text_id;

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use error::ParseIdError;
pub(crate) use parse::parse;
pub use standard::Standard;
pub(crate) use text_id::text_id;

/// The longest text that is looked at, in bytes.
pub(crate) const MAX_LENGTH: usize = 1024;

/// The held form, as a regular expression of JSON Schema: any length but 1 more than a multiple of 4.
pub(crate) const HELD_PATTERN: &str = "^(?:[A-Za-z0-9_-]{4})*[A-Za-z0-9_-]{2,4}$";

/// The id of a conversation: an IM or a room.
///
/// The UI shows ids in standard Base64, and a URL needs them URL-safe (M1). A `StreamId` is made from either, mixed too,
/// with padding or without, and holds, compares and displays itself URL-safe without padding;
/// [`to_standard`](Self::to_standard) displays the other form. The conversion maps characters (M2) and decodes
/// nothing, so two ids never become one, not even ids whose last character has bits that belong to no byte.
///
/// Anything that can't be Base64 is refused: an empty text, a character of neither alphabet, white space anywhere, a `=` that
/// isn't at the end or doesn't fit the length, and a length of 1 more than a multiple of 4. So is a text longer than
/// [`MAX_LENGTH`](Self::MAX_LENGTH). Length and layout are otherwise up to the pod.
///
/// ```
/// use pod_api_ext::StreamId;
///
/// let from_the_ui: StreamId = "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==".parse()?;
/// let from_a_url: StreamId = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse()?;
/// assert_eq!(from_the_ui, from_a_url);
/// assert_eq!(from_the_ui.as_str(), "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA");
/// assert_eq!(from_a_url.to_standard().to_string(), "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==");
/// # Ok::<(), pod_api_ext::ids::ParseIdError>(())
/// ```
///
/// The generated client takes it wherever it takes an id:
///
/// ```no_run
/// # async fn run(client: pod_api::Client, id: pod_api_ext::StreamId, token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let info = client.v1_im_id_info_get().id(&id).session_token(token).send().await?;
/// # Ok(())
/// # }
/// ```
///
/// A map with ids for keys can be asked with a `str` too, but only in the held form.
///
/// Source: page "IM Info", statements M1 and M2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(Box<str>);

text_id!(StreamId, "a stream id in Base64");
