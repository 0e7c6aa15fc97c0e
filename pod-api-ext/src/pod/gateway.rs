//! Headers whose values change: the token of a gateway in front of the pod, apart from the session.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::{HeaderName, HeaderValue};
use tokio::time::Instant;

use super::error::Error;
use super::no_token::NoToken;
use super::refresh::{Held, Session};
use super::token::SessionToken;

/// Whether an error shows that a value was refused.
pub(crate) type IsRefusal = dyn Fn(&Error) -> bool + Send + Sync;

/// The headers of a client, and what shows that a value was refused.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) headers: Vec<(HeaderName, Arc<Session>)>,
    pub(crate) is_refusal: Arc<IsRefusal>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self { headers: Vec::new(), is_refusal: Arc::new(is_not_the_pods) }
    }
}

/// A 401 that says nothing in the way of the pod: neither `code` nor `message`.
fn is_not_the_pods(error: &Error) -> bool {
    matches!(error, Error::Unauthorized { answer, .. } if answer.code().is_none() && answer.message().is_none())
}

/// The values that one call sends.
#[derive(Default)]
pub(crate) struct Values(Mutex<Vec<Arc<Held>>>);

impl Values {
    /// Gets the values that aren't there yet.
    pub(crate) async fn get(&self, gateway: &Gateway, deadline: Instant) -> Result<(), NoToken> {
        let there = self.lock().len();
        for (_, source) in gateway.headers.iter().skip(there) {
            let value = source.current(deadline).await?;
            self.lock().push(value);
        }
        Ok(())
    }

    /// Replaces the values that were refused. `false` if no source has another.
    pub(crate) async fn renew(&self, gateway: &Gateway, deadline: Instant) -> Result<bool, NoToken> {
        let mut is_new = false;
        let refused = self.lock().clone();
        for (at, ((_, source), refused)) in gateway.headers.iter().zip(refused).enumerate() {
            if let Some(value) = source.renewed(&refused, deadline).await?
                && let Some(place) = self.lock().get_mut(at)
            {
                *place = value;
                is_new = true;
            }
        }
        Ok(is_new)
    }

    /// The headers to send.
    pub(crate) fn headers(&self, gateway: &Gateway) -> Vec<(HeaderName, HeaderValue)> {
        let values = self.lock();
        let headers = gateway.headers.iter().zip(values.iter()).filter_map(|((name, _), held)| {
            // What a token is made of can be sent in a header.
            let mut value = HeaderValue::from_str(held.token.expose()).ok()?;
            value.set_sensitive(true);
            Some((name.clone(), value))
        });
        headers.collect()
    }

    /// What must not be shown.
    pub(crate) fn secrets(&self) -> Vec<SessionToken> {
        self.lock().iter().map(|held| held.token.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Held>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
