//! What all detection shares: both documents, what was found, and what is still to be compared.

use serde_json::Value;

use super::model::{Change, Direction};
use super::recorder::{Difference, Pair, Recorder, Spot, Within};
use super::view::{Document, Site};
use super::walk::Walk;

pub(super) struct Detector<'a> {
    pub(super) old: Document<'a>,
    pub(super) new: Document<'a>,
    pub(super) recorder: Recorder,
    pub(super) walk: Walk,
    /// Whether a comparison is only tried, for what it would find.
    pub(super) trying: bool,
    /// The schemas whose alternatives are tried one by one: for that, they have none.
    pub(super) tried: Vec<String>,
}

impl<'a> Detector<'a> {
    pub(super) fn new(old: Document<'a>, new: Document<'a>) -> Self {
        Self { old, new, recorder: Recorder::default(), walk: Walk::default(), trying: false, tried: Vec::new() }
    }

    /// Notes a difference and what it means by the rules.
    pub(super) fn report(&mut self, spot: &Spot, difference: Difference<'_>) {
        self.recorder.report(spot, difference);
    }

    /// Something is there that wasn't, or isn't any more.
    pub(super) fn appears(&mut self, spot: &Spot, added: bool, at: &str, around: &str, value: Option<Value>) {
        self.recorder.appears(spot, added, at, around, value);
    }

    /// The two components have to be compared for what goes in this direction.
    pub(super) fn enqueue(&mut self, pair: Pair, direction: Direction) {
        self.recorder.leads_to(pair.clone());
        self.walk.enqueue(pair, direction);
    }

    /// Compares all components that wait for it, and those that they lead to.
    pub(super) fn pairs_of_components(&mut self) {
        while let Some((pair, direction)) = self.walk.next() {
            self.recorder.enter(Within::Pair(pair.clone()));
            self.pair(&pair, direction);
        }
        self.recorder.enter(Within::Document);
    }

    /// A schema of the one side or the other, by its pointer.
    pub(super) fn sites(&self, pair: &Pair) -> (Vec<Site<'a>>, Vec<Site<'a>>) {
        (self.old.site(&pair.0).into_iter().collect(), self.new.site(&pair.1).into_iter().collect())
    }

    /// All changes, with their places and operations.
    pub(super) fn finish(self) -> Vec<Change> {
        self.recorder.finish(&self.old, &self.new)
    }
}
