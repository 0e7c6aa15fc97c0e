//! Why a model gives no id.

use std::error::Error;
use std::fmt;

use crate::stream_id::ParseIdError;

/// Why a field of a generated model gives no id. The field is named as in JSON, from the model on: `Stream.id`.
///
/// ```
/// use pod_api::types::Stream;
/// use pod_api_ext::ids::FieldError;
/// use pod_api_ext::prelude::StreamIdExt as _;
///
/// let error = Stream::default().stream_id().unwrap_err();
/// assert_eq!(error, FieldError::Missing { field: "Stream.id" });
/// assert_eq!(error.to_string(), "the pod left out `Stream.id`: take the id from elsewhere");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldError {
    /// The pod left the field out, which it may do with any field of a response.
    Missing {
        /// The field.
        field: &'static str,
    },
    /// The field doesn't hold an id; the source says why.
    Invalid {
        /// The field.
        field: &'static str,
        /// Why it isn't one.
        source: ParseIdError,
    },
}

impl FieldError {
    /// The field, as in JSON, from the model on.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Missing { field } | Self::Invalid { field, .. } => field,
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { field } => write!(f, "the pod left out `{field}`: take the id from elsewhere"),
            Self::Invalid { field, .. } => {
                write!(f, "`{field}` doesn't hold an id: the text itself is in the field of the model")
            }
        }
    }
}

impl Error for FieldError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing { .. } => None,
            Self::Invalid { source, .. } => Some(source),
        }
    }
}
