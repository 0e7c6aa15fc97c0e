//! Fragments become a client.

mod code;
mod lowering_types;
mod names;
mod roundtrip;
mod rust_verdict;
mod semver_checks;
mod support;

/// What a test ends in.
type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;
