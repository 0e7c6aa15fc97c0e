//! A client for bots on Symphony: log-in, sessions, retries, typed errors, and a pod to test against.
//!
//! ```no_run
//! # #[cfg(feature = "login")]
//! # mod bot {
//! use pod_api_ext::login::{RsaKey, RsaLogin};
//! use pod_api_ext::{Error, Pod, PrivateRoom, UserId};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let login = RsaLogin::new("bot", RsaKey::from_file("bot.pem")?);
//! let pod = Pod::builder("https://acme.symphony.com")?.session_from(login).build()?;
//!
//! let im = pod.create_im([UserId::from(12_345), UserId::from(67_890)]).await?;
//! println!("{im}: {:?}", pod.im_info(&im).await?);
//!
//! match pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await {
//!     Ok(room) => println!("created: {:?}", room.room_system_info),
//!     Err(Error::InvalidRequest(request)) => println!("nothing was sent: {request}"),
//!     Err(error) if error.is_retryable() => println!("it isn't there, and may be later: {error}"),
//!     Err(error) => println!("{:?}: {error}", error.status()),
//! }
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! Where things are:
//!
//! - [`Pod`] makes the calls: in a session, checked against the rules, retried, timed, logged to `tracing`. What its calls are made
//!   of, and what becomes of them when something goes wrong, is in [`pod`].
//! - [`Error`] says what happened, what the pod said and what to do. [`RetryPolicy`] has the table of what is sent again.
//! - [`login`](#features) logs in by an RSA key, for a service account or on behalf of a user. Any other source of tokens is a
//!   [`TokenSource`].
//! - [`StreamId`], [`MessageId`] and [`UserId`] are ids that can't be mixed up, in the one form that goes into URLs, made from
//!   any form that the UI, an endpoint or an event gives.
//! - [`PrivateRoom`], [`PublicRoom`], [`ExternalRoom`] and [`DirectMessage`] are the common requests, which can't break a rule
//!   about their content; [`rules`] has all that is documented. [`RoomName`]s are equal if the pod takes them for the same name.
//! - [`prelude`] has methods for the generated models, which give their ids, times and pins typed.
//! - [`mock`](#features) is a pod that runs in the process, for tests. It keeps state, and goes wrong on demand.
//! - [`pod_api`] is the generated client beneath. Any of its operations can be called in the session, by [`Pod::call`]. `reqwest` is the
//!   HTTP client beneath that, for the proxies and certificates that a [`PodBuilder`](pod::PodBuilder) takes.
//!
//! The documentation cites the statements of the pages by number: I1 to I7 are those of "Create IM", R1 to R12 of "Create
//! Room" and M1 to M6 of "IM Info". Those that a request can break are in the table of the [rules](rules#the-rules).
//!
//! # Features
//! - `rustls` (default): TLS by rustls, with the system's trusted certificates.
//! - `native-tls`: TLS by the operating system.
//! - `login` (default): logging in by an RSA key, in `pod_api_ext::login`.
//! - `mock`: a pod that runs in the process, in `pod_api_ext::mock`, for tests.

// docs.rs shows which feature an item takes.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "login")]
pub mod login;
mod message_id;
#[cfg(feature = "mock")]
pub mod mock;
mod models;
mod names;
mod operation;
pub mod pod;
mod requests;
mod room_name;
pub mod rules;
mod stream_id;
mod time;
mod user_id;

pub use message_id::MessageId;
pub use models::Pin;
pub use operation::Operation;
pub use pod::client::Pod;
pub use pod::error::Error;
pub use pod::retry::RetryPolicy;
pub use pod::source::{EnvToken, TokenSource, token_fn};
pub use pod::token::SessionToken;
/// The generated client that this one stands on, with its models and their builders.
pub use pod_api;
pub use requests::{DirectMessage, ExternalRoom, PrivateRoom, PublicRoom};
/// The HTTP client beneath, for the proxies and certificates that a [`PodBuilder`](pod::PodBuilder) takes.
pub use reqwest;
pub use room_name::RoomName;
pub use stream_id::StreamId;
pub use user_id::UserId;

/// The traits that add methods to the generated models: `use pod_api_ext::prelude::*;`.
pub mod prelude {
    pub use crate::models::{CreatorExt, GroupItemExt, PinExt, StreamIdExt, SystemInfoExt, UserIdListExt};
    pub use crate::rules::validate::Validate;
}

/// What comes with ids: their other form, and why a text or a field gives none.
pub mod ids {
    pub use crate::models::FieldError;
    pub use crate::stream_id::{ParseIdError, Standard};
    pub use crate::user_id::ParseUserIdError;
}

/// What is known of an [`Operation`].
pub mod operations {
    pub use crate::operation::{Requirement, Safety, UnknownOperation};
}

/// What the package's own page shows is compiled and run with the examples here.
#[cfg(all(doctest, feature = "mock"))]
#[doc = include_str!("../README.md")]
struct Readme;
