//! How inputs of fragments change: bytes that change by chance are hardly ever JSON; so most of the time values change, not
//! bytes.

use libfuzzer_sys::{fuzz_mutator, fuzzer_mutate};

use super::input;

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
