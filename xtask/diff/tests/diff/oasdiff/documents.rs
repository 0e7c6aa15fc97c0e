//! Documents of one operation, as small as a rule can be tried on.

use serde_json::{Value, json};

/// Old and new document.
pub(super) type Case = (Value, Value);

/// A document with one operation, changed as a rule wants it.
pub(super) fn document(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "paths": {"/a": {"post": {"operationId": "a", "responses": {"200": {"description": "OK"}}}}}
    });
    change(&mut document);
    document
}

pub(super) fn operation(change: impl FnOnce(&mut Value)) -> Value {
    document(|document| change(&mut document["paths"]["/a"]["post"]))
}

pub(super) fn with(key: &str, value: Value) -> Value {
    operation(|operation| operation[key] = value)
}

pub(super) fn body(schema: &Value) -> Value {
    with("requestBody", json!({"required": true, "content": {"application/json": {"schema": schema}}}))
}

pub(super) fn answer(content: Value) -> Value {
    with("responses", json!({"200": {"description": "OK", "content": content}}))
}

pub(super) fn parameter(value: &Value) -> Value {
    let mut parameter = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
    if let (Value::Object(parameter), Value::Object(value)) = (&mut parameter, value) {
        parameter.extend(value.clone());
    }
    with("parameters", json!([parameter]))
}

pub(super) fn header(value: Value) -> Value {
    with("responses", json!({"200": {"description": "OK", "headers": {"X-A": value}}}))
}

pub(super) fn holding(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"p": schema}})
}

pub(super) fn requiring(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"p": schema}, "required": ["p"]})
}

/// Changes a value on the way.
pub(super) trait Pipe: Sized {
    fn pipe(self, change: impl FnOnce(&mut Self)) -> Self;
}

impl Pipe for Value {
    fn pipe(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}
