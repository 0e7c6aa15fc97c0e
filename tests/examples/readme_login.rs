//! The example of the README for a bot's log-in.

use pod_api_ext::login::{RsaKey, RsaLogin};
use pod_api_ext::{Pod, PrivateRoom};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let login = RsaLogin::new("bot", RsaKey::from_file("bot.pem")?);
    let pod = Pod::builder("https://acme.symphony.com")?.session_from(login).build()?;
    let room = pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await?;
    println!("created: {:?}", room.room_system_info.and_then(|info| info.id));
    Ok(())
}
