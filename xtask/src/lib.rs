//! How the fragments in `openapi/` become the crate `pod-api`.
//!
//! [`generate::generate`] is the way through, top to bottom; every other module is one of its stages or what the
//! stages share. Only [`read`] and [`output`] touch the disk. [`import`] comes before all that, and brings the fragments.

pub mod blame;
pub mod bump;
pub mod cli;
pub mod dependencies;
pub mod diagnostic;
pub mod diff;
pub mod generate;
pub mod grammar;
pub mod header;
pub mod import;
pub mod lock;
pub mod lower;
pub mod merge;
pub mod origins;
pub mod output;
pub mod overlay;
pub mod panics;
pub mod pointer;
pub mod polish;
pub mod progenitor;
pub mod read;
pub mod rust_name;
pub mod shape;
pub mod source;
pub mod summary;
