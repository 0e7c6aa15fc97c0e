//! What people and machines get to read.

use pod_api::types::{UserIdList, V3RoomAttributes};

use crate::prelude::Validate as _;
use crate::rules::{Context, Entitlements, Findings, Rule};

/// Requests that together break every rule.
fn everything() -> Vec<Findings> {
    let context = Context::new()
        .caller(2.into())
        .entitlements(Entitlements::only([]))
        .rooms(["Project \u{1b}[31mX".into(), "y".repeat(90).into()]);
    let mut public = V3RoomAttributes::default();
    public.name = Some("PROJECT\t\u{1b}[31mx".to_owned());
    public.public = Some(true);
    public.view_history = Some(false);
    public.sub_type = Some("EMAIL".to_owned());
    let mut cross_pod = V3RoomAttributes::default();
    cross_pod.name = Some("Y".repeat(90));
    cross_pod.cross_pod = Some(true);
    cross_pod.view_history = Some(true);
    cross_pod.discoverable = Some(true);
    cross_pod.group_chat = Some(false);
    vec![
        UserIdList(vec![]).findings(&context),
        UserIdList(vec![2, 2]).findings(&context),
        UserIdList(vec![1, 2, 3]).findings(&context),
        V3RoomAttributes::default().findings(&context),
        public.findings(&context),
        cross_pod.findings(&context),
    ]
}

#[test]
fn every_rule_has_a_text_for_people() {
    let texts: Vec<String> = everything()
        .into_iter()
        .map(|findings| match findings.clone().into_result() {
            Ok(()) => findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            Err(violations) => violations.to_string(),
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn every_rule_has_an_object_for_machines() {
    let all: Vec<serde_json::Value> =
        everything().iter().flatten().map(|violation| serde_json::to_value(violation).unwrap()).collect();
    for rule in Rule::ALL.iter().copied() {
        assert!(all.iter().any(|object| object["rule"] == rule.code()), "{rule} is broken by none of these requests");
    }
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_table_in_the_documentation_is_that_of_the_rules() {
    let rows: Vec<&str> = include_str!("../../rules.rs")
        .lines()
        .filter(|line| line.starts_with("//! | I") || line.starts_with("//! | R"))
        .map(|line| line.rsplit_once(" | ").unwrap().0)
        .collect();
    let rules: Vec<String> = Rule::ALL
        .iter()
        .copied()
        .map(|rule| format!("//! | {} | `{}` | {}", rule.statement(), rule.code(), rule.severity()))
        .collect();
    let rows: Vec<String> = rows.into_iter().map(str::to_owned).collect();
    assert_eq!(rows, rules);
}

#[test]
fn remarks_alone_are_findings_and_no_violations() {
    let findings = V3RoomAttributes::default().findings(&Context::new());
    assert_eq!(
        (findings.len(), findings.is_empty(), findings.refusals().count(), findings.remarks().count()),
        (1, false, 0, 1)
    );
    assert_eq!(findings.clone().into_iter().count(), 1);
    assert_eq!(findings.into_result(), Ok(()));
    assert!(Findings::default().is_empty());

    let violations = UserIdList(vec![1, 1]).validate(&Context::new()).unwrap_err();
    assert_eq!((violations.len(), violations.refusals().count(), violations.remarks().count()), (2, 1, 1));
    let codes: Vec<&str> = (&violations).into_iter().map(|violation| violation.rule().code()).collect();
    assert_eq!(codes, ["im.users.too-few", "im.users.duplicate"]);
    assert_eq!(violations.into_iter().count(), 2);
}

#[test]
fn what_is_found_can_be_sent_to_another_thread_and_be_an_error() {
    fn assert<T: Send + Sync + Unpin + 'static>() {}
    fn assert_error<T: std::error::Error>() {}
    assert::<Context>();
    assert::<Findings>();
    assert::<crate::rules::Violations>();
    assert_error::<crate::rules::Violations>();
    assert_error::<crate::rules::UnknownRule>();
    assert_error::<crate::rules::UnknownEntitlement>();
}
