//! Why a log-in gave no token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use super::clock::Clock;
use crate::pod::{Final, NotBefore, SourceError, TransportKind};

/// Why a log-in gave no token. A call that needed it ends in [`Error::Token`](crate::Error::Token), whose
/// [`cause`](crate::pod::TokenError::cause) this is.
///
/// It holds no secret, not even where the pod sends one back in what it says.
///
/// ```no_run
/// use pod_api_ext::Error;
/// use pod_api_ext::login::LogInError;
///
/// # fn show(error: &Error) {
/// if let Error::Token(token) = error
///     && let Some(log_in) = token.cause().and_then(|cause| cause.downcast_ref::<LogInError>())
/// {
///     println!("{:?}: {log_in}", log_in.status());
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LogInError(pub(super) Box<Parts>);

#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) problem: Problem,
    /// Where the log-in is; nothing where none was sent.
    pub(super) url: String,
    pub(super) trace_id: String,
    /// What the pod says, as it may be shown.
    pub(super) said: Option<String>,
    pub(super) retry_after: Option<Duration>,
    pub(super) source: Option<Arc<reqwest::Error>>,
}

#[derive(Clone, Debug)]
pub(super) enum Problem {
    /// 401, with what it can be. The clock matters where something was signed.
    Refused(Option<Clock>, Vec<String>),
    Status(StatusCode),
    Redirected(StatusCode, Option<String>),
    /// A success that has no token, or another one than a session's.
    Useless(StatusCode, String),
    Transport(TransportKind),
    /// No request: what is wrong, and what to do.
    NotSent(String),
}

impl LogInError {
    pub(super) fn not_sent(what: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            problem: Problem::NotSent(what.into()),
            url: String::new(),
            trace_id: String::new(),
            said: None,
            retry_after: None,
            source: None,
        }))
    }

    /// The HTTP status, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.problem {
            Problem::Refused(..) => Some(StatusCode::UNAUTHORIZED),
            Problem::Status(status) | Problem::Redirected(status, _) | Problem::Useless(status, _) => Some(*status),
            Problem::Transport(_) | Problem::NotSent(_) => None,
        }
    }

    /// The `X-Trace-Id` of the log-in, which isn't that of the call; `None` where none was sent.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        Some(self.0.trace_id.as_str()).filter(|id| !id.is_empty())
    }

    /// What the pod said, on one line and of bounded length.
    #[must_use]
    pub fn pod_message(&self) -> Option<&str> {
        self.0.said.as_deref()
    }

    /// How long the pod asks to wait, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.problem, Problem::Transport(TransportKind::TimedOut))
    }

    /// Whether the same log-in can't succeed later either: anything but 408, 429, 500 and above, no connection and no answer.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match &self.0.problem {
            Problem::Status(status) => {
                let passes = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(status);
                !passes && !status.is_server_error()
            }
            Problem::Transport(kind) => matches!(kind, TransportKind::Tls | TransportKind::ProxyAuth),
            Problem::Refused(..) | Problem::Redirected(..) | Problem::Useless(..) | Problem::NotSent(_) => true,
        }
    }
}

/// The error of a source, made of one of a log-in so that it says whether asking again helps.
pub(super) struct Failed(pub(super) SourceError);

impl From<LogInError> for Failed {
    fn from(error: LogInError) -> Self {
        Self(match error.retry_after() {
            _ if error.is_final() => Final::new(error).into(),
            Some(wait) => NotBefore::new(error, wait).into(),
            None => error.into(),
        })
    }
}

impl fmt::Display for LogInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { problem, url, said, .. } = &*self.0;
        let (what, to_do) = match problem {
            Problem::NotSent(what) => return write!(f, "no log-in was sent: {what}"),
            Problem::Refused(clock, others) => {
                let clock = clock.map(|clock| format!("the clock here is right: {clock}"));
                let reasons: Vec<String> = clock.into_iter().chain(others.iter().cloned()).collect();
                let numbered = (1_usize..).zip(&reasons).map(|(number, reason)| format!("({number}) {reason}"));
                let numbered = numbered.collect::<Vec<_>>().join("; ");
                let to_do = if reasons.len() > 1 { numbered } else { reasons.concat() };
                ("the pod refused the log-in".to_owned(), format!("see whether {to_do}"))
            }
            Problem::Status(status) => of_status(*status, self.retry_after(), url),
            Problem::Redirected(_, host) => {
                let target = host.as_ref().map_or("what names no host".to_owned(), |host| format!("`{host}`"));
                (
                    format!("{url} redirects to {target}"),
                    "a log-in takes no redirect: give the URL that it leads to, if it is the pod's".to_owned(),
                )
            }
            Problem::Useless(_, problem) => (
                format!("the answer of {url} is not that of a log-in: {problem}"),
                "see whether the URL is right".to_owned(),
            ),
            Problem::Transport(kind) => of_transport(*kind, url),
        };
        f.write_str(&what)?;
        if let Some(status) = self.status() {
            write!(f, " ({})", status.as_u16())?;
        }
        if let Some(said) = said {
            write!(f, ": {said}")?;
        }
        write!(f, "; {to_do} (log-in {})", self.0.trace_id)
    }
}

fn of_status(status: StatusCode, retry_after: Option<Duration>, url: &str) -> (String, String) {
    let (what, to_do) = match status.as_u16() {
        400 => ("the pod found the log-in invalid".to_owned(), "see whether the pod is newer than this client"),
        403 => (
            "the log-in is forbidden".to_owned(),
            "ask an administrator whether the account is active and may log in so",
        ),
        407 => ("a proxy wants credentials".to_owned(), "give them with `.proxy(…)`"),
        429 => {
            let wait =
                retry_after.map_or("wait before the next one".to_owned(), |wait| format!("wait {} s", wait.as_secs()));
            return ("too many log-ins".to_owned(), wait);
        }
        408 | 500..=599 => ("the log-in failed".to_owned(), "log in again later"),
        _ => (format!("{url} is no log-in"), "see whether the base URL, or the URL of the log-in, is right"),
    };
    (what, to_do.to_owned())
}

fn of_transport(kind: TransportKind, url: &str) -> (String, String) {
    let (what, to_do) = match kind {
        TransportKind::Connect => {
            ("no connection to", "see whether the URL and the proxy are right and the host is up")
        }
        TransportKind::Tls => (
            "no secure connection to",
            "see whether its certificate is valid and trusted here, and whether it wants one of yours",
        ),
        TransportKind::ProxyAuth => ("the proxy wants credentials on the way to", "give them with `.proxy(…)`"),
        TransportKind::TimedOut => ("no answer in time from", "allow more with `.try_timeout(…)`"),
        TransportKind::NotProcessed | TransportKind::Lost | TransportKind::CutShort => {
            ("the connection broke before the answer of", "log in again")
        }
    };
    (format!("{what} {url}"), to_do.to_owned())
}

impl std::error::Error for LogInError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(source.as_ref())
    }
}
