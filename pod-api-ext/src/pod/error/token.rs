//! Why there is no token.

use std::error::Error as StdError;
use std::fmt;

use super::super::no_token::NoToken;
use super::super::retry::Event;
use super::super::scrub::quoted;
use super::super::trace_id::CallInfo;

/// Why the source gave no session token.
#[derive(Clone, Debug)]
pub struct TokenError {
    pub(crate) call: CallInfo,
    pub(crate) problem: NoToken,
}

impl TokenError {
    /// Whether it took longer than a call may take.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.problem, NoToken::TimedOut)
    }

    /// The error that the source gave. `Display` shows its text.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        match &self.problem {
            NoToken::Source { error, .. } => Some(error.as_ref().as_ref()),
            _ => None,
        }
    }

    /// Nothing was sent.
    pub(crate) const fn event(&self) -> Event {
        if self.problem.may_pass() { Event::NoToken } else { Event::Final }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.problem {
            NoToken::Source { error, .. } => {
                return write!(f, "the token source gave no session token: {}", quoted(&error.to_string()));
            }
            NoToken::TimedOut => {
                "the token source gave no session token in time: see whether the log-in answers, or allow more time with \
                 `.call_timeout(…)`"
            }
            NoToken::Panicked => "the token source panicked: fix it",
            NoToken::OwnCall => {
                "the token source calls the pod whose session token it fetches, so it would wait for itself: log in with \
                 another client"
            }
            NoToken::NoRuntime => {
                "the session token can't be fetched: make the call in a runtime of tokio that isn't shutting down"
            }
        })
    }
}

impl StdError for TokenError {
    /// What lies beneath the source's own error.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause()?.source()
    }
}
