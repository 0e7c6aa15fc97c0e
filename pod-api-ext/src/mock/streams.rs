//! The streams that the pod has.

use std::collections::BTreeSet;

use pod_api::types::V3RoomAttributes;
use serde_json::{Map, Value, json};

use crate::{MessageId, StreamId, UserId};

/// An IM that the pod has; [`MockPod::ims`](super::MockPod::ims) gives it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = pod_api_ext::mock::MockPod::start().await?;
/// let id = mock.im_between(7_001, 7_002)?;
/// assert!(mock.ims().iter().any(|im| im.id == id && im.active && im.participants.len() == 2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Im {
    /// Its id.
    pub id: StreamId,
    /// Its two participants.
    pub participants: BTreeSet<UserId>,
    /// When it was created, in milliseconds since 1970 (M5).
    pub creation_date: i64,
    /// Whether messages can be sent in it (M4).
    pub active: bool,
    /// The message that is pinned in it (M6).
    pub pinned: Option<MessageId>,
}

impl Im {
    /// A `V1IMDetail`.
    pub(super) fn detail(&self) -> Value {
        let mut attributes = Map::new();
        if let Some(pinned) = &self.pinned {
            attributes.insert("pinnedMessageId".to_owned(), Value::from(pinned.as_str()));
        }
        json!({
            "V1IMAttributes": attributes,
            "IMSystemInfo": { "id": self.id.as_str(), "creationDate": self.creation_date, "active": self.active },
        })
    }
}

/// A room that the pod has; [`MockPod::rooms`](super::MockPod::rooms) gives it.
///
/// ```
/// use pod_api_ext::{Pod, PrivateRoom};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = pod_api_ext::mock::MockPod::start().await?;
/// let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
/// pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await?;
/// let rooms = mock.rooms();
/// assert!(rooms.iter().all(|room| room.attributes.name.as_deref() == Some("Project X")));
/// assert!(rooms.iter().all(|room| room.created_by == mock.caller()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Room {
    /// Its id.
    pub id: StreamId,
    /// Its attributes, as the pod answered them.
    pub attributes: V3RoomAttributes,
    /// Who created it.
    pub created_by: UserId,
    /// When it was created, in milliseconds since 1970.
    pub creation_date: i64,
}

impl Room {
    /// A `V3RoomDetail`. `groups` is there only if a group was added, which no operation here does.
    pub(super) fn detail(&self, attributes: Map<String, Value>) -> Value {
        json!({
            "roomAttributes": attributes,
            "roomSystemInfo": {
                "id": self.id.as_str(),
                "creationDate": self.creation_date,
                "createdByUserId": self.created_by,
                "active": true,
            },
        })
    }
}
