//! How far the clock here is from the pod's.

use std::fmt;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};

use super::jwt::LIFE;

/// The clock here, seen from the pod's; in whole seconds, as `Date` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Ahead(u64),
    Behind(u64),
    /// The answer doesn't say when it was made.
    Unknown,
}

impl Clock {
    /// By the `Date` of an answer that came at `now`.
    pub(super) fn of(headers: &HeaderMap, now: SystemTime) -> Self {
        let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        match date.map(|date| now.duration_since(date).map_err(|error| error.duration())) {
            // The pod cuts what is left of a second.
            Some(Ok(ahead)) => Self::Ahead(ahead.as_secs()),
            Some(Err(behind)) => Self::Behind(rounded_up(behind)),
            None => Self::Unknown,
        }
    }
}

fn rounded_up(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, side) = match self {
            Self::Ahead(0 | 1) | Self::Behind(0 | 1) => return f.write_str("it agrees with the pod's"),
            Self::Ahead(seconds) => (*seconds, "ahead of"),
            Self::Behind(seconds) => (*seconds, "behind"),
            Self::Unknown => return f.write_str("the answer has no `Date` to compare it with"),
        };
        let life = LIFE.as_secs();
        if seconds >= life {
            write!(f, "it is {seconds} s {side} the pod's, and a log-in allows {life} s, so this is it")
        } else {
            write!(f, "it is {seconds} s {side} the pod's, which a log-in allows")
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_clock_is_compared_with_the_date_of_the_answer() {
        let date = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"))]);
        let half = Duration::from_millis(500);
        for (now, text) in [
            (date, "it agrees with the pod's"),
            (date + half, "it agrees with the pod's"),
            (date - half, "it agrees with the pod's"),
            (date + 149 * Duration::from_secs(1) + half, "it is 149 s ahead of the pod's, which a log-in allows"),
            (date - 2 * Duration::from_secs(1), "it is 2 s behind the pod's, which a log-in allows"),
            (
                date + Duration::from_secs(150),
                "it is 150 s ahead of the pod's, and a log-in allows 150 s, so this is it",
            ),
            (
                date - Duration::from_secs(3600),
                "it is 3600 s behind the pod's, and a log-in allows 150 s, so this is it",
            ),
        ] {
            assert_eq!(Clock::of(&headers, now).to_string(), text);
        }
    }

    #[test]
    fn without_a_date_nothing_is_known() {
        for date in [&b"today"[..], b"", b"\xff"] {
            let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_bytes(date).unwrap())]);
            assert_eq!(Clock::of(&headers, SystemTime::now()), Clock::Unknown);
        }
        assert_eq!(
            Clock::of(&HeaderMap::new(), SystemTime::now()).to_string(),
            "the answer has no `Date` to compare it with"
        );
    }
}
