//! A direct conversation: I1 to I7.

use pod_api::types::UserIdList;

use super::{GRANTS, fields_of, said};
use crate::prelude::Validate as _;
use crate::rules::{Context, Entitlement, Entitlements, Rule, Severity};

fn of(ids: &[i64], context: &Context) -> Vec<String> {
    said(&UserIdList(ids.to_vec()).findings(context))
}

#[test]
fn two_different_users_are_what_the_pod_wants() {
    for ids in [[1, 2], [0, -1], [i64::MIN, i64::MAX]] {
        assert_eq!(of(&ids, &Context::new()), [""; 0], "{ids:?}");
        assert_eq!(UserIdList(ids.to_vec()).validate(&Context::new()), Ok(()));
    }
}

#[test]
fn fewer_than_two_and_more_than_two_distinct_users_are_refused() {
    for (ids, expected) in [
        (vec![], vec!["im.users.too-few "]),
        (vec![1], vec!["im.users.too-few "]),
        (vec![1, 1], vec!["im.users.too-few ", "im.users.duplicate /1"]),
        (vec![1, 1, 2], vec!["im.users.duplicate /1"]),
        (vec![1, 2, 2, 1], vec!["im.users.duplicate /3", "im.users.duplicate /2"]),
        (vec![1, 2, 3], vec!["im.users.too-many "]),
        (vec![1, 2, 1, 3, 1], vec!["im.users.duplicate /2", "im.users.too-many "]),
    ] {
        assert_eq!(of(&ids, &Context::new()), expected, "{ids:?}");
        let refused = expected.iter().any(|said| said.contains("too-"));
        assert_eq!(UserIdList(ids.clone()).validate(&Context::new()).is_err(), refused, "{ids:?}");
    }
}

#[test]
fn how_often_an_id_is_given_is_said() {
    let findings = UserIdList(vec![7, 8, 7, 7]).findings(&Context::new());
    let messages: Vec<&str> = findings.iter().map(crate::rules::Violation::message).collect();
    assert_eq!(messages, ["is given 3 times, and counts once"]);
    let many = UserIdList(vec![1, 2, 3, 4, 1]).validate(&Context::new()).unwrap_err();
    assert_eq!(
        many.refusals().map(crate::rules::Violation::message).collect::<Vec<_>>(),
        ["names 4 users, and conversations of more than two are no longer supported"]
    );
}

#[test]
fn the_caller_in_the_list_is_only_a_remark() {
    let context = Context::new().caller(2.into());
    for (ids, expected) in
        [(vec![1, 3], vec![""; 0]), (vec![2, 1], vec!["/0"]), (vec![1, 2], vec!["/1"]), (vec![1, 2, 2], vec!["/1"])]
    {
        let list = UserIdList(ids.clone());
        assert_eq!(fields_of(Rule::ImCaller, &list, &context), expected, "{ids:?}");
        assert_eq!(list.validate(&context), Ok(()), "{ids:?}");
        assert_eq!(fields_of(Rule::ImCaller, &list, &Context::new()), [""; 0], "{ids:?}, and no caller known");
    }
    assert_eq!(Rule::ImCaller.severity(), Severity::Remark);
}

#[test]
fn only_a_role_that_is_known_to_be_missing_is_refused() {
    for (grant, refused) in GRANTS {
        let context = Context::new().entitlements(Entitlements::new().with(Entitlement::UserProvisioning, grant));
        let expected: &[&str] = if refused { &["im.role "] } else { &[] };
        assert_eq!(of(&[1, 2], &context), expected, "{grant:?}");
    }
    let others = Entitlements::only([Entitlement::UserProvisioning]);
    assert_eq!(of(&[1, 2], &Context::new().entitlements(others)), [""; 0]);
}
