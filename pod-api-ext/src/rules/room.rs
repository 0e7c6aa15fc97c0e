//! The rules of the page create-room-v3.
//!
//! `mock/room_rules.rs` has the same rules a second time, over JSON and by other code. That is on purpose: each is the oracle of
//! the other, and a test there holds them to agree on every combination of the switches.

use pod_api::types::V3RoomAttributes;

use super::validate::Validate;
use super::violation::Value;
use super::{Context, Entitlement, Findings, Grant, Rule, Violation};

/// As the body of `POST /v3/room/create`. Only what is set counts: what is left out breaks no rule.
impl Validate for V3RoomAttributes {
    fn findings(&self, context: &Context) -> Findings {
        let mut findings = Findings::default();
        no_attributes(self, context, &mut findings);
        same_name(self, context, &mut findings);
        name_length(self, context, &mut findings);
        public_attributes(self, context, &mut findings);
        cross_pod_attributes(self, context, &mut findings);
        cross_pod_history(self, context, &mut findings);
        public_entitlement(self, context, &mut findings);
        cross_pod_entitlement(self, context, &mut findings);
        sub_type(self, context, &mut findings);
        group_chat(self, context, &mut findings);
        findings
    }
}

/// A name has to be shorter than this, in characters.
pub(crate) const NAME_LIMIT: usize = 50;

/// R1.
fn no_attributes(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if *room == V3RoomAttributes::default() {
        findings.add(context, Rule::RoomNoAttributes, |rule| {
            let message = "sets no attribute, and makes a private room";
            Violation::new(rule, "", None, message, "set what the room should be, if that isn't what is meant")
        });
    }
}

/// R2. What a pod answers to a name that is taken is not documented, so this is only a remark.
fn same_name(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    let Some(name) = &room.name else { return };
    let Some(taken) = context.room_called(name) else { return };
    findings.add(context, Rule::RoomSameName, |rule| {
        let taken = Value::text(taken.as_str());
        let message =
            format!("is the name of the room {taken}: names that differ only in case and white space are the same");
        Violation::new(rule, "/name", Some(Value::text(name)), message, "choose another name")
    });
}

/// R3. The page doesn't say what a character is: a byte, a unit of UTF-16 or a code point. There are never fewer bytes or
/// units than code points, so a name is refused only where it is too long in all of them.
fn name_length(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    let Some(name) = &room.name else { return };
    let length = name.chars().count();
    if length >= NAME_LIMIT {
        findings.add(context, Rule::RoomNameLength, |rule| {
            let message = format!("has {length} characters, and a room's name has to be shorter than {NAME_LIMIT}");
            let excess = length.saturating_sub(NAME_LIMIT).saturating_add(1);
            Violation::new(rule, "/name", Some(Value::text(name)), message, format!("shorten it by {excess} or more"))
        });
    }
}

/// R4.
fn public_attributes(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if room.public != Some(true) {
        return;
    }
    for (field, value) in [
        ("/viewHistory", room.view_history),
        ("/discoverable", room.discoverable),
        ("/membersCanInvite", room.members_can_invite),
    ] {
        if value == Some(false) {
            findings.add(context, Rule::RoomPublicAttributes, |rule| {
                let message = "can't be false in a public room";
                let remedy = "leave it out or set it to true, or leave out `public`";
                Violation::new(rule, field, Some(Value::Flag(false)), message, remedy)
            });
        }
    }
}

/// R5.
fn cross_pod_attributes(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if room.cross_pod != Some(true) {
        return;
    }
    for (field, value) in
        [("/readOnly", room.read_only), ("/public", room.public), ("/discoverable", room.discoverable)]
    {
        if value == Some(true) {
            findings.add(context, Rule::RoomCrossPodAttributes, |rule| {
                let message = "can't be true in a cross-pod room";
                let remedy = "leave it out or set it to false, or leave out `crossPod`";
                Violation::new(rule, field, Some(Value::Flag(true)), message, remedy)
            });
        }
    }
}

/// R6.
fn cross_pod_history(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    let both = room.cross_pod == Some(true) && room.view_history == Some(true);
    if both && is_denied(context, Entitlement::CanCreateExternalRoomSharedHistory) {
        findings.add(context, Rule::RoomCrossPodHistory, |rule| {
            let message = "can't be true in a cross-pod room while the pod lacks the entitlement \
                           `canCreateExternalRoomSharedHistory`";
            let remedy = "leave it out or set it to false, or have the entitlement enabled for the pod";
            Violation::new(rule, "/viewHistory", Some(Value::Flag(true)), message, remedy)
        });
    }
}

/// R7.
fn public_entitlement(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if room.public == Some(true) && is_denied(context, Entitlement::CanCreatePublicRoom) {
        findings.add(context, Rule::RoomPublicEntitlement, |rule| {
            let message = "can't be true: the user lacks the entitlement `canCreatePublicRoom`";
            let remedy = "make the room private, or have the entitlement granted in the Admin Portal";
            Violation::new(rule, "/public", Some(Value::Flag(true)), message, remedy)
        });
    }
}

/// R8.
fn cross_pod_entitlement(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if room.cross_pod == Some(true) && is_denied(context, Entitlement::IsExternalRoomEnabled) {
        findings.add(context, Rule::RoomCrossPodEntitlement, |rule| {
            let message = "can't be true: the user lacks the entitlement `isExternalRoomEnabled`";
            let remedy = "leave it out, or have the entitlement granted in the Admin Portal";
            Violation::new(rule, "/crossPod", Some(Value::Flag(true)), message, remedy)
        });
    }
}

/// R9.
fn sub_type(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if let Some(sub_type) = &room.sub_type {
        findings.add(context, Rule::RoomSubType, |rule| {
            let message = "is ignored when a room is created";
            Violation::new(rule, "/subType", Some(Value::text(sub_type)), message, "leave it out")
        });
    }
}

/// R10.
fn group_chat(room: &V3RoomAttributes, context: &Context, findings: &mut Findings) {
    if let Some(group_chat) = room.group_chat {
        findings.add(context, Rule::RoomGroupChat, |rule| {
            let message = "is ignored when a room is created, from SBE 20.16 on";
            Violation::new(rule, "/groupChat", Some(Value::Flag(group_chat)), message, "leave it out")
        });
    }
}

fn is_denied(context: &Context, entitlement: Entitlement) -> bool {
    context.known_entitlements().get(entitlement) == Grant::Denied
}
