//! Logging in by a key: what is sent, and what is tried again.

mod errors;
mod others;
mod secrets;

use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{DATE, HeaderName, HeaderValue};
use httpmock::MockServer;
use pod_api_ext::login::{LogInError, OboLogin, RsaKey, RsaLogin};
use pod_api_ext::mock::{Endpoint, Fault, MockPod, MockPodBuilder, Received, User};
use pod_api_ext::pod::{Connections, TokenFuture};
use pod_api_ext::{Error, Operation, Pod, PrivateRoom, RetryPolicy, SessionToken, TokenSource, token_fn};
use pod_api_tests::{OneShot, Test, program, response, root};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber as _;

use crate::tracing::Capture;

fn text(name: &str) -> std::io::Result<String> {
    std::fs::read_to_string(root().join("pod-api-ext/tests/keys").join(name))
}

fn key() -> Test<RsaKey> {
    Ok(RsaKey::from_pem(text("bot.pem")?)?)
}

fn mock() -> Test<MockPodBuilder> {
    let public = text("bot.pub.pem")?;
    Ok(MockPod::builder().service_account("bot", public.clone()).app("app", public))
}

fn client(base_url: &str, source: impl TokenSource + 'static) -> Result<Pod, Error> {
    let retry = RetryPolicy::default().first_step(Duration::ZERO);
    Pod::builder(base_url)?.session_from(source).retry(retry).build()
}

/// The parts of the JWT that a request brought.
fn jwt(request: &Received) -> Test<(String, String)> {
    let body = request.json().ok_or("no JSON")?;
    let token = body.get("token").and_then(Value::as_str).ok_or("no token")?;
    let decoded = |part: &str| -> Test<String> { Ok(String::from_utf8(URL_SAFE_NO_PAD.decode(part)?)?) };
    let mut parts = token.split('.');
    let (header, claims) = (parts.next().ok_or("no header")?, parts.next().ok_or("no claims")?);
    Ok((decoded(header)?, decoded(claims)?))
}

fn log_in_error(error: &Error) -> Test<&LogInError> {
    let Error::Token(token) = error else { return Err(format!("{error:?}").into()) };
    Ok(token.cause().and_then(|cause| cause.downcast_ref()).ok_or("no error of a log-in")?)
}

/// What an IM fails with, with the trace ids, which differ from run to run, left out.
async fn failure(pod: &Pod) -> Test<(Error, String)> {
    let Err(error) = pod.create_im([1, 2]).trace_id("t").await else { return Err("an IM".into()) };
    let id = log_in_error(&error)?.trace_id().unwrap_or("no log-in").to_owned();
    let message = error.to_string().replace(&format!("log-in {id}"), "log-in ID");
    Ok((error, message))
}

#[tokio::test]
async fn a_bot_logs_in_when_a_call_needs_it_and_again_when_its_token_is_refused() -> Test {
    let mock = mock()?.start().await?;
    let pod = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
    assert!(mock.requests().is_empty());
    pod.create_im([1, 2]).await?;
    pod.create_im([1, 2]).await?;
    assert_eq!(mock.count(Endpoint::LogIn), 1);
    mock.expire_token();
    pod.create_im([1, 2]).await?;
    assert_eq!((mock.count(Endpoint::LogIn), mock.count(Operation::CreateIm)), (2, 4));

    let requests = mock.requests();
    let log_in = &requests[0];
    assert_eq!((log_in.method.as_str(), log_in.uri.to_string().as_str()), ("POST", "/login/pubkey/authenticate"));
    let mut names: Vec<&str> = log_in.headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent", "x-trace-id"]);
    assert_eq!(log_in.header("content-type"), Some("application/json"));
    assert_eq!(log_in.json().and_then(|body| Some(body.as_object()?.len())), Some(1));
    let (header, claims) = jwt(log_in)?;
    assert_eq!(header, r#"{"alg":"RS512"}"#);
    let claims: Value = serde_json::from_str(&claims)?;
    assert_eq!((claims["sub"].as_str(), claims.as_object().map(serde_json::Map::len)), (Some("bot"), Some(2)));
    let life = claims["exp"].as_u64().ok_or("no time")? - SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    assert!((100..=150).contains(&life), "{life}");
    Ok(())
}

/// A client behind a gateway that wants a key and a token of its own.
fn behind_a_gateway(base_url: &str, source: RsaLogin) -> Result<Pod, Error> {
    let token = token_fn(|| async { Ok(SessionToken::new("Bearer G4TE")?) });
    let builder = Pod::builder(base_url)?.session_from(source).header_from("Authorization", token);
    builder.default_header("X-Gateway-Key", "K3Y").user_agent("a").build()
}

#[tokio::test]
async fn a_log_in_is_beside_the_api_and_a_gateway_gets_its_path_its_key_and_its_token() -> Test {
    let server = OneShot::start(response("403 Forbidden", "", "no Bearer G4TE")).await?;
    let pod = behind_a_gateway(&server.base_url().replace("/pod", "/symphony/pod"), RsaLogin::new("bot", key()?))?;
    let (error, message) = failure(&pod).await?;
    assert!(message.contains("(403): no [redacted]; "), "{message}");
    assert!(!format!("{error:?}").contains("G4TE"), "{error:?}");
    let request = server.request().await?;
    assert!(request.starts_with("POST /symphony/login/pubkey/authenticate HTTP/1.1\r\n"), "{request}");
    for header in ["x-gateway-key: K3Y", "authorization: Bearer G4TE", "user-agent: a"] {
        assert!(request.contains(&format!("{header}\r\n")), "{request}");
    }
    Ok(())
}

#[tokio::test]
async fn a_log_in_elsewhere_gets_no_header_that_is_for_the_pod() -> Test {
    let elsewhere = OneShot::start(response("200 OK", "", r#"{"token":"T","name":"SESSIONTOKEN","new":[]}"#)).await?;
    let mock = MockPod::builder().token("T").start().await?;
    let source = RsaLogin::new("bot", key()?).url(elsewhere.base_url().replace("/pod", ""))?;
    behind_a_gateway(&mock.base_url(), source)?.create_im([1, 2]).await?;
    let request = elsewhere.request().await?;
    assert!(request.starts_with("POST /login/pubkey/authenticate HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains("K3Y") && !request.contains("G4TE"), "{request}");
    assert_eq!((mock.count(Endpoint::LogIn), mock.count(Operation::CreateIm)), (0, 1));
    Ok(())
}

#[tokio::test]
async fn what_may_pass_is_tried_again_within_the_call() -> Test {
    for fault in ["429:retry-after=0", "500", "503:no-body", "html=502", "reset", "close", "cut", "408", "599"] {
        let mock = mock()?.start().await?;
        mock.fail(Endpoint::LogIn, fault.parse()?, 1);
        let pod = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
        pod.create_im([1, 2]).await.map_err(|error| format!("{fault}: {error}"))?;
        assert_eq!((mock.count(Endpoint::LogIn), mock.count(Operation::CreateIm)), (2, 1), "{fault}");
        let ids: Vec<_> =
            mock.requests().iter().map(|request| request.header("x-trace-id").map(str::to_owned)).collect();
        assert_ne!(ids[0], ids[1], "{fault}");
    }
    let mock = mock()?.start().await?;
    mock.fail(Endpoint::LogIn, Fault::hang(), 1);
    let source = RsaLogin::new("bot", key()?);
    let pod = Pod::builder(mock.base_url())?.session_from(source).try_timeout(Duration::from_millis(300)).build()?;
    pod.create_im([1, 2]).await?;
    assert_eq!(mock.count(Endpoint::LogIn), 2);
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed() -> Test {
    let (mock, other) = (mock()?.start().await?, MockPod::start().await?);
    for status in [301, 302, 303, 307, 308] {
        let to = format!("http://{}/login/pubkey/authenticate", other.address());
        mock.fail(Endpoint::LogIn, Fault::redirect(StatusCode::from_u16(status)?, &to), 1);
        let (error, message) = failure(&client(&mock.base_url(), RsaLogin::new("bot", key()?))?).await?;
        assert!(
            message.contains(&format!("redirects to `127.0.0.1` ({status}); a log-in takes no redirect")),
            "{message}"
        );
        assert!(!error.is_retryable());
    }
    assert!(other.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn no_log_in_goes_over_the_network_unencrypted_unless_it_is_allowed() -> Test {
    let source = RsaLogin::new("bot", key()?).url("http://login.acme.example")?;
    let pod = client("http://127.0.0.1:1", source.clone())?;
    let (error, message) = failure(&pod).await?;
    assert_eq!(
        message,
        "create IM: the token source gave no session token: no log-in was sent: it would go over the network unencrypted: \
         write https instead of http in the URL of the log-in (trace id t, 0 tries)"
    );
    assert_eq!((log_in_error(&error)?.trace_id(), error.is_retryable()), (None, false));

    let proxy = OneShot::start(response("403 Forbidden", "", "")).await?;
    let address = proxy.base_url().replace("/pod", "");
    let pod = Pod::builder("http://pod.acme.example")?
        .danger_send_the_token_unencrypted()
        .session_from(source)
        .proxy(reqwest::Proxy::all(address)?)
        .build()?;
    assert_eq!(log_in_error(&failure(&pod).await?.0)?.status(), Some(StatusCode::FORBIDDEN));
    let request = proxy.request().await?;
    assert!(request.starts_with("POST http://login.acme.example/login/pubkey/authenticate HTTP/1.1\r\n"), "{request}");
    Ok(())
}

#[tokio::test]
async fn the_example_goes_from_three_values_to_a_room() -> Test {
    let mock = mock()?.start().await?;
    let key = root().join("pod-api-ext/tests/keys/bot.pem");
    let mut example = Command::new(program("login")?);
    example.arg(mock.base_url()).arg("bot").arg(&key);
    let output = tokio::task::spawn_blocking(move || example.output()).await??;
    let out = String::from_utf8_lossy(&output.stdout);
    let rooms = mock.rooms();
    assert_eq!(out, format!("created: Some({:?})\n", rooms[0].id.as_str()));
    assert!(output.status.success());

    let mut example = Command::new(program("login")?);
    example.arg(mock.base_url()).arg("bot").arg("no-such.pem");
    let output = tokio::task::spawn_blocking(move || example.output()).await??;
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.starts_with("error: the RSA key in `no-such.pem` can't be read: "), "{err}");
    assert_eq!(output.status.code(), Some(2));

    let source = std::fs::read_to_string(root().join("pod-api-ext/examples/login.rs"))?;
    let (_, code) = source.split_once("// From three values to a room.\n").ok_or("the mark is gone")?;
    let (code, _) = code.split_once("    Ok(())").ok_or("no end")?;
    assert!(code.lines().count() <= 10, "{code}");
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    // There the three values are literals.
    let code = code.replace("(user, ", "(\"bot\", ").replace("(file)", "(\"bot.pem\")");
    let code = code.replace("(url)", "(\"https://acme.symphony.com\")");
    assert!(readme.contains(&code), "the README has another example than:\n{code}");
    Ok(())
}

#[tokio::test]
async fn a_redirect_that_an_http_client_of_the_callers_own_follows_gives_no_token() -> Test {
    let (mock, other) = (mock()?.start().await?, self::mock()?.start().await?);
    let to = format!("http://{}/login/pubkey/authenticate", other.address());
    mock.fail(Endpoint::LogIn, Fault::redirect(StatusCode::TEMPORARY_REDIRECT, &to), 1);
    let builder = Pod::builder(mock.base_url())?.session_from(RsaLogin::new("bot", key()?));
    let (_, message) = failure(&builder.http_client(reqwest::Client::new()).build()?).await?;
    assert!(
        message.contains("/login/pubkey/authenticate redirects to `127.0.0.1` (200); a log-in takes no redirect"),
        "{message}"
    );
    assert_eq!((other.count(Endpoint::LogIn), mock.count(Operation::CreateIm)), (1, 0));
    Ok(())
}

#[tokio::test]
async fn another_user_logs_in_on_the_same_connections() -> Test {
    let mock = mock()?.user(User::new(7).named("alice")).start().await?;
    let bot = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
    let alice = bot.with_session_from(OboLogin::for_username("app", key()?, "alice"));
    alice.create_room(PrivateRoom::new("A")?.description("a")).await?;
    assert_eq!(mock.rooms()[0].created_by, 7.into());
    Ok(())
}
