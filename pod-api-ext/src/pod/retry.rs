//! What is sent again, and after which wait.

mod retry_after;
mod table;

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

pub(crate) use retry_after::retry_after;
pub(crate) use table::{Decision, Event, decide};

/// How often a call is sent, and how long it waits in between.
///
/// What is sent again at all depends on the operation and on what happened: to create a room again is safe only if the
/// first request can't have created it.
///
#[doc = include_str!("retry/table.md")]
///
/// Before it sends again, a call waits for a random time between nothing and a step (full jitter); the steps double
/// from [`first_step`](Self::first_step) to [`longest_step`](Self::longest_step). Where the response has a
/// `Retry-After`, in seconds or as a date, it waits that long first. A wait that is longer than
/// [`longest_retry_after`](Self::longest_retry_after), or that would outlast the call, isn't begun: the error comes at once,
/// and says how long the pod asked for ([`Error::retry_after`](crate::Error::retry_after)).
///
/// # All calls of a client
/// - A 429 with `Retry-After` holds back all calls of the [`Pod`](crate::Pod) and its clones until that time is over, and for a
///   random part of a step more. A call that can't wait so long fails at once, with the answer that the other one got.
/// - All of them share a budget of retries, so that an outage isn't made worse by those who wait for its end: it begins with 100
///   retries, a retry takes one, and every call gives back a tenth of one, up to 100. In an outage a call is then sent 1.1 times
///   on average. If the budget is spent, a call isn't sent again, and its error says so
///   ([`Error::is_budget_spent`](crate::Error::is_budget_spent)).
///
/// ```
/// use std::time::Duration;
///
/// use pod_api_ext::RetryPolicy;
///
/// let patient = RetryPolicy::default().tries(10).longest_step(Duration::from_secs(60));
/// assert_ne!(patient, RetryPolicy::never());
/// ```
#[doc(alias = "backoff")]
#[doc(alias = "rate limit")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    tries: u32,
    first_step: Duration,
    longest_step: Duration,
    longest_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// 4 tries; steps from 250 ms to 10 s; a `Retry-After` of at most 30 s.
    fn default() -> Self {
        Self {
            tries: 4,
            first_step: Duration::from_millis(250),
            longest_step: Duration::from_secs(10),
            longest_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Every call is sent once. (A call that met a 401 is still sent again with a new token.)
    #[must_use]
    pub fn never() -> Self {
        Self::default().tries(1)
    }

    /// How often a call is sent at most; 0 is taken for 1. To be sent again with a new token doesn't count.
    #[must_use]
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// The step before the second try.
    #[must_use]
    pub const fn first_step(mut self, step: Duration) -> Self {
        self.first_step = step;
        self
    }

    /// What no step goes beyond.
    #[must_use]
    pub const fn longest_step(mut self, step: Duration) -> Self {
        self.longest_step = step;
        self
    }

    /// The longest `Retry-After` that is waited for; a longer one ends the call at once.
    #[must_use]
    pub const fn longest_retry_after(mut self, wait: Duration) -> Self {
        self.longest_retry_after = wait;
        self
    }

    /// How long a call waits in a pause that the pod asked another call for; `None` if that is longer than may be waited.
    pub(crate) fn wait_for_all(&self, pause: Duration) -> Option<Duration> {
        let jitter = full_jitter(self.first_step.min(self.longest_step), fastrand::f64());
        (pause <= self.longest_retry_after).then(|| pause.saturating_add(jitter))
    }

    /// The waits of one call.
    pub(crate) fn waits(&self) -> Waits {
        let times = usize::try_from(self.tries.saturating_sub(1)).unwrap_or(usize::MAX);
        let steps = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(self.first_step.min(self.longest_step))
            .with_max_delay(self.longest_step)
            .with_max_times(times);
        Waits { steps: steps.build(), longest_retry_after: self.longest_retry_after }
    }
}

/// The waits of one call.
pub(crate) struct Waits {
    /// backon's own jitter goes from one step to two, so no wait would be short: ours is drawn here.
    steps: ExponentialBackoff,
    longest_retry_after: Duration,
}

impl Waits {
    /// How long to wait before the next try, when the pod asked for `retry_after`; `None` if this was the last.
    pub(crate) fn next(&mut self, retry_after: Option<Duration>) -> Option<Duration> {
        let asked = retry_after.unwrap_or_default();
        if asked > self.longest_retry_after {
            return None;
        }
        let jitter = full_jitter(self.steps.next()?, fastrand::f64());
        // Callers that were told the same time would all come back then: the jitter spreads them after it.
        Some(asked.saturating_add(jitter))
    }
}

/// `step` times `random`, which is from 0 to 1.
fn full_jitter(step: Duration, random: f64) -> Duration {
    Duration::try_from_secs_f64(step.as_secs_f64() * random).unwrap_or(step).min(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_steps_double_up_to_the_longest_and_end_with_the_tries() {
        let policy = RetryPolicy::default().tries(6).first_step(SECOND).longest_step(SECOND * 5);
        let steps: Vec<u64> = policy.waits().steps.map(|step| step.as_secs()).collect();
        assert_eq!(steps, [1, 2, 4, 5, 5]);
    }

    #[test]
    fn a_first_step_beyond_the_longest_is_cut() {
        let policy = RetryPolicy::default().tries(2).first_step(SECOND * 9).longest_step(SECOND);
        assert_eq!(policy.waits().steps.next(), Some(SECOND));
    }

    #[test]
    fn neither_no_try_nor_one_leaves_a_second() {
        for tries in [0, 1] {
            assert_eq!(RetryPolicy::default().tries(tries).waits().next(None), None);
        }
        assert_eq!(RetryPolicy::never().waits().next(Some(SECOND)), None);
    }

    #[test]
    fn the_jitter_is_anything_from_nothing_to_the_whole_step() {
        assert_eq!(full_jitter(SECOND, 0.0), Duration::ZERO);
        assert_eq!(full_jitter(SECOND, 0.5), SECOND / 2);
        assert_eq!(full_jitter(SECOND, 1.0), SECOND);
        assert_eq!(full_jitter(Duration::MAX, 1.0), Duration::MAX);
        assert_eq!(full_jitter(SECOND, f64::NAN), SECOND);
        let policy = RetryPolicy::default().tries(2).first_step(SECOND);
        let waits: Vec<Duration> = (0..1000).map(|_| policy.waits().next(None).unwrap()).collect();
        assert!(waits.iter().all(|wait| *wait <= SECOND));
        assert!(waits.iter().any(|wait| *wait < SECOND / 10) && waits.iter().any(|wait| *wait > SECOND * 9 / 10));
    }

    #[test]
    fn what_the_pod_asks_for_is_waited_and_the_jitter_after_it_or_nothing_if_it_is_too_long() {
        let policy = RetryPolicy::default().first_step(Duration::ZERO).longest_retry_after(SECOND * 3);
        assert_eq!(policy.waits().next(Some(SECOND * 2)), Some(SECOND * 2));
        assert_eq!(policy.waits().next(Some(SECOND * 3)), Some(SECOND * 3));
        assert_eq!(policy.waits().next(Some(SECOND * 3 + Duration::from_nanos(1))), None);
        assert_eq!(policy.waits().next(Some(Duration::MAX)), None);
        let wait = policy.first_step(SECOND).waits().next(Some(SECOND * 2)).unwrap();
        assert!((SECOND * 2..=SECOND * 3).contains(&wait), "{wait:?}");
    }

    proptest::proptest! {
        #[test]
        fn no_policy_makes_it_panic(tries in 0_u32..50, first: u32, longest: u32, cap: u32, after: Option<u64>) {
            let policy = RetryPolicy::default()
                .tries(tries)
                .first_step(Duration::from_millis(first.into()))
                .longest_step(Duration::from_millis(longest.into()))
                .longest_retry_after(Duration::from_millis(cap.into()));
            let mut waits = policy.waits();
            let all: Vec<Duration> = std::iter::from_fn(|| waits.next(after.map(Duration::from_secs))).collect();
            let may_wait = after.is_none_or(|after| Duration::from_secs(after) <= Duration::from_millis(cap.into()));
            let tries = if may_wait { tries } else { 0 };
            proptest::prop_assert_eq!(all.len(), usize::try_from(tries.saturating_sub(1)).unwrap());
            // What f32 and f64 round.
            let bound = Duration::from_millis(longest.into()).saturating_add(Duration::from_millis(cap.into())).mul_f64(1.001);
            proptest::prop_assert!(all.iter().all(|wait| *wait <= bound), "{:?} {:?}", all, bound);
        }
    }
}
