//! What it costs to read an id, beside a plain copy and beside what peers do: decode, then encode anew.
//!
//! `cargo bench -p pod-api-ext --bench ids`

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
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

/// What the conversion is in peers; it loses the bits that belong to no byte, or refuses an id that has them.
#[divan::bench(sample_size = 1000)]
fn base64_decode_and_encode(bencher: Bencher<'_, '_>) {
    bencher.bench(|| STANDARD.decode(black_box(STANDARD_ID)).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)));
}

/// The same at its best: decoded onto the stack.
#[divan::bench(sample_size = 1000)]
fn base64_decode_to_stack_and_encode(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let mut bytes = [0; 27];
        let length = STANDARD.decode_slice(black_box(STANDARD_ID), &mut bytes)?;
        Ok::<_, base64::DecodeSliceError>(bytes.get(..length).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)))
    });
}

/// The form that the UI shows, from an id.
#[divan::bench(sample_size = 1000)]
fn to_standard(bencher: Bencher<'_, '_>) {
    match StreamId::new(HELD_ID) {
        Ok(id) => bencher.bench(|| black_box(&id).to_standard().to_string()),
        Err(error) => eprintln!("{error}"),
    }
}
