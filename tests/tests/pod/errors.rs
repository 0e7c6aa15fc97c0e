//! What a caller learns when a pod answers with something else than a result. Each answer is one that pods or gateways
//! were seen to give.

use std::error::Error as _;
use std::time::Duration;

use pod_api::support::BodyLimits;
use pod_api::types::V3RoomAttributes;
use pod_api_ext::pod::TransportKind;
use pod_api_ext::{Error, Operation, Pod, RetryPolicy, StreamId};
use pod_api_tests::{OneShot, Test, response};

const TOKEN: &str = "T0KEN-of-the+session/==";
const ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";

async fn pod(answer: impl Into<Vec<u8>>) -> Test<Pod> {
    let server = OneShot::start(answer).await?;
    Ok(Pod::builder(server.base_url())?.session(TOKEN).retry(RetryPolicy::never()).build()?)
}

async fn im_info(pod: &Pod) -> Test<Error> {
    let id: StreamId = ID.parse()?;
    match pod.im_info(&id).trace_id("t1").await {
        Ok(info) => Err(format!("{info:?}").into()),
        Err(error) => Ok(error),
    }
}

async fn create_room(pod: &Pod) -> Test<Error> {
    let room = V3RoomAttributes::builder().name("Project X".to_owned());
    match pod.create_room(room).trace_id("t1").await {
        Ok(room) => Err(format!("{room:?}").into()),
        Err(error) => Ok(error),
    }
}

/// What an error is told apart by.
fn summary(error: &Error) -> String {
    let variant = format!("{error:?}").split([' ', '(', '{']).next().unwrap_or_default().to_owned();
    let status = error.status().map_or(0, |status| status.as_u16());
    format!(
        "{variant} {status} code={:?} message={:?} again={}",
        error.pod_code(),
        error.pod_message(),
        error.is_retryable()
    )
}

#[tokio::test]
async fn every_status_says_what_happened_what_the_pod_said_and_what_to_do() -> Test {
    let error = |code: i32| format!(r#"{{"code":{code},"message":"because"}}"#);
    for (status, headers, body, expected_summary, expected) in [
        (
            "400 Bad Request",
            "",
            error(7),
            r#"BadRequest 400 code=Some(7) message=Some("because") again=false"#,
            "create room: the pod found the request invalid (400): because; fix it before you send it again (code \
             7, trace id t1, 1 try)",
        ),
        (
            "401 Unauthorized",
            "",
            error(401),
            r#"Unauthorized 401 code=Some(401) message=Some("because") again=false"#,
            "create room: the pod refused the session token (401): because; log in again for a new one (code 401, trace \
             id t1, 1 try)",
        ),
        (
            "403 Forbidden",
            "",
            error(403),
            r#"Forbidden 403 code=Some(403) message=Some("because") again=false"#,
            "create room: the caller may not do this (403): because; it takes the entitlement canCreatePublicRoom for a \
             public room (R7), the entitlement isExternalRoomEnabled for a cross-pod room (R8), the pod's entitlement \
             canCreateExternalRoomSharedHistory for a cross-pod room with viewHistory (R6) (code 403, trace id t1, 1 try)",
        ),
        (
            "451 Unavailable For Legal Reasons",
            "",
            error(451),
            r#"Compliance 451 code=Some(451) message=Some("because") again=false"#,
            "create room: compliance forbids the request (451): because; change what it says, or ask the compliance \
             officer (code 451, trace id t1, 1 try)",
        ),
        (
            "429 Too Many Requests",
            "retry-after: 17\r\n",
            error(429),
            r#"RateLimited 429 code=Some(429) message=Some("because") again=true"#,
            "create room: too many requests (429): because; wait 17 s before the next call (code 429, trace id t1, 1 try)",
        ),
        (
            "429 Too Many Requests",
            "",
            String::new(),
            "RateLimited 429 code=None message=None again=true",
            "create room: too many requests (429); wait before the next call (trace id t1, 1 try)",
        ),
        (
            "500 Internal Server Error",
            "",
            "{}".to_owned(),
            "Server 500 code=None message=None again=false",
            "create room: the pod, or a gateway before it, failed (500); see whether it acted before the call is made \
             again (trace id t1, 1 try)",
        ),
        (
            "503 Service Unavailable",
            "retry-after: 1\r\n",
            "<html>\r\n  <h1>Down</h1>\r\n</html>".to_owned(),
            "Server 503 code=None message=None again=true",
            "create room: the pod, or a gateway before it, failed (503): <html> <h1>Down</h1> </html>; make the call again \
             later (trace id t1, 1 try)",
        ),
        (
            "404 Not Found",
            "",
            r#"{"code":"12","message":"because","details":["x"]}"#.to_owned(),
            r#"UnexpectedStatus 404 code=Some(12) message=Some("because") again=false"#,
            "create room: a status that the operation's page doesn't know (404): because; see whether the base URL leads \
             to a pod (code 12, trace id t1, 1 try)",
        ),
        (
            "204 No Content",
            "",
            String::new(),
            "Undecodable 204 code=None message=None again=false",
            "create room: the pod acted, but its answer is not what the page says: EOF while parsing a value at line 1 \
             column 0 (204); see whether the pod is newer than this client (trace id t1, 1 try)",
        ),
        (
            "407 Proxy Authentication Required",
            "",
            String::new(),
            "UnexpectedStatus 407 code=None message=None again=false",
            "create room: a proxy wants credentials (407); give them with `.proxy(…)` (trace id t1, 1 try)",
        ),
        (
            "408 Request Timeout",
            "",
            String::new(),
            "UnexpectedStatus 408 code=None message=None again=false",
            "create room: the pod waited too long for the request (408); see whether it acted before the call is made again \
             (trace id t1, 1 try)",
        ),
        (
            "200 OK",
            "content-encoding: br\r\n",
            "\u{1}\u{2}?".to_owned(),
            "Undecodable 200 code=None message=None again=false",
            "create room: the pod acted, but its answer is not what the page says: the body is encoded as `br`, which wasn't \
             asked for (200): ?; see whether the pod is newer than this client (trace id t1, 1 try)",
        ),
        (
            "302 Found",
            "location: https://evil.example/?token=T0KEN-of-the+session/==\r\n",
            String::new(),
            "Redirected 302 code=None message=None again=false",
            "create room: a redirect to `evil.example`, which isn't followed, as the token would go along (302); see \
             whether the base URL is the pod's own (trace id t1, 1 try)",
        ),
        (
            "200 OK",
            "",
            r#"{"roomAttributes":7}"#.to_owned(),
            "Undecodable 200 code=None message=None again=false",
            "create room: the pod acted, but its answer is not what the page says: invalid type: integer `7`, expected \
             struct V3RoomAttributes at line 1 column 19 (200): {\"roomAttributes\":7}; see whether the pod is newer than \
             this client (trace id t1, 1 try)",
        ),
        (
            "200 OK",
            "",
            String::new(),
            "Undecodable 200 code=None message=None again=false",
            "create room: the pod acted, but its answer is not what the page says: EOF while parsing a value at line 1 \
             column 0 (200); see whether the pod is newer than this client (trace id t1, 1 try)",
        ),
    ] {
        let error = create_room(&pod(response(status, headers, &body)).await?).await?;
        assert_eq!(summary(&error), expected_summary);
        assert_eq!(error.to_string(), expected);
        assert!(error.source().is_none(), "{error:?}");
        assert_eq!(error.operation(), Some(Operation::CreateRoom));
        assert_eq!(error.trace_id(), Some("t1"));
        assert_eq!(error.tries(), 1);
    }
    Ok(())
}

/// There is nothing to be looked after: a read changes nothing.
#[tokio::test]
async fn a_read_that_fails_never_says_that_the_pod_may_have_acted() -> Test {
    let call = "(trace id t1, 1 try)";
    let operators = "the pod, or a gateway before it, failed (501); tell the pod's operators, with the trace id";
    for (answer, expected) in [
        (response("501 Not Implemented", "", ""), format!("IM info: {operators} {call}")),
        (
            response("503 Service Unavailable", "", ""),
            format!("IM info: the pod, or a gateway before it, failed (503); make the call again later {call}"),
        ),
        (
            response("408 Request Timeout", "", ""),
            format!("IM info: the pod waited too long for the request (408); make the call again later {call}"),
        ),
        (String::new(), format!("IM info: the connection broke before there was an answer {call}")),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_owned(),
            format!("IM info: the answer (200) was cut short {call}"),
        ),
        (
            response("200 OK", "", "[]"),
            format!(
                "IM info: the answer is not what the page says: invalid type: sequence, expected struct V1imDetail at line 1 \
                 column 0 (200): []; see whether the pod is newer than this client {call}"
            ),
        ),
    ] {
        assert_eq!(im_info(&pod(answer).await?).await?.to_string(), expected);
    }
    Ok(())
}

#[tokio::test]
async fn another_success_with_the_documented_body_is_the_result() -> Test {
    for status in ["201 Created", "202 Accepted", "203 Non-Authoritative Information"] {
        let pod = pod(response(status, "", r#"{"roomSystemInfo":{"id":"a"}}"#)).await?;
        let room = pod.create_room(V3RoomAttributes::builder().name("Project X".to_owned())).await?;
        assert_eq!(room.room_system_info.and_then(|info| info.id).as_deref(), Some("a"));
    }
    let error = create_room(&pod(response("201 Created", "", "<html>")).await?).await?;
    assert_eq!(
        error.to_string(),
        "create room: the pod acted, but its answer is not what the page says: expected value at line 1 column 1 (201): \
         <html>; see whether the pod is newer than this client (trace id t1, 1 try)"
    );
    Ok(())
}

#[tokio::test]
async fn a_byte_order_mark_before_an_answer_is_passed_over() -> Test {
    let pod = pod(response("200 OK", "", "\u{feff}{\"id\":\"usnBKBkH_BVrGOiVpaupEH___okFfE7QdA\"}")).await?;
    assert_eq!(pod.create_im([1, 2]).await?.as_str(), ID);
    for status in ["400 Bad Request", "429 Too Many Requests"] {
        let error = create_room(&self::pod(response(status, "", "\u{feff}{\"message\":\"no\"}")).await?).await?;
        assert_eq!(error.pod_message(), Some("no"));
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_too_long_keeps_its_status_and_its_beginning() -> Test {
    let long = format!("{{\"message\":\"{}\"}}", "x".repeat(2000));
    let limits = BodyLimits::default().success(1000).error(1000);
    for (status, expected) in [
        ("200 OK", "Undecodable 200"),
        ("201 Created", "Undecodable 201"),
        ("400 Bad Request", "BadRequest 400"),
        ("429 Too Many Requests", "RateLimited 429"),
    ] {
        let pod = pod(response(status, "retry-after: 7\r\n", &long)).await?;
        let call = pod.create_room(V3RoomAttributes::builder().name("Project X".to_owned()));
        let Err(error) = call.body_limits(limits).await else { return Err("a room".into()) };
        assert!(summary(&error).starts_with(expected), "{error}");
        let body = error.answer().and_then(|answer| answer.body()).unwrap_or_default();
        assert!(body.starts_with("{\"message\":\"xxx") && body.chars().count() == 500, "{body}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }
    Ok(())
}

#[tokio::test]
async fn what_may_be_sent_again_depends_on_the_operation() -> Test {
    for (status, again) in [
        ("500 Internal Server Error", true),
        ("501 Not Implemented", false),
        ("502 Bad Gateway", true),
        ("503 Service Unavailable", true),
        ("504 Gateway Timeout", true),
        ("408 Request Timeout", true),
        ("429 Too Many Requests", true),
        ("404 Not Found", false),
        ("451 Unavailable For Legal Reasons", false),
    ] {
        assert_eq!(im_info(&pod(response(status, "", "{}")).await?).await?.is_retryable(), again, "{status}");
    }
    assert!(!create_room(&pod(response("503 Service Unavailable", "", "{}")).await?).await?.is_retryable());
    assert!(!create_room(&pod("").await?).await?.is_retryable());
    assert!(im_info(&pod("").await?).await?.is_retryable());
    Ok(())
}

#[tokio::test]
async fn a_body_of_any_kind_leaves_the_status() -> Test {
    let long = "x".repeat(100_000);
    let cut = format!("HTTP/1.1 401 Unauthorized\r\ncontent-length: 99\r\n\r\n{{\"code\":401,\"message\":\"{TOKEN}");
    let array = response("401 Unauthorized", "", "[1, 2]");
    for (answer, body) in [
        (response("401 Unauthorized", "", "<html>no</html>").into_bytes(), Some("<html>no</html>".to_owned())),
        (array.into_bytes(), Some("[1, 2]".to_owned())),
        (response("401 Unauthorized", "", "").into_bytes(), None),
        (response("401 Unauthorized", "", "null").into_bytes(), Some("null".to_owned())),
        (
            b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n\xff\xfe".to_vec(),
            Some("\u{fffd}\u{fffd}".to_owned()),
        ),
        (response("401 Unauthorized", "", &long).into_bytes(), Some(format!("{}…", "x".repeat(499)))),
        (cut.into_bytes(), Some("{\"code\":401,\"message\":\"[redacted]".to_owned())),
    ] {
        let error = im_info(&pod(answer).await?).await?;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
        assert_eq!(error.answer().and_then(|answer| answer.body()), body.as_deref());
        assert!(matches!(error, Error::Unauthorized { renewal: None, .. }));
    }
    Ok(())
}

#[tokio::test]
async fn what_breaks_on_the_way_is_told_apart() -> Test {
    let closed = Pod::builder(OneShot::closed().await?)?.session(TOKEN).retry(RetryPolicy::never()).build()?;
    let error = create_room(&closed).await?;
    assert_eq!(kind(&error), Some(TransportKind::Connect));
    assert!(error.is_retryable() && !error.is_timeout() && error.source().is_some());
    assert_eq!(
        error.to_string(),
        "create room: no connection to the pod: see whether the base URL and the proxy are right and the host is up (trace \
         id t1, 1 try)"
    );

    let error = create_room(&pod("").await?).await?;
    assert_eq!(kind(&error), Some(TransportKind::Lost));
    assert_eq!(
        error.to_string(),
        "create room: the connection broke before there was an answer: the pod may have acted (trace id t1, 1 \
         try)"
    );

    let error = create_room(&pod("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await?).await?;
    assert_eq!(kind(&error), Some(TransportKind::CutShort));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: the answer (200) was cut short: the pod acted, and what it said is lost (trace id t1, 1 try)"
    );
    Ok(())
}

#[tokio::test]
async fn time_that_is_up_is_told_from_a_connection_that_broke() -> Test {
    let mock = pod_api_ext::mock::MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).retry(RetryPolicy::never()).build()?;
    mock.fail(Operation::CreateRoom, pod_api_ext::mock::Fault::hang(), 1);
    let call = pod.create_room(V3RoomAttributes::builder().name("X".to_owned())).trace_id("t1");
    let Err(error) = call.try_timeout(Duration::from_millis(50)).await else { return Err("a room".into()) };
    assert_eq!(kind(&error), Some(TransportKind::TimedOut));
    assert!(error.is_timeout() && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: no answer in time: the pod may have acted; allow more time with `.try_timeout(…)` or \
         `.call_timeout(…)` (trace id t1, 1 try)"
    );
    Ok(())
}

fn kind(error: &Error) -> Option<TransportKind> {
    match error {
        Error::Transport(error) => Some(error.kind()),
        _ => None,
    }
}

#[tokio::test]
async fn a_success_without_what_was_asked_for_says_what_is_missing() -> Test {
    for (body, problem) in
        [("{}", "`id` is missing"), (r#"{"id":null}"#, "`id` is missing"), (r#"{"id":"a b c"}"#, "`id`: ")]
    {
        let pod = pod(response("200 OK", "", body)).await?;
        let Err(error) = pod.create_im([1, 2]).await else { return Err("an id".into()) };
        assert!(matches!(&error, Error::Undecodable { problem: said, .. } if said.starts_with(problem)), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    }
    Ok(())
}

#[tokio::test]
async fn no_error_shows_the_token_wherever_the_pod_echoes_it() -> Test {
    let encoded = "T0KEN-of-the%2Bsession%2F%3D%3D";
    let json = format!(r#"{{"code":1,"message":"{TOKEN} is bad, {encoded} too"}}"#);
    let mut answers = vec![
        format!("HTTP/1.1 302 Found\r\nlocation: https://{TOKEN}.example/\r\ncontent-length: 0\r\n\r\n").into_bytes(),
        format!("HTTP/1.1 429 {TOKEN}\r\nretry-after: {TOKEN}\r\ncontent-length: 0\r\n\r\n").into_bytes(),
        format!("{TOKEN}\r\n\r\n").into_bytes(),
        response("200 OK", "", &format!(r#"{{"V1IMAttributes":"{TOKEN}"}}"#)).into_bytes(),
        response("200 OK", "", &format!(r#"{{"IMSystemInfo":{{"creationDate":"{TOKEN}"}}}}"#)).into_bytes(),
    ];
    for status in ["400", "401", "403", "404", "429", "451", "500", "503", "200", "204"] {
        let head = format!("{status} X");
        answers.push(response(&head, "", &json).into_bytes());
        answers.push(response(&head, "", &format!("<html>{TOKEN}</html>")).into_bytes());
        answers.push(response(&head, "", &TOKEN.repeat(5000)).into_bytes());
        answers.push(format!("HTTP/1.1 {head}\r\ncontent-length: 999\r\n\r\n{}", &TOKEN[..15]).into_bytes());
    }
    for answer in answers {
        let id: StreamId = ID.parse()?;
        let pod = pod(answer.clone()).await?;
        let Err(error) = pod.im_info(&id).await else { continue };
        let mut shown = format!("{error} {error:?} {error:#?} {pod:?}");
        let mut source = error.source();
        while let Some(error) = source {
            shown += &format!(" {error} {error:?}");
            source = error.source();
        }
        for secret in [TOKEN, encoded, &TOKEN[..15]] {
            let shown = shown.to_lowercase();
            assert!(!shown.contains(&secret.to_lowercase()), "{shown}\n{}", String::from_utf8_lossy(&answer));
        }
    }
    Ok(())
}
