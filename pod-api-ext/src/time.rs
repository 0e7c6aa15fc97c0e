//! The pod's dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time that many milliseconds after the start of 1970 (M5), or before it; `None` if the system has no such time.
pub(crate) fn from_milliseconds(milliseconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}
