//! The pod's dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time that many milliseconds after the start of 1970 (M5), or before it; `None` if the system has no such time.
pub(crate) fn from_milliseconds(milliseconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn milliseconds_are_counted_from_1970_in_both_directions() {
        assert_eq!(from_milliseconds(0), Some(UNIX_EPOCH));
        assert_eq!(from_milliseconds(1_500), Some(UNIX_EPOCH + Duration::new(1, 500_000_000)));
        assert_eq!(from_milliseconds(-1_500), Some(UNIX_EPOCH - Duration::new(1, 500_000_000)));
    }

    proptest! {
        #[test]
        fn a_time_is_as_far_away_as_it_has_milliseconds(milliseconds: i64) {
            let Some(time) = from_milliseconds(milliseconds) else { return Ok(()) };
            let (past, distance) = match time.duration_since(UNIX_EPOCH) {
                Ok(since) => (false, since),
                Err(error) => (true, error.duration()),
            };
            prop_assert_eq!(distance, Duration::from_millis(milliseconds.unsigned_abs()));
            prop_assert_eq!(past, milliseconds < 0);
        }
    }

    #[test]
    fn the_farthest_milliseconds_give_a_time_or_none() {
        for milliseconds in [i64::MIN, i64::MIN + 1, i64::MAX] {
            let distance = Duration::from_millis(milliseconds.unsigned_abs());
            let expected =
                if milliseconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
            assert_eq!(from_milliseconds(milliseconds), expected);
        }
    }
}
