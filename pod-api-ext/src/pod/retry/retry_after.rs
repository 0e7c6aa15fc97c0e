//! The header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long the pod asks to wait: a number of seconds, or until a date. `None` where it doesn't say, or says something
/// else. A date is counted from the `Date` of the answer, so that the pod's clock alone matters; without one, from `now`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits alone: what doesn't fit is longer than anybody waits.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let now = date_of(headers, DATE).unwrap_or(now);
    // A date in the past: now.
    Some(date.duration_since(now).unwrap_or_default())
}

fn date_of(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    /// Half a minute before the example of RFC 9110, section 5.6.7: 6 November 1994, 08:49:37.
    const NOW: Duration = Duration::from_secs(784_111_747);

    fn of(value: &[u8]) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_bytes(value).unwrap())]);
        retry_after(&headers, SystemTime::UNIX_EPOCH.checked_add(NOW).unwrap()).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_the_three_forms_of_a_date_are_understood() {
        for (value, seconds) in [
            ("0", 0),
            ("120", 120),
            ("007", 7),
            ("18446744073709551616", u64::MAX),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 30),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 30),
            ("Sun Nov  6 08:49:37 1994", 30),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
            ("Sat, 06 Nov 1993 08:49:37 GMT", 0),
        ] {
            assert_eq!(of(value.as_bytes()), Some(seconds), "{value}");
        }
    }

    #[test]
    fn anything_else_says_nothing() {
        for value in ["", "-1", "+1", "1.5", "1s", "soon", "Sun, 32 Nov 1994 08:49:37 GMT", "0x10"] {
            assert_eq!(of(value.as_bytes()), None, "{value}");
        }
        assert_eq!(of(b"\xff"), None);
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::now()), None);
    }

    #[test]
    fn a_date_is_counted_from_the_date_of_the_answer() {
        let wait = |date: &str| {
            let headers = HeaderMap::from_iter([
                (RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT")),
                (DATE, HeaderValue::from_str(date).unwrap()),
            ]);
            retry_after(&headers, SystemTime::now()).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:30 GMT"), Some(7));
        assert_eq!(wait("Sun, 06 Nov 1994 09:49:30 GMT"), Some(0));
        assert_eq!(wait("today"), Some(0), "by our clock, that date is long ago");
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_panic(value in "[ -~]{0,40}") {
            of(value.as_bytes());
        }
    }
}
