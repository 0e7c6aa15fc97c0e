//! What is known of a success in addition to its value.

use std::ops::Deref;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::trace_id::CallInfo;

/// A result with what is known of its call; [`Call::detailed`](super::Call::detailed) gives it.
///
/// It can be used like the result itself.
///
/// ```no_run
/// # async fn run(pod: pod_api_ext::Pod, im: pod_api_ext::StreamId) -> Result<(), pod_api_ext::Error> {
/// let info = pod.im_info(&im).detailed().await?;
/// println!("{}, {} tries: {:?}", info.status(), info.tries(), info.im_system_info);
/// let info = info.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Detailed<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    call: CallInfo,
    elapsed: Duration,
}

impl<T> Detailed<T> {
    pub(crate) fn new(answered: Answered<T>, call: CallInfo, elapsed: Duration) -> Self {
        let Answered { value, status, headers } = answered;
        Self { value, status, headers, call, elapsed }
    }

    /// The result itself.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The `X-Trace-Id` of the call.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.call.trace_id.as_str()
    }

    /// How many requests were sent.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.call.tries
    }

    /// How long the call took, with all its tries and waits.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl<T> Deref for Detailed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A success, as a try gives it.
pub(crate) struct Answered<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}
