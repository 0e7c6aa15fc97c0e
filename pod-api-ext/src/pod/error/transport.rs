//! What went wrong on the way.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use reqwest::StatusCode;

use super::super::retry::Event;
use super::super::trace_id::CallInfo;

/// No whole answer came.
#[derive(Clone, Debug)]
pub struct TransportError(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    call: CallInfo,
    kind: TransportKind,
    status: Option<StatusCode>,
    source: Option<Arc<reqwest::Error>>,
}

/// What went wrong between client and pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportKind {
    /// No connection to the pod or to the proxy: the request wasn't sent.
    Connect,
    /// TLS failed: a certificate isn't trusted, or the like. The request wasn't sent.
    Tls,
    /// The time of the try, or of the whole call, ran out.
    TimedOut,
    /// The connection broke before there was a response.
    Lost,
    /// The body of a success ended too early.
    CutShort,
}

impl TransportError {
    /// `error` is from before there was a status.
    pub(crate) fn before_status(call: CallInfo, error: reqwest::Error) -> Self {
        let kind = if is_tls(&error) {
            TransportKind::Tls
        } else if error.is_connect() {
            TransportKind::Connect
        } else if error.is_timeout() {
            TransportKind::TimedOut
        } else {
            TransportKind::Lost
        };
        Self(Box::new(Parts { call, kind, status: None, source: Some(Arc::new(error)) }))
    }

    /// `error` is from reading the body of a success.
    pub(crate) fn in_body(call: CallInfo, status: StatusCode, error: Arc<reqwest::Error>) -> Self {
        let kind = if error.is_timeout() { TransportKind::TimedOut } else { TransportKind::CutShort };
        Self(Box::new(Parts { call, kind, status: Some(status), source: Some(error) }))
    }

    /// The time of the call was up before a request was sent.
    pub(crate) fn no_time(call: CallInfo) -> Self {
        Self(Box::new(Parts { call, kind: TransportKind::TimedOut, status: None, source: None }))
    }

    pub(crate) fn call(&self) -> &CallInfo {
        &self.0.call
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportKind {
        self.0.kind
    }

    /// The status, where it came but not the whole body.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Whether time was up, be it for the connection alone.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == TransportKind::TimedOut || self.0.source.as_ref().is_some_and(|source| source.is_timeout())
    }

    pub(crate) fn event(&self) -> Event {
        match (self.0.kind, self.0.status) {
            (TransportKind::Connect, _) => Event::NotConnected,
            (TransportKind::Tls, _) => Event::NotTrusted,
            (TransportKind::CutShort, _) | (TransportKind::TimedOut, Some(_)) => Event::CutShort,
            (TransportKind::TimedOut, None) if self.0.source.is_none() => Event::NotConnected,
            (TransportKind::Lost | TransportKind::TimedOut, _) => Event::NoResponse,
        }
    }
}

/// TLS itself refused, which another try doesn't change. A connection that broke during the handshake counts as one that
/// wasn't made.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    // What an I/O error wraps, be it another one, is shown by `get_ref` alone: its `source` is that of what it wraps.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    is_of_tls(error) || wrapped.is_some_and(|wrapped| is_tls(wrapped)) || error.source().is_some_and(is_tls)
}

fn is_of_tls(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "rustls")]
    if error.is::<rustls::Error>() {
        return true;
    }
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    let _ = error;
    false
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.kind, self.0.status) {
            (TransportKind::Connect, _) => {
                f.write_str("no connection to the pod: see whether the base URL and the proxy are right and the host is up")
            }
            (TransportKind::Tls, _) => f.write_str(
                "no secure connection to the pod: see whether its certificate is valid and trusted here, and whether it \
                 wants one of yours",
            ),
            (TransportKind::TimedOut, None) if self.0.source.is_none() => f.write_str(
                "the time of the call ran out before the request was sent: allow more with `.call_timeout(…)`",
            ),
            (TransportKind::TimedOut, None) => f.write_str(
                "no answer in time: the pod may have acted; allow more time with `.try_timeout(…)` or \
                 `.call_timeout(…)`",
            ),
            (TransportKind::TimedOut, Some(status)) => write!(
                f,
                "the answer ({}) didn't come whole in time: the pod acted; allow more time with `.try_timeout(…)`",
                status.as_u16()
            ),
            (TransportKind::Lost, _) => {
                f.write_str("the connection broke before there was an answer: the pod may have acted")
            }
            (TransportKind::CutShort, status) => write!(
                f,
                "the answer ({}) was cut short: the pod acted, and what it said is lost",
                status.map_or(0, |status| status.as_u16())
            ),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(source.as_ref())
    }
}
