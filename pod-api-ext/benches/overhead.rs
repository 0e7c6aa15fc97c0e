//! What a session-bound client costs beside reqwest by hand: the same call, with the same headers, to the same server.
//!
//! ```sh
//! cargo bench -p pod-api-ext --features mock --bench overhead
//! ```
//!
//! One call at a time, and 640 of which 64 are on their way at any time. The server is hyper, on the thread of the clients:
//! between two threads, what is measured is how the system schedules them.

#![allow(clippy::expect_used, reason = "without its server or an answer there is nothing to measure")]

mod ratio;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt as _;
use http::Response;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use pod_api_ext::pod_api::types::V1imDetail;
use pod_api_ext::{Pod, StreamId};
use ratio::compare;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
const BODY: &str = r#"{"V1IMAttributes":{"pinnedMessageId":""},"IMSystemInfo":{"id":"usnBKBkH_BVrGOiVpaupEH___okFfE7QdA","creationDate":1610520703317,"active":true}}"#;
const CALLS: usize = 640;

/// What is measured: a server, and what each client needs.
struct Ground {
    pod: Pod,
    id: StreamId,
    http: reqwest::Client,
    base_url: String,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ground = Ground::new(&runtime);
    let mut by_pod = || drop(runtime.block_on(ground.by_pod()).expect("an answer"));
    let mut by_hand = || drop(runtime.block_on(ground.by_hand()).expect("an answer"));
    compare("one call", 20, ("Pod", &mut by_pod), ("reqwest by hand", &mut by_hand));

    let mut by_pod = || {
        let calls = futures::stream::iter((0..CALLS).map(|_| ground.by_pod())).buffer_unordered(64);
        runtime.block_on(calls.for_each(|answer| async { drop(answer.expect("an answer")) }));
    };
    let mut by_hand = || {
        let calls = futures::stream::iter((0..CALLS).map(|_| ground.by_hand())).buffer_unordered(64);
        runtime.block_on(calls.for_each(|answer| async { drop(answer.expect("an answer")) }));
    };
    compare("640 calls, 64 at once", 1, ("Pod", &mut by_pod), ("reqwest by hand", &mut by_hand));
}

/// Answers every call with the same IM.
async fn serve() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = service_fn(async |_| {
        let answer = Response::new(Full::new(Bytes::from_static(BODY.as_bytes())));
        Ok::<_, Infallible>(answer)
    });
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), answer));
        }
    });
    Ok(address)
}

impl Ground {
    fn new(runtime: &Runtime) -> Self {
        let base_url = format!("http://{}/pod", runtime.block_on(serve()).expect("loopback"));
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("pod-api-ext/0.1.0")
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .build()
            .expect("an HTTP client");
        Self {
            pod: Pod::builder(&base_url).and_then(|pod| pod.session("T0KEN").build()).expect("a client"),
            id: ID.parse().expect("an id"),
            http,
            base_url,
        }
    }

    async fn by_hand(&self) -> reqwest::Result<V1imDetail> {
        let url = format!("{}/v1/im/{}/info", self.base_url, self.id);
        let trace_id = format!("{:032x}", fastrand::u128(..));
        let request = self
            .http
            .get(url)
            .header("accept", "application/json")
            .header("X-Trace-Id", trace_id)
            .header("sessionToken", "T0KEN");
        request.send().await?.error_for_status()?.json().await
    }

    async fn by_pod(&self) -> Result<V1imDetail, pod_api_ext::Error> {
        self.pod.im_info(&self.id).await
    }
}
