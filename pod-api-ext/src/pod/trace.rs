//! What a call tells `tracing`.

use std::time::Duration;

use reqwest::StatusCode;
use tracing::Span;

use super::called::Called;
use super::error::{Error, TokenError};
use super::retry::Decision;
use super::trace_id::{CallInfo, TraceId};

/// The target of all spans and events, which stays the same wherever this file is.
const TARGET: &str = "pod_api_ext";

/// The span of a call.
pub(crate) fn span(called: Called, trace_id: &TraceId) -> Span {
    tracing::info_span!(target: TARGET, "pod_call", operation = called.name(), trace_id = trace_id.as_str())
}

/// A try that gave a result.
pub(crate) fn answered(call: &CallInfo, status: StatusCode) {
    tracing::debug!(target: TARGET,
        operation = call.called.name(),
        status = status.as_u16(),
        "try" = call.tries,
        trace_id = call.trace_id.as_str(),
        "answered"
    );
}

/// A log-in that failed for a moment. The error's text is the source's, and so may be anything.
pub(crate) fn no_token(error: &TokenError, wait: Duration) {
    let (operation, trace_id) = (error.call.called.name(), error.call.trace_id.as_str());
    tracing::warn!(target: TARGET,
        operation,
        "try" = error.call.tries,
        ?wait,
        trace_id,
        event = error.event().words(),
        "asked again for a token after a wait"
    );
}

/// A call that waits in a pause that the pod asked another call for.
pub(crate) fn held_back(call: &CallInfo, wait: Duration) {
    let (operation, trace_id) = (call.called.name(), call.trace_id.as_str());
    tracing::info!(target: TARGET, operation, ?wait, trace_id, "held back, as the pod asked another call to wait");
}

/// A try that gave none. Of the error only what isn't the pod's text: that is a body.
pub(crate) fn failed(call: &CallInfo, error: &Error, decision: Decision, wait: Option<Duration>) {
    let status = error.status().map(|status| status.as_u16());
    let (operation, trace_id) = (call.called.name(), call.trace_id.as_str());
    let (event, wait) = (error.event().words(), wait.map(tracing::field::debug));
    match decision {
        Decision::Again => {
            tracing::warn!(target: TARGET, operation, status, "try" = call.tries, wait, trace_id, event, "sent again after a wait");
        }
        Decision::Renew => {
            tracing::warn!(target: TARGET, operation, status, "try" = call.tries, trace_id, event, "sent again with a new token");
        }
        Decision::Answer => {
            tracing::info!(target: TARGET, operation, status, "try" = call.tries, trace_id, event, "failed")
        }
    }
}
