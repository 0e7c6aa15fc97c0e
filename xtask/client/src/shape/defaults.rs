//! Defaults are the pod's affair.
//!
//! typify turns a `default` into a value that every request then sends, as if the caller had set it, and that every
//! response without the field seems to carry. A `default` says what the *pod* does with an absent field, so it is
//! documented and nothing else.

use serde_json::Value;

use super::schemas::describe;
use xtask_spec::grammar::{self, Object};

/// Moves every `default` of a schema into its description.
pub(super) fn into_descriptions(document: &mut Value) {
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        if object != Object::Schema {
            return;
        }
        let Some(default) = schema.as_object_mut().and_then(|schema| schema.shift_remove("default")) else { return };
        if let Some(schema) = schema.as_object_mut() {
            describe(schema, &format!("Default of the pod, applied by it where this is absent: `{default}`."));
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_default_becomes_a_sentence_and_a_property_called_default_stays() {
        let mut document = json!({"components": {"schemas": {"A": {
            "properties": {
                "default": {"type": "integer", "default": 5, "description": "How many.\n"},
                "b": {"default": {"default": 1}}
            }
        }}}});
        into_descriptions(&mut document);
        assert_eq!(
            document,
            json!({"components": {"schemas": {"A": {
                "properties": {
                    "default": {
                        "type": "integer",
                        "description": "How many.\n\nDefault of the pod, applied by it where this is absent: `5`."
                    },
                    "b": {"description": "Default of the pod, applied by it where this is absent: `{\"default\":1}`."}
                }
            }}}})
        );
    }
}
