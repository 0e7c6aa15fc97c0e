//! What was found, for people and machines.

pub(super) mod changelog;
mod gather;
pub(super) mod github;
pub(super) mod json;
pub(super) mod markdown;
mod summary;
pub(super) mod text;
mod words;
