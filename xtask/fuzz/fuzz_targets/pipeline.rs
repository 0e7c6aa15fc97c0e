//! Whatever the fragments hold: no panic of ours, and an answer in time.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../input.rs"]
mod input;
#[path = "../mutator.rs"]
mod mutator;

// libFuzzer's hook ends the process on every panic. The one that xtask installs later, on its first call, goes before
// it, and keeps the panics of progenitor to itself.
fuzz_target!(|data: &[u8]| input::check(data));
