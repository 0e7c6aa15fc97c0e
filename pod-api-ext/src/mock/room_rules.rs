//! Which rooms the pod refuses, and what becomes of those it doesn't.
//!
//! `rules/room.rs` has the same rules a second time, over the generated model and by other code. That is on purpose: each is
//! the oracle of the other, and the last test below holds them to agree on every combination of the switches.

use http::StatusCode;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::shape::Shape;
use super::user::User;
use crate::Operation;
use crate::rules::Entitlement;

type Attributes = Map<String, Value>;

/// R4: what a public room can't be without.
const PUBLIC: [&str; 3] = ["viewHistory", "discoverable", "membersCanInvite"];

/// R5: what a cross-pod room can't be.
const NOT_CROSS_POD: [&str; 3] = ["readOnly", "public", "discoverable"];

/// R9 and R10: what is ignored when a room is created.
const IGNORED: [&str; 2] = ["subType", "groupChat"];

/// The attributes that a request sets; `null` sets nothing.
pub(super) fn asked(body: &Value) -> Attributes {
    let fields = body.as_object().into_iter().flatten();
    fields.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// R3 to R5.
pub(super) fn check(asked: &Attributes) -> Result<(), Refusal> {
    // R3 names no unit; the server is Java, whose strings are counted in UTF-16 units.
    let name = asked.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.encode_utf16().count() >= 50 {
        return Err(Refusal::bad_request("The name has to be shorter than 50 characters"));
    }
    if is(asked, "public", true)
        && let Some(name) = PUBLIC.iter().find(|name| is(asked, name, false))
    {
        return Err(Refusal::bad_request(format!("{name} can't be false in a public room")));
    }
    if is(asked, "crossPod", true)
        && let Some(name) = NOT_CROSS_POD.iter().find(|name| is(asked, name, true))
    {
        return Err(Refusal::bad_request(format!("{name} can't be true in a cross-pod room")));
    }
    Ok(())
}

/// R6 to R8.
pub(super) fn check_entitlements(asked: &Attributes, caller: &User, shared_history: bool) -> Result<(), Refusal> {
    let missing = |whose, entitlement| Err(Refusal::forbidden(format!("{whose} lacks the entitlement {entitlement}")));
    if is(asked, "public", true) && !caller.has_entitlement(Entitlement::CanCreatePublicRoom) {
        return missing("The caller", Entitlement::CanCreatePublicRoom);
    }
    if !is(asked, "crossPod", true) {
        return Ok(());
    }
    if !caller.has_entitlement(Entitlement::IsExternalRoomEnabled) {
        return missing("The caller", Entitlement::IsExternalRoomEnabled);
    }
    if is(asked, "viewHistory", true) && !shared_history {
        return missing("The pod", Entitlement::CanCreateExternalRoomSharedHistory);
    }
    Ok(())
}

/// R12, in the name and the description.
pub(super) fn check_compliance(asked: &Attributes, words: &[String]) -> Result<(), Refusal> {
    for field in ["name", "description"] {
        let text = asked.get(field).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        if words.iter().any(|word| text.contains(word.as_str())) {
            let message = format!("The {field} has a word that compliance doesn't allow");
            return Err(Refusal::new(StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS, message));
        }
    }
    Ok(())
}

/// The attributes of the new room: those that were asked for, without the ignored ones, and with a value for every switch
/// that was left open.
pub(super) fn granted(mut asked: Attributes) -> Attributes {
    for ignored in IGNORED {
        asked.remove(ignored);
    }
    // M6: an empty string isn't a message.
    if asked.get("pinnedMessageId").and_then(Value::as_str) == Some("") {
        asked.remove("pinnedMessageId");
    }
    let public = is(&asked, "public", true);
    for switch in Shape::of_request(Operation::CreateRoom).switches().filter(|switch| !IGNORED.contains(switch)) {
        let open = public && PUBLIC.contains(&switch);
        asked.entry(switch).or_insert(Value::Bool(open));
    }
    asked
}

fn is(asked: &Attributes, name: &str, value: bool) -> bool {
    asked.get(name).and_then(Value::as_bool) == Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What a room of these attributes is refused for, by a pod that grants these entitlements.
    fn refused(body: &Value, entitlements: &[Entitlement]) -> Option<(u16, String)> {
        let caller = entitlements.iter().fold(User::new(1), |user, entitlement| user.entitlement(*entitlement));
        let shared_history = caller.has_entitlement(Entitlement::CanCreateExternalRoomSharedHistory);
        let asked = asked(body);
        let checked = check(&asked).and_then(|()| check_entitlements(&asked, &caller, shared_history));
        checked.err().map(|refusal| (refusal.status.as_u16(), refusal.message))
    }

    const ALL: &[Entitlement] = &[
        Entitlement::CanCreatePublicRoom,
        Entitlement::IsExternalRoomEnabled,
        Entitlement::CanCreateExternalRoomSharedHistory,
    ];

    #[test]
    fn a_name_is_shorter_than_fifty_utf_16_units() {
        let too_long = Some((400, "The name has to be shorter than 50 characters".to_owned()));
        let cases = [("x".repeat(49), None), ("x".repeat(50), too_long.clone()), ("ä".repeat(49), None)];
        let astral = [(format!("{}x", "🦀".repeat(24)), None), ("🦀".repeat(25), too_long)];
        for (name, expected) in cases.into_iter().chain(astral) {
            assert_eq!(refused(&json!({ "name": name }), &[]), expected, "{name}");
        }
    }

    #[test]
    fn some_attributes_exclude_each_other() {
        let public = |name: &str| Some((400, format!("{name} can't be false in a public room")));
        let cross_pod = |name: &str| Some((400, format!("{name} can't be true in a cross-pod room")));
        let cases = [
            (json!({ "public": true }), None),
            (json!({ "public": true, "viewHistory": false }), public("viewHistory")),
            (json!({ "public": true, "discoverable": false }), public("discoverable")),
            (json!({ "public": true, "membersCanInvite": false }), public("membersCanInvite")),
            (json!({ "public": true, "viewHistory": null, "discoverable": true, "membersCanInvite": true }), None),
            (json!({ "public": false, "viewHistory": false, "discoverable": false, "membersCanInvite": false }), None),
            (json!({ "viewHistory": false, "discoverable": false, "membersCanInvite": false }), None),
            (json!({ "crossPod": true }), None),
            (json!({ "crossPod": true, "readOnly": true }), cross_pod("readOnly")),
            (json!({ "crossPod": true, "public": true }), cross_pod("public")),
            (json!({ "crossPod": true, "discoverable": true }), cross_pod("discoverable")),
            (json!({ "crossPod": true, "readOnly": false, "public": false, "discoverable": false }), None),
            (json!({ "crossPod": false, "readOnly": true, "discoverable": true }), None),
        ];
        for (body, expected) in cases {
            assert_eq!(refused(&body, ALL), expected, "{body}");
        }
    }

    #[test]
    fn some_rooms_take_an_entitlement() {
        let lacks = |whose: &str, name: &str| Some((403, format!("{whose} lacks the entitlement {name}")));
        let without = |one: Entitlement| -> Vec<_> { ALL.iter().copied().filter(|other| *other != one).collect() };
        let public = json!({ "public": true });
        let external = json!({ "crossPod": true });
        let history = json!({ "crossPod": true, "viewHistory": true });
        let (of_public, of_external) = (Entitlement::CanCreatePublicRoom, Entitlement::IsExternalRoomEnabled);
        let of_history = Entitlement::CanCreateExternalRoomSharedHistory;
        let cases = [
            (&public, without(of_public), lacks("The caller", "canCreatePublicRoom")),
            (&public, vec![of_public], None),
            (&external, without(of_external), lacks("The caller", "isExternalRoomEnabled")),
            (&external, vec![of_external], None),
            (&history, without(of_history), lacks("The pod", "canCreateExternalRoomSharedHistory")),
            (&history, vec![of_external, of_history], None),
        ];
        for (body, entitlements, expected) in cases {
            assert_eq!(refused(body, &entitlements), expected, "{body} {entitlements:?}");
        }
        assert_eq!(refused(&json!({ "viewHistory": true, "public": false, "crossPod": false }), &[]), None);
    }

    #[test]
    fn the_switches_that_the_pod_refuses_are_those_that_our_rules_refuse() {
        let switches = ["public", "crossPod", "viewHistory", "discoverable", "membersCanInvite", "readOnly"];
        for combination in 0..3_u32.pow(6) {
            let mut body = Attributes::new();
            for (index, switch) in (0..).zip(switches) {
                match combination / 3_u32.pow(index) % 3 {
                    0 => {}
                    digit => drop(body.insert(switch.to_owned(), Value::Bool(digit == 1))),
                }
            }
            let body = Value::Object(body);
            let attributes: pod_api::types::V3RoomAttributes = serde_json::from_value(body.clone()).unwrap();
            let ours = crate::prelude::Validate::validate(&attributes, &crate::rules::Context::new());
            assert_eq!(ours.is_err(), refused(&body, ALL).is_some(), "{body}");
        }
    }
}
