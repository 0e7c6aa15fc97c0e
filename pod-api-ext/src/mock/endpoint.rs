//! What can be called at a pod: the operations of this API, and what logs in.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::Operation;
use crate::names::names;

names! {
    /// What can be called at a [`MockPod`](super::MockPod), and made to [fail](super::MockPod::fail): the operations of this API,
    /// and what logs in.
    ///
    /// Wherever one is taken, an [`Operation`] is as well.
    ///
    /// ```
    /// use pod_api_ext::Operation;
    /// use pod_api_ext::mock::Endpoint;
    ///
    /// assert_eq!(Endpoint::from(Operation::CreateIm), Endpoint::CreateIm);
    /// assert_eq!(Endpoint::LogIn.to_string(), "log-in");
    /// ```
    pub enum Endpoint {
        /// [`Operation::CreateIm`].
        CreateIm = "create-im",
        /// [`Operation::CreateRoom`].
        CreateRoom = "create-room",
        /// [`Operation::ImInfo`].
        ImInfo = "im-info",
        /// The log-in of a service account: `POST /login/pubkey/authenticate`.
        LogIn = "log-in",
        /// Its log-in at the key manager: `POST /relay/pubkey/authenticate`.
        RelayLogIn = "relay-log-in",
        /// The log-in of an app: `POST /login/pubkey/app/authenticate`.
        AppLogIn = "app-log-in",
        /// An app gets the session of a user: `POST /login/pubkey/app/username/{username}/authenticate`, or
        /// `…/app/user/{userId}/authenticate`.
        UserLogIn = "user-log-in",
        /// Who the caller is: `GET /pod/v2/sessioninfo`.
        SessionInfo = "session-info",
    }
    /// A short name, of lower-case words with dashes between them.
    pub const fn name;
    like |name, text| name == text;
    /// The text doesn't name an [`Endpoint`].
    pub struct UnknownEndpoint("an operation");
}

impl From<Operation> for Endpoint {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::CreateIm => Self::CreateIm,
            Operation::CreateRoom => Self::CreateRoom,
            Operation::ImInfo => Self::ImInfo,
        }
    }
}

/// So that either can be compared with what happened.
impl PartialEq<Operation> for Endpoint {
    fn eq(&self, other: &Operation) -> bool {
        *self == Self::from(*other)
    }
}

/// A path with a `{parameter}` in it, or none, and its method.
pub(super) type Template = (&'static str, &'static str);

impl Endpoint {
    /// The operation of the API that it is.
    #[must_use]
    pub fn operation(self) -> Option<Operation> {
        Operation::ALL.iter().copied().find(|operation| self == *operation)
    }

    /// Where it is besides the operations of the API.
    pub(super) const fn templates(self) -> &'static [Template] {
        match self {
            Self::CreateIm | Self::CreateRoom | Self::ImInfo => &[],
            Self::LogIn => &[("POST", "/login/pubkey/authenticate")],
            Self::RelayLogIn => &[("POST", "/relay/pubkey/authenticate")],
            Self::AppLogIn => &[("POST", "/login/pubkey/app/authenticate")],
            Self::UserLogIn => &[
                ("POST", "/login/pubkey/app/username/{username}/authenticate"),
                ("POST", "/login/pubkey/app/user/{userId}/authenticate"),
            ],
            Self::SessionInfo => &[("GET", "/pod/v2/sessioninfo")],
        }
    }

    /// The schema of its answer, where the document has none.
    pub(super) fn answer(self) -> &'static Value {
        static TOKEN: LazyLock<Value> = LazyLock::new(|| {
            let text = json!({ "type": "string" });
            json!({ "properties": { "token": text, "name": text, "authorizationToken": text } })
        });
        static USER: LazyLock<Value> = LazyLock::new(|| {
            let text = json!({ "type": "string" });
            json!({ "properties": { "id": { "type": "integer" }, "username": text, "displayName": text } })
        });
        match self {
            Self::CreateIm | Self::CreateRoom | Self::ImInfo => &Value::Null,
            Self::LogIn | Self::RelayLogIn | Self::AppLogIn | Self::UserLogIn => &TOKEN,
            Self::SessionInfo => &USER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_an_endpoint_of_its_name_and_nothing_else_has_one() {
        for operation in Operation::ALL {
            let endpoint = Endpoint::from(*operation);
            assert_eq!((endpoint.name(), endpoint.operation()), (operation.name(), Some(*operation)));
            assert_ne!(endpoint, Endpoint::LogIn);
        }
        let others = Endpoint::ALL.iter().filter(|endpoint| endpoint.operation().is_none());
        assert!(others.into_iter().all(|endpoint| !endpoint.templates().is_empty()));
    }
}
