//! The generated client. It stands by itself: besides what is in this folder it needs the crates that
//! `dependencies.toml` names, and for its mocks a feature `httpmock`.

mod client;
#[cfg(feature = "httpmock")]
pub mod httpmock;
pub mod support;

pub use client::{ByteStream, Client, ClientInfo, Error, ResponseValue, builder, prelude, types};

/// The version of the specification that this client was generated from.
pub const SPEC_VERSION: &str = "{version}";
