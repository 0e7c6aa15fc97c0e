//! Responses: progenitor wants one type for all successes of an operation, and one for all its errors.

use std::collections::BTreeMap;
use xtask_spec::diagnostic::Id;

use serde_json::{Map, Value, json};

use super::bodies::Kind;
use super::operations::Context;
use super::{Shaping, Traits, hoist};
use crate::rust_name::{BY_STATUS, pascal, snake, status_name};
use xtask_spec::free;
use xtask_spec::grammar;
use xtask_spec::pointer;

impl Shaping<'_> {
    /// Resolves an operation's responses, and gives each at most one media type.
    pub(super) fn responses(&mut self, context: &Context<'_>, operation: &mut Map<String, Value>) {
        let Some(Value::Object(published)) = operation.get("responses").cloned() else { return };
        let mut responses = Map::new();
        for (status, response) in published {
            let Some(status) = status_of(&status) else {
                let at = pointer::join(&pointer::join(context.at, "responses"), &status);
                let message = format!("`{status}` isn't an HTTP status: this response is left out");
                self.warn(Id::LeftOut, &at, message, "correct it in the overlay");
                continue;
            };
            let response = context.resolved(&response);
            let description = response.get("description").and_then(Value::as_str).unwrap_or_default();
            let mut shaped = json!({"description": description});
            let content = response.get("content").and_then(Value::as_object);
            if let Some((chosen, others)) = content.and_then(chosen).filter(|(_, others)| !others.is_empty()) {
                let at = pointer::join(&pointer::join(context.at, "responses"), &status);
                let message = format!("the answer is read as `{chosen}` alone, not as {}", others.join(", "));
                let help = "an overlay action can remove the media type that isn't wanted";
                self.warn(Id::LeftOut, &at, message, help);
            }
            if let Some((chosen, _)) = content.and_then(chosen).filter(|(chosen, _)| !chosen.contains('*')) {
                self.traits_of(operation).media.insert(status.clone(), chosen.to_owned());
            }
            let content = content.and_then(media_type);
            if let (Some((media, schema)), Value::Object(shaped)) = (content, &mut shaped) {
                shaped.insert("content".to_owned(), json!({media: {"schema": schema}}));
            }
            responses.insert(status, shaped);
        }
        let succeeds = responses.keys().any(|status| status.starts_with('2') || status == "101");
        let bodiless = responses.get("default").is_some_and(|default| default.get("content").is_none());
        // progenitor takes `default` for successes and for errors, which other statuses may say otherwise. Without a body it
        // says nothing of errors: those of no documented status keep theirs.
        if (responses.len() > 1 || bodiless)
            && let Some(default) = responses.shift_remove("default")
        {
            let errors: &[&str] = if bodiless && !succeeds { &[] } else { &["4XX", "5XX"] };
            let success = (!succeeds).then_some(&"2XX");
            for class in success.into_iter().chain(errors) {
                responses.entry(*class).or_insert_with(|| default.clone());
            }
        }
        operation.insert("responses".to_owned(), Value::Object(responses));
    }

    /// What polish is told of an operation.
    pub(super) fn traits_of(&mut self, operation: &Map<String, Value>) -> &mut Traits {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        self.traits.entry(snake(id)).or_default()
    }
}

/// `200`, `2XX`, `default`; `None` for what isn't a status.
fn status_of(status: &str) -> Option<String> {
    let upper = status.to_ascii_uppercase();
    let class = upper.strip_suffix("XX").is_some_and(|class| matches!(class, "1" | "2" | "3" | "4" | "5"));
    match status {
        "default" => Some(status.to_owned()),
        _ if class => Some(upper),
        // What has no name in HTTP has no function in the mocks either: progenitor panics on it.
        _ => http_status(status).then(|| status.to_owned()),
    }
}

fn http_status(status: &str) -> bool {
    status.len() == 3 && status_name(status).is_some()
}

/// The media type that a client can make a value of, and the others.
fn chosen(content: &Map<String, Value>) -> Option<(&String, Vec<String>)> {
    let (chosen, _) = content.iter().min_by_key(|(media, _)| Kind::of(media))?;
    let others = content.keys().filter(|other| *other != chosen).map(|other| format!("`{other}`"));
    Some((chosen, others.collect()))
}

/// The media type that a client can make a value of, and its schema; bytes if there is none.
fn media_type(content: &Map<String, Value>) -> Option<(&'static str, Value)> {
    let (media, _) = chosen(content)?;
    let media_type = content.get(media)?;
    let schema = media_type.get("schema").cloned().unwrap_or_else(|| json!({}));
    let structured = ["object", "array"].iter().any(|name| schema.get("type").is_some_and(|kind| kind == name))
        || schema.get("$ref").is_some();
    // `*/*` with a structure is JSON that nobody gave a name.
    if Kind::of(media) == Kind::Json || (media == "*/*" && structured) {
        return Some(("application/json", schema));
    }
    Some(("application/octet-stream", json!({"type": "string", "format": "binary"})))
}

/// What a response brings.
#[derive(Clone, Debug, PartialEq)]
enum Brings {
    Json(Value),
    Bytes,
    Nothing,
}

/// Makes one type of all successes of an operation, and one of all its errors.
pub(super) fn of_one_type(document: &mut Value, shaping: &mut Shaping<'_>) {
    // Names have been kept apart since they were looked at first.
    shaping.taken = hoist::names(document);
    for found in grammar::operations_mut(document) {
        let at = pointer::join(&found.pointer(), "responses");
        if let Value::Object(operation) = found.value {
            if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                // Neither a success nor an error: what comes with such a status is an `UnexpectedResponse`.
                responses.retain(|status, _| !status.starts_with(['1', '3']));
            }
            successes(&at, operation, shaping);
            errors(operation, shaping);
        }
    }
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.extend(std::mem::take(&mut shaping.hoisted));
    }
}

fn brings(responses: &Map<String, Value>, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Brings> {
    let wanted = responses.iter().filter(|(status, _)| wanted(status));
    let kinds = wanted.map(|(status, response)| {
        let content = response.get("content").and_then(Value::as_object).and_then(|content| content.iter().next());
        let brings = match content {
            None => Brings::Nothing,
            Some((media, media_type)) if media == "application/json" => {
                Brings::Json(media_type.get("schema").cloned().unwrap_or_else(|| json!({})))
            }
            Some(_) => Brings::Bytes,
        };
        (status.clone(), brings)
    });
    kinds.collect()
}

fn set(responses: &mut Map<String, Value>, status: &str, schema: &Value) {
    if let Some(Value::Object(response)) = responses.get_mut(status) {
        response.insert("content".to_owned(), json!({"application/json": {"schema": schema}}));
    }
}

fn distinct(brought: &BTreeMap<String, Brings>) -> Vec<&Value> {
    let mut distinct: Vec<&Value> = Vec::new();
    for brings in brought.values() {
        if let Brings::Json(schema) = brings
            && !distinct.contains(&schema)
        {
            distinct.push(schema);
        }
    }
    distinct
}

/// A success with a body and one without become an `Option`; several types of JSON become an enum by status; and where
/// one brings bytes, all do.
fn successes(at: &str, operation: &mut Map<String, Value>, shaping: &mut Shaping<'_>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
    let alone = responses.len() == 1;
    let brought = brings(responses, |status| status.starts_with('2') || (status == "default" && alone));
    let bytes = brought.values().any(|brings| *brings == Brings::Bytes);
    let bodiless: Vec<&String> =
        brought.iter().filter(|(_, brings)| **brings == Brings::Nothing).map(|(status, _)| status).collect();
    let types = distinct(&brought);
    if bytes {
        if !types.is_empty() || !bodiless.is_empty() {
            let message = format!(
                "operation `{id}` answers with bytes or with something else: all its answers are given as bytes"
            );
            shaping.warn(Id::MergedTypes, at, message, "nothing has to be done");
            for status in brought.keys() {
                if let Some(Value::Object(response)) = responses.get_mut(status) {
                    let content =
                        json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
                    response.insert("content".to_owned(), content);
                }
            }
        }
        return;
    }
    let one = match types.as_slice() {
        [] => return,
        [one] => (*one).clone(),
        _ => return by_status(&id, "Success", responses, &brought, shaping),
    };
    let schema = if bodiless.is_empty() {
        one
    } else {
        let statuses = bodiless.iter().map(|status| (*status).clone());
        shaping.traits.entry(snake(&id)).or_default().bodiless.extend(statuses);
        if one == json!({}) { one } else { optional(one) }
    };
    for status in brought.keys() {
        set(responses, status, &schema);
    }
}

/// Makes a component that has a property for each status; polish makes an enum of its struct (see [`BY_STATUS`]).
fn by_status(
    id: &str,
    kind: &str,
    responses: &mut Map<String, Value>,
    brought: &BTreeMap<String, Brings>,
    shaping: &mut Shaping<'_>,
) {
    let wanted = format!("{}{kind}", pascal(id));
    let name = free::or_numbered(&wanted, |number| format!("{wanted}{number}"), |name| shaping.taken.contains(name));
    let schemas = brought.iter().map(|(status, brings)| {
        let schema = match brings {
            Brings::Json(schema) => schema.clone(),
            Brings::Bytes | Brings::Nothing => json!({"enum": [null]}),
        };
        (status.clone(), schema)
    });
    let properties: Map<String, Value> = schemas.collect();
    let description = format!("What `{id}` answers, by the status that it comes with.{BY_STATUS}");
    let required: Vec<&String> = brought.keys().collect();
    let component =
        json!({"type": "object", "description": description, "required": required, "properties": properties});
    let reference = json!({"$ref": format!("#/components/schemas/{name}")});
    brought.keys().for_each(|status| set(responses, status, &reference));
    let statuses = &mut shaping.traits.entry(snake(id)).or_default().by_status;
    statuses.extend(brought.iter().map(|(status, brings)| (status.clone(), *brings == Brings::Nothing)));
    shaping.taken.insert(name.clone());
    shaping.hoisted.insert(name, component);
}

/// progenitor gives an `Option` for what is nullable.
fn optional(schema: Value) -> Value {
    match schema {
        Value::Object(mut schema) if schema.contains_key("type") => {
            schema.insert("nullable".to_owned(), true.into());
            Value::Object(schema)
        }
        schema => json!({"allOf": [schema], "nullable": true}),
    }
}

/// Errors of the one documented type stay typed. What brings something else, or nothing, is left to
/// `UnexpectedResponse`, which keeps all of it; several types become an enum by status.
fn errors(operation: &mut Map<String, Value>, shaping: &mut Shaping<'_>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
    let brought = brings(responses, |status| status.starts_with(['4', '5']));
    let types = distinct(&brought);
    if types.is_empty() {
        let mixed = brought.values().any(|brings| *brings == Brings::Bytes)
            && brought.values().any(|brings| *brings == Brings::Nothing);
        if mixed {
            responses.retain(|status, _| brought.get(status) != Some(&Brings::Nothing));
        }
        return;
    }
    let one = match types.as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    };
    for (status, brings) in &brought {
        match brings {
            Brings::Json(_) => one.iter().for_each(|one| set(responses, status, one)),
            Brings::Bytes | Brings::Nothing => {
                responses.shift_remove(status);
            }
        }
    }
    if one.is_none() {
        let typed = brought.into_iter().filter(|(_, brings)| matches!(brings, Brings::Json(_))).collect();
        by_status(&id, "Error", responses, &typed, shaping);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shaping;
    use super::*;

    #[test]
    fn statuses_with_a_name_are_known() {
        for status in ["200", "204", "2XX", "4xx", "default", "451", "511"] {
            assert!(status_of(status).is_some(), "{status}");
        }
        for status in ["", "0", "20", "299", "420", "600", "6XX", "ok"] {
            assert!(status_of(status).is_none(), "{status}");
        }
    }
    #[test]
    fn a_default_is_what_no_other_status_says() {
        let (a, b, none) = (
            json!({"content": {"application/json": {"schema": {"type": "string"}}}}),
            json!({"content": {"application/json": {"schema": {"type": "integer"}}}}),
            json!({}),
        );
        for (published, shaped) in [
            (json!({"default": a}), vec![("default", &a)]),
            (json!({"default": none}), vec![("2XX", &none)]),
            (json!({"200": a, "default": b}), vec![("200", &a), ("4XX", &b), ("5XX", &b)]),
            (json!({"200": a, "default": none}), vec![("200", &a), ("4XX", &none), ("5XX", &none)]),
            (json!({"400": b, "default": a}), vec![("400", &b), ("2XX", &a), ("4XX", &a), ("5XX", &a)]),
        ] {
            let mut operation = json!({"operationId": "a", "responses": published}).as_object().cloned().unwrap();
            let context = Context::of_nothing();
            shaping().responses(&context, &mut operation);
            let responses = operation["responses"].as_object().unwrap().iter();
            let found: Vec<(String, Value)> = responses
                .map(|(status, response)| {
                    let mut response = response.clone();
                    response.as_object_mut().unwrap().shift_remove("description");
                    (status.clone(), response)
                })
                .collect();
            let shaped: Vec<(String, Value)> =
                shaped.into_iter().map(|(status, response)| (status.to_owned(), response.clone())).collect();
            assert_eq!(found, shaped, "{published}");
        }
    }
}
