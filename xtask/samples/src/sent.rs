//! Who sends a value.

/// Who sends the values: a request has nothing that is `readOnly`, a response nothing that is `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// From the client to the pod.
    Request,
    /// From the pod to the client.
    Response,
}

impl Sent {
    pub(crate) fn hidden(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}
