//! Whatever the actions of an overlay are: no panic of ours, and an answer in time.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../input.rs"]
mod input;

fuzz_target!(|data: &[u8]| input::check_overlay(data));
