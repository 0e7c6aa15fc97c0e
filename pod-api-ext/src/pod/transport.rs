//! The HTTP client beneath, and the headers of every call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pod_api::support::{self, BodyLimits};
use reqwest::header::{self, HeaderName, HeaderValue};

use super::base_url::BaseUrl;
use super::error::SetupError;
use super::trace_id;

/// The options of the HTTP client, unless the caller gives one.
#[derive(Clone, Default)]
pub(crate) struct HttpOptions {
    pub(crate) own: Option<reqwest::Client>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) user_agent: Option<String>,
    pub(crate) proxies: Vec<reqwest::Proxy>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) roots: Vec<reqwest::Certificate>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) identity: Option<reqwest::Identity>,
}

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Whether this crate was built with TLS.
const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// The generated client, and how to make it anew.
pub(crate) struct Transport {
    base: BaseUrl,
    options: HttpOptions,
    one_try: Duration,
    limits: BodyLimits,
    current: Mutex<Sender>,
}

/// The generated client that is in use, and how many were before it.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) client: Arc<pod_api::Client>,
    generation: u64,
}

impl Transport {
    pub(crate) fn new(
        base: BaseUrl,
        options: HttpOptions,
        one_try: Duration,
        limits: BodyLimits,
    ) -> Result<Self, SetupError> {
        if options.own.is_none() {
            check_tls(&base, HAS_TLS)?;
        }
        let http = options.client(&base, one_try)?;
        let client = pod_api::Client::new_with_client(base.as_str(), http).body_limits(limits);
        let current = Mutex::new(Sender { client: Arc::new(client), generation: 0 });
        Ok(Self { base, options, one_try, limits, current })
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub(crate) fn limits(&self) -> BodyLimits {
        self.limits
    }

    pub(crate) fn sender(&self) -> Sender {
        self.current().clone()
    }

    /// Gives the next calls connections of their own, after a call by `sender` got no answer in time: a connection of HTTP/2
    /// serves all calls, so that the next would wait for the same dead peer. A connection of HTTP/1 is closed in such a case,
    /// and HTTP/2 takes TLS here. A client of the caller's own stays.
    pub(crate) fn leave(&self, sender: &Sender) {
        if self.options.own.is_some() || !self.base.is_encrypted() || self.current().generation != sender.generation {
            return;
        }
        // The same options have worked before. If they don't work now, the old client stays.
        let Ok(http) = self.options.client(&self.base, self.one_try) else { return };
        let client = pod_api::Client::new_with_client(self.base.as_str(), http).body_limits(self.limits);
        let mut current = self.current();
        if current.generation == sender.generation {
            *current = Sender { client: Arc::new(client), generation: sender.generation.wrapping_add(1) };
        }
    }

    fn current(&self) -> MutexGuard<'_, Sender> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_tls(base: &BaseUrl, has_tls: bool) -> Result<(), SetupError> {
    if base.is_encrypted() && !has_tls { Err(SetupError::NoTls) } else { Ok(()) }
}

impl HttpOptions {
    fn client(&self, base: &BaseUrl, one_try: Duration) -> Result<reqwest::Client, SetupError> {
        if let Some(client) = &self.own {
            let set = [
                ("connect_timeout", self.connect_timeout.is_some()),
                ("user_agent", self.user_agent.is_some()),
                ("proxy", !self.proxies.is_empty()),
                #[cfg(any(feature = "rustls", feature = "native-tls"))]
                ("root_certificate", !self.roots.is_empty()),
                #[cfg(any(feature = "rustls", feature = "native-tls"))]
                ("client_certificate", self.identity.is_some()),
            ];
            return match set.into_iter().find(|(_, set)| *set) {
                Some((option, _)) => Err(SetupError::NotOurClient(option)),
                None => Ok(client.clone()),
            };
        }
        let agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let agent = header_value(&header::USER_AGENT, agent)?;
        let mut builder = support::http_client_builder()
            // What is sent again is this crate's to decide, and to count.
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            // For calls through `Pod::client`.
            .timeout(one_try)
            .user_agent(agent);
        if base.is_loopback() {
            // The system's proxy is for other hosts, and one that takes plain http would get to read the token.
            builder = builder.no_proxy();
        }
        for proxy in &self.proxies {
            builder = builder.proxy(proxy.clone());
        }
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            if !self.roots.is_empty() {
                builder = builder.tls_certs_merge(self.roots.clone());
            }
            if let Some(identity) = &self.identity {
                builder = builder.identity(identity.clone());
            }
        }
        builder.build().map_err(|error| SetupError::HttpClient(error.into()))
    }
}

/// Checks a header for every call. A header that a call sets itself, or that HTTP depends on, is refused.
pub(crate) fn default_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), SetupError> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| SetupError::HeaderInvalid { name: None })?;
    let instead = if name == "sessiontoken" {
        Some("give the session token with `.session(…)`")
    } else if name == trace_id::HEADER {
        Some("give a call its trace id with `.trace_id(…)`")
    } else if name == header::USER_AGENT {
        Some("set it with `.user_agent(…)`")
    } else if support::RESERVED.contains(&name.as_str()) {
        Some("it says what the client does")
    } else {
        None
    };
    if let Some(instead) = instead {
        return Err(SetupError::HeaderReserved { name: name.to_string(), instead });
    }
    let mut value = header_value(&name, value)?;
    // A gateway's key is as secret as a session's.
    value.set_sensitive(true);
    Ok((name, value))
}

/// Other characters would be sent as UTF-8, which most receivers read as something else.
fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue, SetupError> {
    let value = Some(value).filter(|value| value.is_ascii()).and_then(|value| HeaderValue::from_str(value).ok());
    value.ok_or_else(|| SetupError::HeaderInvalid { name: Some(name.to_string()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_an_encrypted_base_url_is_refused_with_the_feature_to_switch_on() {
        let base = |text: &str| BaseUrl::parse(text).unwrap();
        assert!(check_tls(&base("https://acme.symphony.com"), true).is_ok());
        assert!(check_tls(&base("http://localhost"), false).is_ok());
        assert_eq!(
            check_tls(&base("https://acme.symphony.com"), false).unwrap_err().to_string(),
            "pod-api-ext was built without TLS, which an https URL needs: switch on its feature `rustls` or `native-tls`"
        );
    }

    #[test]
    fn a_header_for_every_call_is_kept_from_logs() {
        let (name, value) = default_header("X-Gateway-Key", "k").unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("x-gateway-key", "k"));
        assert!(value.is_sensitive());
    }

    #[test]
    fn what_a_call_sets_itself_cannot_be_a_default_header() {
        for (name, value, message) in [
            (
                "SessionToken",
                "other",
                "the header `sessiontoken` can't be set for every call: give the session token with `.session(…)`",
            ),
            (
                "X-Trace-Id",
                "t",
                "the header `x-trace-id` can't be set for every call: give a call its trace id with `.trace_id(…)`",
            ),
            ("User-Agent", "a", "the header `user-agent` can't be set for every call: set it with `.user_agent(…)`"),
            ("Host", "elsewhere", "the header `host` can't be set for every call: it says what the client does"),
            (
                "content-length",
                "1",
                "the header `content-length` can't be set for every call: it says what the client does",
            ),
            (
                "a b",
                "x",
                "the name given to `.default_header(…)` can't be the name of a header: letters, digits and `-` can",
            ),
            (
                "",
                "x",
                "the name given to `.default_header(…)` can't be the name of a header: letters, digits and `-` can",
            ),
            (
                "X-A",
                "a\r\nsessionToken: b",
                "the value of the header `x-a` has a character that a header can't hold: only visible ASCII can",
            ),
            (
                "X-A",
                "é",
                "the value of the header `x-a` has a character that a header can't hold: only visible ASCII can",
            ),
        ] {
            assert_eq!(default_header(name, value).unwrap_err().to_string(), message);
        }
    }
}
