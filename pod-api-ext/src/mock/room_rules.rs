//! Which rooms the pod refuses, and what becomes of those it doesn't.

use http::StatusCode;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::shape::Shape;
use super::user::User;
use crate::{Entitlement, Operation};

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

/// The attributes that the room gets: what was asked for less what is ignored, and every switch that was left open
/// as it stands then.
pub(super) fn granted(mut asked: Attributes) -> Attributes {
    for ignored in IGNORED {
        asked.remove(ignored);
    }
    // M6: an empty string is no message.
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
