//! What a session-bound client costs beside reqwest by hand: the same call, to the same server, in the same process.
//!
//! ```sh
//! cargo bench -p pod-api-ext --bench overhead
//! ```
//!
//! `one` is the time of one call; `at_64_in_flight` is that of 640 calls, of which 64 are on their way at any time.

#![allow(clippy::expect_used, reason = "without its server or an answer there is nothing to measure")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

use divan::Bencher;
use divan::counter::ItemsCount;
use pod_api_ext::pod_api::types::V1imDetail;
use pod_api_ext::{Pod, StreamId};
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
    let base_url = format!("http://{}/pod", serve().expect("loopback"));
    let http = || {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .build()
            .expect("an HTTP client")
    };
    Ground {
        runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
        pod: Pod::builder(&base_url).and_then(|pod| pod.session("T0KEN").build()).expect("a client"),
        id: ID.parse().expect("an id"),
        http: http(),
        base_url,
    }
});

/// Answers every request that has come whole, each connection on a thread of its own: so little that what is measured
/// is the client.
fn serve() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            std::thread::spawn(move || answer(connection));
        }
    });
    Ok(address)
}

fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}", BODY.len());
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = connection.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        request.extend(buffer.iter().take(read));
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            connection.write_all(answer.as_bytes())?;
        }
    }
}

impl Ground {
    async fn by_hand(&self) -> reqwest::Result<V1imDetail> {
        let url = format!("{}/v1/im/{}/info", self.base_url, self.id);
        let request = self.http.get(url).header("accept", "application/json").header("sessionToken", "T0KEN");
        request.send().await?.error_for_status()?.json().await
    }

    async fn by_pod(&self) -> Result<V1imDetail, pod_api_ext::Error> {
        self.pod.im_info(&self.id).await
    }
}

#[divan::bench_group(sample_count = 3000)]
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

#[divan::bench_group(sample_count = 100, sample_size = 1)]
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
