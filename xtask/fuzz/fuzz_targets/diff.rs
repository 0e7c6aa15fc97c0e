//! Whatever two sets of fragments hold: a comparison without a panic of ours, in time, and of nothing with itself.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../input.rs"]
mod input;
#[path = "../mutator.rs"]
mod mutator;

// The other side is a mutation, by a number that is the input's own.
fuzz_target!(|data: &[u8]| input::check_comparison(data, data.iter().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)))));
