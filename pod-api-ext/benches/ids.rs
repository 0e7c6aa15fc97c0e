//! What it costs to read an id, beside a plain copy; it may take twice as long.
//!
//! `cargo bench -p pod-api-ext --bench ids`

use divan::{Bencher, black_box};
use pod_api_ext::StreamId;

/// As the UI shows it: 36 characters, of which the mapping changes four.
const STANDARD_ID: &str = "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==";

/// The same as it is held.
const HELD_ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 1000)]
fn copy(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Box::<str>::from(black_box(STANDARD_ID)));
}

#[divan::bench(sample_size = 1000)]
fn parse_standard(bencher: Bencher<'_, '_>) {
    bencher.bench(|| black_box(STANDARD_ID).parse::<StreamId>());
}

#[divan::bench(sample_size = 1000)]
fn parse_held(bencher: Bencher<'_, '_>) {
    bencher.bench(|| black_box(HELD_ID).parse::<StreamId>());
}

/// From a `String`, whose memory is kept.
#[divan::bench(sample_size = 1000)]
fn parse_owned(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| STANDARD_ID.to_owned()).bench_values(StreamId::try_from);
}

/// The form that the UI shows, from an id.
#[divan::bench(sample_size = 1000)]
fn to_standard(bencher: Bencher<'_, '_>) {
    match StreamId::new(HELD_ID) {
        Ok(id) => bencher.bench(|| black_box(&id).to_standard().to_string()),
        Err(error) => eprintln!("{error}"),
    }
}
