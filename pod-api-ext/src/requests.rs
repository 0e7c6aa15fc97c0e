//! The common requests, which can't break a rule about their content.
//!
//! Each type has only the settings that its kind of room can have, and converts into the generated model, or into its builder
//! to set more. A setting that needs an entitlement says so; whether it is granted is checked by
//! [`Validate`](crate::prelude::Validate), which knows the [`Context`](crate::rules::Context).

mod direct_message;
mod room;
#[cfg(test)]
mod tests;

pub use direct_message::DirectMessage;
pub use room::{ExternalRoom, PrivateRoom, PublicRoom};
