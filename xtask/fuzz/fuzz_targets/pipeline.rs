//! Whatever the fragments hold: no panic of ours, and an answer in time.
//!
//! `cargo +nightly fuzz run pipeline -- -dict=fuzz/openapi.dict -max_len=8192 -timeout=20`, in the folder `xtask`.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

#[path = "../input.rs"]
mod input;

// libFuzzer's hook ends the process on every panic. The one that xtask installs later, on its first call, goes before
// it, and keeps the panics of progenitor to itself.
fuzz_target!(|data: &[u8]| input::check(data));

// Bytes that change by chance are hardly ever JSON; so most of the time values change, not bytes.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mutated = data.get(..size).filter(|_| seed % 4 > 0).and_then(|data| input::mutated(data, u64::from(seed)));
    match mutated {
        Some(mutated) if mutated.len() <= max_size && mutated.len() <= data.len() => {
            data[..mutated.len()].copy_from_slice(&mutated);
            mutated.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
