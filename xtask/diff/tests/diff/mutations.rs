//! The wire verdict on every mutation of the published fragments.

use crate::Test;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::support::{lines, of_fragments};
use serde_json::Value;
use xtask_diff::kind::{Keyword, Move, Part, What};
use xtask_diff::model::{Direction, Judgement};
use xtask_fixtures::mutations;

#[test]
fn every_mutation_has_its_verdict() -> Test {
    let published = mutations::published()?;
    let mut table = String::new();
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let report = of_fragments(&old, &new).map_err(|error| format!("{}: {error}", mutation.name))?;
        writeln!(table, "{}", mutation.name)?;
        for line in lines(&report) {
            writeln!(table, "  {line}")?;
        }
    }
    insta::assert_snapshot!(table);
    Ok(())
}

#[test]
fn an_older_pod_is_the_opposite_change_but_for_what_is_optional_and_new() -> Test {
    let published = mutations::published()?;
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let (forth, back) = (of_fragments(&old, &new)?, of_fragments(&new, &old)?);
        assert_eq!(forth.changes.len(), back.changes.len(), "{}", mutation.name);
        for change in &forth.changes {
            let opposite = back.changes.iter().find(|other| {
                let same = other.part == change.part && other.what == change.what.mirror();
                let places = (other.old_place.as_ref(), other.new_place.as_ref());
                same && places == (change.new_place.as_ref(), change.old_place.as_ref()) || {
                    let pointer =
                        |place: Option<&xtask_spec::diagnostic::Place>| place.map(|place| place.pointer.clone());
                    same && (pointer(places.0), pointer(places.1))
                        == (pointer(change.new_place.as_ref()), pointer(change.old_place.as_ref()))
                        && (&other.old, &other.new) == (&change.new, &change.old)
                }
            });
            let opposite = opposite.ok_or_else(|| format!("{}: no opposite of {change:?}", mutation.name))?;
            for (here, there) in change.judgements.iter().zip(&opposite.judgements) {
                assert_eq!(here.direction, there.direction, "{}", mutation.name);
                if !is_new_and_optional(change.part, change.what, here) {
                    assert_eq!(here.reverse.outcome, there.forward.outcome, "{}: {change:?}", mutation.name);
                }
            }
        }
    }
    Ok(())
}

/// What only those use who know that it is new.
fn is_new_and_optional(part: Part, what: What, judgement: &Judgement) -> bool {
    let request = judgement.direction == Direction::Request;
    match what {
        What::Added => matches!(
            part,
            Part::Operation
                | Part::Parameter
                | Part::Property
                | Part::Header
                | Part::MediaType
                | Part::Response
                | Part::Body
        ),
        What::ValueAdded => request,
        // What a document says of old pods now may well have held all the time.
        What::Keyword(Keyword::Format, Move::Narrowed | Move::Widened) => !request,
        _ => false,
    }
}

#[test]
fn a_report_in_json_is_as_its_schema_says() -> Test {
    let schema: Value = serde_json::from_str(xtask_diff::SCHEMA)?;
    jsonschema::meta::validate(&schema).map_err(|error| error.to_string())?;
    let validator = jsonschema::validator_for(&schema)?;
    let published = mutations::published()?;
    let mut kinds = BTreeSet::new();
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let report = xtask_diff::json(&of_fragments(&old, &new)?);
        let wrong: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{}", mutation.name);
        let changes = report["changes"].as_array().into_iter().flatten();
        kinds.extend(changes.filter_map(|change| Some(change["kind"].as_str()?.to_owned())));
    }
    assert!(kinds.contains("property.became-required"), "{kinds:?}");
    Ok(())
}
