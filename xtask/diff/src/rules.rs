//! What a change means on the wire.
//!
//! Each rule says what becomes of a client built by one specification on a pod that goes by the other. One table does for
//! both ways: an older pod with a newer client is the opposite change, seen forward. So no reason speaks of *before* or
//! *any more*: which of the two is older depends on the way. Where the opposite change isn't all there is to say, since
//! nobody who has a new thing relied on it before, [`on_older_pod`] says so.
//!
//! The rules are those of oasdiff's catalogue, whose error is *breaks*, whose warning is *may break*, and whose
//! information is *works*. They differ from it on purpose where the catalogue goes by the contract alone, and more is
//! known of the pod or of the generated client; [the table](super#where-the-rules-differ-from-oasdiffs-on-purpose) has
//! each case.

use super::kind::{Keyword, Move, Part, Quality, What};
use super::model::{Direction, Judgement, Outcome, Verdict};

/// What a rule has to know besides the kind of the change, of one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Circumstances {
    /// The parameter, property, header or body has to be there.
    pub(super) required: bool,
    /// The object says itself that it has other members than those that are named.
    pub(super) extra: bool,
    /// The property stands in responses only.
    pub(super) read_only: bool,
    /// The property stands in requests only.
    pub(super) write_only: bool,
    /// The response is a success.
    pub(super) success: bool,
    /// The response has no body, whatever is documented: its status is one without (RFC 9110, section 6.4.1).
    pub(super) bodiless: bool,
    /// What the response brings is none of the client's: its status is neither a success nor an error.
    pub(super) unread: bool,
    /// The client sends or reads this form of the body, of all that are documented.
    pub(super) chosen: bool,
    /// The client sends or reads some form of the same kind.
    pub(super) kind: bool,
    /// Both clients hold the value in the same type.
    pub(super) same_type: bool,
    /// The value is a number.
    pub(super) number: bool,
}

/// Judges a change for one direction, [`Direction::Request`], [`Direction::Response`] or [`Direction::Neither`].
pub(super) fn judge(part: Part, what: What, direction: Direction, old: Circumstances, new: Circumstances) -> Judgement {
    if direction == Direction::Neither && matches!(part, Part::Schema | Part::Property) {
        let existence = matches!(what, What::Added | What::Removed | What::Renamed) && part == Part::Schema;
        let verdict = works(if existence { "names of schemas aren't sent" } else { "no operation uses it" });
        return Judgement { direction, forward: verdict.clone(), reverse: verdict };
    }
    let forward = rule(&Case { part, what, direction, client: old, pod: new });
    let case = Case { part, what: what.mirror(), direction, client: new, pod: old };
    let reverse = on_older_pod(&case).unwrap_or_else(|| rule(&case));
    Judgement { direction, forward, reverse }
}

/// A change as a client sees it: built by one specification, on a pod that goes by the other.
struct Case {
    part: Part,
    /// From the client's specification to the pod's.
    what: What,
    direction: Direction,
    client: Circumstances,
    pod: Circumstances,
}

const fn works(why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::Works, why, witness: None }
}

const fn may_break(why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::MayBreak, why, witness: None }
}

const fn breaks(why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::Breaks, why, witness: None }
}

/// What a newer client finds on an older pod, where that isn't simply the opposite change: who calls or sets what is
/// new knows that it is new.
fn on_older_pod(case: &Case) -> Option<Verdict> {
    use Direction::{Request, Response};
    Some(match (case.part, case.what, case.direction) {
        (Part::Operation, What::Removed, _) => may_break("an older pod doesn't have it: a call fails"),
        (Part::Parameter, What::Removed, Request) if !case.client.required => works("an older pod ignores it"),
        (Part::Property | Part::Header, What::Removed, Response) if !case.client.required => {
            works("an older pod doesn't send it")
        }
        (Part::Property, What::Removed, Request) if !case.client.required && !case.client.read_only => {
            may_break("an older pod refuses a body that has it: leave it unset there")
        }
        (_, What::ValueRemoved, Request) => may_break("an older pod refuses the new value"),
        (_, What::Keyword(Keyword::Format, Move::Widened), Response)
            if case.client.number && !case.client.same_type =>
        {
            may_break("an older pod may send numbers that the client's type doesn't hold")
        }
        (Part::Response, What::Removed, _) => works("an older pod never answers with it"),
        (Part::Body, What::Removed, Request) if !case.client.required => may_break("an older pod takes no body"),
        _ => return None,
    })
}

fn rule(case: &Case) -> Verdict {
    match case.part {
        Part::Operation => operation(case.what),
        Part::Parameter => parameter(case),
        Part::Response => response(case),
        Part::Header => header(case),
        Part::MediaType => media_type(case),
        Part::Body => body(case),
        Part::Property => property(case),
        Part::Server => server(case.what),
        Part::Security => match case.what {
            What::Keyword(Keyword::Scheme, _) => breaks("what the client proves is not what is asked for"),
            _ => works("the caller brings what is to be proved"),
        },
        Part::Schema => schema(case),
        Part::Component | Part::Info => Verdict::WORKS,
        Part::Webhook => works("the client takes no calls from the pod"),
    }
}

fn operation(what: What) -> Verdict {
    match what {
        What::Removed => breaks("the pod doesn't have it: a call fails"),
        What::Moved => breaks("the pod has it at another path: a call fails"),
        What::Keyword(Keyword::Callbacks, _) => works("the client takes no calls from the pod"),
        _ => Verdict::WORKS,
    }
}

fn server(what: What) -> Verdict {
    match what {
        What::Keyword(Keyword::BasePath, _) => {
            may_break("a client that was given a base URL as documented calls other paths")
        }
        _ => works("the caller says where the pod is"),
    }
}

fn parameter(case: &Case) -> Verdict {
    match case.what {
        What::Added if case.pod.required => {
            breaks("a client that doesn't know it leaves it out, and the pod refuses that")
        }
        What::Removed => may_break("where it is set, the pod ignores or refuses it"),
        What::Renamed => works("the pod takes the one name for the other"),
        What::Became(Quality::Required) => breaks("a client may leave it out, and the pod refuses that"),
        What::Keyword(Keyword::Default, _) => may_break("a call without it means something else"),
        What::Keyword(Keyword::Serialization, _) => breaks("the pod reads it in another form than the client writes"),
        What::Added | What::Ceased(Quality::Required) => Verdict::WORKS,
        _ => schema(case),
    }
}

fn response(case: &Case) -> Verdict {
    match case.what {
        What::Removed if case.client.success => breaks("the pod doesn't promise the success that the client expects"),
        What::Added if case.pod.success => may_break("the client takes a success that it doesn't know for an error"),
        What::Added => works("the client passes on every status, known or not"),
        _ => Verdict::WORKS,
    }
}

/// The client hands headers on as they come: only who reads one can miss something.
fn header(case: &Case) -> Verdict {
    const MISSED: &str = "code that reads this header finds nothing";
    match case.what {
        What::Removed => may_break(MISSED),
        What::Ceased(Quality::Required) => may_break("code that reads this header may find nothing"),
        What::Added | What::Became(Quality::Required) => Verdict::WORKS,
        _ => match schema(case) {
            Verdict { outcome: Outcome::Breaks, .. } => may_break("code that reads this header may find other values"),
            verdict => verdict,
        },
    }
}

fn media_type(case: &Case) -> Verdict {
    use Direction::{Request, Response};
    let Case { what, client, .. } = case;
    match (what, case.direction) {
        _ if client.bodiless => works("a response of this status has no body"),
        _ if client.unread => works("the client reads no body of this status"),
        (What::Removed, Request) if client.chosen && client.kind => {
            may_break("the pod may refuse the form that the client sends")
        }
        (What::Removed, Request) if client.chosen => breaks("the pod doesn't take the form that the client sends"),
        (What::Removed, Request) => works("the client sends another form"),
        (What::Removed, _) if !client.chosen => works("the client reads another form"),
        (What::Removed, _) if client.kind => may_break("the client asks for a form that the pod may not send"),
        (What::Removed, _) if !client.success => works("an error is one whatever comes with it"),
        (What::Removed, _) => breaks("the pod doesn't send the form that the client reads"),
        (What::Keyword(Keyword::Schema, Move::Set), Request) => breaks(REFUSED),
        (What::Keyword(Keyword::Schema, Move::Unset), Response) => may_break("anything may come"),
        (What::Keyword(Keyword::Encoding, _), Request) => may_break("the parts of the body are written otherwise"),
        _ => Verdict::WORKS,
    }
}

fn body(case: &Case) -> Verdict {
    match case.what {
        What::Added if case.pod.required => {
            breaks("a client that doesn't know it sends none, and the pod refuses that")
        }
        What::Removed if case.direction == Direction::Request => {
            may_break("the pod documents no body: it may refuse the one that the client sends")
        }
        What::Became(Quality::Required) => breaks("a client may send none, and the pod refuses that"),
        What::Added | What::Ceased(Quality::Required) => Verdict::WORKS,
        _ => schema(case),
    }
}

fn property(case: &Case) -> Verdict {
    let Case { what, client, pod, .. } = case;
    let moves = matches!(
        what,
        What::Became(Quality::ReadOnly | Quality::WriteOnly) | What::Ceased(Quality::ReadOnly | Quality::WriteOnly)
    );
    match case.direction {
        Direction::Request if client.read_only && pod.read_only && !moves => return works("no request has it"),
        Direction::Response if client.write_only && pod.write_only && !moves => return works("no response has it"),
        _ => {}
    }
    const UNREADABLE: &str = "the client can't read a response without it";
    const NOTHING: &str = "code that reads it finds nothing";
    if case.direction == Direction::Response {
        return match what {
            What::Added => works("the client passes over what it doesn't know"),
            What::Removed | What::Renamed if client.write_only => works("no response has it"),
            What::Removed | What::Renamed if client.required => breaks(UNREADABLE),
            What::Removed | What::Renamed => may_break(NOTHING),
            What::Ceased(Quality::Required) if client.write_only => works("no response has it"),
            What::Ceased(Quality::Required) => breaks(UNREADABLE),
            What::Became(Quality::Required) => Verdict::WORKS,
            What::Became(Quality::WriteOnly) if client.required => breaks(UNREADABLE),
            // Which of the two pods leaves it out, the client can't see.
            What::Became(Quality::WriteOnly) | What::Ceased(Quality::WriteOnly) => may_break(NOTHING),
            What::Became(Quality::Nullable) if !client.required => works("the client takes `null` for absent"),
            _ => schema(case),
        };
    }
    match what {
        What::Added if pod.read_only => works("no request has it"),
        What::Added if pod.required => breaks("a client that doesn't know it leaves it out, and the pod refuses that"),
        What::Added => Verdict::WORKS,
        What::Removed | What::Renamed if client.read_only => works("no request has it"),
        What::Renamed if client.required || pod.required => breaks("the pod knows it by another name"),
        What::Removed if client.required => {
            breaks("a pod refuses members that it doesn't know, and the client always sends it")
        }
        What::Removed | What::Renamed => may_break("a pod refuses members that it doesn't know, if they are set"),
        What::Became(Quality::Required) if pod.read_only => works("no request has it"),
        What::Became(Quality::Required) => breaks("a client may leave it out, and the pod refuses that"),
        What::Ceased(Quality::Required) => Verdict::WORKS,
        What::Became(Quality::ReadOnly) => may_break("a pod may refuse it, if it is set"),
        What::Ceased(Quality::Nullable) if !client.required => {
            works("the client leaves out what isn't set, and sends no `null`")
        }
        _ => schema(case),
    }
}

const REFUSED: &str = "the pod refuses some of the values that the client may send";
const UNREAD: &str = "values may come that the client can't read";

/// What a schema says of values, wherever they stand.
fn schema(case: &Case) -> Verdict {
    use Direction::{Request, Response};
    match (case.what, case.direction) {
        // A pod adds values at any time, so the client reads texts that it doesn't know.
        (What::ValueAdded | What::Ceased(Quality::Enum), Response) => {
            works("the client reads values that it doesn't know")
        }
        (What::ValueRemoved | What::Became(Quality::Enum), Request) => breaks(REFUSED),
        (What::ValueAdded | What::ValueRemoved | What::Became(Quality::Enum) | What::Ceased(Quality::Enum), _) => {
            Verdict::WORKS
        }
        (What::AlternativeRemoved, Request) => breaks(REFUSED),
        (What::AlternativeAdded, Response) => breaks(UNREAD),
        (What::Ceased(Quality::Nullable), Request) => breaks("the pod refuses `null`, which the client may send"),
        (What::Became(Quality::Nullable), Response) => breaks("`null` may come, which the client can't read"),
        (What::Became(Quality::Closed), Request) if case.client.extra => {
            breaks("the pod refuses members that aren't named")
        }
        (What::Keyword(Keyword::AdditionalProperties, Move::Set), Request) if !case.client.extra => Verdict::WORKS,
        (What::Keyword(keyword, movement), direction) => same_type(case, keyword)
            .or_else(|| keyword_rule(keyword, movement, direction))
            .unwrap_or_else(|| match (movement, direction) {
                (Move::Narrowed | Move::Set | Move::Changed, Request) => breaks(REFUSED),
                (Move::Widened | Move::Unset | Move::Changed, Response) => breaks(UNREAD),
                _ => Verdict::WORKS,
            }),
        _ => Verdict::WORKS,
    }
}

/// What differs in words alone, where both clients hold the value in the same type.
fn same_type(case: &Case, keyword: Keyword) -> Option<Verdict> {
    let facet = matches!(
        keyword,
        Keyword::Type
            | Keyword::Format
            | Keyword::Pattern
            | Keyword::Minimum
            | Keyword::Maximum
            | Keyword::MultipleOf
            | Keyword::MinLength
            | Keyword::MaxLength
            | Keyword::MinItems
            | Keyword::MaxItems
            | Keyword::UniqueItems
    );
    match (case.direction, case.what) {
        _ if !facet || !case.client.same_type => None,
        (Direction::Response, _) => Some(works("the client reads it as the same type, with or without")),
        (_, What::Keyword(Keyword::Type, _)) => Some(works("the client sends the same type, with or without")),
        (_, What::Keyword(Keyword::Format, _)) if case.client.number => {
            Some(works("the client sends the same type, with or without"))
        }
        (_, What::Keyword(Keyword::Format, Move::Narrowed)) => {
            Some(may_break("the pod may refuse texts that aren't of this format"))
        }
        _ => None,
    }
}

/// The keywords that don't simply allow more or fewer values.
fn keyword_rule(keyword: Keyword, movement: Move, direction: Direction) -> Option<Verdict> {
    use Direction::{Request, Response};
    if keyword.describes() {
        return Some(Verdict::WORKS);
    }
    Some(match (keyword, movement, direction) {
        (Keyword::Discriminator, Move::Narrowed | Move::Changed, Request) => {
            may_break("the pod may not know what the client tells the alternatives apart by")
        }
        (Keyword::Default | Keyword::Extension | Keyword::Reference | Keyword::Discriminator | Keyword::Xml, ..) => {
            Verdict::WORKS
        }
        (Keyword::Pattern, Move::Changed, Request) => may_break("the pod may refuse texts that the client may send"),
        (Keyword::Pattern, Move::Changed | Move::Unset, Response) => {
            may_break("the client refuses texts that don't match")
        }
        // No type of the client says these.
        (
            Keyword::MinProperties
            | Keyword::MaxProperties
            | Keyword::MinContains
            | Keyword::MaxContains
            | Keyword::Contains
            | Keyword::Not
            | Keyword::If
            | Keyword::Then
            | Keyword::Else
            | Keyword::DependentRequired
            | Keyword::DependentSchemas
            | Keyword::PropertyNames
            | Keyword::ContentSchema,
            _,
            Response,
        ) => works("no type of the client says this"),
        _ => return None,
    })
}
