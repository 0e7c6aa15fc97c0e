//! What the pages of Symphony's Pod API say in prose, on top of the generated client [`pod_api`].
//!
//! ```no_run
//! use pod_api_ext::{EnvToken, Error, Pod, PrivateRoom, UserId};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let pod = Pod::builder("https://acme.symphony.com/pod")?.session_from(EnvToken::new("SESSION_TOKEN")).build()?;
//!
//! let im = pod.create_im([UserId::from(12_345), UserId::from(67_890)]).await?;
//! println!("{im}: {:?}", pod.im_info(&im).await?);
//!
//! match pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await {
//!     Ok(room) => println!("created: {:?}", room.room_system_info),
//!     Err(Error::InvalidRequest(request)) => println!("nothing was sent: {request}"),
//!     Err(error) => println!("{:?}: {error}", error.status()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`Pod`]: the client bound to a session, with rules, retries, time-outs and errors that say what to do. What its calls are
//!   made of is in [`pod`].
//! - [`StreamId`], [`MessageId`] and [`UserId`]: ids that can't be mixed up, in the one form that goes into URLs, made
//!   from any form that the UI, an endpoint or an event gives.
//! - [`rules`]: what a pod would refuse a request for, by what is documented, before it is sent.
//! - [`PrivateRoom`], [`PublicRoom`], [`ExternalRoom`] and [`DirectMessage`]: the common requests, which can't break a rule
//!   about their content.
//! - [`RoomName`]: names of rooms, equal if the pod takes them for the same name.
//! - [`prelude`]: methods for the generated models, which give their ids, times and pins typed.
//! - [`login`]: logging in by an RSA key, for a service account or on behalf of a user.
//! - `mock` (with the feature of that name): a pod that runs in the process, for tests.
//!
//! The documentation cites the statements of the pages by number: I1 to I7 are those of "Create IM", R1 to R12 of "Create
//! Room" and M1 to M6 of "IM Info". Those that a request can break are in the table of the [rules](rules#the-rules).
//!
//! # Features
//! - `rustls` (default): TLS by rustls, with the system's trusted certificates.
//! - `native-tls`: TLS by the operating system.
//! - `login` (default): logging in by an RSA key, in `pod_api_ext::login`.
//! - `mock`: a pod that runs in the process, in `pod_api_ext::mock`, for tests.

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
