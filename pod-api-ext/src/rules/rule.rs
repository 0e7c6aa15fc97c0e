//! The rules by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::names;

names! {
    /// A documented statement that a request can break.
    ///
    /// The variants are named after what breaks them. [`Rule::code`] stays the same from version to version; it is what
    /// settings and logs should hold.
    ///
    /// ```
    /// use pod_api_ext::rules::Rule;
    ///
    /// let rule: Rule = "room.name.length".parse()?;
    /// assert_eq!(rule, Rule::RoomNameLength);
    /// assert_eq!(rule.statement(), "R3");
    /// # Ok::<(), pod_api_ext::rules::UnknownRule>(())
    /// ```
    pub enum Rule {
        /// I1/I6: two participants have to be given.
        ImTooFewUsers = "im.users.too-few",
        /// I2: the caller isn't added to the conversation.
        ImCaller = "im.users.caller",
        /// I3: a user id that is given again is ignored.
        ImDuplicateUser = "im.users.duplicate",
        /// I5: conversations of more than two are no longer supported.
        ImTooManyUsers = "im.users.too-many",
        /// I7: the call takes a service user with the role User Provisioning.
        ImRole = "im.role",
        /// R1: without any attribute, the room is private.
        RoomNoAttributes = "room.no-attributes",
        /// R2: names that differ only in case and white space are the same name.
        RoomSameName = "room.name.same",
        /// R3: names are shorter than 50 characters.
        RoomNameLength = "room.name.length",
        /// R4: what can't be false in a public room.
        RoomPublicAttributes = "room.public.attributes",
        /// R5: what can't be true in a cross-pod room.
        RoomCrossPodAttributes = "room.cross-pod.attributes",
        /// R6: a cross-pod room with its history in view takes an entitlement of the pod.
        RoomCrossPodHistory = "room.cross-pod.history",
        /// R7: a public room takes an entitlement of the user.
        RoomPublicEntitlement = "room.public.entitlement",
        /// R8: a cross-pod room takes an entitlement of the user.
        RoomCrossPodEntitlement = "room.cross-pod.entitlement",
        /// R9: the sub-type is ignored.
        RoomSubType = "room.sub-type",
        /// R10: whether it is a group chat is ignored.
        RoomGroupChat = "room.group-chat",
    }
    /// The name by which settings and logs know it, such as `room.name.length`. It stays the same in later versions.
    pub const fn code;
    like |code, text| code == text;
    /// The text isn't the code of a [`Rule`].
    pub struct UnknownRule("a rule");
}

/// How much a broken rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// The pod would refuse the request.
    Refusal,
    /// The pod accepts the request but may not do what you expect.
    Remark,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Refusal => "refusal",
            Self::Remark => "remark",
        })
    }
}

/// What is known of a rule.
struct Facts {
    statement: &'static str,
    severity: Severity,
    page: &'static str,
}

const IM: &str = "https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/create-im-or-mim-admin.md";
const ROOM: &str = "https://rest-api.symphony.com/main/streams-conversations/room-endpoints/create-room-v3.md";

impl Rule {
    const fn facts(self) -> Facts {
        use Severity::{Refusal, Remark};
        let (statement, severity, page) = match self {
            Self::ImTooFewUsers => ("I1/I6", Refusal, IM),
            Self::ImCaller => ("I2", Remark, IM),
            Self::ImDuplicateUser => ("I3", Remark, IM),
            Self::ImTooManyUsers => ("I5", Refusal, IM),
            Self::ImRole => ("I7", Refusal, IM),
            Self::RoomNoAttributes => ("R1", Remark, ROOM),
            Self::RoomSameName => ("R2", Remark, ROOM),
            Self::RoomNameLength => ("R3", Refusal, ROOM),
            Self::RoomPublicAttributes => ("R4", Refusal, ROOM),
            Self::RoomCrossPodAttributes => ("R5", Refusal, ROOM),
            Self::RoomCrossPodHistory => ("R6", Refusal, ROOM),
            Self::RoomPublicEntitlement => ("R7", Refusal, ROOM),
            Self::RoomCrossPodEntitlement => ("R8", Refusal, ROOM),
            Self::RoomSubType => ("R9", Remark, ROOM),
            Self::RoomGroupChat => ("R10", Remark, ROOM),
        };
        Facts { statement, severity, page }
    }

    /// The number of its statement, as in the table of [`rules`](crate::rules#the-rules); if a page says
    /// the same thing twice, both numbers: `I1/I6`.
    #[must_use]
    pub const fn statement(self) -> &'static str {
        self.facts().statement
    }

    /// The address of the page with the statement.
    #[must_use]
    pub const fn page(self) -> &'static str {
        self.facts().page
    }

    /// What breaking it means.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.facts().severity
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_rules_share_a_code() {
        let codes: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
    }

    #[test]
    fn the_statements_are_the_documented_ones_each_once() {
        let statements: Vec<&str> = Rule::ALL.iter().copied().map(Rule::statement).collect();
        let documented = ["I1/I6", "I2", "I3", "I5", "I7", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"];
        assert_eq!(statements, documented);
    }

    #[test]
    fn a_page_is_that_of_the_operation_that_the_code_begins_with() {
        for rule in Rule::ALL.iter().copied() {
            let page = if rule.code().starts_with("im.") { "/create-im-or-mim-admin.md" } else { "/create-room-v3.md" };
            assert!(rule.page().ends_with(page), "{rule}: {}", rule.page());
        }
    }

    #[test]
    fn what_is_no_code_is_said_with_the_codes_there_are() {
        assert_eq!(
            "R3".parse::<Rule>().unwrap_err().to_string(),
            "\"R3\" is not the code of a rule: use one of im.users.too-few, im.users.caller, im.users.duplicate, \
             im.users.too-many, im.role, room.no-attributes, room.name.same, room.name.length, \
             room.public.attributes, room.cross-pod.attributes, room.cross-pod.history, room.public.entitlement, \
             room.cross-pod.entitlement, room.sub-type, room.group-chat"
        );
    }

    #[test]
    fn a_severity_has_one_name_for_people_and_machines() {
        for (severity, name) in [(Severity::Refusal, "refusal"), (Severity::Remark, "remark")] {
            assert_eq!(severity.to_string(), name);
            assert_eq!(serde_json::to_value(severity).unwrap(), name);
        }
    }
}
