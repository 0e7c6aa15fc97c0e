//! Values that show what breaks: one side sends them, and the other refuses them. What no value shows may break, and no
//! more is said.
//!
//! The rules say what a change means; here a validator is asked whether it does. Each change of data was found at the
//! schemas of one value, and only there a value is looked for: what differs further in is a change of its own.

use std::collections::BTreeMap;

use serde_json::Value;
use xtask_samples::{Refused, Sent, Taker};

use super::facets::same;
use super::kind::{Keyword, Part, Quality, What};
use super::model::{Change, Direction, Outcome, Verdict};
use super::view::Document;

/// The schemas of both sides that hold of one value, by their pointers.
pub(super) type Unit = (Vec<String>, Vec<String>);

/// What is looked for: at which schemas, in which direction, and whether the new side sends it.
type Wanted = (Unit, Direction, bool);

pub(super) struct Witnesses<'a> {
    old: &'a Document<'a>,
    new: &'a Document<'a>,
    /// What was found: a schema is asked once, whatever differs in it.
    known: BTreeMap<Wanted, Vec<Refused>>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn of(old: &'a Document<'a>, new: &'a Document<'a>) -> Self {
        Self { old, new, known: BTreeMap::new() }
    }

    /// Puts values into the verdicts of a change, and makes those milder that none shows.
    pub(super) fn prove(&mut self, change: &mut Change, unit: Unit) {
        let mut judgements = std::mem::take(&mut change.judgements);
        for judgement in &mut judgements {
            let request = judgement.direction == Direction::Request;
            for (verdict, from_new) in [(&mut judgement.forward, !request), (&mut judgement.reverse, request)] {
                let wanted = (unit.clone(), judgement.direction, from_new);
                if verdict.outcome == Outcome::Breaks {
                    self.prove_verdict(verdict, change, wanted);
                } else if request && matches!(change.what, What::AlternativeAdded | What::AlternativeRemoved) {
                    self.contradict(verdict, wanted);
                }
            }
        }
        change.judgements = judgements;
    }

    /// With `oneOf`, another alternative may cost values: those that it takes as well.
    fn contradict(&mut self, verdict: &mut Verdict, wanted: Wanted) {
        if let Some(refused) = self.values(wanted).iter().find(|refused| refused.why.iter().any(|why| why.itself)) {
            let why = "a value that is of two alternatives is refused";
            *verdict = Verdict { outcome: Outcome::Breaks, why, witness: Some(refused.value.clone()) };
        }
    }

    fn values(&mut self, wanted: Wanted) -> &[Refused] {
        let (old, new) = (self.old, self.new);
        self.known.entry(wanted).or_insert_with_key(|wanted| values(old, new, wanted))
    }

    fn prove_verdict(&mut self, verdict: &mut Verdict, change: &Change, wanted: Wanted) {
        match self.values(wanted).iter().find(|refused| concerns(refused, change)) {
            Some(refused) => verdict.witness = Some(refused.value.clone()),
            None => verdict.outcome = Outcome::MayBreak,
        }
    }
}

fn values(old: &Document<'_>, new: &Document<'_>, ((old_at, new_at), direction, from_new): &Wanted) -> Vec<Refused> {
    let (Some(old), Some(new)) = (taker(old, old_at, *direction), taker(new, new_at, *direction)) else {
        return Vec::new();
    };
    if *from_new { new.refused_by(&old) } else { old.refused_by(&new) }
}

fn taker<'a>(document: &Document<'a>, pointers: &[String], direction: Direction) -> Option<Taker<'a>> {
    let schemas: Vec<&Value> = pointers.iter().filter_map(|at| document.root.pointer(at)).collect();
    match direction {
        // A pod refuses members that it doesn't know.
        Direction::Request => Taker::strict(document.root, &schemas, Sent::Request),
        _ => Taker::of(document.root, &schemas, Sent::Response),
    }
}

/// Whether a value is refused by what changed, and not by another change at the same schema.
fn concerns(refused: &Refused, change: &Change) -> bool {
    let mut why = refused.why.iter();
    match change.what {
        What::Added | What::Removed | What::Renamed if change.part == Part::Property => {
            why.any(|why| names(why, change))
        }
        What::Became(Quality::Required) | What::Ceased(Quality::Required) => why.any(|why| names(why, change)),
        What::Became(Quality::Closed) | What::Ceased(Quality::Closed) => {
            why.any(|why| why.itself && !why.members.is_empty())
        }
        What::Became(Quality::Nullable) | What::Ceased(Quality::Nullable) => refused.value.is_null(),
        What::ValueAdded | What::ValueRemoved => {
            change.old.iter().chain(&change.new).any(|value| same(value, &refused.value))
        }
        What::Keyword(Keyword::PrefixItems, _) => true,
        What::Keyword(keyword, _) => why.any(|why| why.itself || why.path.split('/').any(|step| step == keyword.id())),
        _ => why.any(|why| why.itself),
    }
}

/// Whether the member that changed is the one that is missing or too much.
fn names(why: &xtask_samples::Why, change: &Change) -> bool {
    let is_it = |name: &String| {
        let rest = change.location.strip_suffix(name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            || change.old.as_ref() == Some(&Value::from(name.as_str()))
    };
    why.itself && why.members.iter().any(is_it)
}
