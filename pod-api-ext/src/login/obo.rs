//! An app that acts on behalf of a user.

use std::fmt;

use super::error::Failed;
use super::exchange::Request;
use super::key::RsaKey;
use super::rsa::{RsaLogin, shown, without_pod};
use super::url::InvalidLogInUrl;
use crate::pod::{Connections, TokenFuture};
use crate::{SessionToken, TokenSource, UserId};

/// Logs an app in by its key, and gets the session of a user on whose behalf it acts (OBO).
///
/// It is for [`session_from`](crate::pod::PodBuilder::session_from) as [`RsaLogin`] is, and for one user. Each log-in gets a new
/// token of the app, and with it one of the user.
///
/// ```no_run
/// use pod_api_ext::Pod;
/// use pod_api_ext::login::{OboLogin, RsaKey};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let key = RsaKey::from_file("app.pem")?;
/// let alice = OboLogin::for_username("my-app", key, "alice");
/// let pod = Pod::builder("https://acme.symphony.com")?.session_from(alice).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OboLogin {
    app: RsaLogin,
    user: User,
}

#[derive(Clone, Debug)]
enum User {
    Name(String),
    Id(UserId),
}

impl OboLogin {
    /// The log-in of this app for the user of this name.
    #[must_use]
    pub fn for_username(app_id: impl Into<String>, key: RsaKey, username: impl Into<String>) -> Self {
        Self { app: RsaLogin::new(app_id, key), user: User::Name(username.into()) }
    }

    /// The log-in of this app for the user of this id.
    #[must_use]
    pub fn for_user_id(app_id: impl Into<String>, key: RsaKey, user: impl Into<UserId>) -> Self {
        Self { app: RsaLogin::new(app_id, key), user: User::Id(user.into()) }
    }

    /// Logs in here instead of beside the API; see [`RsaLogin::url`].
    ///
    /// # Errors
    /// As there.
    pub fn url(self, url: impl AsRef<str>) -> Result<Self, InvalidLogInUrl> {
        Ok(Self { app: self.app.url(url)?, ..self })
    }

    async fn log_in(&self, pod: &Connections) -> Result<SessionToken, Failed> {
        let refused = [
            format!("`{}` is the id of the app", shown(&self.app.user)),
            "the public half of this key is the one that an administrator gave the app".to_owned(),
        ];
        let app_token = self.app.authenticate(pod, "/pubkey/app/authenticate", &refused).await?;
        let (constants, parameter) = match &self.user {
            User::Name(name) => (["/pubkey/app/username/", "/authenticate"], ("username", name.clone())),
            User::Id(id) => (["/pubkey/app/user/", "/authenticate"], ("userId", id.get().to_string())),
        };
        let refused = [format!("there is a user `{}`, who has installed the app", shown(&parameter.1))];
        let url = self.app.endpoint(pod, &constants, &[parameter])?;
        let (app_token, secrets) = (Some(&app_token), [&app_token]);
        pod.exchange(Request { url, jwt: None, app_token, secrets: &secrets, refused: &refused }).await
    }
}

impl TokenSource for OboLogin {
    /// Fails: it is made for [`fetch_through`](TokenSource::fetch_through).
    fn fetch(&self) -> TokenFuture<'_> {
        without_pod()
    }

    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        Box::pin(async { self.log_in(pod).await.map_err(|failed| failed.0) })
    }
}

/// Without the key.
impl fmt::Debug for OboLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OboLogin").field("app", &self.app).field("user", &self.user).finish()
    }
}
