//! What is on the wire, byte for byte: what the spec names and the caller set, and nothing else.

use pod_api::Client;
use pod_api::types::{RoomTag, UserIdList, V3RoomAttributes};
use pod_api_tests::{OneShot, Test, response};

fn ok() -> String {
    response("200 OK", "content-type: application/json\r\n", "{}")
}

#[tokio::test]
async fn creating_an_im_sends_the_ids_in_the_order_given() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    client.v1_admin_im_create_post().session_token("T").body(UserIdList(vec![2, 1, i64::MAX])).send().await?;
    assert_eq!(
        server.request().await?,
        "POST /pod/v1/admin/im/create HTTP/1.1\r\n\
         accept: application/json\r\n\
         content-type: application/json\r\n\
         sessiontoken: T\r\n\
         host: 127.0.0.1:PORT\r\n\
         content-length: 25\r\n\r\n\
         [2,1,9223372036854775807]"
    );
    Ok(())
}

#[tokio::test]
async fn a_room_without_attributes_is_an_empty_object() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    client.v3_room_create_post().session_token("T").send().await?;
    assert_eq!(
        server.request().await?,
        "POST /pod/v3/room/create HTTP/1.1\r\n\
         accept: application/json\r\n\
         content-type: application/json\r\n\
         sessiontoken: T\r\n\
         host: 127.0.0.1:PORT\r\n\
         content-length: 2\r\n\r\n\
         {}"
    );
    Ok(())
}

#[tokio::test]
async fn only_the_fields_that_were_set_are_sent() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    let tag = RoomTag::try_from(RoomTag::builder().key("region").value("EMEA"))?;
    let mut attributes = V3RoomAttributes::default();
    attributes.name = Some("Ä \"1\"".to_owned());
    attributes.public = Some(false);
    attributes.keywords = Some(vec![tag]);
    client.v3_room_create_post().session_token("T").body(attributes).send().await?;
    let request = server.request().await?;
    let (_, body) = request.split_once("\r\n\r\n").ok_or("no body")?;
    assert_eq!(body, r#"{"keywords":[{"key":"region","value":"EMEA"}],"name":"Ä \"1\"","public":false}"#);
    Ok(())
}

#[tokio::test]
async fn an_empty_list_that_was_set_is_sent() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    client.v3_room_create_post().session_token("T").body_map(|room| room.keywords(Vec::new())).send().await?;
    let request = server.request().await?;
    let (_, body) = request.split_once("\r\n\r\n").ok_or("no body")?;
    assert_eq!(body, r#"{"keywords":[]}"#);
    Ok(())
}

#[tokio::test]
async fn asking_for_an_im_sends_no_body() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    client.v1_im_id_info_get().id("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA").session_token("T").send().await?;
    assert_eq!(
        server.request().await?,
        "GET /pod/v1/im/usnBKBkH_BVrGOiVpaupEH___okFfE7QdA/info HTTP/1.1\r\n\
         accept: application/json\r\n\
         sessiontoken: T\r\n\
         host: 127.0.0.1:PORT\r\n\r\n"
    );
    Ok(())
}

#[tokio::test]
async fn a_path_parameter_is_encoded_whatever_it_holds() -> Test {
    for (id, segment) in [
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a%2Fb", "a%252Fb"),
        ("%2e%2e", "%252e%252e"),
        ("a+b==", "a%2Bb%3D%3D"),
        ("..;", "..%3B"),
        ("...", "..."),
        ("é\u{1F600}", "%C3%A9%F0%9F%98%80"),
        ("a\r\nb\t\0", "a%0D%0Ab%09%00"),
        ("A-z_0.~", "A-z_0.~"),
    ] {
        let server = OneShot::start(ok()).await?;
        let client = Client::new(&server.base_url());
        client.v1_im_id_info_get().id(id).session_token("T").send().await?;
        let request = server.request().await?;
        let line = request.lines().next().unwrap_or_default();
        assert_eq!(line, format!("GET /pod/v1/im/{segment}/info HTTP/1.1"), "{id:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_base_url_makes_no_difference() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&format!("{}/", server.base_url()));
    client.v1_im_id_info_get().id("a").session_token("T").send().await?;
    assert!(server.request().await?.starts_with("GET /pod/v1/im/a/info HTTP/1.1\r\n"));
    Ok(())
}

#[tokio::test]
async fn a_call_carries_the_headers_it_was_given() -> Test {
    let server = OneShot::start(ok()).await?;
    let client = Client::new(&server.base_url());
    client
        .v1_im_id_info_get()
        .id("a")
        .session_token("T")
        .header("X-Trace-Id", "one")
        .header("x-trace-id", "two")
        .header("X-Gateway", "secret")
        .send()
        .await?;
    let request = server.request().await?;
    let mut headers: Vec<&str> = request.lines().skip(1).filter(|line| line.starts_with("x-")).collect();
    headers.sort_unstable();
    assert_eq!(headers, ["x-gateway: secret", "x-trace-id: two"]);
    Ok(())
}
