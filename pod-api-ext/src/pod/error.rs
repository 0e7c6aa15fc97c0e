//! What a call can end in, if not in a result.

mod answer;
mod display;
mod setup;
mod token;
mod transport;

use std::time::Duration;

use reqwest::StatusCode;

pub use answer::Answer;
pub(crate) use answer::Said;
pub use setup::SetupError;
pub use token::TokenError;
pub use transport::{TransportError, TransportKind};

use super::called::Called;
use super::retry::{Decision, Event, decide};
use super::trace_id::CallInfo;
use crate::operation::{Operation, Requirement};
use crate::rules::Violations;

/// Why a client can't be made, or why a call has no result.
///
/// `Display` says which operation failed, what the pod said, and what to do, on one line of bounded length (broken rules
/// take a line each); what lies beneath is the [`source`](std::error::Error::source). No error holds a session token, not even where the pod sends
/// it back in what it says.
///
/// ```no_run
/// use pod_api_ext::{Error, Pod};
///
/// # async fn run(pod: Pod, attributes: pod_api::types::V3RoomAttributes) {
/// match pod.create_room(attributes).await {
///     Ok(room) => println!("{room:?}"),
///     Err(Error::InvalidRequest(request)) => println!("nothing was sent: {request}"),
///     Err(Error::RateLimited { retry_after, .. }) => println!("not before {retry_after:?}"),
///     Err(error) if error.is_retryable() => println!("later, perhaps: {error}"),
///     Err(error) => println!("status {:?}, the pod says {:?}", error.status(), error.pod_message()),
/// }
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A client can't be made with these options.
    Setup(SetupError),
    /// The request breaks documented rules, or can't be sent as it is. Nothing was sent.
    InvalidRequest(InvalidRequest),
    /// The token source gave no session token. Nothing was sent.
    Token(TokenError),
    /// 400: the pod found the request invalid.
    BadRequest(Answer),
    /// 401: the pod refused the token, and a new one if there was one.
    #[non_exhaustive]
    Unauthorized {
        /// What the pod said.
        answer: Answer,
        /// Why there was no new token, where the source failed to give one.
        renewal: Option<TokenError>,
    },
    /// 403: the caller may not do this.
    #[non_exhaustive]
    Forbidden {
        /// What the pod said.
        answer: Answer,
        /// The roles and entitlements that the operation's page names.
        requirements: &'static [Requirement],
    },
    /// 451: compliance forbids it (R12).
    Compliance(Answer),
    /// 429: too many requests.
    #[non_exhaustive]
    RateLimited {
        /// What the pod said.
        answer: Answer,
        /// How long it asks to wait, where it says so; counted from when its answer came.
        retry_after: Option<Duration>,
    },
    /// 500 to 599: the pod, or a gateway before it, failed.
    Server(Answer),
    /// A status that says none of the above, such as 404.
    UnexpectedStatus(Answer),
    /// A redirect, which isn't followed: the token would go along.
    #[non_exhaustive]
    Redirected {
        /// What the pod said.
        answer: Answer,
        /// The host that the redirect leads to; `None` if that isn't a URL with a host.
        host: Option<String>,
    },
    /// A success whose body is not what the page says. The pod acted.
    #[non_exhaustive]
    Undecodable {
        /// What the pod said.
        answer: Answer,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// No whole answer came.
    Transport(TransportError),
}

/// A request that wasn't sent: it breaks documented rules, or isn't a request at all.
#[derive(Debug)]
pub struct InvalidRequest {
    pub(crate) called: Called,
    pub(crate) problem: RequestProblem,
}

#[derive(Debug)]
pub(crate) enum RequestProblem {
    Rules(Violations),
    Other(String),
}

impl InvalidRequest {
    /// The operation; `None` if it is one that this crate doesn't know.
    #[must_use]
    pub const fn operation(&self) -> Option<Operation> {
        self.called.operation()
    }

    /// The rules that the request breaks; `None` if something else is wrong with it.
    #[must_use]
    pub const fn violations(&self) -> Option<&Violations> {
        match &self.problem {
            RequestProblem::Rules(violations) => Some(violations),
            RequestProblem::Other(_) => None,
        }
    }
}

impl Error {
    /// Whether making the same call again later may help and does no harm: see the table at
    /// [`RetryPolicy`](crate::RetryPolicy). The client has already tried as often as its policy says.
    ///
    /// To create a room is retryable only where the pod can't have acted.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.call().is_some_and(|call| decide(call.called.safety(), self.event()) == Decision::Again)
    }

    /// The HTTP status, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Transport(error) => error.status(),
            _ => self.answer().map(Answer::status),
        }
    }

    /// What the pod answered, where it did.
    #[must_use]
    pub const fn answer(&self) -> Option<&Answer> {
        match self {
            Self::BadRequest(answer)
            | Self::Unauthorized { answer, .. }
            | Self::Forbidden { answer, .. }
            | Self::Compliance(answer)
            | Self::RateLimited { answer, .. }
            | Self::Server(answer)
            | Self::UnexpectedStatus(answer)
            | Self::Redirected { answer, .. }
            | Self::Undecodable { answer, .. } => Some(answer),
            Self::Setup(_) | Self::InvalidRequest(_) | Self::Token(_) | Self::Transport(_) => None,
        }
    }

    /// The `message` of the pod's answer, on one line and of bounded length.
    #[must_use]
    pub fn pod_message(&self) -> Option<&str> {
        self.answer()?.message()
    }

    /// The `code` of the pod's answer, which need not be the status.
    #[must_use]
    pub fn pod_code(&self) -> Option<i64> {
        self.answer()?.code()
    }

    /// How long the pod asks to wait, if it does: mostly with 429 and 503.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.answer()?.retry_after()
    }

    /// The rules that the request breaks.
    #[must_use]
    pub const fn violations(&self) -> Option<&Violations> {
        match self {
            Self::InvalidRequest(request) => request.violations(),
            _ => None,
        }
    }

    /// The operation; `None` if no client could be made, or if it is one that this crate doesn't know.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.called().and_then(|called| called.operation())
    }

    /// The name of the operation: as [`Operation::name`] has it, or as the generated client has it.
    #[must_use]
    pub fn operation_name(&self) -> Option<&'static str> {
        self.called().map(|called| called.name())
    }

    fn called(&self) -> Option<Called> {
        match self {
            Self::InvalidRequest(request) => Some(request.called),
            _ => self.call().map(|call| call.called),
        }
    }

    /// The `X-Trace-Id` of the call, where one was made.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.call().map(|call| call.trace_id.as_str())
    }

    /// How many requests were sent, those with a new token included.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.call().map_or(0, |call| call.tries)
    }

    /// Whether a time limit was reached: of the connection, a try, the whole call or the token.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_timeout(),
            Self::Token(error) => error.is_timeout(),
            _ => false,
        }
    }

    /// Whether the call would have been sent again, if too many calls of this client hadn't failed lately: see
    /// [`RetryPolicy`](crate::RetryPolicy#all-calls-of-a-client).
    #[must_use]
    pub fn is_budget_spent(&self) -> bool {
        self.call().is_some_and(|call| call.is_budget_spent)
    }

    pub(crate) fn spend_budget(&mut self) {
        let call = match self {
            Self::Setup(_) | Self::InvalidRequest(_) => return,
            Self::Token(error) => &mut error.call,
            Self::Transport(error) => error.call_mut(),
            Self::BadRequest(answer)
            | Self::Unauthorized { answer, .. }
            | Self::Forbidden { answer, .. }
            | Self::Compliance(answer)
            | Self::RateLimited { answer, .. }
            | Self::Server(answer)
            | Self::UnexpectedStatus(answer)
            | Self::Redirected { answer, .. }
            | Self::Undecodable { answer, .. } => answer.call_mut(),
        };
        call.is_budget_spent = true;
    }

    fn call(&self) -> Option<&CallInfo> {
        match self {
            Self::Setup(_) | Self::InvalidRequest(_) => None,
            Self::Token(error) => Some(&error.call),
            Self::Transport(error) => Some(error.call()),
            _ => self.answer().map(Answer::call),
        }
    }

    /// What happened, as the table of retries has it.
    pub(crate) fn event(&self) -> Event {
        match self {
            Self::Setup(_) | Self::InvalidRequest(_) | Self::Redirected { .. } => Event::Final,
            Self::Token(error) | Self::Unauthorized { renewal: Some(error), .. } => error.event(),
            Self::Transport(error) => error.event(),
            Self::Undecodable { .. } => Event::Undecodable,
            _ => self.answer().map_or(Event::Final, |answer| match answer.status().as_u16() {
                401 => Event::Unauthorized,
                408 => Event::RequestTimeout,
                429 => Event::TooManyRequests,
                500 | 502 | 504 => Event::ServerError,
                503 if answer.retry_after().is_some() => Event::UnavailableFor,
                503 => Event::Unavailable,
                _ => Event::Final,
            }),
        }
    }
}

impl From<SetupError> for Error {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}
