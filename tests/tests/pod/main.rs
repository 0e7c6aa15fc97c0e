//! The client that is bound to a session, against a pod in the process and against bytes.

mod calls;
mod errors;
mod examples;
mod faults;
mod http2;
mod login;
mod memory;
mod session;
mod tls;
mod tracing;
