//! A client of Symphony's Pod API, generated from the published specification.
//!
//! Every operation of the specification is a method of [`Client`] that gives a builder; every schema is a type of
//! [`types`]. The client is small: it adds no rules and no retries of its own (the crate `pod-api-ext` does), but it
//! is safe to use as it is. It never follows a redirect with a session token, never prints one, refuses a path
//! parameter that would call another operation, sends what you set and nothing else, and hands on every response that
//! has a status, whatever its body. It reads no more of a body than its [limits](support::BodyLimits) allow.
//!
//! ```no_run
//! use pod_api::types::V3RoomAttributes;
//! use pod_api::{Client, Error};
//!
//! # async fn run(token: String) -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new("https://acme.symphony.com/pod");
//! let attributes = V3RoomAttributes::builder().name("Project X").description("What it is about").build()?;
//! let created = client
//!     .v3_room_create_post()
//!     .session_token(&token)
//!     .body(attributes)
//!     .header("X-Trace-Id", "a1b2c3")
//!     .send()
//!     .await;
//! match created {
//!     Ok(room) => println!("created {:?}", room.room_system_info),
//!     // A documented status with the documented body.
//!     Err(Error::ErrorResponse(error)) => println!("{}: {:?}", error.status(), error.message),
//!     // Any other response: a status that isn't documented, or a body that isn't.
//!     Err(Error::UnexpectedResponse(response)) => {
//!         println!("{}: {}", response.status(), response.text().await?);
//!     }
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! - `rustls` (default): TLS by rustls, with the system's trusted certificates.
//! - `native-tls`: TLS by the operating system.
//! - `httpmock`: typed mocks of every operation, in `pod_api::httpmock`, for tests.
//!
//! # Versions
//! The part of the version after `+` is the version of the specification, which is also in [`SPEC_VERSION`]. Models
//! are `#[non_exhaustive]`, so that a field or a value that a new version adds breaks nobody: make them with their
//! builders, or from `Default` by assignment.

// docs.rs shows which feature an item takes.
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The specification that this client was generated from: all published fragments, merged and lowered to OpenAPI 3.0.3.
///
/// ```
/// let document: serde_json::Value = serde_json::from_str(pod_api::OPENAPI_JSON)?;
/// assert_eq!(document["info"]["version"], pod_api::SPEC_VERSION);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const OPENAPI_JSON: &str = include_str!("../openapi.json");

// Generated code has its own layout: `cargo fmt` keeps off.
#[rustfmt::skip]
mod generated;

pub use generated::*;

/// What the package's own page shows is compiled and run with the examples here.
#[cfg(all(doctest, feature = "httpmock"))]
#[doc = include_str!("../README.md")]
struct Readme;
