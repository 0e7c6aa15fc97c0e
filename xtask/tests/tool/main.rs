//! The commands, as a maintainer runs them.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code, also outside of test functions")]

mod apart;
mod bump;
mod bumps;
mod circles;
mod conflicts;
mod diff;
mod diff_history;
mod explain;
mod fetch;
mod ground;
mod hostile;
mod hurry;
mod import;
mod import_errors;
mod import_prose;
mod kinds;
mod lock;
mod next_version;
mod overlay;
mod pages;
mod pairs;
mod pipeline;
mod process;
mod readme;
mod robustness;
mod saved_pages;
mod shelf;
mod standalone;
mod stopped;
mod values;
mod workspace;

/// What a test ends in.
type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;
