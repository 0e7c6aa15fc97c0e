//! What the calls of one client share so that together they ask no more of the pod than it can bear: a pause after a 429, and a
//! budget of retries.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;

use super::error::{Answer, Error, Said};
use super::trace_id::CallInfo;

/// A retry takes ten, and a call gives one, up to what a hundred retries take.
const RETRY: u32 = 10;
const CALL: u32 = 1;
const FULL: u32 = 100 * RETRY;

pub(crate) struct Throttle {
    budget: AtomicU32,
    closed: Mutex<Option<Closed>>,
}

/// The pod asked not to be called before this.
#[derive(Clone)]
pub(crate) struct Closed {
    until: Instant,
    said: Said,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        Self { budget: AtomicU32::new(FULL), closed: Mutex::default() }
    }

    /// Counts a call.
    pub(crate) fn earn(&self) {
        let earn = |budget: u32| Some(budget.saturating_add(CALL).min(FULL));
        // It can't fail: there is always a new value.
        let _ = self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, earn);
    }

    /// Takes a retry out of the budget, if there is one left.
    pub(crate) fn spend(&self) -> bool {
        let spend = |budget: u32| budget.checked_sub(RETRY);
        self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
    }

    /// Holds back all calls if `error` says that the pod wants a pause.
    pub(crate) fn heed(&self, error: &Error) {
        let Error::RateLimited { answer, retry_after: Some(wait) } = error else { return };
        let Some(until) = Instant::now().checked_add(*wait) else { return };
        let mut closed = self.lock();
        if closed.as_ref().is_none_or(|closed| closed.until < until) {
            *closed = Some(Closed { until, said: answer.said().clone() });
        }
    }

    /// Until when calls are held back.
    pub(crate) fn closed(&self) -> Option<Closed> {
        let mut closed = self.lock();
        if closed.as_ref().is_some_and(|closed| closed.until <= Instant::now()) {
            *closed = None;
        }
        closed.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Closed>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Closed {
    /// How long that still is.
    pub(crate) fn wait(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// The answer of the pod, which it has given to another call.
    pub(crate) fn refusal(self, call: CallInfo) -> Error {
        let wait = Some(self.wait());
        let answer = Answer::new(call, StatusCode::TOO_MANY_REQUESTS, self.said, wait);
        Error::RateLimited { answer, retry_after: wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_retries_are_there_at_first_and_then_one_for_ten_calls() {
        let throttle = Throttle::new();
        throttle.earn();
        assert_eq!((0..200).filter(|_| throttle.spend()).count(), 100);
        let retries = (0..1000).filter(|_| {
            throttle.earn();
            throttle.spend()
        });
        assert_eq!(retries.count(), 100);
        for _ in 0..100_000 {
            throttle.earn();
        }
        assert_eq!((0..200).filter(|_| throttle.spend()).count(), 100, "no more than at first");
    }
}
