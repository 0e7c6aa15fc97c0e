//! A session that ends while calls are made.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use pod_api::types::V3RoomAttributes;
use pod_api_ext::mock::{Fault, MockPod, Role, User};
use pod_api_ext::{EnvToken, Error, Operation, Pod, RetryPolicy, SessionToken, StreamId, token_fn};
use pod_api_tests::Test;

/// A client that logs in at the pod each time it is asked for a token, and how often it was.
fn client(mock: &Arc<MockPod>) -> Result<(Pod, Arc<AtomicUsize>), Error> {
    let (mock, log_ins) = (Arc::clone(mock), Arc::new(AtomicUsize::new(0)));
    let base_url = mock.base_url();
    let count = Arc::clone(&log_ins);
    let source = token_fn(move || {
        let token = if count.fetch_add(1, Ordering::SeqCst) == 0 { Ok(mock.token()) } else { mock.issue_token() };
        async move {
            tokio::task::yield_now().await;
            Ok(SessionToken::new(token?)?)
        }
    });
    // One connection carries all calls, so that a thousand of them need no thousand sockets.
    let http = reqwest::Client::builder()
        .http2_prior_knowledge()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| pod_api_ext::pod::SetupError::HttpClient(Arc::new(error)))?;
    Ok((Pod::builder(base_url)?.session_from(source).http_client(http).build()?, log_ins))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_amid_a_thousand_calls_is_renewed_once_and_every_call_is_answered() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let im: StreamId = mock.im_between(1, 2)?;
    let (pod, log_ins) = client(&mock)?;
    mock.expire_token_after(500);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            // A clone each, on a task of its own.
            let pod = pod.clone();
            let im = im.clone();
            tokio::spawn(async move { pod.im_info(&im).await })
        })
        .collect();
    for call in calls {
        let info = call.await??;
        assert_eq!(info.im_system_info.and_then(|info| info.id).as_deref(), Some(im.as_str()));
    }
    assert_eq!(log_ins.load(Ordering::SeqCst), 2, "the first log-in, and one more");
    let requests = mock.requests();
    let answered = requests.iter().filter(|request| request.status() == Some(StatusCode::OK)).count();
    let refused = requests.iter().filter(|request| request.status() == Some(StatusCode::UNAUTHORIZED)).count();
    assert_eq!((answered, answered + refused), (1000, requests.len()));
    assert!((1..=500).contains(&refused), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_token_is_fetched_when_the_first_call_needs_it_and_kept() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let (pod, log_ins) = client(&mock)?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 0);
    pod.create_im([1, 2]).await?;
    pod.clone().create_im([1, 2]).await?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 1);
    Ok(())
}

#[tokio::test]
async fn a_call_that_is_dropped_in_a_fetch_or_on_its_way_leaves_nothing_locked() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let (pod, log_ins) = client(&mock)?;
    let mut call = Box::pin(pod.create_im([1, 2]).send());
    assert!(futures::poll!(&mut call).is_pending());
    drop(call);

    mock.fail(Operation::CreateIm, Fault::hang(), 1);
    let call = tokio::spawn(pod.create_im([1, 2]).send());
    mock.reached(Operation::CreateIm, 1).await;
    call.abort();
    assert!(call.await.is_err_and(|error| error.is_cancelled()));

    pod.create_im([1, 2]).await?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 1, "the one whose call was dropped gave its token to the others");
    Ok(())
}

#[tokio::test]
async fn a_call_that_waits_for_a_token_gives_up_when_its_time_is_over() -> Test {
    let mock = MockPod::start().await?;
    let source = token_fn(|| async { std::future::pending().await });
    let pod = Pod::builder(mock.base_url())?.session_from(source).build()?;
    let Err(error) = pod.create_im([1, 2]).call_timeout(Duration::from_millis(50)).await else {
        return Err("an IM without a token".into());
    };
    assert!(matches!(error, Error::Token(_)) && error.is_timeout());
    assert!(mock.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_fixed_token_that_is_refused_is_sent_once() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).retry(RetryPolicy::default()).build()?;
    mock.expire_token();
    let Err(error) = pod.create_im([1, 2]).await else { return Err("an IM without a session".into()) };
    assert!(matches!(error, Error::Unauthorized { renewal: None, .. }));
    assert_eq!(mock.count(Operation::CreateIm), 1);
    Ok(())
}

#[tokio::test]
async fn a_variable_that_is_not_set_says_so_before_anything_is_sent() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session_from(EnvToken::new("POD_API_NO_SUCH_VARIABLE")).build()?;
    let Err(error) = pod.create_im([1, 2]).trace_id("t").await else { return Err("an IM without a token".into()) };
    assert_eq!(
        error.to_string(),
        "create IM: the token source gave no session token: the environment variable `POD_API_NO_SUCH_VARIABLE` is not set: \
         put the session token into it (trace id t, 0 tries)"
    );
    assert!(!error.is_retryable() && std::error::Error::source(&error).is_none());
    assert!(mock.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_source_that_calls_its_own_pod_ends_as_an_error_that_says_so() -> Test {
    let mock = MockPod::start().await?;
    let own: Arc<std::sync::OnceLock<Pod>> = Arc::default();
    let pod = Arc::clone(&own);
    let source = token_fn(move || {
        let pod = pod.get().cloned();
        async move {
            pod.ok_or("no pod")?.create_im([1, 2]).trace_id("inner").await?;
            Ok(SessionToken::new("T")?)
        }
    });
    let pod =
        own.get_or_init(|| Pod::builder(mock.base_url()).and_then(|pod| pod.session_from(source).build()).unwrap());
    let Err(error) = pod.create_im([3, 4]).trace_id("outer").await else { return Err("an IM".into()) };
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create IM: the token source gave no session token: create IM: the token source calls the pod whose session token it \
         fetches, so it would wait for itself: log in with another client (trace id inner, 0 tries) (trace id outer, 0 tries)"
    );
    assert!(mock.requests().is_empty());
    Ok(())
}

/// It can't be seen from outside that such a source calls its own pod, but the time of the call ends it, and others go on.
#[tokio::test]
async fn a_source_that_calls_its_own_pod_in_another_task_ends_in_time_and_freezes_nothing() -> Test {
    let mock = MockPod::start().await?;
    let own: Arc<std::sync::OnceLock<Pod>> = Arc::default();
    let pod = Arc::clone(&own);
    let source = token_fn(move || {
        let pod = pod.get().cloned();
        async move {
            tokio::spawn(pod.ok_or("no pod")?.create_im([1, 2]).send()).await??;
            Ok(SessionToken::new("T")?)
        }
    });
    let pod =
        own.get_or_init(|| Pod::builder(mock.base_url()).and_then(|pod| pod.session_from(source).build()).unwrap());
    let call = pod.create_im([3, 4]).call_timeout(Duration::from_millis(100));
    let other = tokio::spawn(async { "others go on" });
    let Err(error) = call.await else { return Err("an IM".into()) };
    assert!(error.is_timeout());
    assert_eq!(other.await?, "others go on");
    Ok(())
}

#[test]
fn one_client_serves_two_runtimes_one_after_the_other() -> Test {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    let mock = runtime()?.block_on(MockPod::start())?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    for _ in 0..2 {
        runtime()?.block_on(async { pod.create_im([1, 2]).await })?;
    }
    assert_eq!(mock.count(Operation::CreateIm), 2);
    Ok(())
}

#[tokio::test]
async fn the_session_can_be_handed_to_another_client_that_renews_it_for_both() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let (pod, log_ins) = client(&mock)?;
    let session = pod.session();
    let other = Pod::builder(mock.base_url())?.session_from(session).build()?;
    pod.create_im([1, 2]).await?;
    other.create_im([1, 2]).await?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 1);
    mock.expire_token();
    other.create_im([1, 2]).await?;
    pod.create_im([1, 2]).await?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 2, "the one that was refused first renewed it for both");
    mock.expire_token();
    pod.create_im([1, 2]).await?;
    other.create_im([1, 2]).await?;
    assert_eq!(log_ins.load(Ordering::SeqCst), 3);
    assert_eq!(format!("{:?}", pod.session()), "PodSession(..)");
    Ok(())
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_says_so_to_the_other_client() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session_from(EnvToken::new("POD_API_NO_SUCH_VARIABLE")).build()?;
    let other = Pod::builder(mock.base_url())?.session_from(pod.session()).build()?;
    let Err(error) = other.create_im([1, 2]).trace_id("t").await else { return Err("an IM without a token".into()) };
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create IM: the token source gave no session token: the environment variable `POD_API_NO_SUCH_VARIABLE` is not set: \
         put the session token into it (trace id t, 0 tries)"
    );
    Ok(())
}

#[tokio::test]
async fn another_user_calls_over_the_same_connections() -> Test {
    let (alice, bob) = (User::new(1).role(Role::UserProvisioning), User::new(2));
    let mock = MockPod::builder().caller(alice).user(bob).start().await?;
    let alice = Pod::builder(mock.base_url())?.session(mock.token()).user_agent("my-bot/1.0").build()?;
    let bob = alice.with_session_from(SessionToken::new(mock.token_of(2).ok_or("no token")?)?);
    let room = |name: &str| V3RoomAttributes::builder().name(name.to_owned());
    alice.create_room(room("A")).await?;
    bob.create_room(room("B")).await?;
    let creators: Vec<i64> = mock.rooms().iter().map(|room| room.created_by.get()).collect();
    assert_eq!(creators, [1, 2]);
    assert!(mock.requests().iter().all(|request| request.header("user-agent") == Some("my-bot/1.0")));
    let Err(error) = bob.create_im([1, 2]).await else { return Err("an IM".into()) };
    assert_eq!(error.status(), Some(StatusCode::FORBIDDEN));
    Ok(())
}

/// A gateway in front of the pod: it wants a token of its own, and answers in HTML without one.
struct GatewayTokens(AtomicUsize);

impl pod_api_ext::TokenSource for GatewayTokens {
    fn fetch(&self) -> pod_api_ext::pod::TokenFuture<'_> {
        let token = format!("Bearer {}", self.0.fetch_add(1, Ordering::SeqCst));
        Box::pin(async { Ok(SessionToken::new(token)?) })
    }
}

#[tokio::test]
async fn a_header_that_changes_is_renewed_apart_from_the_session() -> Test {
    let mock = Arc::new(MockPod::start().await?);
    let (logged_in, log_ins) = client(&mock)?;
    let gateway = Arc::new(GatewayTokens(AtomicUsize::new(1)));
    let pod = Pod::builder(mock.base_url())?
        .session_from(logged_in.session())
        .header_from("Authorization", Arc::clone(&gateway))
        .build()?;
    pod.create_im([1, 2]).await?;
    // The gateway's token runs out, and then the pod's.
    mock.fail(Operation::CreateIm, Fault::html(StatusCode::UNAUTHORIZED), 1);
    pod.create_im([1, 2]).await?;
    mock.expire_token();
    pod.create_im([1, 2]).await?;
    let requests = mock.requests();
    let sent: Vec<_> = requests.iter().map(|request| request.header("authorization").unwrap_or_default()).collect();
    assert_eq!(sent, ["Bearer 1", "Bearer 1", "Bearer 2", "Bearer 2", "Bearer 2"]);
    assert_eq!((gateway.0.load(Ordering::SeqCst), log_ins.load(Ordering::SeqCst)), (3, 2));

    // One that refuses the new value, too, is the answer, and the session has no part in it.
    mock.fail(Operation::CreateIm, Fault::html(StatusCode::UNAUTHORIZED), 2);
    let Err(error) = pod.create_im([1, 2]).await else { return Err("let in".into()) };
    assert_eq!((error.status(), error.tries()), (Some(StatusCode::UNAUTHORIZED), 2));
    assert_eq!((gateway.0.load(Ordering::SeqCst), log_ins.load(Ordering::SeqCst)), (4, 2));
    Ok(())
}

#[tokio::test]
async fn what_shows_that_a_header_was_refused_is_for_the_caller_to_say_and_its_value_is_shown_nowhere() -> Test {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?
        .session(mock.token())
        .header_from("X-Gateway", GatewayTokens(AtomicUsize::new(1)))
        .renew_headers_if(|error| error.status() == Some(StatusCode::FORBIDDEN))
        .build()?;
    let echo = Fault::status(StatusCode::FORBIDDEN).body("bearer&#32;2 is not welcome");
    mock.fail(Operation::CreateIm, echo, 2);
    let Err(error) = pod.create_im([1, 2]).trace_id("t").await else { return Err("let in".into()) };
    assert!(error.to_string().contains("(403): [redacted] is not welcome; "), "{error}");
    let Err(error) = Pod::builder(mock.base_url())?
        .session("T")
        .header_from("sessionToken", GatewayTokens(AtomicUsize::new(1)))
        .build()
    else {
        return Err("another session".into());
    };
    assert_eq!(
        error.to_string(),
        "the header `sessiontoken` can't be set for every call: give the session token with `.session(…)`"
    );
    Ok(())
}
