//! What a loss in one schema means for those that refer to it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Lowering;
use crate::grammar::{self, Object};
use crate::pointer;

impl Lowering<'_> {
    /// A `oneOf` over references to loosened schemas may match twice, and a `not` of one refuses too much: the first
    /// becomes an `anyOf`, the second goes.
    pub(super) fn loosen_around_losses(&mut self, document: &mut Value) {
        let lossy = self.lossy_components(document);
        if lossy.is_empty() {
            return;
        }
        let mut found = Vec::new();
        grammar::walk_mut(Object::OpenApi, document, &mut |at, object, value| {
            let Value::Object(schema) = value else { return };
            if object != Object::Schema {
                return;
            }
            if schema.get("not").is_some_and(|negated| refers_to(negated, &lossy)) {
                schema.shift_remove("not");
                found.push((
                    at.to_owned(),
                    "not",
                    "it would refuse more than it should, since what it refers to was loosened",
                ));
            }
            let ambiguous = |branches: &Value| {
                branches.as_array().is_some_and(|branches| {
                    branches.len() > 1 && branches.iter().any(|branch| refers_to(branch, &lossy))
                })
            };
            if schema.get("oneOf").is_some_and(ambiguous)
                && let Some(branches) = schema.shift_remove("oneOf")
            {
                if schema.contains_key("anyOf") {
                    // Two lists of the same name have to be members of `allOf`.
                    let all = schema.entry("allOf").or_insert_with(|| json!([]));
                    all.as_array_mut().into_iter().for_each(|all| all.push(json!({"anyOf": branches})));
                } else {
                    schema.insert("anyOf".to_owned(), branches);
                }
                found.push((
                    at.to_owned(),
                    "oneOf",
                    "one of its schemas was loosened, so that several may match: it becomes `anyOf`",
                ));
            }
        });
        let moved = self.references.moved();
        for (at, keyword, loss) in found {
            let at = moved
                .iter()
                .find_map(|(new, old)| {
                    let below =
                        at.strip_prefix(new.as_str()).filter(|below| below.is_empty() || below.starts_with('/'))?;
                    Some(format!("{old}{below}"))
                })
                .unwrap_or(at);
            self.loosened(&at, keyword, loss);
        }
    }

    /// The components in which something was loosened, or in something that they refer to.
    fn lossy_components(&self, document: &Value) -> BTreeSet<String> {
        let mut lossy: BTreeSet<String> = self.lossy.iter().cloned().collect();
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        loop {
            let before = lossy.len();
            for (name, schema) in schemas.into_iter().flatten() {
                if !lossy.contains(name) && refers_to(schema, &lossy) {
                    lossy.insert(name.clone());
                }
            }
            if lossy.len() == before {
                return lossy;
            }
        }
    }
}

fn refers_to(schema: &Value, names: &BTreeSet<String>) -> bool {
    let mut found = false;
    grammar::walk(Object::Schema, schema, &mut |_, _, value| {
        let target = value.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
        let name = target.as_deref().and_then(|target| target.strip_prefix("/components/schemas/"));
        found |= name.is_some_and(|name| names.contains(name));
    });
    found
}
