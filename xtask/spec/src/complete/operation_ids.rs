//! Every operation gets an `operationId`; every `operationId` is there once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Id};
use crate::free;
use crate::grammar;
use crate::origins::Origins;
use crate::pointer;

/// Names an operation from its path and method, as the peers that were generated from the vendor's whole spec do:
/// `GET /v1/im/{id}/info` is `v1ImIdInfoGet`.
#[must_use]
pub fn derive(path: &str, method: &str) -> String {
    let named = path.chars().any(char::is_alphanumeric);
    let words = path.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut id = String::new();
    for word in (!named).then_some("root").into_iter().chain(words).chain([method]) {
        let mut characters = word.chars();
        match characters.next() {
            Some(first) if id.is_empty() => id.extend(first.to_lowercase()),
            Some(first) => id.extend(first.to_uppercase()),
            None => {}
        }
        id.push_str(characters.as_str());
    }
    id
}

/// Names the operations that have no name, by path and method alone, and finds names that stand twice.
pub(super) fn complete(document: &mut Value, origins: &Origins) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    // Where each name is taken, in the merged document; places are looked up only for what there is to say.
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let place = |at: &str| origins.place(at);
    let mut nameless = Vec::new();
    for operation in grammar::operations(document) {
        let at = operation.pointer();
        let Some(id) = operation.value.get("operationId").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
            nameless.push((operation.path.to_owned(), operation.method.to_owned(), at));
            continue;
        };
        let at = pointer::join(&at, "operationId");
        if let Some(first) = taken.get(id) {
            let message = format!("`operationId` `{id}` is that of another operation too");
            let help = "every operation needs a name of its own: correct one of the two in the overlay";
            diagnostics.push(
                Diagnostic::error(Id::Conflict, message, help).at(place(&at)).with("the other operation", place(first)),
            );
        } else {
            taken.insert(id.to_owned(), at);
        }
    }
    for (path, method, at) in nameless {
        let derived = derive(&path, &method);
        let id = free::or_numbered(&derived, |number| format!("{derived}{number}"), |name| taken.contains_key(name));
        if let Some(first) = taken.get(&derived) {
            let message = format!(
                "operation `{} {path}` would be called `{derived}`; it is called `{id}`",
                method.to_uppercase()
            );
            let help = "give it an `operationId` in the overlay if another name suits better";
            diagnostics.push(
                Diagnostic::warning(Id::OperationId, message, help)
                    .at(place(&at))
                    .with("the operation that has the name", place(first)),
            );
        }
        if let Some(Value::Object(operation)) = document.pointer_mut(&at) {
            operation.shift_insert(0, "operationId".to_owned(), id.clone().into());
        }
        taken.insert(id, at);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::derive;

    #[test]
    fn operations_are_named_as_peers_name_them() {
        for (path, method, id) in [
            ("/v1/admin/im/create", "post", "v1AdminImCreatePost"),
            ("/v3/room/create", "post", "v3RoomCreatePost"),
            ("/v1/im/{id}/info", "get", "v1ImIdInfoGet"),
            ("/v1/user/{userId}/presence-feed.json", "delete", "v1UserUserIdPresenceFeedJsonDelete"),
            ("/", "get", "rootGet"),
        ] {
            assert_eq!(derive(path, method), id);
        }
    }
}
