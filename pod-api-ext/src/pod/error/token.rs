//! Why there is no token.

use std::fmt;

use super::super::refresh::NoToken;
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
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.problem {
            NoToken::Source(_) => "the token source gave no session token: see its own error",
            NoToken::TimedOut => {
                "the token source gave no session token in time: see whether the log-in answers, or allow more time with \
                 `.call_timeout(…)`"
            }
            NoToken::Panicked => "the token source panicked: fix it",
        })
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            NoToken::Source(error) => Some(error.as_ref().as_ref()),
            NoToken::TimedOut | NoToken::Panicked => None,
        }
    }
}
