//! Which requests reached the pod, and how it answered.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri, Version};
use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::watch;

use super::endpoint::Endpoint;
use crate::Operation;

/// Headers that hold a secret, so that none of them is in a `Debug`.
const SECRETS: [&str; 5] = ["sessiontoken", "keymanagertoken", "authorization", "proxy-authorization", "cookie"];

/// How much of a body a `Debug` shows, in bytes.
const SHOWN: usize = 2_000;

/// How many requests are kept, and how many bytes of them, so that a pod which serves for days doesn't fill the memory.
const KEPT: usize = 100_000;
const KEPT_BYTES: usize = 64 << 20;

/// The requests that reached the pod, the earliest first.
#[derive(Debug)]
pub(super) struct Log {
    entries: Mutex<Entries>,
    /// Changes with every request.
    arrivals: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Entries {
    requests: VecDeque<Received>,
    /// The bytes of what is kept.
    bytes: usize,
    /// The number of the first that is kept.
    first: u64,
    counts: HashMap<Endpoint, usize>,
}

/// The number of a request in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u64);

impl Log {
    pub(super) fn new() -> Self {
        Self { entries: Mutex::default(), arrivals: watch::Sender::new(0) }
    }

    pub(super) fn arrived(&self, request: Received) -> Entry {
        let mut entries = self.entries();
        if let Some(endpoint) = request.endpoint {
            let count = entries.counts.entry(endpoint).or_default();
            *count = count.saturating_add(1);
        }
        entries.bytes = entries.bytes.saturating_add(request.bytes());
        entries.forget(KEPT.saturating_sub(1));
        let kept = u64::try_from(entries.requests.len()).unwrap_or(u64::MAX);
        let number = entries.first.saturating_add(kept);
        entries.requests.push_back(request);
        drop(entries);
        self.arrivals.send_modify(|arrivals| *arrivals = arrivals.wrapping_add(1));
        Entry(number)
    }

    /// Notes what else is known of a request, unless it was forgotten meanwhile.
    pub(super) fn note(&self, entry: Entry, change: impl FnOnce(&mut Received)) {
        let mut entries = self.entries();
        let at = entry.0.checked_sub(entries.first).and_then(|at| usize::try_from(at).ok());
        if let Some(request) = at.and_then(|at| entries.requests.get_mut(at)) {
            let before = request.bytes();
            change(request);
            let after = request.bytes();
            entries.bytes = entries.bytes.saturating_sub(before).saturating_add(after);
            entries.forget(KEPT);
        }
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        self.entries().requests.iter().cloned().collect()
    }

    pub(super) fn count(&self, endpoint: Endpoint) -> usize {
        self.entries().counts.get(&endpoint).copied().unwrap_or_default()
    }

    pub(super) fn clear(&self) {
        let mut entries = self.entries();
        let forgotten = u64::try_from(entries.requests.len()).unwrap_or(u64::MAX);
        entries.first = entries.first.saturating_add(forgotten);
        entries.requests.clear();
        entries.bytes = 0;
        entries.counts.clear();
    }

    /// Waits until `count` calls of this endpoint have arrived.
    pub(super) async fn reach(&self, endpoint: Endpoint, count: usize) {
        // It can't fail: the sender is as old as the log.
        let _ = self.arrivals.subscribe().wait_for(|_| self.count(endpoint) >= count).await;
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Forgets the earliest requests, until there are no more than so many and their bytes fit.
    fn forget(&mut self, kept: usize) {
        while self.requests.len() > kept || self.bytes > KEPT_BYTES {
            let Some(forgotten) = self.requests.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(forgotten.bytes());
            self.first = self.first.saturating_add(1);
        }
    }
}

/// A request that reached the pod.
///
/// Its `Debug` never shows a token, wherever it is in the request.
///
/// ```
/// use pod_api_ext::mock::MockPod;
/// use pod_api_ext::{Operation, Pod};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = MockPod::start().await?;
/// let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
/// pod.create_im([7_001, 7_002]).trace_id("a1b2c3").await?;
///
/// let requests = mock.requests();
/// let request = requests.first().ok_or("nothing came")?;
/// assert_eq!(request.operation, Some(Operation::CreateIm));
/// assert_eq!(request.header("X-Trace-Id"), Some("a1b2c3"));
/// assert_eq!(request.json(), Some(serde_json::json!([7_001, 7_002])));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The operation it calls, unless there is none at its path or of its method.
    pub operation: Option<Operation>,
    /// What it calls, log-ins included, unless there is nothing at its path or of its method.
    pub endpoint: Option<Endpoint>,
    /// Its method.
    pub method: Method,
    /// Its path and query, as sent.
    pub uri: Uri,
    /// The version of HTTP.
    pub version: Version,
    /// Its headers; those that hold secrets are marked as sensitive.
    pub headers: HeaderMap,
    /// Its body, as far as it came.
    pub body: Bytes,
    /// How it was answered. There is nothing yet while the pod waits, and never if the client gives up before.
    pub answer: Option<Answered>,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answered {
    /// With this status, and whole.
    Status(StatusCode),
    /// With this status, and a body that was cut short.
    Cut(StatusCode),
    /// The connection was reset.
    Reset,
    /// The connection was closed.
    Closed,
}

impl Received {
    pub(super) fn new(parts: &Parts, endpoint: Option<Endpoint>) -> Self {
        let mut headers = parts.headers.clone();
        for (_, value) in headers.iter_mut().filter(|(name, _)| SECRETS.contains(&name.as_str())) {
            value.set_sensitive(true);
        }
        Self {
            operation: endpoint.and_then(Endpoint::operation),
            endpoint,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            version: parts.version,
            headers,
            body: Bytes::new(),
            answer: None,
        }
    }

    /// The bytes of what differs in length: path, headers and body.
    fn bytes(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len().saturating_add(value.len()));
        let path = self.uri.path_and_query().map_or(0, |path| path.as_str().len());
        headers.fold(path.saturating_add(self.body.len()), usize::saturating_add)
    }

    /// The path it was sent to, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// A header's value, if it is there and text; the case of `name` doesn't matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Its session token.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.header("sessionToken")
    }

    /// Its body as JSON, if it is that.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The status it was answered with, if it was answered with one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.answer? {
            Answered::Status(status) | Answered::Cut(status) => Some(status),
            Answered::Reset | Answered::Closed => None,
        }
    }

    /// `text` without the secrets of this request's headers.
    fn scrubbed(&self, text: &str) -> String {
        let headers = self.headers.values().filter(|value| value.is_sensitive());
        // What a log-in signs.
        let body = self.json();
        let jwt = body.as_ref().and_then(|body| body.get("token")).and_then(Value::as_str);
        headers.filter_map(|value| value.to_str().ok()).chain(jwt).filter(|secret| !secret.is_empty()).fold(
            text.to_owned(),
            |text, secret| {
                let secret = secret.strip_prefix("Bearer ").unwrap_or(secret);
                text.replace(secret, "[secret]")
            },
        )
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.scrubbed(&String::from_utf8_lossy(&self.body));
        let end = body.char_indices().map(|(at, _)| at).find(|at| *at >= SHOWN).unwrap_or(body.len());
        let shown = body.get(..end).unwrap_or_default();
        f.debug_struct("Received")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("uri", &self.scrubbed(&self.uri.to_string()))
            .field("version", &self.version)
            .field("headers", &Headers(self))
            .field("body", &shown)
            .field("answer", &self.answer)
            .finish()
    }
}

/// The headers of a request, without its secrets.
struct Headers<'a>(&'a Received);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in &self.0.headers {
            if value.is_sensitive() {
                map.entry(&name, value);
            } else {
                map.entry(&name, &self.0.scrubbed(&String::from_utf8_lossy(value.as_bytes())));
            }
        }
        map.finish()
    }
}
