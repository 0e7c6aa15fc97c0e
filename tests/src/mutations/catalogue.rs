//! The mutations, by what they change.

mod operations;
mod parameters;
mod properties;
mod requests;
mod responses;
mod schemas;

use serde_json::Value;

use super::{Edit, Mutation};

/// All mutations.
#[must_use]
pub fn mutations() -> Vec<Mutation> {
    [
        operations::mutations(),
        parameters::mutations(),
        requests::mutations(),
        responses::mutations(),
        properties::mutations(),
        schemas::mutations(),
    ]
    .concat()
}

/// Where the operation that creates a room stands.
const ROOM: &str = "/paths/~1v3~1room~1create/post";

/// Where the operation that creates an IM stands.
const ADMIN: &str = "/paths/~1v1~1admin~1im~1create/post";

/// Where the operation that tells of an IM stands.
const INFO: &str = "/paths/~1v1~1im~1{id}~1info/get";

fn mutation(name: &'static str, edits: impl Into<Vec<Edit>>) -> Mutation {
    Mutation { name, before: Vec::new(), edits: edits.into() }
}

fn mutation_of(before: impl Into<Vec<Edit>>, name: &'static str, edits: impl Into<Vec<Edit>>) -> Mutation {
    Mutation { name, before: before.into(), edits: edits.into() }
}

fn set(at: impl Into<String>, value: Value) -> Edit {
    Edit::Set(at.into(), value)
}

fn append(at: impl Into<String>, value: Value) -> Edit {
    Edit::Append(at.into(), value)
}

fn remove(at: impl Into<String>) -> Edit {
    Edit::Remove(at.into())
}

fn rename(at: impl Into<String>, name: &'static str) -> Edit {
    Edit::Rename(at.into(), name)
}

/// A pointer below the component schema of this name.
fn schema(name: &str, below: &str) -> String {
    format!("/components/schemas/{name}{below}")
}

/// A pointer below an operation.
fn of(operation: &str, below: &str) -> String {
    format!("{operation}{below}")
}

fn reference(name: &str) -> Value {
    serde_json::json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A body or response of JSON with this schema.
fn json_content(schema: Value) -> Value {
    serde_json::json!({"application/json": {"schema": schema}})
}

/// A response of JSON with this schema.
fn response(schema: Value) -> Value {
    serde_json::json!({"description": "What the tests say it is", "content": json_content(schema)})
}
