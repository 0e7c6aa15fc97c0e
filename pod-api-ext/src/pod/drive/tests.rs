//! Calls with scripted tries, in paused time.
#![allow(clippy::arithmetic_side_effects, reason = "tests may panic")]

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::StatusCode;

use super::super::error::{Answer, Said};
use super::super::source::token_fn;
use super::super::source_error::Final;
use super::super::token::SessionToken;
use super::super::trace_id::TraceId;
use super::*;
use crate::Operation;

const SECOND: Duration = Duration::from_secs(1);

/// What a try comes to, and how long it takes.
type Step = (u16, Option<Duration>, Duration);

fn status(status: u16) -> Step {
    (status, None, Duration::ZERO)
}

fn wait_for(status: u16, seconds: u64) -> Step {
    (status, Some(Duration::from_secs(seconds)), Duration::ZERO)
}

/// Answers with one step after the other, and 200 when there are none left. 0 takes for ever.
#[derive(Default)]
struct Script {
    steps: Mutex<VecDeque<Step>>,
    /// The token of each try, and the time it was given.
    tries: Mutex<Vec<(String, Duration)>>,
}

impl Attempt for Script {
    type Output = ();

    async fn attempt(&self, held: &Held, call: &CallInfo, limit: Duration) -> Result<(), Error> {
        self.tries.lock().unwrap().push((held.token.expose().to_owned(), limit));
        let Some((status, retry_after, takes)) = self.steps.lock().unwrap().pop_front() else { return Ok(()) };
        sleep(takes.min(limit)).await;
        if takes > limit {
            return Err(Error::Transport(TransportError::no_time(call.clone())));
        }
        let code = StatusCode::from_u16(status).unwrap();
        let answer = Answer::new(call.clone(), code, Said::default(), retry_after);
        Err(match status {
            401 => Error::Unauthorized { answer, renewal: None },
            429 => Error::RateLimited { answer, retry_after },
            500..=599 => Error::Server(answer),
            _ => Error::UnexpectedStatus(answer),
        })
    }
}

/// What became of a call.
#[derive(Debug, PartialEq)]
struct Came {
    /// 200, or the status of the error; 0 for none.
    status: u16,
    tokens: Vec<String>,
    /// What the call took, in milliseconds.
    took: u128,
}

fn bounds() -> Bounds {
    let retry = RetryPolicy::default().first_step(Duration::ZERO).longest_step(Duration::ZERO);
    Bounds { retry, one_try: Duration::from_secs(30), whole_call: Duration::from_secs(90) }
}

/// A source that gives `1`, `2`, …
fn counting() -> Arc<Session> {
    let count = AtomicUsize::new(1);
    session(token_fn(move || {
        let token = count.fetch_add(1, Ordering::SeqCst).to_string();
        async { Ok(SessionToken::new(token)?) }
    }))
}

fn session(source: impl super::super::source::TokenSource + 'static) -> Arc<Session> {
    Arc::new(Session::new(Arc::new(source), Duration::from_secs(60)))
}

async fn run(
    operation: Operation,
    steps: &[Step],
    bounds: Bounds,
    session: &Arc<Session>,
) -> (Came, Result<(), Error>, Vec<Duration>) {
    run_beside(&Throttle::new(), operation, steps, bounds, session).await
}

/// A call of a client whose calls share this throttle.
async fn run_beside(
    throttle: &Throttle,
    operation: Operation,
    steps: &[Step],
    bounds: Bounds,
    session: &Arc<Session>,
) -> (Came, Result<(), Error>, Vec<Duration>) {
    let script = Script { steps: Mutex::new(steps.iter().copied().collect()), ..Script::default() };
    let begun = Instant::now();
    let call = CallInfo::new(operation.into(), TraceId::given("t").unwrap());
    let result = drive(&script, session, throttle, bounds, call).await.map(|_| ());
    let took = begun.elapsed().as_millis();
    let status = match &result {
        Ok(()) => 200,
        Err(error) => error.status().map_or(0, |status| status.as_u16()),
    };
    let (tokens, limits) = script.tries.into_inner().unwrap().into_iter().unzip();
    (Came { status, tokens, took }, result, limits)
}

async fn came(operation: Operation, steps: &[Step]) -> Came {
    run(operation, steps, bounds(), &counting()).await.0
}

fn as_expected(status: u16, tokens: &[&str], took: u128) -> Came {
    Came { status, tokens: tokens.iter().map(|token| (*token).to_owned()).collect(), took }
}

use Operation::{CreateIm, CreateRoom, ImInfo};

#[tokio::test(start_paused = true)]
async fn a_call_that_is_answered_is_sent_once() {
    assert_eq!(came(ImInfo, &[]).await, as_expected(200, &["1"], 0));
    assert_eq!(came(ImInfo, &[status(400)]).await, as_expected(400, &["1"], 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_sent_as_often_as_the_policy_says() {
    let steps = [status(500); 9];
    assert_eq!(came(CreateIm, &steps).await, as_expected(500, &["1"; 4], 0));
    assert_eq!(came(CreateRoom, &steps).await, as_expected(500, &["1"], 0));
    assert_eq!(came(CreateRoom, &[status(429); 3]).await, as_expected(200, &["1"; 4], 0));
    let never = Bounds { retry: RetryPolicy::never(), ..bounds() };
    assert_eq!(run(ImInfo, &steps, never, &counting()).await.0, as_expected(500, &["1"], 0));
}

#[tokio::test(start_paused = true)]
async fn the_pod_is_given_the_time_it_asks_for() {
    assert_eq!(came(CreateRoom, &[wait_for(429, 3), wait_for(503, 4)]).await, as_expected(200, &["1"; 3], 7000));
    assert_eq!(came(ImInfo, &[wait_for(429, 30)]).await, as_expected(200, &["1"; 2], 30_000));
    assert_eq!(came(ImInfo, &[wait_for(429, 31)]).await, as_expected(429, &["1"], 0));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_outlast_the_call_is_not_begun() {
    let bounds = Bounds { whole_call: SECOND * 5, ..bounds() };
    let (came, result, _) = run(ImInfo, &[wait_for(429, 3), wait_for(429, 2)], bounds, &counting()).await;
    assert_eq!(came, as_expected(429, &["1"; 2], 3000));
    assert_eq!(result.unwrap_err().retry_after(), Some(SECOND * 2));
    let (came, _, _) = run(ImInfo, &[wait_for(429, 4)], bounds, &counting()).await;
    assert_eq!(came, as_expected(200, &["1"; 2], 4000));
}

#[tokio::test(start_paused = true)]
async fn no_try_is_given_more_time_than_the_call_has_left() {
    let bounds = Bounds { one_try: SECOND * 4, whole_call: SECOND * 9, ..bounds() };
    let slow = |takes: u64| (500, None, SECOND * u32::try_from(takes).unwrap());
    let (came, _, limits) = run(ImInfo, &[slow(3), slow(3), slow(4)], bounds, &counting()).await;
    assert_eq!(limits, [SECOND * 4, SECOND * 4, SECOND * 3]);
    assert_eq!(came, as_expected(0, &["1"; 3], 9000));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_replaced_once_and_the_second_refusal_is_the_answer() {
    for operation in [CreateIm, CreateRoom, ImInfo] {
        assert_eq!(came(operation, &[status(401)]).await, as_expected(200, &["1", "2"], 0));
        assert_eq!(came(operation, &[status(401), status(401)]).await, as_expected(401, &["1", "2"], 0));
        let steps = [wait_for(429, 1), status(401), wait_for(429, 1), status(401)];
        assert_eq!(came(operation, &steps).await, as_expected(401, &["1", "1", "2", "2"], 2000));
    }
    let never = Bounds { retry: RetryPolicy::never(), ..bounds() };
    assert_eq!(run(ImInfo, &[status(401)], never, &counting()).await.0, as_expected(200, &["1", "2"], 0));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_changes_is_not_sent_again() {
    let fixed = Arc::new(Session::fixed(SessionToken::new("T").unwrap()));
    let (came, result, _) = run(ImInfo, &[status(401)], bounds(), &fixed).await;
    assert_eq!(came, as_expected(401, &["T"], 0));
    assert_eq!(
        result.unwrap_err().to_string(),
        "IM info: the pod refused the session token (401); log in again for a new one (trace id t, 1 try)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_401_stays_one_when_there_is_no_new_token() {
    let count = AtomicUsize::new(0);
    let session = session(token_fn(move || {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if first { Ok(SessionToken::new("1")?) } else { Err(Final::new("the key was withdrawn").into()) } }
    }));
    let (came, result, _) = run(ImInfo, &[status(401)], bounds(), &session).await;
    assert_eq!(came, as_expected(401, &["1"], 0));
    let error = result.unwrap_err();
    assert_eq!(
        error.to_string(),
        "IM info: the pod refused the session token, and there was no new one (401); see why the token source gave none \
         (trace id t, 1 try)"
    );
    assert!(!error.is_retryable());
    let token = std::error::Error::source(&error).unwrap();
    assert_eq!(token.to_string(), "the token source gave no session token: the key was withdrawn");
    assert!(token.source().is_none());
}

/// A source that fails so often, and then gives `1`.
fn down_for(failures: usize) -> (Arc<Session>, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let session = session(token_fn(move || {
        let down = count.fetch_add(1, Ordering::SeqCst) < failures;
        async move { if down { Err("the log-in is down".into()) } else { Ok(SessionToken::new("1")?) } }
    }));
    (session, asked)
}

#[tokio::test(start_paused = true)]
async fn a_log_in_that_fails_for_a_moment_is_asked_again_as_often_as_the_policy_says() {
    let (session, asked) = down_for(3);
    let (came, _, _) = run(CreateRoom, &[], bounds(), &session).await;
    assert_eq!((came.status, came.tokens.len(), asked.load(Ordering::SeqCst)), (200, 1, 4));

    let (session, asked) = down_for(4);
    let (came, result, _) = run(CreateRoom, &[], bounds(), &session).await;
    assert_eq!((came.status, came.tokens.len(), asked.load(Ordering::SeqCst)), (0, 0, 4));
    let error = result.unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: the token source gave no session token: the log-in is down (trace id t, 0 tries)"
    );

    let (session, asked) = down_for(1);
    let never = Bounds { retry: RetryPolicy::never(), ..bounds() };
    assert!(run(CreateRoom, &[], never, &session).await.1.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_log_in_that_fails_for_a_moment_after_a_401_is_asked_again_too() {
    let count = AtomicUsize::new(0);
    let session = session(token_fn(move || {
        let asked = count.fetch_add(1, Ordering::SeqCst);
        async move { if asked == 1 { Err("the log-in is down".into()) } else { Ok(SessionToken::new(asked.to_string())?) } }
    }));
    let (came, _, _) = run(CreateRoom, &[status(401)], bounds(), &session).await;
    assert_eq!((came.status, came.tokens), (200, vec!["0".to_owned(), "2".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_come_ends_the_call_in_time() {
    let session = session(token_fn(|| async { std::future::pending().await }));
    let bounds = Bounds { whole_call: SECOND * 5, ..bounds() };
    let (came, result, _) = run(ImInfo, &[], bounds, &session).await;
    assert_eq!(came, as_expected(0, &[], 5000));
    let error = result.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "IM info: the token source gave no session token in time: see whether the log-in answers, or allow more time \
         with `.call_timeout(…)` (trace id t, 0 tries)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_sends_nothing() {
    let bounds = Bounds { whole_call: Duration::ZERO, ..bounds() };
    let fixed = Arc::new(Session::fixed(SessionToken::new("T").unwrap()));
    let (came, result, _) = run(CreateRoom, &[], bounds, &fixed).await;
    assert_eq!(came, as_expected(0, &[], 0));
    let error = result.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: the time of the call ran out before the request was sent: allow more with `.call_timeout(…)` (trace \
         id t, 0 tries)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_bound_in_time_is_one() {
    let bounds = Bounds { one_try: Duration::MAX, whole_call: Duration::MAX, ..bounds() };
    assert_eq!(run(ImInfo, &[wait_for(429, 1)], bounds, &counting()).await.0, as_expected(200, &["1"; 2], 1000));
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_pod_asks_one_call_for_holds_back_the_others() {
    let (throttle, session) = (Throttle::new(), counting());
    let never = Bounds { retry: bounds().retry.tries(1), ..bounds() };
    assert_eq!(
        run_beside(&throttle, ImInfo, &[wait_for(429, 7)], never, &session).await.0,
        as_expected(429, &["1"], 0)
    );
    // A call that isn't retried waits as well, since it isn't sent twice.
    for (bounds, took) in [(bounds(), 7000), (never, 0)] {
        let (came, _, _) = run_beside(&throttle, CreateRoom, &[], bounds, &session).await;
        assert_eq!(came, as_expected(200, &["1"], took));
    }

    // 80 calls at once: none of them is sent in the pause.
    let _ = run_beside(&throttle, ImInfo, &[wait_for(429, 1)], never, &session).await;
    let calls = (0..80).map(|_| run_beside(&throttle, ImInfo, &[], never, &session));
    for (came, _, _) in futures::future::join_all(calls).await {
        assert_eq!(came, as_expected(200, &["1"], 1000));
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_is_longer_than_may_be_waited_is_the_answer_of_all_calls_and_nothing_is_sent() {
    let (throttle, session) = (Throttle::new(), counting());
    let _ = run_beside(&throttle, ImInfo, &[wait_for(429, 3600)], bounds(), &session).await;
    sleep(SECOND * 600).await;
    let (came, result, _) = run_beside(&throttle, CreateRoom, &[], bounds(), &session).await;
    assert_eq!(came, as_expected(429, &[], 0));
    let error = result.unwrap_err();
    assert_eq!((error.tries(), error.retry_after(), error.is_retryable()), (0, Some(SECOND * 3000), true));
    assert_eq!(
        error.to_string(),
        "create room: too many requests (429); wait 3000 s before the next call (trace id t, 0 tries)"
    );
    // One that the call has no time for is none that may be waited, either.
    let throttle = Throttle::new();
    let _ =
        run_beside(&throttle, ImInfo, &[wait_for(429, 9)], Bounds { whole_call: SECOND, ..bounds() }, &session).await;
    for seconds in [8, 9] {
        let short = Bounds { whole_call: SECOND * seconds, ..bounds() };
        assert_eq!(run_beside(&throttle, ImInfo, &[], short, &session).await.0, as_expected(429, &[], 0));
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_gets_no_more_than_a_hundred_retries_and_one_for_ten_calls() {
    let (throttle, session) = (Throttle::new(), counting());
    let mut requests = 0;
    let mut last = None;
    for _ in 0..1000 {
        let (came, result, _) = run_beside(&throttle, ImInfo, &[status(503); 9], bounds(), &session).await;
        requests += came.tokens.len();
        last = result.err().or(last);
    }
    // What the first call gives back is lost: the budget is full.
    assert_eq!(requests, 1000 + 100 + 99);
    let error = last.unwrap();
    assert!(error.is_budget_spent());
    assert_eq!(
        error.to_string(),
        "IM info: the pod, or a gateway before it, failed (503); make the call again later (trace id t, 1 try; not sent again, \
         since too many calls of this client failed lately)"
    );
    // What is answered costs nothing, and what is answered 401 neither.
    assert_eq!(run_beside(&throttle, ImInfo, &[status(401)], bounds(), &session).await.0.status, 200);
}

/// A script whose 401s are of a header that changes, of which there are so many values.
struct WithHeader {
    script: Script,
    values: AtomicUsize,
    asked: AtomicUsize,
}

impl Attempt for WithHeader {
    type Output = ();

    async fn attempt(&self, held: &Held, call: &CallInfo, limit: Duration) -> Result<(), Error> {
        self.script.attempt(held, call, limit).await
    }

    fn has_headers(&self) -> bool {
        true
    }

    async fn get_headers(&self, _deadline: Instant) -> Result<(), NoToken> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn is_of_headers(&self, error: &Error) -> bool {
        error.status() == Some(StatusCode::UNAUTHORIZED)
    }

    async fn renew_headers(&self, _deadline: Instant) -> Result<bool, NoToken> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.values.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |values| values.checked_sub(1)).is_ok())
    }
}

#[tokio::test(start_paused = true)]
async fn a_header_that_is_refused_is_replaced_once_and_the_session_is_left_alone() {
    for (values, steps, expected, requests, asked) in [
        (9, vec![], 200, 1, 1),
        (9, vec![status(401)], 200, 2, 2),
        (9, vec![status(401), status(401)], 401, 2, 2),
        (0, vec![status(401)], 401, 1, 2),
        (9, vec![status(500), status(401), status(500)], 200, 4, 2),
    ] {
        let script = Script { steps: Mutex::new(steps.into_iter().collect()), ..Script::default() };
        let call = WithHeader { script, values: AtomicUsize::new(values), asked: AtomicUsize::new(0) };
        let info = CallInfo::new(ImInfo.into(), TraceId::given("t").unwrap());
        let result = drive(&call, &counting(), &Throttle::new(), bounds(), info).await;
        let status = result.as_ref().map_or_else(|error| error.status().map_or(0, |status| status.as_u16()), |_| 200);
        let tries = call.script.tries.into_inner().unwrap();
        assert_eq!((status, tries.len(), call.asked.into_inner()), (expected, requests, asked));
        assert!(tries.iter().all(|(token, _)| token == "1"), "{tries:?}");
    }
}
