//! A report for machines.
//!
//! The form is that of `report.schema.json` beside this file, a JSON Schema of the dialect 2020-12. Members may be added
//! to it; what a member means changes only together with `format`.

use serde_json::{Value, json};

use crate::model::{Change, Facts, Judgement, Outcome, Report, RustReport, Subject, Verdict, Versions};
use xtask_spec::diagnostic::Place;
use xtask_surface::{RustChange, Semver};

/// The JSON Schema of what [`json`](fn@json) gives.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The number of the form that reports have.
const FORMAT: u32 = 1;

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> Value {
    json!({
        "format": FORMAT,
        "old": facts(&report.old),
        "new": facts(&report.new),
        "versions": match report.versions {
            Versions::Identical => "identical",
            Versions::SameVersionOtherContent => "same-version-other-content",
            Versions::OtherVersionSameContent => "other-version-same-content",
            Versions::Different => "different",
            Versions::OtherGenerator => "other-generator",
        },
        "summary": {
            "breaks": report.count(Outcome::Breaks),
            "may-break": report.count(Outcome::MayBreak),
            "works": report.count(Outcome::Works),
            "describes": report.prose(),
        },
        "release": match report.release() {
            Semver::Major => "breaking",
            Semver::Minor => "feature",
            Semver::Patch => "fix",
        },
        "changes": report.changes.iter().map(change).collect::<Value>(),
        "rust": report.rust.as_ref().map(rust),
    })
}

fn rust(rust: &RustReport) -> Value {
    let change = |change: &RustChange| {
        json!({
            "kind": change.kind.id(),
            "path": change.path,
            "old": change.old,
            "new": change.new,
            "semver": semver(change.semver),
        })
    };
    json!({"semver": semver(rust.verdict), "changes": rust.changes.iter().map(change).collect::<Value>()})
}

fn semver(semver: Semver) -> &'static str {
    match semver {
        Semver::Major => "major",
        Semver::Minor => "minor",
        Semver::Patch => "patch",
    }
}

fn facts(facts: &Facts) -> Value {
    json!({
        "source": facts.shown,
        "version": facts.version,
        "operations": facts.operations,
        "schemas": facts.schemas,
    })
}

fn change(change: &Change) -> Value {
    json!({
        "kind": change.kind(),
        "subject": subject(&change.subject),
        "location": change.location,
        "direction": change.direction.id(),
        "old": change.old,
        "new": change.new,
        "places": {"old": change.old_place.as_ref().map(place), "new": change.new_place.as_ref().map(place)},
        "describes": change.is_prose(),
        "wire": {
            "old-client-new-pod": change.forward().outcome.id(),
            "new-client-old-pod": change.reverse().outcome.id(),
        },
        "judgements": change.judgements.iter().map(|judgement| self::judgement(judgement, change)).collect::<Value>(),
        "operations": change.operations,
    })
}

fn subject(subject: &Subject) -> Value {
    match subject {
        Subject::Operation { path, method } => json!({"type": "operation", "method": method, "path": path}),
        Subject::Schema { name } => json!({"type": "schema", "name": name}),
        Subject::Component { kind, name } => json!({"type": "component", "kind": kind, "name": name}),
        Subject::Document => json!({"type": "document"}),
    }
}

fn judgement(judgement: &Judgement, change: &Change) -> Value {
    let verdict = |verdict: &Verdict| -> Value {
        let shown = [("outcome", verdict.outcome.id().into()), ("why", verdict.why.into())];
        let witness = verdict.witness.iter().map(|witness| ("witness", witness.clone()));
        shown.into_iter().chain(witness).map(|(name, value)| (name.to_owned(), value)).collect()
    };
    json!({
        "rule": judgement.rule(change),
        "old-client-new-pod": verdict(&judgement.forward),
        "new-client-old-pod": verdict(&judgement.reverse),
    })
}

fn place(place: &Place) -> Value {
    let position = place.position.as_ref().map(|mark| mark.position);
    json!({
        "file": place.file,
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
        "pointer": place.pointer,
    })
}
