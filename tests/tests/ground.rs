//! That the rules of pod-api-ext stand on what the vendor's pages say today, as `openapi/sources.toml` has it.

use std::collections::BTreeSet;
use std::fs;

use pod_api_ext::UserId;
use pod_api_ext::pod_api::types::{UserIdList, V3RoomAttributes};
use pod_api_ext::prelude::Validate as _;
use pod_api_ext::rules::{Context, Entitlement, Entitlements, Rule};
use pod_api_tests::{Test, root};
use xtask::import::ground::{Footing, Ledger};

#[test]
fn no_documented_statement_has_lost_its_ground() -> Test {
    let moved = Ledger::read(&root().join("openapi"))?.moved();
    let said: Vec<String> = moved.iter().map(|moved| moved.diagnostic().to_string()).collect();
    assert!(said.is_empty(), "what these say has to be looked at again:\n{}", said.join("\n"));
    Ok(())
}

#[test]
fn every_rule_names_its_ground_and_every_ground_a_rule_that_is_there() -> Test {
    let ledger = Ledger::read(&root().join("openapi"))?;
    let named: BTreeSet<(String, &str)> =
        ledger.statements().filter_map(|(statement, rule)| Some((statement.to_owned(), rule?))).collect();
    let rules: BTreeSet<(String, &str)> = Rule::ALL
        .iter()
        .copied()
        .flat_map(|rule| rule.statement().split('/').map(move |statement| (statement.to_owned(), rule.code())))
        .collect();
    assert_eq!(named, rules);
    Ok(())
}

#[test]
fn every_documented_statement_is_watched() -> Test {
    let ledger = Ledger::read(&root().join("openapi"))?;
    let numbers = |letter: char, count: u8| (1..=count).map(move |number| format!("{letter}{number}"));
    let documented: Vec<String> = numbers('I', 7).chain(numbers('R', 12)).chain(numbers('M', 6)).collect();
    assert_eq!(ledger.statements().map(|(statement, _)| statement.to_owned()).collect::<Vec<_>>(), documented);
    Ok(())
}

#[test]
fn a_rule_names_the_page_that_its_ground_is_on() -> Test {
    let sources = fs::read_to_string(root().join("openapi/sources.toml"))?;
    let ledger = Ledger::read(&root().join("openapi"))?;
    for rule in Rule::ALL.iter().copied() {
        let published = format!("published = \"{}\"", rule.page());
        for footing in rule.statement().split('/').flat_map(|statement| ledger.footings(statement)) {
            let (Footing::Prose { page: name, .. } | Footing::Value { fragment: name, .. }) = footing;
            let entry = format!("[fragment.\"{name}.json\"]\n{published}\n");
            assert!(sources.contains(&entry), "{rule} rests on {name}, and names {}", rule.page());
        }
    }
    Ok(())
}

/// What `cargo xtask explain` says of the rules stands in that program, which knows none of them.
#[test]
fn every_rule_is_explained_by_a_request_that_breaks_it_and_one_that_does_not() -> Test {
    let denied = Entitlement::ALL.iter().fold(Entitlements::new(), |all, entitlement| all.denied(*entitlement));
    let context = Context::new().caller(UserId::from(7)).entitlements(denied).rooms(["Project Y".into()]);
    let sections = xtask::explain::rules();
    let explained: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    assert_eq!(explained, Rule::ALL.iter().map(|rule| rule.code()).collect::<Vec<_>>());
    for section in &sections {
        let Some((wrong, right)) = &section.examples else { continue };
        let broken = |request: &str| -> Test<bool> {
            let findings = if section.id.starts_with("im.") {
                serde_json::from_str::<UserIdList>(request)?.findings(&context)
            } else {
                serde_json::from_str::<V3RoomAttributes>(request)?.findings(&context)
            };
            Ok(findings.iter().any(|finding| finding.rule().code() == section.id))
        };
        assert_eq!((broken(wrong)?, broken(right)?), (true, false), "{}", section.id);
    }
    Ok(())
}
