//! A service account that logs in by its key.

use std::fmt;
use std::time::SystemTime;

use super::error::{Failed, LogInError};
use super::exchange::Request;
use super::jwt;
use super::key::RsaKey;
use super::url::{InvalidLogInUrl, LogInUrl};
use crate::SessionToken;
use crate::TokenSource;
use crate::pod::{Connections, Final, TokenFuture};

/// Logs a service account in by its user name and its RSA key.
///
/// It is for [`session_from`](crate::pod::PodBuilder::session_from), and sends through the connections of that pod; see the
/// [module](super) for how.
///
/// ```no_run
/// use pod_api_ext::Pod;
/// use pod_api_ext::login::{RsaKey, RsaLogin};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// // From a secret store; with `\n` between the lines, if it must be.
/// let key = RsaKey::from_pem(std::env::var("BOT_KEY")?)?;
/// let login = RsaLogin::new("bot", key);
/// let pod = Pod::builder("https://acme.symphony.com")?.session_from(login).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RsaLogin {
    pub(super) user: String,
    pub(super) key: RsaKey,
    pub(super) url: Option<LogInUrl>,
}

impl RsaLogin {
    /// The log-in of the service account of this user name, beside the API: for `https://HOST/PREFIX/pod` it is at
    /// `https://HOST/PREFIX/login`.
    #[must_use]
    pub fn new(user: impl Into<String>, key: RsaKey) -> Self {
        Self { user: user.into(), key, url: None }
    }

    /// Logs in here instead, as on a host of its own: `https://acme-api.symphony.com/login`.
    ///
    /// The host is trusted with the JWT. The pod's headers for every call aren't sent to another host than its own.
    ///
    /// # Errors
    /// It isn't such a URL, or holds a password, a query or a fragment.
    pub fn url(mut self, url: impl AsRef<str>) -> Result<Self, InvalidLogInUrl> {
        self.url = Some(LogInUrl::parse(url.as_ref())?);
        Ok(self)
    }

    /// The token of one log-in.
    async fn log_in(&self, pod: &Connections) -> Result<SessionToken, Failed> {
        let refused = [
            format!("`{}` is the user name of a service account", shown(&self.user)),
            "the public half of this key is the one that an administrator imported for it".to_owned(),
        ];
        self.authenticate(pod, "/pubkey/authenticate", &refused).await
    }

    /// Sends a new JWT to a path of the log-in.
    pub(super) async fn authenticate(
        &self,
        pod: &Connections,
        path: &str,
        refused: &[String],
    ) -> Result<SessionToken, Failed> {
        let jwt = jwt::sign(&self.key, &self.user, SystemTime::now())
            .map_err(|_| LogInError::not_sent("the RSA key can't sign: see whether it is damaged"))?;
        let url = self.endpoint(pod, &[path], &[])?;
        let secrets = [&jwt.whole, &jwt.signature];
        pod.exchange(Request { url, jwt: Some(&jwt.whole), app_token: None, secrets: &secrets, refused }).await
    }

    pub(super) fn endpoint(
        &self,
        pod: &Connections,
        constants: &[&str],
        parameters: &[(&str, String)],
    ) -> Result<String, LogInError> {
        let url = self.url.clone().unwrap_or_else(|| LogInUrl::beside(pod.base_url()));
        url.endpoint(constants, parameters).map_err(LogInError::not_sent)
    }
}

/// As much of a name as an error shows.
pub(super) fn shown(name: &str) -> String {
    name.chars().take(60).flat_map(char::escape_debug).collect()
}

/// What a log-in says that isn't given to a pod.
pub(super) fn without_pod<'a>() -> TokenFuture<'a> {
    let what = "it goes through the connections of a pod: give it to `.session_from(…)`, or call `fetch_through`";
    Box::pin(std::future::ready(Err(Final::new(LogInError::not_sent(what)).into())))
}

impl TokenSource for RsaLogin {
    /// Fails: it is made for [`fetch_through`](TokenSource::fetch_through).
    fn fetch(&self) -> TokenFuture<'_> {
        without_pod()
    }

    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        Box::pin(async { self.log_in(pod).await.map_err(|failed| failed.0) })
    }
}

/// Without the key.
impl fmt::Debug for RsaLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaLogin").field("user", &self.user).field("url", &self.url).finish_non_exhaustive()
    }
}
