//! Why a token source has no token.

use std::fmt;
use std::time::Duration;

/// Why a [`TokenSource`](crate::TokenSource) has no token. It appears in errors and logs, so keep secrets out of its text.
///
/// Unless it is [`Final`], the source is asked again: within the call, as often as its [`RetryPolicy`](crate::RetryPolicy)
/// says, and after a pause that all calls share, from 250 ms to 10 s. A longer wait is said
/// with [`NotBefore`].
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// An error of a [`TokenSource`](crate::TokenSource) that asking again doesn't change, such as a key that the pod doesn't know.
///
/// [`InvalidToken`](super::InvalidToken) is one by itself, and so is an [`Error`](crate::Error) that isn't retryable.
///
/// ```
/// use pod_api_ext::pod::Final;
/// use pod_api_ext::{SessionToken, token_fn};
///
/// let source = token_fn(|| async {
///     let answer: Result<String, u16> = Err(401);
///     match answer {
///         Ok(token) => Ok(SessionToken::new(token)?),
///         Err(401) => Err(Final::new("the pod doesn't know the user name or the key").into()),
///         Err(status) => Err(format!("the log-in answers with {status}").into()),
///     }
/// });
/// # let _ = source;
/// ```
#[derive(Debug)]
pub struct Final(SourceError);

impl Final {
    /// Makes an error final.
    pub fn new(error: impl Into<SourceError>) -> Self {
        Self(error.into())
    }

    pub(crate) fn into_inner(self) -> SourceError {
        self.0
    }
}

impl fmt::Display for Final {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Final {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// An error of a [`TokenSource`](crate::TokenSource) that says how long to wait before it is asked again, such as a 429 with
/// `Retry-After`.
///
/// A call whose [`RetryPolicy`](crate::RetryPolicy) or time doesn't allow that wait fails at once.
///
/// ```
/// use std::time::Duration;
///
/// use pod_api_ext::pod::NotBefore;
/// use pod_api_ext::token_fn;
///
/// let source = token_fn(|| async {
///     Err(NotBefore::new("the log-in is busy", Duration::from_secs(5)).into())
/// });
/// # let _ = source;
/// ```
#[derive(Debug)]
pub struct NotBefore {
    error: SourceError,
    wait: Duration,
}

impl NotBefore {
    /// An error that may pass after this wait.
    pub fn new(error: impl Into<SourceError>, wait: Duration) -> Self {
        Self { error: error.into(), wait }
    }

    pub(crate) fn into_parts(self) -> (SourceError, Duration) {
        (self.error, self.wait)
    }
}

impl fmt::Display for NotBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for NotBefore {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
