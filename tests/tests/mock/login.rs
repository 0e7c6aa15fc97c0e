//! Logging in at the pod in the process, and at the program that serves it.

use std::process::Command;

use http::StatusCode;
use pod_api_ext::login::{RsaKey, RsaLogin};
use pod_api_ext::mock::{Endpoint, Fault, MockPod, User};
use pod_api_ext::{Operation, Pod, PrivateRoom};
use pod_api_tests::{Test, root};
use serde_json::{Value, json};

use crate::program::Running;

fn keys() -> std::path::PathBuf {
    root().join("pod-api-ext/tests/keys")
}

fn login() -> Test<RsaLogin> {
    Ok(RsaLogin::new("bot", RsaKey::from_file(keys().join("bot.pem"))?))
}

fn public() -> std::io::Result<String> {
    std::fs::read_to_string(keys().join("bot.pub.pem"))
}

/// The answer of a request with this token and this body, if there is one.
async fn send(pod: &MockPod, method: &str, path: &str, token: Option<&str>, body: Option<&str>) -> Test<(u16, Value)> {
    let url = format!("http://{}{path}", pod.address());
    let client = reqwest::Client::builder().tls_certs_only([]).build()?;
    let mut request = client.request(method.parse()?, url);
    if let Some(token) = token {
        request = request.header("sessionToken", token);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    let response = request.send().await?;
    Ok((response.status().as_u16(), serde_json::from_str(&response.text().await?).unwrap_or_default()))
}

/// A body that logs the bot in.
async fn body(pod: &MockPod) -> Test<String> {
    let client = Pod::builder(pod.base_url())?.session_from(login()?).build()?;
    client.im_info(&pod.im_between(1, 2)?).await?;
    let log_in = pod.requests().into_iter().rfind(|request| request.endpoint == Some(Endpoint::LogIn)).ok_or("none")?;
    Ok(String::from_utf8(log_in.body.to_vec())?)
}

#[tokio::test]
async fn a_service_account_is_the_user_whose_it_is_and_each_log_in_a_session() -> Test {
    let pod = MockPod::builder().user(User::new(7).service_account("bot", public()?)).start().await?;
    let (first, path) = (pod.token_of(7).ok_or("no session")?, "/pod/v2/sessioninfo");
    let body = {
        let login = Pod::builder(pod.base_url())?.session_from(login()?).build()?;
        login.create_room(PrivateRoom::new("A")?.description("a")).await?;
        String::from_utf8(pod.requests()[0].body.to_vec())?
    };
    assert_eq!(pod.rooms()[0].created_by, 7.into());
    let second = pod.token_of(7).ok_or("no session")?;
    let (status, answer) = send(&pod, "POST", "/login/pubkey/authenticate", None, Some(&body)).await?;
    assert_eq!((status, &answer["name"]), (200, &json!("sessionToken")));
    let third = answer["token"].as_str().ok_or("no token")?.to_owned();
    for token in [&first, &second, &third] {
        let who = json!({ "id": 7, "username": "bot", "displayName": "bot" });
        assert_eq!(send(&pod, "GET", path, Some(token), None).await?, (200, who));
    }
    let caller = pod.caller();
    assert_eq!(send(&pod, "GET", path, Some(&pod.token()), None).await?.1["username"], json!(format!("user-{caller}")));
    assert_eq!(send(&pod, "GET", path, None, None).await?.0, 401);
    Ok(())
}

#[tokio::test]
async fn the_key_manager_gives_a_token_that_is_no_session() -> Test {
    let pod = MockPod::builder().service_account("bot", public()?).start().await?;
    let body = body(&pod).await?;
    let (status, answer) = send(&pod, "POST", "/relay/pubkey/authenticate", None, Some(&body)).await?;
    assert_eq!((status, &answer["name"]), (200, &json!("keyManagerToken")));
    assert_eq!(send(&pod, "GET", "/pod/v2/sessioninfo", answer["token"].as_str(), None).await?.0, 401);
    Ok(())
}

#[tokio::test]
async fn every_log_in_that_is_not_right_is_refused() -> Test {
    let pod = MockPod::builder().service_account("bot", public()?).app("app", public()?).start().await?;
    let body = body(&pod).await?;
    let refused = json!({ "code": 401, "message": "The log-in is invalid" });
    let forged = body.replacen("token\":\"", "token\":\"x", 1);
    for path in ["/login/pubkey/authenticate", "/relay/pubkey/authenticate", "/login/pubkey/app/authenticate"] {
        assert_eq!(send(&pod, "POST", path, None, Some(&forged)).await?, (401, refused.clone()), "{path}");
        let message = "The body needs the field token";
        assert_eq!(send(&pod, "POST", path, None, Some("{}")).await?.1["message"], json!(message), "{path}");
        assert_eq!(send(&pod, "POST", path, None, None).await?.0, 415, "{path}");
        assert_eq!(send(&pod, "GET", path, None, None).await?.0, 405, "{path}");
    }
    assert_eq!(send(&pod, "POST", "/login/pubkey/app/authenticate", None, Some(&body)).await?, (401, refused));
    for path in ["/login/pubkey/app/user/7/authenticate", "/login/pubkey/app/username/bot/authenticate"] {
        for token in [None, Some("wrong"), pod.token_of(pod.caller()).as_deref()] {
            assert_eq!(send(&pod, "POST", path, token, None).await?.0, 401, "{path}");
        }
    }
    assert_eq!(send(&pod, "POST", "/login/idm/authenticate", None, None).await?.0, 404);
    Ok(())
}

#[tokio::test]
async fn a_log_in_fails_on_demand_as_operations_do() -> Test {
    let pod = MockPod::builder()
        .service_account("bot", public()?)
        .fault(Endpoint::LogIn, Fault::status(StatusCode::SERVICE_UNAVAILABLE), 1)
        .start()
        .await?;
    let body = body(&pod).await?;
    assert_eq!((pod.count(Endpoint::LogIn), pod.count(Operation::ImInfo)), (2, 1));
    let path = "/login/pubkey/authenticate";
    pod.fail(Endpoint::LogIn, Fault::only_nulls(), 1);
    let nulls = json!({ "token": null, "name": null, "authorizationToken": null });
    assert_eq!(send(&pod, "POST", path, None, Some(&body)).await?, (200, nulls));
    pod.fail(Endpoint::SessionInfo, Fault::status(StatusCode::GONE), 1);
    assert_eq!(send(&pod, "GET", "/pod/v2/sessioninfo", None, None).await?.0, 410);
    pod.fail(Endpoint::LogIn, "reset".parse()?, 1);
    assert!(send(&pod, "POST", path, None, Some(&body)).await.is_err());
    assert_eq!(pod.pending_faults(Endpoint::LogIn), 0);
    // Nulls and new fields of a log-in are what a client has to live with.
    pod.fail(Endpoint::LogIn, Fault::nulls(), 1);
    pod.fail(Endpoint::LogIn, Fault::new_fields(), 1);
    for _ in 0..2 {
        let client = Pod::builder(pod.base_url())?.session_from(login()?).build()?;
        client.create_im([1, 2]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn no_debug_shows_what_a_log_in_signed() -> Test {
    let pod = MockPod::builder().service_account("bot", public()?).start().await?;
    let body: Value = serde_json::from_str(&body(&pod).await?)?;
    let shown = format!("{:?} {pod:?}", pod.requests());
    assert!(!shown.contains(body["token"].as_str().ok_or("no token")?) && shown.contains("[secret]"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn a_name_or_an_app_that_is_there_twice_or_has_no_key_is_said() -> Test {
    let no_key = "the key is no public RSA key in PEM of 2048 to 8192 bits: `openssl rsa -in KEY -pubout` prints the public half \
                  of a private one";
    let private = std::fs::read_to_string(keys().join("bot.pem"))?;
    for (builder, message) in [
        (MockPod::builder().service_account("bot", private.clone()), format!("`bot`: {no_key}")),
        (MockPod::builder().app("app", private), format!("`app`: {no_key}")),
        (
            MockPod::builder().app("app", public()?).app("app", public()?),
            "`app` is there already: give each once".to_owned(),
        ),
        (
            MockPod::builder().service_account("bot", public()?).user(User::new(7).service_account("bot", public()?)),
            "`bot` is there already: give each once".to_owned(),
        ),
    ] {
        assert_eq!(builder.start().await.err().map(|error| error.to_string()), Some(message));
    }
    Ok(())
}

#[tokio::test]
async fn the_program_has_the_accounts_and_apps_that_it_is_given() -> Test {
    let key = keys().join("bot.pub.pem").display().to_string();
    let mut running = Running::start(&[
        &format!("--service-account=other={key}"),
        &format!("--service-account=bot={key}"),
        "--user=7",
        "--user=8",
        &format!("--service-account=eight={key}"),
        &format!("--app=app={key}"),
        "--fault=log-in:503",
    ])?;
    let base_url = running.value("base URL: ")?;
    running.value("token: ")?;
    running.value("token of 8: ")?;
    let pod = Pod::builder(&base_url)?.session_from(login()?).build()?;
    pod.create_im([1, 2]).await?;
    let eight = RsaLogin::new("eight", RsaKey::from_file(keys().join("bot.pem"))?);
    let pod = Pod::builder(&base_url)?.session_from(eight).build()?;
    assert_eq!(pod.create_im([1, 2]).await.err().and_then(|error| error.status()), Some(StatusCode::FORBIDDEN));
    let source = pod_api_ext::login::OboLogin::for_user_id("app", RsaKey::from_file(keys().join("bot.pem"))?, 8);
    let pod = Pod::builder(&base_url)?.session_from(source).build()?;
    pod.create_room(PrivateRoom::new("A")?.description("a")).await?;
    Ok(())
}

/// `pip` reaches the package index, and Python is there: `cargo test -p pod-api-tests --test mock -- --ignored bdk`
#[ignore = "installs the vendor's Python BDK, which takes the network"]
#[test]
fn the_python_bdk_of_the_vendor_logs_in_and_makes_the_three_calls() -> Test {
    let folder = tempfile::tempdir()?;
    let python = folder.path().join("venv").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let run = |program: &std::path::Path, arguments: &[&str]| -> Test<String> {
        let output = Command::new(program).args(arguments).current_dir(folder.path()).output()?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(out.into_owned()) } else { Err(format!("{arguments:?}\n{out}\n{err}").into()) }
    };
    run("python3".as_ref(), &["-m", "venv", "venv"])?;
    run(&python, &["-m", "pip", "install", "--quiet", "symphony-bdk-python"])?;

    let public = keys().join("bot.pub.pem").display().to_string();
    let mut running = Running::start(&[&format!("--service-account=bot={public}")])?;
    let base_url = running.value("base URL: ")?;
    let port = base_url.trim_end_matches("/pod").rsplit(':').next().ok_or("no port")?;
    let script = root().join("tests/tests/mock/bdk.py").canonicalize()?;
    let key = keys().join("bot.pem").canonicalize()?;
    let out = run(&python, &[&script.display().to_string(), port, &key.display().to_string()])?;
    let said: Value = serde_json::from_str(out.lines().last().ok_or("it said nothing")?)?;
    assert_eq!(said["user"], json!({ "id": 7_696_581_394_433_i64, "username": "bot" }));
    assert_eq!(said["room"], json!("Project X"));
    assert_eq!(said["im"], said["info"]);
    assert!(said["im"].as_str().is_some_and(|id| !id.is_empty()));
    Ok(())
}
