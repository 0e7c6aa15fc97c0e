//! A bot that makes what a file asks for, a wish a line:
//!
//! ```text
//! im 12345 67890
//! room Project X
//! ```
//!
//! ```sh
//! cargo run -p pod-api-ext --example bot -- https://acme.symphony.com bot bot.pem wishes.txt
//! ```
//!
//! What it did is logged (stderr). Wishes that are left for another run are printed (stdout). Ctrl-C stops it at once.

use std::error::Error as StdError;
use std::pin::pin;
use std::process::ExitCode;
use std::{env, fs, io};

use pod_api_ext::Error::{BadRequest, Compliance, Forbidden, InvalidRequest, RateLimited, Token, Unauthorized};
use pod_api_ext::login::{RsaKey, RsaLogin};
use pod_api_ext::pod_api::types::V3RoomAttributes;
use pod_api_ext::{Error, Pod, UserId};
use tracing::{error, info, warn};

enum Wish<'a> {
    Im([UserId; 2]),
    Room(&'a str),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    // The client logs its calls to `tracing` as well: what it retries, and why, but no token.
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).without_time().init();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, user, key, file] = arguments.as_slice() else {
        return Err("give the URL of the pod, the user name, the file of the key and the file of wishes".into());
    };
    let pod = Pod::builder(url)?.session_from(RsaLogin::new(user, RsaKey::from_file(key)?)).build()?;
    let text = fs::read_to_string(file)?;

    let mut stopped = pin!(tokio::signal::ctrl_c());
    let (mut lines, mut left) = (text.lines(), Vec::new());
    for line in lines.by_ref() {
        let Some(wish) = read(line) else {
            error!("`{line}` is neither `im ID ID` nor `room NAME`");
            continue;
        };
        let result = tokio::select! {
            result = fulfil(&pod, wish) => result,
            // The call is dropped, which cancels it: nothing stays locked, but its request may have reached the pod.
            _ = &mut stopped => {
                warn!("stopped; see whether this is done: {line}");
                break;
            }
        };
        match result {
            Ok(id) => info!("{line}: {id}"),
            // The wish itself is wrong, and will be so tomorrow. An invalid request wasn't sent at all.
            Err(error @ (InvalidRequest(_) | BadRequest(_) | Forbidden { .. } | Compliance(_))) => {
                error!("{line}: {error}")
            }
            // No session, or a pod that wants a longer pause than a call may wait: all other calls would end like this one.
            Err(error @ (Token(_) | Unauthorized { .. } | RateLimited { .. })) => {
                error!("{line}: {error}");
                left.push(line);
                break;
            }
            // The client has tried several times, and to do so again does no harm.
            Err(error) if error.is_retryable() => left.push(line),
            // The pod may have acted, and its answer was lost. The message has the trace id to look for.
            Err(error) => warn!("see whether this is done: {line}: {error}"),
        }
    }
    left.extend(lines);
    left.iter().for_each(|line| println!("{line}"));
    Ok(if left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(line: &str) -> Option<Wish<'_>> {
    match line.split_once(' ')? {
        ("im", users) => {
            let (one, other) = users.split_once(' ')?;
            Some(Wish::Im([one.parse().ok()?, other.parse().ok()?]))
        }
        ("room", name) => Some(Wish::Room(name)),
        _ => None,
    }
}

async fn fulfil(pod: &Pod, wish: Wish<'_>) -> Result<String, Error> {
    match wish {
        Wish::Im(users) => Ok(pod.create_im(users).await?.to_string()),
        Wish::Room(name) => {
            let attributes = V3RoomAttributes::builder().name(name).description("Made by a bot");
            let room = pod.create_room(attributes).await?;
            Ok(room.room_system_info.and_then(|info| info.id).unwrap_or_default())
        }
    }
}
