//! From a request to its answer.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use http::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use serde_json::Value;
use tokio::sync::watch;

use super::endpoint::Endpoint;
use super::fault::{self, Damage, Ending, Outcome};
use super::faults::Faults;
use super::log::{Answered, Log, Received};
use super::refusal::Refusal;
use super::route::{BASE_PATH, Parameter, Route, route};
use super::shape::{self, Shape};
use super::stage::Stage;
use super::state::{Asked, State};
use super::wire::{AnswerBody, Line};

/// The longest body that is read, in bytes. No request of the API comes near it.
const LONGEST_BODY: usize = 1 << 20;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Service {
    state: Mutex<State>,
    faults: Mutex<Faults>,
    pub(super) log: Log,
}

impl Service {
    pub(super) fn new(state: State) -> Self {
        Self { state: Mutex::new(state), faults: Mutex::default(), log: Log::new() }
    }

    // A panic while the lock was held would be a bug that has been reported; the pod stays as useful as it can.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request, or ends its connection and never returns.
    pub(super) async fn serve(
        &self,
        request: Request<Incoming>,
        line: &Line,
        stage: watch::Receiver<Stage>,
    ) -> Response<AnswerBody> {
        let (parts, body) = request.into_parts();
        let route = route(&parts.method, parts.uri.path());
        let endpoint = match route {
            Route::Endpoint(endpoint, _) => Some(endpoint),
            Route::OtherMethod(_) | Route::Unknown => None,
        };
        let entry = self.log.arrived(Received::new(&parts, endpoint));
        let fault = endpoint.and_then(|endpoint| self.faults().take(endpoint));
        let body = read(body).await;
        if let Ok(body) = &body {
            self.log.note(entry, |request| request.body = body.clone());
        }

        let Route::Endpoint(endpoint, parameter) = route else {
            let response = no_operation(&route, parts.uri.path());
            self.log.note(entry, |request| request.answer = Some(Answered::Status(response.status())));
            return response.map(AnswerBody::whole);
        };
        let act = || body.and_then(|body| self.act(endpoint, parameter, &parts.headers, &body));
        let outcome = match fault {
            None => Outcome::Own(Damage::None, HeaderMap::new()).of(endpoint, act()),
            Some(fault) => {
                // The answer is made even if nobody gets it, because making it is what the pod does.
                let own = if fault.acts() { act() } else { Ok(Value::Null) };
                if !fault.wait().is_zero() {
                    tokio::time::sleep(fault.wait()).await;
                }
                fault.outcome(SystemTime::now()).of(endpoint, own)
            }
        };
        match outcome {
            Reply::Answer(response, answer) => {
                self.log.note(entry, |request| request.answer = Some(answer));
                response
            }
            Reply::None(ending) => {
                if ending == Ending::Hang {
                    stopped(stage).await;
                }
                let reset = ending == Ending::Reset;
                let answer = if reset { Answered::Reset } else { Answered::Closed };
                self.log.note(entry, |request| request.answer = Some(answer));
                line.end(reset);
                std::future::pending().await
            }
        }
    }

    fn act(
        &self,
        endpoint: Endpoint,
        parameter: Option<Parameter>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Value, Refusal> {
        let text = |name: &str| {
            let mut values = headers.get_all(name).into_iter();
            let first = values.next()?;
            // Which of two counts would be anybody's guess: neither does.
            Some(if values.next().is_none() { first.to_str().unwrap_or("?") } else { "?" })
        };
        let is_json = text("content-type").is_some_and(is_json);
        let asked = Asked { parameter, token: text("sessionToken"), is_json, body, now: SystemTime::now() };
        self.state().answer(endpoint, &asked)
    }
}

async fn read(body: Incoming) -> Result<Bytes, Refusal> {
    match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long: at most 1 MiB is read"))
        }
        Err(error) => Err(Refusal::bad_request(format!("The body can't be read: {error}"))),
    }
}

async fn stopped(mut stage: watch::Receiver<Stage>) {
    // It fails if the pod is gone, which ends the wait just as well.
    let _ = stage.wait_for(|stage| *stage != Stage::Running).await;
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn no_operation(route: &Route, path: &str) -> Response<Bytes> {
    let in_pod = path.trim_start_matches('/').starts_with(BASE_PATH.trim_start_matches('/'));
    match route {
        Route::OtherMethod(method) => {
            let message = format!("This path is called by {method}");
            let mut response = response(Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, message)));
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(method));
            response
        }
        _ if in_pod => response(Err(Refusal::new(StatusCode::NOT_FOUND, "There is no operation at this path"))),
        _ => {
            let message = format!("There is nothing here: the base URL ends in {BASE_PATH}");
            response(Err(Refusal::new(StatusCode::NOT_FOUND, message)))
        }
    }
}

fn response(own: Result<Value, Refusal>) -> Response<Bytes> {
    let (status, body) = match own {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal { status, message }) => (status, fault::error(status, &message)),
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// What a client gets.
enum Reply {
    Answer(Response<AnswerBody>, Answered),
    None(Ending),
}

impl Outcome {
    /// What a client gets that called this, if `own` is what the pod says.
    fn of(self, endpoint: Endpoint, own: Result<Value, Refusal>) -> Reply {
        match self {
            Self::Connection(ending) => Reply::None(ending),
            Self::Other(response) => {
                let status = response.status();
                Reply::Answer(response.map(AnswerBody::whole), Answered::Status(status))
            }
            Self::Own(damage, headers) => {
                let mut response = damaged(own, damage, endpoint);
                response.headers_mut().extend(headers);
                let status = response.status();
                if damage == Damage::Cut {
                    Reply::Answer(response.map(AnswerBody::cut), Answered::Cut(status))
                } else {
                    Reply::Answer(response.map(AnswerBody::whole), Answered::Status(status))
                }
            }
        }
    }
}

/// The pod's own answer, damaged; a refusal has no fields to be damaged.
fn damaged(own: Result<Value, Refusal>, damage: Damage, endpoint: Endpoint) -> Response<Bytes> {
    let shape = Shape::of_answer(endpoint);
    let own = own.map(|body| match damage {
        Damage::Nulls => shape.with_nulls(body),
        Damage::OnlyNulls => shape.only_nulls(),
        Damage::NewFields => shape::with_new_fields(body),
        Damage::None | Damage::Cut | Damage::Empty => body,
    });
    let mut response = response(own);
    if damage == Damage::Empty {
        response.headers_mut().remove(CONTENT_TYPE);
        *response.body_mut() = Bytes::new();
    }
    response
}
