//! What the user, the pod or the caller may do, as far as that is known.

use serde::{Deserialize, Serialize};

use crate::names::names;

names! {
    /// A right that the pod requires for some requests.
    ///
    /// The names are the vendor's; [`Entitlement::UserProvisioning`] is a role, and is given in the same way.
    pub enum Entitlement {
        /// Of the user: may create public rooms (R7).
        CanCreatePublicRoom = "canCreatePublicRoom",
        /// Of the user: may create rooms that reach other pods (R8).
        IsExternalRoomEnabled = "isExternalRoomEnabled",
        /// Of the pod: rooms that reach other pods may show their history (R6).
        CanCreateExternalRoomSharedHistory = "canCreateExternalRoomSharedHistory",
        /// The role User Provisioning of a service user (I7).
        UserProvisioning = "User Provisioning",
    }
    /// The vendor's name: `canCreatePublicRoom`.
    pub const fn name;
    like |name, text| name == text;
    /// The text doesn't name an [`Entitlement`].
    pub struct UnknownEntitlement("an entitlement");
}

/// What is known of one [`Entitlement`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grant {
    /// It is there.
    Granted,
    /// It is known to be missing: what needs it is refused.
    Denied,
    /// Unknown; never causes a refusal.
    #[default]
    Unknown,
}

/// What is known of all of them; at first, nothing.
///
/// ```
/// use pod_api_ext::rules::{Entitlement, Entitlements, Grant};
///
/// let known = Entitlements::new().denied(Entitlement::CanCreatePublicRoom);
/// assert_eq!(known.get(Entitlement::CanCreatePublicRoom), Grant::Denied);
/// assert_eq!(known.get(Entitlement::IsExternalRoomEnabled), Grant::Unknown);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entitlements {
    can_create_public_room: Grant,
    is_external_room_enabled: Grant,
    can_create_external_room_shared_history: Grant,
    user_provisioning: Grant,
}

impl Entitlements {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything is known: `granted` are granted, and all others are denied.
    pub fn only(granted: impl IntoIterator<Item = Entitlement>) -> Self {
        let nothing = Entitlement::ALL.iter().copied().fold(Self::new(), Self::denied);
        granted.into_iter().fold(nothing, Self::granted)
    }

    /// What is known of one.
    #[must_use]
    pub const fn get(&self, entitlement: Entitlement) -> Grant {
        match entitlement {
            Entitlement::CanCreatePublicRoom => self.can_create_public_room,
            Entitlement::IsExternalRoomEnabled => self.is_external_room_enabled,
            Entitlement::CanCreateExternalRoomSharedHistory => self.can_create_external_room_shared_history,
            Entitlement::UserProvisioning => self.user_provisioning,
        }
    }

    /// Says what is known of one.
    #[must_use]
    pub const fn with(mut self, entitlement: Entitlement, grant: Grant) -> Self {
        match entitlement {
            Entitlement::CanCreatePublicRoom => self.can_create_public_room = grant,
            Entitlement::IsExternalRoomEnabled => self.is_external_room_enabled = grant,
            Entitlement::CanCreateExternalRoomSharedHistory => self.can_create_external_room_shared_history = grant,
            Entitlement::UserProvisioning => self.user_provisioning = grant,
        }
        self
    }

    /// Says that one is there.
    #[must_use]
    pub const fn granted(self, entitlement: Entitlement) -> Self {
        self.with(entitlement, Grant::Granted)
    }

    /// Says that one isn't there.
    #[must_use]
    pub const fn denied(self, entitlement: Entitlement) -> Self {
        self.with(entitlement, Grant::Denied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_known_until_it_is_said_and_then_of_that_one_only() {
        for one in Entitlement::ALL.iter().copied() {
            for grant in [Grant::Granted, Grant::Denied, Grant::Unknown] {
                let known = Entitlements::new().with(one, grant);
                for other in Entitlement::ALL.iter().copied() {
                    let expected = if other == one { grant } else { Grant::Unknown };
                    assert_eq!(known.get(other), expected, "{other} after {one}");
                }
            }
            assert_eq!(Entitlements::new().granted(one).get(one), Grant::Granted);
            assert_eq!(Entitlements::new().denied(one).get(one), Grant::Denied);
        }
    }

    #[test]
    fn only_denies_the_rest() {
        let known = Entitlements::only([Entitlement::UserProvisioning]);
        let grants: Vec<Grant> = Entitlement::ALL.iter().copied().map(|entitlement| known.get(entitlement)).collect();
        assert_eq!(grants, [Grant::Denied, Grant::Denied, Grant::Denied, Grant::Granted]);
    }

    #[test]
    fn a_grant_has_a_name_in_json() {
        for (grant, name) in [(Grant::Granted, "granted"), (Grant::Denied, "denied"), (Grant::Unknown, "unknown")] {
            assert_eq!(serde_json::to_value(grant).unwrap(), name);
        }
    }
}
