//! What the kind of a change means, for people who met its name in a report.

use crate::kind::{Keyword, Move, Part, Quality, What};
use crate::model::{Direction, Outcome, Verdict};
use crate::rules::{self, Circumstances};

const PARTS: [Part; 13] = [
    Part::Operation,
    Part::Parameter,
    Part::Body,
    Part::Property,
    Part::Response,
    Part::Header,
    Part::MediaType,
    Part::Security,
    Part::Server,
    Part::Schema,
    Part::Component,
    Part::Webhook,
    Part::Info,
];

const QUALITIES: [Quality; 7] = [
    Quality::Required,
    Quality::Nullable,
    Quality::ReadOnly,
    Quality::WriteOnly,
    Quality::Enum,
    Quality::Closed,
    Quality::Deprecated,
];

const MOVES: [Move; 5] = [Move::Set, Move::Unset, Move::Narrowed, Move::Widened, Move::Changed];

/// The names of all kinds of changes.
pub fn kinds() -> impl Iterator<Item = String> {
    PARTS.into_iter().flat_map(|part| whats().map(move |what| format!("{}.{}", part.id(), what.id())))
}

fn whats() -> impl Iterator<Item = What> {
    let plain = [
        What::Added,
        What::TakenIn,
        What::Removed,
        What::Renamed,
        What::Moved,
        What::ValueAdded,
        What::ValueRemoved,
        What::AlternativeAdded,
        What::AlternativeRemoved,
    ];
    let qualities = QUALITIES.into_iter().flat_map(|quality| [What::Became(quality), What::Ceased(quality)]);
    let keywords = Keyword::ALL.iter().flat_map(|keyword| MOVES.map(|movement| What::Keyword(*keyword, movement)));
    plain.into_iter().chain(qualities).chain(keywords)
}

/// What the kind of a change called `id`, such as `property.became-required`, or the rule of one for a direction, such as
/// `request.property.became-required`, means, as Markdown; `None` if there is none of this name.
#[must_use]
pub fn explained(id: &str) -> Option<String> {
    let kind = |id: &str| {
        let (part, rest) = id.split_once('.')?;
        Some((PARTS.into_iter().find(|one| one.id() == part)?, whats().find(|what| what.id() == rest)?))
    };
    let of_way = |way: Direction| Some((Some(way), kind(id.strip_prefix(way.id()?)?.strip_prefix('.')?)?));
    let (only, (part, what)) = kind(id)
        .map(|kind| (None, kind))
        .or_else(|| [Direction::Request, Direction::Response].into_iter().find_map(of_way))?;
    let (old, new) = example(what);
    let mut text = format!(
        "A kind of change: {} {}.\nOld: {old}\nNew: {new}\n\nWhat becomes of clients, as far as the kind tells it; a report \
         knows more of each change, and shows a value that breaks where it says so:\n",
        noun(part),
        happened(what)
    );
    for direction in directions(part).iter().filter(|way| only.is_none_or(|only| only == **way)) {
        let side = Circumstances { success: true, chosen: true, kind: true, ..Circumstances::default() };
        let judged = rules::judge(part, what, *direction, side, side);
        let place = match direction {
            Direction::Request => "in a request: ",
            Direction::Response => "in a response: ",
            _ => "",
        };
        text.push_str(&format!("- {place}a deployed client on the new pod {}\n", said(judged.forward)));
        text.push_str(&format!("- {place}a new client on an older pod {}\n", said(judged.reverse)));
    }
    Some(text)
}

fn said(verdict: Verdict) -> String {
    let outcome = match verdict.outcome {
        Outcome::Works => "works",
        Outcome::MayBreak => "may break",
        Outcome::Breaks => "breaks",
    };
    if verdict.why.is_empty() { outcome.to_owned() } else { format!("{outcome}: {}", verdict.why) }
}

fn directions(part: Part) -> &'static [Direction] {
    match part {
        Part::Parameter => &[Direction::Request],
        Part::Response | Part::Header => &[Direction::Response],
        Part::Body | Part::Property | Part::MediaType | Part::Schema => &[Direction::Request, Direction::Response],
        Part::Operation | Part::Security | Part::Server | Part::Component | Part::Webhook | Part::Info => {
            &[Direction::Neither]
        }
    }
}

fn noun(part: Part) -> &'static str {
    match part {
        Part::Operation => "an operation",
        Part::Parameter => "a parameter",
        Part::Body => "the body of a request or response",
        Part::Property => "a member of an object in a body",
        Part::Response => "the response of a status",
        Part::Header => "a header of a response",
        Part::MediaType => "a form of a body",
        Part::Security => "what a call has to prove",
        Part::Server => "where the pod is",
        Part::Schema => "a schema",
        Part::Component => "a component that isn't a schema",
        Part::Webhook => "what a pod may send by itself",
        Part::Info => "what the document says of itself",
    }
}

fn happened(what: What) -> String {
    let text = match what {
        What::Added => "is new",
        What::TakenIn => "is new to the set of fragments; pods may have had it before",
        What::Removed => "is gone",
        What::Renamed => "has another name",
        What::Moved => "is at another path",
        What::ValueAdded => "has one value more in its enumeration",
        What::ValueRemoved => "has one value less in its enumeration",
        What::AlternativeAdded => "has one alternative more in its `oneOf` or `anyOf`",
        What::AlternativeRemoved => "has one alternative less in its `oneOf` or `anyOf`",
        What::Became(Quality::Required) => "has to be there now",
        What::Ceased(Quality::Required) => "may be absent now",
        What::Became(Quality::Nullable) => "may be `null` now",
        What::Ceased(Quality::Nullable) => "may no longer be `null`",
        What::Became(Quality::ReadOnly) => "stands in responses only now",
        What::Ceased(Quality::ReadOnly) => "stands in requests too now",
        What::Became(Quality::WriteOnly) => "stands in requests only now",
        What::Ceased(Quality::WriteOnly) => "stands in responses too now",
        What::Became(Quality::Enum) => "has a list of its values now",
        What::Ceased(Quality::Enum) => "has no list of its values any more",
        What::Became(Quality::Closed) => "allows no other members now",
        What::Ceased(Quality::Closed) => "allows other members now",
        What::Became(Quality::Deprecated) => "is going to be withdrawn",
        What::Ceased(Quality::Deprecated) => "is no longer going to be withdrawn",
        What::Keyword(keyword, movement) => {
            let how = match movement {
                Move::Set => "was not there before",
                Move::Unset => "is gone",
                Move::Narrowed => "allows less",
                Move::Widened => "allows more",
                Move::Changed => "is another",
            };
            return format!("is the same but for its `{}`, which {how}", keyword.id());
        }
    };
    text.to_owned()
}

/// A small document before and after, where the change itself is one; else words.
fn example(what: What) -> (String, String) {
    let (old, new) = match what {
        What::Added | What::TakenIn => ("(nothing)", "it is there"),
        What::Renamed => ("`one`", "`other`"),
        What::Moved => ("`/v1/things`", "`/v2/things`"),
        What::ValueAdded => (r#"`{"enum": ["A"]}`"#, r#"`{"enum": ["A", "B"]}`"#),
        What::AlternativeAdded => (r#"`{"oneOf": [A]}`"#, r#"`{"oneOf": [A, B]}`"#),
        What::Became(Quality::Required) => {
            (r#"`{"properties": {"a": …}}`"#, r#"`{"properties": {"a": …}, "required": ["a"]}`"#)
        }
        What::Became(Quality::Nullable) => (r#"`{"type": "string"}`"#, r#"`{"type": ["string", "null"]}`"#),
        What::Became(Quality::ReadOnly) => (r#"`{"type": "string"}`"#, r#"`{"type": "string", "readOnly": true}`"#),
        What::Became(Quality::WriteOnly) => (r#"`{"type": "string"}`"#, r#"`{"type": "string", "writeOnly": true}`"#),
        What::Became(Quality::Enum) => (r#"`{"type": "string"}`"#, r#"`{"type": "string", "enum": ["A"]}`"#),
        What::Became(Quality::Closed) => {
            (r#"`{"type": "object"}`"#, r#"`{"type": "object", "additionalProperties": false}`"#)
        }
        What::Became(Quality::Deprecated) => (r#"`{"type": "string"}`"#, r#"`{"type": "string", "deprecated": true}`"#),
        What::Removed | What::ValueRemoved | What::AlternativeRemoved | What::Ceased(_) => {
            let (old, new) = example(what.mirror());
            return (new, old);
        }
        What::Keyword(keyword, movement) => {
            let with = |value: &str| format!("`{{\"{}\": {value}}}`", keyword.id());
            return match movement {
                Move::Set => ("`{}`".to_owned(), with("…")),
                Move::Unset => (with("…"), "`{}`".to_owned()),
                Move::Narrowed if keyword.id().starts_with("max") => (with("20"), with("10")),
                Move::Widened if keyword.id().starts_with("max") => (with("10"), with("20")),
                Move::Narrowed if keyword.id().starts_with("min") => (with("1"), with("2")),
                Move::Widened if keyword.id().starts_with("min") => (with("2"), with("1")),
                Move::Narrowed | Move::Widened | Move::Changed => (with("one"), with("another")),
            };
        }
    };
    (old.to_owned(), new.to_owned())
}
