//! Whatever a page holds: no panic of ours, and an answer in time.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../input.rs"]
mod input;

fuzz_target!(|data: &[u8]| input::check_page(data));
