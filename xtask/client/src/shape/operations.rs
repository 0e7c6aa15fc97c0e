//! Operations: each gets its parameters, its body and its responses in place, in the shapes that progenitor takes.

use serde_json::{Map, Value, json};

use super::Shaping;
use xtask_spec::grammar::METHODS;
use xtask_spec::pointer;

impl Shaping<'_> {
    /// Shapes every operation.
    pub(super) fn operations(&mut self, document: &mut Value) {
        let components = document.get("components").cloned().unwrap_or_default();
        let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
        paths.retain(|path, _| !path.starts_with("x-"));
        let published = std::mem::take(paths);
        for (path, item) in published {
            let at = pointer::join("/paths", &path);
            let Value::Object(mut item) = item else { continue };
            let shared = item.shift_remove("parameters").unwrap_or_default();
            let mut shaped = Map::new();
            let mut template = path.clone();
            for (method, operation) in item {
                let Value::Object(mut operation) = operation else { continue };
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let at = pointer::join(&at, &method);
                let context = Context { at: &at, components: &components };
                template = self.parameters(&context, &path, &shared, &mut operation);
                if template != path {
                    self.traits_of(&operation).path = Some(path.clone());
                }
                self.body(&context, &mut operation);
                self.responses(&context, &mut operation);
                self.named_answers(&mut operation);
                shaped.insert(method, Value::Object(operation));
            }
            match paths.get_mut(&template) {
                // Only a path in an odd style can have the template of another.
                Some(Value::Object(other)) => other.extend(shaped),
                _ => {
                    paths.insert(template, Value::Object(shaped));
                }
            }
        }
        let Value::Object(root) = document else { return };
        let components = root.entry("components").or_insert_with(|| json!({}));
        let Value::Object(components) = components else { return };
        // All others stand in their operations now.
        components.retain(|kind, _| kind == "schemas");
        let schemas = components.entry("schemas").or_insert_with(|| json!({}));
        if let Value::Object(schemas) = schemas {
            schemas.extend(std::mem::take(&mut self.hoisted));
        }
    }
}

/// Where an operation stands, and what it may refer to.
pub(super) struct Context<'a> {
    pub(super) at: &'a str,
    components: &'a Value,
}

#[cfg(test)]
impl Context<'static> {
    /// An operation at no place that refers to nothing.
    pub(super) fn of_nothing() -> Self {
        Self { at: "", components: &Value::Null }
    }
}

impl Context<'_> {
    /// What `value` refers to, or `value` itself; references to references are followed.
    pub(super) fn resolved(&self, value: &Value) -> Value {
        let mut value = value.clone();
        // The lowering has made sure that the chain ends.
        for _ in 0..64 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { break };
            let below = reference.strip_prefix("#/components").and_then(|below| self.components.pointer(below));
            match below {
                Some(target) => value = target.clone(),
                None => return json!({}),
            }
        }
        value
    }
}
