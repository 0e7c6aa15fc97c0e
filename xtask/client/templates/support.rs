//! What every request and every response of this client passes through.
//!
//! The code that progenitor generates leaves a few things to be wished for in production; the generator of this
//! folder routes them through here.

use std::fmt;
use std::sync::Arc;

use progenitor_client::{Error, ResponseValue};
use reqwest::ResponseBuilderExt as _;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Visitor};

/// How long a connection may take to be made.
pub const CONNECT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// How long a whole call may take, from the first byte sent to the last byte read.
pub const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

/// The HTTP client that [`Client::new`](super::Client::new) uses.
///
/// It follows no redirects: reqwest keeps a header such as a session token when a redirect leads to another host, so
/// that whoever can answer in the API's place could collect tokens. A redirect comes out as
/// [`Error::UnexpectedResponse`], with its `Location`.
///
/// # Errors
/// The TLS backend can't be set up, for instance because the system has no trusted certificates.
pub fn http_client() -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    #[cfg(not(target_arch = "wasm32"))]
    let builder = builder.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
    builder.build()
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
pub fn url(base: &str, constants: &[&str], parameters: &[(&str, String)]) -> Result<String, String> {
    let mut path = String::new();
    let mut starts = Vec::with_capacity(parameters.len());
    for (index, constant) in constants.iter().enumerate() {
        path.push_str(constant);
        if let Some((name, value)) = parameters.get(index) {
            if value.is_empty() {
                return Err(format!("the path parameter `{name}` is empty: give it a value"));
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
            return Err(format!("the path parameter `{name}` is `{value}`, which would name another path: give it another value"));
        }
    }
    Ok(format!("{}{path}", base.trim_end_matches('/')))
}

/// Puts a header parameter of an operation into `headers`.
#[doc(hidden)]
pub fn insert_header(headers: &mut HeaderMap, name: &str, value: &str, secret: bool) -> Result<(), String> {
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` can't be the name of a header"))?;
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        format!(
            "the value of the header `{name}` has a character that a header can't hold: only visible ASCII and \
             spaces are allowed, so see whether a line break follows it"
        )
    })?;
    value.set_sensitive(secret);
    headers.insert(key, value);
    Ok(())
}

/// Headers that a caller adds to one call.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct ExtraHeaders {
    headers: HeaderMap,
    problem: Option<String>,
}

impl ExtraHeaders {
    /// Adds one; what is wrong with it is reported when the call is sent.
    pub fn insert<N, V>(&mut self, name: N, value: V)
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
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

    /// Adds them to `headers`. What the operation itself sets, or HTTP needs to be right, can't be replaced: it would
    /// send another token, or a body that isn't what its type says.
    pub fn add_to(self, headers: &mut HeaderMap, parameters: &[&str]) -> Result<(), String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        for (name, value) in self.headers {
            let Some(name) = name else { continue };
            if parameters.iter().any(|parameter| name.as_str().eq_ignore_ascii_case(parameter)) {
                return Err(format!("the header `{name}` is a parameter of this operation: set it with the method of its name"));
            }
            let fixed = [
                header::ACCEPT,
                header::CONTENT_TYPE,
                header::CONTENT_LENGTH,
                header::TRANSFER_ENCODING,
                header::HOST,
                header::CONNECTION,
            ];
            if fixed.contains(&name) {
                return Err(format!("the header `{name}` is set by this client: leave it out"));
            }
            headers.insert(name, value);
        }
        Ok(())
    }
}

/// The names alone: a value may be a secret.
impl fmt::Debug for ExtraHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.headers.keys()).finish()
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

/// Why a response with a documented status came out as [`Error::UnexpectedResponse`]: its body wasn't what the
/// API describes. It rides along with the response; [`BodyProblem::of`] finds it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BodyProblem {
    /// The connection ended, or the time was up, before the whole body was there. The response holds what came.
    CutShort(Arc<reqwest::Error>),
    /// The body isn't JSON, or not of the documented shape. The response holds all of it.
    NotAsDocumented(Arc<serde_json::Error>),
}

impl BodyProblem {
    /// What was wrong with the body of `response`; `None` where its status isn't documented at all.
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
        })
    }
}

impl std::error::Error for BodyProblem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CutShort(error) => Some(error.as_ref()),
            Self::NotAsDocumented(error) => Some(error.as_ref()),
        }
    }
}

/// Reads and decodes the body of a response whose status is documented.
///
/// Where that can't be done, the response is handed on whole, with its status, version, headers, URL, extensions and
/// text: gateways answer in HTML, and a 401 has to stay a 401.
#[doc(hidden)]
pub async fn decode<T: DeserializeOwned, E>(response: reqwest::Response) -> Result<ResponseValue<T>, Error<E>> {
    decode_body(response, false).await
}

/// Like [`decode`], for a status that is documented without a body beside others that have one.
#[doc(hidden)]
pub async fn decode_or_empty<T: DeserializeOwned, E>(
    response: reqwest::Response,
) -> Result<ResponseValue<T>, Error<E>> {
    decode_body(response, true).await
}

async fn decode_body<T: DeserializeOwned, E>(
    mut response: reqwest::Response,
    empty_is_null: bool,
) -> Result<ResponseValue<T>, Error<E>> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                let problem = BodyProblem::CutShort(Arc::new(error));
                return Err(Error::UnexpectedResponse(with_body(response, body, problem)));
            }
        }
    }
    let text: &[u8] = if empty_is_null && body.is_empty() { b"null" } else { &body };
    let mut json = serde_json::Deserializer::from_slice(text);
    match T::deserialize(Strict(&mut json)).and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(ResponseValue::new(value, response.status(), std::mem::take(response.headers_mut()))),
        Err(error) => {
            let problem = BodyProblem::NotAsDocumented(Arc::new(error));
            Err(Error::UnexpectedResponse(with_body(response, body, problem)))
        }
    }
}

/// `response`, whose body has been read, with that body again.
fn with_body(mut response: reqwest::Response, body: Vec<u8>, problem: BodyProblem) -> reqwest::Response {
    // A builder fails on invalid parts only, and a URL that was called is none; without it, the rest is still right.
    let mut rebuilt = match http::Response::builder().url(response.url().clone()).body(()) {
        Ok(rebuilt) => rebuilt.map(|()| body),
        Err(_) => http::Response::new(body),
    };
    *rebuilt.status_mut() = response.status();
    *rebuilt.version_mut() = response.version();
    rebuilt.extensions_mut().extend(std::mem::take(response.extensions_mut()));
    rebuilt.extensions_mut().insert(problem);
    *rebuilt.headers_mut() = std::mem::take(response.headers_mut());
    rebuilt.into()
}

/// `null` stands for absent: reads it as the default of a field whose type has one, such as an empty list.
#[doc(hidden)]
pub fn null_as_absent<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
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
