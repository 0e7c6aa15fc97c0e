//! Who is logged in.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;

use http::StatusCode;

use super::refusal::Refusal;
use super::user::User;
use crate::UserId;
use crate::rules::Entitlement;

/// How many sessions that began with a log-in are open at once; a new one ends the oldest.
const LOG_INS: usize = 10_000;

/// The users, and the one token that is valid for each of them, if any, besides those of log-ins.
pub(super) struct Sessions {
    /// The caller is the first.
    users: Vec<User>,
    /// By token.
    open: HashMap<String, Session>,
    /// The tokens that log-ins gave, the oldest first.
    logged_in: VecDeque<String>,
    /// The last token that a user got, valid or not.
    latest: HashMap<UserId, String>,
}

struct Session {
    user: UserId,
    /// How many calls it is good for.
    calls_left: Option<usize>,
}

impl Sessions {
    /// A session for each user, the first with this token if one is given.
    pub(super) fn open(users: Vec<User>, token: Option<String>) -> io::Result<Self> {
        let mut sessions =
            Self { open: HashMap::new(), logged_in: VecDeque::new(), latest: HashMap::new(), users: Vec::new() };
        for (index, user) in users.iter().enumerate() {
            let token = match (&token, index) {
                (Some(token), 0) => token.clone(),
                _ => new_token()?,
            };
            sessions.renew(user.id(), token);
        }
        Ok(Self { users, ..sessions })
    }

    /// Gives a user this token, and ends the session that the user had.
    pub(super) fn renew(&mut self, user: UserId, token: String) {
        self.expire(user);
        self.open.insert(token.clone(), Session { user, calls_left: None });
        self.latest.insert(user, token);
    }

    /// Gives a user this token as well.
    pub(super) fn add(&mut self, user: UserId, token: String) {
        if self.logged_in.len() >= LOG_INS
            && let Some(oldest) = self.logged_in.pop_front()
        {
            self.open.remove(&oldest);
        }
        self.logged_in.push_back(token.clone());
        self.open.insert(token.clone(), Session { user, calls_left: None });
        self.latest.insert(user, token);
    }

    /// The id of the user for whom this holds.
    pub(super) fn user(&self, holds: impl Fn(&User) -> bool) -> Option<UserId> {
        self.users.iter().find(|user| holds(user)).map(User::id)
    }

    pub(super) fn expire(&mut self, user: UserId) {
        self.open.retain(|_, session| session.user != user);
    }

    pub(super) fn expire_after(&mut self, user: UserId, calls: usize) {
        for session in self.open.values_mut().filter(|session| session.user == user) {
            session.calls_left = Some(calls);
        }
    }

    pub(super) fn latest(&self, user: UserId) -> Option<&str> {
        self.latest.get(&user).map(String::as_str)
    }

    /// Whose session this is. A call counts as one, whatever becomes of it.
    pub(super) fn caller(&mut self, token: Option<&str>) -> Result<User, Refusal> {
        let refusal = |message| Refusal::new(StatusCode::UNAUTHORIZED, message);
        let token = token.ok_or_else(|| refusal("The header sessionToken is missing"))?;
        let invalid = || refusal("The session token is invalid or has expired");
        let session = self.open.get_mut(token).ok_or_else(invalid)?;
        if let Some(calls_left) = &mut session.calls_left {
            *calls_left = calls_left.checked_sub(1).ok_or_else(invalid)?;
        }
        let user = self.users.iter().find(|user| user.id() == session.user);
        user.cloned().ok_or_else(invalid)
    }

    /// Whether the pod has this entitlement, which it has for all if it has it for one.
    pub(super) fn pod_has(&self, entitlement: Entitlement) -> bool {
        self.users.iter().any(|user| user.has_entitlement(entitlement))
    }
}

/// Shows no token.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("users", &self.users).finish_non_exhaustive()
    }
}

/// A token that no other pod has, so that a token at the wrong pod is noticed.
pub(super) fn new_token() -> io::Result<String> {
    let number = getrandom::u64().map_err(io::Error::other)?;
    let more = getrandom::u64().map_err(io::Error::other)?;
    Ok(format!("mock-session-{number:016x}{more:016x}"))
}
