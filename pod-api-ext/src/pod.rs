//! A client that is bound to a session.

mod base_url;
mod refresh;
mod source;
mod token;

pub use base_url::InvalidBaseUrl;
pub use source::{EnvToken, SourceError, TokenFn, TokenFuture, TokenSource, token_fn};
pub use token::{InvalidToken, SessionToken};
