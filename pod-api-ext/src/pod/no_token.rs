//! Why there is no session token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::scrub::quoted;
use super::source_error::{Final, NotBefore, SourceError};
use super::token::InvalidToken;

/// Why there is no session token; shared by all calls that waited for it.
#[derive(Clone)]
pub(crate) enum NoToken {
    /// The source says so.
    Source {
        error: Arc<SourceError>,
        /// Asking again later doesn't help.
        is_final: bool,
        /// How long to wait before that.
        wait: Option<Duration>,
    },
    /// It took too long.
    TimedOut,
    /// The source panicked.
    Panicked,
    /// The source called the pod whose token it fetches.
    OwnCall,
    /// The call isn't made in a runtime of tokio, or that runtime is shutting down.
    NoRuntime,
}

impl NoToken {
    pub(crate) fn of(error: SourceError, is_final: bool) -> Self {
        // The source is the session of another client.
        let error = match error.downcast::<Self>() {
            Ok(problem) => return *problem,
            Err(error) => error,
        };
        // What the source wraps is its error, and what a caller looks for.
        let (error, is_final) = match error.downcast::<Final>() {
            Ok(error) => (error.into_inner(), true),
            Err(error) => (error, is_final),
        };
        let (error, wait) = match error.downcast::<NotBefore>() {
            Ok(error) => {
                let (error, wait) = error.into_parts();
                (error, Some(wait))
            }
            Err(error) => (error, None),
        };
        let is_final = is_final || error.is::<InvalidToken>();
        Self::Source { error: Arc::new(error), is_final, wait }
    }

    /// How long the source says to wait.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Source { wait, .. } => *wait,
            _ => None,
        }
    }

    /// Whether asking again later may help.
    pub(crate) const fn may_pass(&self) -> bool {
        matches!(self, Self::Source { is_final: false, .. } | Self::TimedOut)
    }
}

impl fmt::Debug for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { error, .. } => f.debug_tuple("Source").field(error).finish(),
            Self::TimedOut => f.write_str("TimedOut"),
            Self::Panicked => f.write_str("Panicked"),
            Self::OwnCall => f.write_str("OwnCall"),
            Self::NoRuntime => f.write_str("NoRuntime"),
        }
    }
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source { error, .. } => {
                return write!(f, "the token source gave no session token: {}", quoted(&error.to_string()));
            }
            Self::TimedOut => {
                "the token source gave no session token in time: see whether the log-in answers, or allow more time with \
                 `.call_timeout(…)`"
            }
            Self::Panicked => "the token source panicked: fix it",
            Self::OwnCall => {
                "the token source calls the pod whose session token it fetches, so it would wait for itself: log in with \
                 another client"
            }
            Self::NoRuntime => {
                "the session token can't be fetched: make the call in a runtime of tokio that isn't shutting down"
            }
        })
    }
}

impl std::error::Error for NoToken {
    /// What lies beneath the source's own error.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source { error, .. } => error.source(),
            Self::TimedOut | Self::Panicked | Self::OwnCall | Self::NoRuntime => None,
        }
    }
}
