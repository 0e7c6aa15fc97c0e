//! What the pages of Symphony's Pod API say in prose, on top of the generated client [`pod_api`].
//!
//! Nothing of it is here yet but the client itself: the stream ids and the validation rules come first, then a client
//! that is bound to a session.

pub use pod_api;
