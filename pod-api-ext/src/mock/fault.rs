//! What can go wrong between a client and a pod, on demand.

mod parse;

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use http::{Response, StatusCode};
use hyper::body::Bytes;
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

pub use parse::{ParseFaultError, PlannedFault};

/// A page as a gateway in front of a pod answers, without knowing the API.
const HTML: &str = "<!DOCTYPE html>\n<html>\n<head><title>Service unavailable</title></head>\n\
                    <body><h1>Service unavailable</h1><p>The gateway got no answer.</p></body>\n</html>\n";

/// What goes wrong with one call.
///
/// A fault is made by one of the constructors, and changed by the methods after them. Unless its constructor or
/// [`after_acting`](Self::after_acting) says otherwise, the pod doesn't act: it checks nothing and creates nothing.
///
/// ```
/// use std::time::Duration;
///
/// use pod_api_ext::mock::Fault;
/// use pod_api_ext::mock::http::StatusCode;
///
/// let throttled = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(2));
/// let lost = Fault::reset().after_acting();
/// assert_eq!("429:retry-after=2".parse(), Ok(throttled));
/// assert_eq!("reset:after-acting".parse(), Ok(lost));
/// ```
///
/// # As text
/// What goes wrong, then options, with colons between them:
///
/// | text | fault |
/// |---|---|
/// | `429` | [`Fault::status`] |
/// | `html`, `html=502` | [`Fault::html`], of status 503 unless another is given |
/// | `reset` | [`Fault::reset`] |
/// | `close` | [`Fault::close`] |
/// | `hang` | [`Fault::hang`] |
/// | `cut` | [`Fault::cut`] |
/// | `empty` | [`Fault::empty`] |
/// | `nulls`, `only-nulls` | [`Fault::nulls`], [`Fault::only_nulls`] |
/// | `new-fields` | [`Fault::new_fields`] |
/// | `delay=250ms`, `delay=2s` | [`Fault::delay`]; after another fault, [`Fault::delayed`] |
/// | `retry-after=2` | [`Fault::retry_after`], in seconds |
/// | `retry-after-date=2` | [`Fault::retry_after_date`], in seconds |
/// | `after-acting` | [`Fault::after_acting`] |
/// | `no-body` | [`Fault::without_body`] |
/// | `to=URL` | after a status: [`Fault::redirect`]; the rest of the text is the URL |
/// | `body=TEXT` | after a status: [`Fault::body`]; the rest of the text is the body |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    acts: bool,
    delay: Duration,
    retry_after: Option<RetryAfter>,
    headers: HeaderMap,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// The pod's own answer.
    Own(Damage),
    /// Another answer in its place.
    Other(StatusCode, Content),
    Connection(Ending),
}

/// What becomes of the pod's own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    None,
    Cut,
    Empty,
    Nulls,
    OnlyNulls,
    NewFields,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    /// The API's own `Error`.
    Error,
    Given(Bytes),
}

/// What becomes of the connection, in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Reset,
    Close,
    Hang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RetryAfter {
    Seconds(Duration),
    Date(Duration),
}

/// What a fault makes of a call.
pub(super) enum Outcome {
    /// The pod's own answer, damaged, with these additional headers.
    Own(Damage, HeaderMap),
    /// This answer in its place.
    Other(Response<Bytes>),
    /// No answer.
    Connection(Ending),
}

impl Fault {
    fn new(kind: Kind, acts: bool) -> Self {
        Self { kind, acts, delay: Duration::ZERO, retry_after: None, headers: HeaderMap::new() }
    }

    /// This status with the API's own error, `{"code":…,"message":…}`, as its body.
    ///
    /// A status below 200 isn't a final answer (RFC 9110, section 15.2): it becomes 500.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        let status = if status.is_informational() { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        Self::new(Kind::Other(status, Content::Error), false)
    }

    /// This status with a page of HTML, as gateways in front of a pod answer.
    #[must_use]
    pub fn html(status: StatusCode) -> Self {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        Self::status(status).body(HTML).header(CONTENT_TYPE, html)
    }

    /// A redirect of this status to this URL, without a body.
    ///
    /// Characters that a header can't hold are percent-encoded in it.
    #[must_use]
    pub fn redirect(status: StatusCode, to: &str) -> Self {
        let to = utf8_percent_encode(to, CONTROLS).to_string();
        let fault = Self::status(status).without_body();
        match HeaderValue::try_from(to) {
            Ok(to) => fault.header(LOCATION, to),
            // What is percent-encoded is visible ASCII, which a header holds.
            Err(_) => fault,
        }
    }

    /// The connection is reset (TCP's RST) when the request has been read.
    ///
    /// On HTTP/2 that ends every call of the connection.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Kind::Connection(Ending::Reset), false)
    }

    /// The connection is closed without an answer when the request has been read.
    #[must_use]
    pub fn close() -> Self {
        Self::new(Kind::Connection(Ending::Close), false)
    }

    /// No answer, until the client gives up or the pod stops.
    #[must_use]
    pub fn hang() -> Self {
        Self::new(Kind::Connection(Ending::Hang), false)
    }

    /// The pod acts and answers, but the connection is closed in the middle of the body, with more announced in
    /// `Content-Length` (on HTTP/2 it is the stream that ends with an error).
    #[must_use]
    pub fn cut() -> Self {
        Self::new(Kind::Own(Damage::Cut), true)
    }

    /// The pod acts, and answers with the status of its answer but no body at all.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Kind::Own(Damage::Empty), true)
    }

    /// The pod acts, and answers with `null` for every field that its answer doesn't have.
    ///
    /// That is how real pods write what is absent, arrays included.
    #[must_use]
    pub fn nulls() -> Self {
        Self::new(Kind::Own(Damage::Nulls), true)
    }

    /// The pod acts, and answers with `null` for every field but the objects that hold the others.
    #[must_use]
    pub fn only_nulls() -> Self {
        Self::new(Kind::Own(Damage::OnlyNulls), true)
    }

    /// The pod acts, and answers with fields that no specification names yet, in every object.
    #[must_use]
    pub fn new_fields() -> Self {
        Self::new(Kind::Own(Damage::NewFields), true)
    }

    /// The pod acts, and answers as it should, but after `delay`.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(Kind::Own(Damage::None), true).delayed(delay)
    }

    /// Waits so long before the answer, or before the end of the connection.
    ///
    /// What the pod does is done before that, so that a client that gives up meanwhile has created its room.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The pod acts first, and then its answer is lost: what comes in its place is this fault.
    #[must_use]
    pub fn after_acting(mut self) -> Self {
        self.acts = true;
        self
    }

    /// `Retry-After` in seconds (RFC 9110, section 10.2.3); parts of a second are rounded up.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(RetryAfter::Seconds(wait));
        self
    }

    /// `Retry-After` as a date (RFC 9110, section 10.2.3), this long after the answer.
    ///
    /// Such a date has whole seconds, so it may lie up to a second earlier. For a date of your own use
    /// [`header`](Self::header).
    #[must_use]
    pub fn retry_after_date(mut self, wait: Duration) -> Self {
        self.retry_after = Some(RetryAfter::Date(wait));
        self
    }

    /// A header of the answer; a second one of this name takes the first one's place.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Another body, of the content type `application/json` unless a [`header`](Self::header) names another.
    ///
    /// It changes those faults only that are made of a status.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        if let Kind::Other(_, content) = &mut self.kind {
            *content = Content::Given(body.into());
        }
        self
    }

    /// No body, and so no content type.
    ///
    /// It changes those faults only that are made of a status.
    #[must_use]
    pub fn without_body(self) -> Self {
        self.body("")
    }

    pub(super) fn acts(&self) -> bool {
        self.acts
    }

    pub(super) fn wait(&self) -> Duration {
        self.delay
    }

    /// What the fault makes of a call that is answered at `now`.
    pub(super) fn outcome(&self, now: SystemTime) -> Outcome {
        let (status, body) = match &self.kind {
            Kind::Own(damage) => return Outcome::Own(*damage, self.headers_at(now)),
            Kind::Connection(ending) => return Outcome::Connection(*ending),
            Kind::Other(status, Content::Error) => {
                (status, Bytes::from(error(*status, "A fault that the test asked for").to_string()))
            }
            Kind::Other(status, Content::Given(body)) => (status, body.clone()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = *status;
        if !response.body().is_empty() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        response.headers_mut().extend(self.headers_at(now));
        Outcome::Other(response)
    }

    /// The headers of its own, with `Retry-After` as of `now`.
    fn headers_at(&self, now: SystemTime) -> HeaderMap {
        let mut headers = self.headers.clone();
        let value = match self.retry_after {
            None => return headers,
            Some(RetryAfter::Seconds(wait)) => {
                let more = u64::from(wait.subsec_nanos() > 0);
                Some(HeaderValue::from(wait.as_secs().saturating_add(more)))
            }
            Some(RetryAfter::Date(wait)) => http_date(now, wait),
        };
        if let Some(value) = value {
            headers.insert(RETRY_AFTER, value);
        }
        headers
    }
}

/// The last second that a date of HTTP can name, the end of the year 9999, in seconds since 1970.
const LAST_DATE: u64 = 253_402_300_799;

fn http_date(now: SystemTime, wait: Duration) -> Option<HeaderValue> {
    let last = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(LAST_DATE))?;
    let date = now.checked_add(wait).unwrap_or(last).min(last);
    HeaderValue::try_from(httpdate::fmt_http_date(date)).ok()
}

/// The API's `Error`.
pub(super) fn error(status: StatusCode, message: &str) -> Value {
    json!({ "code": status.as_u16(), "message": message })
}
