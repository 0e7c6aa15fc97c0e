//! Every fault of the pod in the process, as a client sees it.

use std::time::{Duration, Instant, SystemTime};

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{StatusCode, Version};
use pod_api::types::{UserIdList, V3RoomAttributes};
use pod_api::{Client, Error};
use pod_api_ext::Operation;
use pod_api_ext::mock::{Answered, Fault, MockPod};
use pod_api_tests::Test;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Without the system's certificates, which take longer to load than a call takes, and without redirects.
fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([]).redirect(reqwest::redirect::Policy::none())
}

fn create_room(client: &reqwest::Client, pod: &MockPod, name: &str) -> reqwest::RequestBuilder {
    let request = client.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", pod.token());
    request.header("Content-Type", "application/json").body(json!({ "name": name }).to_string())
}

/// What a client gets to see when this fault happens to the creation of a room, and how many rooms there are then.
struct Seen {
    response: reqwest::Response,
    rooms: usize,
}

async fn seen(fault: Fault) -> Test<Seen> {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, fault, 1);
    let response = create_room(&client().build()?, &pod, "A").send().await?;
    assert_eq!(pod.pending_faults(Operation::CreateRoom), 0);
    let answer = pod.requests().first().and_then(|request| request.answer);
    assert_eq!(answer, Some(Answered::Status(response.status())));
    Ok(Seen { response, rooms: pod.rooms().len() })
}

fn header<'a>(seen: &'a Seen, name: &str) -> Option<&'a str> {
    seen.response.headers().get(name)?.to_str().ok()
}

/// The bytes that come on a connection of its own, and how it ended.
async fn raw(pod: &MockPod) -> (String, std::io::Result<()>) {
    let request = format!(
        "POST /pod/v3/room/create HTTP/1.1\r\nHost: pod\r\nsessionToken: {}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        pod.token()
    );
    let mut bytes = Vec::new();
    let end = async {
        let mut connection = TcpStream::connect(pod.address()).await?;
        connection.write_all(request.as_bytes()).await?;
        connection.read_to_end(&mut bytes).await.map(drop)
    };
    let end = end.await;
    (String::from_utf8_lossy(&bytes).into_owned(), end)
}

#[tokio::test]
async fn a_status_comes_with_the_error_of_the_api_and_without_an_act() -> Test {
    for status in [400, 401, 403, 404, 418, 429, 451, 500, 503, 599] {
        let seen = seen(Fault::status(StatusCode::from_u16(status)?)).await?;
        assert_eq!((seen.response.status().as_u16(), seen.rooms), (status, 0));
        assert_eq!(header(&seen, "content-type"), Some("application/json"));
        assert_eq!(header(&seen, "retry-after"), None);
        let body: Value = serde_json::from_str(&seen.response.text().await?)?;
        assert_eq!(body, json!({ "code": status, "message": "A fault that the test asked for" }));
    }
    assert_eq!(seen(Fault::status(StatusCode::PROCESSING)).await?.response.status(), 500);
    Ok(())
}

#[tokio::test]
async fn a_status_comes_with_another_body_or_none() -> Test {
    let bare = seen(Fault::status(StatusCode::INTERNAL_SERVER_ERROR).without_body()).await?;
    assert_eq!((header(&bare, "content-type"), header(&bare, "content-length")), (None, Some("0")));
    assert_eq!(bare.response.text().await?, "");

    let other = seen(Fault::status(StatusCode::BAD_REQUEST).body(r#"{"code":7,"details":null}"#)).await?;
    assert_eq!(header(&other, "content-type"), Some("application/json"));
    assert_eq!(other.response.text().await?, r#"{"code":7,"details":null}"#);

    let text = seen("503:no-body:body=gone: fishing".parse()?).await?;
    assert_eq!(header(&text, "content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(text.response.text().await?, "gone: fishing");

    let header_of_its_own = Fault::status(StatusCode::BAD_GATEWAY)
        .header(HeaderName::from_static("x-gateway"), HeaderValue::from_static("7"));
    assert_eq!(header(&seen(header_of_its_own).await?, "x-gateway"), Some("7"));
    Ok(())
}

#[tokio::test]
async fn retry_after_is_a_number_of_seconds_or_a_date() -> Test {
    for (wait, expected) in [(Duration::from_secs(2), "2"), (Duration::from_millis(1_001), "2"), (Duration::ZERO, "0")]
    {
        let throttled = seen(Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(wait)).await?;
        assert_eq!(header(&throttled, "retry-after"), Some(expected), "{wait:?}");
    }
    let before = SystemTime::now();
    let throttled =
        seen(Fault::status(StatusCode::SERVICE_UNAVAILABLE).retry_after_date(Duration::from_secs(60))).await?;
    let date = httpdate::parse_http_date(header(&throttled, "retry-after").ok_or("no date")?)?;
    let (earliest, latest) = (before + Duration::from_secs(59), SystemTime::now() + Duration::from_secs(60));
    assert!(earliest <= date && date <= latest, "{date:?}");
    let far = seen(Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after_date(Duration::MAX)).await?;
    assert_eq!(header(&far, "retry-after"), Some("Fri, 31 Dec 9999 23:59:59 GMT"));
    Ok(())
}

#[tokio::test]
async fn a_gateway_answers_with_a_page() -> Test {
    let page = seen(Fault::html(StatusCode::BAD_GATEWAY)).await?;
    assert_eq!((page.response.status().as_u16(), page.rooms), (502, 0));
    assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"));
    assert!(page.response.text().await?.starts_with("<!DOCTYPE html>"));
    Ok(())
}

#[tokio::test]
async fn a_redirect_names_another_host() -> Test {
    let elsewhere = "http://127.0.0.1:9/pod/v3/room/create";
    let redirect = seen(Fault::redirect(StatusCode::TEMPORARY_REDIRECT, elsewhere)).await?;
    assert_eq!((redirect.response.status().as_u16(), redirect.rooms), (307, 0));
    assert_eq!(header(&redirect, "location"), Some(elsewhere));
    assert_eq!(redirect.response.text().await?, "");
    let redirect = seen(Fault::redirect(StatusCode::FOUND, "/ä\n")).await?;
    assert_eq!(header(&redirect, "location"), Some("/%C3%A4%0A"));
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_not_followed_by_the_generated_client() -> Test {
    let (pod, other) = (MockPod::start().await?, MockPod::start().await?);
    pod.fail(Operation::ImInfo, Fault::redirect(StatusCode::PERMANENT_REDIRECT, &other.base_url()), 1);
    let answer = Client::new(&pod.base_url()).v1_im_id_info_get().session_token(pod.token()).id("abcd").send().await;
    let Err(Error::UnexpectedResponse(response)) = answer else { return Err("no redirect".into()) };
    assert_eq!(response.status(), 308);
    assert!(other.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_reset_ends_the_connection_with_an_error() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::reset(), 1);
    let (bytes, end) = raw(&pod).await;
    assert_eq!((bytes.as_str(), end.map_err(|error| error.kind())), ("", Err(std::io::ErrorKind::ConnectionReset)));
    assert_eq!((pod.rooms().len(), pod.requests()[0].answer), (0, Some(Answered::Reset)));
    assert_eq!(pod.requests()[0].status(), None);
    Ok(())
}

#[tokio::test]
async fn a_closed_connection_ends_in_order_but_without_an_answer() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::close(), 1);
    let (bytes, end) = raw(&pod).await;
    assert_eq!((bytes.as_str(), end.is_ok()), ("", true));
    assert_eq!((pod.rooms().len(), pod.requests()[0].answer), (0, Some(Answered::Closed)));
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_cut_short_announces_twice_as_much() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::cut(), 1);
    let (bytes, end) = raw(&pod).await;
    let (head, body) = bytes.split_once("\r\n\r\n").ok_or("no body")?;
    let announced = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?;
    let announced: usize = announced.parse()?;
    assert!(end.is_ok() && head.starts_with("HTTP/1.1 200 OK\r\n"), "{end:?} {head}");
    assert_eq!(body.len(), announced / 2);
    assert_eq!((pod.rooms().len(), pod.requests()[0].answer), (1, Some(Answered::Cut(StatusCode::OK))));

    pod.fail(Operation::CreateRoom, Fault::cut(), 1);
    let error = create_room(&client().build()?, &pod, "A").send().await?.text().await.err().ok_or("a whole body")?;
    assert!(error.is_decode() || error.is_body(), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn an_empty_answer_has_a_status_only() -> Test {
    let empty = seen(Fault::empty()).await?;
    assert_eq!((empty.response.status().as_u16(), empty.rooms), (200, 1));
    assert_eq!((header(&empty, "content-type"), header(&empty, "content-length")), (None, Some("0")));
    Ok(())
}

#[tokio::test]
async fn nulls_stand_for_what_is_absent() -> Test {
    let pod = MockPod::start().await?;
    let client = Client::new(&pod.base_url());
    pod.fail(Operation::CreateRoom, Fault::nulls(), 1);
    pod.fail(Operation::CreateIm, Fault::only_nulls(), 1);
    let room = client.v3_room_create_post().session_token(pod.token()).body(V3RoomAttributes::default()).send().await?;
    assert_eq!(room.room_attributes, Some(pod.rooms()[0].attributes.clone()));
    assert_eq!(room.groups, None);
    let stream =
        client.v1_admin_im_create_post().session_token(pod.token()).body(UserIdList(vec![1, 2])).send().await?;
    assert_eq!(stream.id, None);
    assert_eq!(pod.ims().len(), 1);

    let body: Value = serde_json::from_str(&seen(Fault::nulls()).await?.response.text().await?)?;
    assert_eq!((&body["groups"], &body["roomAttributes"]["keywords"]), (&Value::Null, &Value::Null));
    assert!(body.as_object().is_some_and(|body| body.contains_key("groups")));
    assert_eq!(body["roomAttributes"]["name"], "A");
    let body: Value = serde_json::from_str(&seen(Fault::only_nulls()).await?.response.text().await?)?;
    let system = json!({ "id": null, "creationDate": null, "createdByUserId": null, "active": null });
    assert_eq!((&body["roomSystemInfo"], &body["roomAttributes"]["name"]), (&system, &Value::Null));
    Ok(())
}

#[tokio::test]
async fn new_fields_disturb_nobody() -> Test {
    let pod = MockPod::start().await?;
    let id = pod.im_between(1, 2)?;
    pod.fail(Operation::ImInfo, Fault::new_fields(), 1);
    let client = Client::new(&pod.base_url());
    let info = client.v1_im_id_info_get().session_token(pod.token()).id(id.as_str()).send().await?;
    assert_eq!(info.im_system_info.as_ref().and_then(|info| info.active), Some(true));
    let body: Value = serde_json::from_str(&seen(Fault::new_fields()).await?.response.text().await?)?;
    assert_eq!(body["roomSystemInfo"]["fieldOfTheFuture"], json!({ "since": [20.99, null] }));
    Ok(())
}

#[tokio::test]
async fn a_refusal_of_the_pod_itself_is_not_dressed_up() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::only_nulls(), 1);
    let answer = create_room(&client().build()?, &pod, &"x".repeat(50)).send().await?;
    assert_eq!(answer.text().await?, r#"{"code":400,"message":"The name has to be shorter than 50 characters"}"#);
    Ok(())
}

#[tokio::test]
async fn an_answer_comes_late_but_the_act_in_time() -> Test {
    let pod = MockPod::start().await?;
    let wait = Duration::from_millis(50);
    pod.fail(Operation::CreateRoom, Fault::delay(wait), 1);
    pod.fail(Operation::CreateRoom, Fault::status(StatusCode::SERVICE_UNAVAILABLE).delayed(wait), 1);
    let client = client().build()?;
    for (name, status) in [("A", 200), ("B", 503)] {
        let start = Instant::now();
        assert_eq!(create_room(&client, &pod, name).send().await?.status(), status);
        assert!(start.elapsed() >= wait);
    }
    assert_eq!(pod.rooms().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_client_that_gives_up_has_its_room_and_no_answer() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::delay(Duration::from_secs(3600)), 1);
    let call = tokio::spawn(create_room(&client().build()?, &pod, "A").send());
    while pod.rooms().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.is_err_and(|error| error.is_cancelled()));
    assert_eq!((pod.rooms().len(), pod.requests()[0].answer), (1, None));
    Ok(())
}

#[tokio::test]
async fn nothing_comes_from_a_pod_that_hangs_until_it_stops() -> Test {
    let pod = MockPod::start().await?;
    pod.fail(Operation::CreateRoom, Fault::hang(), 1);
    let call = tokio::spawn(create_room(&client().build()?, &pod, "A").send());
    pod.reached(Operation::CreateRoom, 1).await;
    assert_eq!(pod.requests()[0].answer, None);
    let start = Instant::now();
    pod.stop().await;
    assert!(call.await?.is_err());
    assert!(start.elapsed() < Duration::from_secs(4), "the pod waited for a call that it never answers");
    Ok(())
}

#[tokio::test]
async fn what_is_done_before_the_fault_is_not_done_twice() -> Test {
    for fault in ["reset", "close", "500", "html", "307:to=http://127.0.0.1:9/", "503:retry-after=1"] {
        let pod = MockPod::start().await?;
        pod.fail(Operation::CreateRoom, fault.parse::<Fault>()?.after_acting(), 1);
        let client = client().build()?;
        let lost = create_room(&client, &pod, "A").send().await;
        assert!(lost.is_err() || lost.is_ok_and(|response| response.status() != 200), "{fault}");
        assert_eq!(pod.rooms().len(), 1, "{fault}");
        assert_eq!(create_room(&client, &pod, "a").send().await?.status(), 400, "{fault}");
        assert_eq!((pod.rooms().len(), pod.count(Operation::CreateRoom)), (1, 2), "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn faults_happen_in_order_to_their_operation_only() -> Test {
    let pod = MockPod::builder().fault(Operation::CreateRoom, "503".parse()?, 2).start().await?;
    pod.fail(Operation::CreateRoom, "429".parse()?, 1);
    pod.fail(Operation::ImInfo, "418".parse()?, 1);
    let client = client().build()?;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(create_room(&client, &pod, "A").send().await?.status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 429, 200]);
    assert_eq!(pod.pending_faults(Operation::ImInfo), 1);
    pod.clear_faults();
    assert_eq!(pod.pending_faults(Operation::ImInfo), 0);
    Ok(())
}

#[tokio::test]
async fn faults_reach_clients_of_http_2_as_well() -> Test {
    for (fault, broken) in [("reset", true), ("close", true), ("cut", true), ("503", false), ("nulls", false)] {
        let pod = MockPod::start().await?;
        pod.fail(Operation::CreateRoom, fault.parse()?, 1);
        let client = client().http2_prior_knowledge().build()?;
        let call = async {
            let response = create_room(&client, &pod, "A").send().await?;
            assert_eq!(response.version(), Version::HTTP_2);
            response.text().await
        };
        assert_eq!(call.await.is_err(), broken, "{fault}");
        // The next call has a connection that works.
        assert_eq!(create_room(&client, &pod, "B").send().await?.status(), 200, "{fault}");
        assert_eq!(pod.requests()[0].version, Version::HTTP_2);
    }
    Ok(())
}

#[tokio::test]
async fn every_status_reaches_the_generated_client_with_its_body() -> Test {
    let pod = MockPod::start().await?;
    let json = HeaderValue::from_static("application/json");
    pod.fail(Operation::CreateRoom, Fault::status(StatusCode::from_u16(451)?).body("{}").header(CONTENT_TYPE, json), 1);
    pod.fail(Operation::CreateRoom, Fault::html(StatusCode::SERVICE_UNAVAILABLE), 1);
    let client = Client::new(&pod.base_url());
    let create = || client.v3_room_create_post().session_token(pod.token()).send();
    let Err(Error::ErrorResponse(error)) = create().await else { return Err("no refusal".into()) };
    assert_eq!((error.status().as_u16(), error.code), (451, None));
    let Err(Error::UnexpectedResponse(response)) = create().await else { return Err("no page".into()) };
    assert_eq!(response.status(), 503);
    Ok(())
}
