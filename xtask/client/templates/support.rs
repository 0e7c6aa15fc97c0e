//! What every request and every response of this client passes through.
//!
//! The code that progenitor generates falls short in a few ways in production; the generator of this folder routes
//! those through here.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use progenitor_client::{ClientHooks as _, Error, OperationInfo, ResponseValue};
use reqwest::ResponseBuilderExt as _;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long a connection may take to be made.
pub const CONNECT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// How long a whole call may take, from the first byte sent to the last byte read.
pub const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// How long a connection is kept for the next call: less than the minute after which common load balancers drop it
/// without a word.
pub const POOL_IDLE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(50);

/// How often a connection of HTTP/2 is asked whether it is alive.
pub const PING_INTERVAL: std::time::Duration = std::time::Duration::from_secs(10);

/// How long it may take to answer that; then the connection is closed, and its calls fail.
pub const PING_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// The HTTP client that [`Client::new`](super::Client::new) uses for the API at `baseurl`.
///
/// - It follows no redirects: reqwest keeps a header such as a session token when a redirect leads to another host,
///   which could collect tokens that way. A redirect comes out as [`Error::UnexpectedResponse`], with its `Location`.
/// - It uses no proxy for this machine, which would read the token.
/// - It asks for no compression and unpacks none, whatever features of reqwest other crates switch on.
/// - In a package with a feature `rustls` or `native-tls`, TLS is by that library, whatever other crates switch on.
///
/// # Errors
/// The TLS backend can't be set up, for instance because the system has no trusted certificates.
pub fn http_client(baseurl: &str) -> reqwest::Result<reqwest::Client> {
    let mut builder = http_client_builder();
    #[cfg(not(target_arch = "wasm32"))]
    {
        builder = builder.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
        if reqwest::Url::parse(baseurl).is_ok_and(|url| is_loopback(&url)) {
            builder = builder.no_proxy();
        }
    }
    #[cfg(target_arch = "wasm32")]
    let _ = baseurl;
    builder.build()
}

/// What every HTTP client that carries a token should have, without time-outs and proxies.
#[doc(hidden)]
#[allow(unexpected_cfgs)]
pub fn http_client_builder() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder();
    #[cfg(not(target_arch = "wasm32"))]
    let builder = builder
        .redirect(reqwest::redirect::Policy::none())
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT)
        .http2_keep_alive_while_idle(true);
    #[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(feature = "native-tls", not(feature = "rustls"), not(target_arch = "wasm32")))]
    let builder = builder.tls_backend_native();
    builder
}

/// Whether `url` leads to this machine: 127.0.0.0/8, `::1` (also as IPv4) or `localhost`. Names below `localhost` don't
/// count, since they may be asked of a DNS server.
#[doc(hidden)]
#[must_use]
pub fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return address.is_loopback();
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok_and(|address| {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
        });
    }
    host.strip_suffix('.').unwrap_or(host) == "localhost"
}

/// What is wrong with a base URL.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUrlProblem {
    /// It doesn't begin with `http://` or `https://` and a host.
    NoHost,
    /// There is a user name or a password in it.
    Credentials,
    /// There is a query in it.
    Query,
    /// There is a fragment in it.
    Fragment,
    /// It has white space, a control character or a backslash, which URL parsers drop or change.
    Character,
}

impl BaseUrlProblem {
    /// The problem of `base`, if it has one. A URL parser repairs a lot (WHATWG URL, section 4.4): `https:///pod` would
    /// become the host `pod`, and a query would swallow the path of the call. White space around the URL is fine.
    #[must_use]
    pub fn of(base: &str) -> Option<Self> {
        // The usual case in one pass, since every call comes by.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b'/' | b':');
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        if rest.is_some_and(|rest| !rest.starts_with(['/', ':']) && !rest.is_empty()) && base.bytes().all(is_plain) {
            return None;
        }
        let base = base.trim();
        let without = |scheme: &str| base.get(scheme.len()..).filter(|_| {
            base.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if base.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Some(Self::Character);
        }
        let Some(rest) = without("https://").or_else(|| without("http://")) else { return Some(Self::NoHost) };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            Some(Self::Credentials)
        } else if authority.is_empty() || authority.starts_with(':') {
            Some(Self::NoHost)
        } else if rest.split('#').next().unwrap_or_default().contains('?') {
            Some(Self::Query)
        } else if rest.contains('#') {
            Some(Self::Fragment)
        } else {
            None
        }
    }
}

impl fmt::Display for BaseUrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHost => "the base URL has to begin with `https://` and a host, as in https://host/path",
            Self::Credentials => "the base URL holds a user name or a password: leave out what comes before `@`",
            Self::Query => "the base URL has a query: leave out `?` and what follows",
            Self::Fragment => "the base URL has a fragment: leave out `#` and what follows",
            Self::Character => {
                "the base URL has white space, a control character or a backslash in it: leave that out"
            }
        })
    }
}

/// How much of a response's body is read, in bytes. What is longer comes out as
/// [`Error::UnexpectedResponse`] with [`BodyProblem::TooLong`]: with its status, its headers, and the beginning of its
/// body.
///
/// They are set for all calls of a client, or for one call: see `body_limits` there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyLimits {
    /// The longest body of a documented success; 10 MiB by default.
    pub success: usize,
    /// The longest body of any other response, and how much is kept of one that is too long; 64 KiB by default.
    pub error: usize,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { success: 10 << 20, error: 64 << 10 }
    }
}

impl BodyLimits {
    /// Sets the longest body of a documented success.
    #[must_use]
    pub const fn success(mut self, bytes: usize) -> Self {
        self.success = bytes;
        self
    }

    /// Sets the longest body of any other response.
    #[must_use]
    pub const fn error(mut self, bytes: usize) -> Self {
        self.error = bytes;
        self
    }

    fn of(self, status: reqwest::StatusCode) -> usize {
        if status.is_success() { self.success } else { self.error }
    }
}

/// Everything but the unreserved characters of RFC 3986, section 2.3: the expansion that OpenAPI prescribes for a
/// path parameter in `simple` style (RFC 6570, section 3.2.2).
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `value` as it stands in a path.
#[doc(hidden)]
#[must_use]
pub fn encoded(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, SEGMENT).to_string()
}

/// The URL of a call: `base`, then `constants` with the encoded values of `parameters` between them.
///
/// A URL parser gives `.`, `..` and an empty segment a meaning of their own, encoded or not (WHATWG URL, section 4.4),
/// so that such a value would call another operation: it is refused.
#[doc(hidden)]
pub fn url(base: &str, constants: &[&str], parameters: &[(&str, String)]) -> Result<String, Invalid> {
    if let Some(problem) = BaseUrlProblem::of(base) {
        return Err(Invalid(problem.to_string()));
    }
    let mut path = String::new();
    let mut starts = Vec::with_capacity(parameters.len());
    for (index, constant) in constants.iter().enumerate() {
        path.push_str(constant);
        if let Some((name, value)) = parameters.get(index) {
            if value.is_empty() {
                return Err(Invalid(format!("the path parameter `{name}` is empty: give it a value")));
            }
            starts.push((path.len(), name, value));
            path.push_str(&encoded(value));
        }
    }
    for (start, name, value) in starts {
        let (before, after) = path.split_at(start);
        let before = before.rsplit('/').next().unwrap_or_default();
        let after = after.split('/').next().unwrap_or_default();
        if matches!(format!("{before}{after}").as_str(), "." | "..") {
            return Err(Invalid(format!(
                "the path parameter `{name}` is `{value}`, which would name another path: give it another value"
            )));
        }
    }
    Ok(format!("{}{path}", base.trim().trim_end_matches('/')))
}

/// Texts that the caller composed of several values keep the commas between them, and a space is `%20` there (RFC 6570,
/// section 3.2.8); reqwest encodes the one as `%2C` and the other as `+`.
#[doc(hidden)]
pub fn composed(request: reqwest::RequestBuilder, names: &[&str]) -> reqwest::Result<reqwest::RequestBuilder> {
    let (client, request) = request.build_split();
    let mut request = request?;
    let url = request.url();
    if let Some(query) = url.query() {
        let pairs = query.split('&').zip(url.query_pairs()).map(|(pair, (name, _))| match pair.split_once('=') {
            Some((encoded, value)) if names.contains(&name.as_ref()) => {
                format!("{encoded}={}", value.replace("%2C", ",").replace('+', "%20"))
            }
            _ => pair.to_owned(),
        });
        let query = pairs.collect::<Vec<String>>().join("&");
        request.url_mut().set_query(Some(&query));
    }
    Ok(reqwest::RequestBuilder::from_parts(client, request))
}

/// Why a request can't be sent.
#[doc(hidden)]
#[derive(Debug, PartialEq, Eq)]
pub struct Invalid(pub String);

impl<E> From<Invalid> for Error<E> {
    fn from(Invalid(reason): Invalid) -> Self {
        Self::InvalidRequest(reason)
    }
}

/// The pairs of a form: one for each value of a list, and for each member of an object (OpenAPI 3.0.3, Encoding Object, style
/// `form`). What is nested deeper is JSON.
#[doc(hidden)]
pub fn pairs(body: &impl Serialize) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    let Ok(Value::Object(members)) = serde_json::to_value(body) else { return Vec::new() };
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Array(values) => pairs.extend(values.iter().map(|value| (name.clone(), text(value)))),
            Value::Object(members) => pairs.extend(members.iter().map(|(name, value)| (name.clone(), text(value)))),
            Value::Null => pairs.push((name, String::new())),
            value => pairs.push((name, text(&value))),
        }
    }
    pairs
}

/// Puts a header parameter of an operation into `headers`.
#[doc(hidden)]
pub fn insert_header(
    headers: &mut HeaderMap,
    name: &str,
    value: &(impl ToString + ?Sized),
    secret: bool,
) -> Result<(), Invalid> {
    let key = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Invalid(format!("`{name}` can't be the name of a header")))?;
    let mut value = HeaderValue::from_str(&value.to_string()).map_err(|_| {
        Invalid(format!(
            "the value of the header `{name}` has a character that a header can't hold: only visible ASCII and \
             spaces are allowed, so see whether a line break follows it"
        ))
    })?;
    value.set_sensitive(secret);
    headers.insert(key, value);
    Ok(())
}

/// What a builder was given for one of its fields, or why it can't be sent.
#[doc(hidden)]
pub type Given<T> = Result<T, String>;

/// What a builder begins with where something is required.
#[doc(hidden)]
pub fn required<T>(builder: &str, name: &str) -> Given<T> {
    Err(format!("{builder}: `{name}` is required: set it with `.{name}(…)`"))
}

/// `value` as the field `name` has it.
#[doc(hidden)]
pub fn given<T, V: TryInto<T>>(value: V, builder: &str, name: &str) -> Given<T> {
    value.try_into().map_err(|_| refused::<T>(builder, name))
}

/// Like [`given`], for values that say why they can't be converted.
#[doc(hidden)]
pub fn given_or_why<T, V: TryInto<T, Error: fmt::Display>>(value: V, builder: &str, name: &str) -> Given<T> {
    value.try_into().map_err(|error| format!("{}: {error}", refused::<T>(builder, name)))
}

fn refused<T>(builder: &str, name: &str) -> String {
    let ty = std::any::type_name::<T>();
    let ty: String = ty.split_inclusive(['<', '>', ',', ' ']).filter_map(|part| part.rsplit("::").next()).collect();
    format!("{builder}: the value given to `.{name}(…)` can't be made a `{ty}`")
}

/// The model that `builder` holds.
#[doc(hidden)]
pub fn built<B, T: TryFrom<B, Error: fmt::Display>>(builder: B) -> Given<T> {
    T::try_from(builder).map_err(|error| error.to_string())
}

/// What can be given for an optional text: a text of any kind, or an `Option` of one.
pub trait OptionalText {
    /// The text, if there is one.
    fn optional_text(self) -> Option<String>;
}

macro_rules! optional_text {
    ($($text:ty)*) => {$(
        impl OptionalText for $text {
            fn optional_text(self) -> Option<String> {
                Some(self.into())
            }
        }

        impl OptionalText for Option<$text> {
            fn optional_text(self) -> Option<String> {
                self.map(Into::into)
            }
        }
    )*};
}

optional_text! { String &str &String Box<str> std::borrow::Cow<'_, str> }

/// What a caller sets for one call, beside the operation's parameters.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct CallOptions {
    headers: HeaderMap,
    problem: Option<String>,
    /// How long the call may take.
    pub timeout: Option<std::time::Duration>,
    /// How much of the response's body is read.
    pub body_limits: Option<BodyLimits>,
}

impl CallOptions {
    /// Adds a header; what is wrong with it is reported when the call is sent.
    pub fn header(&mut self, name: impl TryInto<HeaderName>, value: impl TryInto<HeaderValue>) {
        match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(mut value)) => {
                // A gateway's token is as secret as the session's, and nothing else is worse for not being logged.
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            (Ok(name), Err(_)) => {
                self.problem.get_or_insert(format!(
                    "the value given to `.header(\"{name}\", …)` has a character that a header can't hold"
                ));
            }
            (Err(_), _) => {
                self.problem.get_or_insert("the name given to `.header(…)` can't be the name of a header".to_owned());
            }
        }
    }

    /// Sets what a client sets for all its calls, but for the token. Headers of the same name are replaced.
    pub fn extend(&mut self, with: &With<'_>) {
        self.headers.extend(with.headers.iter().cloned());
        self.timeout = Some(with.timeout);
        self.body_limits = Some(with.body_limits);
    }

    /// Adds the headers to `headers`. What the operation itself sets, or HTTP needs to be right, can't be replaced: it
    /// would send another token, or a body that isn't what its type says.
    fn add_headers(self, headers: &mut HeaderMap, parameters: &[&str]) -> Result<(), Invalid> {
        if let Some(problem) = self.problem {
            return Err(Invalid(problem));
        }
        for (name, value) in self.headers {
            let Some(name) = name else { continue };
            if parameters.iter().any(|parameter| name.as_str().eq_ignore_ascii_case(parameter)) {
                return Err(Invalid(format!(
                    "the header `{name}` is a parameter of this operation: set it with the method of its name"
                )));
            }
            if RESERVED.contains(&name.as_str()) {
                return Err(Invalid(format!("the header `{name}` is set by this client: leave it out")));
            }
            headers.insert(name, value);
        }
        Ok(())
    }
}

/// Sends the request of an operation; `parameters` are the headers that are parameters of it.
#[doc(hidden)]
pub async fn run<E>(
    client: &super::Client,
    operation_id: &'static str,
    request: reqwest::RequestBuilder,
    options: CallOptions,
    parameters: &[&str],
) -> Result<reqwest::Response, Error<E>> {
    let mut request = request.build()?;
    *request.timeout_mut() = options.timeout;
    options.add_headers(request.headers_mut(), parameters)?;
    let info = OperationInfo { operation_id };
    client.pre(&mut request, &info).await?;
    let result = client.exec(request, &info).await;
    client.post(&result, &info).await?;
    Ok(result?)
}

#[doc(hidden)]
pub use progenitor_client::QueryParam;

/// What all calls of operations have in common: the builders of [`builder`](super::builder) implement it, but for those whose
/// body can be sent once only. It is for clients on top of this one, which send any operation in a way of their own.
pub trait OperationCall: Clone + Send + Sync {
    /// The operation's name, as the function of [`Client`](super::Client) has it.
    const ID: &'static str;
    /// What the OpenAPI document says of the operation.
    const FACTS: OperationFacts;
    /// What a documented success holds.
    type Success: Send;
    /// What a documented error holds.
    type Failure: Send;

    /// The call with this token, if the operation takes one, and what else is of the client. Headers of the same name are
    /// replaced.
    #[must_use]
    fn with(self, with: &With<'_>) -> Self;

    /// Sends it, once, by `client`, whichever it was made with.
    fn send_by(
        self,
        client: &super::Client,
    ) -> impl std::future::Future<Output = Result<ResponseValue<Self::Success>, Error<Self::Failure>>> + Send;
}

/// What the OpenAPI document says of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationFacts {
    /// Its `operationId`.
    pub id: &'static str,
    /// The HTTP method it is called by, in capitals.
    pub method: &'static str,
    /// Its path below the base URL, as a template.
    pub path: &'static str,
    /// The statuses that its responses are documented for, such as `200`, `4XX` or `default`.
    pub statuses: &'static [&'static str],
}

/// What a client adds to the calls of all operations.
#[derive(Clone, Copy)]
pub struct With<'a> {
    /// The session token, for operations that take one.
    pub session_token: &'a str,
    /// More headers.
    pub headers: &'a [(HeaderName, HeaderValue)],
    /// How long the call may take.
    pub timeout: std::time::Duration,
    /// How much of the response's body is read.
    pub body_limits: BodyLimits,
}

/// Without the token, and without the values of headers.
impl fmt::Debug for With<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&HeaderName> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("With")
            .field("session_token", &Redacted)
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("body_limits", &self.body_limits)
            .finish()
    }
}

/// Headers that describe the message or the connection, and so are the HTTP client's alone.
#[doc(hidden)]
pub const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Of the headers the names alone: a value may be a secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("body_limits", &self.body_limits)
            .finish()
    }
}

/// What stands in a `Debug` where a secret would.
#[doc(hidden)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Why the body of an [`Error::UnexpectedResponse`] isn't what the API describes, or isn't whole. It is an extension of
/// the response; [`BodyProblem::of`] finds it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BodyProblem {
    /// The connection ended, or the time was up, before the whole body was there. The response holds what came.
    CutShort(Arc<reqwest::Error>),
    /// The body isn't JSON, or not of the documented shape. The response holds all of it.
    NotAsDocumented(Arc<serde_json::Error>),
    /// The body is encoded (`Content-Encoding`), which this client didn't ask for. The response holds all of it, as it
    /// came.
    Encoded(HeaderValue),
    /// The body is longer than this limit, in bytes. The response holds its beginning.
    TooLong(usize),
}

impl BodyProblem {
    /// What was wrong with the body of `response`; `None` if the status isn't documented at all.
    #[must_use]
    pub fn of(response: &reqwest::Response) -> Option<&Self> {
        response.extensions().get()
    }
}

impl fmt::Display for BodyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CutShort(_) => "the body was cut short",
            Self::NotAsDocumented(_) => "the body is not what the API describes",
            Self::Encoded(encoding) => {
                let encoding = String::from_utf8_lossy(encoding.as_bytes());
                return write!(f, "the body is encoded as `{}`, which wasn't asked for", encoding.escape_debug());
            }
            Self::TooLong(limit) => return write!(f, "the body is longer than {limit} bytes"),
        })
    }
}

impl std::error::Error for BodyProblem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CutShort(error) => Some(error.as_ref()),
            Self::NotAsDocumented(error) => Some(error.as_ref()),
            Self::Encoded(_) | Self::TooLong(_) => None,
        }
    }
}

/// Reads and decodes the body of a response whose status is documented.
///
/// If that can't be done, the response is handed on with its status, version, headers, URL, extensions and text: gateways
/// answer in HTML, and a 401 has to stay a 401.
#[doc(hidden)]
pub async fn decode<T: DeserializeOwned, E>(
    response: reqwest::Response,
    limits: BodyLimits,
) -> Result<ResponseValue<T>, Error<E>> {
    decode_body(response, limits, false).await
}

/// Like [`decode`], for a status that is documented without a body beside others that have one.
#[doc(hidden)]
pub async fn decode_or_empty<T: DeserializeOwned, E>(
    response: reqwest::Response,
    limits: BodyLimits,
) -> Result<ResponseValue<T>, Error<E>> {
    decode_body(response, limits, true).await
}

/// Like [`decode`], for a status whose body has a type of its own among those of the operation.
#[doc(hidden)]
pub async fn decode_into<T: DeserializeOwned, U: fmt::Debug, E>(
    response: reqwest::Response,
    limits: BodyLimits,
    into: fn(T) -> U,
) -> Result<ResponseValue<U>, Error<E>> {
    decode::<T, E>(response, limits).await?.map(into)
}

/// Like [`decode_into`], for a status without a body.
#[doc(hidden)]
pub async fn without_body<T: fmt::Debug, E>(
    response: reqwest::Response,
    value: T,
) -> Result<ResponseValue<T>, Error<E>> {
    ResponseValue::<()>::empty(response).map(|()| value)
}

async fn decode_body<T: DeserializeOwned, E>(
    response: reqwest::Response,
    limits: BodyLimits,
    empty_is_null: bool,
) -> Result<ResponseValue<T>, Error<E>> {
    let (mut response, body) = read(response, limits).await.map_err(Error::UnexpectedResponse)?;
    match parse(&body, empty_is_null) {
        Ok(value) => Ok(ResponseValue::new(value, response.status(), std::mem::take(response.headers_mut()))),
        Err(error) => {
            let encoding = response.headers().get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity");
            let problem = match encoding {
                Some(encoding) => BodyProblem::Encoded(encoding.clone()),
                None => BodyProblem::NotAsDocumented(Arc::new(error)),
            };
            Err(Error::UnexpectedResponse(with_body(response, body, Some(problem))))
        }
    }
}

fn parse<T: DeserializeOwned>(body: &[u8], empty_is_null: bool) -> serde_json::Result<T> {
    // A parser may pass over a byte order mark (RFC 8259, section 8.1); serde_json doesn't.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text: &[u8] = if empty_is_null && body.is_empty() { b"null" } else { body };
    let mut json = serde_json::Deserializer::from_slice(text);
    T::deserialize(Strict(&mut json)).and_then(|value| json.end().map(|()| value))
}

/// The error that a documented failure is, once it is decoded.
#[doc(hidden)]
pub async fn failed<T, E>(
    decoded: impl std::future::Future<Output = Result<ResponseValue<E>, Error<E>>>,
) -> Result<T, Error<E>> {
    Err(decoded.await.map_or_else(|error| error, Error::ErrorResponse))
}

/// The error that a response of any other status is.
#[doc(hidden)]
pub async fn undocumented<T, E>(response: reqwest::Response, limits: BodyLimits) -> Result<T, Error<E>> {
    Err(Error::UnexpectedResponse(unexpected(response, limits).await))
}

/// A response whose status isn't documented, with as much of its body as may be read.
#[doc(hidden)]
pub async fn unexpected(response: reqwest::Response, limits: BodyLimits) -> reqwest::Response {
    match read(response, limits).await {
        Ok((response, body)) => with_body(response, body, None),
        Err(response) => response,
    }
}

/// The body of `response`, or `response` with what came of it.
async fn read(
    mut response: reqwest::Response,
    limits: BodyLimits,
) -> Result<(reqwest::Response, Vec<u8>), reqwest::Response> {
    let limit = limits.of(response.status());
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit.saturating_sub(body.len()) => {
                body.extend(chunk.iter().take(limits.error.saturating_sub(body.len())));
                body.truncate(limits.error);
                body.shrink_to_fit();
                return Err(with_body(response, body, Some(BodyProblem::TooLong(limit))));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok((response, body)),
            Err(error) => return Err(with_body(response, body, Some(BodyProblem::CutShort(Arc::new(error))))),
        }
    }
}

/// `response`, whose body has been read, with that body again.
fn with_body(mut response: reqwest::Response, body: Vec<u8>, problem: Option<BodyProblem>) -> reqwest::Response {
    // A builder fails on invalid parts only, and a URL that was called is none; without it, the rest is still right.
    let mut rebuilt = match http::Response::builder().url(response.url().clone()).body(()) {
        Ok(rebuilt) => rebuilt.map(|()| body),
        Err(_) => http::Response::new(body),
    };
    *rebuilt.status_mut() = response.status();
    *rebuilt.version_mut() = response.version();
    rebuilt.extensions_mut().extend(std::mem::take(response.extensions_mut()));
    if let Some(problem) = problem {
        rebuilt.extensions_mut().insert(problem);
    }
    *rebuilt.headers_mut() = std::mem::take(response.headers_mut());
    rebuilt.into()
}

/// Reads what is there, `null` too; what isn't there is the field's default.
#[doc(hidden)]
pub fn null_is_a_value<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// What tells the members of a union apart: where it stands in the value, and what it is for each member, as JSON.
#[doc(hidden)]
pub type Tag = (&'static str, &'static [&'static [&'static str]]);

/// A union may be read as often as would take this many times the work of one member. Unions in unions multiply; what takes
/// more is kept as JSON.
const TRIES: usize = 100;

#[derive(Clone, Copy)]
struct Reading {
    inside: bool,
    /// Nothing is read as something that the specification doesn't name.
    strict: bool,
    /// How many values may still be read.
    left: usize,
}

thread_local! {
    /// How the members of unions are being read: what serde derives can't be told.
    static READING: Cell<Reading> = const { Cell::new(Reading { inside: false, strict: false, left: 0 }) };
}

/// Reads a union: as the member that its tag names, or else as the one that keeps most of the value. What is of several
/// members at once, or of none, stays JSON.
#[doc(hidden)]
pub fn union<'de, D, T>(
    deserializer: D,
    tag: Option<Tag>,
    members: &[fn(&Value) -> serde_json::Result<T>],
    unknown: fn(Value) -> T,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Serialize,
{
    let value = Value::deserialize(deserializer)?;
    let before = READING.get();
    if !before.inside {
        READING.set(Reading { inside: true, strict: false, left: size(&value).saturating_mul(TRIES) });
    }
    let read = member(&value, tag, members);
    if !before.inside {
        READING.set(before);
    }
    match read {
        Some(read) => Ok(read),
        None if before.strict => Err(D::Error::custom("it is none of the members of a union")),
        None => Ok(unknown(value)),
    }
}

/// Reads what the specification doesn't name, unless the members of a union are compared.
#[doc(hidden)]
pub fn unknown<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    if READING.get().strict {
        return Err(D::Error::custom("the specification doesn't name it"));
    }
    T::deserialize(deserializer)
}

fn member<T: Serialize>(value: &Value, tag: Option<Tag>, members: &[fn(&Value) -> serde_json::Result<T>]) -> Option<T> {
    let strict = READING.get().strict;
    let mut candidates: Vec<usize> = (0..members.len()).collect();
    if let Some((at, values)) = tag
        && let Some(found) = value.pointer(at).map(Value::to_string)
    {
        let named = values.iter().position(|values| values.contains(&found.as_str()));
        if let Some(member) = named.and_then(|index| members.get(index)) {
            return tried(*member, value, strict);
        }
        // A value that none has may be of those that have any.
        candidates.retain(|index| values.get(*index).is_some_and(|values| values.is_empty()));
    }
    let mut fitting: Vec<(T, Vec<String>)> = Vec::new();
    let passes: &[bool] = if strict { &[true] } else { &[true, false] };
    for strict in passes {
        let mut read = Vec::new();
        for member in candidates.iter().filter_map(|index| members.get(*index)) {
            let Some(one) = tried(*member, value, *strict) else { continue };
            let mut lost = Vec::new();
            losses("", value, &serde_json::to_value(&one).ok()?, &mut lost);
            if lost.is_empty() {
                return Some(one);
            }
            read.push((one, lost));
        }
        if fitting.is_empty() {
            fitting = read;
        }
    }
    let least = fitting.iter().map(|(_, lost)| lost.len()).min()?;
    let best = fitting.iter().position(|(_, lost)| lost.len() == least)?;
    let lost = fitting.get(best)?.1.clone();
    // What one loses and another keeps is of both at once.
    let of_one = fitting.iter().all(|(_, other)| lost.iter().all(|at| other.contains(at)));
    of_one.then(|| fitting.swap_remove(best).0)
}

fn tried<T>(member: fn(&Value) -> serde_json::Result<T>, value: &Value, strict: bool) -> Option<T> {
    let before = READING.get();
    let left = before.left.checked_sub(size(value))?;
    READING.set(Reading { strict, left, ..before });
    let read = member(value).ok();
    READING.set(Reading { strict: before.strict, ..READING.get() });
    read
}

fn size(value: &Value) -> usize {
    let inside: usize = match value {
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    };
    inside.saturating_add(1)
}

/// Where `written` lacks something of `value`. A text may be written in another way, such as a moment or a UUID.
fn losses(at: &str, value: &Value, written: &Value, lost: &mut Vec<String>) {
    match (value, written) {
        (Value::Object(members), Value::Object(kept)) => {
            for (name, value) in members {
                match kept.get(name) {
                    Some(kept) => losses(&format!("{at}/{name}"), value, kept, lost),
                    None if value.is_null() => {}
                    None => lost.push(format!("{at}/{name}")),
                }
            }
        }
        (Value::Array(values), Value::Array(kept)) if values.len() == kept.len() => {
            for (index, (value, kept)) in values.iter().zip(kept).enumerate() {
                losses(&format!("{at}/{index}"), value, kept, lost);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        (Value::String(_), Value::String(_)) => {}
        _ if value == written => {}
        _ => lost.push(at.to_owned()),
    }
}

/// Takes an object for a struct and nothing else. What serde derives takes an array as well, field by field, so that
/// `[1]` would pass for an error with code 1.
struct Strict<D>(D);

macro_rules! pass_on {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, len, visitor)
    }

    pass_on! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }
}
