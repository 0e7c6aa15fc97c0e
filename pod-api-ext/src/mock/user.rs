//! Who calls the pod, and what they may do.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::UserId;
use crate::names::names;
use crate::rules::Entitlement;

/// A user of the pod, with a session of their own.
///
/// ```
/// use pod_api_ext::rules::Entitlement;
/// use pod_api_ext::mock::{Role, User};
///
/// let member = User::new(7_002);
/// let service = User::new(7_001).role(Role::UserProvisioning);
/// let service = service.entitlement(Entitlement::CanCreatePublicRoom);
/// assert!(service.has_role(Role::UserProvisioning) && !member.has_role(Role::UserProvisioning));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    id: UserId,
    roles: BTreeSet<Role>,
    entitlements: BTreeSet<Entitlement>,
    username: String,
    /// User names and the keys in PEM that log this user in.
    pub(super) accounts: Vec<(String, String)>,
}

impl User {
    /// An ordinary user, without roles and entitlements.
    #[must_use]
    pub fn new(id: impl Into<UserId>) -> Self {
        let id = id.into();
        let username = format!("user-{id}");
        Self { id, roles: BTreeSet::new(), entitlements: BTreeSet::new(), username, accounts: Vec::new() }
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

    /// Names the user, for apps that log in on the user's behalf; `user-` and the id by default.
    #[must_use]
    pub fn named(mut self, username: impl Into<String>) -> Self {
        self.username = username.into();
        self
    }

    /// Makes the user a service account of this name, which logs in by the RSA key whose public half this is, in PEM. The
    /// first such name is the user's [name](Self::named).
    #[must_use]
    pub fn service_account(mut self, username: impl Into<String>, public_key: impl Into<String>) -> Self {
        let username = username.into();
        if self.accounts.is_empty() {
            self.username.clone_from(&username);
        }
        self.accounts.push((username, public_key.into()));
        self
    }

    /// The user's name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// A `UserV2` of the API, as far as the pod knows it.
    pub(super) fn info(&self) -> Value {
        json!({ "id": self.id.get(), "username": self.username, "displayName": self.username })
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

names! {
    /// A role that a page names. Parsed, case, spaces, `_` and `-` don't count: other pages write `USER_PROVISIONING`.
    pub enum Role {
        /// Of service users: may create IMs between others (I7), and ask for any IM (M3).
        UserProvisioning = "User Provisioning",
        /// May ask for any IM (M3).
        ComplianceOfficer = "Compliance Officer",
        /// May ask for any IM (M3).
        SuperComplianceOfficer = "Super Compliance Officer",
    }
    /// Its name, as the pages write it.
    pub const fn name;
    like same;
    /// The text doesn't name a [`Role`].
    pub struct UnknownRole("a role");
}

fn same(name: &str, text: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|character| !matches!(character, ' ' | '_' | '-'));
        letters.map(|character| character.to_ascii_lowercase()).collect()
    };
    letters(name) == letters(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_be_written_as_other_pages_write_it() {
        assert_eq!("USER_PROVISIONING".parse(), Ok(Role::UserProvisioning));
        assert_eq!("super-compliance officer".parse(), Ok(Role::SuperComplianceOfficer));
    }

    #[test]
    fn another_name_is_refused_with_those_that_there_are() {
        assert_eq!(
            "Admin".parse::<Role>().unwrap_err().to_string(),
            "\"Admin\" is not the name of a role: use one of User Provisioning, Compliance Officer, Super Compliance \
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
