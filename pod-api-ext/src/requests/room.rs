//! Rooms of the common kinds.

use pod_api::types::{RoomTag, V3RoomAttributes, builder};

use crate::prelude::Validate as _;
use crate::rules::{Context, Violations};

/// Declares a kind of room with the settings it can have. All kinds have `new`, `description`, `tag` and
/// `copy_protected`.
macro_rules! room {
    (
        $(#[$meta:meta])*
        $name:ident, $set:expr;
        $($(#[$setter_meta:meta])* $setter:ident)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name(V3RoomAttributes);

        impl $name {
            /// Such a room of this name, with nothing else set.
            ///
            /// # Errors
            /// The name is too long (R3).
            pub fn new(name: impl Into<String>) -> Result<Self, Violations> {
                let mut attributes = V3RoomAttributes::default();
                attributes.name = Some(name.into());
                let set: fn(&mut V3RoomAttributes) = $set;
                set(&mut attributes);
                attributes.validate(&Context::new())?;
                Ok(Self(attributes))
            }

            /// Says what the room is about.
            #[must_use]
            pub fn description(mut self, description: impl Into<String>) -> Self {
                self.0.description = Some(description.into());
                self
            }

            /// Adds a tag to find the room by; a tag has both a key and a value (R11).
            #[must_use]
            pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
                let tag = RoomTag::builder().key(key.into()).value(value.into());
                // Both are set, so this can't fail.
                self.0.keywords.get_or_insert_default().extend(RoomTag::try_from(tag));
                self
            }

            /// Whether clients keep what is said from being copied.
            #[must_use]
            pub fn copy_protected(mut self, copy_protected: bool) -> Self {
                self.0.copy_protected = Some(copy_protected);
                self
            }

            $(
                $(#[$setter_meta])*
                #[must_use]
                pub fn $setter(mut self, $setter: bool) -> Self {
                    self.0.$setter = Some($setter);
                    self
                }
            )*
        }

        impl From<$name> for V3RoomAttributes {
            fn from(room: $name) -> Self {
                room.0
            }
        }

        /// To set more; then [`Validate`](crate::prelude::Validate) has to check the combination.
        impl From<$name> for builder::V3RoomAttributes {
            fn from(room: $name) -> Self {
                room.0.into()
            }
        }
    };
}

room! {
    /// A private room on this pod: the pod's default (R1), sent explicitly.
    ///
    /// ```no_run
    /// use pod_api_ext::{PrivateRoom, pod_api};
    ///
    /// # async fn run(client: pod_api::Client, token: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let room = PrivateRoom::new("Project X")?.description("A project").members_can_invite(false);
    /// let created = client.v3_room_create_post().session_token(token).body(room).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    PrivateRoom, |room| room.public = Some(false);
    /// Whether those who aren't members can find the room.
    discoverable
    /// Whether all members can add new ones, or only owners.
    members_can_invite
    /// Whether only owners can send messages.
    read_only
    /// Whether new members see what was said before.
    view_history
}

room! {
    /// A public room. It takes the user's entitlement `canCreatePublicRoom` (R7).
    ///
    /// There is no setting for what can't be switched off in a public room (R4): its history is seen by new members, it can
    /// be found, and all members can add new ones.
    ///
    /// ```
    /// use pod_api_ext::PublicRoom;
    /// use pod_api_ext::pod_api::types::V3RoomAttributes;
    ///
    /// let room = V3RoomAttributes::from(PublicRoom::new("Lunch")?.tag("topic", "food"));
    /// assert_eq!(room.public, Some(true));
    /// # Ok::<(), pod_api_ext::rules::Violations>(())
    /// ```
    PublicRoom, |room| room.public = Some(true);
    /// Whether only owners can send messages.
    read_only
}

room! {
    /// A room with members of other pods. It takes the user's entitlement `isExternalRoomEnabled` (R8).
    ///
    /// There is no setting for what can't be switched on in such a room (R5): it isn't public, read-only, or to be found by
    /// those who aren't members.
    ///
    /// ```
    /// use pod_api_ext::pod_api::types::{V3RoomAttributes, builder};
    /// use pod_api_ext::prelude::Validate as _;
    /// use pod_api_ext::rules::Context;
    /// use pod_api_ext::ExternalRoom;
    ///
    /// // What has no setting here is set on the generated builder.
    /// let room = builder::V3RoomAttributes::from(ExternalRoom::new("Deal")?.members_can_invite(false));
    /// let room = V3RoomAttributes::try_from(room.scheduled_meeting(true))?;
    /// room.validate(&Context::new())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ExternalRoom, |room| room.cross_pod = Some(true);
    /// Whether all members can add new ones, or only owners.
    members_can_invite
    /// Whether members may be of more than two companies.
    multi_lateral_room
    /// Whether new members see what was said before; switched on, it takes the pod's entitlement
    /// `canCreateExternalRoomSharedHistory` (R6).
    view_history
}
