//! What holds of every request.

use pod_api::types::{UserIdList, V3RoomAttributes};
use proptest::prelude::*;

use crate::prelude::Validate;
use crate::rules::{Context, Entitlement, Entitlements, Findings, Grant, Rule};

fn contexts() -> impl Strategy<Value = Context> {
    let grant = prop_oneof![Just(Grant::Granted), Just(Grant::Denied), Just(Grant::Unknown)];
    let grants = prop::collection::vec(grant, Entitlement::ALL.iter().copied().len());
    let rooms = prop::collection::vec("[aA ]{0,3}", 0..3);
    (prop::option::of(0..4_i64), grants, rooms).prop_map(|(caller, grants, rooms)| {
        let entitlements = Entitlement::ALL
            .iter()
            .copied()
            .zip(grants)
            .fold(Entitlements::new(), |known, (one, grant)| known.with(one, grant));
        let context = Context::new().entitlements(entitlements).rooms(rooms.into_iter().map(Into::into));
        match caller {
            Some(caller) => context.caller(caller.into()),
            None => context,
        }
    })
}

prop_compose! {
    fn rooms()(
        name in prop::option::of(prop_oneof!["[aA ]{0,3}", "\\PC{0,60}"]),
        switches in prop::array::uniform7(prop::option::of(any::<bool>())),
        sub_type in prop::option::of("\\PC{0,100}"),
    ) -> V3RoomAttributes {
        let mut room = V3RoomAttributes::default();
        room.name = name;
        room.sub_type = sub_type;
        [
            room.public,
            room.cross_pod,
            room.view_history,
            room.discoverable,
            room.members_can_invite,
            room.read_only,
            room.group_chat,
        ] = switches;
        room
    }
}

fn lists() -> impl Strategy<Value = UserIdList> {
    prop::collection::vec(prop_oneof![0..4_i64, any::<i64>()], 0..6).prop_map(UserIdList)
}

/// Holds for whatever can be validated.
fn assert_laws(request: &impl Validate, context: &Context, body: &serde_json::Value) -> Result<(), TestCaseError> {
    let findings = request.findings(context);
    // Refused is what has a refusal, and then all of it is told.
    match request.validate(context) {
        Ok(()) => prop_assert_eq!(findings.refusals().count(), 0),
        Err(violations) => {
            prop_assert!(violations.refusals().count() > 0);
            prop_assert!(violations.iter().eq(&findings));
            prop_assert_eq!(violations.len(), findings.len());
            prop_assert_eq!(violations.refusals().chain(violations.remarks()).count(), violations.len());
        }
    }
    prop_assert_eq!(findings.refusals().chain(findings.remarks()).count(), findings.len());
    prop_assert!(findings.iter().map(crate::rules::Violation::rule).is_sorted());
    // A field is a pointer to what is shown of it.
    for violation in &findings {
        let there = body.pointer(violation.field());
        prop_assert!(there.is_some(), "{} is not in {}", violation.field(), body);
        if let Some(serde_json::Value::Bool(_) | serde_json::Value::Number(_)) = there {
            prop_assert_eq!(&serde_json::to_value(violation.value()).unwrap(), there.unwrap());
        }
        prop_assert!(violation.to_string().chars().count() < 1200);
        prop_assert!(!violation.to_string().contains('\n'));
    }
    // A rule that is switched off says nothing, and changes nothing of the others.
    prop_assert_eq!(request.findings(&context.clone().without_rules()), Findings::default());
    for off in Rule::ALL.iter().copied() {
        let rest = request.findings(&context.clone().without([off]));
        prop_assert!(rest.iter().eq(findings.iter().filter(|violation| violation.rule() != off)), "without {}", off);
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_laws_hold_for_rooms(room in rooms(), context in contexts()) {
        assert_laws(&room, &context, &serde_json::to_value(&room).unwrap())?;
    }

    #[test]
    fn the_laws_hold_for_lists_of_users(list in lists(), context in contexts()) {
        assert_laws(&list, &context, &serde_json::to_value(&list).unwrap())?;
    }

    #[test]
    fn what_is_not_known_refuses_nothing_that_is_taken_when_all_is_granted(room in rooms(), list in lists()) {
        let all = Context::new().entitlements(Entitlements::only(Entitlement::ALL.iter().copied()));
        prop_assert_eq!(room.findings(&Context::new()), room.findings(&all));
        prop_assert_eq!(list.findings(&Context::new()), list.findings(&all));
    }
}
