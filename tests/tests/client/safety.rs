//! What makes a call safe: each of these failed with what progenitor generates.

use std::time::Duration;

use pod_api::support::{BodyLimits, BodyProblem};
use pod_api::types::{self, V3RoomAttributes, V3RoomDetail};
use pod_api::{Client, Error};
use pod_api_tests::{OneShot, Test, response, run_with};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn unexpected<T>(result: Result<T, Error<types::Error>>) -> Result<reqwest::Response, String> {
    match result {
        Err(Error::UnexpectedResponse(response)) => Ok(response),
        Err(error) => Err(format!("another error: {error}")),
        Ok(_) => Err("no error".to_owned()),
    }
}

async fn get_im_info(client: &Client) -> Result<pod_api::ResponseValue<types::V1imDetail>, Error<types::Error>> {
    client.v1_im_id_info_get().id("a").session_token("T0KEN").send().await
}

#[tokio::test]
async fn a_redirect_is_not_followed_so_that_the_token_stays_with_the_pod() -> Test {
    let elsewhere = httpmock::MockServer::start_async().await;
    let caught = elsewhere.mock(|when, then| {
        when.any_request();
        then.status(200).body("{}");
    });
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("location: {}\r\n", elsewhere.url("/pod/v1/im/a/info"));
        let server = OneShot::start(response(status, &location, "")).await?;
        let response = unexpected(get_im_info(&Client::new(&server.base_url())).await)?;
        assert_eq!(response.status().as_u16().to_string(), status[..3]);
        assert_eq!(response.headers()["location"], elsewhere.url("/pod/v1/im/a/info"));
    }
    assert_eq!(caught.calls(), 0);
    Ok(())
}

#[test]
fn no_builder_prints_the_token() {
    let client = Client::new("http://localhost/pod");
    let token = "T0KEN";
    let builders = [
        format!("{:?}", client.v1_im_id_info_get().id("a").session_token(token).header("X-Gateway", "T0KEN")),
        format!("{:?}", client.v3_room_create_post().session_token(token)),
        format!("{:?}", client.v1_admin_im_create_post().session_token(token).body(vec![1, 2])),
    ];
    assert_eq!(
        builders[0],
        r#"V1ImIdInfoGet { id: Ok("a"), session_token: [redacted], options: CallOptions { headers: ["x-gateway"], timeout: None, body_limits: None }, .. }"#
    );
    for builder in builders {
        assert!(!builder.contains(token), "{builder}");
        assert!(builder.contains("session_token: [redacted]"), "{builder}");
    }
}

#[tokio::test]
async fn no_error_prints_the_token() -> Test {
    let mut errors = Vec::new();
    let closed = Client::new(&OneShot::closed().await?);
    errors.push(get_im_info(&closed).await.unwrap_err());
    errors.push(closed.v1_im_id_info_get().id("a").session_token("T0KEN\n").send().await.unwrap_err());
    for canned in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", &response("401 Unauthorized", "", "<html>")] {
        let server = OneShot::start(canned).await?;
        errors.push(get_im_info(&Client::new(&server.base_url())).await.unwrap_err());
    }
    for error in errors {
        let shown = format!("{error} {error:?} {error:#} {error:#?}");
        assert!(!shown.contains("T0KEN"), "{shown}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_that_cannot_be_a_header_is_refused_with_the_headers_name() -> Test {
    let client = Client::new(&OneShot::closed().await?);
    let error = client.v1_im_id_info_get().id("a").session_token("T\n").send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invalid Request: the value of the header `sessionToken` has a character that a header can't hold: only \
         visible ASCII and spaces are allowed, so see whether a line break follows it"
    );
    Ok(())
}

#[tokio::test]
async fn an_id_that_would_name_another_path_is_refused_before_anything_is_sent() -> Test {
    let client = Client::new(&OneShot::closed().await?);
    for (id, message) in [
        ("", "Invalid Request: the path parameter `id` is empty: give it a value"),
        (".", "Invalid Request: the path parameter `id` is `.`, which would name another path: give it another value"),
        (
            "..",
            "Invalid Request: the path parameter `id` is `..`, which would name another path: give it another value",
        ),
    ] {
        let error = client.v1_im_id_info_get().id(id).session_token("T").send().await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    Ok(())
}

#[tokio::test]
async fn what_was_left_out_is_named() -> Test {
    let client = Client::new(&OneShot::closed().await?);
    let error = client.v1_im_id_info_get().id("a").send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Invalid Request: V1ImIdInfoGet: `session_token` is required: set it with `.session_token(…)`"
    );
    Ok(())
}

#[tokio::test]
async fn the_header_method_cannot_replace_what_the_operation_sets() -> Test {
    let client = Client::new(&OneShot::closed().await?);
    for (name, value, message) in [
        (
            "SESSIONTOKEN",
            "x",
            "the header `sessiontoken` is a parameter of this operation: set it with the method of its name",
        ),
        ("Content-Type", "text/plain", "the header `content-type` is set by this client: leave it out"),
        ("Host", "elsewhere", "the header `host` is set by this client: leave it out"),
        ("Expect", "100-continue", "the header `expect` is set by this client: leave it out"),
        ("TE", "trailers", "the header `te` is set by this client: leave it out"),
        ("Upgrade", "h2c", "the header `upgrade` is set by this client: leave it out"),
        ("Trailer", "X-A", "the header `trailer` is set by this client: leave it out"),
        ("Content-Encoding", "gzip", "the header `content-encoding` is set by this client: leave it out"),
        ("Accept-Encoding", "gzip", "the header `accept-encoding` is set by this client: leave it out"),
        ("Keep-Alive", "timeout=5", "the header `keep-alive` is set by this client: leave it out"),
        ("a b", "x", "the name given to `.header(…)` can't be the name of a header"),
        ("X-A", "a\nb", "the value given to `.header(\"x-a\", …)` has a character that a header can't hold"),
    ] {
        let error = client.v1_im_id_info_get().id("a").session_token("T").header(name, value).send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("Invalid Request: {message}"));
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_does_not_end_in_the_time_of_the_call_leaves_the_status() -> Test {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = Client::new(&format!("http://{}/pod", listener.local_addr()?));
    let pod = async {
        let (mut connection, _) = listener.accept().await?;
        let _ = connection.read(&mut [0; 4096]).await?;
        connection.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 9\r\n\r\n{").await?;
        // Until the client goes.
        tokio::io::copy(&mut connection, &mut tokio::io::sink()).await
    };
    let call = client.v1_im_id_info_get().id("a").session_token("T").timeout(Duration::from_millis(500)).send();
    let (_, result) = tokio::join!(pod, call);
    let response = unexpected(result)?;
    assert_eq!(response.status(), 401);
    let Some(BodyProblem::CutShort(error)) = BodyProblem::of(&response) else {
        return Err(format!("{:?}", BodyProblem::of(&response)).into());
    };
    assert!(error.is_timeout());
    Ok(())
}

#[test]
fn null_reads_as_absent() -> Test {
    let room: V3RoomDetail = serde_json::from_value(json!({
        "groups": null,
        "roomSystemInfo": null,
        "roomAttributes": {"keywords": null, "name": null, "public": null, "aFieldOfTomorrow": [1]}
    }))?;
    let mut expected = V3RoomDetail::default();
    expected.room_attributes = Some(V3RoomAttributes::default());
    assert_eq!(room, expected);
    assert_eq!(serde_json::to_value(&room)?, json!({"roomAttributes": {}}));
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_not_documented_keeps_the_status_the_headers_the_url_and_the_text() -> Test {
    for status in ["200 OK", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "500 Internal Server Error"] {
        for body in ["<html>no</html>", "", "[1]", r#"{"code":"X"}"#, "{} {}", "null", "{\"id\": \u{0}}"] {
            if body.contains("code") && status.starts_with("200") {
                // An IM's details have no `code`, and a field that isn't known isn't an error.
                continue;
            }
            let server = OneShot::start(response(status, "x-request-id: r1\r\n", body)).await?;
            let base = server.base_url();
            let response = unexpected(get_im_info(&Client::new(&base)).await)?;
            assert_eq!(response.status().as_u16().to_string(), status[..3], "{body}");
            assert_eq!(response.headers()["x-request-id"], "r1");
            assert_eq!(response.url().as_str(), format!("{base}/v1/im/a/info"));
            let problem = BodyProblem::of(&response).map(ToString::to_string);
            assert_eq!(problem.as_deref(), Some("the body is not what the API describes"));
            assert_eq!(response.text().await?, body);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_cut_short_keeps_the_status_and_what_came_of_it() -> Test {
    for status in ["200 OK", "401 Unauthorized"] {
        let server = OneShot::start(format!("HTTP/1.1 {status}\r\ncontent-length: 99\r\n\r\n{{\"id\": ")).await?;
        let response = unexpected(get_im_info(&Client::new(&server.base_url())).await)?;
        assert_eq!(response.status().as_u16().to_string(), status[..3]);
        let problem = BodyProblem::of(&response).cloned();
        assert!(matches!(problem, Some(BodyProblem::CutShort(_))), "{problem:?}");
        assert_eq!(response.text().await?, "{\"id\": ");
    }
    Ok(())
}

#[tokio::test]
async fn a_status_that_is_not_documented_has_no_body_problem() -> Test {
    let server = OneShot::start(response("429 Too Many Requests", "retry-after: 7\r\n", "slow down")).await?;
    let response = unexpected(get_im_info(&Client::new(&server.base_url())).await)?;
    assert_eq!(response.headers()["retry-after"], "7");
    assert!(BodyProblem::of(&response).is_none());
    assert_eq!(response.text().await?, "slow down");
    Ok(())
}

#[tokio::test]
async fn no_connection_is_a_communication_error() -> Test {
    let error = get_im_info(&Client::new(&OneShot::closed().await?)).await.unwrap_err();
    assert!(matches!(&error, Error::CommunicationError(error) if error.is_connect()), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_base_url_that_a_parser_would_repair_is_refused_before_anything_is_sent() -> Test {
    let host = "the base URL has to begin with `https://` and a host, as in https://host/path";
    let character = "the base URL has white space, a control character or a backslash in it: leave that out";
    let credentials = "the base URL holds a user name or a password: leave out what comes before `@`";
    let server = OneShot::start(response("200 OK", "", "{}")).await?;
    let base = server.base_url();
    for (base, message) in [
        (String::new(), host),
        ("acme.symphony.com/pod".to_owned(), host),
        ("https:///pod".to_owned(), host),
        ("https:/acme.symphony.com/pod".to_owned(), host),
        ("https:acme.symphony.com/pod".to_owned(), host),
        ("https://:443/pod".to_owned(), host),
        ("ftp://acme.symphony.com/pod".to_owned(), host),
        ("https:\\\\acme.symphony.com\\pod".to_owned(), character),
        (base.replace("/pod", "/p\tod"), character),
        (base.replace("/pod", "/po\nd"), character),
        (base.replace("/pod", "/p od"), character),
        (base.replace("http://", "http://bot:S3CRET@"), credentials),
        (base.replace("http://", "http://@"), credentials),
        (format!("{base}?x=1"), "the base URL has a query: leave out `?` and what follows"),
        (format!("{base}?"), "the base URL has a query: leave out `?` and what follows"),
        (format!("{base}#a"), "the base URL has a fragment: leave out `#` and what follows"),
        (format!("{base}#a?b"), "the base URL has a fragment: leave out `#` and what follows"),
    ] {
        let error = get_im_info(&Client::new(&base)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("Invalid Request: {message}"), "{base:?}");
    }
    // Only this one is sent.
    get_im_info(&Client::new(&format!(" {base}/\n"))).await?;
    assert!(server.request().await?.starts_with("GET /pod/v1/im/a/info HTTP/1.1\r\n"));
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_too_long_is_cut_and_keeps_its_status() -> Test {
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(1000));
    for (status, limits, kept, message) in [
        ("200 OK", BodyLimits::default().success(1007).error(10), 10, "the body is longer than 1007 bytes"),
        ("400 Bad Request", BodyLimits::default().error(1007), 1007, "the body is longer than 1007 bytes"),
        ("429 Too Many Requests", BodyLimits::default().error(100), 100, "the body is longer than 100 bytes"),
        ("400 Bad Request", BodyLimits::default().error(0), 0, "the body is longer than 0 bytes"),
    ] {
        let server = OneShot::start(response(status, "x-request-id: r1\r\n", &body)).await?;
        let client = Client::new(&server.base_url());
        let call = client.v1_im_id_info_get().id("a").session_token("T").body_limits(limits);
        let response = unexpected(call.send().await)?;
        assert_eq!(response.status().as_u16().to_string(), status[..3]);
        assert_eq!(response.headers()["x-request-id"], "r1");
        assert_eq!(BodyProblem::of(&response).map(ToString::to_string).as_deref(), Some(message));
        assert_eq!(response.text().await?, body[..kept]);
    }
    for limits in [BodyLimits::default(), BodyLimits::default().success(1008)] {
        let server = OneShot::start(response("200 OK", "", &body)).await?;
        get_im_info(&Client::new(&server.base_url()).body_limits(limits)).await?;
    }
    Ok(())
}

/// The system's proxy would read a token that goes unencrypted, even if only to this machine.
#[test]
fn a_token_for_this_machine_goes_through_no_proxy_of_the_system() -> Test {
    run_with("safety::with_a_proxy_of_the_system", "HTTP_PROXY", "http://127.0.0.1:1")
}

#[ignore = "needs what the test above gives it"]
#[tokio::test]
async fn with_a_proxy_of_the_system() -> Test {
    for host in ["127.0.0.1", "localhost", "127.1"] {
        let server = OneShot::start(response("200 OK", "", "{}")).await?;
        get_im_info(&Client::new(&server.base_url().replace("127.0.0.1", host))).await?;
    }
    Ok(())
}

/// A name below `localhost` may be asked of a DNS server, which can say anything.
#[test]
fn this_machine_is_an_address_or_localhost() -> Test {
    for (host, expected) in [
        ("127.0.0.1:8080", true),
        ("127.255.1.2", true),
        ("0x7f.1", true),
        ("[::1]", true),
        ("[::ffff:127.0.0.1]", true),
        ("LOCALHOST", true),
        ("localhost.", true),
        ("pod.localhost", false),
        ("localhost.acme.com", false),
        ("notlocalhost", false),
        ("0.0.0.0", false),
        ("128.0.0.1", false),
        ("[::2]", false),
    ] {
        let url = reqwest::Url::parse(&format!("http://{host}/pod"))?;
        assert_eq!(pod_api::support::is_loopback(&url), expected, "{host}");
    }
    Ok(())
}

#[tokio::test]
async fn no_compression_is_asked_for_and_none_is_unpacked() -> Test {
    for encoding in ["gzip", "deflate"] {
        let server =
            OneShot::start(response("200 OK", &format!("content-encoding: {encoding}\r\n"), "\u{1f}?\u{8}")).await?;
        let response = unexpected(get_im_info(&Client::new(&server.base_url())).await)?;
        let problem = BodyProblem::of(&response).map(ToString::to_string);
        assert_eq!(problem, Some(format!("the body is encoded as `{encoding}`, which wasn't asked for")));
        assert_eq!(response.headers()["content-encoding"], encoding);
        assert_eq!(response.text().await?, "\u{1f}?\u{8}");
        assert!(!server.request().await?.contains("encoding"));
    }
    // Whatever it says, this isn't encoded.
    for encoding in ["identity", "gzip"] {
        let server = OneShot::start(response("200 OK", &format!("content-encoding: {encoding}\r\n"), "{}")).await?;
        get_im_info(&Client::new(&server.base_url())).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_byte_order_mark_before_a_body_is_passed_over() -> Test {
    let server = OneShot::start(response("200 OK", "", "\u{feff}{\"IMSystemInfo\":{\"active\":true}}")).await?;
    let info = get_im_info(&Client::new(&server.base_url())).await?.into_inner();
    assert_eq!(info.im_system_info.and_then(|info| info.active), Some(true));
    Ok(())
}

#[test]
fn models_describe_themselves() -> Test {
    let schema = serde_json::to_value(schemars::schema_for!(types::RoomTag))?;
    assert_eq!(schema["required"], json!(["key", "value"]));
    assert_eq!(schema["properties"]["key"], json!({"description": "A unique label of the Tag.", "type": "string"}));
    Ok(())
}

#[test]
fn the_client_and_its_builders_may_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Client>();
    crosses::<pod_api::builder::V3RoomCreatePost<'_>>();
    crosses::<V3RoomDetail>();
    crosses::<Error<types::Error>>();
}
