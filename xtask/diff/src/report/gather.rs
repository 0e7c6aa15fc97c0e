//! Changes that say the same of several places are one entry of a report.

use std::collections::{BTreeMap, BTreeSet};

use super::words;
use crate::kind::{Keyword, Move, Part, What};
use crate::model::{Change, Direction, Ground, Outcome, Report, RustReport};
use xtask_surface::{RustChange, Semver};

/// As many places of an entry are named in full.
pub(super) const NAMED: usize = 4;

/// What a change weighs, by the clients in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Breaks,
    MayBreak,
    Works,
    Describes,
}

impl Weight {
    /// In the order of a report.
    pub(super) const ALL: [Self; 4] = [Self::Breaks, Self::MayBreak, Self::Works, Self::Describes];

    pub(super) fn of(change: &Change) -> Self {
        match change.forward().outcome {
            _ if change.is_prose() => Self::Describes,
            Outcome::Breaks => Self::Breaks,
            Outcome::MayBreak => Self::MayBreak,
            Outcome::Works => Self::Works,
        }
    }

    /// The heading above such changes.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Breaks => "Breaks clients in use",
            Self::MayBreak => "May break clients in use",
            Self::Works => "Works with clients in use",
            Self::Describes => "Only describes",
        }
    }
}

/// What a report says of a change, but for its place.
type Said = (Weight, Direction, String, Vec<String>);

/// Changes of which a report says the same.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) weight: Weight,
    pub(super) direction: Direction,
    pub(super) what: String,
    pub(super) reasons: Vec<String>,
    pub(super) changes: Vec<&'a Change>,
}

impl Entry<'_> {
    /// Its places in the interface, all or the first of them, each as `write` has it.
    pub(super) fn places(&self, write: impl Fn(&str) -> String) -> String {
        let places: Vec<String> = self.changes.iter().map(|change| write(&words::place(change))).collect();
        listed(&places, NAMED)
    }

    /// Whether the vendor's published policy rules it out: response fields and addresses are never removed or changed.
    pub(super) fn is_against_policy(&self) -> bool {
        self.changes.iter().any(|change| {
            let response = matches!(change.direction, Direction::Response | Direction::Both);
            let goes =
                matches!(change.what, What::Removed | What::Renamed | What::Keyword(Keyword::Type, Move::Changed));
            (response && change.part == Part::Property && goes) || change.what == What::Moved
        })
    }

    /// A value that shows what breaks, of the first place that has one.
    pub(super) fn example(&self) -> Option<String> {
        self.changes.iter().find_map(|change| words::example(change))
    }

    /// How many there are, where it is several.
    pub(super) fn count(&self) -> String {
        if self.changes.len() > 1 { format!("{} × ", self.changes.len()) } else { String::new() }
    }

    /// The operations that it concerns, where the place doesn't name them.
    pub(super) fn operations(&self) -> BTreeSet<&str> {
        self.changes.iter().flat_map(|change| words::operations(change)).collect()
    }
}

/// The first of many, and how many more there are.
pub(super) fn listed(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let named: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// The entries of a report, in its order. The version, which the first line says, is none.
pub(super) fn entries(report: &Report) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut known: BTreeMap<Said, usize> = BTreeMap::new();
    let has_operations = report.changes.iter().any(|change| {
        change.part == Part::Operation && matches!(change.what, What::Added | What::TakenIn | What::Removed)
    });
    for change in &report.changes {
        if words::is_version(change) {
            continue;
        }
        let (weight, direction) = (Weight::of(change), change.direction);
        // Whatever a whole operation or schema brings is told by its place.
        let whole = matches!(change.what, What::Added | What::TakenIn | What::Removed)
            && matches!(change.part, Part::Operation | Part::Schema | Part::Component);
        let what = match (whole, change.part) {
            (true, Part::Schema | Part::Component) if has_operations => {
                format!("{}, with an operation or a member", words::verb(change.what))
            }
            (true, _) => words::verb(change.what).to_owned(),
            (false, _) => words::what(change),
        };
        let mut reasons = words::reasons(change);
        if change.is_prose() {
            reasons.extend(resting_on(report, change).map(|rule| format!("{rule} rests on it")));
        }
        let key: Said = (weight, direction, what.clone(), reasons.clone());
        match known.get(&key).and_then(|index| entries.get_mut(*index)) {
            Some(entry) => entry.changes.push(change),
            None => {
                known.insert(key, entries.len());
                entries.push(Entry { weight, direction, what, reasons, changes: vec![change] });
            }
        }
    }
    entries
}

/// The rules that rest on what changed.
fn resting_on<'r>(report: &'r Report, change: &'r Change) -> impl Iterator<Item = &'r str> {
    let place = change.new_place.as_ref();
    let rests = move |ground: &&Ground| {
        let of_fragment = place.filter(|place| ground.pointer.as_deref() == Some(place.pointer.as_str()));
        let file = of_fragment.and_then(|place| place.file.rsplit(['/', '\\']).next());
        file.and_then(|file| file.rsplit_once('.')).is_some_and(|(stem, _)| stem == ground.fragment)
    };
    report.grounds.iter().filter(rests).map(|ground| ground.rule.as_str())
}

/// The pages that say something else, each with the statements that are new on it and the rules that rested on others.
pub(super) fn pages(report: &Report) -> BTreeMap<&str, (Vec<&str>, Vec<&str>)> {
    let mut pages: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for said in &report.said {
        pages.entry(&said.page).or_default().0.push(&said.text);
    }
    for ground in report.grounds.iter().filter(|ground| ground.pointer.is_none()) {
        let rules = &mut pages.entry(&ground.fragment).or_default().1;
        if !rules.contains(&ground.rule.as_str()) {
            rules.push(&ground.rule);
        }
    }
    pages
}

/// What changes in Rust, as users look at it.
#[derive(Debug, Default)]
pub(super) struct Items<'a> {
    /// Types that have another name: what it was and is.
    pub(super) renamed: Vec<(&'a str, &'a str)>,
    /// What is told one by one.
    pub(super) told: Vec<&'a RustChange>,
    /// What follows from that, in builders and mocks: how many items, by what they ask of a version.
    pub(super) follow: BTreeMap<Semver, Vec<&'a RustChange>>,
}

/// The items of a report, gathered.
pub(super) fn items<'a>(report: &'a Report, rust: &'a RustReport) -> Items<'a> {
    let mut items = Items::default();
    let renamed = report.changes.iter().filter(|change| change.part == Part::Schema && change.what == What::Renamed);
    let names = renamed.filter_map(|change| Some((change.old.as_ref()?.as_str()?, change.new.as_ref()?.as_str()?)));
    let there = |path: &str, old: bool| {
        rust.changes
            .iter()
            .any(|change| change.path == path && change.old.is_some() == old && change.new.is_some() != old)
    };
    let types: Vec<(String, String, (&str, &str))> =
        names.map(|(old, new)| (format!("types::{old}"), format!("types::{new}"), (old, new))).collect();
    for (old, new, names) in &types {
        if there(old, true) && there(new, false) {
            items.renamed.push(*names);
        }
    }
    for change in &rust.changes {
        let is_renamed = types
            .iter()
            .any(|(old, new, names)| items.renamed.contains(names) && (change.path == *old || change.path == *new));
        if is_renamed {
            continue;
        }
        if follows(&change.path) {
            items.follow.entry(change.semver).or_default().push(change);
        } else if !(change.path == "SPEC_VERSION" && change.semver == Semver::Patch) {
            items.told.push(change);
        }
    }
    items
}

/// Whether an item is made of what another item says.
fn follows(path: &str) -> bool {
    ["builder::", "types::builder::", "httpmock::"].iter().any(|module| path.starts_with(module))
}
