//! The operations of the API, as data: each is described here, once.
//!
//! Tables, help texts, names and the matrix of faults come from these descriptions. What else an operation needs is code, and
//! the compiler says where it is missing: its request (`pod/request.rs`), and what the mock does (`mock/state.rs`).

use std::fmt;

use crate::names::names;

names! {
    /// An operation of the API.
    ///
    /// It is written as [`name`](Self::name) says, in messages and on command lines.
    ///
    /// ```
    /// use pod_api_ext::Operation;
    ///
    /// let operation: Operation = "create-room".parse()?;
    /// assert_eq!(operation, Operation::CreateRoom);
    /// assert_eq!(format!("{} {}", operation.method(), operation.path()), "POST /v3/room/create");
    /// # Ok::<(), pod_api_ext::operations::UnknownOperation>(())
    /// ```
    pub enum Operation {
        /// Create an IM that the caller isn't part of; page `create-im-or-mim-admin`.
        CreateIm = "create-im",
        /// Create a room; page `create-room-v3`.
        CreateRoom = "create-room",
        /// Get what is known of an IM; page `im-info`.
        ImInfo = "im-info",
    }
    /// A short name, of lower-case words with dashes between them.
    pub const fn name;
    like |name, text| name == text;
    /// The text doesn't name an [`Operation`].
    pub struct UnknownOperation("an operation");
}

/// What happens if a request is sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// It changes nothing.
    Read,
    /// It changes something, but a second time nothing more.
    Repeatable,
    /// It may do the same thing twice: it is sent again only if the pod can't have acted.
    Once,
}

impl Safety {
    /// Whether a request may be sent again although the pod may have acted on it.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        !matches!(self, Self::Once)
    }
}

/// An operation.
struct Description {
    /// What it does, in words for a message.
    title: &'static str,
    safety: Safety,
    requirements: &'static [Requirement],
    documented: Documented,
}

/// What the OpenAPI document says of an operation.
struct Documented {
    id: &'static str,
    method: &'static str,
    path: &'static str,
}

const fn documented(id: &'static str, method: &'static str, path: &'static str) -> Documented {
    Documented { id, method, path }
}

const PROVISIONING: &str = "the role User Provisioning of a service user";

/// The same participants give the same IM (I4).
const CREATE_IM: Description = Description {
    title: "create IM",
    safety: Safety::Repeatable,
    requirements: &[Requirement { statement: "I7", needs: PROVISIONING, when: "" }],
    documented: documented("v1AdminImCreatePost", "POST", "/v1/admin/im/create"),
};

/// A room that is created again meets the name of the first (R2).
const CREATE_ROOM: Description = Description {
    title: "create room",
    safety: Safety::Once,
    requirements: &[
        Requirement { statement: "R7", needs: "the entitlement canCreatePublicRoom", when: "for a public room" },
        Requirement { statement: "R8", needs: "the entitlement isExternalRoomEnabled", when: "for a cross-pod room" },
        Requirement {
            statement: "R6",
            needs: "the pod's entitlement canCreateExternalRoomSharedHistory",
            when: "for a cross-pod room with viewHistory",
        },
    ],
    documented: documented("v3RoomCreatePost", "POST", "/v3/room/create"),
};

const IM_INFO: Description = Description {
    title: "IM info",
    safety: Safety::Read,
    requirements: &[Requirement {
        statement: "M3",
        needs: "membership of the IM, the role (Super) Compliance Officer, or the role User Provisioning of a service \
                user",
        when: "",
    }],
    documented: documented("v1ImIdInfoGet", "GET", "/v1/im/{id}/info"),
};

impl Operation {
    const fn description(self) -> &'static Description {
        match self {
            Self::CreateIm => &CREATE_IM,
            Self::CreateRoom => &CREATE_ROOM,
            Self::ImInfo => &IM_INFO,
        }
    }

    /// Its name in the OpenAPI document, [`pod_api::OPENAPI_JSON`].
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.description().documented.id
    }

    /// The HTTP method it is called by.
    #[must_use]
    pub const fn method(self) -> &'static str {
        self.description().documented.method
    }

    /// Its path below the base URL, as a template of the OpenAPI document.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.description().documented.path
    }

    /// What it does, in words for a message.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.description().title
    }

    /// What happens if a request is sent twice.
    #[must_use]
    pub const fn safety(self) -> Safety {
        self.description().safety
    }

    /// What its page wants the caller, or the pod, to have: what is missing if the pod answers with 403.
    #[must_use]
    pub const fn requirements(self) -> &'static [Requirement] {
        self.description().requirements
    }
}

/// A role or an entitlement that the page of an operation names.
///
/// ```
/// use pod_api_ext::Operation;
///
/// let needs: Vec<String> = Operation::CreateRoom.requirements().iter().map(ToString::to_string).collect();
/// assert_eq!(needs[0], "the entitlement canCreatePublicRoom for a public room (R7)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The number of the statement on the operation's page.
    pub statement: &'static str,
    /// What is needed.
    pub needs: &'static str,
    /// When it is; empty if always.
    pub when: &'static str,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statement, needs, when } = self;
        let space = if when.is_empty() { "" } else { " " };
        write!(f, "{needs}{space}{when} ({statement})")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_operation_of_the_document_is_here_with_its_method_path_and_id() {
        let document: Value = serde_json::from_str(pod_api::OPENAPI_JSON).unwrap();
        let mut in_document = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                in_document.push((
                    method.to_uppercase(),
                    path.clone(),
                    operation["operationId"].as_str().unwrap().to_owned(),
                ));
            }
        }
        in_document.sort();
        let own = |o: &Operation| (o.method().to_owned(), o.path().to_owned(), o.id().to_owned());
        let mut here: Vec<_> = Operation::ALL.iter().map(own).collect();
        here.sort();
        assert_eq!(here, in_document);
    }

    #[test]
    fn what_an_operation_requires_can_be_read() {
        let all = Operation::ALL.iter().flat_map(|operation| operation.requirements()).map(ToString::to_string);
        assert_eq!(
            all.collect::<Vec<_>>(),
            [
                "the role User Provisioning of a service user (I7)",
                "the entitlement canCreatePublicRoom for a public room (R7)",
                "the entitlement isExternalRoomEnabled for a cross-pod room (R8)",
                "the pod's entitlement canCreateExternalRoomSharedHistory for a cross-pod room with viewHistory (R6)",
                "membership of the IM, the role (Super) Compliance Officer, or the role User Provisioning of a service \
                 user (M3)",
            ]
        );
    }

    #[test]
    fn another_text_is_no_operation() {
        let error = "createRoom\n".parse::<Operation>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#""createRoom\n" is not the name of an operation: use one of create-im, create-room, im-info"#
        );
    }
}
