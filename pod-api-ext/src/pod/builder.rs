//! How a [`Pod`](crate::Pod) is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pod_api::support::BodyLimits;
use reqwest::header::{HeaderName, HeaderValue};

use super::base_url::BaseUrl;
use super::drive::Bounds;
use super::error::{Error, SetupError};
use super::gateway::{Gateway, IsRefusal};
use super::inner::Inner;
use super::refresh::Session;
use super::retry::RetryPolicy;
use super::source::TokenSource;
use super::throttle::Throttle;
use super::token::{InvalidToken, SessionToken};
use super::transport::{HttpOptions, Transport, default_header};
use crate::rules::Context;

/// How long a try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a call may take, all in all.
const CALL_TIMEOUT: Duration = Duration::from_secs(90);

/// Makes a [`Pod`](crate::Pod). [`build`](Self::build) reports an invalid option.
///
/// ```
/// use std::time::Duration;
///
/// use pod_api_ext::rules::{Context, Entitlement, Entitlements};
/// use pod_api_ext::{EnvToken, Pod, RetryPolicy};
///
/// # fn main() -> Result<(), pod_api_ext::Error> {
/// let entitlements = Entitlements::new().denied(Entitlement::CanCreatePublicRoom);
/// let pod = Pod::builder("https://gateway.acme.com/symphony/pod")?
///     .session_from(EnvToken::new("SESSION_TOKEN"))
///     .default_header("X-Gateway-Key", "from the vault")
///     .call_timeout(Duration::from_secs(20))
///     .retry(RetryPolicy::default().tries(3))
///     .context(Context::new().entitlements(entitlements))
///     .user_agent("acme-bot/1.0")
///     .build()?;
/// assert_eq!(pod.base_url(), "https://gateway.acme.com/symphony/pod");
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder makes nothing until `build` is called"]
pub struct PodBuilder {
    base: BaseUrl,
    plain_http: bool,
    session: Option<SessionOption>,
    context: Context,
    rules: bool,
    bounds: Bounds,
    limits: BodyLimits,
    headers: Vec<(HeaderName, HeaderValue)>,
    sources: Vec<(HeaderName, Arc<dyn TokenSource>)>,
    is_refusal: Option<Arc<IsRefusal>>,
    http: HttpOptions,
    /// The first option that was wrong.
    problem: Option<SetupError>,
}

enum SessionOption {
    Fixed(SessionToken),
    From(Arc<dyn TokenSource>),
}

impl PodBuilder {
    pub(crate) fn new(base_url: &str) -> Result<Self, Error> {
        Ok(Self {
            base: BaseUrl::parse(base_url).map_err(SetupError::from)?,
            plain_http: false,
            session: None,
            context: Context::new(),
            rules: true,
            bounds: Bounds { retry: RetryPolicy::default(), one_try: TRY_TIMEOUT, whole_call: CALL_TIMEOUT },
            limits: BodyLimits::default(),
            headers: Vec::new(),
            sources: Vec::new(),
            is_refusal: None,
            http: HttpOptions::default(),
            problem: None,
        })
    }

    /// Binds the client to this session. A 401 is then final; with [`session_from`](Self::session_from) it isn't.
    pub fn session<T>(mut self, token: T) -> Self
    where
        T: TryInto<SessionToken, Error: Into<InvalidToken>>,
    {
        match token.try_into() {
            Ok(token) => self.session = Some(SessionOption::Fixed(token)),
            Err(problem) => self.note(SetupError::Token(problem.into())),
        }
        self
    }

    #[doc(alias = "log in")]
    #[doc(alias = "login")]
    /// Binds the client to a source of sessions, which is asked for one before the first call and for another after a 401.
    pub fn session_from(mut self, source: impl TokenSource + 'static) -> Self {
        self.session = Some(SessionOption::From(Arc::new(source)));
        self
    }

    /// Allows sending the session token over connections that anybody on the way can read and change.
    ///
    /// Without it, plain `http` is for this machine alone (127.0.0.0/8, `::1`, `localhost`), which needs no switch.
    pub const fn danger_send_the_token_unencrypted(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// The context for the rules: who the caller is, which entitlements are known, which rules are off.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Sends requests without checking them against the rules.
    pub const fn without_rules(mut self) -> Self {
        self.rules = false;
        self
    }

    /// How calls are retried; [`RetryPolicy::never`] for not at all.
    pub const fn retry(mut self, policy: RetryPolicy) -> Self {
        self.bounds.retry = policy;
        self
    }

    /// How long a connection may take to be made, TLS included; 10 seconds by default.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// How long a try may take, from connecting to the last byte of the answer; 30 seconds by default.
    pub const fn try_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.one_try = timeout;
        self
    }

    /// How long a call may take, with all its tries and waits and the new token that it may need; 90 seconds by
    /// default. It is also how long a [`TokenSource`] may take.
    pub const fn call_timeout(mut self, timeout: Duration) -> Self {
        self.bounds.whole_call = timeout;
        self
    }

    /// How much of a response's body is read: 10 MiB of a success, 64 KiB of any other response by default. An answer that is
    /// longer is an [`Error::Undecodable`] or an error by its status.
    pub const fn body_limits(mut self, limits: BodyLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sends a header with every call, such as a gateway's key. A second one of the same name replaces the first.
    ///
    /// The value is treated as a secret: no `Debug` shows it. Headers that a call sets itself are refused, such as the session
    /// token.
    pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match default_header(name.as_ref(), value.as_ref()) {
            Ok(header) => {
                self.headers.retain(|(name, _)| *name != header.0);
                self.headers.push(header);
            }
            Err(problem) => self.note(problem),
        }
        self
    }

    /// Sends a header with every call whose value changes, such as the token of a gateway that runs out. It is apart from the
    /// session: the source is asked before the first call, and again if the gateway refuses the value, which a 401 shows whose body
    /// isn't the pod's (see [`renew_headers_if`](Self::renew_headers_if)). The call is then sent again, once.
    ///
    /// ```no_run
    /// use pod_api_ext::{EnvToken, Pod, SessionToken, token_fn};
    ///
    /// # fn main() -> Result<(), pod_api_ext::Error> {
    /// let gateway = token_fn(|| async { Ok(SessionToken::new("Bearer …, from the gateway's log-in")?) });
    /// let pod = Pod::builder("https://gateway.acme.com/symphony/pod")?
    ///     .session_from(EnvToken::new("SESSION_TOKEN"))
    ///     .header_from("Authorization", gateway)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header_from(mut self, name: impl AsRef<str>, source: impl TokenSource + 'static) -> Self {
        // The value isn't there yet; the name is checked like that of every header.
        match default_header(name.as_ref(), "") {
            Ok((name, _)) => {
                self.sources.retain(|(other, _)| *other != name);
                self.sources.push((name, Arc::new(source)));
            }
            Err(problem) => self.note(problem),
        }
        self
    }

    /// What shows that the gateway refused a header of [`header_from`](Self::header_from); by default, a 401 that has neither
    /// `code` nor `message`.
    pub fn renew_headers_if(mut self, is_refusal: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.is_refusal = Some(Arc::new(is_refusal));
        self
    }

    /// Says who is calling; `pod-api-ext/` and its version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http.user_agent = Some(user_agent.into());
        self
    }

    /// Sends through this proxy; another one can be added for what this one doesn't take. Without any, it is the
    /// system's (`HTTPS_PROXY` and the like), except for a pod on this machine.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.http.proxies.push(proxy);
        self
    }

    /// Trusts this root certificate in addition to those of the system.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, root: reqwest::Certificate) -> Self {
        self.http.roots.push(root);
        self
    }

    /// Presents this certificate to the pod, or to the gateway in front of it.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn client_certificate(mut self, identity: reqwest::Identity) -> Self {
        self.http.identity = Some(identity);
        self
    }

    /// Sends through this HTTP client. Proxy, certificates, `User-Agent` and the time to connect are then set there, and
    /// some promises of this crate depend on it:
    ///
    /// - that redirects aren't followed, and the token stays with the pod: build it with
    ///   [`Policy::none`](reqwest::redirect::Policy::none);
    /// - that nothing is sent twice that may not be: switch its own retries off ([`never`](reqwest::retry::never));
    /// - that a dead connection of HTTP/2 is found out by pings, and not used again after a time-out;
    /// - that nothing but the documented headers is sent.
    ///
    /// The times of tries and calls, retries, the session and the errors stay as they are.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.own = Some(client);
        self
    }

    /// What the clones of the client share, if all options are right.
    pub(crate) fn finish(self) -> Result<Inner, Error> {
        let Self {
            base,
            plain_http,
            session,
            context,
            rules,
            bounds,
            limits,
            headers,
            sources,
            is_refusal,
            http,
            problem,
        } = self;
        if let Some(problem) = problem {
            return Err(problem.into());
        }
        if !plain_http {
            base.require_encryption().map_err(SetupError::from)?;
        }
        let session = session.ok_or(SetupError::NoSession)?;
        let of_source = |(name, source)| (name, Arc::new(Session::new(source, bounds.whole_call)));
        let mut gateway = Gateway { headers: sources.into_iter().map(of_source).collect(), ..Gateway::default() };
        gateway.is_refusal = is_refusal.unwrap_or(gateway.is_refusal);
        let transport = Arc::new(Transport::new(base, http, bounds.one_try, limits)?);
        let session = match session {
            SessionOption::Fixed(token) => Session::fixed(token),
            SessionOption::From(source) => Session::bound(source, &transport, &headers, &gateway, bounds, plain_http),
        };
        Ok(Inner {
            transport,
            session: Arc::new(session),
            throttle: Arc::new(Throttle::new()),
            context,
            rules,
            bounds,
            headers,
            gateway,
            plain_http,
        })
    }

    fn note(&mut self, problem: SetupError) {
        self.problem.get_or_insert(problem);
    }
}

/// Without what may be a secret.
impl fmt::Debug for PodBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PodBuilder").field("base_url", &self.base.as_str()).finish_non_exhaustive()
    }
}
