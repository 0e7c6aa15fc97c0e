//! What HTTP/2 has of its own: one connection for all calls, which can die or be closed for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pod_api::types::V3RoomAttributes;
use pod_api_ext::pod::TransportKind;
use pod_api_ext::{Error, Pod, RetryPolicy};
use pod_api_tests::Test;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::tls::Authority;

/// An empty SETTINGS frame, and the answer to the client's (RFC 9113, section 6.5).
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0";
/// GOAWAY without an error: the last stream that was processed is 0, none (section 6.8).
const GOAWAY: &[u8] = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";
/// RST_STREAM of stream 1 with REFUSED_STREAM (sections 6.4 and 8.7).
const REFUSED_STREAM: &[u8] = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x07";

/// A server of HTTP/2 without TLS that answers every request with these frames, and goes on reading.
struct Frames {
    base_url: String,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Frames {
    async fn start(answer: &'static [u8]) -> Test<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}/pod", listener.local_addr()?);
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await?;
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    connection.write_all(SETTINGS).await?;
                    let mut read = Vec::new();
                    while !has_request(&read) {
                        if connection.read_buf(&mut read).await? == 0 {
                            return Ok(());
                        }
                    }
                    connection.write_all(answer).await?;
                    tokio::io::copy(&mut connection, &mut tokio::io::sink()).await.map(|_| ())
                });
            }
        });
        Ok(Self { base_url, connections, task })
    }
}

/// A HEADERS frame (type 1) for stream 1 has been read.
fn has_request(read: &[u8]) -> bool {
    read.windows(6).any(|frame| matches!(frame, [1, _, 0, 0, 0, 1]))
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn client() -> reqwest::Result<reqwest::Client> {
    pod_api::support::http_client_builder().http2_prior_knowledge().retry(reqwest::retry::never()).build()
}

async fn create_room(pod: &Pod) -> Test<Error> {
    match pod.create_room(V3RoomAttributes::builder().name("Project X".to_owned())).trace_id("t").await {
        Ok(room) => Err(format!("{room:?}").into()),
        Err(error) => Ok(error),
    }
}

#[tokio::test]
async fn a_request_that_http_2_says_was_not_processed_is_safe_to_send_again() -> Test {
    for answer in [GOAWAY, REFUSED_STREAM] {
        let server = Frames::start(answer).await?;
        let pod =
            Pod::builder(&server.base_url)?.session("T").http_client(client()?).retry(RetryPolicy::never()).build()?;
        let error = create_room(&pod).await?;
        assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::NotProcessed), "{error:?}");
        assert!(error.is_retryable());
        assert_eq!(
            error.to_string(),
            "create room: the pod closed the connection, and didn't process the request: make the call again later (trace id \
             t, 1 try)"
        );
    }
    Ok(())
}

/// Nothing answers, though TCP is alive: pings find out after 20 seconds at most, in the generated client too.
#[tokio::test(start_paused = true)]
async fn a_connection_that_answers_nothing_is_given_up_before_the_time_of_a_try_is_over() -> Test {
    let server = Frames::start(&[]).await?;
    let generated = pod_api::Client::new_with_client(&server.base_url, client()?);
    let begun = tokio::time::Instant::now();
    let result = generated.v1_im_id_info_get().id("a").session_token("T").send().await;
    assert!(matches!(result, Err(pod_api::Error::CommunicationError(_))), "{result:?}");
    assert!((Duration::from_secs(10)..Duration::from_secs(21)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    Ok(())
}

/// HEADERS with `:status: 200` and DATA with `{}`, for stream 1.
const OK: &[u8] = b"\0\0\x01\x01\x04\0\0\0\x01\x88\0\0\x02\0\x01\0\0\0\x01{}";

/// HTTP/2 serves all calls by one connection: without care the second try would wait for the same dead peer.
#[tokio::test]
async fn a_try_after_one_that_got_no_answer_has_a_connection_of_its_own() -> Test {
    let authority = Authority::new()?;
    let (certificate, key) = authority.sign("localhost")?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.into()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let pod = Pod::builder(format!("https://localhost:{}", listener.local_addr()?.port()))?
        .session("T")
        .root_certificate(authority.root()?)
        .retry(RetryPolicy::default().first_step(Duration::ZERO))
        .try_timeout(Duration::from_secs(1))
        .build()?;
    let server = tokio::spawn(async move {
        let mut open = Vec::new();
        // The first connection answers nothing, and stays open.
        for answer in [&[], OK] {
            let mut connection = acceptor.accept(listener.accept().await?.0).await?;
            connection.write_all(SETTINGS).await?;
            let mut read = Vec::new();
            while !has_request(&read) {
                if connection.read_buf(&mut read).await? == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
            connection.write_all(answer).await?;
            open.push(connection);
        }
        std::io::Result::Ok(open)
    });
    let id = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
    pod.im_info(id).await?;
    assert_eq!(server.await??.len(), 2);
    Ok(())
}
