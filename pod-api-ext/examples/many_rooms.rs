//! Many rooms, a few at a time, at a pod that runs in this process and is busy for a second:
//!
//! ```sh
//! cargo run -p pod-api-ext --features mock --example many_rooms
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use http::StatusCode;
use pod_api_ext::mock::{Fault, MockPod};
use pod_api_ext::{Operation, Pod, PrivateRoom};

const ROOMS: usize = 40;

/// A pod takes 200 requests at once on these endpoints, from all its clients: ask for a small part of them.
const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockPod::start().await?;
    // Pauses and the budget of retries are those of one `Pod` and its clones, so have one for all calls.
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;

    // One call is told to come back in a second.
    mock.fail(
        Operation::CreateRoom,
        Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(1)),
        1,
    );

    let names: Vec<String> = (1..=ROOMS).map(|number| format!("Project {number}")).collect();
    let begun = Instant::now();
    // `buffer_unordered` polls `AT_ONCE` calls, and begins one when another is done. Those that are on their way when the 429
    // comes are answered as usual. Whatever would be sent after that waits with the call that was throttled: a 429 counts for
    // all that comes from one address, and more requests would only make the pod's pause longer. Each waits a random part of
    // a step more, so that not all come back at the same moment.
    let mut results = futures::stream::iter(&names)
        .map(|name| {
            let pod = &pod;
            async move { (name, create(pod, name).await) }
        })
        .buffer_unordered(AT_ONCE);

    // A failure doesn't stop the others, and is told with the name that it is about.
    let (mut created, mut failed) = (Vec::new(), Vec::new());
    while let Some((name, result)) = results.next().await {
        match result {
            Ok(()) => created.push(name),
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    failed.iter().for_each(|failure| eprintln!("{failure}"));
    println!("{} rooms created, {} failed", created.len(), failed.len());
    println!("{} requests, of which 1 was throttled", mock.count(Operation::CreateRoom));
    println!("the pause was kept: {}", begun.elapsed() >= Duration::from_secs(1));
    Ok(())
}

async fn create(pod: &Pod, name: &str) -> Result<(), Box<dyn Error>> {
    pod.create_room(PrivateRoom::new(name)?.description("One of many")).await?;
    Ok(())
}
