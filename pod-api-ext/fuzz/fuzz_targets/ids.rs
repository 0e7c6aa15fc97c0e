//! Whatever the text: no panic, the documented mapping and nothing else, and an error that points at what it blames.
//!
//! `cargo +nightly fuzz run ids fuzz/corpus/ids tests/robustness/seeds -- -max_len=1200`, in the folder `pod-api-ext`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/robustness/input.rs"]
mod input;

fuzz_target!(|data: &[u8]| input::check(data));
