//! A room: R1 to R10.

use pod_api::types::{RoomTag, V3RoomAttributes};

use super::{GRANTS, fields_of, said};
use crate::prelude::Validate as _;
use crate::rules::{Context, Entitlement, Entitlements, Rule};

fn room(change: impl FnOnce(&mut V3RoomAttributes)) -> V3RoomAttributes {
    let mut room = V3RoomAttributes::default();
    change(&mut room);
    room
}

fn named(name: &str) -> V3RoomAttributes {
    room(|room| room.name = Some(name.to_owned()))
}

#[test]
fn a_room_without_any_attribute_is_said_to_be_private() {
    assert_eq!(said(&V3RoomAttributes::default().findings(&Context::new())), ["room.no-attributes "]);
    assert_eq!(V3RoomAttributes::default().validate(&Context::new()), Ok(()));
    let tag = RoomTag::try_from(RoomTag::builder().key(String::new()).value(String::new())).unwrap();
    for room in [
        named(""),
        room(|room| room.public = Some(false)),
        room(|room| room.copy_protected = Some(false)),
        room(|room| room.keywords = Some(vec![tag])),
    ] {
        assert_eq!(said(&room.findings(&Context::new())), [""; 0], "{room:?}");
    }
}

#[test]
fn a_name_that_is_taken_is_remarked_on_where_the_rooms_are_known() {
    let context = Context::new().rooms(["Project X".into()]).rooms(["Straße".into()]);
    for (name, taken) in [
        ("Project X", true),
        ("pro\u{2003}jectx", true),
        ("STRASSE", true),
        ("Project Y", false),
        ("", false),
        ("Project-X", false),
    ] {
        let expected: &[&str] = if taken { &["/name"] } else { &[] };
        assert_eq!(fields_of(Rule::RoomSameName, &named(name), &context), expected, "{name:?}");
        assert_eq!(fields_of(Rule::RoomSameName, &named(name), &Context::new()), [""; 0], "{name:?}");
        assert_eq!(named(name).validate(&context), Ok(()), "{name:?}");
    }
    assert_eq!(fields_of(Rule::RoomSameName, &V3RoomAttributes::default(), &context), [""; 0]);
}

#[test]
fn a_name_is_refused_from_50_code_points_on_whatever_its_bytes_and_units() {
    for character in ["a", "é", "e\u{301}", " ", "\u{2003}", "\u{1f600}", "ß"] {
        for length in [0, 1, 49, 50, 51, 200] {
            let name: String = character.chars().cycle().take(length).collect();
            let expected: &[&str] = if length >= 50 { &["/name"] } else { &[] };
            assert_eq!(
                fields_of(Rule::RoomNameLength, &named(&name), &Context::new()),
                expected,
                "{length} times {character}"
            );
            assert_eq!(named(&name).validate(&Context::new()).is_err(), length >= 50);
        }
    }
}

#[test]
fn how_much_too_long_a_name_is_is_said() {
    for (length, message, remedy) in [
        (50, "has 50 characters, and a room's name has to be shorter than 50", "shorten it by 1 or more"),
        (53, "has 53 characters, and a room's name has to be shorter than 50", "shorten it by 4 or more"),
    ] {
        let violations = named(&"\u{1f600}".repeat(length)).validate(&Context::new()).unwrap_err();
        let said: Vec<_> = violations.iter().map(|said| (said.message(), said.remedy())).collect();
        assert_eq!(said, [(message, remedy)]);
    }
}

/// All three states of a switch.
const SWITCH: [Option<bool>; 3] = [None, Some(false), Some(true)];

type Setter = fn(&mut V3RoomAttributes, Option<bool>);

/// Every switch of a room, by its name on the wire.
const SWITCHES: [(&str, Setter); 10] = [
    ("/copyProtected", |room, value| room.copy_protected = value),
    ("/crossPod", |room, value| room.cross_pod = value),
    ("/discoverable", |room, value| room.discoverable = value),
    ("/groupChat", |room, value| room.group_chat = value),
    ("/membersCanInvite", |room, value| room.members_can_invite = value),
    ("/multiLateralRoom", |room, value| room.multi_lateral_room = value),
    ("/public", |room, value| room.public = value),
    ("/readOnly", |room, value| room.read_only = value),
    ("/scheduledMeeting", |room, value| room.scheduled_meeting = value),
    ("/viewHistory", |room, value| room.view_history = value),
];

/// Holds `rule` to be broken exactly where the switch `of` is true and one of `fields` is `forbidden`.
fn assert_forbids(rule: Rule, of: &str, fields: &[&str], forbidden: bool) {
    let (_, set) = SWITCHES.into_iter().find(|(name, _)| *name == of).unwrap();
    for ground in SWITCH {
        for (name, set_other) in SWITCHES.into_iter().filter(|(name, _)| *name != of) {
            for value in SWITCH {
                let room = room(|room| {
                    set(room, ground);
                    set_other(room, value);
                });
                let broken = ground == Some(true) && fields.contains(&name) && value == Some(forbidden);
                let expected: &[&str] = if broken { &[name] } else { &[] };
                assert_eq!(fields_of(rule, &room, &Context::new()), expected, "{of} {ground:?}, {name} {value:?}");
                if broken {
                    assert!(room.validate(&Context::new()).is_err(), "{of} {ground:?}, {name} {value:?}");
                }
            }
        }
    }
}

#[test]
fn a_public_room_cannot_hide() {
    let fields = ["/viewHistory", "/discoverable", "/membersCanInvite"];
    assert_forbids(Rule::RoomPublicAttributes, "/public", &fields, false);
}

#[test]
fn a_cross_pod_room_cannot_be_open_to_all_or_read_only() {
    let fields = ["/readOnly", "/public", "/discoverable"];
    assert_forbids(Rule::RoomCrossPodAttributes, "/crossPod", &fields, true);
}

#[test]
fn every_attribute_that_breaks_a_rule_is_listed() {
    let room = room(|room| {
        for (name, set) in SWITCHES {
            set(room, Some(!matches!(name, "/viewHistory" | "/membersCanInvite")));
        }
        room.name = Some("x".repeat(50));
        room.sub_type = Some("EMAIL".to_owned());
    });
    let context = Context::new().entitlements(Entitlements::only([])).rooms(["x".repeat(50).into()]);
    assert_eq!(
        said(&room.findings(&context)),
        [
            "room.name.same /name",
            "room.name.length /name",
            "room.public.attributes /viewHistory",
            "room.public.attributes /membersCanInvite",
            "room.cross-pod.attributes /readOnly",
            "room.cross-pod.attributes /public",
            "room.cross-pod.attributes /discoverable",
            "room.public.entitlement /public",
            "room.cross-pod.entitlement /crossPod",
            "room.sub-type /subType",
            "room.group-chat /groupChat",
        ]
    );
}

#[test]
fn an_entitlement_counts_only_where_it_is_needed_and_known_to_be_missing() {
    let history: Setter = |room, value| {
        room.cross_pod = value;
        room.view_history = Some(true);
    };
    for (rule, entitlement, field, set) in [
        (Rule::RoomPublicEntitlement, Entitlement::CanCreatePublicRoom, "/public", SWITCHES[6].1),
        (Rule::RoomCrossPodEntitlement, Entitlement::IsExternalRoomEnabled, "/crossPod", SWITCHES[1].1),
        (Rule::RoomCrossPodHistory, Entitlement::CanCreateExternalRoomSharedHistory, "/viewHistory", history),
    ] {
        for other in Entitlement::ALL.iter().copied() {
            for (grant, refused) in GRANTS {
                for value in SWITCH {
                    let context = Context::new().entitlements(Entitlements::new().with(other, grant));
                    let broken = refused && other == entitlement && value == Some(true);
                    let expected: &[&str] = if broken { &[field] } else { &[] };
                    let room = room(|room| set(room, value));
                    assert_eq!(fields_of(rule, &room, &context), expected, "{rule}: {other} {grant:?}, {value:?}");
                }
            }
        }
    }
}

#[test]
fn a_cross_pod_room_without_its_history_in_view_takes_no_entitlement_for_it() {
    let entitlements = Entitlements::new().denied(Entitlement::CanCreateExternalRoomSharedHistory);
    let context = Context::new().entitlements(entitlements);
    for (cross_pod, view_history, broken) in [
        (Some(true), Some(true), true),
        (Some(true), Some(false), false),
        (Some(true), None, false),
        (Some(false), Some(true), false),
        (None, Some(true), false),
    ] {
        let room = room(|room| {
            room.cross_pod = cross_pod;
            room.view_history = view_history;
        });
        assert_eq!(room.validate(&context).is_err(), broken, "{cross_pod:?} {view_history:?}");
    }
}

#[test]
fn what_the_pod_ignores_is_remarked_on_and_sent() {
    for (room, expected) in [
        (room(|room| room.sub_type = Some("EMAIL".to_owned())), "room.sub-type /subType"),
        (room(|room| room.sub_type = Some(String::new())), "room.sub-type /subType"),
        (room(|room| room.group_chat = Some(true)), "room.group-chat /groupChat"),
        (room(|room| room.group_chat = Some(false)), "room.group-chat /groupChat"),
    ] {
        assert_eq!(said(&room.findings(&Context::new())), [expected]);
        assert_eq!(room.validate(&Context::new()), Ok(()));
    }
}
