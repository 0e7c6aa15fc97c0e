//! How a token source reaches the pod.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use super::source_error::SourceError;
use super::token::SessionToken;
use super::transport::Transport;

/// The headers of a client whose values change.
pub(crate) trait ChangingHeaders: Send + Sync {
    /// Their names and values.
    fn current(&self) -> ValuesFuture<'_>;
}

pub(crate) type ValuesFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<(HeaderName, SessionToken)>, SourceError>> + Send + 'a>>;

/// What a [`TokenSource`](crate::TokenSource) may send through: the connections of the [`Pod`](crate::Pod) whose token it fetches, with its proxy,
/// certificates and time-outs.
///
/// ```
/// use pod_api_ext::TokenSource;
/// use pod_api_ext::pod::{Connections, Final, TokenFuture};
///
/// /// Logs in at a URL that takes what the connection shows of the caller, such as a certificate.
/// struct LogIn;
///
/// impl TokenSource for LogIn {
///     fn fetch(&self) -> TokenFuture<'_> {
///         Box::pin(async { Err(Final::new("give it to a pod").into()) })
///     }
///
///     # #[cfg(feature = "login")]
///     fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
///         pod.log_in("https://acme-api.symphony.com/sessionauth/v1/authenticate")
///     }
/// }
/// ```
pub struct Connections {
    pub(crate) transport: Arc<Transport>,
    /// For every call.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) changing: Box<dyn ChangingHeaders>,
    /// How long a request may take.
    pub(crate) one_try: Duration,
    /// Whether secrets may go over connections that anybody on the way can read.
    pub(crate) plain_http: bool,
}

impl Connections {
    /// The base URL of the pod, as calls use it.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.transport.base().as_str()
    }
}

/// Without the headers, which may be secrets.
impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
