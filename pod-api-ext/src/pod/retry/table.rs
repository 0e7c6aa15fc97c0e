//! Which operation is sent again after what. The code and the docs read the same table.

use crate::operations::Safety;

/// What can become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// No connection: the request didn't leave.
    NotConnected,
    /// HTTP/2 says that the request wasn't processed.
    NotProcessed,
    /// The pod and this client don't trust each other's certificates.
    NotTrusted,
    /// The token source failed, and may succeed later: the request didn't leave.
    NoToken,
    /// The connection broke, or the time of the try was up, before there was a status.
    NoResponse,
    /// A success whose body didn't come whole.
    CutShort,
    /// A success whose body isn't what the page says.
    Undecodable,
    /// 401.
    Unauthorized,
    /// 408.
    RequestTimeout,
    /// 429.
    TooManyRequests,
    /// 500, 502 and 504.
    ServerError,
    /// 503.
    Unavailable,
    /// 503 with a `Retry-After`.
    UnavailableFor,
    /// Any other status, and what never became a request.
    Final,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Wait, and send again.
    Again,
    /// Send again once, with a new token.
    Renew,
    /// It is the answer.
    Answer,
}

struct Row {
    event: Event,
    /// The event in words, for the docs and for logs.
    words: &'static str,
    /// For an operation that may be sent twice.
    repeatable: Decision,
    /// For the others, which need to know that the pod didn't act.
    once: Decision,
}

const fn row(event: Event, words: &'static str, repeatable: Decision, once: Decision) -> Row {
    Row { event, words, repeatable, once }
}

use Decision::{Again, Answer, Renew};

const TABLE: &[Row] = &[
    row(Event::NotConnected, "no connection: the request can't have reached the pod", Again, Again),
    row(Event::NoToken, "the log-in failed for a moment: no token, so nothing was sent", Again, Again),
    row(Event::NotProcessed, "HTTP/2 says that the request wasn't processed (GOAWAY, REFUSED_STREAM)", Again, Again),
    row(Event::NotTrusted, "TLS failed: a certificate that isn't trusted, or the like", Answer, Answer),
    row(Event::NoResponse, "connection lost, or the time of a try over, before there was a response", Again, Answer),
    row(Event::CutShort, "success whose body was cut short", Again, Answer),
    row(Event::Undecodable, "success whose body is not what the page says", Answer, Answer),
    row(Event::Unauthorized, "401", Renew, Renew),
    row(Event::RequestTimeout, "408", Again, Answer),
    row(Event::TooManyRequests, "429: the pod didn't act", Again, Again),
    row(Event::ServerError, "500, 502, 504", Again, Answer),
    row(Event::UnavailableFor, "503 with `Retry-After`: the pod didn't act", Again, Again),
    row(Event::Unavailable, "503 without", Again, Answer),
    row(Event::Final, "any other status, redirects included", Answer, Answer),
];

/// What follows after `event`.
pub(crate) fn decide(safety: Safety, event: Event) -> Decision {
    event.row().map_or(Answer, |row| if safety.may_repeat() { row.repeatable } else { row.once })
}

impl Event {
    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.event == self)
    }

    /// What happened, in words.
    pub(crate) fn words(self) -> &'static str {
        self.row().map_or("", |row| row.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    fn markdown() -> String {
        let mut table = "| what happened |".to_owned();
        for operation in Operation::ALL {
            table += &format!(" {} |", operation.title());
        }
        table += &format!("\n|---|{}\n", "---|".repeat(Operation::ALL.len()));
        for row in TABLE {
            table += &format!("| {} |", row.words);
            for operation in Operation::ALL {
                table += match decide(operation.safety(), row.event) {
                    Again => " sent again |",
                    Renew => " sent again once, with a new token |",
                    Answer => " the answer |",
                };
            }
            table += "\n";
        }
        table
    }

    #[test]
    fn the_table_of_the_docs_is_the_one_of_the_code() {
        let in_docs = include_str!("table.md");
        assert!(in_docs == markdown(), "table.md differs from what the code does; it should be:\n{}", markdown());
    }

    #[test]
    fn a_room_is_created_again_only_where_the_pod_cannot_have_acted() {
        let again: Vec<Event> = TABLE
            .iter()
            .map(|row| row.event)
            .filter(|event| decide(Operation::CreateRoom.safety(), *event) == Again)
            .collect();
        assert_eq!(
            again,
            [Event::NotConnected, Event::NoToken, Event::NotProcessed, Event::TooManyRequests, Event::UnavailableFor]
        );
    }

    #[test]
    fn every_event_has_its_words() {
        assert_eq!(Event::RequestTimeout.words(), "408");
        assert_eq!(TABLE.len(), Event::Final as usize + 1);
    }

    #[test]
    fn no_event_stands_in_the_table_twice() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(index + 1).all(|other| other.event != row.event), "{:?}", row.event);
        }
    }
}
