//! The wire verdict beside the rules of oasdiff, rule by rule.
//!
//! `oasdiff/catalogue.tsv` has the id and the level of every rule that oasdiff knows (commit 4553c69 of its repository,
//! August 2026). Each rule has a pair of documents here that it speaks of, and the verdict on them is that of the rule's
//! level, or it stands in the list of differences, which `comparison.md` explains.

#![allow(clippy::indexing_slicing, reason = "test code, also outside of test functions")]

mod around;
mod differences;
mod documents;
mod members;
mod schemas;

use crate::Test;
use std::collections::BTreeMap;

use crate::support as comparison;
use documents::Case;
use xtask_diff::model::Outcome;

fn catalogue() -> BTreeMap<&'static str, Outcome> {
    let rules = include_str!("oasdiff/catalogue.tsv").lines().filter_map(|line| line.split_once('\t'));
    rules
        .map(|(id, level)| {
            let outcome = match level {
                "ERR" => Outcome::Breaks,
                "WARN" => Outcome::MayBreak,
                _ => Outcome::Works,
            };
            (id, outcome)
        })
        .collect()
}

/// Every rule with the documents it speaks of.
fn cases() -> BTreeMap<String, Case> {
    let known = catalogue();
    let mut cases = BTreeMap::new();
    for (suffix, old, new) in schemas::schemas() {
        for (context, document) in schemas::contexts() {
            let id = format!("{context}-{suffix}");
            if known.contains_key(id.as_str()) {
                cases.insert(id, (document(&old), document(&new)));
            }
        }
    }
    cases.extend(members::members().into_iter().chain(around::around()).map(|(id, case)| (id.to_owned(), case)));
    cases
}

#[test]
fn every_rule_of_the_catalogue_is_tried_or_speaks_of_what_is_not_looked_at() {
    let cases = cases();
    let missing: Vec<&str> = catalogue()
        .into_keys()
        .filter(|id| !cases.contains_key(*id) && differences::NOT_LOOKED_AT.iter().all(|(part, _)| !id.contains(part)))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    let unheard: Vec<&String> = cases.keys().filter(|id| !catalogue().contains_key(id.as_str())).collect();
    assert_eq!(unheard, Vec::<&String>::new());
}

#[test]
fn the_verdict_is_that_of_the_rule_or_a_known_difference() -> Test {
    let known = catalogue();
    let mut found = Vec::new();
    for (id, (old, new)) in cases() {
        let report = comparison::of_documents(&old, &new).map_err(|error| format!("{id}: {error}"))?;
        if report.is_empty() && !id.contains("annotation-only") {
            return Err(format!("{id}: nothing was found").into());
        }
        let ours = report.changes.iter().map(|change| change.forward().outcome).max().unwrap_or(Outcome::Works);
        let theirs = *known.get(id.as_str()).ok_or("an unknown rule")?;
        if ours != theirs {
            found.push(format!("{id}: {theirs}, here {ours}"));
        }
    }
    assert_eq!(found, differences::listed());
    Ok(())
}
