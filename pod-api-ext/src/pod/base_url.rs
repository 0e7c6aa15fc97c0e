//! Where the pod is, and whether a token may be sent there.

use std::fmt;

use pod_api::support::{self, BaseUrlProblem};
use reqwest::Url;

/// The base URL of a pod: without a slash at its end, and with `/pod` at the end of its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    url: Url,
    text: String,
}

impl BaseUrl {
    /// Takes what a person has at hand: the host alone, with `/pod`, with slashes at the end. A path before `/pod`, as
    /// a gateway wants it, stays.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let mut url = Url::parse(text).map_err(|error| InvalidBaseUrl::NotAUrl(error.to_string()))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(InvalidBaseUrl::Scheme(shown(url.scheme())));
        }
        // Nothing of it is shown: it may be a password.
        match BaseUrlProblem::of(text) {
            None => {}
            Some(BaseUrlProblem::NoHost) => return Err(InvalidBaseUrl::NoHost),
            Some(BaseUrlProblem::Credentials) => return Err(InvalidBaseUrl::Credentials),
            Some(BaseUrlProblem::Query) => return Err(InvalidBaseUrl::Query),
            Some(BaseUrlProblem::Fragment) => return Err(InvalidBaseUrl::Fragment),
            Some(BaseUrlProblem::Character) => return Err(InvalidBaseUrl::Character),
        }
        let path = url.path().trim_end_matches('/');
        let path = if path.ends_with("/pod") { path.to_owned() } else { format!("{path}/pod") };
        url.set_path(&path);
        Ok(Self { text: url.as_str().to_owned(), url })
    }

    /// Refuses what would send the token in the clear over a network.
    pub(crate) fn require_encryption(&self) -> Result<(), InvalidBaseUrl> {
        if self.is_encrypted() || self.is_loopback() {
            return Ok(());
        }
        Err(InvalidBaseUrl::Unencrypted(shown(self.url.host_str().unwrap_or_default())))
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        support::is_loopback(&self.url)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host that a redirect leads to, where `location` can be understood at all.
    pub(crate) fn redirect_host(&self, location: &str) -> Option<String> {
        let target = self.url.join(location).ok()?;
        target.host_str().map(shown)
    }
}

/// A text from outside as it may be shown: of bounded length, and without control characters.
fn shown(text: &str) -> String {
    text.chars().take(100).flat_map(char::escape_debug).collect()
}

/// Why a text can't be the base URL of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// It isn't a URL; the parser's reason.
    NotAUrl(String),
    /// Its scheme is another one than `https`; the scheme.
    Scheme(String),
    /// There is no host after `https://`.
    NoHost,
    /// There is a user name or a password in it.
    Credentials,
    /// There is a query in it.
    Query,
    /// There is a fragment in it.
    Fragment,
    /// There is white space, a control character or a backslash in it, which a URL parser would drop or change.
    Character,
    /// It is plain `http`, and the host isn't this machine; the host.
    Unencrypted(String),
}

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FORM: &str = "write it like https://acme.symphony.com/pod";
        match self {
            Self::NotAUrl(reason) => write!(f, "the base URL is not a URL ({reason}): {FORM}"),
            Self::Scheme(scheme) => write!(f, "the base URL begins with `{scheme}:`, and a pod speaks https: {FORM}"),
            Self::NoHost => write!(f, "the base URL has no host: {FORM}"),
            Self::Character => write!(
                f,
                "the base URL has white space, a control character or a backslash in it: leave that out, and {FORM}"
            ),
            Self::Credentials => write!(
                f,
                "the base URL holds a user name or a password, which a pod doesn't take: leave out what comes before `@`"
            ),
            Self::Query => {
                write!(f, "the base URL has a query, which no call would send: leave out `?` and what follows")
            }
            Self::Fragment => {
                write!(f, "the base URL has a fragment, which no call would send: leave out `#` and what follows")
            }
            Self::Unencrypted(host) => write!(
                f,
                "the base URL would send the session token to `{host}` unencrypted: write https instead of http, or, if \
                 nobody else can listen on the way, call `.danger_send_the_token_unencrypted()`"
            ),
        }
    }
}

impl std::error::Error for InvalidBaseUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, String> {
        BaseUrl::parse(text).map(|base| base.as_str().to_owned()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn every_way_to_write_a_base_url_is_the_same() {
        for (text, expected) in [
            ("https://acme.symphony.com", "https://acme.symphony.com/pod"),
            ("https://acme.symphony.com/", "https://acme.symphony.com/pod"),
            ("https://acme.symphony.com/pod", "https://acme.symphony.com/pod"),
            ("https://acme.symphony.com/pod/", "https://acme.symphony.com/pod"),
            ("https://acme.symphony.com/pod//", "https://acme.symphony.com/pod"),
            ("HTTPS://ACME.symphony.com:443/pod", "https://acme.symphony.com/pod"),
            ("https://acme.symphony.com:8443", "https://acme.symphony.com:8443/pod"),
            (" https://acme.symphony.com/pod\n", "https://acme.symphony.com/pod"),
            ("https://gateway.acme.com/symphony/pod", "https://gateway.acme.com/symphony/pod"),
            ("https://gateway.acme.com/symphony", "https://gateway.acme.com/symphony/pod"),
            ("https://gateway.acme.com/tripod", "https://gateway.acme.com/tripod/pod"),
            ("https://gateway.acme.com/a/../pod", "https://gateway.acme.com/pod"),
            ("http://localhost:8080", "http://localhost:8080/pod"),
        ] {
            assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_base_url_is_said_with_the_way_out() {
        let form = "write it like https://acme.symphony.com/pod";
        for (text, expected) in [
            ("", format!("the base URL is not a URL (relative URL without a base): {form}")),
            ("acme.symphony.com/pod", format!("the base URL is not a URL (relative URL without a base): {form}")),
            ("https://", format!("the base URL is not a URL (empty host): {form}")),
            ("https:///pod", format!("the base URL has no host: {form}")),
            ("https:/acme.symphony.com/pod", format!("the base URL has no host: {form}")),
            ("https:acme.symphony.com/pod", format!("the base URL has no host: {form}")),
            (
                "https://acme.symphony.com/p\tod",
                format!("the base URL has white space, a control character or a backslash in it: leave that out, and {form}"),
            ),
            (
                "https://acme.symphony.com\npod",
                format!("the base URL has white space, a control character or a backslash in it: leave that out, and {form}"),
            ),
            (
                "https://acme.symphony.com\\@evil.example",
                format!("the base URL has white space, a control character or a backslash in it: leave that out, and {form}"),
            ),
            ("https://a:b", format!("the base URL is not a URL (invalid port number): {form}")),
            ("acme.symphony.com:443/pod", format!("the base URL begins with `acme.symphony.com:`, and a pod speaks https: {form}")),
            ("ftp://acme.symphony.com", format!("the base URL begins with `ftp:`, and a pod speaks https: {form}")),
            ("file:///pod", format!("the base URL begins with `file:`, and a pod speaks https: {form}")),
            (
                "https://bot:S3CRET@acme.symphony.com/pod",
                "the base URL holds a user name or a password, which a pod doesn't take: leave out what comes before `@`"
                    .to_owned(),
            ),
            (
                "https://:S3CRET@acme.symphony.com/pod",
                "the base URL holds a user name or a password, which a pod doesn't take: leave out what comes before `@`"
                    .to_owned(),
            ),
            (
                "https://@acme.symphony.com/pod",
                "the base URL holds a user name or a password, which a pod doesn't take: leave out what comes before `@`"
                    .to_owned(),
            ),
            (
                "https://acme.symphony.com/pod?a=b",
                "the base URL has a query, which no call would send: leave out `?` and what follows".to_owned(),
            ),
            (
                "https://acme.symphony.com/pod#a",
                "the base URL has a fragment, which no call would send: leave out `#` and what follows".to_owned(),
            ),
        ] {
            assert_eq!(parsed(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let check = |text: &str| BaseUrl::parse(text).and_then(|base| base.require_encryption());
        for text in [
            "https://acme.symphony.com",
            "http://localhost",
            "http://LOCALHOST:1",
            "http://localhost.",
            "http://127.0.0.1:8080",
            "http://127.255.1.2",
            "http://0x7f.1",
            "http://[::1]:8080",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for (text, host) in [
            ("http://acme.symphony.com", "acme.symphony.com"),
            ("http://128.0.0.1", "128.0.0.1"),
            ("http://0.0.0.0", "0.0.0.0"),
            ("http://[::2]", "[::2]"),
            ("http://localhost.acme.com", "localhost.acme.com"),
            ("http://pod.localhost", "pod.localhost"),
            ("http://notlocalhost", "notlocalhost"),
            ("http://127.0.0.1.acme.com", "127.0.0.1.acme.com"),
        ] {
            assert_eq!(check(text), Err(InvalidBaseUrl::Unencrypted(host.to_owned())), "{text}");
        }
        assert_eq!(
            check("http://acme.symphony.com").unwrap_err().to_string(),
            "the base URL would send the session token to `acme.symphony.com` unencrypted: write https instead of http, \
             or, if nobody else can listen on the way, call `.danger_send_the_token_unencrypted()`"
        );
    }

    #[test]
    fn of_a_redirect_the_host_alone_is_known() {
        let base = BaseUrl::parse("https://acme.symphony.com").unwrap();
        for (location, host) in [
            ("https://evil.example/?token=T0KEN", Some("evil.example")),
            ("/login", Some("acme.symphony.com")),
            ("//evil.example/x", Some("evil.example")),
            ("https://user:T0KEN@evil.example", Some("evil.example")),
            ("mailto:somebody", None),
            ("https://", None),
        ] {
            assert_eq!(base.redirect_host(location).as_deref(), host, "{location}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_taken_stays_as_it_is(text in "(https?://)?[ -~é/]{0,30}") {
            if let Ok(base) = BaseUrl::parse(&text) {
                proptest::prop_assert_eq!(BaseUrl::parse(base.as_str()), Ok(base.clone()));
                proptest::prop_assert!(base.as_str().ends_with("/pod"));
            }
        }
    }
}
