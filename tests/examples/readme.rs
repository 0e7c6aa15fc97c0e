//! The first example of the README.

use pod_api::types::V3RoomAttributes;
use pod_api::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("SESSION_TOKEN")?;
    let client = Client::new("https://acme.symphony.com/pod");

    let attributes = V3RoomAttributes::builder().name("Project X".to_owned()).public(false);
    let created = client
        .v3_room_create_post()
        .session_token(&token)
        .body(V3RoomAttributes::try_from(attributes)?)
        .header("X-Trace-Id", "a1b2c3")
        .send()
        .await;

    match created {
        Ok(room) => println!("created: {:?}", room.room_system_info),
        Err(Error::ErrorResponse(error)) => println!("refused with {}: {:?}", error.status(), error.message),
        Err(Error::UnexpectedResponse(response)) => println!("{}: {}", response.status(), response.text().await?),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
