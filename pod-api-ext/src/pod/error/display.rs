//! What an error says: the operation, what happened, what the pod said, what to do, and how to find it in a log.

use std::fmt;

use super::super::trace_id::CallInfo;
use super::{Answer, Error, InvalidRequest, RequestProblem};
use crate::operations::Safety;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setup(error) => error.fmt(f),
            Self::InvalidRequest(request) => request.fmt(f),
            Self::Token(error) => call(f, &error.call, error),
            Self::Transport(error) => call(f, error.call(), error),
            Self::BadRequest(answer) => {
                said(f, answer, "the pod found the request invalid", "fix it before you send it again")
            }
            Self::Unauthorized { answer, renewal: None } => {
                said(f, answer, "the pod refused the session token", "log in again for a new one")
            }
            Self::Unauthorized { answer, renewal: Some(_) } => said(
                f,
                answer,
                "the pod refused the session token, and there was no new one",
                "see why the token source gave none",
            ),
            Self::Forbidden { answer, requirements } => {
                let needs: Vec<String> = requirements.iter().map(ToString::to_string).collect();
                let to_do = match needs.as_slice() {
                    [] => "see which role or entitlement the operation's page names".to_owned(),
                    needs => format!("it takes {}", needs.join(", ")),
                };
                said(f, answer, "the caller may not do this", &to_do)
            }
            Self::Compliance(answer) => {
                said(f, answer, "compliance forbids the request", "change what it says, or ask the compliance officer")
            }
            Self::RateLimited { answer, retry_after } => {
                let wait = match retry_after {
                    Some(wait) => format!("wait {} s before the next call", wait.as_secs()),
                    None => "wait before the next call".to_owned(),
                };
                said(f, answer, "too many requests", &wait)
            }
            Self::Server(answer) => said(f, answer, "the pod, or a gateway before it, failed", self.when_again(answer)),
            Self::UnexpectedStatus(answer) => match answer.status().as_u16() {
                407 => said(f, answer, "a proxy wants credentials", "give them with `.proxy(…)`"),
                408 => said(f, answer, "the pod waited too long for the request", self.when_again(answer)),
                _ => said(
                    f,
                    answer,
                    "a status that the operation's page doesn't know",
                    "see whether the base URL leads to a pod",
                ),
            },
            Self::Redirected { answer, host } => {
                let target = match host {
                    Some(host) => format!("a redirect to `{host}`, which isn't followed, as the token would go along"),
                    None => "a redirect to what names no host".to_owned(),
                };
                said(f, answer, &target, "see whether the base URL is the pod's own")
            }
            Self::Undecodable { answer, problem } => {
                let acted = if is_read(answer) { "the" } else { "the pod acted, but its" };
                let what = format!("{acted} answer is not what the page says: {problem}");
                said(f, answer, &what, "see whether the pod is newer than this client")
            }
        }
    }
}

impl Error {
    /// What to do after a failure of the pod's: a read has nothing to be looked after.
    fn when_again(&self, answer: &Answer) -> &'static str {
        if self.is_retryable() {
            "make the call again later"
        } else if is_read(answer) {
            "tell the pod's operators, with the trace id"
        } else {
            "see whether it acted before the call is made again"
        }
    }
}

fn is_read(answer: &Answer) -> bool {
    answer.call().called.safety() == Safety::Read
}

/// `create room: WHAT (400): SAID; TODO (code 7, trace id abc, 2 tries)`
fn said(f: &mut fmt::Formatter<'_>, answer: &Answer, what: &str, to_do: &str) -> fmt::Result {
    write!(f, "{}: {what} ({})", answer.call().called.title(), answer.status().as_u16())?;
    if let Some(text) = answer.message().or(answer.body()) {
        write!(f, ": {text}")?;
    }
    write!(f, "; {to_do} (")?;
    if let Some(code) = answer.code() {
        write!(f, "code {code}, ")?;
    }
    log(f, answer.call())?;
    f.write_str(")")
}

fn call(f: &mut fmt::Formatter<'_>, call: &CallInfo, error: &dyn fmt::Display) -> fmt::Result {
    write!(f, "{}: {error} (", call.called.title())?;
    log(f, call)?;
    f.write_str(")")
}

fn log(f: &mut fmt::Formatter<'_>, call: &CallInfo) -> fmt::Result {
    write!(f, "trace id {}, {} {}", call.trace_id, call.tries, if call.tries == 1 { "try" } else { "tries" })?;
    if call.is_budget_spent {
        f.write_str("; not sent again, since too many calls of this client failed lately")?;
    }
    Ok(())
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = self.called.title();
        match &self.problem {
            RequestProblem::Rules(violations) => write!(f, "{title}: nothing was sent: {violations}"),
            RequestProblem::Other(problem) => write!(f, "{title}: nothing was sent: {problem}"),
        }
    }
}

impl std::error::Error for InvalidRequest {}

impl std::error::Error for Error {
    /// What lies beneath what `Display` says.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Setup(error) => error.source(),
            Self::Token(error) => error.source(),
            Self::Transport(error) => error.source(),
            // `Display` doesn't show it.
            Self::Unauthorized { renewal: Some(error), .. } => Some(error),
            _ => None,
        }
    }
}
