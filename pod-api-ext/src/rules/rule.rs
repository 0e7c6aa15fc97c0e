//! The rules by name.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A documented statement that a request can be held against.
///
/// The variants are named after what breaks them. [`Rule::code`] stays the same from version to version; it is what
/// settings and logs should hold.
///
/// ```
/// use pod_api_ext::Rule;
///
/// let rule: Rule = "room.name.length".parse()?;
/// assert_eq!(rule, Rule::RoomNameLength);
/// assert_eq!(rule.statement(), "R3");
/// # Ok::<(), pod_api_ext::UnknownRule>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// I1/I6: two participants have to be given.
    ImTooFewUsers,
    /// I2: the caller isn't added to the conversation.
    ImCaller,
    /// I3: a user id that is given again is ignored.
    ImDuplicateUser,
    /// I5: conversations of more than two are no longer supported.
    ImTooManyUsers,
    /// I7: the call takes a service user with the role User Provisioning.
    ImRole,
    /// R1: without any attribute, the room is private.
    RoomNoAttributes,
    /// R2: names that differ only in case and white space are the same name.
    RoomSameName,
    /// R3: names are shorter than 50 characters.
    RoomNameLength,
    /// R4: what can't be false in a public room.
    RoomPublicAttributes,
    /// R5: what can't be true in a cross-pod room.
    RoomCrossPodAttributes,
    /// R6: a cross-pod room with its history in view takes an entitlement of the pod.
    RoomCrossPodHistory,
    /// R7: a public room takes an entitlement of the user.
    RoomPublicEntitlement,
    /// R8: a cross-pod room takes an entitlement of the user.
    RoomCrossPodEntitlement,
    /// R9: the sub-type is ignored.
    RoomSubType,
    /// R10: whether it is a group chat is ignored.
    RoomGroupChat,
}

/// How much a broken rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// The pod would refuse the request.
    Refusal,
    /// The pod takes the request, and does something else than one might think.
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
    code: &'static str,
    statement: &'static str,
    severity: Severity,
    page: &'static str,
}

const IM: &str = "https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/create-im-or-mim-admin.md";
const ROOM: &str = "https://rest-api.symphony.com/main/streams-conversations/room-endpoints/create-room-v3.md";

impl Rule {
    const ALL: [Self; 15] = [
        Self::ImTooFewUsers,
        Self::ImCaller,
        Self::ImDuplicateUser,
        Self::ImTooManyUsers,
        Self::ImRole,
        Self::RoomNoAttributes,
        Self::RoomSameName,
        Self::RoomNameLength,
        Self::RoomPublicAttributes,
        Self::RoomCrossPodAttributes,
        Self::RoomCrossPodHistory,
        Self::RoomPublicEntitlement,
        Self::RoomCrossPodEntitlement,
        Self::RoomSubType,
        Self::RoomGroupChat,
    ];

    /// Every rule, in the order of the pages and statements.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
        Self::ALL.into_iter()
    }

    const fn facts(self) -> Facts {
        use Severity::{Refusal, Remark};
        let (code, statement, severity, page) = match self {
            Self::ImTooFewUsers => ("im.users.too-few", "I1/I6", Refusal, IM),
            Self::ImCaller => ("im.users.caller", "I2", Remark, IM),
            Self::ImDuplicateUser => ("im.users.duplicate", "I3", Remark, IM),
            Self::ImTooManyUsers => ("im.users.too-many", "I5", Refusal, IM),
            Self::ImRole => ("im.role", "I7", Refusal, IM),
            Self::RoomNoAttributes => ("room.no-attributes", "R1", Remark, ROOM),
            Self::RoomSameName => ("room.name.same", "R2", Remark, ROOM),
            Self::RoomNameLength => ("room.name.length", "R3", Refusal, ROOM),
            Self::RoomPublicAttributes => ("room.public.attributes", "R4", Refusal, ROOM),
            Self::RoomCrossPodAttributes => ("room.cross-pod.attributes", "R5", Refusal, ROOM),
            Self::RoomCrossPodHistory => ("room.cross-pod.history", "R6", Refusal, ROOM),
            Self::RoomPublicEntitlement => ("room.public.entitlement", "R7", Refusal, ROOM),
            Self::RoomCrossPodEntitlement => ("room.cross-pod.entitlement", "R8", Refusal, ROOM),
            Self::RoomSubType => ("room.sub-type", "R9", Remark, ROOM),
            Self::RoomGroupChat => ("room.group-chat", "R10", Remark, ROOM),
        };
        Facts { code, statement, severity, page }
    }

    /// The name by which settings and logs know it, such as `room.name.length`. It stays the same in later versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.facts().code
    }

    /// The number of the statement behind it, as in the table of [`rules`](crate::rules#the-rules); where a page says
    /// the same thing twice, both numbers: `I1/I6`.
    #[must_use]
    pub const fn statement(self) -> &'static str {
        self.facts().statement
    }

    /// The address of the page that the statement stands on.
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

/// The [code](Rule::code).
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A text that is no rule's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    code: String,
}

/// So many characters of an unknown code are kept and shown.
const SHOWN: usize = 40;

impl UnknownRule {
    fn new(code: &str) -> Self {
        Self { code: code.chars().take(SHOWN).collect() }
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = Rule::all().map(Rule::code).collect();
        write!(f, "{:?} is not the code of a rule; the codes are {}", self.code, codes.join(", "))
    }
}

impl std::error::Error for UnknownRule {}

/// By its [code](Rule::code), exactly as it is written there.
impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::all().find(|rule| rule.code() == code).ok_or_else(|| UnknownRule::new(code))
    }
}

/// As its [code](Rule::code).
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// From its [code](Rule::code).
impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;

        impl Visitor<'_> for Code {
            type Value = Rule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the code of a rule, such as \"room.name.length\"")
            }

            fn visit_str<E: de::Error>(self, code: &str) -> Result<Rule, E> {
                code.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_is_found_by_its_code_and_no_two_share_one() {
        let codes: BTreeSet<&str> = Rule::all().map(Rule::code).collect();
        assert_eq!(codes.len(), Rule::all().len());
        for rule in Rule::all() {
            assert_eq!(rule.code().parse(), Ok(rule));
            assert_eq!(rule.to_string(), rule.code());
            let json = format!("\"{}\"", rule.code());
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
            assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
        }
    }

    #[test]
    fn the_statements_are_the_documented_ones_each_once() {
        let statements: Vec<&str> = Rule::all().map(Rule::statement).collect();
        let documented = ["I1/I6", "I2", "I3", "I5", "I7", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"];
        assert_eq!(statements, documented);
    }

    #[test]
    fn a_page_is_that_of_the_operation_that_the_code_begins_with() {
        for rule in Rule::all() {
            let page = if rule.code().starts_with("im.") { "/create-im-or-mim-admin.md" } else { "/create-room-v3.md" };
            assert!(rule.page().ends_with(page), "{rule}: {}", rule.page());
        }
    }

    #[test]
    fn what_is_no_code_is_said_with_the_codes_there_are() {
        let all = "im.users.too-few, im.users.caller, im.users.duplicate, im.users.too-many, im.role, \
                   room.no-attributes, room.name.same, room.name.length, room.public.attributes, \
                   room.cross-pod.attributes, room.cross-pod.history, room.public.entitlement, \
                   room.cross-pod.entitlement, room.sub-type, room.group-chat";
        for (text, shown) in [
            ("Room.Name.Length", "\"Room.Name.Length\"".to_owned()),
            ("R3", "\"R3\"".to_owned()),
            ("", "\"\"".to_owned()),
            (" room.name.length\n", "\" room.name.length\\n\"".to_owned()),
            (&"x".repeat(1000), format!("\"{}\"", "x".repeat(40))),
        ] {
            let error = text.parse::<Rule>().unwrap_err();
            assert_eq!(error.to_string(), format!("{shown} is not the code of a rule; the codes are {all}"));
        }
        let error = serde_json::from_str::<Rule>("3").unwrap_err().to_string();
        assert_eq!(
            error,
            "invalid type: integer `3`, expected the code of a rule, such as \"room.name.length\" at line 1 column 1"
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
