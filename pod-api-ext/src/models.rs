//! Typed access to fields that the generated models hold as plain texts and numbers.

mod error;
mod pin;
#[cfg(test)]
mod tests;

use std::time::SystemTime;

use pod_api::types::{
    GroupItem, ImSystemInfo, RoomSystemInfo, Stream, UserIdList, V1imAttributes, V1imDetail, V3RoomAttributes,
    V3RoomDetail,
};

use crate::stream_id::StreamId;
use crate::time;
use crate::user_id::UserId;

pub use error::FieldError;
pub use pin::Pin;

/// Models that hold the id of a conversation: [`Stream`], and the detail and system info of IMs and rooms.
///
/// ```
/// use pod_api::types::Stream;
/// use pod_api_ext::prelude::StreamIdExt as _;
///
/// let stream: Stream = serde_json::from_str(r#"{"id": "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA=="}"#)?;
/// assert_eq!(stream.stream_id()?.as_str(), "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait StreamIdExt: sealed::Sealed {
    /// The id, in its one form.
    ///
    /// # Errors
    /// The pod left the field out, or it doesn't hold an id.
    fn stream_id(&self) -> Result<StreamId, FieldError>;
}

/// Models that hold what the pod knows of a conversation itself: the detail and system info of IMs and rooms.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use pod_api::types::V1imDetail;
/// use pod_api_ext::prelude::SystemInfoExt as _;
///
/// let im = r#"{"IMSystemInfo": {"active": false, "creationDate": 1610520703317}}"#;
/// let im: V1imDetail = serde_json::from_str(im)?;
/// assert_eq!(im.is_active(), Some(false));
/// assert_eq!(im.created_at(), Some(UNIX_EPOCH + Duration::from_millis(1_610_520_703_317)));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait SystemInfoExt: sealed::Sealed {
    /// When the conversation was created (M5). `None` if the pod left it out, or if the system's clock can't name it.
    fn created_at(&self) -> Option<SystemTime>;

    /// Whether messages can be sent and members can change (M4). `None` if the pod left it out: it doesn't say then.
    fn is_active(&self) -> Option<bool>;
}

/// Models that hold who created a room: [`RoomSystemInfo`] and [`V3RoomDetail`].
///
/// ```
/// use pod_api::types::V3RoomDetail;
/// use pod_api_ext::prelude::CreatorExt as _;
/// use pod_api_ext::UserId;
///
/// let room = r#"{"roomSystemInfo": {"createdByUserId": 7215545057281}}"#;
/// let room: V3RoomDetail = serde_json::from_str(room)?;
/// assert_eq!(room.created_by(), Some(UserId::from(7_215_545_057_281)));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait CreatorExt: sealed::Sealed {
    /// Who created the room. `None` if the pod left it out.
    fn created_by(&self) -> Option<UserId>;
}

/// Models that hold the pinned message: the attributes and detail of IMs and rooms.
///
/// ```
/// use pod_api::types::V1imAttributes;
/// use pod_api_ext::prelude::PinExt as _;
/// use pod_api_ext::Pin;
///
/// let attributes: V1imAttributes = serde_json::from_str(r#"{"pinnedMessageId": ""}"#)?;
/// assert_eq!(attributes.pin()?, Some(Pin::Unpinned));
/// assert_eq!(V1imAttributes::default().pin()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait PinExt: sealed::Sealed {
    /// What `pinnedMessageId` says (M6); `None` if it isn't there.
    ///
    /// # Errors
    /// The field doesn't hold an id.
    fn pin(&self) -> Result<Option<Pin>, FieldError>;
}

/// The users in a [`UserIdList`], and the other way round by `collect()`.
///
/// ```
/// use pod_api::types::UserIdList;
/// use pod_api_ext::prelude::UserIdListExt as _;
/// use pod_api_ext::UserId;
///
/// let list = UserIdList::from(vec![1, 2]);
/// assert!(list.user_ids().eq([UserId::from(1), UserId::from(2)]));
/// ```
pub trait UserIdListExt: sealed::Sealed {
    /// The ids, in their order, duplicates among them.
    fn user_ids(&self) -> impl Iterator<Item = UserId> + '_;
}

/// Who added a group to a room.
///
/// ```
/// use pod_api::types::GroupItem;
/// use pod_api_ext::prelude::GroupItemExt as _;
/// use pod_api_ext::UserId;
///
/// let group: GroupItem = serde_json::from_str(r#"{"id": 5, "addedBy": 7215545057281}"#)?;
/// assert_eq!(group.added_by_user(), Some(UserId::from(7_215_545_057_281)));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait GroupItemExt: sealed::Sealed {
    /// Who added the group. `None` if the pod left it out.
    fn added_by_user(&self) -> Option<UserId>;
}

mod sealed {
    /// Keeps the traits to the models, so that they can get methods without breaking anyone.
    pub trait Sealed {}
}

/// The two kinds of system info are alike, and so are the two kinds of detail that hold them.
macro_rules! conversation {
    ($info:ident, $detail:ident { $field:ident }, $id:literal, $id_in_detail:literal) => {
        impl sealed::Sealed for $info {}
        impl sealed::Sealed for $detail {}

        impl StreamIdExt for $info {
            fn stream_id(&self) -> Result<StreamId, FieldError> {
                stream_id(self.id.as_deref(), $id)
            }
        }

        impl StreamIdExt for $detail {
            fn stream_id(&self) -> Result<StreamId, FieldError> {
                stream_id(self.$field.as_ref().and_then(|info| info.id.as_deref()), $id_in_detail)
            }
        }

        impl SystemInfoExt for $info {
            fn created_at(&self) -> Option<SystemTime> {
                time::from_milliseconds(self.creation_date?)
            }

            fn is_active(&self) -> Option<bool> {
                self.active
            }
        }

        impl SystemInfoExt for $detail {
            fn created_at(&self) -> Option<SystemTime> {
                self.$field.as_ref()?.created_at()
            }

            fn is_active(&self) -> Option<bool> {
                self.$field.as_ref()?.is_active()
            }
        }
    };
}

conversation!(ImSystemInfo, V1imDetail { im_system_info }, "IMSystemInfo.id", "V1IMDetail.IMSystemInfo.id");
conversation!(RoomSystemInfo, V3RoomDetail { room_system_info }, "RoomSystemInfo.id", "V3RoomDetail.roomSystemInfo.id");

impl sealed::Sealed for Stream {}
impl sealed::Sealed for GroupItem {}
impl sealed::Sealed for UserIdList {}
impl sealed::Sealed for V1imAttributes {}
impl sealed::Sealed for V3RoomAttributes {}

impl StreamIdExt for Stream {
    fn stream_id(&self) -> Result<StreamId, FieldError> {
        stream_id(self.id.as_deref(), "Stream.id")
    }
}

impl CreatorExt for RoomSystemInfo {
    fn created_by(&self) -> Option<UserId> {
        self.created_by_user_id.map(UserId::from)
    }
}

impl CreatorExt for V3RoomDetail {
    fn created_by(&self) -> Option<UserId> {
        self.room_system_info.as_ref()?.created_by()
    }
}

impl PinExt for V1imAttributes {
    fn pin(&self) -> Result<Option<Pin>, FieldError> {
        pin(self.pinned_message_id.as_deref(), "V1IMAttributes.pinnedMessageId")
    }
}

impl PinExt for V3RoomAttributes {
    fn pin(&self) -> Result<Option<Pin>, FieldError> {
        pin(self.pinned_message_id.as_deref(), "V3RoomAttributes.pinnedMessageId")
    }
}

impl PinExt for V1imDetail {
    fn pin(&self) -> Result<Option<Pin>, FieldError> {
        let attributes = self.v1im_attributes.as_ref();
        pin(attributes.and_then(|it| it.pinned_message_id.as_deref()), "V1IMDetail.V1IMAttributes.pinnedMessageId")
    }
}

impl PinExt for V3RoomDetail {
    fn pin(&self) -> Result<Option<Pin>, FieldError> {
        let attributes = self.room_attributes.as_ref();
        pin(attributes.and_then(|it| it.pinned_message_id.as_deref()), "V3RoomDetail.roomAttributes.pinnedMessageId")
    }
}

impl UserIdListExt for UserIdList {
    fn user_ids(&self) -> impl Iterator<Item = UserId> + '_ {
        self.iter().copied().map(UserId::from)
    }
}

impl GroupItemExt for GroupItem {
    fn added_by_user(&self) -> Option<UserId> {
        self.added_by.map(UserId::from)
    }
}

fn stream_id(text: Option<&str>, field: &'static str) -> Result<StreamId, FieldError> {
    StreamId::new(text.ok_or(FieldError::Missing { field })?).map_err(|source| FieldError::Invalid { field, source })
}

fn pin(text: Option<&str>, field: &'static str) -> Result<Option<Pin>, FieldError> {
    text.map(|text| text.parse().map_err(|source| FieldError::Invalid { field, source })).transpose()
}
