//! What the pages of Symphony's Pod API say in prose, on top of the generated client [`pod_api`].
//!
//! # Features
//! - `rustls` (default): TLS by rustls, with the system's trusted certificates.
//! - `native-tls`: TLS by the operating system.
//! - `mock`: a pod that runs in the process, in `pod_api_ext::mock`, for tests.

mod operation;

pub use operation::{Operation, ParseOperationError};
pub use pod_api;
