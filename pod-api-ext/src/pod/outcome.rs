//! Turns what the generated client gives into an [`Error`].

use std::time::SystemTime;

use pod_api::support::BodyProblem;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::base_url::BaseUrl;
use super::error::{Answer, Error, InvalidRequest, RequestProblem, Said, TransportError};
use super::retry::retry_after;
use super::scrub::{self, READ};
use super::token::SessionToken;
use super::trace_id::CallInfo;

/// A request, for judging what became of it.
pub(crate) struct Sent<'a> {
    pub(crate) call: &'a CallInfo,
    pub(crate) base: &'a BaseUrl,
    /// What must not be shown.
    pub(crate) secrets: &'a [&'a SessionToken],
}

impl Sent<'_> {
    /// The error for the caller. It keeps the status if there is one.
    pub(crate) async fn error<E: Serialize>(&self, error: pod_api::Error<E>) -> Error {
        match error {
            pod_api::Error::ErrorResponse(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                let said = serde_json::to_value(response.into_inner()).map(|error| self.said_by(&error));
                self.by_status(status, &headers, said.unwrap_or_default())
            }
            pod_api::Error::UnexpectedResponse(response) => self.unexpected(response).await,
            pod_api::Error::CommunicationError(error)
            | pod_api::Error::InvalidUpgrade(error)
            | pod_api::Error::ResponseBodyError(error) => {
                Error::Transport(TransportError::before_status(self.call.clone(), error))
            }
            pod_api::Error::InvalidRequest(problem) | pod_api::Error::Custom(problem) => {
                let problem = RequestProblem::Other(scrub::shown(&problem, self.secrets, false));
                Error::InvalidRequest(InvalidRequest { called: self.call.called, problem })
            }
            // No operation of the generated client ends in it: it hands the response on instead.
            pod_api::Error::InvalidResponsePayload(body, error) => {
                let said = self.said(&body, false);
                self.undecodable(StatusCode::OK, &HeaderMap::new(), said, &error.to_string())
            }
        }
    }

    /// A success whose body lacks what the caller asked for, or has it wrong.
    pub(crate) fn useless(&self, status: StatusCode, problem: &str) -> Error {
        self.undecodable(status, &HeaderMap::new(), Said::default(), problem)
    }

    /// A response that isn't as documented: in its status, or in its body.
    async fn unexpected(&self, mut response: Response) -> Error {
        let (status, problem) = (response.status(), BodyProblem::of(&response).cloned());
        if let (true, Some(BodyProblem::CutShort(error))) = (status.is_success(), &problem) {
            return Error::Transport(TransportError::in_body(self.call.clone(), status, error.clone()));
        }
        let location = response.headers().get(LOCATION).cloned();
        let (body, whole) = beginning(&mut response).await;
        let cut = matches!(problem, Some(BodyProblem::CutShort(_) | BodyProblem::TooLong(_)));
        let said = self.said(&body, whole && !cut);
        if let (true, Some(problem)) = (status.is_success(), problem) {
            let problem = match &problem {
                BodyProblem::NotAsDocumented(error) => error.to_string(),
                problem => problem.to_string(),
            };
            return self.undecodable(status, response.headers(), said, &problem);
        }
        if status.is_success() {
            return self.undecodable(status, response.headers(), said, "a success that isn't documented");
        }
        match location {
            Some(location) if status.is_redirection() => Error::Redirected {
                host: self.host_of(&String::from_utf8_lossy(location.as_bytes())),
                answer: self.answer(status, response.headers(), said),
            },
            _ => self.by_status(status, response.headers(), said),
        }
    }

    /// The host that a redirect leads to. The token goes before the URL is parsed, which would end the host at a slash of it.
    fn host_of(&self, location: &str) -> Option<String> {
        self.base.redirect_host(&scrub::shown(location, self.secrets, false))
    }

    fn by_status(&self, status: StatusCode, headers: &HeaderMap, said: Said) -> Error {
        let answer = self.answer(status, headers, said);
        match status.as_u16() {
            400 => Error::BadRequest(answer),
            401 => Error::Unauthorized { answer, renewal: None },
            403 => Error::Forbidden { answer, requirements: self.call.called.requirements() },
            429 => Error::RateLimited { retry_after: answer.retry_after(), answer },
            451 => Error::Compliance(answer),
            500..=599 => Error::Server(answer),
            _ => Error::UnexpectedStatus(answer),
        }
    }

    fn undecodable(&self, status: StatusCode, headers: &HeaderMap, said: Said, problem: &str) -> Error {
        // The parser quotes values.
        let problem = self.shown(problem, false).unwrap_or_default();
        Error::Undecodable { answer: self.answer(status, headers, said), problem }
    }

    fn answer(&self, status: StatusCode, headers: &HeaderMap, said: Said) -> Answer {
        Answer::new(self.call.clone(), status, said, retry_after(headers, SystemTime::now()))
    }

    /// What a body says: code and message where it has them, and else its beginning.
    fn said(&self, body: &[u8], whole: bool) -> Said {
        let text = String::from_utf8_lossy(body);
        let json = text.trim_start_matches('\u{feff}');
        let json = if whole { serde_json::from_str::<Value>(json).unwrap_or_default() } else { Value::Null };
        let said = self.said_by(&json);
        let body = if said.message.is_some() { None } else { self.shown(&text, !whole) };
        Said { body, ..said }
    }

    /// Code and message of an error.
    fn said_by(&self, error: &Value) -> Said {
        let code = error.get("code").and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
        let message = error.get("message").and_then(Value::as_str).and_then(|message| self.shown(message, false));
        Said { code, message, body: None }
    }

    /// A text of the pod's as it may be shown; `None` if there is nothing in it.
    fn shown(&self, text: &str, cut: bool) -> Option<String> {
        let text = scrub::shown(text, self.secrets, cut);
        (!text.is_empty()).then_some(text)
    }
}

/// The beginning of a body, and whether that is all of it.
async fn beginning(response: &mut Response) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend(chunk.iter().take(READ.saturating_sub(body.len()))),
            Ok(None) => return (body, true),
            // The status says more than how the body ended.
            Err(_) => return (body, false),
        }
        if body.len() >= READ {
            return (body, false);
        }
    }
}
