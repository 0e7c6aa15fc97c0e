//! What a comparison finds, as data.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::kind::{Part, What};
use xtask_spec::diagnostic::Place;
use xtask_surface::{self, GeneratedCode, RustChange, Semver};

/// Everything that differs between two sides.
#[derive(Clone, Debug)]
pub struct Report {
    /// The side that clients in use were built from.
    pub old: Facts,
    /// The side that is to follow.
    pub new: Facts,
    /// Whether the version of the spec says that there is a difference.
    pub versions: Versions,
    /// The differences, those that weigh most first.
    pub changes: Vec<Change>,
    /// What they do to the generated client; `None` where that wasn't looked at.
    pub rust: Option<RustReport>,
    /// The client's next version, in words, where it is known.
    pub next: Option<String>,
    /// What pages say that they didn't say before.
    pub said: Vec<Said>,
    /// The rules whose ground has changed.
    pub grounds: Vec<Ground>,
}

/// A statement that is new on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The page, as the name of its fragment's file without the extension.
    pub page: String,
    /// Its words, whole.
    pub text: String,
}

/// Something that a rule rests on and that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The fragment or its page, as the name of its file without the extension.
    pub fragment: String,
    /// Where in the fragment, as a JSON pointer; `None` for a statement of its page.
    pub pointer: Option<String>,
    /// What rests on it: `R1 (rule 'room.name.length')`.
    pub rule: String,
}

/// What a comparison of the generated clients finds.
#[derive(Clone, Debug)]
pub struct RustReport {
    /// What all changes together ask of the next version.
    pub verdict: Semver,
    /// The differences, those that weigh most first.
    pub changes: Vec<RustChange>,
}

impl RustReport {
    /// That of a client and itself.
    #[must_use]
    pub fn nothing() -> Self {
        Self { verdict: Semver::Patch, changes: Vec::new() }
    }

    /// Compares two generated clients.
    #[must_use]
    pub fn of(old: &GeneratedCode, new: &GeneratedCode) -> Self {
        let mut changes = xtask_surface::compare(old, new);
        let verdict = xtask_surface::verdict(&changes);
        changes.sort_by(|a, b| (b.semver, &a.path, a.kind).cmp(&(a.semver, &b.path, b.kind)));
        Self { verdict, changes }
    }
}

/// What there is to say of one side as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it was read, as the user wrote it.
    pub shown: String,
    /// `info.version`, if there is one.
    pub version: Option<String>,
    /// How many operations it has.
    pub operations: usize,
    /// How many schemas stand in its components.
    pub schemas: usize,
}

/// The versions of the spec on both sides, and whether anything else differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Neither the version nor anything else differs.
    Identical,
    /// The vendor changed the content and left the version as it was.
    SameVersionOtherContent,
    /// The version differs, and nothing else does.
    OtherVersionSameContent,
    /// Both differ.
    Different,
    /// The specification is the same, and today's generator makes another client of it.
    OtherGenerator,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What part of the interface differs.
    pub part: Part,
    /// What became of it.
    pub what: What,
    /// The operation or schema it belongs to.
    pub subject: Subject,
    /// Where in the subject: `keywords[].key`, `response 200 application/json`; empty for the subject itself.
    pub location: String,
    /// Which way the data goes that it concerns.
    pub direction: Direction,
    /// What it was, where that can be said in a value.
    pub old: Option<Value>,
    /// What it is.
    pub new: Option<Value>,
    /// Where it stands on the old side, or where it would stand.
    pub old_place: Option<Place>,
    /// Where it stands on the new side, or where it would stand.
    pub new_place: Option<Place>,
    /// What it means, for each direction that it concerns.
    pub judgements: Vec<Judgement>,
    /// The operations that it concerns, as `POST /v3/room/create`.
    pub operations: Vec<String>,
}

impl Change {
    /// The kind of change, which stays the same whatever the words of a report: `property.became-required`.
    #[must_use]
    pub fn kind(&self) -> String {
        format!("{}.{}", self.part.id(), self.what.id())
    }

    /// What becomes of a client built from the old side that meets a pod on the new one, in the worst case.
    #[must_use]
    pub fn forward(&self) -> &Verdict {
        worst(self.judgements.iter().map(|judgement| &judgement.forward))
    }

    /// What becomes of a client built from the new side that meets a pod on the old one, in the worst case.
    #[must_use]
    pub fn reverse(&self) -> &Verdict {
        worst(self.judgements.iter().map(|judgement| &judgement.reverse))
    }

    /// Whether it only describes: neither what is sent nor what is called differs.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        matches!(self.what, What::Keyword(keyword, _) if keyword.describes())
    }
}

fn worst<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> &'v Verdict {
    // The first of equally bad ones: its reason is that of the request, where there is one.
    verdicts.fold(
        &Verdict::WORKS,
        |worst, next| if next.outcome > worst.outcome || worst.why.is_empty() { next } else { worst },
    )
}

/// What a change means for one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// [`Direction::Request`], [`Direction::Response`], or [`Direction::Neither`].
    pub direction: Direction,
    /// For a client built from the old side, on a pod that has the new one.
    pub forward: Verdict,
    /// For a client built from the new side, on a pod that has the old one still.
    pub reverse: Verdict,
}

impl Judgement {
    /// The rule that was applied: the kind of the change with its direction, `request.property.became-required`.
    #[must_use]
    pub fn rule(&self, change: &Change) -> String {
        match self.direction.id() {
            Some(direction) => format!("{direction}.{}", change.kind()),
            None => change.kind(),
        }
    }
}

/// Whether a client still works, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it does.
    pub outcome: Outcome,
    /// Why; empty where it goes without saying.
    pub why: &'static str,
    /// A value that shows it, where it breaks and is about values: the one side sends it, and the other refuses it.
    pub witness: Option<Value>,
}

impl Verdict {
    pub(super) const WORKS: Self = Self { outcome: Outcome::Works, why: "", witness: None };
}

/// Whether a client still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It does.
    Works,
    /// It does unless it uses what is gone, or happens on values that are new.
    MayBreak,
    /// Something that worked by the one specification fails by the other.
    Breaks,
}

impl Outcome {
    /// Its name for machines.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::MayBreak => "may-break",
            Self::Breaks => "breaks",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Works => "works",
            Self::MayBreak => "may break",
            Self::Breaks => "breaks",
        })
    }
}

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the client to the pod.
    Request,
    /// From the pod to the client.
    Response,
    /// A schema that is used both ways.
    Both,
    /// It is no data that differs, but what is around it.
    Neither,
}

impl Direction {
    /// Its name for machines.
    #[must_use]
    pub fn id(self) -> Option<&'static str> {
        match self {
            Self::Request => Some("request"),
            Self::Response => Some("response"),
            Self::Both => Some("both"),
            Self::Neither => None,
        }
    }
}

/// What a change belongs to. The order is that of reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An operation, by what calls it.
    Operation {
        /// As it stands on the side that has it; on the new one, if both have.
        path: String,
        /// In capitals.
        method: String,
    },
    /// A schema of the components.
    Schema {
        /// As it is called on the side that has it; on the new one, if both have.
        name: String,
    },
    /// Another component, such as a security scheme.
    Component {
        /// `securitySchemes`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// The document as a whole.
    Document,
}

impl Subject {
    pub(super) fn operation(method: &str, path: &str) -> Self {
        Self::Operation { path: path.to_owned(), method: method.to_uppercase() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { path, method } => write!(f, "{method} {path}"),
            Self::Schema { name } => f.write_str(name),
            Self::Component { kind, name } => write!(f, "{kind}/{name}"),
            Self::Document => f.write_str("the document"),
        }
    }
}

impl Report {
    /// The same with what differs in the generated client.
    #[must_use]
    pub fn with_rust(mut self, rust: RustReport) -> Self {
        if self.versions == Versions::Identical && !rust.changes.is_empty() {
            // Another spelling of the same thing may be another type in Rust.
            self.versions = Versions::SameVersionOtherContent;
        }
        self.rust = Some(rust);
        self
    }

    /// Tells operations that are new to the set of fragments, such as `GET /v1/im/{id}/info`, from those that are new to
    /// pods: the page of the former was there before, and only now it is one of those that the client is made of.
    pub fn taken_in(&mut self, operations: &BTreeSet<String>) {
        let older = if self.old.version.is_some() && self.old.version == self.new.version {
            Verdict {
                outcome: Outcome::Works,
                why: "it was documented for this version before, on a page that wasn't in the set",
                witness: None,
            }
        } else {
            Verdict { outcome: Outcome::MayBreak, why: "since when pods have it isn't known here", witness: None }
        };
        for change in &mut self.changes {
            let is_new = change.part == Part::Operation && change.what == What::Added;
            if is_new && operations.contains(&change.subject.to_string()) {
                change.what = What::TakenIn;
                for judgement in &mut change.judgements {
                    judgement.reverse = older.clone();
                }
            }
        }
    }

    /// The same specification on both sides, and what today's generator makes of it beside the client that there is.
    #[must_use]
    pub fn of_generator(side: Facts, rust: RustReport) -> Self {
        let versions = if rust.changes.is_empty() { Versions::Identical } else { Versions::OtherGenerator };
        Self {
            old: side.clone(),
            new: side,
            versions,
            changes: Vec::new(),
            rust: Some(rust),
            next: None,
            said: Vec::new(),
            grounds: Vec::new(),
        }
    }

    /// Whether nothing differs, neither in the specification nor in the client nor on the pages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let in_prose = !(self.said.is_empty() && self.grounds.is_empty());
        !in_prose && self.changes.is_empty() && self.rust.as_ref().is_none_or(|rust| rust.changes.is_empty())
    }

    /// How many changes have this outcome for clients built from the old side.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.changes.iter().filter(|change| change.forward().outcome == outcome && !change.is_prose()).count()
    }

    /// How many changes only describe.
    #[must_use]
    pub fn prose(&self) -> usize {
        self.changes.iter().filter(|change| change.is_prose()).count()
    }

    /// What the next version of the client has to say: the graver of what the changes mean on the wire and in Rust.
    ///
    /// Breaking is what a user's code did with the old client and can't do with the new one, whether the compiler sees
    /// it or not: a request that is refused where it was taken, and a response of a pod of either version that can't be
    /// read. What a newer client alone can ask of an older pod costs nobody anything.
    #[must_use]
    pub fn release(&self) -> Semver {
        let breaks = |judgement: &Judgement| {
            let response = judgement.direction == Direction::Response && judgement.reverse.outcome == Outcome::Breaks;
            response || judgement.forward.outcome == Outcome::Breaks
        };
        let on_the_wire = self.changes.iter().flat_map(|change| &change.judgements).any(breaks);
        let in_rust = self.rust.as_ref().map_or(Semver::Patch, |rust| rust.verdict);
        if on_the_wire { Semver::Major } else { in_rust }
    }

    /// Whether a client built from the old side breaks or may break on a pod that has the new one, or code that uses it
    /// doesn't compile any more.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        let in_rust = self.rust.as_ref().is_some_and(|rust| rust.verdict == Semver::Major);
        in_rust || self.changes.iter().any(|change| change.forward().outcome > Outcome::Works)
    }
}
