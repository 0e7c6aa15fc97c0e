//! The operations of the API, as data: each is described here, once.
//!
//! Tables, help texts, names and the matrix of faults come from these descriptions. What else an operation needs is code, and
//! the compiler says where it is missing: its request (`pod/request.rs`), and what the mock does (`mock/state.rs`).

use std::fmt;

use pod_api::builder;
use pod_api::support::{OperationCall, OperationFacts};

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
    /// What the OpenAPI document says of it; generated, so that it is never out of step.
    facts: &'static OperationFacts,
}

const PROVISIONING: &str = "the role User Provisioning of a service user";

/// The same participants give the same IM (I4).
const CREATE_IM: Description = Description {
    title: "create IM",
    safety: Safety::Repeatable,
    requirements: &[Requirement { statement: "I7", needs: PROVISIONING, when: "" }],
    facts: &<builder::V1AdminImCreatePost<'static> as OperationCall>::FACTS,
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
    facts: &<builder::V3RoomCreatePost<'static> as OperationCall>::FACTS,
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
    facts: &<builder::V1ImIdInfoGet<'static> as OperationCall>::FACTS,
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
        self.description().facts.id
    }

    /// The HTTP method it is called by.
    #[must_use]
    pub const fn method(self) -> &'static str {
        self.description().facts.method
    }

    /// Its path below the base URL, as a template of the OpenAPI document.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.description().facts.path
    }

    /// The statuses that its responses are documented for, such as `200`, `4XX` or `default`.
    #[must_use]
    pub const fn statuses(self) -> &'static [&'static str] {
        self.description().facts.statuses
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
/// let needs: Vec<String> =
///     Operation::CreateRoom.requirements().iter().map(ToString::to_string).collect();
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
    fn an_operation_is_what_the_document_says_of_it() {
        let document: Value = serde_json::from_str(pod_api::OPENAPI_JSON).unwrap();
        for operation in Operation::ALL {
            let documented = &document["paths"][operation.path()][operation.method().to_lowercase()];
            assert_eq!(documented["operationId"], operation.id());
            let statuses: Vec<&String> = documented["responses"].as_object().unwrap().keys().collect();
            assert_eq!(statuses, operation.statuses());
        }
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
