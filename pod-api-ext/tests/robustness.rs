//! Whatever the text: an id by the documented mapping, or an error that points at what it blames. The fuzzer's target
//! (`fuzz/`) on a stable compiler, for the seeds and for some mutations of them.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, reason = "tests may panic")]

use std::fs;
use std::io;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

#[path = "robustness/input.rs"]
mod input;

fn seeds() -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/robustness/seeds");
    let mut seeds = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "seed") {
            seeds.push(fs::read(path)?);
        }
    }
    seeds.sort();
    Ok(seeds)
}

#[test]
fn every_seed_is_an_answer() -> io::Result<()> {
    let seeds = seeds()?;
    assert_eq!(seeds.len(), 6);
    seeds.iter().for_each(|seed| input::check(seed));
    Ok(())
}

#[test]
fn what_the_fuzzer_finds_is_an_answer_too() -> io::Result<()> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"=+/-_ %Az09".to_vec())];
    let change = (any::<prop::sample::Index>(), byte, 0..4);
    let inputs = (prop::sample::select(seeds()?), prop::collection::vec(change, 1..6));
    // The same inputs in every run: to find new ones is the fuzzer's part.
    let config = ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    proptest!(config, |((mut data, changes) in inputs)| {
        for (index, byte, edit) in changes {
            let index = index.index(data.len().max(1));
            match edit {
                0 if index < data.len() => data[index] = byte,
                1 if index < data.len() => data.truncate(index),
                2 => data.extend_from_within(..),
                _ => data.insert(index.min(data.len()), byte),
            }
        }
        input::check(&data);
    });
    Ok(())
}
