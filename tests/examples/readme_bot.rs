//! The example of the README for bots.

use pod_api_ext::pod_api::types::V3RoomAttributes;
use pod_api_ext::{EnvToken, Error, Pod, UserId};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let pod = Pod::builder("https://acme.symphony.com/pod")?.session_from(EnvToken::new("SESSION_TOKEN")).build()?;

    let (alice, bob) = (UserId::from(12_345), UserId::from(67_890));
    let im = pod.create_im([alice, bob]).await?;
    let info = pod.im_info(&im).await?;
    println!("{im}: {:?}", info.im_system_info);

    let attributes = V3RoomAttributes::builder().name("Project X").description("What it is about");
    match pod.create_room(attributes).trace_id("a1b2c3").await {
        Ok(room) => println!("created: {:?}", room.room_system_info),
        Err(Error::InvalidRequest(request)) => println!("nothing was sent: {request}"),
        Err(error) if error.is_retryable() => println!("the room isn't there, and may be later: {error}"),
        Err(error) => println!("{:?}: {error}", error.status()),
    }
    Ok(())
}
