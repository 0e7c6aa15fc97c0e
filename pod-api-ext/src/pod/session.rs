//! The session of a client, for other clients.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::refresh::{Held, Session};
use super::source::{TokenFuture, TokenSource};

/// The session of a [`Pod`](crate::Pod), as a source of tokens for another client; [`Pod::session`](crate::Pod::session) gives
/// it.
///
/// The first [`fetch`](TokenSource::fetch) gives the token of the session. Each that follows says that the pod refused the token
/// of the one before: it gives another, for the `Pod` too, unless the `Pod` has got one meanwhile.
///
/// ```no_run
/// use pod_api_ext::{Pod, TokenSource as _};
///
/// # async fn run(pod: Pod) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let session = pod.session();
/// let token = session.fetch().await?;
/// // … another client sends `token.expose()`, and gets a 401 …
/// let renewed = session.fetch().await?;
/// # Ok(())
/// # }
/// ```
pub struct PodSession {
    session: Arc<Session>,
    given: Mutex<Option<Arc<Held>>>,
}

impl PodSession {
    pub(crate) fn new(session: &Arc<Session>) -> Self {
        Self { session: Arc::clone(session), given: Mutex::default() }
    }
}

impl TokenSource for PodSession {
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let given = self.given.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let deadline = self.session.deadline();
            let held = match given {
                None => self.session.current(deadline).await?,
                Some(given) => self.session.renewed(&given, deadline).await?.unwrap_or(given),
            };
            *self.given.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&held));
            Ok(held.token.clone())
        })
    }
}

/// Without the token.
impl fmt::Debug for PodSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PodSession(..)")
    }
}
