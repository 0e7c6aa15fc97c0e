//! What a call is found by in the logs of the pod.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};

use super::called::Called;

/// The header of a trace id.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-trace-id");

/// What a call is found by in the logs of the pod. It is held as it is sent, so that a call makes it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceId(HeaderValue);

impl TraceId {
    /// 32 random hexadecimal digits: the form that W3C Trace Context gives a trace id.
    pub(crate) fn made() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut random = fastrand::u128(1..);
        let text = [(); 32].map(|()| {
            let digit = DIGITS.get((random & 15) as usize);
            random >>= 4;
            digit.copied().unwrap_or(b'0')
        });
        Self(HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("none")))
    }

    /// One that the caller has.
    pub(crate) fn given(text: &str) -> Result<Self, String> {
        let visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = Some(text).filter(|_| visible).and_then(|text| HeaderValue::from_str(text).ok());
        let problem = || "the trace id can't be a header: give visible ASCII characters without spaces".to_owned();
        value.map(Self).ok_or_else(problem)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) const fn as_header(&self) -> &HeaderValue {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A call, for messages.
#[derive(Clone, Debug)]
pub(crate) struct CallInfo {
    pub(crate) called: Called,
    pub(crate) trace_id: TraceId,
    /// The requests that were sent so far.
    pub(crate) tries: u32,
    /// It would have been sent again, but the client's budget of retries was spent.
    pub(crate) is_budget_spent: bool,
}

impl CallInfo {
    pub(crate) const fn new(called: Called, trace_id: TraceId) -> Self {
        Self { called, trace_id, tries: 0, is_budget_spent: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_id_that_is_made_is_32_hexadecimal_digits_and_another_one_each_time() {
        let (one, two) = (TraceId::made(), TraceId::made());
        assert_ne!(one, two);
        assert_eq!(one.as_str().len(), 32);
        assert!(one.as_str().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    }

    #[test]
    fn a_trace_id_that_is_given_has_to_be_a_header() {
        assert_eq!(TraceId::given("a-1").map(|id| id.to_string()), Ok("a-1".to_owned()));
        for text in ["", "a b", "a\r\nX: y", "é"] {
            let message = "the trace id can't be a header: give visible ASCII characters without spaces";
            assert_eq!(TraceId::given(text), Err(message.to_owned()), "{text:?}");
        }
    }
}
