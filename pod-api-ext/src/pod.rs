//! What the calls of a [`Pod`](crate::Pod) are made of, and what they end in.
//!
//! A [`PodBuilder`] makes the client. Each of its methods gives a [`Call`], which can be changed before it is awaited, and ends in
//! its result, in a [`Detailed`] one, or in an [`Error`](crate::Error):
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use pod_api_ext::pod::TransportKind;
//! use pod_api_ext::{Error, Pod, PrivateRoom};
//!
//! # async fn run(pod: Pod) -> Result<(), Box<dyn std::error::Error>> {
//! let room = PrivateRoom::new("Project X")?;
//! match pod.create_room(room).call_timeout(Duration::from_secs(10)).detailed().await {
//!     Ok(room) => println!("created after {} tries, trace id {}", room.tries(), room.trace_id()),
//!     Err(Error::Transport(error)) if error.kind() == TransportKind::Connect => {
//!         println!("the pod can't be reached");
//!     }
//!     Err(error) => println!("{error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # When something goes wrong
//! What becomes of a call to which this happens once, and how many requests reach the pod: sent once, or retried by a
//! [`RetryPolicy`](crate::RetryPolicy), with a source that has a new token after a 401. What fails is an [`Error`](crate::Error);
//! `Lost`, `TimedOut` and `CutShort` are the kinds of [`Error::Transport`](crate::Error::Transport).
//!
#![doc = include_str!("pod/faults.md")]

mod base_url;
mod bound;
mod builder;
mod call;
mod called;
pub(crate) mod client;
pub(crate) mod connections;
mod detailed;
mod drive;
pub(crate) mod error;
mod gateway;
mod inner;
mod no_token;
mod outcome;
mod refresh;
mod request;
pub(crate) mod retry;
pub(crate) mod scrub;
mod session;
pub(crate) mod source;
mod source_error;
mod throttle;
pub(crate) mod token;
mod trace;
pub(crate) mod trace_id;
mod transport;

pub use base_url::InvalidBaseUrl;
pub use builder::PodBuilder;
pub use call::Call;
pub use connections::Connections;
pub use detailed::Detailed;
pub use error::{Answer, InvalidRequest, SetupError, TokenError, TransportError, TransportKind};
pub use request::{CreateIm, CreateRoom, Generated, ImInfo, Request};
pub use session::PodSession;
pub use source::{TokenFn, TokenFuture};
pub use source_error::{Final, NotBefore, SourceError};
pub use token::InvalidToken;
