//! Logging in: where session tokens come from; with the feature `login`.
//!
//! From a base URL, the user name of a service account and its RSA key to a room:
//!
//! ```no_run
//! use pod_api_ext::login::{RsaKey, RsaLogin};
//! use pod_api_ext::{Pod, PrivateRoom};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let key = RsaKey::from_file("bot.pem")?;
//! let login = RsaLogin::new("bot", key);
//! let pod = Pod::builder("https://acme.symphony.com")?.session_from(login).build()?;
//! let room = pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! - [`RsaLogin`]: a service account, by its user name and an RSA key.
//! - [`OboLogin`]: an app, on behalf of a user.
//! - Certificates: see [below](#certificates).
//!
//! # How it logs in
//! A log-in goes through the connections of the [`Pod`](crate::Pod) that it is given to: its proxy, certificates, time-outs and
//! `User-Agent`, and, at the host of the base URL, its headers for every call. It has a trace id of its own, since it serves
//! many calls: `tracing` gets an event `log-in` at level `DEBUG` with `status` and `trace_id`, in the span of the call that
//! began it. It never follows a redirect (with an HTTP client of your own, that client decides).
//!
//! A try signs a new JWT, which is valid for 150 s: the pod takes one that ends within the next five minutes, so that the
//! clocks may differ by 150 s in both directions. A 429 or a status from 500, no connection and a time-out are tried again
//! within the call, as its [`RetryPolicy`](crate::RetryPolicy) says, and with the shared pause of
//! [`SourceError`](crate::pod::SourceError); any other status is final, and a [`LogInError`] says what to do about it.
//!
//! The token is kept until the pod answers with 401. There is no log-out: the pod's wants a certificate, and a bot drops the
//! token.
//!
//! # Secrets
//! Neither key, JWT nor token is in a log, an error or a `Debug`. The key's text is overwritten once it is read, and the key
//! itself when the last log-in with it is dropped.
//!
//! # Certificates
//! Where a service account has a certificate instead of a key, the pod's session service gives the same kind of token over
//! mutual TLS. [`Connections::log_in`](crate::pod::Connections::log_in) does what the log-ins here are made of:
//!
//! ```no_run
//! use pod_api_ext::pod::{Connections, Final, TokenFuture};
//! use pod_api_ext::{Pod, TokenSource, reqwest};
//!
//! struct CertificateLogin;
//!
//! impl TokenSource for CertificateLogin {
//!     fn fetch(&self) -> TokenFuture<'_> {
//!         Box::pin(async { Err(Final::new("give it to a pod").into()) })
//!     }
//!
//!     fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
//!         pod.log_in("https://acme-api.symphony.com/sessionauth/v1/authenticate")
//!     }
//! }
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // With the feature `native-tls`, `Identity::from_pkcs8_pem`.
//! # #[cfg(feature = "rustls")]
//! let identity = reqwest::Identity::from_pem(&std::fs::read("certificate-and-key.pem")?)?;
//! # #[cfg(feature = "rustls")]
//! let pod = Pod::builder("https://acme.symphony.com")?
//!     .client_certificate(identity)
//!     .session_from(CertificateLogin)
//!     .build()?;
//! # Ok(())
//! # }
//! ```

mod clock;
mod error;
mod exchange;
mod jwt;
mod key;
mod obo;
mod rsa;
mod url;

pub use error::LogInError;
pub use key::{InvalidKey, RsaKey};
pub use obo::OboLogin;
pub use rsa::RsaLogin;
pub use url::InvalidLogInUrl;
