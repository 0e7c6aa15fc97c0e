//! Whatever fragments, overlays and pages hold: no panic, and an answer in time. The fuzzer's targets (`fuzz/`) on a stable
//! compiler, for the seeds and for some mutations of them.

use std::fs;
use std::io;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

#[path = "../../fuzz/input.rs"]
mod input;

fn seeds(target: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut seeds = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // A fuzzer that ran here leaves what it found beside the seeds.
        if path.extension().is_some_and(|extension| extension == "seed") {
            seeds.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path)?));
        }
    }
    seeds.sort();
    Ok(seeds)
}

/// The same inputs in every run: to find new ones is the fuzzer's part.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

#[test]
fn every_seed_becomes_a_client_so_that_its_mutations_go_far() -> io::Result<()> {
    for (name, seed) in seeds("pipeline")? {
        input::check(&seed);
        if let Some(Err(problems)) = input::generated(&seed) {
            assert!(name.starts_with("bad-"), "{name}: {problems}");
        }
    }
    Ok(())
}

#[test]
fn what_the_fuzzer_finds_is_an_answer_too() -> io::Result<()> {
    let inputs = (prop::sample::select(seeds("pipeline")?), prop::collection::vec(any::<u64>(), 1..4));
    proptest!(config(64), |(((_, seed), chances) in inputs)| {
        let mutate = |data: Vec<u8>, chance: u64| input::mutated(&data, chance).unwrap_or(data);
        input::check(&chances.into_iter().fold(seed, mutate));
    });
    Ok(())
}

#[test]
fn whatever_the_fuzzer_finds_can_be_compared() -> io::Result<()> {
    let inputs = (prop::sample::select(seeds("pipeline")?), prop::collection::vec(any::<u64>(), 0..3), any::<u64>());
    proptest!(config(128), |(((_, seed), chances, chance) in inputs)| {
        let mutate = |data: Vec<u8>, chance: u64| input::mutated(&data, chance).unwrap_or(data);
        input::check_comparison(&chances.into_iter().fold(seed, mutate), chance);
    });
    Ok(())
}

#[test]
fn bytes_that_are_nothing_are_an_answer_too() -> io::Result<()> {
    for target in ["pipeline", "overlay", "page"] {
        let change = (any::<prop::sample::Index>(), any::<u8>());
        let inputs = (prop::sample::select(seeds(target)?), prop::collection::vec(change, 0..4));
        proptest!(config(256), |(((_, mut data), changes) in inputs)| {
            for (index, byte) in changes {
                let index = index.index(data.len());
                data[index] = byte;
            }
            match target {
                "overlay" => input::check_overlay(&data),
                "page" => input::check_page(&data),
                _ => input::check(&data),
            }
        });
    }
    Ok(())
}
