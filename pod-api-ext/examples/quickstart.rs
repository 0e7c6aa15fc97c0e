//! A bot's first calls, at a pod that runs in this process, with all that goes well and wrong in them:
//!
//! ```sh
//! cargo run -p pod-api-ext --features mock --example quickstart
//! ```
//!
//! At a pod of your own, the base URL and the token are all that changes.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;
use pod_api_ext::mock::{Fault, MockPod};
use pod_api_ext::pod_api::types::V3RoomAttributes;
use pod_api_ext::{Operation, Pod, SessionToken, UserId, token_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = Arc::new(MockPod::start().await?);
    println!("a pod at {}", mock.base_url());

    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;

    let (alice, bob) = (UserId::from(12_345), UserId::from(67_890));
    println!("\ncreate an IM of {alice} and {bob}:");
    let im = pod.create_im([alice, bob]).await?;
    println!("  {im}");
    println!("once more, with the same users:");
    println!("  {}", pod.create_im([bob, alice]).await?);

    println!("\nask for it:");
    let info = pod.im_info(&im).await?;
    println!("  active: {:?}", info.im_system_info.and_then(|info| info.active));

    println!("\ncreate a room that the page says a pod refuses: nothing is sent");
    let crowded = V3RoomAttributes::builder().name("X".repeat(50)).public(true).view_history(false);
    match pod.create_room(crowded.clone()).await {
        Ok(room) => println!("  created: {room:?}"),
        Err(error) => println!("  {error}"),
    }
    println!("the same without the rules: the pod refuses it");
    match pod.create_room(crowded).without_rules().await {
        Ok(room) => println!("  created: {room:?}"),
        Err(error) => println!("  {error}"),
    }

    println!("\ncreate a room while the pod is busy (429): the call waits as long as it is told to, and is made again");
    let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(1));
    mock.fail(Operation::CreateRoom, busy, 1);
    let begun = Instant::now();
    let room = pod.create_room(V3RoomAttributes::builder().name("Project X".to_owned())).trace_id("quickstart").await?;
    let id = room.room_system_info.and_then(|info| info.id).unwrap_or_default();
    println!("  created after {:.1} s: {id}", begun.elapsed().as_secs_f64());

    println!("\ncreate a room, and the answer gets lost: the room may be there, so it isn't created again");
    mock.fail(Operation::CreateRoom, Fault::reset().after_acting(), 1);
    match pod.create_room(V3RoomAttributes::builder().name("Project Y".to_owned())).await {
        Ok(room) => println!("  created: {room:?}"),
        Err(error) => println!("  {error}"),
    }

    println!("\nthe session ends, and there is no other token:");
    mock.expire_token();
    match pod.create_im([alice, bob]).await {
        Ok(im) => println!("  {im}"),
        Err(error) => println!("  {error}"),
    }
    println!("a client that can log in:");
    let log_in = {
        let mock = Arc::clone(&mock);
        // A bot would log in here; this one gets its token from the pod itself.
        token_fn(move || {
            println!("  (logging in)");
            let token = mock.issue_token();
            async { Ok(SessionToken::new(token?)?) }
        })
    };
    let pod = Pod::builder(mock.base_url())?.session_from(log_in).build()?;
    println!("  {}", pod.create_im([alice, bob]).await?);
    mock.expire_token();
    println!("  {}", pod.create_im([alice, bob]).await?);

    println!("\nwhat reached the pod:");
    for request in mock.requests() {
        let status = request.status().map_or("no answer".to_owned(), |status| status.as_u16().to_string());
        println!("  {status:9} {} {}", request.method, request.path());
    }
    Ok(())
}
