//! Many calls, faults, expiring tokens, failing log-ins and cancelled calls at once, in paused time: what holds of all of them,
//! for ten thousand seeds. A law that breaks names its seed.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, reason = "tests may panic")]

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use futures::future::join_all;
use reqwest::StatusCode;
use tokio::time::timeout;

use super::super::error::{Answer, Said, TransportKind};
use super::super::source::token_fn;
use super::super::token::SessionToken;
use super::super::trace_id::TraceId;
use super::*;
use crate::Operation;

const SEEDS: u64 = 10_000;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// This status; 429 and 503 with so many seconds to wait, if any.
    Status { status: u16, acts: bool, retry_after: Option<u64> },
    /// No answer, after a while that may be longer than the try.
    Broken { kind: TransportKind, acts: bool, after: u64 },
    /// The token ends with this request.
    Expires,
    /// A right answer, so many milliseconds late.
    Late(u64),
}

/// A pod that keeps rooms.
struct Model {
    faults: Mutex<Vec<Fault>>,
    random: Mutex<Rng>,
    /// How many rooms each call made, by its trace id.
    rooms: Mutex<HashMap<String, u32>>,
    /// Tokens below this are refused.
    valid_from: AtomicUsize,
    requests: AtomicUsize,
    refused: AtomicUsize,
}

impl Fault {
    fn any(random: &mut Rng) -> Self {
        let acts = random.bool();
        let after = random.u64(..40_000);
        match random.u8(..10) {
            0 => Self::Status { status: 429, acts: false, retry_after: random.bool().then(|| random.u64(..40)) },
            1 => Self::Status { status: 503, acts: false, retry_after: Some(random.u64(..5)) },
            2 => Self::Status { status: 503, acts, retry_after: None },
            3 => Self::Status { status: random.choice([408, 500, 502, 504]).unwrap(), acts, retry_after: None },
            4 => Self::Broken { kind: TransportKind::Connect, acts: false, after: after / 10 },
            5 => Self::Broken { kind: TransportKind::NotProcessed, acts: false, after: after / 10 },
            6 => Self::Broken { kind: TransportKind::Lost, acts, after },
            7 => Self::Broken { kind: TransportKind::CutShort, acts: true, after },
            8 => Self::Expires,
            _ => Self::Late(after),
        }
    }
}

impl Model {
    fn act(&self, call: &CallInfo) {
        if call.called.operation() == Some(Operation::CreateRoom) {
            *self.rooms.lock().unwrap().entry(call.trace_id.to_string()).or_default() += 1;
        }
    }

    fn refusal(call: &CallInfo, status: u16, retry_after: Option<Duration>) -> Error {
        let code = StatusCode::from_u16(status).unwrap();
        let answer = Answer::new(call.clone(), code, Said::default(), retry_after);
        match status {
            401 => Error::Unauthorized { answer, renewal: None },
            429 => Error::RateLimited { answer, retry_after },
            500..=599 => Error::Server(answer),
            _ => Error::UnexpectedStatus(answer),
        }
    }
}

impl Attempt for Model {
    type Output = ();

    async fn attempt(&self, held: &Held, call: &CallInfo, limit: Duration) -> Result<(), Error> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let fault = {
            let mut random = self.random.lock().unwrap();
            let mut faults = self.faults.lock().unwrap();
            // Not always the next request has the next fault.
            if random.u8(..3) == 0 { faults.pop() } else { None }
        };
        if matches!(fault, Some(Fault::Expires)) {
            self.valid_from.fetch_max(held.token.expose().parse::<usize>().unwrap() + 1, Ordering::SeqCst);
        }
        if held.token.expose().parse::<usize>().unwrap() < self.valid_from.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(Self::refusal(call, 401, None));
        }
        match fault {
            None | Some(Fault::Expires) => {
                self.act(call);
                Ok(())
            }
            Some(Fault::Status { status, acts, retry_after }) => {
                if acts {
                    self.act(call);
                }
                Err(Self::refusal(call, status, retry_after.map(Duration::from_secs)))
            }
            Some(Fault::Late(after)) => {
                self.act(call);
                let after = Duration::from_millis(after);
                sleep(after.min(limit)).await;
                if after < limit { Ok(()) } else { Err(broken(call, TransportKind::Lost)) }
            }
            Some(Fault::Broken { kind, acts, after }) => {
                if acts {
                    self.act(call);
                }
                sleep(Duration::from_millis(after).min(limit)).await;
                Err(broken(call, kind))
            }
        }
    }
}

fn broken(call: &CallInfo, kind: TransportKind) -> Error {
    Error::Transport(TransportError::simulated(call.clone(), kind))
}

/// One world, from its first call to its last.
async fn laws_hold(seed: u64) {
    let mut random = Rng::with_seed(seed);
    let faults = (0..random.usize(..=6)).map(|_| Fault::any(&mut random)).collect();
    let model = Model {
        faults: Mutex::new(faults),
        random: Mutex::new(random.fork()),
        rooms: Mutex::default(),
        valid_from: AtomicUsize::new(0),
        requests: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
    };
    let log_ins = Arc::new(AtomicUsize::new(0));
    let failures = Arc::new(Mutex::new((random.u8(..3), random.fork())));
    let count = Arc::clone(&log_ins);
    let session = Arc::new(Session::new(
        Arc::new(token_fn(move || {
            let (fails, takes) = {
                let mut failures = failures.lock().unwrap();
                let fails = failures.0 > 0 && failures.1.bool();
                failures.0 -= u8::from(fails);
                (fails, failures.1.u64(..3000))
            };
            let count = Arc::clone(&count);
            async move {
                sleep(Duration::from_millis(takes)).await;
                if fails {
                    return Err("the log-in is down".into());
                }
                Ok(SessionToken::new(count.fetch_add(1, Ordering::SeqCst).to_string())?)
            }
        })),
        Duration::from_secs(90),
    ));
    let throttle = Throttle::new();
    let calls = if random.u8(..8) == 0 { random.usize(1..=64) } else { random.usize(1..=6) };
    let begun = Instant::now();
    let results = join_all((0..calls).map(|number| {
        let operation = *random.choice(Operation::ALL).unwrap();
        let retry = RetryPolicy::default().tries(random.u32(1..=5));
        let whole_call = Duration::from_millis(random.u64(100..90_000));
        let bounds = Bounds { retry, one_try: Duration::from_secs(random.u64(1..30)), whole_call };
        let starts = Duration::from_millis(if random.bool() { 0 } else { random.u64(..20_000) });
        let cancelled = (random.u8(..4) == 0).then(|| Duration::from_millis(random.u64(..10_000)));
        let (model, session, throttle) = (&model, &session, &throttle);
        async move {
            sleep(starts).await;
            let call = CallInfo::new(operation.into(), TraceId::given(&number.to_string()).unwrap());
            let begun = Instant::now();
            let driven = drive(model, session, throttle, bounds, call);
            let result = timeout(cancelled.unwrap_or(Duration::from_secs(3600)), driven).await;
            // A timer of tokio has milliseconds.
            let limit = whole_call + Duration::from_millis(2);
            assert!(
                begun.elapsed() <= limit,
                "seed {seed}: call {number} took {:?} of {whole_call:?}",
                begun.elapsed()
            );
            result
        }
    }))
    .await;
    assert!(begun.elapsed() < Duration::from_secs(120), "seed {seed}: a call waits for what is done");

    let rooms = model.rooms.lock().unwrap().clone();
    assert!(rooms.values().all(|rooms| *rooms == 1), "seed {seed}: a call made more than one room: {rooms:?}");
    for (number, result) in results.iter().enumerate() {
        if let Ok(Ok(((), call))) = result
            && call.called.operation() == Some(Operation::CreateRoom)
        {
            assert_eq!(rooms.get(&number.to_string()), Some(&1), "seed {seed}: a room that isn't there");
        }
    }
    let (log_ins, generations) = (log_ins.load(Ordering::SeqCst), model.valid_from.load(Ordering::SeqCst) + 1);
    assert!(log_ins <= generations, "seed {seed}: {log_ins} log-ins for {generations} generations");
    let retries = model.requests.load(Ordering::SeqCst) - model.refused.load(Ordering::SeqCst);
    assert!(retries <= calls + 100 + calls / 10, "seed {seed}: {retries} requests of {calls} calls");

    // Nothing stays locked: a call after all this is answered when the pause is over and the token there.
    model.faults.lock().unwrap().clear();
    sleep(Duration::from_secs(120)).await;
    let bounds =
        Bounds { retry: RetryPolicy::default(), one_try: Duration::from_secs(30), whole_call: Duration::from_secs(90) };
    let call = CallInfo::new(Operation::ImInfo.into(), TraceId::given("last").unwrap());
    let last = drive(&model, &session, &throttle, bounds, call).await;
    assert!(last.is_ok(), "seed {seed}: {last:?}");
}

#[tokio::test(start_paused = true)]
async fn in_ten_thousand_random_worlds_the_laws_hold() {
    for seed in 0..SEEDS {
        laws_hold(seed).await;
    }
}
