//! What an answer without end costs, for the generated client and for the one that is bound to a session. On Linux, where a
//! process can be asked for its peak.
#![cfg(target_os = "linux")]

use pod_api_ext::{Pod, RetryPolicy};
use pod_api_tests::{Test, run_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The bytes of the body that each answer announces, and would send.
const BODY: usize = 300 << 20;

/// The most memory that this process had, in bytes.
fn peak() -> Test<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<usize>()? << 10)
}

/// A server that answers every request with this status and a message of 300 MiB, until the client goes.
async fn endless(status: &'static str) -> Test<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/pod", listener.local_addr()?);
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await?;
            tokio::spawn(async move {
                connection.read_buf(&mut Vec::new()).await?;
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {BODY}\r\n\r\n{{\"message\":\"");
                connection.write_all(head.as_bytes()).await?;
                let chunk = vec![b'x'; 1 << 20];
                for _ in 0..BODY >> 20 {
                    connection.write_all(&chunk).await?;
                }
                std::io::Result::Ok(())
            });
        }
        #[expect(unreachable_code, reason = "the type of the errors")]
        std::io::Result::Ok(())
    });
    Ok(base_url)
}

/// One process a status, so that the peak of one isn't that of another.
#[test]
fn an_answer_without_end_costs_no_more_than_may_be_read() -> Test {
    for status in ["200 OK", "201 Created", "400 Bad Request", "429 Too Many Requests", "500 Internal Server Error"] {
        run_with("memory::of_an_answer_without_end", "STATUS", status)?;
    }
    Ok(())
}

#[ignore = "needs what the test above gives it"]
#[tokio::test]
async fn of_an_answer_without_end() -> Test {
    let status: &'static str = Box::leak(std::env::var("STATUS")?.into_boxed_str());
    let base_url = endless(status).await?;
    let pod = Pod::builder(&base_url)?.session("T").retry(RetryPolicy::never()).build()?;
    let id = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
    let before = peak()?;
    for _ in 0..3 {
        let Err(error) = pod.im_info(id).await else { return Err("an answer".into()) };
        assert_eq!(error.status().map(|status| status.as_u16().to_string()).as_deref(), status.get(..3));
        assert!(format!("{error:?}").len() < 2000);
        let generated = pod_api::Client::new(&base_url).v1_im_id_info_get().id("a").session_token("T").send().await;
        let Err(pod_api::Error::UnexpectedResponse(response)) = generated else { return Err("an answer".into()) };
        assert!(response.text().await?.len() <= 64 << 10);
    }
    // The limit of 10 MiB, twice for a vector that grows, and what allocators keep.
    let limit = if status.starts_with('2') { 40 << 20 } else { 8 << 20 };
    let grown = peak()? - before;
    assert!(grown < limit, "{status}: {} KiB", grown >> 10);
    Ok(())
}
