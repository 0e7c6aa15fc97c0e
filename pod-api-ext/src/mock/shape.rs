//! The shapes of bodies, as the OpenAPI document has them: a field that a new version adds is known here with it.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::endpoint::Endpoint;
use crate::Operation;

/// Nothing if the document isn't JSON, which the tests rule out; a shape that isn't known refuses nothing.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(pod_api::OPENAPI_JSON).unwrap_or_default());

/// A schema of the document.
#[derive(Clone, Copy)]
pub(super) struct Shape(&'static Value);

impl Shape {
    /// Of what is sent to this operation.
    pub(super) fn of_request(operation: Operation) -> Self {
        Self::new(described(operation).get("requestBody").unwrap_or(&Value::Null))
    }

    /// Of what is answered when all is well.
    pub(super) fn of_answer(endpoint: Endpoint) -> Self {
        let Some(operation) = endpoint.operation() else { return Self(endpoint.answer()) };
        Self::new(described(operation).pointer("/responses/200").unwrap_or(&Value::Null))
    }

    fn new(holder: &'static Value) -> Self {
        Self(holder.pointer("/content/application~1json/schema").unwrap_or(&Value::Null)).resolved()
    }

    fn resolved(self) -> Self {
        let mut schema = self.0;
        // No chain of references is as long as that; a circle is.
        for _ in 0..16 {
            let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
            match target.and_then(|target| DOCUMENT.pointer(target)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        Self(schema)
    }

    fn properties(self) -> Option<&'static Map<String, Value>> {
        self.0.get("properties").and_then(Value::as_object)
    }

    /// The names of the fields that are true or false.
    pub(super) fn switches(self) -> impl Iterator<Item = &'static str> {
        let properties = self.properties().into_iter().flatten();
        properties
            .filter(|(_, schema)| schema.get("type") == Some(&Value::from("boolean")))
            .map(|(name, _)| name.as_str())
    }

    fn items(self) -> Option<Self> {
        self.0.get("items").map(|items| Self(items).resolved())
    }

    /// Whether `value` is what may be sent, as a pod sees it: a field that it doesn't know is refused, and `null`
    /// means that a field is absent.
    pub(super) fn check(self, value: &Value) -> Result<(), String> {
        self.check_at(value, "the body")
    }

    fn check_at(self, value: &Value, place: &str) -> Result<(), String> {
        if let Some(properties) = self.properties() {
            let Some(object) = value.as_object() else { return Err(format!("{place} has to be an object")) };
            return self.check_fields(properties, object, place);
        }
        let fits = match self.0.get("type").and_then(Value::as_str) {
            Some("array") => return self.check_items(value, place),
            Some("object") => value.is_object(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("number") => value.is_number(),
            Some("integer") => match self.0.get("format").and_then(Value::as_str) {
                Some("int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
                _ => value.is_i64(),
            },
            _ => true,
        };
        if fits { Ok(()) } else { Err(format!("{place} has to be {}", self.name())) }
    }

    fn check_fields(
        self,
        properties: &'static Map<String, Value>,
        object: &Map<String, Value>,
        place: &str,
    ) -> Result<(), String> {
        for (name, value) in object {
            let Some(property) = properties.get(name) else {
                return Err(format!("{place} has a field that this pod doesn't know: {name}"));
            };
            if !value.is_null() {
                Self(property).resolved().check_at(value, name)?;
            }
        }
        let required = self.0.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if object.get(name).is_none_or(Value::is_null) {
                return Err(format!("{place} needs the field {name}"));
            }
        }
        Ok(())
    }

    fn check_items(self, value: &Value, place: &str) -> Result<(), String> {
        let Some(values) = value.as_array() else { return Err(format!("{place} has to be an array")) };
        let Some(items) = self.items() else { return Ok(()) };
        for (index, value) in values.iter().enumerate() {
            items.check_at(value, &format!("item {index} of {place}"))?;
        }
        Ok(())
    }

    /// The type in words.
    fn name(self) -> &'static str {
        let format = self.0.get("format").and_then(Value::as_str);
        match (self.0.get("type").and_then(Value::as_str), format) {
            (Some("object"), _) => "an object",
            (Some("string"), _) => "a string",
            (Some("boolean"), _) => "true or false",
            (Some("integer"), Some("int32")) => "an integer of 32 bits",
            (Some("integer"), _) => "an integer of 64 bits",
            _ => "a number",
        }
    }

    /// `value` with `null` for each field that isn't there.
    pub(super) fn with_nulls(self, mut value: Value) -> Value {
        if let (Some(properties), Value::Object(object)) = (self.properties(), &mut value) {
            for (name, property) in properties {
                let held = object.entry(name.clone()).or_insert(Value::Null);
                *held = Self(property).resolved().with_nulls(held.take());
            }
        }
        if let (Some(items), Value::Array(values)) = (self.items(), &mut value) {
            for held in values {
                *held = items.with_nulls(held.take());
            }
        }
        value
    }

    /// All fields, each of them `null`, in the objects that hold them.
    pub(super) fn only_nulls(self) -> Value {
        let Some(properties) = self.properties() else { return Value::Null };
        let fields = properties.iter().map(|(name, property)| (name.clone(), Self(property).resolved().only_nulls()));
        Value::Object(fields.collect())
    }
}

/// `value` with a field in every object that no specification names.
pub(super) fn with_new_fields(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let fields = object.into_iter().map(|(name, value)| (name, with_new_fields(value)));
            let new = ("fieldOfTheFuture".to_owned(), serde_json::json!({ "since": [20.99, null] }));
            Value::Object(fields.chain([new]).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(with_new_fields).collect()),
        other => other,
    }
}

fn described(operation: Operation) -> &'static Value {
    let path = operation.path().replace('~', "~0").replace('/', "~1");
    let pointer = format!("/paths/{path}/{}", operation.method().to_lowercase());
    DOCUMENT.pointer(&pointer).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whatever_is_called_has_a_shape_of_its_answer() {
        for endpoint in Endpoint::ALL {
            assert!(Shape::of_answer(*endpoint).properties().is_some(), "{endpoint}");
        }
    }

    #[test]
    fn what_the_document_describes_is_let_through() {
        let ids = json!([1, -1, i64::MAX, i64::MIN]);
        assert_eq!(Shape::of_request(Operation::CreateIm).check(&ids), Ok(()));
        let room = Shape::of_request(Operation::CreateRoom);
        assert_eq!(room.check(&json!({})), Ok(()));
        assert_eq!(room.check(&json!({ "name": "A", "public": null, "keywords": [] })), Ok(()));
        assert_eq!(room.check(&json!({ "keywords": [{ "key": "a", "value": "" }] })), Ok(()));
    }

    #[test]
    fn what_it_does_not_describe_is_refused_by_its_place() {
        let room = Operation::CreateRoom;
        let im = Operation::CreateIm;
        let cases = [
            (room, json!(null), "the body has to be an object"),
            (room, json!([]), "the body has to be an object"),
            (room, json!({ "topic": 1 }), "the body has a field that this pod doesn't know: topic"),
            (room, json!({ "name": 1 }), "name has to be a string"),
            (room, json!({ "public": "true" }), "public has to be true or false"),
            (room, json!({ "keywords": {} }), "keywords has to be an array"),
            (room, json!({ "keywords": [1] }), "item 0 of keywords has to be an object"),
            (room, json!({ "keywords": [{ "key": "a" }] }), "item 0 of keywords needs the field value"),
            (room, json!({ "keywords": [{ "key": "a", "value": null }] }), "item 0 of keywords needs the field value"),
            (im, json!({}), "the body has to be an array"),
            (im, json!([1, "2"]), "item 1 of the body has to be an integer of 64 bits"),
            (im, json!([1.0]), "item 0 of the body has to be an integer of 64 bits"),
            (im, json!([null]), "item 0 of the body has to be an integer of 64 bits"),
            (im, json!([9_223_372_036_854_775_808_u64]), "item 0 of the body has to be an integer of 64 bits"),
        ];
        for (operation, body, message) in cases {
            assert_eq!(Shape::of_request(operation).check(&body), Err(message.to_owned()), "{body}");
        }
    }

    #[test]
    fn nulls_are_added_where_a_field_is_absent() {
        let answer = Shape::of_answer(Endpoint::ImInfo).with_nulls(json!({ "IMSystemInfo": { "id": "a" } }));
        let expected = json!({
            "IMSystemInfo": { "id": "a", "active": null, "creationDate": null },
            "V1IMAttributes": null,
        });
        assert_eq!(answer, expected);
    }

    #[test]
    fn only_nulls_are_left_of_an_answer() {
        let expected = json!({
            "V1IMAttributes": { "pinnedMessageId": null },
            "IMSystemInfo": { "id": null, "creationDate": null, "active": null },
        });
        assert_eq!(Shape::of_answer(Endpoint::ImInfo).only_nulls(), expected);
        assert_eq!(Shape::of_answer(Endpoint::CreateIm).only_nulls(), json!({ "id": null }));
    }

    #[test]
    fn new_fields_are_added_to_every_object() {
        let new = json!({ "since": [20.99, null] });
        let expected = json!({ "a": [{ "b": 1, "fieldOfTheFuture": new }], "fieldOfTheFuture": new });
        assert_eq!(with_new_fields(json!({ "a": [{ "b": 1 }] })), expected);
    }
}
