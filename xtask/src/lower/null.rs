//! Whether `null` is among what a published schema accepts.

use serde_json::{Value, json};

use super::Lowering;
use crate::pointer;

/// How many schemas deep it is looked; deeper there is no answer.
const DEPTH: usize = 32;

impl Lowering<'_> {
    /// Whether the schema at `at` surely refuses `null`.
    pub(super) fn refuses_null(&self, at: &str, schema: &Value) -> bool {
        self.refuses(at, schema, DEPTH)
    }

    fn refuses(&self, at: &str, schema: &Value, depth: usize) -> bool {
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
        let referred = members.get("$ref").and_then(Value::as_str).is_some_and(|reference| {
            let target = self.references.resolve(at, reference);
            let found = target.and_then(|target| Some((self.merged.document.pointer(&target)?, target)));
            found.is_some_and(|(schema, target)| self.refuses(&target, schema, depth))
        });
        let member = |key: &str, index: usize, member: &Value| {
            self.refuses(&pointer::join(&pointer::join(at, key), &index.to_string()), member, depth)
        };
        let list = |key: &str| members.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let all = |key: &str| {
            !list(key).is_empty() && list(key).iter().enumerate().all(|(index, branch)| member(key, index, branch))
        };
        referred
            || list("allOf").iter().enumerate().any(|(index, branch)| member("allOf", index, branch))
            || all("anyOf")
            || all("oneOf")
    }
}
