//! A bot's log-in, at the URL that it is given:
//!
//! ```sh
//! cargo run -p pod-api-ext --example login -- https://acme.symphony.com bot bot.pem
//! ```
//!
//! `mock_pod --service-account bot=bot.pub.pem` is a pod to try it at.

use std::error::Error;
use std::process::ExitCode;

use pod_api_ext::login::{RsaKey, RsaLogin};
use pod_api_ext::{Pod, PrivateRoom};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(user), Some(file)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("give the base URL, the user name and the file of the key".into());
    };

    // From three values to a room.
    let login = RsaLogin::new(user, RsaKey::from_file(file)?);
    let pod = Pod::builder(url)?.session_from(login).build()?;
    let room = pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await?;
    println!("created: {:?}", room.room_system_info.and_then(|info| info.id));
    Ok(())
}
