//! What shape knows of an operation and polish has to do.

use std::collections::BTreeSet;

/// What an operation has that progenitor has no word for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// The content type of its body, where that isn't the one that progenitor would send.
    pub content_type: Option<String>,
    /// Its body is `multipart/form-data`.
    pub multipart: bool,
    /// Statuses (`204`, `2XX`) that come without a body beside others that have one.
    pub bodiless: BTreeSet<String>,
}
