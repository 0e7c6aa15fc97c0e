//! What the pages of Symphony's Pod API say in prose, on top of the generated client [`pod_api`].
//!
//! - [`StreamId`], [`MessageId`] and [`UserId`]: ids that can't be mixed up, in the one form that goes into URLs, made
//!   from any form that the UI, an endpoint or an event gives.
//! - [`StreamIdExt`], [`SystemInfoExt`], [`PinExt`] and their like: the ids, times and pins of the generated models, typed.
//!
//! The documentation cites the statements of the pages by number: M1 to M6 are those of "IM Info".

mod message_id;
mod models;
mod stream_id;
mod time;
mod user_id;

pub use message_id::MessageId;
pub use models::{CreatorExt, FieldError, GroupItemExt, Pin, PinExt, StreamIdExt, SystemInfoExt, UserIdListExt};
pub use pod_api;
pub use stream_id::{Hint, IdKind, MixUp, ParseIdError, Standard, StreamId};
pub use user_id::{ParseUserIdError, UserId};
