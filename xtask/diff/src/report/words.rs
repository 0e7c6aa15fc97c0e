//! What a change is called in a report that people read.

use serde_json::Value;

use crate::kind::{Keyword, Move, Quality, What};
use crate::model::{Change, Direction, Judgement, Outcome, Report, RustReport, Subject, Verdict, Versions};
use xtask_spec::diagnostic::Place;
use xtask_surface::{RustChange, Semver, Verb};

/// As many characters of a value are shown.
const SHOWN: usize = 60;

/// A text that is longer is shown by its beginning and its length.
const COUNTED: usize = 16;

/// As many characters of what two texts begin with in common are shown.
const BEFORE: usize = 20;

/// What became of a whole operation or schema.
pub(super) fn verb(what: What) -> &'static str {
    match what {
        What::Added => "added",
        What::TakenIn => "taken in",
        What::Removed => "removed",
        _ => "changed",
    }
}

/// The operations that a change concerns, where its place doesn't name them.
pub(super) fn operations(change: &Change) -> impl Iterator<Item = &str> {
    let listed = if matches!(change.subject, Subject::Schema { .. }) { change.operations.as_slice() } else { &[] };
    listed.iter().map(String::as_str)
}

/// The place of a change that is there: on the new side, unless it is gone.
pub(super) fn standing(change: &Change) -> Option<&Place> {
    match change.what {
        What::Removed => change.old_place.as_ref(),
        _ => change.new_place.as_ref().or(change.old_place.as_ref()),
    }
}

/// What happened: `became required`, `type: string → integer`.
pub(super) fn what(change: &Change) -> String {
    let (old, new) = values(change);
    match change.what {
        What::Added => new.map_or_else(|| "added".to_owned(), |new| format!("added: {new}")),
        What::TakenIn => new.map_or_else(|| "taken in".to_owned(), |new| format!("taken in: {new}")),
        What::Removed => old.map_or_else(|| "removed".to_owned(), |old| format!("removed: {old}")),
        What::Renamed => format!("renamed: {}", arrow(old, new)),
        // Its place says from where and to where.
        What::Moved => "moved".to_owned(),
        What::ValueAdded => format!("enum: {} added", new.unwrap_or_default()),
        What::ValueRemoved => format!("enum: {} removed", old.unwrap_or_default()),
        What::AlternativeAdded => format!("alternative added: {}", new.unwrap_or_default()),
        What::AlternativeRemoved => format!("alternative removed: {}", old.unwrap_or_default()),
        What::Became(Quality::Enum) => format!("became an enum: {}", new.unwrap_or_default()),
        What::Ceased(Quality::Enum) => format!("is no longer an enum: {}", old.unwrap_or_default()),
        What::Became(quality) => quality_words(quality).0.to_owned(),
        What::Ceased(quality) => quality_words(quality).1.to_owned(),
        What::Keyword(Keyword::Reference, _) => format!("refers to another schema: {}", arrow(old, new)),
        What::Keyword(keyword, movement) => movement_words(keyword.id(), movement, old, new),
    }
}

fn movement_words(keyword: &str, movement: Move, old: Option<String>, new: Option<String>) -> String {
    match (movement, old, new) {
        (Move::Set, _, new) => format!("{keyword} added: {}", new.unwrap_or_default()),
        (Move::Unset, old, _) => format!("{keyword} removed: {}", old.unwrap_or_default()),
        (_, None, None) => format!("{keyword} {}", movement.id()),
        (_, old, new) => format!("{keyword}: {}", arrow(old, new)),
    }
    .trim_end_matches([' ', ':'])
    .to_owned()
}

fn quality_words(quality: Quality) -> (&'static str, &'static str) {
    match quality {
        Quality::Required => ("became required", "became optional"),
        Quality::Nullable => ("may be `null` now", "may no longer be `null`"),
        Quality::ReadOnly => ("became read-only", "is no longer read-only"),
        Quality::WriteOnly => ("became write-only", "is no longer write-only"),
        Quality::Enum => ("became an enum", "is no longer an enum"),
        Quality::Closed => ("no longer allows other members", "allows other members now"),
        Quality::Deprecated => ("deprecated", "no longer deprecated"),
    }
}

/// A sentence of the vendor's; nothing at all is said to be nothing.
fn quoted(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() { "(nothing)".to_owned() } else { words }
}

fn arrow(old: Option<String>, new: Option<String>) -> String {
    let absent = || "any".to_owned();
    format!("{} → {}", old.unwrap_or_else(absent), new.unwrap_or_else(absent))
}

/// The sentences that one text has and the other hasn't, whole.
fn sentences(old: &str, new: &str) -> (String, String) {
    let split = |text: &str| -> Vec<String> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.split_inclusive(['.', '!', '?']).map(str::to_owned).collect()
    };
    let (old, new) = (split(old), split(new));
    let only = |list: &[String], other: &[String]| {
        let left: Vec<&str> = list.iter().filter(|one| !other.contains(one)).map(|one| one.trim()).collect();
        left.join(" ")
    };
    (only(&old, &new), only(&new, &old))
}

/// Both values: of prose the sentences that differ, whole; of anything else as much as shows where they differ.
fn values(change: &Change) -> (Option<String>, Option<String>) {
    if change.is_prose() {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (old, new) = (change.old.as_ref().map(text), change.new.as_ref().map(text));
        return match (old, new) {
            (Some(old), Some(new)) => {
                let (gone, come) = sentences(&old, &new);
                (Some(quoted(&gone)), Some(quoted(&come)))
            }
            (old, new) => (old.as_deref().map(quoted), new.as_deref().map(quoted)),
        };
    }
    let text = |value: &Value| match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        value => value.to_string(),
    };
    let (old, new) = (change.old.as_ref().map(text), change.new.as_ref().map(text));
    let common = match (&old, &new) {
        (Some(old), Some(new)) => {
            let common = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
            let longest = old.chars().count().max(new.chars().count());
            if longest > SHOWN { common.saturating_sub(BEFORE) } else { 0 }
        }
        _ => 0,
    };
    let cut = |text: String| cut(&text, common);
    (old.map(cut), new.map(cut))
}

/// As much of a text as is shown, from a character on.
fn cut(text: &str, from: usize) -> String {
    let start = if from > 0 { "…" } else { "" };
    let rest: String = text.chars().skip(from).collect();
    let shown: String = rest.chars().take(SHOWN).collect();
    let end = if shown.len() < rest.len() { "…" } else { "" };
    format!("{start}{shown}{end}")
}

/// Where it is: the subject, and the place in it.
pub(super) fn place(change: &Change) -> String {
    if change.what == What::Moved {
        let (old, new) = values(change);
        return arrow(old, new);
    }
    match (&change.subject, change.location.as_str()) {
        (Subject::Document, "") => "the document".to_owned(),
        (Subject::Document, location) => location.to_owned(),
        (subject, "") => subject.to_string(),
        (subject @ Subject::Schema { .. }, location) if location.starts_with('[') => format!("{subject}{location}"),
        (subject @ Subject::Schema { .. }, location) => format!("{subject}.{location}"),
        (subject, location) => format!("{subject}: {location}"),
    }
}

/// Which way the data goes.
pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "request",
        Direction::Response => "response",
        Direction::Both => "request and response",
        Direction::Neither => "",
    }
}

/// Why it ends so for a client in use, and what a newer client finds on an older pod where that isn't simply fine.
pub(super) fn reasons(change: &Change) -> Vec<String> {
    let (forward, reverse) = (forward(change), reverse(change));
    let older = match (change.reverse().outcome, reverse) {
        (Outcome::Works, None) => None,
        (Outcome::Works, reverse) if reverse == forward => None,
        (outcome, Some(why)) if forward.as_ref() == Some(&why) => {
            Some(format!("a newer client on an older pod {outcome} for the same reason"))
        }
        (outcome, None) => Some(format!("a newer client on an older pod {outcome}")),
        (outcome, Some(why)) => Some(format!("a newer client on an older pod {outcome}: {why}")),
    };
    forward.into_iter().chain(older).collect()
}

/// Why it ends so for a client in use.
pub(super) fn forward(change: &Change) -> Option<String> {
    because(change, change.forward(), |judgement| &judgement.forward)
}

/// Why it ends so for a newer client on an older pod.
pub(super) fn reverse(change: &Change) -> Option<String> {
    because(change, change.reverse(), |judgement| &judgement.reverse)
}

/// A value that shows what breaks: for a client in use, else for a newer one on an older pod.
pub(super) fn example(change: &Change) -> Option<String> {
    let shown = |verdict: &Verdict| {
        let witness = verdict.witness.as_ref()?;
        let length = witness.as_str().map_or(0, |text| text.chars().count());
        Some(match witness.as_str().and_then(|text| text.get(..COUNTED)) {
            Some(begin) => format!("for example the text {:?} of {length} characters", format!("{begin}…")),
            None => format!("for example the value {}", cut(&witness.to_string(), 0)),
        })
    };
    shown(change.forward()).or_else(|| shown(change.reverse()))
}

/// The reasons of the worst verdict, each with its direction where there are two.
fn because(change: &Change, worst: &Verdict, verdict: fn(&Judgement) -> &Verdict) -> Option<String> {
    let alike = change.judgements.iter().filter(|judgement| verdict(judgement).outcome == worst.outcome);
    let mut reasons: Vec<String> = Vec::new();
    for judgement in alike.filter(|judgement| !verdict(judgement).why.is_empty()) {
        let way = if change.direction == Direction::Both { direction(judgement.direction) } else { "" };
        let why = verdict(judgement).why;
        reasons.push(if way.is_empty() { why.to_owned() } else { format!("in the {way}, {why}") });
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// What there is to say of the versions; the first line of a report.
pub(super) fn versions(report: &Report) -> String {
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "without a version".to_owned());
    let (old, new) = (version(&report.old.version), version(&report.new.version));
    match report.versions {
        Versions::Identical => format!("Identical: nothing differs. Both are {old}."),
        Versions::SameVersionOtherContent => {
            format!("Same version, other content: both are {old}, and yet they differ.")
        }
        Versions::OtherVersionSameContent => {
            format!("Other version, same content: {old} → {new}, and nothing else differs.")
        }
        Versions::OtherGenerator => {
            format!("Same specification, {old}: the generator makes another client of it.")
        }
        Versions::Different => format!("Version {old} → {new}."),
    }
}

/// How many changes there are of each weight.
pub(super) fn counts(report: &Report) -> String {
    let [breaks, may_break, works] =
        [Outcome::Breaks, Outcome::MayBreak, Outcome::Works].map(|outcome| report.count(outcome));
    let told = report.changes.iter().filter(|change| !is_version(change));
    let older = |outcome| report.changes.iter().filter(|change| change.reverse().outcome == outcome).count();
    let versions = report.changes.iter().filter(|change| is_version(change)).count();
    let counts = [
        ("break clients in use", breaks),
        ("may break clients in use", may_break),
        ("work with clients in use", works.saturating_sub(versions)),
        ("text alone", report.prose()),
        ("break newer clients on older pods", older(Outcome::Breaks)),
        ("may break newer clients on older pods", older(Outcome::MayBreak)),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{what}: {count}")).collect();
    format!("changes: {} ({})", told.count(), counts.join(", "))
}

/// Whether it is the version of the specification, which the first line of a report says.
pub(super) fn is_version(change: &Change) -> bool {
    matches!(change.what, What::Keyword(Keyword::Version, _))
}

/// What all changes of the client together mean for code that uses it.
pub(super) fn rust_verdict(rust: &RustReport) -> String {
    let count = |semver| rust.changes.iter().filter(|change| change.semver == semver).count();
    let verdict = match rust.verdict {
        _ if rust.changes.is_empty() => return "in Rust: nothing that users can name differs".to_owned(),
        Semver::Major => "some code no longer compiles",
        Semver::Minor | Semver::Patch => "code that uses the client compiles",
    };
    let [breaks, adds] = [Semver::Major, Semver::Minor].map(count);
    format!("in Rust: {verdict} (items that break: {breaks}, that are new or deprecated: {adds})")
}

/// What a change of the client means for code that uses it.
pub(super) fn semver(change: &RustChange) -> &'static str {
    match change.semver {
        _ if is_deprecation(change) => "warns",
        Semver::Major => "breaks",
        Semver::Minor => "adds",
        Semver::Patch => "works",
    }
}

/// Whether code that uses it gets a warning from now on.
pub(super) fn is_deprecation(change: &RustChange) -> bool {
    change.kind.verb == Verb::Deprecated
}

/// So many things, in words.
pub(super) fn count(number: usize, one: &str, several: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {several}") }
}

/// So many items of builders and mocks that a report doesn't tell one by one.
pub(super) fn following(number: usize) -> String {
    format!("{} in builders and mocks, by the same change", count(number, "item", "items"))
}

/// What happened in the client, with the declarations.
pub(super) fn rust_what(change: &RustChange) -> (String, Option<&str>, Option<&str>) {
    (change.kind.to_string(), change.old.as_deref(), change.new.as_deref())
}

/// The places on both sides, without what stands on both in the same words.
pub(super) fn places(change: &Change) -> String {
    let mut places: Vec<String> = sides(change).map(ToString::to_string).collect();
    places.dedup();
    places.join(" → ")
}

/// The places of both sides; what is new has none on the old side, and what is gone none on the new one.
fn sides(change: &Change) -> impl Iterator<Item = &Place> {
    let old = change.old_place.as_ref().filter(|_| !matches!(change.what, What::Added | What::TakenIn));
    let new = change.new_place.as_ref().filter(|_| change.what != What::Removed);
    old.into_iter().chain(new)
}

/// The pointers on both sides, in the same way.
pub(super) fn pointers(change: &Change) -> String {
    let mut pointers: Vec<&str> = sides(change).map(|place| place.pointer.as_str()).collect();
    pointers.dedup();
    pointers.join(" → ")
}
