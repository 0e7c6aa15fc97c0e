//! How the pod in the process starts, runs and stops, and what it tells of itself.

use std::io;

use http::StatusCode;
use pod_api_ext::Operation;
use pod_api_ext::mock::MockPod;
use pod_api_tests::Test;
use serde_json::{Value, json};

/// Without the system's certificates, which take longer to load than a call takes.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().tls_certs_only([]).build()
}

/// The status of the creation of a room.
async fn room(pod: &MockPod, token: &str, attributes: Value) -> reqwest::Result<u16> {
    let request = client()?.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", token);
    let response = request.header("Content-Type", "application/json").body(attributes.to_string()).send().await?;
    Ok(response.status().as_u16())
}

#[tokio::test]
async fn a_token_expires_at_once_or_after_so_many_calls_until_the_next_one_is_issued() -> Test {
    let pod = MockPod::builder().token("the first").start().await?;
    assert_eq!(pod.token(), "the first");
    pod.expire_token_after(2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(room(&pod, &pod.token(), json!({})).await?);
    }
    let second = pod.issue_token()?;
    assert_eq!(pod.token(), second);
    statuses.push(room(&pod, &pod.token(), json!({})).await?);
    statuses.push(room(&pod, "the first", json!({})).await?);
    pod.expire_token();
    statuses.push(room(&pod, &pod.token(), json!({})).await?);
    assert_eq!(statuses, [200, 200, 401, 200, 401, 401]);
    assert_ne!(pod.issue_token()?, second);
    Ok(())
}

#[tokio::test]
async fn two_pods_give_the_same_ids_but_not_the_same_token() -> Test {
    let (one, other) = (MockPod::start().await?, MockPod::start().await?);
    assert_eq!(one.im_between(1, 2)?, other.im_between(3, 4)?);
    assert_ne!(one.token(), other.token());
    let real = MockPod::builder().real_time().start().await?;
    let id = real.im_between(1, 2)?;
    assert_ne!(id, one.im_between(1, 2)?);
    assert!(real.ims()[0].creation_date > one.ims()[0].creation_date);
    Ok(())
}

#[tokio::test]
async fn no_debug_shows_a_token() -> Test {
    let token = "S3CRET";
    let builder = MockPod::builder().token(token);
    let shown = format!("{builder:?}");
    let pod = builder.start().await?;
    let request = client()?.post(format!("{}/v3/room/create?token={token}", pod.base_url()));
    let request =
        request.header("sessionToken", token).header("keyManagerToken", "K3Y").header("authorization", "Bearer B3ARER");
    request
        .header("x-copy", format!("a {token}"))
        .header("content-type", "application/json")
        .body(r#"{"name":"S3CRET K3Y B3ARER"}"#)
        .send()
        .await?;
    let requests = pod.requests();
    assert_eq!(requests[0].token(), Some(token));
    assert_eq!(requests[0].header("KeyManagerToken"), Some("K3Y"));
    assert_eq!(requests[0].path(), "/pod/v3/room/create");
    let shown = format!("{shown} {pod:?} {requests:?}");
    for secret in [token, "K3Y", "B3ARER"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("[secret] [secret] [secret]"), "{shown}");
    Ok(())
}

#[tokio::test]
async fn the_log_keeps_no_more_bytes_than_fit_and_counts_all_calls() -> Test {
    let pod = MockPod::start().await?;
    let (client, mebibyte) = (client()?, "x".repeat(1 << 20));
    for _ in 0..70 {
        let request = client.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", pod.token());
        assert_eq!(
            request.header("content-type", "application/json").body(mebibyte.clone()).send().await?.status(),
            400
        );
    }
    assert_eq!(pod.count(Operation::CreateRoom), 70);
    let kept: usize = pod.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!(kept, 63 << 20, "64 MiB with the headers");
    pod.clear_requests();
    assert!(pod.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_pod_that_stops_answers_those_who_wait_and_frees_its_port() -> Test {
    let pod = MockPod::start().await?;
    let (port, token) = (pod.address().port(), pod.token());
    pod.fail(Operation::CreateRoom, "delay=50ms".parse()?, 1);
    let url = format!("{}/v3/room/create", pod.base_url());
    let client = client()?;
    let call = tokio::spawn(async move {
        let request = client.post(url).header("sessionToken", token);
        request.header("content-type", "application/json").body("{}").send().await
    });
    pod.reached(Operation::CreateRoom, 1).await;
    pod.stop().await;
    assert_eq!(call.await??.status(), 200);
    let again = MockPod::builder().port(port).start().await?;
    assert_eq!(again.address().port(), port);
    drop(again);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    Ok(())
}

#[tokio::test]
async fn a_pod_that_can_not_start_says_why() -> Test {
    let pod = MockPod::start().await?;
    let port = pod.address().port();
    let error = MockPod::builder().port(port).start().await.err().ok_or("the port is free")?;
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    let message = error.to_string();
    assert!(message.starts_with(&format!("can't listen on port {port} of 127.0.0.1: ")), "{message}");
    assert!(message.ends_with(": choose another port, or 0 for any that is free"), "{message}");
    for token in ["", " a", "a\n", "\u{7f}"] {
        let error = MockPod::builder().token(token).start().await.err().ok_or("a token that is none")?;
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{token:?}");
        let message =
            "the token can't be the value of a header: give it visible ASCII characters, without spaces around them";
        assert_eq!(error.to_string(), message);
    }
    Ok(())
}

#[test]
fn a_pod_needs_no_runtime_of_the_test() -> Test {
    use std::io::{Read as _, Write as _};

    let pod = MockPod::builder().start_blocking()?;
    let mut connection = std::net::TcpStream::connect(pod.address())?;
    connection.write_all(b"GET /pod HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn the_log_counts_from_zero_again_when_it_is_cleared() -> Test {
    let pod = MockPod::start().await?;
    room(&pod, &pod.token(), json!({})).await?;
    assert_eq!((pod.count(Operation::CreateRoom), pod.count(Operation::CreateIm), pod.requests().len()), (1, 0, 1));
    assert_eq!(pod.requests()[0].json(), Some(json!({})));
    pod.clear_requests();
    assert_eq!((pod.count(Operation::CreateRoom), pod.requests().len()), (0, 0));
    room(&pod, &pod.token(), json!({ "name": "A" })).await?;
    assert_eq!((pod.count(Operation::CreateRoom), pod.requests().len()), (1, 1));
    assert_eq!(pod.requests()[0].status(), Some(StatusCode::OK));
    Ok(())
}

#[test]
fn a_pod_can_be_shared_between_threads() {
    const fn shared<T: Send + Sync>() {}
    shared::<MockPod>();
    shared::<pod_api_ext::mock::Fault>();
    shared::<pod_api_ext::mock::Received>();
}
