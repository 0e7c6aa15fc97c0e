//! Every fault, at every operation, with and without retries: what the caller gets, and how many requests reach the pod.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use pod_api::types::V3RoomAttributes;
use pod_api_ext::mock::{Fault, MockPod, Received};
use pod_api_ext::{Error, Operation, Pod, RetryPolicy, SessionToken, TokenSource, token_fn};
use pod_api_tests::{Test, root};

/// Retried, a call is sent three times at most, after waits that are over at once.
fn patience() -> RetryPolicy {
    RetryPolicy::default().tries(3).first_step(Duration::ZERO)
}

/// What a fault that happens once comes to: the result, and the requests that reached the pod.
struct Row {
    fault: &'static str,
    make: fn() -> Fault,
    /// Sent once.
    alone: &'static str,
    /// Operations for which it is something else.
    except: &'static [(Operation, &'static str)],
    again: Again,
}

/// What is sent again after a fault, by a client that retries.
enum Again {
    /// Nothing: it is the answer.
    Nothing,
    /// What may be sent twice.
    Safe,
    /// Everything: the pod didn't act.
    All,
}

impl Row {
    fn alone(&self, operation: Operation) -> &'static str {
        self.except.iter().find(|(other, _)| *other == operation).map_or(self.alone, |(_, result)| result)
    }

    fn retried(&self, operation: Operation) -> &'static str {
        match self.again {
            Again::Safe if operation.safety().may_repeat() => OK_AGAIN,
            Again::All => OK_AGAIN,
            Again::Safe | Again::Nothing => self.alone(operation),
        }
    }
}

const OK: &str = "ok, 1";
const OK_AGAIN: &str = "ok, 2";

/// A fault after which nothing is sent again.
const fn answer(fault: &'static str, make: fn() -> Fault, alone: &'static str) -> Row {
    Row { fault, make, alone, except: &[], again: Again::Nothing }
}

/// A fault after which only what may be sent twice is sent again.
const fn unsafe_again(fault: &'static str, make: fn() -> Fault, alone: &'static str) -> Row {
    Row { fault, make, alone, except: &[], again: Again::Safe }
}

/// A fault that shows that the pod didn't act.
const fn again(fault: &'static str, make: fn() -> Fault, alone: &'static str) -> Row {
    Row { fault, make, alone, except: &[], again: Again::All }
}

const SOON: Duration = Duration::from_secs(1);

const MATRIX: &[Row] = &[
    answer("400", || Fault::status(StatusCode::BAD_REQUEST), "BadRequest 400, 1"),
    answer("401", || Fault::status(StatusCode::UNAUTHORIZED), OK_AGAIN),
    answer("401 in HTML", || Fault::html(StatusCode::UNAUTHORIZED), OK_AGAIN),
    answer("403", || Fault::status(StatusCode::FORBIDDEN), "Forbidden 403, 1"),
    answer("404", || Fault::status(StatusCode::NOT_FOUND), "UnexpectedStatus 404, 1"),
    unsafe_again("408", || Fault::status(StatusCode::REQUEST_TIMEOUT), "UnexpectedStatus 408, 1"),
    again("429", || Fault::status(StatusCode::TOO_MANY_REQUESTS), "RateLimited 429, 1"),
    again("429 with `Retry-After` in seconds", || throttled().retry_after(Duration::ZERO), "RateLimited 429, 1"),
    again("429 with `Retry-After` as a date", || throttled().retry_after_date(Duration::ZERO), "RateLimited 429, 1"),
    answer("451", || Fault::status(StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS), "Compliance 451, 1"),
    unsafe_again("500", || Fault::status(StatusCode::INTERNAL_SERVER_ERROR), "Server 500, 1"),
    unsafe_again(
        "500 after it acted",
        || Fault::status(StatusCode::INTERNAL_SERVER_ERROR).after_acting(),
        "Server 500, 1",
    ),
    unsafe_again("502 in HTML", || Fault::html(StatusCode::BAD_GATEWAY), "Server 502, 1"),
    unsafe_again("503", || Fault::status(StatusCode::SERVICE_UNAVAILABLE), "Server 503, 1"),
    again("503 with `Retry-After`", || unavailable().retry_after(Duration::ZERO), "Server 503, 1"),
    unsafe_again("504 without a body", || gateway_timeout().without_body(), "Server 504, 1"),
    answer(
        "redirect to another host",
        || Fault::redirect(StatusCode::TEMPORARY_REDIRECT, "http://elsewhere.example/"),
        "Redirected 307, 1",
    ),
    unsafe_again("connection reset", Fault::reset, "Transport Lost, 1"),
    unsafe_again("connection reset after it acted", || Fault::reset().after_acting(), "Transport Lost, 1"),
    unsafe_again("connection closed", Fault::close, "Transport Lost, 1"),
    unsafe_again("no answer", Fault::hang, "Transport TimedOut, 1"),
    unsafe_again("no answer after it acted", || Fault::hang().after_acting(), "Transport TimedOut, 1"),
    answer("late answer", || Fault::delay(Duration::from_millis(20)), OK),
    unsafe_again("success, its body cut short", Fault::cut, "Transport CutShort, 1"),
    answer("success without a body", Fault::empty, "Undecodable 200, 1"),
    answer("success with `null` for what is absent", Fault::nulls, OK),
    Row {
        except: &[(Operation::CreateIm, "Undecodable 200, 1")],
        ..answer("success with nothing but `null`", Fault::only_nulls, OK)
    },
    answer("success with fields that are new", Fault::new_fields, OK),
];

fn throttled() -> Fault {
    Fault::status(StatusCode::TOO_MANY_REQUESTS)
}

fn unavailable() -> Fault {
    Fault::status(StatusCode::SERVICE_UNAVAILABLE)
}

fn gateway_timeout() -> Fault {
    Fault::status(StatusCode::GATEWAY_TIMEOUT)
}

/// Logs in: the first token is the one that the pod began with.
fn log_in(mock: &Arc<MockPod>) -> impl TokenSource + use<> {
    let (mock, first) = (Arc::clone(mock), AtomicBool::new(true));
    token_fn(move || {
        let token = if first.swap(false, Ordering::SeqCst) { Ok(mock.token()) } else { mock.issue_token() };
        async { Ok(SessionToken::new(token?)?) }
    })
}

/// One cell: a pod to which a fault happens so many times, and a call. The result, and the requests.
async fn cell(operation: Operation, fault: Fault, times: usize, retry: RetryPolicy) -> Test<String> {
    const CALL: Duration = Duration::from_secs(60);
    // Only where no answer comes is the time of a try over, however busy the machine is.
    let one_try = if [Fault::hang(), Fault::hang().after_acting()].contains(&fault) { SOON } else { CALL };
    let mock = Arc::new(MockPod::start().await?);
    let im = mock.im_between(1, 2)?;
    let pod = Pod::builder(mock.base_url())?
        .session_from(log_in(&mock))
        .retry(retry)
        .try_timeout(one_try)
        .call_timeout(CALL)
        .build()?;
    mock.fail(operation, fault, times);
    let begun = Instant::now();
    let result = match operation {
        Operation::CreateIm => pod.create_im([1, 2]).await.map(|_| ()),
        Operation::CreateRoom => {
            pod.create_room(V3RoomAttributes::builder().name("Project X".to_owned())).await.map(|_| ())
        }
        Operation::ImInfo => pod.im_info(&im).await.map(|_| ()),
        other => return Err(format!("{other} is new: say here how it is called").into()),
    };
    assert!(begun.elapsed() < CALL);
    let requests = mock.requests();
    for token in requests.iter().filter_map(Received::token) {
        assert!(!format!("{result:?} {pod:?}").contains(token));
    }
    // A second room of the name would have been refused with 400; a second that isn't would be here.
    assert!(mock.rooms().len() <= 1 && mock.ims().len() == 1, "{:?} {:?}", mock.rooms(), mock.ims());
    Ok(format!("{}, {}", outcome(&result), requests.len()))
}

fn outcome(result: &Result<(), Error>) -> String {
    let variant = |error: &Error| format!("{error:?}").split([' ', '(', '{']).next().unwrap_or_default().to_owned();
    match result {
        Ok(()) => "ok".to_owned(),
        Err(Error::Transport(error)) => format!("Transport {:?}", error.kind()),
        Err(error) => format!("{} {}", variant(error), error.status().map_or(0, |status| status.as_u16())),
    }
}

/// Makes the cells of all rows, some at a time.
async fn cells(times: usize, retry: RetryPolicy) -> Test<Vec<Vec<String>>> {
    let all = MATRIX.iter().flat_map(|row| Operation::ALL.iter().map(|operation| (*operation, (row.make)())));
    let calls = all.map(|(operation, fault)| cell(operation, fault, times, retry));
    let cells: Vec<String> = futures::stream::iter(calls).buffered(8).try_collect().await?;
    Ok(cells.chunks(Operation::ALL.len()).map(<[String]>::to_vec).collect())
}

fn assert_cells(seen: &[Vec<String>], expected: impl Fn(&Row, Operation) -> String) {
    let seen: Vec<String> = MATRIX.iter().zip(seen).map(|(row, cells)| format!("{}: {cells:?}", row.fault)).collect();
    let expected = |row| Operation::ALL.iter().map(|operation| expected(row, *operation)).collect::<Vec<_>>();
    let expected: Vec<String> = MATRIX.iter().map(|row| format!("{}: {:?}", row.fault, expected(row))).collect();
    assert_eq!(seen, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_a_call_that_is_sent_once_is_what_the_table_says() -> Test {
    assert_cells(&cells(1, RetryPolicy::never()).await?, |row, operation| row.alone(operation).to_owned());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_a_call_that_is_retried_is_what_the_table_says() -> Test {
    assert_cells(&cells(1, patience()).await?, |row, operation| row.retried(operation).to_owned());
    Ok(())
}

/// A fault that doesn't go away is the answer in the end, after as many requests as the policy allows.
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_stays_is_the_answer_after_all_tries() -> Test {
    assert_cells(&cells(usize::MAX, patience()).await?, |row, operation| {
        match (row.alone(operation), row.retried(operation)) {
            // Of the 401s, the second is the answer.
            (OK_AGAIN, OK_AGAIN) => "Unauthorized 401, 2".to_owned(),
            (alone, retried) if alone == retried => alone.to_owned(),
            (alone, _) => format!("{}, 3", alone.trim_end_matches(", 1")),
        }
    });
    Ok(())
}

#[tokio::test]
async fn no_call_takes_longer_than_it_may() -> Test {
    const CALL: Duration = Duration::from_millis(300);
    for fault in [Fault::hang(), Fault::hang().after_acting(), throttled().retry_after(SOON), Fault::delay(SOON)] {
        let mock = Arc::new(MockPod::start().await?);
        let retry = RetryPolicy::default().tries(100).first_step(Duration::ZERO);
        let pod = Pod::builder(mock.base_url())?
            .session_from(log_in(&mock))
            .retry(retry)
            .try_timeout(Duration::from_millis(100))
            .call_timeout(CALL)
            .build()?;
        mock.fail(Operation::CreateIm, fault.clone(), usize::MAX);
        let begun = Instant::now();
        assert!(pod.create_im([1, 2]).await.is_err());
        // A hundred tries would take ten seconds at least; two are for a busy machine.
        assert!(begun.elapsed() < CALL + 2 * SOON, "{fault:?}: {:?}", begun.elapsed());
    }
    Ok(())
}

#[tokio::test]
async fn a_wait_that_is_longer_than_may_be_waited_is_not_begun_and_the_error_says_how_long_it_is() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let pod = Pod::builder(mock.base_url())?.session_from(log_in(&mock)).build()?;
    mock.fail(Operation::CreateIm, throttled().retry_after(Duration::from_secs(3600)), usize::MAX);
    let begun = Instant::now();
    let Err(error) = pod.create_im([1, 2]).trace_id("t").await else { return Err("an IM".into()) };
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!((error.tries(), error.retry_after()), (1, Some(Duration::from_secs(3600))));
    assert_eq!(
        error.to_string(),
        "create IM: too many requests (429): A fault that the test asked for; wait 3600 s before the next call (code 429, \
         trace id t, 1 try)"
    );
    Ok(())
}

#[tokio::test]
async fn a_redirect_takes_no_token_to_another_host() -> Test {
    let elsewhere = MockPod::start().await?;
    for status in [301, 302, 303, 307, 308] {
        let mock = Arc::new(MockPod::start().await?);
        let pod = Pod::builder(mock.base_url())?.session_from(log_in(&mock)).build()?;
        let target = format!("{}/v1/admin/im/create", elsewhere.base_url());
        mock.fail(Operation::CreateIm, Fault::redirect(StatusCode::from_u16(status)?, &target), 1);
        let Err(error) = pod.create_im([1, 2]).await else { return Err("followed".into()) };
        assert!(matches!(&error, Error::Redirected { host: Some(host), .. } if host == "127.0.0.1"), "{error}");
    }
    assert!(elsewhere.requests().is_empty());
    Ok(())
}

#[test]
fn the_table_of_the_docs_is_the_one_that_is_tested() -> Test {
    let mut table = "| what goes wrong once | sent once |".to_owned();
    for operation in Operation::ALL {
        table += &format!(" {}, retried |", operation.title());
    }
    table += &format!("\n|---|---|{}\n", "---|".repeat(Operation::ALL.len()));
    for row in MATRIX {
        let except = row.except.iter().map(|(operation, result)| format!("; {}: {result}", operation.title()));
        table += &format!("| {} | {}{} |", row.fault, row.alone, except.collect::<String>());
        for operation in Operation::ALL {
            let retried = row.retried(*operation);
            table += &format!(" {} |", if retried == row.alone(*operation) { "the same" } else { retried });
        }
        table += "\n";
    }
    let docs = std::fs::read_to_string(root().join("pod-api-ext/src/pod/faults.md"))?;
    assert!(docs == table, "pod-api-ext/src/pod/faults.md differs from what is tested; it should be:\n{table}");
    Ok(())
}

/// Interim responses are read as fast as they come, and none of them is the answer.
#[cfg_attr(debug_assertions, ignore = "before other tasks run, hyper reads 50 MB, for seconds if it isn't optimised")]
#[tokio::test]
async fn a_flood_of_interim_responses_does_not_outlast_the_call() -> Test {
    const CALL: Duration = Duration::from_secs(1);
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let base_url = format!("http://{}/pod", listener.local_addr()?);
    // On a thread of its own, as a pod is on a machine of its own.
    let flood = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let interim = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(10_000);
        for connection in listener.incoming().take(1) {
            let mut connection = connection?;
            let _ = connection.read(&mut [0; 4096])?;
            while connection.write_all(&interim).is_ok() {}
        }
        std::io::Result::Ok(())
    });
    let pod = Pod::builder(base_url)?.session("T").retry(RetryPolicy::never()).call_timeout(CALL).build()?;
    let begun = Instant::now();
    let Err(error) = pod.create_im([1, 2]).await else { return Err("an IM".into()) };
    assert!(error.is_timeout() && begun.elapsed() < CALL + CALL / 4, "{:?} {error}", begun.elapsed());
    drop(pod);
    flood.join().map_err(|_| "the flood panicked")??;
    Ok(())
}
