//! The token that all clones of a client share, and how one fetch serves everybody who waits for it.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, WeakShared};

use super::source::{SourceError, TokenSource};
use super::token::SessionToken;

/// The session of a client.
///
/// A fetch is a future that the calls which wait for it share: each of them drives it, so it doesn't matter which of
/// them goes away, and with the last one it is dropped. Nothing is locked while it runs.
pub(crate) struct Session {
    source: Arc<dyn TokenSource>,
    /// How long a fetch may take, so that one that hangs can't hold up the calls that come later.
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    flight: Option<WeakShared<Flight>>,
}

type Fetched = Result<Arc<Held>, NoToken>;
type Flight = BoxFuture<'static, Fetched>;

/// A token, and how many different ones came before it.
pub(crate) struct Held {
    pub(crate) token: SessionToken,
    generation: u64,
}

/// Why the source gave no token; shared by all who waited for it.
#[derive(Clone)]
pub(crate) enum NoToken {
    /// The source says so.
    Source(Arc<SourceError>),
    /// It took too long.
    TimedOut,
    /// It panicked.
    Panicked,
}

impl Session {
    /// A session that asks `source` when the first call needs a token.
    pub(crate) fn new(source: Arc<dyn TokenSource>, limit: Duration) -> Self {
        Self { source, limit, state: Mutex::default() }
    }

    /// A session that begins with `token`, and has no other.
    pub(crate) fn fixed(token: SessionToken) -> Self {
        let held = Some(Arc::new(Held { token: token.clone(), generation: 0 }));
        let state = Mutex::new(State { held, flight: None });
        Self { source: Arc::new(token), limit: Duration::MAX, state }
    }

    /// The token that is there already.
    pub(crate) fn held(&self) -> Option<Arc<Held>> {
        self.lock().held.clone()
    }

    /// The token to send.
    pub(crate) async fn current(self: &Arc<Self>) -> Fetched {
        self.after(None).await
    }

    /// The token to send after the pod refused `refused`; `None` if the source has no other.
    ///
    /// Another call may have got one in the meantime: then the source isn't asked.
    pub(crate) async fn renewed(self: &Arc<Self>, refused: &Held) -> Result<Option<Arc<Held>>, NoToken> {
        let held = self.after(Some(refused.generation)).await?;
        Ok((held.generation > refused.generation).then_some(held))
    }

    async fn after(self: &Arc<Self>, refused: Option<u64>) -> Fetched {
        let flight = {
            let mut state = self.lock();
            match &state.held {
                Some(held) if refused.is_none_or(|refused| held.generation > refused) => return Ok(Arc::clone(held)),
                _ => {}
            }
            match state.flight.as_ref().and_then(WeakShared::upgrade) {
                Some(flight) => flight,
                None => {
                    let flight = Arc::clone(self).fetch().boxed().shared();
                    state.flight = flight.downgrade();
                    flight
                }
            }
        };
        flight.await
    }

    /// One flight: asks the source, and keeps what it gives.
    async fn fetch(self: Arc<Self>) -> Fetched {
        // A shared future that panicked once makes everybody who polls it panic: one who waits isn't to blame.
        let fetched = AssertUnwindSafe(async { tokio::time::timeout(self.limit, self.source.fetch()).await });
        let fetched = match fetched.catch_unwind().await {
            Ok(Ok(Ok(token))) => Ok(token),
            Ok(Ok(Err(error))) => Err(NoToken::Source(Arc::new(error))),
            Ok(Err(_)) => Err(NoToken::TimedOut),
            Err(_) => Err(NoToken::Panicked),
        };
        let mut state = self.lock();
        state.flight = None;
        let token = fetched?;
        let held = match &state.held {
            Some(held) if held.token.is(&token) => return Ok(Arc::clone(held)),
            Some(held) => Arc::new(Held { token, generation: held.generation.saturating_add(1) }),
            None => Arc::new(Held { token, generation: 0 }),
        };
        state.held = Some(Arc::clone(&held));
        Ok(held)
    }

    /// No code of others runs under this lock, and every state it can be left in is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => f.debug_tuple("Source").field(error).finish(),
            Self::TimedOut => f.write_str("TimedOut"),
            Self::Panicked => f.write_str("Panicked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::super::source::{TokenFuture, token_fn};
    use super::*;

    /// Counts how often it is asked, and answers `1`, `2`, … each time it is let.
    #[derive(Default)]
    struct Gate {
        asked: AtomicUsize,
        open: Notify,
    }

    impl TokenSource for Gate {
        fn fetch(&self) -> TokenFuture<'_> {
            Box::pin(async {
                let asked = self.asked.fetch_add(1, Ordering::SeqCst).saturating_add(1);
                self.open.notified().await;
                Ok(SessionToken::new(asked.to_string())?)
            })
        }
    }

    fn session(source: impl TokenSource + 'static) -> Arc<Session> {
        Arc::new(Session::new(Arc::new(source), Duration::from_secs(10)))
    }

    fn text(held: &Fetched) -> String {
        held.as_ref().map_or_else(|problem| format!("{problem:?}"), |held| held.token.expose().to_owned())
    }

    #[tokio::test]
    async fn calls_that_need_a_token_at_once_share_one_fetch() {
        let gate = Arc::new(Gate::default());
        let session = session(Arc::clone(&gate));
        let mut calls = Box::pin(futures::future::join_all((0..100).map(|_| session.current())));
        assert!(futures::poll!(&mut calls).is_pending());
        gate.open.notify_one();
        let tokens: Vec<_> = calls.await.iter().map(text).collect();
        assert_eq!(tokens, vec!["1"; 100]);
        assert_eq!(gate.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_token_that_another_call_got_anew_is_used_without_asking() {
        let gate = Arc::new(Gate::default());
        let session = session(Arc::clone(&gate));
        gate.open.notify_one();
        let first = session.current().await.unwrap();
        gate.open.notify_one();
        let second = session.renewed(&first).await.unwrap().unwrap();
        assert_eq!(second.token.expose(), "2");
        // A call that began with the first token and was refused late.
        let late = session.renewed(&first).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&second, &late));
        assert_eq!(gate.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn the_call_that_began_a_fetch_can_go_and_the_others_get_its_token() {
        let gate = Arc::new(Gate::default());
        let session = session(Arc::clone(&gate));
        let mut first = Box::pin(session.current());
        assert!(futures::poll!(&mut first).is_pending());
        let mut second = Box::pin(session.current());
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        gate.open.notify_one();
        assert_eq!(text(&second.await), "1");
        assert_eq!(gate.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_fetch_that_nobody_waits_for_any_more_is_dropped_and_locks_nothing() {
        let gate = Arc::new(Gate::default());
        let session = session(Arc::clone(&gate));
        let mut first = Box::pin(session.current());
        assert!(futures::poll!(&mut first).is_pending());
        drop(first);
        gate.open.notify_one();
        assert_eq!(text(&session.current().await), "2");
    }

    #[tokio::test]
    async fn a_source_that_has_no_other_token_ends_it() {
        let session = Arc::new(Session::fixed(SessionToken::new("T").unwrap()));
        let held = session.current().await.unwrap();
        assert!(session.renewed(&held).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_failure_is_shared_by_those_who_waited_and_forgotten_afterwards() {
        let (asked, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counted, open) = (Arc::clone(&asked), Arc::clone(&gate));
        let session = session(token_fn(move || {
            let (asked, open) = (counted.fetch_add(1, Ordering::SeqCst), Arc::clone(&open));
            async move {
                open.notified().await;
                if asked == 0 { Err("the log-in is down".into()) } else { Ok(SessionToken::new("T")?) }
            }
        }));
        let mut calls = Box::pin(futures::future::join_all((0..10).map(|_| session.current())));
        assert!(futures::poll!(&mut calls).is_pending());
        gate.notify_one();
        let all: Vec<_> = calls.await.iter().map(text).collect();
        assert_eq!(all, vec![r#"Source("the log-in is down")"#; 10]);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        gate.notify_one();
        assert_eq!(text(&session.current().await), "T");
    }

    #[tokio::test]
    async fn a_source_that_panics_is_an_error_for_everybody_and_not_for_good() {
        let asked = AtomicUsize::new(0);
        let session = session(token_fn(move || {
            assert!(asked.fetch_add(1, Ordering::SeqCst) > 0, "on purpose");
            async { Ok(SessionToken::new("T")?) }
        }));
        let both = tokio::join!(session.current(), session.current());
        assert_eq!((text(&both.0), text(&both.1)), ("Panicked".to_owned(), "T".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_fetch_that_hangs_ends_with_its_limit() {
        let session = session(token_fn(|| async { std::future::pending().await }));
        let begun = tokio::time::Instant::now();
        assert_eq!(text(&session.current().await), "TimedOut");
        assert_eq!(begun.elapsed(), Duration::from_secs(10));
    }
}
