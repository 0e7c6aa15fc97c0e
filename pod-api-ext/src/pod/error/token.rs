//! Why there is no token.

use std::error::Error as StdError;
use std::fmt;

use super::super::no_token::NoToken;
use super::super::retry::Event;
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
        self.problem.fmt(f)
    }
}

impl StdError for TokenError {
    /// What lies beneath the source's own error.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.problem.source()
    }
}
