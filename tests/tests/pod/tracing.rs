//! What a client tells `tracing`: a span for each call, an event for each try, and no secrets.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use pod_api::types::V3RoomAttributes;
use pod_api_ext::mock::{Fault, MockPod};
use pod_api_ext::{Operation, Pod, RetryPolicy, SessionToken, token_fn};
use pod_api_tests::Test;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber as _;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down all spans and events, of every crate and level.
#[derive(Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Vec<String>>>);

impl Capture {
    fn note(&self, metadata: &Metadata<'_>, values: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{} {}", metadata.level(), metadata.target()));
        values(&mut line);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those of the client itself.
    fn own(&self) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.contains(" pod_api_ext")).collect()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(span.metadata(), |line| {
            line.0 += &format!(" span {}", span.metadata().name());
            span.record(line);
        });
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn client(mock: &Arc<MockPod>) -> Test<Pod> {
    let source = {
        let mock = Arc::clone(mock);
        let first = std::sync::atomic::AtomicBool::new(true);
        token_fn(move || {
            let token = if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
                Ok(mock.token())
            } else {
                mock.issue_token()
            };
            async { Ok(SessionToken::new(token?)?) }
        })
    };
    let retry = RetryPolicy::default().first_step(Duration::ZERO);
    Ok(Pod::builder(mock.base_url())?.session_from(source).default_header("X-Key", "S3CRET").retry(retry).build()?)
}

#[tokio::test]
async fn a_call_is_a_span_and_each_of_its_tries_an_event() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let pod = client(&mock)?;
    mock.fail(Operation::CreateIm, Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::ZERO), 1);
    mock.fail(Operation::CreateIm, Fault::status(StatusCode::UNAUTHORIZED), 1);
    let capture = Capture::default();
    pod.create_im([1, 2]).trace_id("t1").send().with_subscriber(capture.clone()).await?;
    assert_eq!(
        capture.own(),
        [
            r#"INFO pod_api_ext span pod_call operation="create-im" trace_id="t1""#,
            r#"WARN pod_api_ext message=sent again after a wait operation="create-im" status=429 try=1 wait=0ns trace_id="t1" event="429: the pod didn't act""#,
            r#"WARN pod_api_ext message=sent again with a new token operation="create-im" status=401 try=2 trace_id="t1" event="401""#,
            r#"DEBUG pod_api_ext message=answered operation="create-im" status=200 try=3 trace_id="t1""#,
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_call_that_fails_says_so_in_its_last_event() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let pod = client(&mock)?;
    mock.fail(Operation::ImInfo, Fault::reset(), 99);
    let capture = Capture::default();
    let (id, retry) = (mock.im_between(1, 2)?, RetryPolicy::never());
    let failed = pod.im_info(&id).retry(retry).trace_id("t1").send().with_subscriber(capture.clone()).await;
    assert!(failed.is_err());
    assert_eq!(
        capture.own(),
        [
            r#"INFO pod_api_ext span pod_call operation="im-info" trace_id="t1""#,
            r#"INFO pod_api_ext message=failed operation="im-info" try=1 trace_id="t1" event="connection lost, or the time of a try over, before there was a response""#,
        ]
    );
    Ok(())
}

#[tokio::test]
async fn neither_tokens_nor_bodies_are_told() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let pod = client(&mock)?;
    let capture = Capture::default();
    let echo = Fault::status(StatusCode::BAD_REQUEST).body(format!(r#"{{"message":"B0DY {}"}}"#, mock.token()));
    for fault in [Fault::nulls(), Fault::cut(), Fault::empty(), echo, Fault::status(StatusCode::UNAUTHORIZED)] {
        mock.fail(Operation::CreateRoom, fault, 1);
        let room = V3RoomAttributes::builder().name("N4ME".to_owned()).description("N4ME".to_owned());
        let _ = pod.create_room(room).send().with_subscriber(capture.clone()).await;
    }
    let lines = capture.lines();
    assert!(lines.len() > 10, "{lines:?}");
    let requests = mock.requests();
    let tokens = requests.iter().filter_map(pod_api_ext::mock::Received::token);
    for secret in tokens.chain(["N4ME", "B0DY", "S3CRET"]) {
        let told: Vec<_> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
    Ok(())
}
