//! Which schemas are still to be compared, and which are being compared: each pair once for each direction.

use std::collections::{BTreeSet, VecDeque};

use super::model::Direction;
use super::recorder::Pair;

/// How many schemas inside one another are compared in place.
const DEPTH: usize = 64;

/// The schemas of both sides that hold of one value, by their pointers.
pub(super) type Open = (Vec<String>, Vec<String>);

/// The way through the schemas of two documents.
#[derive(Default)]
pub(super) struct Walk {
    queue: VecDeque<(Pair, Direction)>,
    queued: BTreeSet<(Pair, Direction)>,
    /// The components that were compared as part of what refers to them.
    in_place: BTreeSet<String>,
    /// The schemas that are being compared in place, so that recursion ends.
    open: Vec<Open>,
}

impl Walk {
    /// The two components have to be compared for what goes in this direction.
    pub(super) fn enqueue(&mut self, pair: Pair, direction: Direction) {
        if self.queued.insert((pair.clone(), direction)) {
            self.queue.push_back((pair, direction));
        }
    }

    /// The next components that wait to be compared.
    pub(super) fn next(&mut self) -> Option<(Pair, Direction)> {
        self.queue.pop_front()
    }

    /// The pair that a component of the old or new side was compared in.
    pub(super) fn paired(&self, at: &str, new: bool) -> Option<&Pair> {
        let mut pairs = self.queued.iter().map(|(pair, _)| pair);
        pairs.find(|(old_at, new_at)| if new { new_at == at } else { old_at == at })
    }

    /// These components are compared as part of what refers to them.
    pub(super) fn looks_through<'p>(&mut self, components: impl IntoIterator<Item = &'p String>) {
        self.in_place.extend(components.into_iter().cloned());
    }

    /// Whether a component was compared at all, by itself or as part of another.
    pub(super) fn knows(&self, at: &str) -> bool {
        self.paired(at, false).is_some() || self.paired(at, true).is_some() || self.in_place.contains(at)
    }

    /// Begins to compare schemas in place; `false` where that is being done already, or goes too deep.
    pub(super) fn open(&mut self, schemas: Open) -> bool {
        let fits = self.open.len() < DEPTH && !self.open.contains(&schemas);
        if fits {
            self.open.push(schemas);
        }
        fits
    }

    /// Ends what [`Walk::open`] began last.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }
}
