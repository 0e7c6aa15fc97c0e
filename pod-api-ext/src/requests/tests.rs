//! No setting of a common request breaks a rule.

use pod_api::types::{UserIdList, V3RoomAttributes, builder};
use serde_json::json;

use crate::prelude::Validate as _;
use crate::rules::{Context, Entitlements, Findings, Rule};
use crate::{DirectMessage, ExternalRoom, PrivateRoom, PublicRoom};

/// What is sent of a room, and what the rules say of it.
fn sent(room: impl Into<V3RoomAttributes>) -> (serde_json::Value, Findings) {
    let room = room.into();
    (serde_json::to_value(&room).unwrap(), room.findings(&Context::new()))
}

#[test]
fn a_room_sends_its_kind_and_what_was_set() {
    for (room, expected) in [
        (sent(PrivateRoom::new("a").unwrap()), json!({"name": "a", "public": false})),
        (sent(PublicRoom::new("a").unwrap()), json!({"name": "a", "public": true})),
        (sent(ExternalRoom::new("a").unwrap()), json!({"name": "a", "crossPod": true})),
        (
            sent(PublicRoom::new("a").unwrap().description("b").tag("c", "d").tag("", "").copy_protected(true)),
            json!({
                "name": "a", "public": true, "description": "b", "copyProtected": true,
                "keywords": [{"key": "c", "value": "d"}, {"key": "", "value": ""}]
            }),
        ),
    ] {
        assert_eq!(room, (expected, Findings::default()));
    }
}

#[test]
fn every_setting_of_every_kind_goes_together_with_every_other() {
    for bits in 0..16_u8 {
        let [a, b, c, d] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        let private = PrivateRoom::new("a").unwrap().discoverable(a).members_can_invite(b).read_only(c).view_history(d);
        let expected = json!({
            "name": "a", "public": false, "discoverable": a, "membersCanInvite": b, "readOnly": c, "viewHistory": d
        });
        assert_eq!(sent(private), (expected, Findings::default()));

        let public = PublicRoom::new("a").unwrap().read_only(a);
        assert_eq!(sent(public), (json!({"name": "a", "public": true, "readOnly": a}), Findings::default()));

        let external = ExternalRoom::new("a").unwrap().members_can_invite(a).multi_lateral_room(b).view_history(c);
        let expected = json!({
            "name": "a", "crossPod": true, "membersCanInvite": a, "multiLateralRoom": b, "viewHistory": c
        });
        assert_eq!(sent(external), (expected, Findings::default()));
    }
}

#[test]
fn what_takes_an_entitlement_is_the_documented() {
    let context = Context::new().entitlements(Entitlements::only([]));
    let refused = |room: V3RoomAttributes| -> Vec<Rule> {
        room.findings(&context).iter().map(crate::rules::Violation::rule).collect()
    };
    assert_eq!(refused(PrivateRoom::new("a").unwrap().view_history(true).into()), []);
    assert_eq!(refused(PublicRoom::new("a").unwrap().into()), [Rule::RoomPublicEntitlement]);
    assert_eq!(refused(ExternalRoom::new("a").unwrap().into()), [Rule::RoomCrossPodEntitlement]);
    assert_eq!(
        refused(ExternalRoom::new("a").unwrap().view_history(true).into()),
        [Rule::RoomCrossPodHistory, Rule::RoomCrossPodEntitlement]
    );
}

#[test]
fn a_name_that_is_too_long_is_refused_at_once() {
    let (longest, too_long) = ("é".repeat(49), "é".repeat(50));
    assert!(
        PrivateRoom::new(&longest).is_ok() && PublicRoom::new(&longest).is_ok() && ExternalRoom::new(&longest).is_ok()
    );
    for refused in [
        PrivateRoom::new(&too_long).unwrap_err(),
        PublicRoom::new(&too_long).unwrap_err(),
        ExternalRoom::new(&too_long).unwrap_err(),
    ] {
        assert_eq!(refused.iter().map(crate::rules::Violation::rule).collect::<Vec<_>>(), [Rule::RoomNameLength]);
    }
}

#[test]
fn the_generated_builder_goes_on_where_a_kind_ends() {
    let room = builder::V3RoomAttributes::from(PublicRoom::new("a").unwrap()).view_history(false);
    let room = V3RoomAttributes::try_from(room).unwrap();
    let violations = room.validate(&Context::new()).unwrap_err();
    assert_eq!(violations.iter().map(crate::rules::Violation::field).collect::<Vec<_>>(), ["/viewHistory"]);
}

#[test]
fn a_direct_message_is_between_two_different_users() {
    let request = DirectMessage::between(2.into(), 1.into()).unwrap();
    assert_eq!(request.participants(), [2.into(), 1.into()]);
    assert_eq!(UserIdList::from(request), UserIdList(vec![2, 1]));
    let refused = DirectMessage::between(1.into(), 1.into()).unwrap_err();
    assert_eq!(refused.refusals().map(crate::rules::Violation::rule).collect::<Vec<_>>(), [Rule::ImTooFewUsers]);
}
