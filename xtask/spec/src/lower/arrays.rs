//! Arrays.

use serde_json::{Value, json};

use super::Lowering;
use super::composition::any_of;
use super::schema::{Members, is_count, whole};
use crate::pointer;

impl Lowering<'_> {
    pub(super) fn arrays(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        for key in ["minItems", "maxItems"] {
            if let Some(value) = schema.get(key) {
                if is_count(value) {
                    lowered.insert(key.to_owned(), whole(value));
                } else {
                    self.loosened(at, key, "it is not a count, and is dropped");
                }
            }
        }
        if let Some(unique @ Value::Bool(_)) = schema.get("uniqueItems") {
            lowered.insert("uniqueItems".to_owned(), unique.clone());
        }
        if schema.contains_key("contains") {
            // `minContains: 0` takes the constraint away, but for `maxContains`.
            let harmless =
                schema.get("minContains").is_some_and(|least| least == 0) && !schema.contains_key("maxContains");
            if !harmless {
                self.loosened(at, "contains", "an array may lack such items");
            }
        }
        self.items(at, schema, lowered);
    }

    fn items(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        let prefix = schema.get("prefixItems").and_then(Value::as_array).filter(|prefix| !prefix.is_empty());
        // Where nothing else evaluates items, `unevaluatedItems` means what `items` means.
        let alone = !["allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if", "contains", "dependentSchemas"]
            .iter()
            .any(|key| schema.contains_key(*key));
        let (rest_key, rest) = match (schema.get("items"), schema.get("unevaluatedItems")) {
            (None, Some(rest)) if alone => ("unevaluatedItems", Some(rest)),
            (None, Some(rest)) if *rest != Value::Bool(true) && *rest != json!({}) => {
                self.loosened(at, "unevaluatedItems", "further items are accepted");
                ("items", None)
            }
            (rest, _) => ("items", rest),
        };
        let rest_at = pointer::join(at, rest_key);
        let Some(prefix) = prefix else {
            match rest {
                None => {}
                Some(Value::Bool(false)) => {
                    lowered.insert("items".to_owned(), json!({}));
                    lowered.insert("maxItems".to_owned(), 0.into());
                }
                // A list of items was the `prefixItems` of older drafts.
                Some(Value::Array(_)) => {
                    self.loosened(at, "items", "a list of items isn't a schema in OpenAPI 3.1, and is dropped");
                    lowered.insert("items".to_owned(), json!({}));
                }
                Some(rest) => {
                    let rest = self.schema(&rest_at, rest);
                    lowered.insert("items".to_owned(), rest);
                }
            }
            return;
        };
        self.loosened(at, "prefixItems", "items may come in any order");
        let prefix_at = pointer::join(at, "prefixItems");
        let mut branches: Vec<Value> = Vec::new();
        for (index, item) in prefix.iter().enumerate() {
            branches.push(self.schema(&pointer::join(&prefix_at, &index.to_string()), item));
        }
        match rest {
            Some(Value::Bool(false)) => {
                let most = lowered.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
                let most = most.min(u64::try_from(prefix.len()).unwrap_or(u64::MAX));
                lowered.insert("maxItems".to_owned(), most.into());
            }
            Some(rest) => branches.push(self.schema(&rest_at, rest)),
            None => branches.push(json!({})),
        }
        lowered.insert("items".to_owned(), any_of(branches));
    }
}
