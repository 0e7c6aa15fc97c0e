//! What differs, and what it means for clients.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code, also outside of test functions")]

mod catalogue;
mod meaning;
mod minute;
mod mutations;
mod oasdiff;
mod support;
mod unseen;

/// What a test ends in.
type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;
