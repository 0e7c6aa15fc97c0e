//! The token that all clones of a client share, and how one fetch serves all calls that wait for it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::error::Error;
use super::no_token::NoToken;
use super::source::TokenSource;
use super::token::SessionToken;

/// The wait after a fetch that failed, which doubles up to the longest with each that follows.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

tokio::task_local! {
    /// The sessions whose source is running in this task, by address: a call that needs the token of one of them would wait
    /// for itself.
    static FETCHING: Vec<usize>;
}

/// The session of a client.
///
/// A fetch is a task of its own, which the calls watch: whatever becomes of a call, the others get the token, and so do those
/// that come later. Nothing is locked while it runs.
pub(crate) struct Session {
    source: Arc<dyn TokenSource>,
    /// How long a fetch may take, so that one that hangs can't hold up the calls that come later.
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    /// The fetch that is running, by its number.
    flight: Option<(u64, watch::Receiver<Option<Fetched>>)>,
    flights: u64,
    /// The last fetch failed: the source isn't asked again before this.
    pause: Option<Pause>,
}

struct Pause {
    until: Instant,
    step: Duration,
    problem: NoToken,
}

type Fetched = Result<Arc<Held>, NoToken>;

/// A token, and how many different ones came before it.
pub(crate) struct Held {
    pub(crate) token: SessionToken,
    generation: u64,
}

impl State {
    /// When a fetch may begin, if not now. The error is the last failure, if it was a moment ago and the call can't wait for
    /// another fetch, or that wouldn't help.
    fn begin(&self, deadline: Instant) -> Result<Option<Instant>, NoToken> {
        let now = Instant::now();
        match &self.pause {
            Some(pause) if pause.until > now => {
                if pause.until < deadline && pause.problem.may_pass() {
                    Ok(Some(pause.until))
                } else {
                    Err(pause.problem.clone())
                }
            }
            _ => Ok(None),
        }
    }
}

impl Session {
    /// A session that asks `source` when the first call needs a token.
    pub(crate) fn new(source: Arc<dyn TokenSource>, limit: Duration) -> Self {
        Self { source, limit, state: Mutex::default() }
    }

    /// A session that begins with `token`, and has no other.
    pub(crate) fn fixed(token: SessionToken) -> Self {
        let held = Some(Arc::new(Held { token: token.clone(), generation: 0 }));
        Self { source: Arc::new(token), limit: Duration::MAX, state: Mutex::new(State { held, ..State::default() }) }
    }

    /// Until when a fetch that begins now may take.
    pub(crate) fn deadline(&self) -> Instant {
        let now = Instant::now();
        let month = Duration::from_secs(30 * 86_400);
        now.checked_add(self.limit.min(month)).unwrap_or(now)
    }

    /// The token that is there already.
    pub(crate) fn held(&self) -> Option<Arc<Held>> {
        self.lock().held.clone()
    }

    /// The token to send, for a call that may wait until `deadline`.
    pub(crate) async fn current(self: &Arc<Self>, deadline: Instant) -> Fetched {
        self.after(None, deadline).await
    }

    /// The token to send after the pod refused `refused`; `None` if the source has no other.
    ///
    /// If another call has got one in the meantime, the source isn't asked.
    pub(crate) async fn renewed(
        self: &Arc<Self>,
        refused: &Held,
        deadline: Instant,
    ) -> Result<Option<Arc<Held>>, NoToken> {
        let held = self.after(Some(refused.generation), deadline).await?;
        Ok((held.generation > refused.generation).then_some(held))
    }

    async fn after(self: &Arc<Self>, refused: Option<u64>, deadline: Instant) -> Fetched {
        if FETCHING.try_with(|sessions| sessions.contains(&self.address())).unwrap_or(false) {
            return Err(NoToken::OwnCall);
        }
        // A fetch ends without a result if the runtime that it was started in ends: another runtime begins anew.
        for _ in 0..2 {
            let (mut landing, flight) = {
                let mut state = self.lock();
                match &state.held {
                    Some(held) if refused.is_none_or(|refused| held.generation > refused) => {
                        return Ok(Arc::clone(held));
                    }
                    _ => {}
                }
                let begin = state.begin(deadline)?;
                match &state.flight {
                    Some((_, landing)) => (landing.clone(), None),
                    None => {
                        let (landing, flight) = self.flight(&mut state);
                        (landing, Some((flight, begin)))
                    }
                }
            };
            if let Some((flight, begin)) = flight {
                self.start(flight, begin)?;
            }
            let fetched = landing.wait_for(Option::is_some).await.map(|fetched| fetched.clone());
            if let Ok(Some(fetched)) = fetched {
                return fetched;
            }
        }
        Err(NoToken::NoRuntime)
    }

    /// A fetch, and what calls watch.
    fn flight(self: &Arc<Self>, state: &mut State) -> (watch::Receiver<Option<Fetched>>, Flight) {
        let (sender, landing) = watch::channel(None);
        state.flights = state.flights.wrapping_add(1);
        state.flight = Some((state.flights, landing.clone()));
        let flight = Flight { session: Arc::clone(self), number: state.flights, sender };
        (landing, flight)
    }

    /// Starts a fetch. Nothing may be locked: a runtime that is shutting down drops the task here.
    fn start(self: &Arc<Self>, flight: Flight, begin: Option<Instant>) -> Result<(), NoToken> {
        let runtime = Handle::try_current().map_err(|_| NoToken::NoRuntime)?;
        // The source may itself be called in the fetch of another session.
        let mut sessions = FETCHING.try_with(Clone::clone).unwrap_or_default();
        sessions.push(self.address());
        runtime.spawn(FETCHING.scope(sessions, flight.run(begin)).in_current_span().with_current_subscriber());
        Ok(())
    }

    fn address(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self).addr()
    }

    /// No code of others runs under this lock, and every state it can be left in is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One fetch.
struct Flight {
    session: Arc<Session>,
    number: u64,
    sender: watch::Sender<Option<Fetched>>,
}

impl Flight {
    /// Asks the source, and keeps what it gives.
    async fn run(self, begin: Option<Instant>) {
        // A timer takes a millisecond at least.
        if let Some(begin) = begin {
            sleep_until(begin).await;
        }
        let fetched = AssertUnwindSafe(async { timeout(self.session.limit, self.session.source.fetch()).await });
        let fetched = match fetched.catch_unwind().await {
            Ok(Ok(Ok(token))) => Ok(token),
            Ok(Ok(Err(error))) => {
                let is_final = error.downcast_ref::<Error>().is_some_and(|error| !error.is_retryable());
                Err(NoToken::of(error, is_final))
            }
            Ok(Err(_)) => Err(NoToken::TimedOut),
            Err(_) => Err(NoToken::Panicked),
        };
        let landed = self.land(fetched);
        self.sender.send_replace(Some(landed));
    }

    fn land(&self, fetched: Result<SessionToken, NoToken>) -> Fetched {
        let mut state = self.session.lock();
        state.flight = None;
        let token = match fetched {
            Ok(token) => token,
            Err(problem) => {
                let step = state.pause.as_ref().map_or(FIRST_PAUSE, |pause| pause.step.saturating_mul(2));
                let step = step.min(LONGEST_PAUSE);
                // From half the step on, so that the bots of one log-in don't all come back at once.
                let wait = step.mul_f64(1.0 - fastrand::f64() / 2.0);
                let until = Instant::now().checked_add(wait).unwrap_or_else(Instant::now);
                state.pause = Some(Pause { until, step, problem: problem.clone() });
                return Err(problem);
            }
        };
        state.pause = None;
        let held = match &state.held {
            Some(held) if held.token.is(&token) => return Ok(Arc::clone(held)),
            Some(held) => Arc::new(Held { token, generation: held.generation.saturating_add(1) }),
            None => Arc::new(Held { token, generation: 0 }),
        };
        state.held = Some(Arc::clone(&held));
        Ok(held)
    }
}

/// A fetch whose runtime ends is dropped: the next call starts another one.
impl Drop for Flight {
    fn drop(&mut self) {
        let mut state = self.session.lock();
        if state.flight.as_ref().is_some_and(|(number, _)| *number == self.number) {
            state.flight = None;
        }
    }
}

#[cfg(test)]
mod tests;
