//! Whether the pod runs.

/// Whether the pod runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Running,
    /// No new calls; those that are being answered come to their end.
    Stopping,
    /// Nothing comes to its end any more.
    Gone,
}
