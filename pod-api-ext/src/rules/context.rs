//! What is known in addition to the request.

use std::collections::BTreeSet;

use super::{Entitlements, Rule};
use crate::{RoomName, UserId};

/// What is known in addition to the request, and which rules apply: at first, nothing is known and all rules apply.
///
/// What isn't known never refuses a request.
///
/// ```
/// use pod_api_ext::rules::{Context, Entitlement, Entitlements, Rule};
///
/// let context = Context::new()
///     .caller(12_345_678.into())
///     .entitlements(Entitlements::new().denied(Entitlement::CanCreatePublicRoom))
///     .rooms(["Project X".into()])
///     .without(["room.name.length".parse::<Rule>()?]);
/// # Ok::<(), pod_api_ext::rules::UnknownRule>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Context {
    caller: Option<UserId>,
    entitlements: Entitlements,
    rooms: BTreeSet<RoomName>,
    off: BTreeSet<Rule>,
}

impl Context {
    /// Nothing is known, and all rules apply.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whose session the request is sent with (for I2).
    #[must_use]
    pub fn caller(mut self, caller: UserId) -> Self {
        self.caller = Some(caller);
        self
    }

    /// Says what is known of entitlements and roles (for I7, R6, R7 and R8).
    #[must_use]
    pub fn entitlements(mut self, entitlements: Entitlements) -> Self {
        self.entitlements = entitlements;
        self
    }

    /// Adds names of rooms that there are (for R2).
    #[must_use]
    pub fn rooms(mut self, names: impl IntoIterator<Item = RoomName>) -> Self {
        self.rooms.extend(names);
        self
    }

    /// Switches rules off: for a pod that has moved on from what the page says. Each call adds to the ones before.
    #[must_use]
    pub fn without(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        self.off.extend(rules);
        self
    }

    /// Switches all rules off, those of later versions too.
    #[must_use]
    pub fn without_rules(self) -> Self {
        self.without(Rule::ALL.iter().copied())
    }

    /// Whether a rule is switched on.
    #[must_use]
    pub fn applies(&self, rule: Rule) -> bool {
        !self.off.contains(&rule)
    }

    pub(super) fn known_caller(&self) -> Option<UserId> {
        self.caller
    }

    pub(super) fn known_entitlements(&self) -> &Entitlements {
        &self.entitlements
    }

    /// The room there is whose name is the same as this one.
    pub(super) fn room_called(&self, name: &str) -> Option<&RoomName> {
        if self.rooms.is_empty() { None } else { self.rooms.get(&RoomName::new(name)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_switched_off_by_itself_and_all_at_once() {
        for off in Rule::ALL.iter().copied() {
            let context = Context::new().without([off]);
            for rule in Rule::ALL.iter().copied() {
                assert_eq!(context.applies(rule), rule != off, "{rule} without {off}");
                assert!(!Context::new().without_rules().applies(rule), "{rule}");
                assert!(Context::new().applies(rule), "{rule}");
            }
        }
        let context = Context::new().without([Rule::ImRole]).without([Rule::ImCaller, Rule::RoomSubType]);
        let off: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| !context.applies(*rule)).collect();
        assert_eq!(off, [Rule::ImCaller, Rule::ImRole, Rule::RoomSubType]);
    }
}
