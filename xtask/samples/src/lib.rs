//! Values that a schema takes, and values that one schema takes and another refuses: **samples**.
//!
//! A generator makes values from what a schema says; a validator that others wrote has the last word on each, so that a
//! fault of the generator costs a sample and never a wrong statement.
//!
//! ```
//! use serde_json::json;
//! use xtask_samples::{Sent, Taker};
//!
//! let (document, sent) = (json!({}), Sent::Request);
//! let old = Taker::of(&document, &[&json!({"type": "string", "maxLength": 5})], sent).ok_or("no schema")?;
//! let new = Taker::of(&document, &[&json!({"type": "string", "maxLength": 3})], sent).ok_or("no schema")?;
//! assert_eq!(old.refused_by(&new).first().map(|refused| &refused.value), Some(&json!("aaaa")));
//! assert!(new.refused_by(&old).is_empty());
//! # Ok::<(), &str>(())
//! ```

mod dialect;
mod neighbours;
mod sampler;
mod taker;

pub use sampler::of;
pub use taker::{Refused, Taker, Why};

/// Who sends the values: a request has nothing that is `readOnly`, a response nothing that is `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// From the client to the pod.
    Request,
    /// From the pod to the client.
    Response,
}

impl Sent {
    fn hidden(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}
