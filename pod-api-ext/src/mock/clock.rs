//! When streams are created, and which ids they get.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 2021-02-09 14:52:44.138 UTC, at which the first stream is created unless another time is asked for.
const START: i64 = 1_612_882_364_138;

/// What lies between two streams, in milliseconds.
const STEP: i64 = 1_000;

/// Gives creation dates, in milliseconds since 1970, and ids of the form that is observed of real pods.
#[derive(Debug)]
pub(super) struct Clock {
    /// Of the next stream, at the earliest.
    next: i64,
    /// Whether the dates keep up with the machine's clock.
    real: bool,
    /// How many ids there are.
    minted: u64,
}

impl Clock {
    /// The same dates on every run, and so the same ids.
    pub(super) const fn fixed() -> Self {
        Self { next: START, real: false, minted: 0 }
    }

    /// The machine's time, but never the same twice.
    pub(super) const fn real() -> Self {
        Self { next: i64::MIN, real: true, minted: 0 }
    }

    /// The date of the next stream and its id.
    pub(super) fn stream(&mut self) -> (i64, String) {
        let date = if self.real { self.next.max(now()) } else { self.next };
        self.next = date.saturating_add(if self.real { 1 } else { STEP });
        self.minted = self.minted.wrapping_add(1);
        (date, stream_id(self.minted, date))
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// 16 bytes that look random, `i64::MAX` less the creation date in 8 bytes, `t` for a stream: the form
/// of the ids that were observed, which is documented nowhere.
fn stream_id(number: u64, date: i64) -> String {
    let mut bytes = Vec::with_capacity(25);
    bytes.extend(mixed(number).to_be_bytes());
    bytes.extend(mixed(!number).to_be_bytes());
    bytes.extend(i64::MAX.wrapping_sub(date).to_be_bytes());
    bytes.push(b't');
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A bijection (the finaliser of SplitMix64), so that two numbers never share an id.
const fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_observed_form_and_are_the_same_on_every_run() {
        let mut clock = Clock::fixed();
        let (date, id) = clock.stream();
        let (next_date, next_id) = clock.stream();
        assert_eq!((date, next_date), (1_612_882_364_138, 1_612_882_365_138));
        assert_eq!(Clock::fixed().stream(), (date, id.clone()));
        assert_ne!(id, next_id);
        assert_eq!(id.len(), 34);
        let bytes = URL_SAFE_NO_PAD.decode(id).unwrap();
        assert_eq!(bytes[24], b't');
        assert_eq!(i64::MAX - i64::from_be_bytes(bytes[16..24].try_into().unwrap()), date);
    }

    #[test]
    fn a_known_id_has_the_date_that_ours_would_have() {
        let known = URL_SAFE_NO_PAD.decode("7X1cP_3wMD4mr6rcp7j26X___oh4uDkVdA").unwrap();
        let ours = URL_SAFE_NO_PAD.decode(stream_id(1, START)).unwrap();
        assert_eq!(ours[16..], known[16..]);
    }

    #[test]
    fn two_streams_of_one_moment_have_dates_of_their_own() {
        let mut clock = Clock::real();
        let ((first, _), (second, _)) = (clock.stream(), clock.stream());
        assert!(second > first, "{first} {second}");
        assert!(first > START);
    }
}
