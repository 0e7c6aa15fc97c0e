//! What the user, the pod or the caller may do, as far as that is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Something that has to be granted before the pod does what is asked.
///
/// The names are the vendor's; [`Entitlement::UserProvisioning`] is a role, and is asked for in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Entitlement {
    /// Of the user: may create public rooms (R7).
    #[serde(rename = "canCreatePublicRoom")]
    CanCreatePublicRoom,
    /// Of the user: may create rooms that reach other pods (R8).
    #[serde(rename = "isExternalRoomEnabled")]
    IsExternalRoomEnabled,
    /// Of the pod: rooms that reach other pods may show their history (R6).
    #[serde(rename = "canCreateExternalRoomSharedHistory")]
    CanCreateExternalRoomSharedHistory,
    /// The role User Provisioning of a service user (I7).
    #[serde(rename = "User Provisioning")]
    UserProvisioning,
}

impl Entitlement {
    const ALL: [Self; 4] = [
        Self::CanCreatePublicRoom,
        Self::IsExternalRoomEnabled,
        Self::CanCreateExternalRoomSharedHistory,
        Self::UserProvisioning,
    ];

    /// Every one of them.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
        Self::ALL.into_iter()
    }

    /// The vendor's name: `canCreatePublicRoom`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CanCreatePublicRoom => "canCreatePublicRoom",
            Self::IsExternalRoomEnabled => "isExternalRoomEnabled",
            Self::CanCreateExternalRoomSharedHistory => "canCreateExternalRoomSharedHistory",
            Self::UserProvisioning => "User Provisioning",
        }
    }
}

/// The [name](Entitlement::name).
impl fmt::Display for Entitlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no [`Entitlement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEntitlement {
    name: String,
}

impl fmt::Display for UnknownEntitlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Entitlement::all().map(Entitlement::name).collect();
        write!(f, "{:?} is not the name of an entitlement; the names are {}", self.name, names.join(", "))
    }
}

impl std::error::Error for UnknownEntitlement {}

/// By its [name](Entitlement::name), exactly as it is written there.
impl FromStr for Entitlement {
    type Err = UnknownEntitlement;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::all().find(|entitlement| entitlement.name() == name);
        // A name of any length may come from a command line or a file.
        found.ok_or_else(|| UnknownEntitlement { name: name.chars().take(40).collect() })
    }
}

/// What is known of one [`Entitlement`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grant {
    /// It is there.
    Granted,
    /// It isn't there: what needs it is refused.
    Denied,
    /// Nobody has asked; this never refuses anything.
    #[default]
    Unknown,
}

/// What is known of all of them; nothing, to begin with.
///
/// ```
/// use pod_api_ext::{Entitlement, Entitlements, Grant};
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

    /// All there is to know: `granted` are granted, and all others are denied.
    pub fn only(granted: impl IntoIterator<Item = Entitlement>) -> Self {
        let nothing = Entitlement::all().fold(Self::new(), Self::denied);
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
        for one in Entitlement::all() {
            for grant in [Grant::Granted, Grant::Denied, Grant::Unknown] {
                let known = Entitlements::new().with(one, grant);
                for other in Entitlement::all() {
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
        let grants: Vec<Grant> = Entitlement::all().map(|entitlement| known.get(entitlement)).collect();
        assert_eq!(grants, [Grant::Denied, Grant::Denied, Grant::Denied, Grant::Granted]);
    }

    #[test]
    fn every_one_is_found_by_the_name_that_is_also_its_json() {
        for entitlement in Entitlement::all() {
            let name = entitlement.name();
            assert_eq!(name.parse(), Ok(entitlement));
            assert_eq!(entitlement.to_string(), name);
            assert_eq!(serde_json::to_value(entitlement).unwrap(), name);
        }
        assert_eq!(
            "cancreatepublicroom".parse::<Entitlement>().unwrap_err().to_string(),
            "\"cancreatepublicroom\" is not the name of an entitlement; the names are canCreatePublicRoom, \
             isExternalRoomEnabled, canCreateExternalRoomSharedHistory, User Provisioning"
        );
        let error = "é".repeat(1000).parse::<Entitlement>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("\"{}\" is not", "é".repeat(40))), "{error}");
    }

    #[test]
    fn a_grant_has_a_name_in_json() {
        for (grant, name) in [(Grant::Granted, "granted"), (Grant::Denied, "denied"), (Grant::Unknown, "unknown")] {
            assert_eq!(serde_json::to_value(grant).unwrap(), name);
        }
    }
}
