//! By what a fragment is known: the operations in it.

use std::fmt;

use serde_json::Value;

use xtask_spec::derive_operation_id;
use xtask_spec::grammar;
use xtask_spec::path_template::PathTemplate;

/// An operation as messages name it: `GET /v1/im/{id}/info`.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    path: String,
    method: String,
}

impl Operation {
    /// The operations of a document, in its order.
    pub(super) fn all(document: &Value) -> Vec<Self> {
        let operations = grammar::operations(document);
        operations.map(|found| Self { path: found.path.to_owned(), method: found.method.to_owned() }).collect()
    }

    /// Whether both are answered by the same address: the name of a path's parameter makes no other path of it.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.method == other.method && PathTemplate::of(&self.path).shape == PathTemplate::of(&other.path).shape
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// Whether any operation is in both.
pub(super) fn meet(these: &[Operation], those: &[Operation]) -> bool {
    these.iter().any(|this| those.iter().any(|that| this.is(that)))
}

/// Operations as a message lists them.
pub(super) fn list(operations: &[Operation]) -> String {
    let named: Vec<String> = operations.iter().map(|operation| format!("`{operation}`")).collect();
    named.join(", ")
}

/// What tells a document from others on its page: the name of its first operation or, where it has none, that of its
/// first component. Nothing in it can lead a file's name elsewhere.
pub(super) fn distinction(document: &Value) -> Option<String> {
    let id = match Operation::all(document).into_iter().next() {
        Some(Operation { path, method }) => {
            let operation = document.get("paths").and_then(|paths| paths.get(&path)?.get(&method));
            let id = operation.and_then(|operation| operation.get("operationId")?.as_str()).filter(|id| !id.is_empty());
            id.map_or_else(|| derive_operation_id(&path, &method), str::to_owned)
        }
        None => {
            let mut kinds = document.get("components").and_then(Value::as_object).into_iter().flatten();
            kinds.find_map(|(_, named)| named.as_object()?.keys().next())?.clone()
        }
    };
    Some(file_stem(&id)).filter(|stem| !stem.is_empty())
}

/// A name from outside as part of a file's name, on any system.
pub(super) fn file_stem(name: &str) -> String {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    name.chars().map(|character| if allowed(character) { character } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_name_of_a_path_parameter_makes_no_other_operation() {
        let operation = |path: &str, method: &str| Operation { path: path.into(), method: method.into() };
        assert!(operation("/a/{id}/b", "get").is(&operation("/a/{key}/b", "get")));
        assert!(!operation("/a/{id}/b", "get").is(&operation("/a/{id}/b", "put")));
        assert!(!operation("/a/{id}/b", "get").is(&operation("/a/{id}/c", "get")));
        assert!(!operation("/a/{id", "get").is(&operation("/a/{key", "get")));
    }

    #[test]
    fn a_document_is_told_from_others_by_its_first_operation_or_component() {
        for (document, name) in [
            (json!({"paths": {"/a/{id}": {"get": {}, "put": {}}, "/b": {}}}), Some("aIdGet")),
            (json!({"paths": {"/a": {"parameters": [], "get": {"operationId": "read"}}}}), Some("read")),
            (json!({"paths": {"/a": {"get": {"operationId": ""}}}}), Some("aGet")),
            (json!({"paths": {"/a": {"get": {"operationId": "../a b"}}}}), Some("..-a-b")),
            (json!({"paths": {}, "components": {"headers": {}, "schemas": {"Room": {}}}}), Some("Room")),
            (json!({"paths": [], "components": 1}), None),
        ] {
            assert_eq!(distinction(&document).as_deref(), name, "{document}");
        }
    }
}
