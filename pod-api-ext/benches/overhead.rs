//! What a session-bound client costs beside reqwest by hand: the same call, with the same headers, to the same server.
//!
//! ```sh
//! cargo bench -p pod-api-ext --features mock --bench overhead
//! ```
//!
//! `one` is the time of one call; `at_64_in_flight` is that of 640 calls, of which 64 are on their way at any time. The
//! server is hyper, on the thread of the clients: between two threads, what is measured is how the system schedules them.

#![allow(clippy::expect_used, reason = "without its server or an answer there is nothing to measure")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use divan::counter::ItemsCount;
use http::Response;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use pod_api_ext::pod_api::types::V1imDetail;
use pod_api_ext::{Pod, StreamId};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

const ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
const BODY: &str = r#"{"V1IMAttributes":{"pinnedMessageId":""},"IMSystemInfo":{"id":"usnBKBkH_BVrGOiVpaupEH___okFfE7QdA","creationDate":1610520703317,"active":true}}"#;
const CALLS: usize = 640;

/// What is measured: a server, and what each client needs.
struct Ground {
    runtime: Runtime,
    pod: Pod,
    id: StreamId,
    http: reqwest::Client,
    base_url: String,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let base_url = format!("http://{}/pod", runtime.block_on(serve()).expect("loopback"));
    let http = || {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("pod-api-ext/0.1.0")
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .build()
            .expect("an HTTP client")
    };
    Ground {
        runtime,
        pod: Pod::builder(&base_url).and_then(|pod| pod.session("T0KEN").build()).expect("a client"),
        id: ID.parse().expect("an id"),
        http: http(),
        base_url,
    }
});

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

#[divan::bench_group(sample_count = 5000)]
mod one {
    use super::{Bencher, GROUND};

    #[divan::bench]
    fn by_hand(bencher: Bencher<'_, '_>) {
        bencher.bench(|| GROUND.runtime.block_on(GROUND.by_hand()).expect("an answer"));
    }

    #[divan::bench]
    fn by_pod(bencher: Bencher<'_, '_>) {
        bencher.bench(|| GROUND.runtime.block_on(GROUND.by_pod()).expect("an answer"));
    }
}

#[divan::bench_group(sample_count = 200, sample_size = 1)]
mod at_64_in_flight {
    use futures::StreamExt as _;

    use super::{Bencher, CALLS, GROUND, ItemsCount};

    #[divan::bench]
    fn by_hand(bencher: Bencher<'_, '_>) {
        bencher.counter(ItemsCount::new(CALLS)).bench(|| {
            let calls = futures::stream::iter((0..CALLS).map(|_| GROUND.by_hand())).buffer_unordered(64);
            GROUND.runtime.block_on(calls.for_each(|answer| async { drop(answer.expect("an answer")) }));
        });
    }

    #[divan::bench]
    fn by_pod(bencher: Bencher<'_, '_>) {
        bencher.counter(ItemsCount::new(CALLS)).bench(|| {
            let calls = futures::stream::iter((0..CALLS).map(|_| GROUND.by_pod())).buffer_unordered(64);
            GROUND.runtime.block_on(calls.for_each(|answer| async { drop(answer.expect("an answer")) }));
        });
    }
}
