//! Types, enumerations, constants, and null.

use crate::diagnostic::Id;
use serde_json::{Value, json};

use super::Lowering;
use super::schema::{Members, nothing};

/// JSON Schema's types but `null`, each with the keywords that constrain values of it alone.
const TYPES: [(&str, &[&str]); 6] = [
    ("string", &["minLength", "maxLength", "pattern"]),
    ("number", NUMERIC),
    ("integer", NUMERIC),
    ("boolean", &[]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
];

const NUMERIC: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/// What a schema says of the types of its values.
struct Types {
    /// Without `null`; `None` where any will do.
    named: Option<Vec<&'static str>>,
    null: bool,
}

impl Lowering<'_> {
    /// Adds type, enumeration and nullability to what was lowered so far.
    pub(super) fn types(&mut self, at: &str, schema: &Members, mut lowered: Members) -> Members {
        let mut types = self.declared(at, schema);
        let values = self.values(at, schema);
        if let Some(Value::Bool(nullable)) = schema.get("nullable") {
            self.leftover_nullable(at, *nullable);
            if *nullable && types.named.is_some() {
                types.null = true;
            }
        }
        match values {
            Some(values) => self.enumerated(schema, types, &values, &mut lowered),
            None => typed(types, &mut lowered),
        }
        if lowered.get("type").is_some_and(|kind| kind == "array") {
            lowered.entry("items").or_insert_with(|| json!({}));
        }
        lowered
    }

    fn leftover_nullable(&mut self, at: &str, nullable: bool) {
        if nullable && !self.is_3_0(at) {
            let message =
                "`nullable` is of OpenAPI 3.0, and means nothing in 3.1: it is taken in its 3.0 meaning".to_owned();
            let help = "nothing has to be done; an overlay action can say `type: [T, \"null\"]` instead";
            self.warn(Id::Leftover, &crate::pointer::join(at, "nullable"), message, help);
        }
    }

    fn declared(&mut self, at: &str, schema: &Members) -> Types {
        let listed: Vec<&str> = match schema.get("type") {
            None => return Types { named: None, null: false },
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(_) => {
                self.malformed(&crate::pointer::join(at, "type"), "the name of a type, or a list of such names,");
                return Types { named: None, null: false };
            }
        };
        let mut named = Vec::new();
        for name in &listed {
            match TYPES.iter().find(|(known, _)| known == name) {
                Some((known, _)) if !named.contains(known) => named.push(*known),
                Some(_) => {}
                None if *name == "null" => {}
                None => {
                    let at = crate::pointer::join(at, "type");
                    self.malformed(&at, &format!("one of JSON Schema's types, which `{name}` is not,"));
                }
            }
        }
        // Every integer is a number.
        if named.contains(&"number") {
            named.retain(|name| *name != "integer");
        }
        let null = listed.contains(&"null");
        if listed.is_empty() {
            return Types { named: None, null: false };
        }
        Types { named: Some(named), null }
    }

    /// The values that `enum` and `const` leave; `None` where neither is there.
    fn values(&mut self, at: &str, schema: &Members) -> Option<Vec<Value>> {
        let listed = match schema.get("enum") {
            None => None,
            Some(Value::Array(values)) => {
                let mut distinct: Vec<Value> = Vec::with_capacity(values.len());
                let mut seen = std::collections::HashSet::new();
                distinct.extend(values.iter().filter(|value| seen.insert(value.to_string())).cloned());
                Some(distinct)
            }
            Some(_) => {
                self.malformed(&crate::pointer::join(at, "enum"), "a list of values");
                None
            }
        };
        match (listed, schema.get("const")) {
            (listed, None) => listed,
            (None, Some(constant)) => Some(vec![constant.clone()]),
            (Some(listed), Some(constant)) => Some(listed.into_iter().filter(|value| same(value, constant)).collect()),
        }
    }

    /// An enumeration has one type in 3.0, and no keyword but that of its values constrains it further.
    fn enumerated(&mut self, schema: &Members, types: Types, values: &[Value], lowered: &mut Members) {
        let fits = |value: &Value| match (&types.named, value) {
            (None, _) => true,
            (Some(_), Value::Null) => types.null,
            (Some(named), value) => named.iter().any(|name| is_of(value, name)),
        };
        let mut values: Vec<Value> = values.iter().filter(|value| fits(value)).cloned().collect();
        // What 3.0 calls nullable has `null` among its values too.
        let leftover = schema.get("nullable") == Some(&Value::Bool(true)) && !values.is_empty();
        if leftover && !values.contains(&Value::Null) {
            values.push(Value::Null);
        }
        let null = values.contains(&Value::Null);
        let kinds: Vec<&'static str> = TYPES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| values.iter().any(|value| kind_of(value) == *name))
            .collect();
        match kinds.as_slice() {
            [] if null => {
                lowered.insert("enum".to_owned(), json!([null]));
            }
            [] => {
                if let Value::Object(nothing) = nothing() {
                    lowered.extend(nothing);
                }
            }
            [kind] => {
                // Where the author says number, it stays one though all values happen to be whole.
                let declared = types.named.as_ref().and_then(|named| named.iter().find(|name| **name == "number"));
                let kind = declared.filter(|_| *kind == "integer").unwrap_or(kind);
                lowered.insert("type".to_owned(), (*kind).into());
                lowered.insert("enum".to_owned(), values.into());
                if null {
                    lowered.insert("nullable".to_owned(), true.into());
                }
            }
            ["number", "integer"] => {
                lowered.insert("type".to_owned(), "number".into());
                lowered.insert("enum".to_owned(), values.into());
                if null {
                    lowered.insert("nullable".to_owned(), true.into());
                }
            }
            kinds => {
                let branches: Vec<Value> = kinds
                    .iter()
                    .map(|kind| {
                        let values: Vec<&Value> = values.iter().filter(|value| kind_of(value) == *kind).collect();
                        json!({"type": kind, "enum": values})
                    })
                    .collect();
                lowered.insert("oneOf".to_owned(), branches.into());
                if null {
                    lowered.insert("nullable".to_owned(), true.into());
                }
            }
        }
    }

    /// Whether what stands at `at` comes from a fragment of OpenAPI 3.0.
    pub(super) fn is_3_0(&self, at: &str) -> bool {
        self.corrected.origins.version(at).is_some_and(|version| version.starts_with("3.0"))
    }
}

/// Types without an enumeration.
fn typed(types: Types, lowered: &mut Members) {
    match (types.named.as_deref(), types.null) {
        (None, _) => {}
        (Some([]), _) => {
            lowered.insert("enum".to_owned(), json!([null]));
        }
        (Some([name]), null) => {
            lowered.insert("type".to_owned(), (*name).into());
            if null {
                lowered.insert("nullable".to_owned(), true.into());
            }
        }
        (Some(names), null) => {
            let format = lowered.remove("format");
            let branches: Vec<Value> = names
                .iter()
                .map(|name| {
                    let mut branch = Members::new();
                    branch.insert("type".to_owned(), (*name).into());
                    let keywords =
                        TYPES.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, keywords)| keywords);
                    for key in keywords {
                        branch.extend(lowered.get(*key).map(|value| ((*key).to_owned(), value.clone())));
                    }
                    if *name == "array" {
                        branch.entry("items").or_insert_with(|| json!({}));
                    }
                    if let Some(format) = format.as_ref().filter(|format| is_format_of(format, name)) {
                        branch.insert("format".to_owned(), format.clone());
                    }
                    Value::Object(branch)
                })
                .collect();
            for (_, keywords) in TYPES {
                for key in keywords {
                    lowered.shift_remove(*key);
                }
            }
            lowered.insert("oneOf".to_owned(), branches.into());
            if null {
                lowered.insert("nullable".to_owned(), true.into());
            }
        }
    }
}

fn is_format_of(format: &Value, name: &str) -> bool {
    match format.as_str() {
        Some("int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64") => {
            matches!(name, "integer" | "number")
        }
        Some("float" | "double" | "decimal") => name == "number",
        _ => name == "string",
    }
}

/// The type that a value has by itself.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() && number.as_f64().is_some_and(|number| number.fract() != 0.0) => {
            "number"
        }
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    let kind = kind_of(value);
    kind == name || (kind == "integer" && name == "number")
}

/// Equality as JSON Schema has it: `1` and `1.0` are the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}
