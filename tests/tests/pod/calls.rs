//! What a client that is bound to a session sends, and what it doesn't.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::StatusCode;
use pod_api::types::V3RoomAttributes;
use pod_api_ext::mock::{Fault, MockPod, User};
use pod_api_ext::operations::Safety;
use pod_api_ext::pod_api::types;
use pod_api_ext::rules::{Context, Entitlement, Entitlements};
use pod_api_ext::{DirectMessage, Error, Operation, Pod, PrivateRoom, RetryPolicy, SessionToken, UserId, token_fn};
use pod_api_tests::{OneShot, Test, response};

const ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";

fn named(name: &str) -> types::builder::V3RoomAttributes {
    V3RoomAttributes::builder().name(name.to_owned())
}

/// The headers of a request that no two runs have the same.
fn without_chance(request: &str) -> Vec<&str> {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let mut lines: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with("x-trace-id: ")).collect();
    if let Some(headers) = lines.get_mut(1..) {
        headers.sort_unstable();
    }
    lines.push(body);
    lines
}

#[tokio::test]
async fn the_three_calls_give_what_the_page_says() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let (alice, bob) = (UserId::from(1), UserId::from(2));

    let im = pod.create_im([alice, bob]).await?;
    assert_eq!(pod.create_im([bob, alice]).await?, im);
    let info = pod.im_info(&im).await?;
    assert_eq!(info.im_system_info.and_then(|info| info.id), Some(im.to_string()));
    let room = pod.create_room(named("Project X").description("What it is about".to_owned())).await?;
    assert_eq!(room.room_attributes.and_then(|attributes| attributes.name).as_deref(), Some("Project X"));
    assert_eq!(mock.requests().len(), 4);
    Ok(())
}

#[tokio::test]
async fn the_common_requests_are_taken_as_they_are() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    pod.create_room(PrivateRoom::new("Project X")?).await?;
    let message = DirectMessage::between(1.into(), 2.into())?;
    let im = pod.create_im(message.participants()).await?;
    assert_eq!(mock.ims().first().map(|im| im.id.clone()), Some(im));
    assert_eq!(mock.rooms().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_call_sends_what_the_specification_names_and_a_trace_id() -> Test {
    let server = OneShot::start(response("200 OK", "", r#"{"id":"usnBKBkH_BVrGOiVpaupEH___okFfE7QdA"}"#)).await?;
    let pod = Pod::builder(server.base_url())?.session("T").build()?;
    pod.create_im([1, 2]).await?;
    let request = server.request().await?;
    assert_eq!(
        without_chance(&request),
        [
            "POST /pod/v1/admin/im/create HTTP/1.1",
            "accept: application/json",
            "content-length: 5",
            "content-type: application/json",
            "host: 127.0.0.1:PORT",
            "sessiontoken: T",
            "user-agent: pod-api-ext/0.1.0",
            "[1,2]",
        ]
    );
    let trace = request.lines().find_map(|line| line.strip_prefix("x-trace-id: ")).unwrap_or_default();
    assert_eq!(trace.len(), 32);
    Ok(())
}

#[tokio::test]
async fn a_call_sends_the_headers_of_the_client_and_its_own_trace_id() -> Test {
    let server = OneShot::start(response("200 OK", "", "{}")).await?;
    let pod = Pod::builder(server.base_url())?
        .session("T")
        .user_agent("my-bot/1.0")
        .default_header("X-Gateway-Key", "first")
        .default_header("x-gateway-key", "second")
        .build()?;
    pod.im_info(ID).trace_id("a1b2c3").await?;
    let request = server.request().await?;
    assert!(request.contains("\r\nx-trace-id: a1b2c3\r\n"), "{request}");
    assert_eq!(
        without_chance(&request),
        [
            "GET /pod/v1/im/usnBKBkH_BVrGOiVpaupEH___okFfE7QdA/info HTTP/1.1",
            "accept: application/json",
            "host: 127.0.0.1:PORT",
            "sessiontoken: T",
            "user-agent: my-bot/1.0",
            "x-gateway-key: second",
            "",
        ]
    );
    Ok(())
}

#[tokio::test]
async fn all_tries_of_a_call_have_one_trace_id_and_two_calls_have_two() -> Test {
    let mock = MockPod::start().await?;
    let patience = RetryPolicy::default().first_step(Duration::ZERO);
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).retry(patience).build()?;
    mock.fail(Operation::CreateIm, Fault::status(StatusCode::BAD_GATEWAY), 2);
    pod.create_im([1, 2]).await?;
    pod.create_im([1, 2]).await?;
    let requests = mock.requests();
    let traces: Vec<_> = requests.iter().map(|request| request.header("x-trace-id")).collect();
    assert_eq!(traces.len(), 4);
    assert!(traces[0].is_some() && traces[0] == traces[1] && traces[1] == traces[2] && traces[2] != traces[3]);
    Ok(())
}

#[tokio::test]
async fn a_request_that_breaks_rules_is_not_sent() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let Err(error) = pod.create_im([7]).await else { return Err("an IM of one".into()) };
    assert!(matches!(&error, Error::InvalidRequest(request) if request.operation() == Some(Operation::CreateIm)));
    let broken: Vec<_> = error.violations().into_iter().flatten().map(|violation| violation.rule().code()).collect();
    assert_eq!(broken, ["im.users.too-few"]);
    assert_eq!((error.status(), error.tries(), error.is_retryable()), (None, 0, false));
    assert_eq!(
        error.to_string(),
        "create IM: nothing was sent: the pod would refuse this request: 1 violation of documented rules (see \
         https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/create-im-or-mim-admin.md)\n\
         - the request names one user only, and two participants have to be given; give the ids of two different users, \
         since the pod doesn't add the caller [im.users.too-few, I1/I6]"
    );
    assert!(mock.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn the_rules_are_switched_off_for_a_call_or_for_a_client() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let Err(error) = pod.create_im([7]).without_rules().await else { return Err("an IM of one".into()) };
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));

    let pod = Pod::builder(mock.base_url())?.session(mock.token()).without_rules().build()?;
    let Err(error) = pod.create_im([7]).await else { return Err("an IM of one".into()) };
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let Err(error) = pod.create_im([7]).context(Context::new()).await else { return Err("an IM of one".into()) };
    assert!(error.violations().is_some());
    assert_eq!(mock.count(Operation::CreateIm), 2);
    Ok(())
}

#[tokio::test]
async fn what_a_client_knows_of_the_caller_counts_for_all_calls_that_say_nothing_else() -> Test {
    let mock = MockPod::builder().caller(User::new(7).entitlement(Entitlement::CanCreatePublicRoom)).start().await?;
    let denied = Entitlements::new().denied(Entitlement::CanCreatePublicRoom);
    let pod =
        Pod::builder(mock.base_url())?.session(mock.token()).context(Context::new().entitlements(denied)).build()?;
    let Err(error) = pod.create_room(named("X").public(true)).await else { return Err("a room".into()) };
    assert!(error.violations().is_some());
    pod.create_room(named("X").public(true)).context(Context::new()).await?;
    Ok(())
}

#[tokio::test]
async fn ids_are_taken_in_the_forms_that_a_caller_has_them_in() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let users = [UserId::from(1), UserId::try_from(2_u64)?];
    let im = pod.create_im(users.iter()).await?;
    pod.im_info(&im).await?;
    pod.im_info(im.as_str()).await?;
    pod.im_info(im.to_standard().to_string()).await?;
    pod.im_info(im).await?;
    let Err(error) = pod.im_info("a b").await else { return Err("an id".into()) };
    assert_eq!(
        error.to_string(),
        "IM info: nothing was sent: the id: ' ' at offset 1 can't be part of an id: take the white space out, or see whether two \
         ids were joined"
    );
    Ok(())
}

#[tokio::test]
async fn what_can_be_no_request_is_not_sent() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let Err(error) = pod.create_im([1, 2]).trace_id("a b").await else { return Err("an IM".into()) };
    assert_eq!(
        error.to_string(),
        "create IM: nothing was sent: the trace id can't be a header: give visible ASCII characters without spaces"
    );
    struct Broken;
    impl TryFrom<Broken> for V3RoomAttributes {
        type Error = String;
        fn try_from(_: Broken) -> Result<Self, String> {
            Err("no name".to_owned())
        }
    }
    let Err(error) = pod.create_room(Broken).await else { return Err("a room".into()) };
    assert_eq!(error.to_string(), "create room: nothing was sent: the attributes: no name");
    assert!(mock.requests().is_empty());
    Ok(())
}

/// As it would be with an operation that this crate has no method for.
#[tokio::test]
async fn any_generated_operation_is_called_in_the_session() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let (issuer, first) = (Arc::clone(&mock), AtomicBool::new(true));
    let source = token_fn(move || {
        let token = if first.swap(false, Ordering::SeqCst) { Ok(issuer.token()) } else { issuer.issue_token() };
        async { Ok(SessionToken::new(token?)?) }
    });
    let patience = RetryPolicy::default().first_step(Duration::ZERO);
    let pod =
        Pod::builder(mock.base_url())?.session_from(source).default_header("X-Key", "k").retry(patience).build()?;
    let im = mock.im_between(1, 2)?;

    // Renewed, and retried as often as a read is.
    mock.expire_token();
    mock.fail(Operation::ImInfo, Fault::status(StatusCode::BAD_GATEWAY), 2);
    let info = pod.call(Safety::Read, pod.client().v1_im_id_info_get().id(&im)).trace_id("t").detailed().await?;
    assert_eq!(info.im_system_info.as_ref().and_then(|info| info.id.as_deref()), Some(im.as_str()));
    assert_eq!((info.status().as_u16(), info.trace_id(), info.tries()), (200, "t", 4));
    assert_eq!(info.headers()["content-type"], "application/json");
    assert!(info.elapsed() > Duration::ZERO);
    let requests = mock.requests();
    assert!(requests.iter().all(|request| request.header("x-trace-id") == Some("t")));
    assert!(requests.iter().all(|request| request.header("x-key") == Some("k")));

    // Once is once, and awaiting does as well.
    mock.fail(Operation::CreateRoom, Fault::status(StatusCode::BAD_GATEWAY), 1);
    let client = pod.client();
    let call = pod.call(Safety::Once, client.v3_room_create_post().body(named("X"))).trace_id("t");
    let Err(error) = call.await else { return Err("a room".into()) };
    assert_eq!((error.operation(), error.operation_name(), error.tries()), (None, Some("v3_room_create_post"), 1));
    assert_eq!(
        error.to_string(),
        "v3_room_create_post: the pod, or a gateway before it, failed (502): A fault that the test asked for; see whether it \
         acted before the call is made again (code 502, trace id t, 1 try)"
    );
    Ok(())
}

#[tokio::test]
async fn a_generated_operation_that_is_refused_or_incomplete_says_so_by_its_name() -> Test {
    let mock = MockPod::builder().caller(User::new(7)).start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let create = async |users: bool| {
        let client = pod.client();
        let builder = client.v1_admin_im_create_post();
        let builder = if users { builder.body(vec![1, 2]) } else { builder };
        pod.call(Safety::Repeatable, builder).trace_id("t").await
    };
    let Err(error) = create(true).await else { return Err("an IM".into()) };
    assert_eq!(
        error.to_string(),
        "v1_admin_im_create_post: the caller may not do this (403): Creating an IM between others takes the role User \
         Provisioning; see which role or entitlement the operation's page names (code 403, trace id t, 1 try)"
    );
    let Err(error) = create(false).await else { return Err("an IM".into()) };
    assert_eq!(
        error.to_string(),
        "v1_admin_im_create_post: nothing was sent: V1AdminImCreatePost: `body` is required: set it with `.body(…)`"
    );
    Ok(())
}

#[tokio::test]
async fn what_a_success_brings_is_there_for_who_asks() -> Test {
    let answer = response("201 Created", "x-request-id: r1\r\n", r#"{"id":"usnBKBkH_BVrGOiVpaupEH___okFfE7QdA"}"#);
    let server = OneShot::start(answer).await?;
    let pod = Pod::builder(server.base_url())?.session("T").build()?;
    let im = pod.create_im([1, 2]).detailed().await?;
    assert_eq!((im.status().as_u16(), im.tries(), im.headers()["x-request-id"].as_bytes()), (201, 1, &b"r1"[..]));
    assert_eq!(im.trace_id().len(), 32);
    assert_eq!(im.into_inner().as_str(), ID);
    Ok(())
}

#[tokio::test]
async fn the_generated_client_goes_the_same_way() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).user_agent("my-bot/1.0").build()?;
    let stream = pod.client().v1_admin_im_create_post().session_token(mock.token()).body(vec![1, 2]).send().await?;
    assert!(stream.id.is_some());
    assert_eq!(mock.requests()[0].header("user-agent"), Some("my-bot/1.0"));
    Ok(())
}

#[tokio::test]
async fn a_client_of_ones_own_sends_and_this_one_keeps_the_time() -> Test {
    let mock = MockPod::start().await?;
    let own = reqwest::Client::builder().user_agent("own").redirect(reqwest::redirect::Policy::none()).build()?;
    let pod =
        Pod::builder(mock.base_url())?.session(mock.token()).http_client(own).retry(RetryPolicy::never()).build()?;
    pod.create_im([1, 2]).await?;
    assert_eq!(mock.requests()[0].header("user-agent"), Some("own"));
    mock.fail(Operation::CreateIm, Fault::hang(), 1);
    let Err(error) = pod.create_im([1, 2]).try_timeout(Duration::from_millis(50)).await else { return Err("?".into()) };
    assert!(error.is_timeout());
    Ok(())
}

#[test]
fn an_option_of_the_client_beside_a_client_of_ones_own_is_an_error() -> Test {
    let builder = || -> Result<_, Error> {
        Ok(Pod::builder("https://acme.symphony.com")?.session("T").http_client(reqwest::Client::new()))
    };
    for (builder, option) in [
        (builder()?.user_agent("a"), "user_agent"),
        (builder()?.connect_timeout(Duration::from_secs(1)), "connect_timeout"),
        (builder()?.proxy(reqwest::Proxy::all("http://proxy.acme.com")?), "proxy"),
    ] {
        let Err(error) = builder.build() else { return Err(option.into()) };
        assert_eq!(
            error.to_string(),
            format!(
                "`.{option}(…)` has no effect on the HTTP client given to `.http_client(…)`: set it there, or leave that client out"
            )
        );
    }
    Ok(())
}

#[test]
fn what_is_wrong_with_a_client_is_said_when_it_is_made() -> Test {
    let problem = |result: Result<Pod, Error>| result.err().map(|error| error.to_string());
    let https = || Pod::builder("https://acme.symphony.com");
    assert_eq!(
        problem(https()?.build()).as_deref(),
        Some("there is no session: give the builder a token with `.session(…)` or a source with `.session_from(…)`")
    );
    assert_eq!(
        problem(https()?.session("T\n").build()).as_deref(),
        Some(
            "character 2 of the session token can't be sent in a header: only visible ASCII can, so see whether there is \
             a space or a line break around it"
        )
    );
    assert_eq!(
        problem(https()?.session("T").default_header("sessionToken", "x").default_header("", "").build()).as_deref(),
        Some("the header `sessiontoken` can't be set for every call: give the session token with `.session(…)`")
    );
    assert_eq!(
        problem(https()?.session("T").user_agent("a\nb").build()).as_deref(),
        Some("the value of the header `user-agent` has a character that a header can't hold: only visible ASCII can")
    );
    assert_eq!(
        problem(Pod::builder("http://acme.symphony.com")?.session("T").build()).as_deref(),
        Some(
            "the base URL would send the session token to `acme.symphony.com` unencrypted: write https instead of http, \
             or, if nobody else can listen on the way, call `.danger_send_the_token_unencrypted()`"
        )
    );
    let plain = Pod::builder("http://acme.symphony.com")?.session("T").danger_send_the_token_unencrypted().build()?;
    assert_eq!(plain.base_url(), "http://acme.symphony.com/pod");
    assert!(matches!(Pod::builder("acme"), Err(Error::Setup(_))));
    Ok(())
}

#[test]
fn a_client_and_its_calls_go_to_other_threads_and_print_no_secret() -> Test {
    fn anywhere<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn spawned<T: Send + 'static>(_: &T) {}
    let builder = Pod::builder("https://acme.symphony.com")?.session("S3CRET").default_header("X-Key", "S3CRET");
    let mut shown = format!("{builder:?}");
    let pod = builder.build()?;
    anywhere(&pod);
    fn thrown<T: std::error::Error + Send + Sync + 'static>() {}
    thrown::<Error>();
    let call = pod.create_room(named("S3CRET"));
    shown += &format!("{pod:?} {call:?}");
    spawned(&call.send());
    spawned(&IntoFuture::into_future(pod.create_im([1, 2])));
    assert!(!shown.contains("S3CRET"), "{shown}");
    assert!(shown.contains(r#"Pod { base_url: "https://acme.symphony.com/pod", .. }"#), "{shown}");
    Ok(())
}
