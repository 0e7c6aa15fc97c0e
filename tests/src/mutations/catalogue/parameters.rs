//! Parameters.

use serde_json::{Value, json};

use super::{INFO, append, mutation, mutation_of, of, remove, set};
use crate::mutations::{Edit, Mutation};

pub(super) fn mutations() -> Vec<Mutation> {
    let text = || json!({"type": "string"});
    let optional = || vec![query(false, text())];
    vec![
        mutation("optional parameter added", optional()),
        mutation("required parameter added", [query(true, text())]),
        mutation(
            "optional header parameter added",
            [add(json!({"name": "X-Trace", "in": "header", "required": false, "schema": text()}))],
        ),
        mutation_of(optional(), "optional parameter became required", [on_query("/required", json!(true))]),
        mutation_of(optional(), "optional parameter removed", [remove(of(INFO, "/parameters/2"))]),
        mutation_of([query(true, text())], "required parameter removed", [remove(of(INFO, "/parameters/2"))]),
        mutation("header parameter removed", [remove(of(INFO, "/parameters/1"))]),
        mutation("header parameter became optional", [set(of(INFO, "/parameters/1/required"), json!(false))]),
        mutation("header parameter renamed", [set(of(INFO, "/parameters/1/name"), json!("authToken"))]),
        mutation(
            "header parameter renamed by case alone",
            [set(of(INFO, "/parameters/1/name"), json!("SessionToken"))],
        ),
        mutation("path parameter retyped", [on_path(json!({"type": "integer", "format": "int64"}))]),
        mutation("path parameter got a least length", [on_path(json!({"type": "string", "minLength": 1}))]),
        mutation("path parameter got values", [on_path(json!({"type": "string", "enum": ["a", "b"]}))]),
        mutation_of(optional(), "optional parameter retyped", [on_query("/schema/type", json!("integer"))]),
        mutation_of(
            optional(),
            "optional parameter became a list",
            [on_query("/schema", json!({"type": "array", "items": text()}))],
        ),
        mutation_of(optional(), "optional parameter got values", [on_query("/schema/enum", json!(["open", "closed"]))]),
        mutation_of(
            [query(false, json!({"type": "string", "enum": ["open", "closed"]}))],
            "parameter got one value more",
            [append(of(INFO, "/parameters/2/schema/enum"), json!("locked"))],
        ),
        mutation_of(optional(), "optional parameter moved to the header", [on_query("/in", json!("header"))]),
        mutation_of(optional(), "optional parameter deprecated", [on_query("/deprecated", json!(true))]),
        mutation_of(optional(), "optional parameter got a default", [on_query("/schema/default", json!("open"))]),
        mutation_of(
            [query(false, json!({"type": "integer", "format": "int32"}))],
            "optional parameter got a wider format",
            [on_query("/schema/format", json!("int64"))],
        ),
        mutation("parameter described otherwise", [set(of(INFO, "/parameters/0/description"), json!("Another text"))]),
        mutation(
            "parameters in another order",
            [
                set(
                    of(INFO, "/parameters/0"),
                    json!({"name": "sessionToken", "in": "header", "required": true, "schema": text()}),
                ),
                set(of(INFO, "/parameters/1"), json!({"name": "id", "in": "path", "required": true, "schema": text()})),
            ],
        ),
    ]
}

fn add(parameter: Value) -> Edit {
    append(of(INFO, "/parameters"), parameter)
}

fn query(required: bool, schema: Value) -> Edit {
    add(json!({"name": "state", "in": "query", "required": required, "schema": schema}))
}

/// An edit of the parameter that [`query`] adds.
fn on_query(below: &str, value: Value) -> Edit {
    set(format!("{INFO}/parameters/2{below}"), value)
}

fn on_path(schema: Value) -> Edit {
    set(of(INFO, "/parameters/0/schema"), schema)
}
