//! Who calls the pod, and what they may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{Entitlement, UserId};

/// A user of the pod, with a session of their own.
///
/// ```
/// use pod_api_ext::Entitlement;
/// use pod_api_ext::mock::{Role, User};
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
    /// [`Entitlement::CanCreateExternalRoomSharedHistory`] is the pod's, which has it as soon as one of its users is
    /// given it. [`Entitlement::UserProvisioning`] is the role of that name.
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
        let by_entitlement = role == Role::UserProvisioning && self.has_entitlement(Entitlement::UserProvisioning);
        by_entitlement || self.roles.contains(&role)
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

    /// Its name, as the pages write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserProvisioning => "User Provisioning",
            Self::ComplianceOfficer => "Compliance Officer",
            Self::SuperComplianceOfficer => "Super Compliance Officer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Case, spaces, `_` and `-` don't count: other pages write `USER_PROVISIONING`.
impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|role| same(role.name(), text));
        found.copied().ok_or_else(|| ParseRoleError(text.chars().take(40).collect()))
    }
}

fn same(name: &str, text: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|character| !matches!(character, ' ' | '_' | '-'));
        letters.map(|character| character.to_ascii_lowercase()).collect()
    };
    letters(name) == letters(text)
}

/// A text names no [`Role`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseRoleError(String);

impl fmt::Display for ParseRoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        write!(f, "{:?} is not the name of a role; the names are {}", self.0, names.join(", "))
    }
}

impl std::error::Error for ParseRoleError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_parsed_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(*role));
        }
    }

    #[test]
    fn a_role_may_be_written_as_other_pages_write_it() {
        assert_eq!("USER_PROVISIONING".parse(), Ok(Role::UserProvisioning));
        assert_eq!("super-compliance officer".parse(), Ok(Role::SuperComplianceOfficer));
    }

    #[test]
    fn another_name_is_refused_with_those_that_there_are() {
        assert_eq!(
            "Admin".parse::<Role>().unwrap_err().to_string(),
            "\"Admin\" is not the name of a role; the names are User Provisioning, Compliance Officer, Super Compliance \
             Officer"
        );
    }

    #[test]
    fn the_role_is_the_entitlement_of_its_name() {
        let user = User::new(1).entitlement(Entitlement::UserProvisioning);
        assert!(user.has_role(Role::UserProvisioning));
        assert!(!user.has_role(Role::ComplianceOfficer));
        assert!(!User::new(1).has_role(Role::UserProvisioning));
    }
}
