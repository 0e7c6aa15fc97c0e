//! Objects.

use serde_json::{Value, json};

use super::Lowering;
use super::composition::any_of;
use super::schema::{Members, is_count, whole};
use crate::pointer;

impl Lowering<'_> {
    pub(super) fn objects(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        for key in ["minProperties", "maxProperties"] {
            if let Some(value) = schema.get(key) {
                if is_count(value) {
                    lowered.insert(key.to_owned(), whole(value));
                } else {
                    self.loosened(at, key, "it is not a count, and is dropped");
                }
            }
        }
        match schema.get("required") {
            None => {}
            Some(Value::Array(names)) => {
                let mut names: Vec<Value> = names.iter().filter(|name| name.is_string()).cloned().collect();
                let mut seen = std::collections::HashSet::new();
                names.retain(|name| seen.insert(name.to_string()));
                // 3.0 forbids an empty list, which means what no list means.
                if !names.is_empty() {
                    lowered.insert("required".to_owned(), names.into());
                }
            }
            Some(_) => self.loosened(at, "required", "it is not a list of names, and is dropped"),
        }
        if let Some(properties) = schema.get("properties") {
            let at = pointer::join(at, "properties");
            let Some(properties) = properties.as_object() else {
                self.malformed(&at, "an object of schemas");
                return;
            };
            let properties: Members = properties
                .iter()
                .map(|(name, property)| (name.clone(), self.schema(&pointer::join(&at, name), property)))
                .collect();
            lowered.insert("properties".to_owned(), Value::Object(properties));
        }
        for (key, loss) in [
            ("dependentRequired", "a property may come without those it requires"),
            ("dependentSchemas", "a property may come without what it demands of the others"),
            ("propertyNames", "properties may have any names"),
        ] {
            let says_nothing =
                |value: &Value| matches!(value, Value::Bool(true)) || value.as_object().is_some_and(Members::is_empty);
            // Every name is a text: to say no more than that says nothing.
            let every_name = |value: &Value| key == "propertyNames" && *value == json!({"type": "string"});
            if schema.get(key).is_some_and(|value| !says_nothing(value) && !every_name(value)) {
                self.loosened(at, key, loss);
            }
        }
        self.additional_properties(at, schema, lowered);
    }

    fn additional_properties(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        // Where nothing else evaluates properties, `unevaluatedProperties` means what `additionalProperties` means.
        let alone = !["allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if", "dependentSchemas", "not"]
            .iter()
            .any(|key| schema.contains_key(*key));
        let (key, rest) = match (schema.get("additionalProperties"), schema.get("unevaluatedProperties")) {
            (None, Some(rest)) if alone => ("unevaluatedProperties", Some(rest)),
            (None, Some(rest)) if *rest != Value::Bool(true) && *rest != json!({}) => {
                self.loosened(at, "unevaluatedProperties", "further properties are accepted");
                ("additionalProperties", None)
            }
            (rest, _) => ("additionalProperties", rest),
        };
        let rest = rest.map(|rest| match rest {
            Value::Bool(open) => Value::Bool(*open),
            schema => self.schema(&pointer::join(at, key), schema),
        });
        let patterns =
            schema.get("patternProperties").and_then(Value::as_object).filter(|patterns| !patterns.is_empty());
        let Some(patterns) = patterns else {
            lowered.extend(rest.map(|rest| ("additionalProperties".to_owned(), rest)));
            return;
        };
        let open = rest.as_ref().is_none_or(|rest| *rest == Value::Bool(true) || *rest == json!({}));
        if open {
            self.loosened(
                at,
                "patternProperties",
                "properties of these names may have any value, as those of other names",
            );
            lowered.extend(rest.map(|rest| ("additionalProperties".to_owned(), rest)));
            return;
        }
        self.loosened(at, "patternProperties", "properties of any name may have the values of these");
        let patterns_at = pointer::join(at, "patternProperties");
        let mut branches: Vec<Value> = Vec::new();
        for (name, pattern) in patterns {
            branches.push(self.schema(&pointer::join(&patterns_at, name), pattern));
        }
        branches.extend(rest.filter(|rest| *rest != Value::Bool(false)));
        lowered.insert("additionalProperties".to_owned(), any_of(branches));
    }
}
