//! An answer of the pod other than the requested result.

use std::time::Duration;

use reqwest::StatusCode;

use super::super::trace_id::CallInfo;
use crate::Operation;

/// An answer of the pod other than the requested result. It holds no session token.
///
/// ```no_run
/// use pod_api_ext::Error;
///
/// # fn run(error: Error) {
/// if let Error::BadRequest(answer) = &error {
///     println!("{}: {:?} (code {:?})", answer.status(), answer.message(), answer.code());
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Answer(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    call: CallInfo,
    status: StatusCode,
    said: Said,
    retry_after: Option<Duration>,
}

/// What a body says: the documented error, or its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) body: Option<String>,
}

impl Answer {
    pub(crate) fn new(call: CallInfo, status: StatusCode, said: Said, retry_after: Option<Duration>) -> Self {
        Self(Box::new(Parts { call, status, said, retry_after }))
    }

    pub(crate) fn call(&self) -> &CallInfo {
        &self.0.call
    }

    pub(crate) fn call_mut(&mut self) -> &mut CallInfo {
        &mut self.0.call
    }

    pub(crate) fn said(&self) -> &Said {
        &self.0.said
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The `code` of the body, which need not be the status.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        self.0.said.code
    }

    /// The `message` of the body, on one line and of bounded length.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.said.message.as_deref()
    }

    /// The beginning of the body, on one line, where it has no `message`; `None` if it is empty.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.said.body.as_deref()
    }

    /// How long the pod asks to wait (`Retry-After`), counted from when the answer came.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The operation that was called; `None` if it is one that this crate doesn't know.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.call.called.operation()
    }

    /// The `X-Trace-Id` of the call: what the pod's operators search their logs for.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.0.call.trace_id.as_str()
    }

    /// How many requests were sent.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.0.call.tries
    }
}
