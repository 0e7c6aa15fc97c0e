//! Fragments become a client.

mod lowering_types;
mod names;
mod support;

/// What a test ends in.
type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;
