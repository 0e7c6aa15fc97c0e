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

mod components;
mod dialect;
mod neighbours;
mod sampler;
mod sent;
mod taker;

pub use components::of;
pub use sent::Sent;
pub use taker::{Refused, Taker, Why};
