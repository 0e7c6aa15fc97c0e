//! What all clones of a client share.

use std::sync::Arc;

use reqwest::header::{HeaderName, HeaderValue};

use super::base_url::BaseUrl;
use super::drive::Bounds;
use super::refresh::Session;
use crate::rules::Context;

/// What all clones of a client share.
pub(crate) struct Inner {
    pub(crate) client: pod_api::Client,
    pub(crate) base: BaseUrl,
    pub(crate) session: Arc<Session>,
    pub(crate) context: Context,
    pub(crate) rules: bool,
    pub(crate) bounds: Bounds,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}
