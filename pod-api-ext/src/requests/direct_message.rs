//! A conversation of two.

use pod_api::types::UserIdList;

use crate::UserId;
use crate::prelude::Validate as _;
use crate::rules::{Context, Violations};

/// A conversation of two different users, as [`v1_admin_im_create_post`](pod_api::Client::v1_admin_im_create_post) wants
/// it. The pod doesn't add the caller (I2).
///
/// ```no_run
/// use pod_api_ext::{DirectMessage, UserId, pod_api};
///
/// # async fn run(client: pod_api::Client, token: &str, alice: UserId, bob: UserId) -> Result<(), Box<dyn std::error::Error>> {
/// let request = DirectMessage::between(alice, bob)?;
/// let stream = client.v1_admin_im_create_post().session_token(token).body(request).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DirectMessage([UserId; 2]);

impl DirectMessage {
    /// Between these two.
    ///
    /// # Errors
    /// They are one user (I1/I6).
    pub fn between(one: UserId, other: UserId) -> Result<Self, Violations> {
        let request = Self([one, other]);
        UserIdList::from(request).validate(&Context::new())?;
        Ok(request)
    }

    /// The two, in the order they were given.
    #[must_use]
    pub fn participants(&self) -> [UserId; 2] {
        self.0
    }
}

impl From<DirectMessage> for UserIdList {
    fn from(request: DirectMessage) -> Self {
        request.0.into_iter().collect()
    }
}
