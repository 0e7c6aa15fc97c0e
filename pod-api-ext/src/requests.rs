//! The common requests, made so that they can't break a rule about what is in them.
//!
//! Each type has only the settings that its kind of room can have, and becomes the generated model, or its builder where
//! something else is to be set. What needs an entitlement is said at the setting; whether the pod grants it is for
//! [`Validate`](crate::prelude::Validate) to tell, which knows the [`Context`](crate::rules::Context).

mod direct_message;
mod room;
#[cfg(test)]
mod tests;

pub use direct_message::DirectMessage;
pub use room::{ExternalRoom, PrivateRoom, PublicRoom};
