//! The operations of the API, as data.

use std::fmt;
use std::str::FromStr;

/// An operation of the API.
///
/// It is written as [`name`](Self::name) says, in messages and on command lines.
///
/// ```
/// use pod_api_ext::Operation;
///
/// let operation: Operation = "create-room".parse()?;
/// assert_eq!(operation, Operation::CreateRoom);
/// assert_eq!(format!("{} {}", operation.method(), operation.path()), "POST /v3/room/create");
/// # Ok::<(), pod_api_ext::ParseOperationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operation {
    /// Create an IM that the caller isn't part of; page `create-im-or-mim-admin`.
    CreateIm,
    /// Create a room; page `create-room-v3`.
    CreateRoom,
    /// Ask for what is known of an IM; page `im-info`.
    ImInfo,
}

impl Operation {
    /// All of them.
    pub const ALL: &[Self] = &[Self::CreateIm, Self::CreateRoom, Self::ImInfo];

    /// A short name, of lower-case words with dashes between them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateIm => "create-im",
            Self::CreateRoom => "create-room",
            Self::ImInfo => "im-info",
        }
    }

    /// Its name in the OpenAPI document, [`pod_api::OPENAPI_JSON`].
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::CreateIm => "v1AdminImCreatePost",
            Self::CreateRoom => "v3RoomCreatePost",
            Self::ImInfo => "v1ImIdInfoGet",
        }
    }

    /// The HTTP method it is called by.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::CreateIm | Self::CreateRoom => "POST",
            Self::ImInfo => "GET",
        }
    }

    /// Its path below the base URL, as a template of the OpenAPI document.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::CreateIm => "/v1/admin/im/create",
            Self::CreateRoom => "/v3/room/create",
            Self::ImInfo => "/v1/im/{id}/info",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Operation {
    type Err = ParseOperationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|operation| operation.name() == text);
        found.copied().ok_or_else(|| ParseOperationError(text.chars().take(40).collect()))
    }
}

/// A text is the name of no [`Operation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseOperationError(String);

impl fmt::Display for ParseOperationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no operation: write create-im, create-room or im-info", self.0.escape_debug())
    }
}

impl std::error::Error for ParseOperationError {}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_operation_of_the_document_is_here_with_its_method_path_and_id() {
        let document: Value = serde_json::from_str(pod_api::OPENAPI_JSON).unwrap();
        let mut in_document = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                in_document.push((
                    method.to_uppercase(),
                    path.clone(),
                    operation["operationId"].as_str().unwrap().to_owned(),
                ));
            }
        }
        in_document.sort();
        let own = |o: &Operation| (o.method().to_owned(), o.path().to_owned(), o.id().to_owned());
        let mut here: Vec<_> = Operation::ALL.iter().map(own).collect();
        here.sort();
        assert_eq!(here, in_document);
    }

    #[test]
    fn a_name_is_parsed_to_the_operation_that_displays_it() {
        for operation in Operation::ALL {
            assert_eq!(operation.to_string().parse(), Ok(*operation));
        }
    }

    #[test]
    fn another_text_is_no_operation() {
        let error = "createRoom\n".parse::<Operation>().unwrap_err();
        assert_eq!(error.to_string(), r"`createRoom\n` is no operation: write create-im, create-room or im-info");
    }
}
