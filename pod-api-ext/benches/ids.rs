//! What it costs to read an id, beside decoding and encoding it again, which other clients do, and beside a plain copy.
//!
//! ```sh
//! cargo bench -p pod-api-ext --bench ids
//! ```

#![allow(clippy::expect_used, reason = "without an id there is nothing to measure")]

mod ratio;

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pod_api_ext::StreamId;
use ratio::compare;

/// As the UI shows it: 36 characters, of which the mapping changes four.
const STANDARD_ID: &str = "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==";

/// The same as it is held.
const HELD_ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";

const RUNS: u32 = 5_000;

fn main() {
    let parse = |text: &str| black_box(text).parse::<StreamId>().expect("an id");
    let mut read = || drop(black_box(parse(STANDARD_ID)));
    let mut read_held = || drop(black_box(parse(HELD_ID)));
    let mut again = || {
        let bytes = STANDARD.decode(black_box(STANDARD_ID)).expect("Base64");
        drop(black_box(URL_SAFE_NO_PAD.encode(bytes)));
    };
    let mut copy = || drop(black_box(Box::<str>::from(black_box(STANDARD_ID))));
    let id = StreamId::new(HELD_ID).expect("an id");
    let mut write = || drop(black_box(black_box(&id).to_standard().to_string()));
    let mut write_again = || {
        let bytes = URL_SAFE_NO_PAD.decode(black_box(HELD_ID)).expect("Base64");
        drop(black_box(STANDARD.encode(bytes)));
    };
    compare("an id from the UI", RUNS, ("StreamId", &mut read), ("decoded and encoded", &mut again));
    compare("an id from the UI", RUNS, ("StreamId", &mut read), ("a copy", &mut copy));
    compare("an id as it is held", RUNS, ("StreamId", &mut read_held), ("a copy", &mut copy));
    compare("an id for the UI", RUNS, ("to_standard", &mut write), ("decoded and encoded", &mut write_again));
}
