//! A log-in on its way, and what comes of it.

use std::sync::Arc;
use std::time::SystemTime;

use pod_api::support::{self, BodyLimits, BodyProblem};
use pod_api::{ClientInfo as _, Error as Answered};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock::Clock;
use super::error::{Failed, LogInError, Parts, Problem};
use crate::SessionToken;
use crate::pod::retry::retry_after;
use crate::pod::scrub;
use crate::pod::trace_id::{HEADER, TraceId};
use crate::pod::{Connections, TokenFuture, TransportKind};

/// The header that a session token is for.
const SESSION_TOKEN: &str = "sessionToken";

/// How much of the answer of a log-in is read, and how much of what it says is shown.
const LONGEST_ANSWER: usize = 64 << 10;
const SHOWN: usize = 120;

/// One request of a log-in.
pub(super) struct Request<'a> {
    pub(super) url: String,
    /// The JWT, where the log-in has one.
    pub(super) jwt: Option<&'a SessionToken>,
    /// An app's token, for the header of the request.
    pub(super) app_token: Option<&'a SessionToken>,
    /// What must not be shown.
    pub(super) secrets: &'a [&'a SessionToken],
    /// What a 401 can be, besides the clock where there is a JWT.
    pub(super) refused: &'a [String],
}

#[derive(Serialize)]
struct Body<'a> {
    token: &'a str,
}

/// What a log-in answers; all of it is optional, and there may be more.
#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    name: Option<String>,
}

impl Connections {
    /// Asks for a session token by an empty `POST` to `url`, as a log-in by certificate does, through these connections.
    ///
    /// The answer is `{"token":"…"}`. What else comes is a [`LogInError`](crate::login::LogInError), which says whether asking
    /// again helps.
    #[must_use]
    pub fn log_in(&self, url: impl Into<String>) -> TokenFuture<'_> {
        let url = url.into();
        let refused =
            ["the certificate that is presented is that of a service account, and its name the user name".to_owned()];
        Box::pin(async move {
            let request = Request { url, jwt: None, app_token: None, secrets: &[], refused: &refused };
            self.exchange(request).await.map_err(|failed| failed.0)
        })
    }

    pub(super) async fn exchange(&self, request: Request<'_>) -> Result<SessionToken, Failed> {
        let url = Url::parse(&request.url).map_err(|_| LogInError::not_sent("the URL of the log-in is not a URL"))?;
        if url.scheme() != "https" && !support::is_loopback(&url) && !self.plain_http {
            return Err(LogInError::not_sent(
                "it would go over the network unencrypted: write https instead of http in the URL of the log-in",
            )
            .into());
        }
        // A gateway's key is for the gateway.
        let is_the_pods = Url::parse(self.base_url()).is_ok_and(|base| base.origin() == url.origin());
        let changing = if is_the_pods { self.changing.current().await.map_err(Failed)? } else { Vec::new() };
        let fixed = self.headers.iter().filter(|_| is_the_pods);
        let secret = |(name, token): (HeaderName, &SessionToken)| Some((name, header(token)?));
        let app_token = request.app_token.map(|token| (HeaderName::from_static("sessiontoken"), token));
        let changing_headers = changing.iter().map(|(name, value)| (name.clone(), value)).chain(app_token);
        let headers: HeaderMap = fixed.cloned().chain(changing_headers.filter_map(secret)).collect();

        let trace_id = TraceId::made();
        let secrets = request.secrets.iter().copied().chain(changing.iter().map(|(_, value)| value)).collect();
        let exchange = Exchange { url: &url, trace_id: &trace_id, request: &request, secrets };
        let sender = self.transport.sender();
        let mut builder = sender
            .client
            .client()
            .post(url.clone())
            .timeout(self.one_try)
            .headers(headers)
            .header(HEADER, trace_id.as_header().clone())
            .header(ACCEPT, "application/json");
        if let Some(jwt) = request.jwt {
            builder = builder.json(&Body { token: jwt.expose() });
        }
        let result = match builder.send().await {
            Ok(response) => exchange.judged(response).await,
            Err(error) => Err(exchange.broken(TransportKind::before_status(&error), Arc::new(error))),
        };
        let status = match &result {
            Ok(_) => Some(StatusCode::OK),
            Err(error) => error.status(),
        };
        tracing::debug!(status = status.map(|status| status.as_u16()), trace_id = trace_id.as_str(), "log-in");
        if let Err(error) = &result
            && error.is_timeout()
        {
            self.transport.leave(&sender);
        }
        Ok(result?)
    }
}

/// A log-in, for judging what became of it.
struct Exchange<'a> {
    url: &'a Url,
    trace_id: &'a TraceId,
    request: &'a Request<'a>,
    /// What must not be shown.
    secrets: Vec<&'a SessionToken>,
}

/// What a token is made of can be sent in a header.
fn header(token: &SessionToken) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(token.expose()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Exchange<'_> {
    async fn judged(&self, response: Response) -> Result<SessionToken, LogInError> {
        let limits = BodyLimits::default().success(LONGEST_ANSWER).error(LONGEST_ANSWER);
        let status = response.status();
        if response.url() != self.url {
            // An HTTP client of the caller's own followed it.
            return Err(self.error(None, Problem::Redirected(status, response.url().host_str().map(str::to_owned))));
        }
        if !status.is_success() {
            let clock = Clock::of(response.headers(), SystemTime::now());
            return Err(self.refusal(support::unexpected(response, limits).await, clock).await);
        }
        let useless = |problem: String| self.error(None, Problem::Useless(status, problem));
        let token: Token = match support::decode::<Token, ()>(response, limits).await {
            Ok(answer) => answer.into_inner(),
            Err(Answered::UnexpectedResponse(response)) => {
                return Err(match BodyProblem::of(&response) {
                    Some(BodyProblem::CutShort(error)) => {
                        let kind = if error.is_timeout() { TransportKind::TimedOut } else { TransportKind::CutShort };
                        self.broken(kind, Arc::clone(error))
                    }
                    // What the parser says may quote the token.
                    Some(BodyProblem::NotAsDocumented(error)) => {
                        useless(format!("not such an object (line {}, column {})", error.line(), error.column()))
                    }
                    Some(problem) => useless(problem.to_string()),
                    None => useless("it can't be read".to_owned()),
                });
            }
            Err(_) => return Err(useless("it can't be read".to_owned())),
        };
        if let Some(name) = token.name.filter(|name| !name.eq_ignore_ascii_case(SESSION_TOKEN)) {
            return Err(useless(format!(
                "it gives a token for `{}` instead of `{SESSION_TOKEN}`",
                self.shown(&name, false)
            )));
        }
        let token = token.token.ok_or_else(|| useless("it has no `token`".to_owned()))?;
        SessionToken::new(token).map_err(|problem| useless(problem.to_string()))
    }

    async fn refusal(&self, response: Response, clock: Clock) -> LogInError {
        let (status, headers) = (response.status(), response.headers().clone());
        let cut = BodyProblem::of(&response).is_some();
        let problem = match headers.get(LOCATION) {
            Some(location) if status.is_redirection() => {
                let location = self.shown(&String::from_utf8_lossy(location.as_bytes()), false);
                let target = self.url.join(&location).ok();
                Problem::Redirected(status, target.and_then(|url| Some(self.shown(url.host_str()?, false))))
            }
            _ if status == StatusCode::UNAUTHORIZED => {
                let clock = self.request.jwt.map(|_| clock);
                Problem::Refused(clock, self.request.refused.to_vec())
            }
            _ => Problem::Status(status),
        };
        let mut error = self.error(None, problem);
        // It is in memory, and so can't fail.
        let body = response.bytes().await.unwrap_or_default();
        let text = String::from_utf8_lossy(&body);
        let message = serde_json::from_str::<Value>(&text).ok();
        let message = message.as_ref().and_then(|json| json.get("message")).and_then(Value::as_str);
        let said = message.map_or_else(|| self.shown(&text, cut), |message| self.shown(message, false));
        error.0.said = Some(said).filter(|said| !said.is_empty());
        error.0.retry_after = retry_after(&headers, SystemTime::now());
        error
    }

    fn broken(&self, kind: TransportKind, error: Arc<reqwest::Error>) -> LogInError {
        self.error(Some(error), Problem::Transport(kind))
    }

    fn error(&self, source: Option<Arc<reqwest::Error>>, problem: Problem) -> LogInError {
        LogInError(Box::new(Parts {
            problem,
            url: self.url.as_str().chars().take(SHOWN).collect(),
            trace_id: self.trace_id.as_str().to_owned(),
            said: None,
            retry_after: None,
            source,
        }))
    }

    /// A text of the pod's as it may be shown.
    fn shown(&self, text: &str, cut: bool) -> String {
        let text = scrub::shown(text, &self.secrets, cut);
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}
