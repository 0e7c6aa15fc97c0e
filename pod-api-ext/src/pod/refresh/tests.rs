//! One session, many calls, in every order.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, reason = "tests may panic")]

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use tokio::sync::Notify;

use super::super::source::{TokenFuture, token_fn};
use super::super::source_error::Final;
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

fn in_a_minute() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

#[tokio::test]
async fn calls_that_need_a_token_at_once_share_one_fetch() {
    let gate = Arc::new(Gate::default());
    let session = session(Arc::clone(&gate));
    let mut calls = Box::pin(futures::future::join_all((0..100).map(|_| session.current(in_a_minute()))));
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
    let first = session.current(in_a_minute()).await.unwrap();
    gate.open.notify_one();
    let second = session.renewed(&first, in_a_minute()).await.unwrap().unwrap();
    assert_eq!(second.token.expose(), "2");
    // A call that began with the first token and was refused late.
    let late = session.renewed(&first, in_a_minute()).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&second, &late));
    assert_eq!(gate.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_call_that_began_a_fetch_can_go_and_the_others_get_its_token() {
    let gate = Arc::new(Gate::default());
    let session = session(Arc::clone(&gate));
    let mut first = Box::pin(session.current(in_a_minute()));
    assert!(futures::poll!(&mut first).is_pending());
    let mut second = Box::pin(session.current(in_a_minute()));
    assert!(futures::poll!(&mut second).is_pending());
    drop(first);
    gate.open.notify_one();
    assert_eq!(text(&second.await), "1");
    assert_eq!(gate.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_fetch_that_nobody_waits_for_any_more_goes_on_and_its_token_is_kept() {
    let gate = Arc::new(Gate::default());
    let session = session(Arc::clone(&gate));
    let mut first = Box::pin(session.current(in_a_minute()));
    assert!(futures::poll!(&mut first).is_pending());
    drop(first);
    gate.open.notify_one();
    assert_eq!(text(&session.current(in_a_minute()).await), "1");
    assert_eq!(gate.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_source_that_has_no_other_token_ends_it() {
    let session = Arc::new(Session::fixed(SessionToken::new("T").unwrap()));
    let held = session.current(in_a_minute()).await.unwrap();
    assert!(session.renewed(&held, in_a_minute()).await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
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
    let mut calls = Box::pin(futures::future::join_all((0..10).map(|_| session.current(in_a_minute()))));
    assert!(futures::poll!(&mut calls).is_pending());
    gate.notify_one();
    let all: Vec<_> = calls.await.iter().map(text).collect();
    assert_eq!(all, vec![r#"Source("the log-in is down")"#; 10]);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    gate.notify_one();
    assert_eq!(text(&session.current(in_a_minute()).await), "T");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_is_an_error_for_everybody_and_not_for_good() {
    let asked = AtomicUsize::new(0);
    let session = session(token_fn(move || {
        assert!(asked.fetch_add(1, Ordering::SeqCst) > 0, "on purpose");
        async { Ok(SessionToken::new("T")?) }
    }));
    let both = tokio::join!(session.current(in_a_minute()), session.current(in_a_minute()));
    assert_eq!((text(&both.0), text(&both.1)), ("Panicked".to_owned(), "Panicked".to_owned()));
    tokio::time::sleep(FIRST_PAUSE).await;
    assert_eq!(text(&session.current(in_a_minute()).await), "T");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_hangs_ends_with_its_limit() {
    let session = session(token_fn(|| async { std::future::pending().await }));
    let begun = Instant::now();
    assert_eq!(text(&session.current(in_a_minute()).await), "TimedOut");
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_stays_down_is_asked_after_pauses_that_double_and_all_calls_share() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (times, begun) = (Arc::clone(&asked), Instant::now());
    let session = session(token_fn(move || {
        times.lock().unwrap().push(begun.elapsed());
        async { Err("the log-in is down".into()) }
    }));
    for _ in 0..9 {
        futures::future::join_all((0..20).map(|_| session.current(in_a_minute()))).await;
    }
    let times = asked.lock().unwrap().clone();
    assert_eq!(times.len(), 9);
    let steps = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000].map(Duration::from_millis);
    for ((earlier, later), step) in times.iter().zip(times.iter().skip(1)).zip(steps) {
        let pause = *later - *earlier;
        // A timer of tokio has milliseconds.
        assert!((step / 2..=step + Duration::from_millis(1)).contains(&pause), "{pause:?} for {step:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_cannot_wait_for_the_pause_gets_the_last_failure_at_once() {
    let session = session(token_fn(|| async { Err("the log-in is down".into()) }));
    let failure = r#"Source("the log-in is down")"#;
    assert_eq!(text(&session.current(in_a_minute()).await), failure);
    let begun = Instant::now();
    assert_eq!(text(&session.current(begun + FIRST_PAUSE / 4).await), failure);
    // Another call waits already.
    let mut patient = Box::pin(session.current(in_a_minute()));
    assert!(futures::poll!(&mut patient).is_pending());
    assert_eq!(text(&session.current(begun + FIRST_PAUSE / 4).await), failure);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_final_is_not_waited_for() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let session = session(token_fn(move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { Err(Final::new("the key isn't imported").into()) }
    }));
    let begun = Instant::now();
    for _ in 0..10 {
        assert!(!session.current(in_a_minute()).await.err().unwrap().may_pass());
    }
    assert_eq!((begun.elapsed(), asked.load(Ordering::SeqCst)), (Duration::ZERO, 1));
    tokio::time::sleep(FIRST_PAUSE).await;
    assert!(session.current(in_a_minute()).await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_source_that_needs_its_own_session_is_told_so() {
    let session: Arc<std::sync::OnceLock<Arc<Session>>> = Arc::default();
    let own = Arc::clone(&session);
    let source = token_fn(move || {
        let own = Arc::clone(&own);
        async move {
            let within = own.get().unwrap().current(in_a_minute()).await;
            Err(Final::new(text(&within)).into())
        }
    });
    let made = session.get_or_init(|| Arc::new(Session::new(Arc::new(source), Duration::from_secs(10))));
    assert_eq!(text(&made.current(in_a_minute()).await), r#"Source("OwnCall")"#);
}

#[test]
fn a_fetch_whose_runtime_ends_is_begun_again_in_another() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let gate = Arc::new(Gate::default());
    let session = session(Arc::clone(&gate));
    let first = runtime();
    first.block_on(async {
        assert!(futures::poll!(Box::pin(session.current(in_a_minute()))).is_pending());
        tokio::task::yield_now().await;
    });
    let second = runtime();
    let waiting = {
        let session = Arc::clone(&session);
        second.spawn(async move { text(&session.current(in_a_minute()).await) })
    };
    second.block_on(tokio::task::yield_now());
    drop(first);
    gate.open.notify_one();
    assert_eq!(second.block_on(waiting).unwrap(), "2");
    assert_eq!(gate.asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_call_outside_a_runtime_is_an_error() {
    let session = session(SessionToken::new("T").unwrap());
    let call = futures::executor::block_on(async { session.current(in_a_minute()).await });
    assert_eq!(text(&call), "NoRuntime");
}

/// Notes that it was woken.
#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

struct Caller<'a> {
    call: Pin<Box<dyn Future<Output = Fetched> + 'a>>,
    bell: Arc<Bell>,
    /// How often it was woken when it last had to wait; `None` if it wasn't polled yet.
    waits_since: Option<usize>,
}

impl Caller<'_> {
    fn poll(&mut self) -> Poll<Fetched> {
        let woken = self.bell.0.load(Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&self.bell));
        let polled = self.call.as_mut().poll(&mut Context::from_waker(&waker));
        self.waits_since = Some(woken);
        polled
    }

    fn was_woken(&self) -> bool {
        self.waits_since.is_none_or(|waits| self.bell.0.load(Ordering::SeqCst) > waits)
    }
}

/// 2 to 64 calls, polled, dropped and let in random order: each that is left is woken when the token is there, and has it.
async fn no_wake_up_is_lost(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let gate = Arc::new(Gate::default());
    let session = session(Arc::clone(&gate));
    let count = if random.u8(..) < 16 { random.usize(2..=64) } else { random.usize(2..=8) };
    let mut callers: Vec<_> = (0..count)
        .map(|_| Caller { call: Box::pin(session.current(in_a_minute())), bell: Arc::default(), waits_since: None })
        .collect();
    let open_at = random.usize(..count * 3);
    let mut answered = Vec::new();
    for step in 0..count * 3 {
        if step == open_at {
            gate.open.notify_one();
        }
        let chosen = random.usize(..callers.len());
        match random.u8(..8) {
            0 if callers.len() > 1 => drop(callers.swap_remove(chosen)),
            1 | 2 => tokio::task::yield_now().await,
            _ => {
                if let Poll::Ready(fetched) = callers[chosen].poll() {
                    answered.push(text(&fetched));
                    drop(callers.swap_remove(chosen));
                }
            }
        }
        if callers.is_empty() {
            break;
        }
    }
    // A call that comes last ends when the fetch does.
    answered.push(text(&session.current(in_a_minute()).await));
    for mut caller in callers {
        assert!(caller.was_woken(), "seed {seed}: a call that waits wasn't woken");
        match caller.poll() {
            Poll::Ready(fetched) => answered.push(text(&fetched)),
            Poll::Pending => panic!("seed {seed}: a call still waits for a token that is there"),
        }
    }
    assert!(answered.iter().all(|token| token == "1"), "seed {seed}: {answered:?}");
}

#[tokio::test]
async fn a_hundred_thousand_random_orders_lose_no_wake_up() {
    for seed in 0..100_000 {
        no_wake_up_is_lost(seed).await;
    }
}

#[tokio::test]
async fn a_source_may_need_another_session_but_not_in_a_circle() {
    let inner = session(SessionToken::new("T").unwrap());
    let other = Arc::clone(&inner);
    let outer = session(token_fn(move || {
        let other = Arc::clone(&other);
        async move {
            let held = other.current(in_a_minute()).await?;
            Ok(held.token.clone())
        }
    }));
    assert_eq!(text(&outer.current(in_a_minute()).await), "T");

    // Each asks the other: the second that is asked by itself says so.
    let sessions: Arc<std::sync::OnceLock<[Arc<Session>; 2]>> = Arc::default();
    let asks = |at: usize| {
        let sessions = Arc::clone(&sessions);
        session(token_fn(move || {
            let other = Arc::clone(&sessions.get().unwrap()[at]);
            async move { Ok(other.current(in_a_minute()).await?.token.clone()) }
        }))
    };
    let both = sessions.get_or_init(|| [asks(1), asks(0)]);
    assert_eq!(text(&both[0].current(in_a_minute()).await), "OwnCall");
}
