//! The generated client, the way an outsider uses it.

mod document;
mod readme;
mod safety;
mod statuses;
mod unions;
mod wire;
