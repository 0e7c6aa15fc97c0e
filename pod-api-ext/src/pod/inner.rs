//! What all clones of a client share.

use std::sync::Arc;

use reqwest::header::{HeaderName, HeaderValue};

use super::drive::Bounds;
use super::gateway::Gateway;
use super::refresh::Session;
use super::throttle::Throttle;
use super::transport::Transport;
use crate::rules::Context;

/// What all clones of a client share.
pub(crate) struct Inner {
    pub(crate) transport: Arc<Transport>,
    pub(crate) session: Arc<Session>,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) context: Context,
    pub(crate) rules: bool,
    pub(crate) bounds: Bounds,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) gateway: Gateway,
    /// Whether secrets may go over connections that anybody on the way can read.
    pub(crate) plain_http: bool,
}
