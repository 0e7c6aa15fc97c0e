//! Where a log-in is.

use std::fmt;

use pod_api::support::{self, BaseUrlProblem};
use reqwest::Url;

/// The URL of a log-in service, without a slash at its end: `https://acme.symphony.com/login`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogInUrl(String);

impl LogInUrl {
    /// Beside the API at this base URL, which ends in `/pod`: a gateway's path before it stays.
    pub(super) fn beside(base: &str) -> Self {
        Self(format!("{}/login", base.strip_suffix("/pod").unwrap_or(base)))
    }

    /// One that is given: the host alone, with `/login` or, at a key manager, `/relay`, or the whole URL of the endpoint.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidLogInUrl> {
        if let Some(problem) = BaseUrlProblem::of(text) {
            return Err(InvalidLogInUrl(Some(problem)));
        }
        let mut url = Url::parse(text).map_err(|_| InvalidLogInUrl(None))?;
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/pubkey/authenticate").unwrap_or(path);
        let is_service = path.ends_with("/login") || path.ends_with("/relay");
        let path = if is_service { path.to_owned() } else { format!("{path}/login") };
        url.set_path(&path);
        Ok(Self(url.into()))
    }

    /// The URL of an endpoint, with the values of the parameters in its path.
    pub(super) fn endpoint(&self, constants: &[&str], parameters: &[(&str, String)]) -> Result<String, String> {
        support::url(&self.0, constants, parameters).map_err(|support::Invalid(reason)| reason)
    }
}

/// Why a text can't be the URL of a log-in. It holds nothing of the text, which may have a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidLogInUrl(Option<BaseUrlProblem>);

impl fmt::Display for InvalidLogInUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(BaseUrlProblem::NoHost) => "the URL of the log-in doesn't begin with `https://` and a host",
            Some(BaseUrlProblem::Credentials) => "the URL of the log-in holds a user name or a password",
            Some(BaseUrlProblem::Query) => "the URL of the log-in has a query",
            Some(BaseUrlProblem::Fragment) => "the URL of the log-in has a fragment",
            Some(BaseUrlProblem::Character) => {
                "the URL of the log-in has white space, a control character or a backslash in it"
            }
            None => "the URL of the log-in is not a URL",
        })?;
        f.write_str(": write it like https://acme.symphony.com/login")
    }
}

impl std::error::Error for InvalidLogInUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_in_is_beside_the_api() {
        for (base, url) in [
            ("https://acme.symphony.com/pod", "https://acme.symphony.com/login"),
            ("https://gateway.acme.com/symphony/pod", "https://gateway.acme.com/symphony/login"),
            ("http://localhost:8080/tripod/pod", "http://localhost:8080/tripod/login"),
        ] {
            assert_eq!(LogInUrl::beside(base), LogInUrl(url.to_owned()));
        }
    }

    #[test]
    fn a_url_may_be_given_as_it_is_at_hand() {
        for (text, url) in [
            ("https://acme.symphony.com", "https://acme.symphony.com/login"),
            (" https://acme.symphony.com/login/\n", "https://acme.symphony.com/login"),
            ("https://acme.symphony.com/login/pubkey/authenticate", "https://acme.symphony.com/login"),
            ("https://gateway.acme.com/symphony/login", "https://gateway.acme.com/symphony/login"),
            ("https://keys.acme.com/relay", "https://keys.acme.com/relay"),
            ("https://keys.acme.com/relay/pubkey/authenticate", "https://keys.acme.com/relay"),
        ] {
            assert_eq!(LogInUrl::parse(text), Ok(LogInUrl(url.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said() {
        for (text, what) in [
            ("acme.symphony.com/login", "the URL of the log-in doesn't begin with `https://` and a host"),
            ("https:///login", "the URL of the log-in doesn't begin with `https://` and a host"),
            ("https://bot:S3CRET@acme.symphony.com", "the URL of the log-in holds a user name or a password"),
            ("https://acme.symphony.com/login?a", "the URL of the log-in has a query"),
            ("https://acme.symphony.com/login#a", "the URL of the log-in has a fragment"),
            (
                "https://acme.symphony.com/lo gin",
                "the URL of the log-in has white space, a control character or a backslash in it",
            ),
            ("https://a:b", "the URL of the log-in is not a URL"),
        ] {
            let message = LogInUrl::parse(text).unwrap_err().to_string();
            assert_eq!(message, format!("{what}: write it like https://acme.symphony.com/login"), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(https?://)?[ -~é/]{0,30}") {
            if let Ok(url) = LogInUrl::parse(&text) {
                proptest::prop_assert_eq!(LogInUrl::parse(&url.0), Ok(url.clone()));
            }
        }
    }
}
