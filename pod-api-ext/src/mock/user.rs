//! Who calls the pod, and what they may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::UserId;

/// A user of the pod, with a session of their own.
///
/// ```
/// use pod_api_ext::mock::{Entitlement, Role, User};
///
/// let member = User::new(7_002);
/// let service = User::new(7_001).role(Role::UserProvisioning).entitlement(Entitlement::CanCreatePublicRoom);
/// assert!(service.has_role(Role::UserProvisioning) && !member.has_role(Role::UserProvisioning));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    id: UserId,
    roles: BTreeSet<Role>,
    entitlements: BTreeSet<Entitlement>,
}

impl User {
    /// An ordinary user, without roles and entitlements.
    #[must_use]
    pub fn new(id: impl Into<UserId>) -> Self {
        Self { id: id.into(), roles: BTreeSet::new(), entitlements: BTreeSet::new() }
    }

    /// Gives the user a role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.roles.insert(role);
        self
    }

    /// Gives the user an entitlement.
    ///
    /// One of the pod's own, see [`Entitlement::is_of_pod`], holds for all users as soon as one of them has it.
    #[must_use]
    pub fn entitlement(mut self, entitlement: Entitlement) -> Self {
        self.entitlements.insert(entitlement);
        self
    }

    /// The user's id.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.id
    }

    /// Whether the user has this role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the user was given this entitlement.
    #[must_use]
    pub fn has_entitlement(&self, entitlement: Entitlement) -> bool {
        self.entitlements.contains(&entitlement)
    }
}

/// A role that a page names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// Of service users: may create IMs between others (I7), and ask for any IM (M3).
    UserProvisioning,
    /// May ask for any IM (M3).
    ComplianceOfficer,
    /// May ask for any IM (M3).
    SuperComplianceOfficer,
}

impl Role {
    /// All of them.
    pub const ALL: &[Self] = &[Self::UserProvisioning, Self::ComplianceOfficer, Self::SuperComplianceOfficer];

    /// The name that other endpoints of the API give it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserProvisioning => "USER_PROVISIONING",
            Self::ComplianceOfficer => "COMPLIANCE_OFFICER",
            Self::SuperComplianceOfficer => "SUPER_COMPLIANCE_OFFICER",
        }
    }
}

/// An entitlement that a page names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Entitlement {
    /// A user's: may create public rooms (R7).
    CanCreatePublicRoom,
    /// A user's: may create cross-pod rooms (R8).
    IsExternalRoomEnabled,
    /// The pod's: cross-pod rooms may show their history to new members (R6).
    CanCreateExternalRoomSharedHistory,
}

impl Entitlement {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::CanCreatePublicRoom, Self::IsExternalRoomEnabled, Self::CanCreateExternalRoomSharedHistory];

    /// Its name, as the page writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CanCreatePublicRoom => "canCreatePublicRoom",
            Self::IsExternalRoomEnabled => "isExternalRoomEnabled",
            Self::CanCreateExternalRoomSharedHistory => "canCreateExternalRoomSharedHistory",
        }
    }

    /// Whether it is the pod's and not a user's.
    #[must_use]
    pub const fn is_of_pod(self) -> bool {
        matches!(self, Self::CanCreateExternalRoomSharedHistory)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Entitlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Case, spaces, `_` and `-` don't count: `User Provisioning` is `USER_PROVISIONING`.
impl FromStr for Role {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|role| same(role.name(), text));
        found.copied().ok_or_else(|| ParseNameError::new("role", text, Self::ALL.iter().map(|role| role.name())))
    }
}

/// Case, spaces, `_` and `-` don't count.
impl FromStr for Entitlement {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|entitlement| same(entitlement.name(), text));
        found.copied().ok_or_else(|| {
            ParseNameError::new("entitlement", text, Self::ALL.iter().map(|entitlement| entitlement.name()))
        })
    }
}

fn same(name: &str, text: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|character| !matches!(character, ' ' | '_' | '-'));
        letters.map(|character| character.to_ascii_lowercase()).collect()
    };
    letters(name) == letters(text)
}

/// A text names no [`Role`], or no [`Entitlement`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNameError {
    what: &'static str,
    text: String,
    names: Vec<&'static str>,
}

impl ParseNameError {
    fn new(what: &'static str, text: &str, names: impl Iterator<Item = &'static str>) -> Self {
        Self { what, text: text.chars().take(60).collect(), names: names.collect() }
    }
}

impl fmt::Display for ParseNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, text, names } = self;
        write!(f, "`{}` is no {what} that this pod knows: write one of {}", text.escape_debug(), names.join(", "))
    }
}

impl std::error::Error for ParseNameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_and_entitlement_is_parsed_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(*role));
        }
        for entitlement in Entitlement::ALL {
            assert_eq!(entitlement.to_string().parse(), Ok(*entitlement));
        }
    }

    #[test]
    fn a_role_may_be_written_as_the_pages_write_it() {
        assert_eq!("User Provisioning".parse(), Ok(Role::UserProvisioning));
        assert_eq!("super-compliance officer".parse(), Ok(Role::SuperComplianceOfficer));
    }

    #[test]
    fn another_name_is_refused_with_those_that_there_are() {
        assert_eq!(
            "Admin".parse::<Role>().unwrap_err().to_string(),
            "`Admin` is no role that this pod knows: write one of USER_PROVISIONING, COMPLIANCE_OFFICER, \
             SUPER_COMPLIANCE_OFFICER"
        );
        assert_eq!(
            "".parse::<Entitlement>().unwrap_err().to_string(),
            "`` is no entitlement that this pod knows: write one of canCreatePublicRoom, isExternalRoomEnabled, \
             canCreateExternalRoomSharedHistory"
        );
    }
}
