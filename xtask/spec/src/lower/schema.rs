//! Schemas: the order in which their keywords are lowered.

use serde_json::{Map, Value, json};

use super::Lowering;
use crate::pointer;

/// A schema's members.
pub(super) type Members = Map<String, Value>;

/// Annotations and the like, which mean the same in both versions.
pub(super) const ANNOTATIONS: [&str; 9] =
    ["title", "description", "default", "deprecated", "readOnly", "writeOnly", "example", "externalDocs", "xml"];

impl Lowering<'_> {
    /// Lowers the schema at `at` of the merged document.
    pub(super) fn schema(&mut self, at: &str, schema: &Value) -> Value {
        match self.references.in_place_of(at) {
            Some(reference) => json!({"$ref": reference}),
            None => self.schema_itself(at, schema),
        }
    }

    /// Lowers a schema that may be on its way to become a component.
    pub(super) fn schema_itself(&mut self, at: &str, schema: &Value) -> Value {
        match schema {
            Value::Bool(true) => json!({}),
            Value::Bool(false) => nothing(),
            Value::Object(members) => Value::Object(self.members(at, members)),
            _ => {
                self.malformed(at, "a schema");
                json!({})
            }
        }
    }

    fn members(&mut self, at: &str, schema: &Members) -> Members {
        let mut lowered = Members::new();
        self.annotations(at, schema, &mut lowered);
        self.numbers(at, schema, &mut lowered);
        self.strings(at, schema, &mut lowered);
        self.arrays(at, schema, &mut lowered);
        self.objects(at, schema, &mut lowered);
        self.conditions(at, schema);
        self.unknown(at, schema);
        // The type last but one: it may have to part the keywords among several types.
        let mut lowered = self.types(at, schema, lowered);
        self.composition(at, schema, &mut lowered);
        in_order_of(schema, lowered)
    }

    fn annotations(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        for key in ANNOTATIONS {
            if let Some(value) = schema.get(key) {
                let text = matches!(key, "title" | "description");
                if text && !value.is_string() {
                    self.dropped(at, key, "it is not a text");
                } else {
                    lowered.insert(key.to_owned(), value.clone());
                }
            }
        }
        for (key, value) in schema.iter().filter(|(key, _)| key.starts_with("x-")) {
            lowered.insert(key.clone(), value.clone());
        }
        if let Some(first) = schema.get("examples").and_then(Value::as_array).and_then(|examples| examples.first()) {
            lowered.entry("example").or_insert_with(|| first.clone());
        }
        if let Some(discriminator) = schema.get("discriminator") {
            let discriminator = self.discriminator(&pointer::join(at, "discriminator"), discriminator);
            lowered.extend(discriminator.map(|value| ("discriminator".to_owned(), value)));
        }
    }

    fn discriminator(&mut self, at: &str, discriminator: &Value) -> Option<Value> {
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
            self.malformed(at, "a discriminator with its `propertyName`");
            return None;
        };
        let mut lowered = json!({"propertyName": property});
        if let Some(mapping) = discriminator.get("mapping").and_then(Value::as_object) {
            let mapping: Members = mapping
                .iter()
                .filter_map(|(value, target)| {
                    let target = target.as_str()?;
                    let reference = if target.contains(['#', '/']) {
                        target.to_owned()
                    } else {
                        format!("#/components/schemas/{target}")
                    };
                    // A mapping that leads nowhere does no harm to a client: it is kept as it is.
                    let target = self.references.schema(at, &reference).unwrap_or(reference);
                    Some((value.clone(), target.into()))
                })
                .collect();
            if let Some(lowered) = lowered.as_object_mut() {
                lowered.insert("mapping".to_owned(), Value::Object(mapping));
            }
        }
        Some(lowered)
    }

    fn strings(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        for key in ["minLength", "maxLength", "pattern", "format"] {
            if let Some(value) = schema.get(key) {
                let fits = if matches!(key, "pattern" | "format") { value.is_string() } else { is_count(value) };
                if fits {
                    lowered.insert(key.to_owned(), whole(value));
                } else {
                    self.loosened(at, key, "it is not of the kind that JSON Schema wants, and is dropped");
                }
            }
        }
        let encoding = schema.get("contentEncoding").and_then(Value::as_str);
        let media = schema.get("contentMediaType").and_then(Value::as_str);
        match (encoding, media, lowered.contains_key("format")) {
            (Some("base64"), _, false) => {
                lowered.insert("format".to_owned(), "byte".into());
            }
            (None, Some("application/octet-stream"), false) => {
                lowered.insert("format".to_owned(), "binary".into());
            }
            (Some(_), _, _) => {
                self.dropped(at, "contentEncoding", "OpenAPI 3.0 knows base64 alone, as the format `byte`")
            }
            (None, Some(_), _) => self.dropped(at, "contentMediaType", "OpenAPI 3.0 has no word for it"),
            (None, None, _) => {}
        }
        if schema.contains_key("contentSchema") {
            self.dropped(at, "contentSchema", "OpenAPI 3.0 has no word for what is inside a text");
        }
    }

    fn conditions(&mut self, at: &str, schema: &Members) {
        if schema.contains_key("if") && (schema.contains_key("then") || schema.contains_key("else")) {
            self.loosened(at, "if", "the condition is dropped");
        }
    }

    fn unknown(&mut self, at: &str, schema: &Members) {
        for key in schema.keys() {
            if crate::grammar::shape(crate::grammar::Object::Schema, key).is_none() {
                self.dropped(at, key, "it isn't a keyword of a schema; see whether it is misspelt");
            }
        }
    }
}

/// `lowered` with its keys in the order of `published`, as far as they are the same, so that what needed no lowering
/// looks as it was published.
fn in_order_of(published: &Members, mut lowered: Members) -> Members {
    let mut ordered = Members::with_capacity(lowered.len());
    for key in published.keys() {
        if let Some((key, value)) = lowered.shift_remove_entry(key) {
            ordered.insert(key, value);
        }
    }
    ordered.extend(lowered);
    ordered
}

/// The schema that nothing matches.
pub(super) fn nothing() -> Value {
    json!({"not": {}})
}

/// Whether a value is a count: a number that isn't negative and has no fraction, `2.0` included.
pub(super) fn is_count(value: &Value) -> bool {
    value.as_u64().is_some() || value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

/// `2.0` as `2`: JSON Schema takes both for a whole number, openapiv3 takes the second alone.
pub(super) fn whole(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => {
            format!("{number:.0}").parse::<i64>().map_or_else(|_| value.clone(), Value::from)
        }
        _ => value.clone(),
    }
}
