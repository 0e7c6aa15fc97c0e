//! What is known of an operation, and what polish has to do for it.

use std::collections::{BTreeMap, BTreeSet};

/// What an operation has that progenitor has no word for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Its path template in the document, where progenitor was given another one.
    pub path: Option<String>,
    /// The content type of its body, where that isn't the one that progenitor would send.
    pub content_type: Option<String>,
    /// Its body is `multipart/form-data`.
    pub multipart: bool,
    /// Its body may be left out.
    pub optional_body: bool,
    /// Its body is `application/x-www-form-urlencoded`.
    pub form: bool,
    /// The media types of the answers that aren't JSON, by status.
    pub media: BTreeMap<String, String>,
    /// Query parameters that are given as texts, with their separators.
    pub composed: Vec<String>,
    /// Statuses (`204`, `2XX`) that come without a body beside others that have one.
    pub bodiless: BTreeSet<String>,
    /// Statuses whose bodies have types of their own, and whether they come without a body.
    pub by_status: BTreeMap<String, bool>,
}

/// What the document says of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Its `operationId`.
    pub id: String,
    /// Its method, in capitals.
    pub method: String,
    /// Its path template.
    pub path: String,
    /// The statuses of its responses, in the document's order.
    pub statuses: Vec<String>,
    /// It is going to be withdrawn.
    pub deprecated: bool,
}
