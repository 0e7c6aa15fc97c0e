//! A pod that runs in the process, for tests; with the feature `mock`.
//!
//! It serves the operations of this API as the pages describe them, and fails on demand. Its log has the requests, for
//! assertions:
//!
//! ```
//! use pod_api::types::V3RoomAttributes;
//! use pod_api_ext::Operation;
//! use pod_api_ext::mock::http::StatusCode;
//! use pod_api_ext::mock::{Fault, MockPod};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pod = MockPod::start().await?;
//! let client = pod_api::Client::new(&pod.base_url());
//! let attributes = V3RoomAttributes::builder().name("Project X").build()?;
//!
//! // The first answer gets lost on its way, but the pod has created the room.
//! pod.fail(Operation::CreateRoom, Fault::reset().after_acting(), 1);
//! let call = client.v3_room_create_post().session_token(pod.token()).body(attributes);
//! let create = || call.clone().send();
//! assert!(matches!(create().await, Err(pod_api::Error::CommunicationError(_))));
//! assert_eq!(pod.rooms().len(), 1);
//!
//! // So the second finds the name taken.
//! let Err(pod_api::Error::ErrorResponse(error)) = create().await else {
//!     return Err("created twice".into());
//! };
//! assert_eq!(error.status(), StatusCode::BAD_REQUEST);
//! assert!(error.message.as_deref().is_some_and(|said| said.starts_with("There is a room of this name already")));
//!
//! assert_eq!(pod.count(Operation::CreateRoom), 2);
//! assert_eq!(pod.requests()[0].json(), Some(serde_json::json!({ "name": "Project X" })));
//! pod.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! For clients in other languages there is the program `mock_pod`, an example of this crate:
//! `cargo run -p pod-api-ext --features mock --example mock_pod -- --help`.
//!
//! # What it does
//! Numbers are those of the pages' statements.
//!
//! | asked for | answer |
//! |---|---|
//! | without a valid token, or with more than one | 401 |
//! | an IM without the role User Provisioning (I7) | 403 |
//! | an IM of fewer or more than two different users (I1, I3, I5, I6) | 400 |
//! | an IM of the same users again (I4) | the same id |
//! | a room whose name is taken but for case and white space (R2) | 400 |
//! | a room whose name has 50 characters or more (R3), or with attributes that exclude each other (R4, R5) | 400 |
//! | a room that takes an entitlement which isn't there (R6, R7, R8) | 403 |
//! | a room with `subType` or `groupChat` (R9, R10) | the room without them |
//! | a room with a word that compliance doesn't allow (R12) | 451 |
//! | what is known of an IM, by an id that isn't URL-safe (M1, M2) | 400 |
//! | what is known of an IM, without being a member or having a role for it (M3) | 403 |
//! | with fields or types that the specification doesn't have, or with tags that lack something (R11) | 400 |
//! | a body that isn't sent as JSON (`Content-Type: application/json`) | 415 |
//! | a log-in of a [service account](MockPodBuilder::service_account) or an [app](MockPodBuilder::app), signed by its key and ending within five minutes | a token |
//! | any other log-in | 401 |
//! | who the caller is (`GET /pod/v2/sessioninfo`) | id, user name, display name |
//! | another path, or another method | 404, 405 |
//!
//! # What no page says
//! Here the pod had to choose, and a real one may differ:
//! - A name that is taken is answered 400, and so is an id that no IM has.
//! - R3's characters are counted as UTF-16 units, since the server is written in Java.
//! - The token is looked at first, then roles, the body's shape, the rules, the entitlements, compliance and last the
//!   name.
//! - The switches of a room that a request leaves open are `false`, but for those that a public room can't be
//!   without (R4).
//! - The ids have the form that is observed of real pods, and dates that are the same on every run, unless
//!   [`MockPodBuilder::real_time`] is asked for.
//! - A log-in ends no other session of its user, and the texts of its 401 are the same for all reasons. Without a name of their
//!   own, users are called `user-` and their id.
//!
//! # A clock that is paused
//! The pod answers from a thread of its own. A clock that a test has paused goes on to the next time-out whenever the test has
//! nothing else to do, and so before the answer is there. Pause it once no answer is to come, or move it by hand: the example
//! `test_your_bot` does both.
//!
//! # What it speaks
//! It speaks HTTP/1.1 and, to those who know beforehand, HTTP/2; never TLS. It listens on 127.0.0.1 only.

mod builder;
mod clock;
mod endpoint;
mod fault;
mod faults;
mod log;
mod login;
mod refusal;
mod room_rules;
mod route;
mod server;
mod service;
mod sessions;
mod shape;
mod stage;
mod state;
mod streams;
mod user;
mod wire;

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::watch;

pub use builder::MockPodBuilder;
pub use endpoint::{Endpoint, UnknownEndpoint};
pub use fault::{Fault, ParseFaultError, PlannedFault};
/// The crate of the statuses and headers that faults and requests are made of.
pub use http;
pub use log::{Answered, Received};
pub use streams::{Im, Room};
pub use user::{Role, UnknownRole, User};

use self::service::Service;
use self::stage::Stage;
use crate::{MessageId, StreamId, UserId};

/// A pod that runs in the process; see the [module](self) for what it does.
///
/// It runs on a thread of its own until it is dropped.
///
/// ```
/// use pod_api_ext::mock::MockPod;
/// use pod_api_ext::{Operation, Pod};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = MockPod::start().await?;
/// let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
///
/// let im = mock.im_between(7_001, 7_002)?;
/// assert_eq!(pod.create_im([7_002, 7_001]).await?, im);
/// mock.set_active(&im, false);
/// assert_eq!(pod.im_info(&im).await?.im_system_info.and_then(|info| info.active), Some(false));
///
/// // The session ends, and there is no other token.
/// mock.expire_token();
/// assert!(pod.im_info(&im).await.is_err());
/// assert_eq!(mock.count(Operation::ImInfo), 2);
/// # Ok(())
/// # }
/// ```
pub struct MockPod {
    address: SocketAddr,
    caller: UserId,
    service: Arc<Service>,
    stage: watch::Sender<Stage>,
    thread: Option<JoinHandle<()>>,
}

impl MockPod {
    /// Starts a pod on a free port, whose caller can create IMs and private rooms.
    ///
    /// # Errors
    /// The system gives no socket, thread or random number.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Configures a pod.
    pub fn builder() -> MockPodBuilder {
        MockPodBuilder::new()
    }

    /// What a client takes as its base URL: `http://127.0.0.1:PORT/pod`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, route::BASE_PATH)
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The user whose session [`token`](Self::token) is.
    #[must_use]
    pub const fn caller(&self) -> UserId {
        self.caller
    }

    /// The caller's latest token, valid or not.
    #[must_use]
    pub fn token(&self) -> String {
        self.token_of(self.caller).unwrap_or_default()
    }

    /// The latest token of a user that the pod knows.
    #[must_use]
    pub fn token_of(&self, user: impl Into<UserId>) -> Option<String> {
        self.service.state().sessions.latest(user.into()).map(str::to_owned)
    }

    /// Logs the caller in once more: the new token is valid, and those before it are answered 401 from now on.
    ///
    /// # Errors
    /// The system gives no random number.
    pub fn issue_token(&self) -> io::Result<String> {
        let token = sessions::new_token()?;
        self.service.state().sessions.renew(self.caller, token.clone());
        Ok(token)
    }

    /// Ends the caller's session: every call is answered 401 until there is [another token](Self::issue_token).
    pub fn expire_token(&self) {
        self.service.state().sessions.expire(self.caller);
    }

    /// Ends the caller's session after `calls` more calls.
    ///
    /// Calls to which a [fault](Fault) happens count only if the pod acts.
    pub fn expire_token_after(&self, calls: usize) {
        self.service.state().sessions.expire_after(self.caller, calls);
    }

    /// Makes the next `times` calls of an operation, or log-ins, fail.
    ///
    /// Each operation has a queue of faults: they happen in the order in which they were added.
    pub fn fail(&self, endpoint: impl Into<Endpoint>, fault: Fault, times: usize) {
        self.service.faults().add(endpoint.into(), fault, times);
    }

    /// How many of the next calls of an operation will fail.
    #[must_use]
    pub fn pending_faults(&self, endpoint: impl Into<Endpoint>) -> usize {
        self.service.faults().pending(endpoint.into())
    }

    /// Forgets the faults that haven't happened yet.
    pub fn clear_faults(&self) {
        self.service.faults().clear();
    }

    /// The requests that reached the pod, the earliest first. It keeps the latest: 100,000 of
    /// them, and no more than 64 MiB of bodies and headers.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.service.log.requests()
    }

    /// How many calls of an operation reached the pod, answered or not.
    #[must_use]
    pub fn count(&self, endpoint: impl Into<Endpoint>) -> usize {
        self.service.log.count(endpoint.into())
    }

    /// Waits until `calls` calls of an operation have reached the pod, answered or not.
    pub async fn reached(&self, endpoint: impl Into<Endpoint>, calls: usize) {
        self.service.log.reach(endpoint.into(), calls).await;
    }

    /// Forgets the requests, so that they are counted from 0 again.
    pub fn clear_requests(&self) {
        self.service.log.clear();
    }

    /// The IMs that there are, the oldest first.
    #[must_use]
    pub fn ims(&self) -> Vec<Im> {
        self.service.state().ims().to_vec()
    }

    /// The rooms that there are, the oldest first.
    #[must_use]
    pub fn rooms(&self) -> Vec<Room> {
        self.service.state().rooms.clone()
    }

    /// The IM of two users, which is created if there is none. The log doesn't show it.
    ///
    /// # Errors
    /// Both are the same user.
    pub fn im_between(&self, one: impl Into<UserId>, other: impl Into<UserId>) -> io::Result<StreamId> {
        let participants = BTreeSet::from([one.into(), other.into()]);
        if participants.len() < 2 {
            let message = "an IM has two participants: give two different user ids";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let id = self.service.state().im_between(participants);
        id.map_err(|refusal| io::Error::other(refusal.message))
    }

    /// Sets whether messages can be sent in an IM (M4). `false` if there is no such IM.
    pub fn set_active(&self, im: &StreamId, active: bool) -> bool {
        self.change(im, |im| im.active = active)
    }

    /// Pins a message in an IM, or none (M6). `false` if there is no such IM.
    pub fn pin(&self, im: &StreamId, message: Option<MessageId>) -> bool {
        self.change(im, |im| im.pinned = message)
    }

    fn change(&self, id: &StreamId, change: impl FnOnce(&mut Im)) -> bool {
        self.service.state().im_mut(id).map(change).is_some()
    }

    /// Stops the pod once the calls in progress are answered; it waits five seconds for them.
    ///
    /// Dropping the pod stops it at once.
    pub async fn stop(self) {
        self.stage.send_replace(Stage::Stopping);
        // The thread drops its receiver when it ends; dropping `self` then waits for the thread itself.
        self.stage.closed().await;
    }
}

impl Drop for MockPod {
    fn drop(&mut self) {
        self.stage.send_replace(Stage::Gone);
        if let Some(thread) = self.thread.take() {
            // It fails if the thread panicked, which has been reported where it happened.
            let _ = thread.join();
        }
    }
}

/// Shows no token.
impl fmt::Debug for MockPod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockPod").field("address", &self.address).field("caller", &self.caller).finish_non_exhaustive()
    }
}
