//! The first lines of a report: what breaks for whom, which version comes out, what to do.

use super::gather::{self, Entry, Weight, listed};
use super::words;
use crate::kind::{Part, Quality, What};
use crate::model::{Change, Direction, Outcome, Report, Versions};
use xtask_surface::Semver;

/// As many entries are named under an answer.
const NAMED: usize = 3;

/// A question that everybody has, its answer, and what it rests on.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) question: &'static str,
    pub(super) answer: String,
    pub(super) because: Vec<String>,
}

/// The answers, in the order of a report; few enough lines to be read at once.
pub(super) fn answers(report: &Report, entries: &[Entry<'_>]) -> Vec<Answer> {
    let forward = Answer {
        question: "A client in use, on a pod of the new version",
        answer: outcome(entries, |change| change.forward().outcome),
        because: named(entries.iter().filter(|entry| entry.weight <= Weight::MayBreak), words::forward),
    };
    let older = |entry: &&Entry<'_>| {
        entry.changes.iter().any(|change| change.reverse().outcome > Outcome::Works)
            && entry.weight != Weight::Describes
    };
    let reverse = Answer {
        question: "A client of the new version, on an older pod",
        answer: outcome(entries, |change| change.reverse().outcome),
        because: named(entries.iter().filter(older), words::reverse),
    };
    let mut answers = vec![forward, reverse];
    answers.extend(code(report));
    answers.push(Answer { question: "The next version", answer: version(report), because: Vec::new() });
    answers.push(Answer { question: "What to do", answer: todo(report, entries), because: Vec::new() });
    answers
}

fn outcome(entries: &[Entry<'_>], of: impl Fn(&Change) -> Outcome) -> String {
    let count = |wanted: Outcome| {
        let changes = entries.iter().filter(|entry| entry.weight != Weight::Describes).flat_map(|entry| &entry.changes);
        changes.filter(|change| of(change) == wanted).count()
    };
    match (count(Outcome::Breaks), count(Outcome::MayBreak)) {
        (0, 0) => "works".to_owned(),
        (0, may) => format!("may break, by {}", words::count(may, "change", "changes")),
        (breaks, 0) => format!("breaks, by {}", words::count(breaks, "change", "changes")),
        (breaks, may) => format!("breaks, by {}, and may by {may} more", words::count(breaks, "change", "changes")),
    }
}

fn named<'e>(entries: impl Iterator<Item = &'e Entry<'e>>, reason: fn(&Change) -> Option<String>) -> Vec<String> {
    let all: Vec<&Entry<'_>> = entries.collect();
    let more = all.len().saturating_sub(NAMED);
    let line = |entry: &&Entry<'_>| {
        let reason = entry.changes.first().and_then(|change| reason(change));
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let policy = if entry.is_against_policy() { "; probably an error of the page" } else { "" };
        format!("{}: {}{reason}{policy}", entry.places(str::to_owned), entry.what)
    };
    let mut lines: Vec<String> = all.iter().take(NAMED).map(line).collect();
    lines.extend((more > 0).then(|| format!("and {more} more below")));
    lines
}

fn code(report: &Report) -> Option<Answer> {
    let rust = report.rust.as_ref()?;
    let question = "Code that uses the client";
    let items = gather::items(report, rust);
    let breaking: Vec<String> =
        items.told.iter().filter(|change| change.semver == Semver::Major).map(|change| change.path.clone()).collect();
    let following = items.follow.get(&Semver::Major).map_or(0, Vec::len);
    let answer = match rust.verdict {
        Semver::Major => "has to be changed where it uses what changed",
        Semver::Minor => "compiles as it is, and has more to use",
        Semver::Patch => "compiles as it is",
    };
    let mut because = Vec::new();
    for (old, new) in items.renamed.iter().take(NAMED) {
        because.push(format!("types::{old} is called types::{new}"));
    }
    if !breaking.is_empty() {
        because.push(listed(&breaking, gather::NAMED));
    }
    if following > 0 {
        because.push(words::following(following));
    }
    Some(Answer { question, answer: answer.to_owned(), because })
}

fn version(report: &Report) -> String {
    let release = match report.release() {
        _ if report.versions == Versions::Identical => "none: the client stays as it is",
        Semver::Major => "breaking",
        Semver::Minor => "a feature",
        Semver::Patch => "a fix",
    };
    match &report.next {
        Some(next) => format!("{next}, {release}"),
        None => release.to_owned(),
    }
}

fn todo(report: &Report, entries: &[Entry<'_>]) -> String {
    let forward = entries.iter().map(|entry| entry.weight).min().unwrap_or(Weight::Describes);
    let changes = || entries.iter().flat_map(|entry| &entry.changes);
    let older = changes().map(|change| change.reverse().outcome).max();
    // What has to be sent, and a client in use doesn't send.
    let is_demanded = |change: &Change| {
        let request = matches!(change.direction, Direction::Request | Direction::Both);
        let comes = matches!(change.what, What::Added | What::Became(Quality::Required));
        request && comes && change.forward().outcome == Outcome::Breaks
    };
    let avoided = |operation: bool| {
        let may = |change: &&Change| change.reverse().outcome == Outcome::MayBreak && !is_demanded(change);
        changes().copied().filter(may).any(|change| (change.part == Part::Operation) == operation)
    };
    let mut steps: Vec<&str> = Vec::new();
    if entries.iter().any(Entry::is_against_policy) {
        steps.push("ask the vendor whether the page is right");
    }
    match forward {
        Weight::Breaks => steps.push("update clients before their pods are"),
        Weight::MayBreak => steps.push("see whether what may break is used"),
        Weight::Works | Weight::Describes => {}
    }
    if changes().any(|change| is_demanded(change)) {
        steps.push("set what is required now");
    }
    match (older, avoided(true), avoided(false)) {
        (Some(Outcome::Breaks), ..) => steps.push("keep the old client for older pods"),
        (_, true, false) => steps.push("don't call on older pods what is new"),
        (_, true, true) => steps.push("neither call nor set on older pods what is new"),
        (_, false, true) => steps.push("leave unset on older pods what is new"),
        _ => {}
    }
    if report.rust.as_ref().is_some_and(|rust| rust.verdict == Semver::Major) {
        steps.push("change code where the compiler says so");
    }
    if entries.iter().flat_map(|entry| &entry.changes).any(|change| change.what == What::Became(Quality::Deprecated)) {
        steps.push("look for what takes the place of what is deprecated");
    }
    let describes = |entry: &Entry<'_>| {
        entry.weight == Weight::Describes && entry.changes.iter().any(|change| change.part != Part::Info)
    };
    if !report.grounds.is_empty() {
        steps.push("see whether the rules that rest on what changed still hold");
    } else if !report.said.is_empty() || entries.iter().any(describes) {
        steps.push("read the sentences that changed");
    }
    if steps.is_empty() { "nothing".to_owned() } else { steps.join("; ") }
}
