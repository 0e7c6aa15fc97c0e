//! Whether `null` is among what a published schema accepts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Lowering;
use crate::pointer;

/// How many schemas deep it is looked; deeper there is no answer.
const DEPTH: usize = 32;

impl Lowering<'_> {
    /// Whether the schema at `at` surely refuses `null`.
    pub(super) fn refuses_null(&self, at: &str, schema: &Value) -> bool {
        self.refuses(at, schema, DEPTH, &mut BTreeSet::new())
    }

    /// `seen` are the targets of references that were followed: each is looked at once, so that many references to
    /// one another don't multiply.
    fn refuses(&self, at: &str, schema: &Value, depth: usize, seen: &mut BTreeSet<String>) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let Value::Object(members) = schema else { return *schema == Value::Bool(false) };
        if members.get("nullable") == Some(&Value::Bool(true)) {
            return false;
        }
        let typed = members.get("type").is_some_and(|kind| match kind {
            Value::Array(kinds) => !kinds.is_empty() && !kinds.contains(&json!("null")),
            kind => kind != "null",
        });
        let listed = members.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(&Value::Null));
        let constant = members.get("const").is_some_and(|value| !value.is_null());
        if typed || listed || constant {
            return true;
        }
        if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(|to| self.references.resolve(at, to))
            && seen.insert(target.clone())
            && let Some(schema) = self.corrected.document.pointer(&target)
            && self.refuses(&target, schema, depth, seen)
        {
            return true;
        }
        ["allOf", "anyOf", "oneOf"].iter().any(|key| {
            let Some(branches) = members.get(*key).and_then(Value::as_array) else { return false };
            let at = pointer::join(at, key);
            let mut refused = branches
                .iter()
                .enumerate()
                .map(|(index, branch)| self.refuses(&pointer::join(&at, &index.to_string()), branch, depth, seen));
            if *key == "allOf" {
                refused.any(|refused| refused)
            } else {
                refused.all(|refused| refused) && !branches.is_empty()
            }
        })
    }
}
