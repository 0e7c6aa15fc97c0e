//! A program whose other dependencies switch on what they like in reqwest; see `tests/unified.rs`.
