//! Why a client can't be made.

use std::fmt;
use std::sync::Arc;

use super::super::base_url::InvalidBaseUrl;
use super::super::token::InvalidToken;

/// Why a client can't be made with these options. `Display` says which option it is and what to do.
///
/// ```
/// use pod_api_ext::pod::SetupError;
/// use pod_api_ext::{Error, Pod};
///
/// let built = Pod::builder("https://acme.symphony.com").and_then(|pod| pod.build());
/// assert!(matches!(built, Err(Error::Setup(SetupError::NoSession))));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// The base URL.
    BaseUrl(InvalidBaseUrl),
    /// Neither a session token nor a source of tokens was given.
    NoSession,
    /// The session token.
    Token(InvalidToken),
    /// An invalid header for every call.
    #[non_exhaustive]
    HeaderInvalid {
        /// Its name, where that is right.
        name: Option<String>,
    },
    /// A header for every call that the client sets itself.
    #[non_exhaustive]
    HeaderReserved {
        /// Its name.
        name: String,
        /// What to do instead.
        instead: &'static str,
    },
    /// An option of the HTTP client together with an HTTP client of the caller's own; the option.
    NotOurClient(&'static str),
    /// The base URL is `https`, and this crate was built without TLS.
    NoTls,
    /// The HTTP client can't be made, for instance of these certificates.
    HttpClient(Arc<reqwest::Error>),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl(problem) => problem.fmt(f),
            Self::Token(problem) => problem.fmt(f),
            Self::NoSession => f.write_str(
                "there is no session: give the builder a token with `.session(…)` or a source with `.session_from(…)`",
            ),
            Self::HeaderInvalid { name: Some(name) } => {
                write!(
                    f,
                    "the value of the header `{name}` has a character that a header can't hold: only visible ASCII can"
                )
            }
            Self::HeaderInvalid { name: None } => f.write_str(
                "the name given to `.default_header(…)` can't be the name of a header: letters, digits and `-` can",
            ),
            Self::HeaderReserved { name, instead } => {
                write!(f, "the header `{name}` can't be set for every call: {instead}")
            }
            Self::NotOurClient(option) => write!(
                f,
                "`.{option}(…)` has no effect on the HTTP client given to `.http_client(…)`: set it there, or leave that client out"
            ),
            Self::NoTls => f.write_str(
                "pod-api-ext was built without TLS, which an https URL needs: switch on its feature `rustls` or `native-tls`",
            ),
            Self::HttpClient(_) => {
                f.write_str("the HTTP client can't be made: see the certificates and the proxy given")
            }
        }
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // What the others hold is what they display.
            Self::HttpClient(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl From<InvalidBaseUrl> for SetupError {
    fn from(problem: InvalidBaseUrl) -> Self {
        Self::BaseUrl(problem)
    }
}

impl From<InvalidToken> for SetupError {
    fn from(problem: InvalidToken) -> Self {
        Self::Token(problem)
    }
}
