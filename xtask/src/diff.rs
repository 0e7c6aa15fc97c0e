//! What one set of fragments means for those who use the client of another.

pub mod rust;
