//! How a pod is configured.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use http::HeaderValue;
use tokio::sync::watch;

use super::clock::Clock;
use super::endpoint::Endpoint;
use super::fault::PlannedFault;
use super::login::{Accounts, PublicKey};
use super::server;
use super::service::Service;
use super::sessions::Sessions;
use super::stage::Stage;
use super::state::State;
use super::user::{Role, User};
use super::{Fault, MockPod};
use crate::rules::Entitlement;

/// The default caller.
const CALLER: i64 = 7_696_581_394_433;

/// A [`MockPod`] that hasn't started yet; [`MockPod::builder`] gives one.
///
/// By default it listens on a free port, and its caller is a service user with the role User
/// Provisioning and no entitlements, who can create IMs and private rooms.
///
/// ```
/// use std::time::Duration;
///
/// use pod_api_ext::mock::http::StatusCode;
/// use pod_api_ext::mock::{Fault, MockPod, Role, User};
/// use pod_api_ext::rules::Entitlement;
/// use pod_api_ext::{Error, Operation, Pod, PrivateRoom};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(2));
/// let mock = MockPod::builder()
///     .caller(User::new(7_001).role(Role::UserProvisioning))
///     .entitlement(Entitlement::CanCreatePublicRoom)
///     .user(User::new(7_002))
///     .compliance_word("insider")
///     .fault(Operation::ImInfo, busy, 3)
///     .start()
///     .await?;
/// let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
///
/// let room = PrivateRoom::new("Insider deals")?.description("Nothing to see here");
/// assert!(matches!(pod.create_room(room).await, Err(Error::Compliance(_))));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a pod starts with `start`"]
pub struct MockPodBuilder {
    port: u16,
    token: Option<String>,
    /// The caller is the first.
    users: Vec<User>,
    compliance_words: Vec<String>,
    faults: Vec<PlannedFault>,
    /// Ids and the public halves of their keys, in PEM.
    apps: Vec<(String, String)>,
    real_time: bool,
}

impl MockPodBuilder {
    pub(super) fn new() -> Self {
        Self {
            port: 0,
            token: None,
            users: vec![User::new(CALLER).role(Role::UserProvisioning)],
            compliance_words: Vec::new(),
            faults: Vec::new(),
            apps: Vec::new(),
            real_time: false,
        }
    }

    /// The port on 127.0.0.1; 0, which is the default, is any that is free.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The user whose session [`MockPod::token`] is, with exactly these roles and entitlements.
    pub fn caller(mut self, caller: User) -> Self {
        self.users.retain(|user| user.id() != caller.id());
        if let Some(first) = self.users.first_mut() {
            *first = caller;
        } else {
            self.users.push(caller);
        }
        self
    }

    /// One more user with a session, which [`MockPod::token_of`] gives; one of the same id is replaced.
    pub fn user(mut self, user: User) -> Self {
        match self.users.iter_mut().find(|other| other.id() == user.id()) {
            Some(other) => *other = user,
            None => self.users.push(user),
        }
        self
    }

    /// Gives the caller an entitlement, see [`User::entitlement`].
    pub fn entitlement(mut self, entitlement: Entitlement) -> Self {
        if let Some(caller) = self.users.first_mut() {
            *caller = caller.clone().entitlement(entitlement);
        }
        self
    }

    /// Makes the caller a service account, see [`User::service_account`].
    ///
    /// ```
    /// use pod_api_ext::login::{RsaKey, RsaLogin};
    /// use pod_api_ext::mock::MockPod;
    /// use pod_api_ext::{Pod, PrivateRoom};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
    /// let public = std::fs::read_to_string(format!("{keys}/bot.pub.pem"))?;
    /// let mock = MockPod::builder().service_account("bot", public).start().await?;
    /// let login = RsaLogin::new("bot", RsaKey::from_file(format!("{keys}/bot.pem"))?);
    /// let pod = Pod::builder(mock.base_url())?.session_from(login).build()?;
    /// pod.create_room(PrivateRoom::new("Project X")?.description("What it is about")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn service_account(mut self, username: impl Into<String>, public_key: impl Into<String>) -> Self {
        if let Some(caller) = self.users.first_mut() {
            *caller = caller.clone().service_account(username, public_key);
        }
        self
    }

    /// An app of this id, which logs in by the RSA key whose public half this is, in PEM, and then on behalf of any user.
    pub fn app(mut self, id: impl Into<String>, public_key: impl Into<String>) -> Self {
        self.apps.push((id.into(), public_key.into()));
        self
    }

    /// The caller's first token, instead of a random one.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A room whose name or description has this word in it, in any case, is answered 451 (R12).
    pub fn compliance_word(mut self, word: impl Into<String>) -> Self {
        self.compliance_words.push(word.into());
        self
    }

    /// A fault from the start; see [`MockPod::fail`].
    pub fn fault(mut self, endpoint: impl Into<Endpoint>, fault: Fault, times: usize) -> Self {
        self.faults.push(PlannedFault { operation: endpoint.into(), fault, times });
        self
    }

    /// Streams are created at the machine's time.
    ///
    /// Without it the first is created in February 2021 and each of the others a second after the one before, so that
    /// ids and dates are the same on every run.
    pub const fn real_time(mut self) -> Self {
        self.real_time = true;
        self
    }

    /// Starts the pod.
    ///
    /// # Errors
    /// The port is taken, or the system gives no socket, thread or random number; the token is empty or can't be the
    /// value of a header.
    pub async fn start(self) -> io::Result<MockPod> {
        self.start_blocking()
    }

    /// Starts the pod where nothing can be awaited; the pod runs on a thread of its own either way.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_blocking(self) -> io::Result<MockPod> {
        if let Some(token) = &self.token
            && (token.trim() != token || token.is_empty() || HeaderValue::from_str(token).is_err())
        {
            let message = "the token can't be the value of a header: give it visible ASCII characters, without spaces \
                           around them";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let accounts = self.accounts()?;
        let address = (Ipv4Addr::LOCALHOST, self.port);
        let listener = TcpListener::bind(address).map_err(|error| {
            let message = format!(
                "can't listen on port {} of 127.0.0.1: {error}: choose another port, or 0 for any that is free",
                self.port
            );
            io::Error::new(error.kind(), message)
        })?;
        let address = listener.local_addr()?;
        let caller = self.users.first().map(User::id).unwrap_or(CALLER.into());
        let clock = if self.real_time { Clock::real() } else { Clock::fixed() };
        let sessions = Sessions::open(self.users, self.token)?;
        let state = State::new(sessions, accounts, &self.compliance_words, clock);
        let service = Arc::new(Service::new(state));
        for PlannedFault { operation, fault, times } in self.faults {
            service.faults().add(operation, fault, times);
        }
        let (stage, watcher) = watch::channel(Stage::Running);
        let thread = Some(server::start(listener, Arc::clone(&service), watcher)?);
        Ok(MockPod { address, caller, service, stage, thread })
    }
}

impl MockPodBuilder {
    /// Who may log in.
    fn accounts(&self) -> io::Result<Accounts> {
        let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
        let key = |name: &str, pem: &str| {
            let message = "the key is no public RSA key in PEM of 2048 to 8192 bits: `openssl rsa -in KEY -pubout` prints the \
                           public half of a private one";
            PublicKey::parse(pem).ok_or_else(|| invalid(format!("`{}`: {message}", name.escape_debug())))
        };
        let taken = |name: &str| invalid(format!("`{}` is there already: give each once", name.escape_debug()));
        let mut accounts = Accounts::default();
        for user in &self.users {
            for (name, pem) in &user.accounts {
                if accounts.services.insert(name.clone(), (user.id(), key(name, pem)?)).is_some() {
                    return Err(taken(name));
                }
            }
        }
        for (id, pem) in &self.apps {
            if accounts.apps.insert(id.clone(), key(id, pem)?).is_some() {
                return Err(taken(id));
            }
        }
        Ok(accounts)
    }
}

/// Shows no token.
impl fmt::Debug for MockPodBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockPodBuilder")
            .field("port", &self.port)
            .field("users", &self.users)
            .field("compliance_words", &self.compliance_words)
            .field("faults", &self.faults)
            .field("real_time", &self.real_time)
            .finish_non_exhaustive()
    }
}
