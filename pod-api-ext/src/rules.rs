//! Requests checked against what the pages say in prose.
//!
//! [`Validate`](crate::prelude::Validate) says, before a request is sent, why the pod would refuse it: every reason at once, each with its
//! field and what to change. Every rule has a documented statement, nothing here asks the network, and
//! what isn't known (an entitlement, who the caller is) never refuses a request. Since a pod may be ahead of its pages,
//! every rule can be switched off by its code ([`Context::without`]), and all at once ([`Context::without_rules`]).
//!
//! ```
//! use pod_api_ext::pod_api::types::V3RoomAttributes;
//! use pod_api_ext::prelude::Validate as _;
//! use pod_api_ext::rules::{Context, Entitlement, Entitlements};
//!
//! let room = V3RoomAttributes::builder().name("Project X").public(true).discoverable(false).build()?;
//! let entitlements = Entitlements::new().denied(Entitlement::CanCreatePublicRoom);
//! let context = Context::new().entitlements(entitlements);
//!
//! let violations = room.validate(&context).unwrap_err();
//! let broken: Vec<_> =
//!     violations.iter().map(|violation| (violation.rule().code(), violation.field())).collect();
//! assert_eq!(
//!     broken,
//!     [("room.public.attributes", "/discoverable"), ("room.public.entitlement", "/public")]
//! );
//! # Ok::<(), pod_api_ext::pod_api::types::error::ConversionError>(())
//! ```
//!
//! # The rules
//! A *refusal* is a reason why a pod refuses the request. A *remark* is about something that a pod accepts but may not do as you
//! expect. Remarks alone don't make a request invalid; [`Validate::findings`](crate::prelude::Validate::findings) has them.
//!
//! | statement | code | severity | what the page says |
//! |---|---|---|---|
//! | I1/I6 | `im.users.too-few` | refusal | Two participants have to be given: at least two user ids. Distinct ids are counted (I3). |
//! | I2 | `im.users.caller` | remark | The caller is not added. It is said where the context knows the caller, and the list has it. |
//! | I3 | `im.users.duplicate` | remark | A user id that is given again is ignored. |
//! | I5 | `im.users.too-many` | refusal | More than two participants are no longer supported; that takes a room. |
//! | I7 | `im.role` | refusal | Only a service user with the role User Provisioning may call it. |
//! | R1 | `room.no-attributes` | remark | Without any attribute, the room is private. |
//! | R2 | `room.name.same` | remark | Names that differ only in case and white space are the same: see [`RoomName`](crate::RoomName). What a pod answers to a name that is taken is documented nowhere. |
//! | R3 | `room.name.length` | refusal | A name is shorter than 50 characters. Which unit is meant isn't said; refused is what is too long in bytes, units of UTF-16 and code points, that is: by code points. |
//! | R4 | `room.public.attributes` | refusal | A public room can't have `viewHistory`, `discoverable` or `membersCanInvite` false. |
//! | R5 | `room.cross-pod.attributes` | refusal | A cross-pod room can't have `readOnly`, `public` or `discoverable` true. |
//! | R6 | `room.cross-pod.history` | refusal | A cross-pod room with `viewHistory` true takes the pod's entitlement `canCreateExternalRoomSharedHistory` (SBE 20.14 on). |
//! | R7 | `room.public.entitlement` | refusal | A public room takes the user's entitlement `canCreatePublicRoom`. |
//! | R8 | `room.cross-pod.entitlement` | refusal | A cross-pod room takes the user's entitlement `isExternalRoomEnabled`. |
//! | R9 | `room.sub-type` | remark | `subType` is ignored. |
//! | R10 | `room.group-chat` | remark | `groupChat` is ignored (SBE 20.16 on). |
//!
//! That a tag takes both a key and a value (R11) is in the type [`RoomTag`](pod_api::types::RoomTag) already; the page
//! says nothing against empty ones.
//!
//! The I rules rest on the page
//! [create-im-or-mim-admin](https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/create-im-or-mim-admin.md),
//! the R rules on
//! [create-room-v3](https://rest-api.symphony.com/main/streams-conversations/room-endpoints/create-room-v3.md). On which
//! of their sentences each rests is in the repository's `openapi/sources.toml`, and a test fails once a page no longer has
//! such a sentence.

mod context;
mod entitlements;
mod findings;
mod im;
mod room;
mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod validate;
mod violation;

pub use context::Context;
pub use entitlements::{Entitlement, Entitlements, Grant, UnknownEntitlement};
pub use findings::{Findings, Violations};
pub use rule::{Rule, Severity, UnknownRule};
pub use violation::{Value, Violation};
