//! A call: a request, and what the caller wants to be different this once.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use pod_api::support::{BodyLimits, BodyProblem, With};
use reqwest::header::HeaderMap;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::called::Called;
use super::detailed::{Answered, Detailed};
use super::drive::{Attempt, Bounds, drive};
use super::error::{Error, InvalidRequest, RequestProblem, TransportKind};
use super::gateway::Values;
use super::inner::Inner;
use super::no_token::NoToken;
use super::outcome::Sent;
use super::refresh::Held;
use super::request::Request;
use super::retry::RetryPolicy;
use super::trace;
use super::trace_id::{self, CallInfo, TraceId};
use crate::rules::Context;

/// A call that is made when it is awaited.
///
/// ```no_run
/// use std::time::Duration;
///
/// # async fn run(pod: pod_api_ext::Pod, im: pod_api_ext::StreamId) -> Result<(), pod_api_ext::Error> {
/// let info = pod.im_info(&im).await?;
/// let info = pod.im_info(&im).trace_id("a1b2c3").call_timeout(Duration::from_secs(5)).await?;
/// # Ok(())
/// # }
/// ```
///
/// It borrows nothing but what a request of [`Pod::call`](crate::Pod::call) borrows, so it can go to another task. Where a future is needed, [`send`](Self::send) makes one. Dropping that
/// future cancels the call: nothing stays locked, and a token that others wait for is still fetched. A request that is on its way may still reach the pod.
#[doc(alias = "cancel")]
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<'a, R> {
    pod: Arc<Inner>,
    called: Called,
    request: Result<R, String>,
    context: Option<Box<Context>>,
    rules: bool,
    trace_id: Option<Result<TraceId, String>>,
    bounds: Bounds,
    limits: BodyLimits,
    /// What the request may borrow.
    borrowed: PhantomData<&'a ()>,
}

impl<'a, R: Request + 'a> Call<'a, R> {
    pub(crate) fn new(pod: &Arc<Inner>, called: Called, request: Result<R, String>) -> Self {
        let (rules, bounds) = (pod.rules, pod.bounds);
        Self {
            pod: Arc::clone(pod),
            called,
            borrowed: PhantomData,
            request,
            context: None,
            rules,
            trace_id: None,
            bounds,
            limits: pod.transport.limits(),
        }
    }

    /// Sends `X-Trace-Id` with this value instead of a random one.
    pub fn trace_id(mut self, trace_id: impl AsRef<str>) -> Self {
        self.trace_id = Some(TraceId::given(trace_id.as_ref()));
        self
    }

    /// Checks the request against the rules in this context instead of the client's.
    pub fn context(mut self, context: Context) -> Self {
        self.context = Some(Box::new(context));
        self.rules = true;
        self
    }

    /// Sends the request without checking it against the rules.
    pub const fn without_rules(mut self) -> Self {
        self.rules = false;
        self
    }

    /// Retries by another policy than the client's; [`RetryPolicy::never`] for none.
    pub const fn retry(mut self, policy: RetryPolicy) -> Self {
        self.bounds.retry = policy;
        self
    }

    /// How long each try may take.
    pub const fn try_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.one_try = timeout;
        self
    }

    /// How long the call may take, waits and new tokens included.
    pub const fn call_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.whole_call = timeout;
        self
    }

    /// How much of the response's body is read.
    pub const fn body_limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Makes the call. Awaiting the call does the same.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<R::Output, Error> {
        Ok(self.made(false).await?.0.value)
    }

    /// Makes the call, and gives its result with status, headers, trace id, tries and time.
    ///
    /// ```no_run
    /// # async fn run(pod: pod_api_ext::Pod, im: pod_api_ext::StreamId) -> Result<(), pod_api_ext::Error> {
    /// let info = pod.im_info(&im).detailed().await?;
    /// println!("{:?} after {} tries in {:?}", info.im_system_info, info.tries(), info.elapsed());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn detailed(self) -> Result<Detailed<R::Output>, Error> {
        let begun = Instant::now();
        let (answered, call) = self.made(true).await?;
        Ok(Detailed::new(answered, call, begun.elapsed()))
    }

    /// Headers are kept only if the caller wants them.
    async fn made(self, keeps_headers: bool) -> Result<(Answered<R::Output>, CallInfo), Error> {
        // Prepared in a function of its own: what a future doesn't need later needn't be in it.
        let limits = self.limits;
        let (pod, request, call, bounds) = self.prepared()?;
        let span = trace::span(call.called, &call.trace_id);
        let exchange = Exchange { pod: &pod, request: &request, limits, keeps_headers, values: Values::default() };
        drive(&exchange, &pod.session, &pod.throttle, bounds, call).instrument(span).await
    }

    fn prepared(self) -> Result<(Arc<Inner>, R, CallInfo, Bounds), Error> {
        let Self { pod, called, request, context, rules, trace_id, bounds, .. } = self;
        let invalid = |problem| Error::InvalidRequest(InvalidRequest { called, problem });
        let request = request.map_err(|problem| invalid(RequestProblem::Other(problem)))?;
        let trace_id = trace_id.unwrap_or_else(|| Ok(TraceId::made()));
        let trace_id = trace_id.map_err(|problem| invalid(RequestProblem::Other(problem)))?;
        if rules {
            let context = context.as_deref().unwrap_or(&pod.context);
            request.check(context).map_err(|violations| invalid(RequestProblem::Rules(violations)))?;
        }
        Ok((pod, request, CallInfo::new(called, trace_id), bounds))
    }
}

impl<'a, R: Request + 'a> IntoFuture for Call<'a, R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Without the request, which may hold sensitive data.
impl<R> fmt::Debug for Call<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.called.name())
            .field("rules", &self.rules)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// A request on its way to a pod.
struct Exchange<'a, R> {
    pod: &'a Inner,
    request: &'a R,
    limits: BodyLimits,
    keeps_headers: bool,
    values: Values,
}

impl<R: Request> Attempt for Exchange<'_, R> {
    type Output = Answered<R::Output>;

    async fn attempt(&self, held: &Held, call: &CallInfo, limit: Duration) -> Result<Answered<R::Output>, Error> {
        let inner = self.pod;
        let own = [(trace_id::HEADER, call.trace_id.as_header().clone())];
        let mut all = Vec::new();
        let headers = if inner.headers.is_empty() && !self.has_headers() {
            own.as_slice()
        } else {
            all.extend(own.into_iter().chain(inner.headers.iter().cloned()).chain(self.values.headers(&inner.gateway)));
            &all
        };
        let with = With { session_token: held.token.expose(), headers, timeout: limit, body_limits: self.limits };
        let sender = inner.transport.sender();
        let of_headers = if self.has_headers() { self.values.secrets() } else { Vec::new() };
        let own = [&held.token];
        let mut all = Vec::new();
        let secrets = if of_headers.is_empty() {
            own.as_slice()
        } else {
            all.extend(own.into_iter().chain(&of_headers));
            &all
        };
        let sent = Sent { call, base: inner.transport.base(), secrets };
        let answer = match self.request.send(&sender.client, &with).await {
            // Another success than the documented: the pod acted, and may say what it would have said with 200.
            Err(pod_api::Error::UnexpectedResponse(response))
                if response.status().is_success() && BodyProblem::of(&response).is_none() =>
            {
                Box::pin(R::other_success(response, self.limits)).await
            }
            answer => answer,
        };
        match answer {
            Ok(response) => {
                let status = response.status();
                let headers = if self.keeps_headers { response.headers().clone() } else { HeaderMap::new() };
                trace::answered(call, status);
                let value = R::result(response.into_inner()).map_err(|problem| sent.useless(status, &problem))?;
                Ok(Answered { value, status, headers })
            }
            // Rare and large: boxed, it makes no other call larger.
            Err(error) => {
                let error = Box::pin(sent.error(error)).await;
                if let Error::Transport(transport) = &error
                    && transport.kind() == TransportKind::TimedOut
                {
                    inner.transport.leave(&sender);
                }
                Err(error)
            }
        }
    }

    fn has_headers(&self) -> bool {
        !self.pod.gateway.headers.is_empty()
    }

    async fn get_headers(&self, deadline: Instant) -> Result<(), NoToken> {
        self.values.get(&self.pod.gateway, deadline).await
    }

    fn is_of_headers(&self, error: &Error) -> bool {
        (self.pod.gateway.is_refusal)(error)
    }

    async fn renew_headers(&self, deadline: Instant) -> Result<bool, NoToken> {
        self.values.renew(&self.pod.gateway, deadline).await
    }
}
