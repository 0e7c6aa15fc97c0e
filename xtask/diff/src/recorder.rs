//! What was found: every change once, with where it was found and which operations lead there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::kind::{Part, Quality, What};
use super::model::{Change, Direction, Judgement, Outcome, Subject};
use super::rules::{self, Circumstances};
use super::view::Document;
use super::witness::{Unit, Witnesses};

/// Two components that stand for each other, by their pointers on either side.
pub(super) type Pair = (String, String);

/// Where a comparison is.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) subject: Subject,
    pub(super) part: Part,
    /// Where in the subject.
    pub(super) location: String,
    pub(super) direction: Direction,
    pub(super) old: Circumstances,
    pub(super) new: Circumstances,
}

impl Spot {
    /// Where it is about the subject as such.
    pub(super) fn of(subject: Subject, part: Part) -> Self {
        let none = Circumstances::default();
        Self { subject, part, location: String::new(), direction: Direction::Neither, old: none, new: none }
    }

    pub(super) fn at(&self, part: Part, location: impl Into<String>) -> Self {
        let none = Circumstances::default();
        Self { part, location: location.into(), old: none, new: none, ..self.clone() }
    }

    pub(super) fn going(self, direction: Direction) -> Self {
        Self { direction, ..self }
    }

    pub(super) fn under(self, old: Circumstances, new: Circumstances) -> Self {
        Self { old, new, ..self }
    }
}

/// What differs at a spot: what it was and is, and where, as pointers into the two documents.
#[derive(Clone, Debug)]
pub(super) struct Difference<'p> {
    pub(super) what: What,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
    pub(super) old_at: &'p str,
    pub(super) new_at: &'p str,
}

/// A change whose places are still pointers.
struct Found {
    change: Change,
    old_at: String,
    new_at: String,
    /// The components or the operation in which it was found.
    within: Within,
    /// The value that it is about, if it is about one.
    unit: Option<Unit>,
}

/// What is being compared at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Within {
    /// What belongs to no operation.
    #[default]
    Document,
    /// An operation, as a report calls it.
    Operation(String),
    /// A pair of components.
    Pair(Pair),
}

/// Notes what differs.
#[derive(Default)]
pub(super) struct Recorder {
    found: Vec<Found>,
    /// Where each change is in `found`: the same one may be found once for each direction.
    known: BTreeMap<(Subject, String, String, String), usize>,
    within: Within,
    /// The values that are being compared, each inside the one before.
    units: Vec<Unit>,
    /// Which components lead to which, so that a change in one knows its operations.
    edges: BTreeMap<Within, BTreeSet<Pair>>,
}

impl Recorder {
    /// What is found from here on was found in this.
    pub(super) fn enter(&mut self, within: Within) {
        self.within = within;
    }

    /// What is found from here on is about this value, inside the one before.
    pub(super) fn begin(&mut self, unit: Unit) {
        self.units.push(unit);
    }

    /// Ends what [`Recorder::begin`] began last.
    pub(super) fn end(&mut self) {
        self.units.pop();
    }

    /// What is being compared leads to these components.
    pub(super) fn leads_to(&mut self, pair: Pair) {
        self.edges.entry(self.within.clone()).or_default().insert(pair);
    }

    /// Notes a difference and what it means by the rules.
    pub(super) fn report(&mut self, spot: &Spot, difference: Difference<'_>) {
        let judgement = rules::judge(spot.part, difference.what, spot.direction, spot.old, spot.new);
        self.report_judged(spot, difference, judgement);
    }

    /// Notes a difference whose meaning the rules can't tell.
    pub(super) fn report_judged(&mut self, spot: &Spot, difference: Difference<'_>, judgement: Judgement) {
        let Difference { what, old, new, old_at, new_at } = difference;
        let values = format!("{old:?} {new:?} {old_at} {new_at}");
        let key = (spot.subject.clone(), spot.location.clone(), format!("{:?} {what:?}", spot.part), values);
        if let Some(found) = self.known.get(&key).and_then(|index| self.found.get_mut(*index)) {
            if !found.change.judgements.iter().any(|known| known.direction == judgement.direction) {
                found.change.judgements.push(judgement);
                found.change.judgements.sort_by_key(|judgement| judgement.direction);
                found.change.direction = Direction::Both;
            }
            return;
        }
        self.known.insert(key, self.found.len());
        let change = Change {
            part: spot.part,
            what,
            subject: spot.subject.clone(),
            location: spot.location.clone(),
            direction: spot.direction,
            old,
            new,
            old_place: None,
            new_place: None,
            judgements: vec![judgement],
            operations: Vec::new(),
        };
        let of_member = matches!(
            what,
            What::Became(Quality::ReadOnly | Quality::WriteOnly) | What::Ceased(Quality::ReadOnly | Quality::WriteOnly)
        );
        // Whether a member stands in what is sent is seen at the object around it.
        let unit = self.units.iter().rev().nth(usize::from(of_member)).cloned();
        let within = self.within.clone();
        self.found.push(Found { change, old_at: old_at.to_owned(), new_at: new_at.to_owned(), within, unit });
    }

    /// Something is there that wasn't, or isn't any more: `at` is its pointer, `around` that of what it would be in on the
    /// other side.
    pub(super) fn appears(&mut self, spot: &Spot, added: bool, at: &str, around: &str, value: Option<Value>) {
        let difference = if added {
            Difference { what: What::Added, old: None, new: value, old_at: around, new_at: at }
        } else {
            Difference { what: What::Removed, old: value, new: None, old_at: at, new_at: around }
        };
        self.report(spot, difference);
    }

    /// Whether nothing of what was found breaks a client, on a newer pod or on an older one.
    pub(super) fn all_work(&self, forward: bool) -> bool {
        let outcome = |change: &Change| if forward { change.forward().outcome } else { change.reverse().outcome };
        self.found.iter().all(|found| outcome(&found.change) == Outcome::Works)
    }

    /// All changes, with their places, their operations and the values that show what breaks.
    pub(super) fn finish(self, old: &Document<'_>, new: &Document<'_>) -> Vec<Change> {
        let mut operations: BTreeMap<&Pair, BTreeSet<&str>> = BTreeMap::new();
        for (within, first) in &self.edges {
            let Within::Operation(name) = within else { continue };
            let mut waiting: Vec<&Pair> = first.iter().collect();
            while let Some(pair) = waiting.pop() {
                if operations.entry(pair).or_default().insert(name) {
                    waiting.extend(self.edges.get(&Within::Pair(pair.clone())).into_iter().flatten());
                }
            }
        }
        let mut changes = Vec::new();
        let mut witnesses = Witnesses::of(old, new);
        for Found { mut change, old_at, new_at, within, unit } in self.found {
            if let Some(unit) = unit {
                witnesses.prove(&mut change, unit);
            }
            change.operations = match &within {
                Within::Document => Vec::new(),
                Within::Operation(name) => vec![name.clone()],
                Within::Pair(pair) => {
                    operations.get(pair).into_iter().flatten().map(|name| (*name).to_owned()).collect()
                }
            };
            change.old_place = Some(old.side.place(&old_at));
            change.new_place = Some(new.side.place(&new_at));
            changes.push(change);
        }
        changes
    }
}
