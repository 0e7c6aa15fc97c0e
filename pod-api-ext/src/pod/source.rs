//! Where session tokens come from.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::connections::Connections;
use super::source_error::{Final, SourceError};
use super::token::SessionToken;

/// What a [`TokenSource`] gives: a token in the end, or why there is none.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<SessionToken, SourceError>> + Send + 'a>>;

/// Gives session tokens: the first one, and another one when the pod refuses it.
///
/// It is asked before the first call, and once for each token that the pod answers with 401, however many calls get
/// that answer at once: they share one fetch, and its failure too. If it gives the refused token again, the 401 is the
/// answer of the call.
///
/// The fetch runs in a task of its own, which may take as long as a whole call, and goes on if the call is dropped. It must
/// not call the [`Pod`](crate::Pod) whose token it fetches; such a call fails.
///
/// The future is boxed, so that a source can be chosen while the program runs (`Box<dyn TokenSource>`); next to a
/// log-in, an allocation is nothing. A closure needs no type of its own: see [`token_fn`].
///
/// ```
/// use pod_api_ext::pod::TokenFuture;
/// use pod_api_ext::{SessionToken, TokenSource};
///
/// struct LogIn { url: String }
///
/// impl TokenSource for LogIn {
///     fn fetch(&self) -> TokenFuture<'_> {
///         Box::pin(async {
///             // Here a bot posts its signed JWT to `self.url`, and reads the token from the response.
///             # let response = format!("token of {}", self.url.len());
///             Ok(SessionToken::new(response)?)
///         })
///     }
/// }
/// ```
#[doc(alias = "log in")]
#[doc(alias = "login")]
#[doc(alias = "refresh")]
pub trait TokenSource: Send + Sync {
    /// Fetches a token. Log in anew rather than return a stored one: the last one was just refused.
    fn fetch(&self) -> TokenFuture<'_>;

    /// Fetches a token for a [`Pod`](crate::Pod), which calls this. A source that sends through the pod's own connections does so
    /// here; any other has [`fetch`](Self::fetch) alone. A source around another one passes this on.
    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        let _ = pod;
        self.fetch()
    }
}

/// A fixed token, which never changes: a 401 is final.
impl TokenSource for SessionToken {
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    fn fetch(&self) -> TokenFuture<'_> {
        S::fetch(self)
    }

    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        S::fetch_through(self, pod)
    }
}

impl<S: TokenSource + ?Sized> TokenSource for Box<S> {
    fn fetch(&self) -> TokenFuture<'_> {
        S::fetch(self)
    }

    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        S::fetch_through(self, pod)
    }
}

/// A token from an environment variable, which is read again after a 401.
///
/// ```no_run
/// use pod_api_ext::{EnvToken, Pod};
///
/// # fn main() -> Result<(), pod_api_ext::Error> {
/// let pod = Pod::builder("https://acme.symphony.com/pod")?
///     .session_from(EnvToken::new("SYMPHONY_SESSION_TOKEN"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct EnvToken(OsString);

impl EnvToken {
    /// Names the variable.
    pub fn new(variable: impl Into<OsString>) -> Self {
        Self(variable.into())
    }

    fn read(&self) -> Result<SessionToken, Final> {
        let name = self.0.to_string_lossy();
        // `env::var` panics on none of these, but calls each a variable that isn't there.
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(Final::new(format!("`{}` can't be the name of an environment variable", name.escape_debug())));
        }
        match env::var(&self.0) {
            Ok(token) => SessionToken::new(token)
                .map_err(|problem| Final::new(format!("the environment variable `{name}`: {problem}"))),
            Err(env::VarError::NotPresent) => {
                Err(Final::new(format!("the environment variable `{name}` is not set: put the session token into it")))
            }
            Err(env::VarError::NotUnicode(_)) => Err(Final::new(format!(
                "the environment variable `{name}` holds no text: put the session token into it"
            ))),
        }
    }
}

impl TokenSource for EnvToken {
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin(std::future::ready(self.read().map_err(SourceError::from)))
    }
}

/// A source of an async closure.
///
/// ```
/// use pod_api_ext::{SessionToken, TokenSource, token_fn};
///
/// let source = token_fn(|| async {
///     let token = "from the key store".to_owned();
///     Ok(SessionToken::new(token)?)
/// });
/// # let _: &dyn TokenSource = &source;
/// ```
pub fn token_fn<F, T>(fetch: F) -> TokenFn<F>
where
    F: Fn() -> T + Send + Sync,
    T: Future<Output = Result<SessionToken, SourceError>> + Send + 'static,
{
    TokenFn(fetch)
}

/// The source that [`token_fn`] makes.
#[derive(Clone)]
pub struct TokenFn<F>(F);

/// Nothing of the closure, which may have caught a secret.
impl<F> fmt::Debug for TokenFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFn(..)")
    }
}

impl<F, T> TokenSource for TokenFn<F>
where
    F: Fn() -> T + Send + Sync,
    T: Future<Output = Result<SessionToken, SourceError>> + Send + 'static,
{
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin((self.0)())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fixed_token_gives_itself() {
        let token = SessionToken::new("T").unwrap();
        let boxed: Box<dyn TokenSource> = Box::new(Arc::new(token));
        assert_eq!(boxed.fetch().await.unwrap().expose(), "T");
    }

    #[tokio::test]
    async fn a_variable_is_read_when_asked() {
        // cargo sets it for the tests of every package.
        let token = EnvToken::new("CARGO_PKG_NAME").fetch().await.unwrap();
        assert_eq!(token.expose(), "pod-api-ext");
    }

    #[tokio::test]
    async fn a_variable_that_holds_no_token_is_named_with_what_to_do() {
        let of = async |name: &str| EnvToken::new(name).fetch().await.unwrap_err().to_string();
        assert_eq!(
            of("POD_API_NO_SUCH_VARIABLE").await,
            "the environment variable `POD_API_NO_SUCH_VARIABLE` is not set: put the session token into it"
        );
        // cargo sets this one to nothing, as the package has no such thing.
        assert_eq!(
            of("CARGO_PKG_VERSION_PRE").await,
            "the environment variable `CARGO_PKG_VERSION_PRE`: the session token is empty: see whether the log-in gave one"
        );
        assert_eq!(of("A=B").await, "`A=B` can't be the name of an environment variable");
        assert_eq!(of("").await, "`` can't be the name of an environment variable");
        assert_eq!(of("A\0").await, r"`A\0` can't be the name of an environment variable");
    }

    #[tokio::test]
    async fn a_closure_is_a_source() {
        let source = token_fn(|| async { Ok(SessionToken::new("T")?) });
        assert_eq!(source.fetch().await.unwrap().expose(), "T");
        assert_eq!(format!("{source:?}"), "TokenFn(..)");
        let source = token_fn(|| async { Err("no".into()) });
        assert_eq!(source.fetch().await.unwrap_err().to_string(), "no");
    }
}
