//! The first lines of a report: what breaks for whom, which version comes out, what to do.

use super::gather::{self, Entry, Weight, listed};
use super::words;
use crate::kind::{Part, Quality, What};
use crate::model::{Change, Direction, Judgement, Outcome, Report, Versions};
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
    answers.extend(code(report, entries));
    answers.push(Answer { question: "The next version", answer: version(report), because: Vec::new() });
    let (answer, because) = match todo(report, entries).as_slice() {
        [] => ("nothing".to_owned(), Vec::new()),
        [step] => (step.clone(), Vec::new()),
        steps => {
            let numbered = steps.iter().zip(1_usize..).map(|(step, number)| format!("{number}. {step}"));
            ("in this order".to_owned(), numbered.collect())
        }
    };
    answers.push(Answer { question: "What to do", answer, because });
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
        let policy = if entry.is_against_policy() { "; probably an error on the vendor's page" } else { "" };
        let operations: Vec<String> = entry.operations().into_iter().map(str::to_owned).collect();
        let within = match operations.as_slice() {
            [] => String::new(),
            [operation] => format!(" in {operation}"),
            operations => format!(" in {} operations", operations.len()),
        };
        format!("{}{within}: {}{reason}{policy}", entry.places(str::to_owned), entry.what)
    };
    let mut lines: Vec<String> = all.iter().take(NAMED).map(line).collect();
    lines.extend((more > 0).then(|| format!("and {more} more below")));
    lines
}

fn code(report: &Report, entries: &[Entry<'_>]) -> Option<Answer> {
    let rust = report.rust.as_ref()?;
    let question = "Code that uses the client";
    let items = gather::items(report, rust);
    let breaking: Vec<String> =
        items.told.iter().filter(|change| change.semver == Semver::Major).map(|change| change.path.clone()).collect();
    let following = items.follow.get(&Semver::Major).map_or(0, Vec::len);
    let (warns, adds): (Vec<_>, Vec<_>) = rust
        .changes
        .iter()
        .filter(|change| change.semver == Semver::Minor)
        .partition(|change| words::is_deprecation(change));
    let answer = match rust.verdict {
        Semver::Major => "doesn't compile any more where it uses",
        _ if changes(entries).any(is_demanded) => {
            "compiles as it is, but a call that doesn't set what is required now ends with an error before it is sent"
        }
        _ => match (adds.is_empty(), warns.is_empty()) {
            (true, true) => "compiles as it is",
            (false, true) => "compiles as it is, and there is more to use",
            (true, false) => "compiles, with warnings where it uses what is deprecated now",
            (false, false) => "compiles, with warnings where it uses what is deprecated now, and there is more to use",
        },
    };
    let mut because = Vec::new();
    for (old, new) in items.renamed.iter().take(NAMED) {
        because.push(format!("types::{old}, which is now called types::{new}"));
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
    let code = report.rust.as_ref().is_some_and(|rust| rust.verdict == Semver::Major);
    let release = match report.release() {
        _ if report.versions == Versions::Identical => "none: the client stays as it is",
        Semver::Major if !code => "breaking, by what is sent or answered",
        Semver::Major => "breaking",
        Semver::Minor => "a feature",
        Semver::Patch => "a fix",
    };
    match &report.next {
        Some(next) => format!("{next}, {release}"),
        None => release.to_owned(),
    }
}

fn changes<'e>(entries: &'e [Entry<'e>]) -> impl Iterator<Item = &'e Change> {
    entries.iter().flat_map(|entry| entry.changes.iter().copied())
}

/// Whether it has to be sent, and a client in use doesn't send it.
fn is_demanded(change: &Change) -> bool {
    let request = matches!(change.direction, Direction::Request | Direction::Both);
    let comes = matches!(change.what, What::Added | What::Became(Quality::Required));
    request && comes && change.forward().outcome == Outcome::Breaks
}

/// Whether an older pod wants what a newer client may leave out.
fn is_kept(change: &Change) -> bool {
    let refused = |judgement: &Judgement| {
        judgement.direction != Direction::Response && judgement.reverse.outcome == Outcome::Breaks
    };
    let read = |judgement: &Judgement| {
        judgement.direction == Direction::Response && judgement.reverse.outcome == Outcome::Breaks
    };
    change.what == What::Ceased(Quality::Required)
        && change.judgements.iter().any(refused)
        && !change.judgements.iter().any(read)
}

/// The places of those changes that a step is about.
fn of(entries: &[Entry<'_>], wanted: impl Fn(&Change) -> bool) -> Option<String> {
    let mut places: Vec<String> = changes(entries).filter(|change| wanted(change)).map(words::place).collect();
    places.dedup();
    (!places.is_empty()).then(|| listed(&places, NAMED))
}

/// What there is to do, in order: first with the vendor, then in code, then with what runs.
fn todo(report: &Report, entries: &[Entry<'_>]) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    if entries.iter().any(Entry::is_against_policy) {
        let wait = "ask the vendor whether the page is right, and keep the old client until the answer comes";
        steps.push(wait.to_owned());
    }
    let describes = |entry: &Entry<'_>| {
        entry.weight == Weight::Describes && entry.changes.iter().any(|change| change.part != Part::Info)
    };
    if !report.grounds.is_empty() {
        steps.push("see whether the rules that rest on what changed still hold".to_owned());
    } else if !report.said.is_empty() || entries.iter().any(describes) {
        steps.push("read the text that changed, below".to_owned());
    }
    if report.rust.as_ref().is_some_and(|rust| rust.verdict == Semver::Major) {
        steps.push("change code where the compiler says so".to_owned());
    }
    steps.extend(
        of(entries, is_demanded)
            .map(|places| format!("set what is required now, on pods of the new version: {places}")),
    );
    let deprecated = of(entries, |change| change.what == What::Became(Quality::Deprecated));
    steps.extend(deprecated.map(|places| format!("read on the vendor's page what replaces {places}")));
    steps.extend(in_use(entries));
    steps
}

/// What there is to do with the clients and pods that run.
fn in_use(entries: &[Entry<'_>]) -> Vec<String> {
    let forward = entries.iter().map(|entry| entry.weight).min().unwrap_or(Weight::Describes);
    let fails = |change: &Change| change.reverse().outcome == Outcome::Breaks && !is_kept(change);
    let runs_on_older_pods = !changes(entries).any(fails);
    let first = match (forward, runs_on_older_pods) {
        (Weight::Breaks, true) => Some("update clients before their pods are updated"),
        (Weight::Breaks, false) => Some(
            "update each client together with its pod: the old one breaks on the new pod, and the new one on the old pod",
        ),
        (Weight::MayBreak, _) => Some("see whether your code uses what may break"),
        _ => None,
    };
    let mut steps: Vec<String> = first.into_iter().map(str::to_owned).collect();
    if !runs_on_older_pods {
        if forward > Weight::Breaks {
            steps.push("keep the old client for pods that aren't updated yet".to_owned());
        }
        return steps;
    }
    let avoided = |operation: bool| {
        of(entries, |change| {
            let may = change.reverse().outcome == Outcome::MayBreak && !is_demanded(change);
            let sent = change.judgements.iter().any(|judgement| judgement.direction != Direction::Response);
            may && sent && (change.part == Part::Operation) == operation
        })
    };
    steps.extend(of(entries, is_kept).map(|places| format!("on older pods, always set: {places}")));
    steps.extend(avoided(true).map(|places| format!("on older pods, don't call {places}")));
    steps.extend(avoided(false).map(|places| format!("on older pods, leave unset: {places}")));
    steps
}
