//! What the pages of Symphony's Pod API say in prose, on top of the generated client [`pod_api`].
//!
//! - [`StreamId`], [`MessageId`] and [`UserId`]: ids that can't be mixed up, in the one form that goes into URLs, made
//!   from any form that the UI, an endpoint or an event gives.
//! - [`StreamIdExt`], [`SystemInfoExt`], [`PinExt`] and their like: the ids, times and pins of the generated models, typed.
//! - [`Validate`]: what a pod would refuse a request for, by the documented [rules], before it is sent.
//! - [`PrivateRoom`], [`PublicRoom`], [`ExternalRoom`] and [`DirectMessage`]: the common [requests], which can't break a
//!   rule about what is in them.
//! - [`RoomName`]: names of rooms, the same where the pod takes them for the same.
//! - `mock` (with the feature of that name): a pod that runs in the process, for tests.
//!
//! The documentation cites the statements of the pages by number: I1 to I7 are those of "Create IM", R1 to R12 of "Create
//! Room" and M1 to M6 of "IM Info". Those that a request can break are in the table of the [rules](rules#the-rules).
//!
//! # Features
//! - `rustls` (default): TLS by rustls, with the system's trusted certificates.
//! - `native-tls`: TLS by the operating system.
//! - `mock`: the module `mock`.

mod message_id;
#[cfg(feature = "mock")]
pub mod mock;
mod models;
mod operation;
pub mod requests;
mod room_name;
pub mod rules;
mod stream_id;
mod time;
mod user_id;

pub use message_id::MessageId;
pub use models::{CreatorExt, FieldError, GroupItemExt, Pin, PinExt, StreamIdExt, SystemInfoExt, UserIdListExt};
pub use operation::{Operation, ParseOperationError};
pub use pod_api;
pub use requests::{DirectMessage, ExternalRoom, PrivateRoom, PublicRoom};
pub use room_name::RoomName;
pub use rules::{
    Context, Entitlement, Entitlements, Findings, Grant, Rule, Severity, UnknownEntitlement, UnknownRule, Validate,
    Violation, Violations,
};
pub use stream_id::{Hint, IdKind, MixUp, ParseIdError, Standard, StreamId};
pub use user_id::{ParseUserIdError, UserId};
