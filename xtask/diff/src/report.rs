//! What was found, for people and machines.

pub(super) mod changelog;
pub(super) mod json;
pub(super) mod markdown;
pub(super) mod text;
mod words;
