//! The stages from the fragments to the document of OpenAPI 3.0.3.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code, also outside of test functions")]

mod lowering;
mod lowering_document;
mod lowering_property;
mod lowering_schemas;
mod support;

/// What a test ends in.
type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;
