//! A call from its first try to its last.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::error::{Error, TokenError, TransportError};
use super::no_token::NoToken;
use super::refresh::{Held, Session};
use super::retry::{Decision, RetryPolicy, Waits, decide};
use super::throttle::Throttle;
use super::trace;
use super::trace_id::CallInfo;

/// Sends a request once.
pub(crate) trait Attempt: Sync {
    /// What comes of it if all is well.
    type Output: Send;

    /// Sends it with a token; to be done within `limit`.
    fn attempt(
        &self,
        held: &Held,
        call: &CallInfo,
        limit: Duration,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send;

    /// Whether there are headers whose values change.
    fn has_headers(&self) -> bool {
        false
    }

    /// Gets their values.
    fn get_headers(&self, _deadline: Instant) -> impl Future<Output = Result<(), NoToken>> + Send {
        async { Ok(()) }
    }

    /// Whether a failure shows that one of them was refused.
    fn is_of_headers(&self, _error: &Error) -> bool {
        false
    }

    /// Replaces them; `false` if there are no others.
    fn renew_headers(&self, _deadline: Instant) -> impl Future<Output = Result<bool, NoToken>> + Send {
        async { Ok(false) }
    }
}

/// The bounds of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) retry: RetryPolicy,
    /// How long a try may take.
    pub(crate) one_try: Duration,
    /// How long the call may take, tokens and waits included.
    pub(crate) whole_call: Duration,
}

/// What comes before the next try.
enum Next {
    Wait(Duration),
    Token(Arc<Held>),
    /// There is no next try.
    Nothing,
}

/// Tries until there is an answer, and gives it with what is known of the call then. What happens seldom is boxed, so that the future of every call is smaller. If the
/// future is dropped, all that is left is a request that may be on its way.
pub(crate) async fn drive<A: Attempt>(
    attempt: &A,
    session: &Arc<Session>,
    throttle: &Throttle,
    bounds: Bounds,
    mut call: CallInfo,
) -> Result<(A::Output, CallInfo), Error> {
    throttle.earn();
    let deadline = deadline(bounds.whole_call);
    let mut waits = bounds.retry.waits();
    let mut may_renew = true;
    let mut may_renew_headers = true;
    let mut held = match session.held() {
        Some(held) => held,
        None => Box::pin(first_token(session, &mut waits, deadline, &call)).await.map_err(Error::Token)?,
    };
    if attempt.has_headers() {
        Box::pin(patiently(&mut waits, deadline, &call, || attempt.get_headers(deadline)))
            .await
            .map_err(Error::Token)?;
    }
    let mut last = None;
    loop {
        let left = left(deadline);
        if left.is_zero() {
            return Err(last.unwrap_or_else(|| Error::Transport(TransportError::no_time(call))));
        }
        if let Some(closed) = throttle.closed() {
            let Some(wait) = bounds.retry.wait_for_all(closed.wait()).filter(|wait| *wait < left) else {
                return Err(last.unwrap_or_else(|| closed.refusal(call)));
            };
            trace::held_back(&call, wait);
            Box::pin(sleep(wait)).await;
            continue;
        }
        call.tries = call.tries.saturating_add(1);
        let mut error = match attempt.attempt(&held, &call, bounds.one_try.min(left)).await {
            Ok(output) => return Ok((output, call)),
            Err(error) => error,
        };
        throttle.heed(&error);
        if attempt.has_headers() && attempt.is_of_headers(&error) {
            if !std::mem::take(&mut may_renew_headers) {
                trace::failed(&call, &error, Decision::Answer, None);
                return Err(error);
            }
            let renewed = Box::pin(patiently(&mut waits, deadline, &call, || attempt.renew_headers(deadline))).await;
            if let Ok(true) = renewed {
                trace::failed(&call, &error, Decision::Renew, None);
                last = Some(error);
                continue;
            }
            if let (Err(problem), Error::Unauthorized { renewal, .. }) = (renewed, &mut error) {
                *renewal = Some(problem);
            }
            trace::failed(&call, &error, Decision::Answer, None);
            return Err(error);
        }
        let next = match decide(call.called.safety(), error.event()) {
            Decision::Again => match waits.next(error.retry_after()).filter(|wait| *wait < self::left(deadline)) {
                // A wait that would outlast the call isn't started: the caller gets the error at once.
                None => Next::Nothing,
                Some(wait) if throttle.spend() => Next::Wait(wait),
                Some(_) => {
                    error.spend_budget();
                    Next::Nothing
                }
            },
            Decision::Renew if std::mem::take(&mut may_renew) => {
                Box::pin(renewed(session, &held, &mut waits, deadline, &call)).await.unwrap_or_else(|problem| {
                    // The status stays: it is why a token was asked for.
                    if let Error::Unauthorized { renewal, .. } = &mut error {
                        *renewal = Some(problem);
                    }
                    Next::Nothing
                })
            }
            Decision::Renew | Decision::Answer => Next::Nothing,
        };
        match next {
            Next::Wait(wait) => {
                trace::failed(&call, &error, Decision::Again, Some(wait));
                Box::pin(sleep(wait)).await;
            }
            Next::Token(new) => {
                trace::failed(&call, &error, Decision::Renew, None);
                held = new;
            }
            Next::Nothing => {
                trace::failed(&call, &error, Decision::Answer, None);
                return Err(error);
            }
        }
        last = Some(error);
    }
}

async fn first_token(
    session: &Arc<Session>,
    waits: &mut Waits,
    deadline: Instant,
    call: &CallInfo,
) -> Result<Arc<Held>, TokenError> {
    patiently(waits, deadline, call, || session.current(deadline)).await
}

async fn renewed(
    session: &Arc<Session>,
    refused: &Held,
    waits: &mut Waits,
    deadline: Instant,
    call: &CallInfo,
) -> Result<Next, TokenError> {
    let held = patiently(waits, deadline, call, || session.renewed(refused, deadline)).await?;
    Ok(held.map_or(Next::Nothing, Next::Token))
}

/// Fetches a token, again if that failed for a moment, as the policy says.
async fn patiently<T, F: Future<Output = Result<T, NoToken>>>(
    waits: &mut Waits,
    deadline: Instant,
    call: &CallInfo,
    fetch: impl Fn() -> F,
) -> Result<T, TokenError> {
    loop {
        let problem = match timeout_at(deadline, fetch()).await {
            Ok(Ok(token)) => return Ok(token),
            Ok(Err(problem)) => problem,
            Err(_) => NoToken::TimedOut,
        };
        let wait = if problem.may_pass() {
            waits.next(problem.retry_after()).filter(|wait| *wait < left(deadline))
        } else {
            None
        };
        let error = TokenError { call: call.clone(), problem };
        let Some(wait) = wait else { return Err(error) };
        trace::no_token(&error, wait);
        sleep(wait).await;
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// A time beyond what a clock can hold means no bound: it becomes a month.
fn deadline(whole_call: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(whole_call).or_else(|| now.checked_add(Duration::from_secs(30 * 86_400))).unwrap_or(now)
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
