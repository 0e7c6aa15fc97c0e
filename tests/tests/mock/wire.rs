//! The pod in the process serves every client, not only ours: what is sent here is what others send.

use pod_api_ext::Operation;
use pod_api_ext::mock::MockPod;
use pod_api_tests::Test;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A connection that is kept alive from call to call.
struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(pod: &MockPod) -> std::io::Result<Self> {
        Ok(Self(BufReader::new(TcpStream::connect(pod.address()).await?)))
    }

    async fn send(&mut self, bytes: &str) -> std::io::Result<()> {
        self.0.write_all(bytes.as_bytes()).await
    }

    /// The status and the body of the next answer.
    async fn answer(&mut self) -> Test<(u16, Value)> {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let status = head.first().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?.parse()?;
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no length")?.parse()?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok((status, serde_json::from_slice(&body)?))
    }
}

#[tokio::test]
async fn header_names_and_extra_headers_are_as_other_clients_send_them() -> Test {
    let pod = MockPod::builder().token("T").start().await?;
    let mut connection = Connection::open(&pod).await?;
    for (name, content_type) in [
        ("sessionToken", "application/json"),
        ("SESSIONTOKEN", "application/json; charset=UTF-8"),
        ("sessiontoken", "application/json;charset=utf-8"),
    ] {
        let call = format!(
            "POST /pod/v1/admin/im/create HTTP/1.1\r\nHost: pod\r\n{name}: T\r\nContent-Type: {content_type}\r\n\
             Authorization: Bearer x\r\nkeyManagerToken: y\r\nX-Trace-Id: z\r\nUser-Agent: other/1\r\n\
             Accept: application/json, */*\r\nAccept-Encoding: gzip\r\nContent-Length: 5\r\n\r\n[1,2]"
        );
        connection.send(&call).await?;
        let (status, stream) = connection.answer().await?;
        assert_eq!((status, stream["id"].as_str()), (200, pod.ims().first().map(|im| im.id.as_str())), "{name}");
    }
    assert_eq!((pod.ims().len(), pod.count(Operation::CreateIm)), (1, 3));
    Ok(())
}

#[tokio::test]
async fn bodies_come_in_chunks_or_after_a_hundred() -> Test {
    let pod = MockPod::builder().token("T").start().await?;
    let mut connection = Connection::open(&pod).await?;
    let head =
        "POST /pod/v3/room/create HTTP/1.1\r\nHost: pod\r\nsessionToken: T\r\nContent-Type: application/json\r\n";
    connection
        .send(&format!("{head}Transfer-Encoding: chunked\r\n\r\n7\r\n{{\"name\"\r\n5;x=y\r\n:\"A\"}}\r\n0\r\n\r\n"))
        .await?;
    let (status, room) = connection.answer().await?;
    assert_eq!((status, &room["roomAttributes"]["name"]), (200, &json!("A")));

    connection.send(&format!("{head}Expect: 100-continue\r\nContent-Length: 12\r\n\r\n")).await?;
    let mut line = String::new();
    connection.0.read_line(&mut line).await?;
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    connection.0.read_line(&mut line).await?;
    connection.send(r#"{"name":"B"}"#).await?;
    assert_eq!(connection.answer().await?.0, 200);
    assert_eq!(pod.requests()[1].json(), Some(json!({ "name": "B" })));
    Ok(())
}

#[tokio::test]
async fn slashes_where_base_url_and_path_meet_count_once() -> Test {
    let pod = MockPod::builder().token("T").start().await?;
    let id = pod.im_between(1, 2)?;
    let mut connection = Connection::open(&pod).await?;
    for path in
        [format!("/pod/v1/im/{id}/info"), format!("/pod//v1/im/{id}/info"), format!("//pod/v1/im/{id}/info/?a=b")]
    {
        connection.send(&format!("GET {path} HTTP/1.1\r\nHost: pod\r\nsessionToken: T\r\n\r\n")).await?;
        assert_eq!(connection.answer().await?.0, 200, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn calls_in_a_row_are_answered_in_a_row() -> Test {
    let pod = MockPod::builder().token("T").start().await?;
    let id = pod.im_between(1, 2)?;
    let mut connection = Connection::open(&pod).await?;
    let call = |path: &str| format!("GET /pod/v1/im/{path}/info HTTP/1.1\r\nHost: pod\r\nsessionToken: T\r\n\r\n");
    connection.send(&[call(id.as_str()), call("abcd"), call(id.as_str())].concat()).await?;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(connection.answer().await?.0);
    }
    assert_eq!(statuses, [200, 400, 200]);
    Ok(())
}

#[tokio::test]
async fn what_is_no_http_does_not_stop_the_pod() -> Test {
    let pod = MockPod::builder().token("T").start().await?;
    for bytes in [
        "\0\0\0\0",
        "GET\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
        "POST /pod/v3/room/create HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
        let mut connection = Connection::open(&pod).await?;
        connection.send(bytes).await?;
        connection.0.get_mut().shutdown().await?;
        let mut rest = Vec::new();
        // Refused or reset, as long as it ends.
        let _ = connection.0.read_to_end(&mut rest).await;
    }
    let mut connection = Connection::open(&pod).await?;
    connection
        .send(
            "POST /pod/v3/room/create HTTP/1.1\r\nHost: a\r\nsessionToken: T\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\n\r\n{}",
        )
        .await?;
    assert_eq!(connection.answer().await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn a_thousand_calls_at_once_create_one_room() -> Test {
    let pod = MockPod::start().await?;
    let client = reqwest::Client::builder().tls_certs_only([]).http2_prior_knowledge().build()?;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let request = client.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", pod.token());
        calls.spawn(request.header("content-type", "application/json").body(r#"{"name":"A"}"#).send());
    }
    let mut created = 0;
    while let Some(response) = calls.join_next().await {
        created += usize::from(response??.status() == 200);
    }
    assert_eq!((created, pod.rooms().len(), pod.count(Operation::CreateRoom)), (1, 1, 1_000));
    Ok(())
}
