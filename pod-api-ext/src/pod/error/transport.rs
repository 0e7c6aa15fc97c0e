//! What went wrong on the way.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use reqwest::StatusCode;

use super::super::retry::Event;
use super::super::trace_id::CallInfo;
use crate::operations::Safety;

/// No whole answer came.
///
/// ```no_run
/// use pod_api_ext::Error;
/// use pod_api_ext::pod::TransportKind;
///
/// # fn run(error: Error) {
/// if let Error::Transport(error) = &error {
///     match error.kind() {
///         TransportKind::Connect | TransportKind::Tls => println!("nothing was sent: {error}"),
///         TransportKind::CutShort => println!("the pod acted, with status {:?}", error.status()),
///         _ => println!("the pod may have acted: {error}"),
///     }
/// }
/// # }
/// ```
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
    /// The proxy wants credentials: the request wasn't sent.
    ProxyAuth,
    /// HTTP/2 says that the pod didn't process the request (RFC 9113, sections 6.8 and 8.7).
    NotProcessed,
    /// The time of the try, or of the whole call, ran out.
    TimedOut,
    /// The connection broke before there was a response.
    Lost,
    /// The body of a success ended too early.
    CutShort,
}

impl TransportKind {
    /// What went wrong before there was a status.
    pub(crate) fn before_status(error: &reqwest::Error) -> Self {
        if is_tls(error) {
            Self::Tls
        } else if error.is_connect() && any(error, &|error| error.to_string() == PROXY_AUTH) {
            Self::ProxyAuth
        } else if error.is_connect() {
            Self::Connect
        } else if error.is_timeout() {
            Self::TimedOut
        } else if any(error, &is_not_processed) {
            Self::NotProcessed
        } else {
            Self::Lost
        }
    }
}

impl TransportError {
    /// `error` is from before there was a status.
    pub(crate) fn before_status(call: CallInfo, error: reqwest::Error) -> Self {
        let kind = TransportKind::before_status(&error);
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

    /// What a model of a pod fails with.
    #[cfg(test)]
    pub(crate) fn simulated(call: CallInfo, kind: TransportKind) -> Self {
        let status = (kind == TransportKind::CutShort).then_some(StatusCode::OK);
        Self(Box::new(Parts { call, kind, status, source: None }))
    }

    pub(crate) fn call(&self) -> &CallInfo {
        &self.0.call
    }

    pub(crate) fn call_mut(&mut self) -> &mut CallInfo {
        &mut self.0.call
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
            (TransportKind::ProxyAuth, _) => Event::Final,
            (TransportKind::NotProcessed, _) => Event::NotProcessed,
            (TransportKind::CutShort, _) | (TransportKind::TimedOut, Some(_)) => Event::CutShort,
            (TransportKind::TimedOut, None) if self.0.source.is_none() => Event::NotConnected,
            (TransportKind::Lost | TransportKind::TimedOut, _) => Event::NoResponse,
        }
    }
}

/// What hyper-util says if the proxy of a tunnel answers with 407. The type of that error is private.
const PROXY_AUTH: &str = "tunnel error: proxy authorization required";

/// TLS itself refused, which another try doesn't change. A connection that broke during the handshake counts as one that
/// wasn't made.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    any(error, &is_of_tls)
}

/// Whether this holds for the error or for one beneath it.
fn any(error: &(dyn StdError + 'static), holds: &dyn Fn(&(dyn StdError + 'static)) -> bool) -> bool {
    // What an I/O error wraps, be it another one, is shown by `get_ref` alone: its `source` is that of what it wraps.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    holds(error)
        || wrapped.is_some_and(|wrapped| any(wrapped, holds))
        || error.source().is_some_and(|it| any(it, holds))
}

/// A stream that was refused, or came after the last one that a GOAWAY names: h2 gives those that came before it another
/// error.
fn is_not_processed(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<h2::Error>().is_some_and(|error| {
        error.is_remote()
            && (error.is_go_away() || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM)))
    })
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
        let is_read = self.0.call.called.safety() == Safety::Read;
        // Of a read it doesn't matter.
        let (may_have_acted, acted) = if is_read { ("", "") } else { (": the pod may have acted", ": the pod acted") };
        match (self.0.kind, self.0.status) {
            (TransportKind::Connect, _) => {
                f.write_str("no connection to the pod: see whether the base URL and the proxy are right and the host is up")
            }
            (TransportKind::Tls, _) => f.write_str(
                "no secure connection to the pod: see whether its certificate is valid and trusted here, and whether it \
                 wants one of yours",
            ),
            (TransportKind::ProxyAuth, _) => f.write_str(
                "the proxy wants credentials: give them with `.proxy(…)`, by `Proxy::basic_auth` or in the proxy's URL",
            ),
            (TransportKind::NotProcessed, _) => {
                f.write_str("the pod closed the connection, and didn't process the request: make the call again later")
            }
            (TransportKind::TimedOut, None) if self.0.source.is_none() => f.write_str(
                "the time of the call ran out before the request was sent: allow more with `.call_timeout(…)`",
            ),
            (TransportKind::TimedOut, None) => write!(
                f,
                "no answer in time{may_have_acted}; allow more time with `.try_timeout(…)` or `.call_timeout(…)`"
            ),
            (TransportKind::TimedOut, Some(status)) => write!(
                f,
                "the answer ({}) didn't come whole in time{acted}; allow more time with `.try_timeout(…)`",
                status.as_u16()
            ),
            (TransportKind::Lost, _) => write!(f, "the connection broke before there was an answer{may_have_acted}"),
            (TransportKind::CutShort, status) => {
                write!(f, "the answer ({}) was cut short", status.map_or(0, |status| status.as_u16()))?;
                if is_read { Ok(()) } else { f.write_str(": the pod acted, and what it said is lost") }
            }
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(source.as_ref())
    }
}
