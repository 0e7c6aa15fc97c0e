//! What the pod knows, and what it does when it is called.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::SystemTime;

use http::StatusCode;
use serde_json::{Value, json};

use super::clock::Clock;
use super::endpoint::Endpoint;
use super::login::{self, Accounts};
use super::refusal::Refusal;
use super::room_rules;
use super::route::Parameter;
use super::sessions::Sessions;
use super::shape::Shape;
use super::streams::{Im, Room};
use super::user::{Role, User};
use crate::rules::Entitlement;
use crate::{Operation, RoomName, StreamId, UserId};

/// The state of a pod. Nothing in it waits, so that a call is done or not done.
#[derive(Debug)]
pub(super) struct State {
    pub(super) sessions: Sessions,
    accounts: Accounts,
    ims: Vec<Im>,
    pub(super) rooms: Vec<Room>,
    /// Where in `ims` the IM of these participants is.
    im_of: HashMap<BTreeSet<UserId>, usize>,
    /// Where in `ims` the IM of this id is.
    im_at: HashMap<StreamId, usize>,
    room_names: HashSet<RoomName>,
    /// In lower case.
    compliance_words: Vec<String>,
    clock: Clock,
}

/// A call, as far as it isn't HTTP's.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The path parameter, if it has one.
    pub(super) parameter: Option<Parameter>,
    pub(super) token: Option<&'a str>,
    /// Whether the body says that it is JSON.
    pub(super) is_json: bool,
    pub(super) body: &'a [u8],
    pub(super) now: SystemTime,
}

impl Asked<'_> {
    /// The value of the path parameter.
    fn parameter(&self) -> &str {
        self.parameter.as_ref().map_or("", |(_, value)| value)
    }

    /// The body, if it says that it is JSON.
    fn json(&self) -> Result<&[u8], Refusal> {
        if self.is_json {
            return Ok(self.body);
        }
        let message = "The body has to be JSON: send it with Content-Type: application/json";
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
    }
}

impl State {
    pub(super) fn new(sessions: Sessions, accounts: Accounts, words: &[String], clock: Clock) -> Self {
        Self {
            sessions,
            accounts,
            ims: Vec::new(),
            rooms: Vec::new(),
            im_of: HashMap::new(),
            im_at: HashMap::new(),
            room_names: HashSet::new(),
            compliance_words: words.iter().map(|word| word.to_lowercase()).collect(),
            clock,
        }
    }

    /// Does what is asked. The answer's status is 200.
    pub(super) fn answer(&mut self, endpoint: Endpoint, call: &Asked<'_>) -> Result<Value, Refusal> {
        let sessions = &mut self.sessions;
        let mut caller = || sessions.caller(call.token);
        match endpoint {
            Endpoint::CreateIm => caller().and_then(|caller| self.create_im(&caller, call)),
            Endpoint::CreateRoom => caller().and_then(|caller| self.create_room(&caller, call)),
            Endpoint::ImInfo => caller().and_then(|caller| self.im_info(&caller, call.parameter())),
            Endpoint::SessionInfo => Ok(caller()?.info()),
            Endpoint::LogIn => self.log_in(call),
            Endpoint::RelayLogIn => {
                self.accounts.service(call.json()?, call.now)?;
                Ok(login::answer("keyManagerToken", &login::new_token()?))
            }
            Endpoint::AppLogIn => Ok(login::answer("sessionToken", &self.accounts.app(call.json()?, call.now)?)),
            Endpoint::UserLogIn => self.log_in_for(call),
        }
    }

    fn log_in(&mut self, call: &Asked<'_>) -> Result<Value, Refusal> {
        let user = self.accounts.service(call.json()?, call.now)?;
        let token = login::new_token()?;
        self.sessions.add(user, token.clone());
        Ok(login::answer("sessionToken", &token))
    }

    fn log_in_for(&mut self, call: &Asked<'_>) -> Result<Value, Refusal> {
        self.accounts.check_app(call.token)?;
        let by_name = call.parameter.as_ref().is_some_and(|(name, _)| *name == "username");
        let user = self.sessions.user(|user| {
            if by_name { user.username() == call.parameter() } else { user.id().to_string() == call.parameter() }
        });
        let user = user.ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "There is no such user for the app"))?;
        let token = login::new_token()?;
        self.sessions.add(user, token.clone());
        Ok(login::answer("sessionToken", &token))
    }

    fn create_im(&mut self, caller: &User, call: &Asked<'_>) -> Result<Value, Refusal> {
        if !caller.has_role(Role::UserProvisioning) {
            return Err(Refusal::forbidden("Creating an IM between others takes the role User Provisioning"));
        }
        let body = json_body(Operation::CreateIm, call)?;
        let ids = body.as_array().into_iter().flatten().filter_map(Value::as_i64);
        let participants: BTreeSet<UserId> = ids.map(UserId::from).collect();
        match participants.len() {
            0 | 1 => Err(Refusal::bad_request("At least two different user ids have to be given")),
            2 => Ok(json!({ "id": self.im_between(participants)?.as_str() })),
            _ => Err(Refusal::bad_request("IMs of more than two participants are no longer supported: create a room")),
        }
    }

    /// The IM of these participants, which is created if there is none yet (I4).
    pub(super) fn im_between(&mut self, participants: BTreeSet<UserId>) -> Result<StreamId, Refusal> {
        if let Some(im) = self.im_of.get(&participants).and_then(|at| self.ims.get(*at)) {
            return Ok(im.id.clone());
        }
        let (creation_date, id) = self.new_stream()?;
        self.im_of.insert(participants.clone(), self.ims.len());
        self.im_at.insert(id.clone(), self.ims.len());
        self.ims.push(Im { id: id.clone(), participants, creation_date, active: true, pinned: None });
        Ok(id)
    }

    pub(super) fn ims(&self) -> &[Im] {
        &self.ims
    }

    pub(super) fn im_mut(&mut self, id: &StreamId) -> Option<&mut Im> {
        self.im_at.get(id).and_then(|at| self.ims.get_mut(*at))
    }

    fn create_room(&mut self, caller: &User, call: &Asked<'_>) -> Result<Value, Refusal> {
        let body = json_body(Operation::CreateRoom, call)?;
        let asked = room_rules::asked(&body);
        room_rules::check(&asked)?;
        let shared_history = self.sessions.pod_has(Entitlement::CanCreateExternalRoomSharedHistory);
        room_rules::check_entitlements(&asked, caller, shared_history)?;
        room_rules::check_compliance(&asked, &self.compliance_words)?;
        let name = asked.get("name").and_then(Value::as_str).map(RoomName::new);
        if name.as_ref().is_some_and(|name| self.room_names.contains(name)) {
            return Err(Refusal::bad_request("There is a room of this name already; case and white space don't count"));
        }

        let attributes = room_rules::granted(asked);
        let typed = serde_json::from_value(Value::Object(attributes.clone()));
        let typed = typed.map_err(|error| internal(&error.to_string()))?;
        let (creation_date, id) = self.new_stream()?;
        let room = Room { id, attributes: typed, created_by: caller.id(), creation_date };
        let detail = room.detail(attributes);
        self.room_names.extend(name);
        self.rooms.push(room);
        Ok(detail)
    }

    fn im_info(&self, caller: &User, id: &str) -> Result<Value, Refusal> {
        if !is_url_safe(id) {
            return Err(Refusal::bad_request(
                "The id isn't URL-safe Base64: write _ for /, - for +, and leave out the = at its end",
            ));
        }
        let Some(im) = self.im_at.get(id).and_then(|at| self.ims.get(*at)) else {
            return Err(Refusal::bad_request("There is no IM of this id"));
        };
        let may_ask = [Role::UserProvisioning, Role::ComplianceOfficer, Role::SuperComplianceOfficer];
        if im.participants.contains(&caller.id()) || may_ask.iter().any(|role| caller.has_role(*role)) {
            return Ok(im.detail());
        }
        Err(Refusal::forbidden(
            "An IM is shown to its members, to (Super) Compliance Officers and to the role User Provisioning only",
        ))
    }

    fn new_stream(&mut self) -> Result<(i64, StreamId), Refusal> {
        let (date, id) = self.clock.stream();
        Ok((date, StreamId::new(id).map_err(|error| internal(&error.to_string()))?))
    }
}

/// The body of a call, if it has the shape that the document describes.
fn json_body(operation: Operation, call: &Asked<'_>) -> Result<Value, Refusal> {
    let body: Value = serde_json::from_slice(call.json()?)
        .map_err(|error| Refusal::bad_request(format!("The body isn't JSON: {error}")))?;
    Shape::of_request(operation).check(&body).map_err(Refusal::bad_request)?;
    Ok(body)
}

/// M1 and M2: what may be in a URL.
fn is_url_safe(id: &str) -> bool {
    let characters = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    characters && !id.is_empty() && id.len() % 4 != 1
}

fn internal(message: &str) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}
