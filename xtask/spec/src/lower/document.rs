//! Everything but schemas: object by object, as the grammar has it.

use crate::diagnostic::Id;
use serde_json::{Map, Value, json};

use super::Lowering;
use super::schema::Members;
use crate::grammar::{self, METHODS, Object, Shape};
use crate::pointer;

/// The version that comes out.
const VERSION: &str = "3.0.3";

/// The dialects whose meaning this program knows (OpenAPI 3.1.1, section 4.8.24.5, and JSON Schema 2020-12).
const DIALECTS: [&str; 2] =
    ["https://spec.openapis.org/oas/3.1/dialect/base", "https://json-schema.org/draft/2020-12/schema"];

/// How many references may lead to one another; a cycle of them has no end.
const CHAIN: usize = 64;

impl Lowering<'_> {
    /// Lowers the whole document.
    pub(super) fn document(&mut self) -> Value {
        let root = &self.corrected.document;
        let mut lowered = self.object(Object::OpenApi, "", root);
        // What is referred to in the depth becomes a component, which may refer to more of its kind.
        while let Some((at, name)) = self.references.next_waiting() {
            let losses = self.losses;
            let schema = root.pointer(&at).cloned().unwrap_or_default();
            let schema = self.schema_itself(&at, &schema);
            if self.losses > losses {
                self.lossy.push(name.clone());
            }
            insert_schema(&mut lowered, name, schema);
        }
        if let Some(Value::Object(schemas)) = lowered.pointer_mut("/components/schemas") {
            schemas.sort_keys();
        }
        lowered
    }

    fn object(&mut self, object: Object, at: &str, value: &Value) -> Value {
        if object == Object::Schema {
            return self.schema(at, value);
        }
        let Value::Object(members) = value else {
            self.malformed(at, "an object");
            return json!({});
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str).filter(|_| object != Object::OpenApi) {
            return self.reference(object, at, reference, members, 0);
        }
        let mut lowered = Members::new();
        for (key, member) in members {
            let Some(shape) = grammar::shape(object, key) else {
                self.dropped(at, key, "OpenAPI 3.1 has no such key here; see whether it is misspelt");
                continue;
            };
            if self.only_later(object, at, key, member) {
                continue;
            }
            let below = pointer::join(at, key);
            let member = match shape {
                Shape::Data => member.clone(),
                Shape::One(kind) => self.object(kind, &below, member),
                Shape::List(kind) => self.list_of(kind, &below, member),
                Shape::Map(Object::Schema) if object == Object::Components => self.components(&below, member),
                Shape::Map(kind) => self.map_of(kind, &below, member),
            };
            lowered.insert(key.clone(), member);
        }
        self.completed(object, at, &mut lowered);
        Value::Object(lowered)
    }

    fn list_of(&mut self, kind: Object, at: &str, value: &Value) -> Value {
        let Value::Array(items) = value else {
            self.malformed(at, "a list");
            return json!([]);
        };
        let items = items.iter().enumerate();
        items.map(|(index, item)| self.object(kind, &pointer::join(at, &index.to_string()), item)).collect()
    }

    fn map_of(&mut self, kind: Object, at: &str, value: &Value) -> Value {
        let Value::Object(members) = value else {
            self.malformed(at, "an object");
            return json!({});
        };
        let mut lowered = Members::new();
        for (name, member) in members {
            let at = pointer::join(at, name);
            let member = if kind == Object::PathItem && name.starts_with("x-") {
                member.clone()
            } else {
                self.object(kind, &at, member)
            };
            lowered.insert(name.clone(), member);
        }
        Value::Object(lowered)
    }

    fn components(&mut self, at: &str, value: &Value) -> Value {
        let Value::Object(schemas) = value else {
            self.malformed(at, "an object");
            return json!({});
        };
        let mut lowered = Members::new();
        for (published, schema) in schemas {
            let at = pointer::join(at, published);
            let name = self.references.name_of(&at).unwrap_or(published).to_owned();
            if name != *published {
                let message = format!(
                    "schema `{published}` is called `{name}`: OpenAPI allows letters, digits, `.`, `-` and `_`"
                );
                self.warn(Id::Renamed, &at, message, "nothing has to be done; its name is on no wire");
            }
            let losses = self.losses;
            let schema = self.schema(&at, schema);
            if self.losses > losses {
                self.lossy.push(name.clone());
            }
            lowered.insert(name, schema);
        }
        Value::Object(lowered)
    }

    /// A reference from one object that isn't a schema to another.
    fn reference(&mut self, object: Object, at: &str, reference: &str, members: &Members, chain: usize) -> Value {
        let siblings: Members =
            members.iter().filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), value.clone())).collect();
        let target = pointer::of_reference(reference);
        let component = grammar::COMPONENTS.iter().find(|(_, kind)| *kind == object).map(|(name, _)| *name);
        let below = |target: &String| {
            target.strip_prefix(&format!("/components/{}/", component.unwrap_or_default())).map(str::to_owned)
        };
        let is_component = target.as_ref().and_then(below).is_some_and(|name| !name.contains('/'));
        // Where 3.0 has the component, and nothing stands beside the reference that 3.1 would let count.
        if object != Object::PathItem && is_component && (siblings.is_empty() || self.is_3_0(at)) {
            return json!({"$ref": reference});
        }
        let found = target.and_then(|target| Some((self.corrected.document.pointer(&target)?.clone(), target)));
        let Some((Value::Object(found), target)) = found.filter(|_| chain < CHAIN) else {
            self.malformed(&pointer::join(at, "$ref"), "a reference that ends somewhere in this document");
            return json!({});
        };
        let mut lowered = match found.get("$ref").and_then(Value::as_str) {
            Some(further) => self.reference(object, &target, further, &found, chain.saturating_add(1)),
            None => self.object(object, &target, &Value::Object(found)),
        };
        if let Value::Object(lowered) = &mut lowered {
            let siblings = if object == Object::PathItem {
                self.object(object, at, &Value::Object(siblings))
            } else {
                Value::Object(siblings)
            };
            for (key, value) in siblings.as_object().into_iter().flatten() {
                // Of a referenced parameter only the description can be given another text (OpenAPI 3.1.1, 4.8.23).
                let counts = object == Object::PathItem
                    || key == "description"
                    || (key == "summary" && object == Object::Example);
                if counts {
                    lowered.shift_remove("$ref");
                    lowered.insert(key.clone(), value.clone());
                }
            }
        }
        lowered
    }

    /// What 3.0 has no place for; says so where it matters, and returns whether the key goes.
    fn only_later(&mut self, object: Object, at: &str, key: &str, value: &Value) -> bool {
        match (object, key) {
            (Object::OpenApi, "webhooks") => {
                self.dropped(at, key, "a client sends nothing to webhooks");
                true
            }
            (Object::OpenApi, "jsonSchemaDialect") => {
                if !value.as_str().is_some_and(|dialect| DIALECTS.contains(&dialect)) {
                    self.dropped(at, key, "its schemas are read as JSON Schema 2020-12");
                }
                true
            }
            (Object::Components, "pathItems") | (Object::Info, "summary") => true,
            (Object::ServerVariable, "enum") => value.as_array().is_none_or(Vec::is_empty),
            _ => false,
        }
    }

    /// What 3.0 requires, and 3.1 doesn't; and what it has another form for.
    fn completed(&mut self, object: Object, at: &str, lowered: &mut Members) {
        match object {
            Object::OpenApi => {
                lowered.insert("openapi".to_owned(), VERSION.into());
                self.requirements(at, lowered);
            }
            Object::Info => self.info(at, lowered),
            Object::Components => self.security_schemes(at, lowered),
            Object::Operation => {
                if lowered.get("responses").and_then(Value::as_object).is_none_or(Map::is_empty) {
                    lowered.insert("responses".to_owned(), json!({"default": {"description": ""}}));
                }
                self.requirements(at, lowered);
            }
            Object::Response if !lowered.get("description").is_some_and(Value::is_string) => {
                lowered.insert("description".to_owned(), "".into());
            }
            Object::PathItem => {
                let kept: Members = std::mem::take(lowered)
                    .into_iter()
                    .filter(|(key, _)| {
                        METHODS.contains(&key.as_str()) || !matches!(key.as_str(), "query" | "additionalOperations")
                    })
                    .collect();
                *lowered = kept;
            }
            _ => {}
        }
    }

    fn info(&mut self, at: &str, lowered: &mut Members) {
        let published = self.corrected.document.pointer(&pointer::join(at, "summary")).cloned();
        if let Some(summary @ Value::String(_)) = published {
            lowered.entry("description").or_insert(summary);
        }
        if let Some(Value::Object(license)) = lowered.get_mut("license") {
            license.shift_remove("identifier");
        }
        for key in ["title", "version"] {
            match lowered.get(key) {
                Some(Value::String(_)) => {}
                Some(Value::Number(number)) => {
                    let text = number.to_string();
                    lowered.insert(key.to_owned(), text.into());
                    self.warn(
                        Id::Dropped,
                        &pointer::join(at, key),
                        format!("`info.{key}` is a number, and taken as its text"),
                        "quote it in the fragment",
                    );
                }
                _ => self.malformed(&pointer::join(at, key), &format!("the text `info.{key}`")),
            }
        }
    }

    fn security_schemes(&mut self, at: &str, lowered: &mut Members) {
        let Some(Value::Object(schemes)) = lowered.get_mut("securitySchemes") else { return };
        let of_3_0 = |scheme: &Value| {
            matches!(scheme.get("type").and_then(Value::as_str), Some("apiKey" | "http" | "oauth2" | "openIdConnect"))
                || scheme.get("$ref").is_some()
        };
        let later: Vec<String> =
            schemes.iter().filter(|(_, scheme)| !of_3_0(scheme)).map(|(name, _)| name.clone()).collect();
        for name in &later {
            schemes.shift_remove(name);
        }
        let at = pointer::join(at, "securitySchemes");
        for name in later {
            self.dropped(&at, &name, "OpenAPI 3.0 has no such kind of security scheme");
        }
    }

    /// `security`: without what was dropped of the schemes, and with scopes for OAuth alone.
    fn requirements(&mut self, at: &str, lowered: &mut Members) {
        let Some(Value::Array(requirements)) = lowered.get_mut("security") else { return };
        let schemes = self.corrected.document.pointer("/components/securitySchemes");
        let kind = |name: &str| schemes?.get(name)?.get("type")?.as_str().map(str::to_owned);
        let mut emptied = Vec::new();
        for requirement in requirements.iter_mut().filter_map(Value::as_object_mut) {
            requirement.retain(|name, _| kind(name).as_deref() != Some("mutualTLS"));
            for (name, scopes) in requirement.iter_mut() {
                let scoped = matches!(kind(name).as_deref(), Some("oauth2" | "openIdConnect") | None);
                if !scoped && scopes.as_array().is_some_and(|scopes| !scopes.is_empty()) {
                    *scopes = json!([]);
                    emptied.push(name.clone());
                }
            }
        }
        for name in emptied {
            let why = format!("the scopes of `{name}`, which isn't OAuth, have no meaning in OpenAPI 3.0");
            self.dropped(at, "security", &why);
        }
    }
}

fn insert_schema(document: &mut Value, name: String, schema: Value) {
    let Value::Object(root) = document else { return };
    let components = root.entry("components").or_insert_with(|| json!({}));
    let Value::Object(components) = components else { return };
    let schemas = components.entry("schemas").or_insert_with(|| json!({}));
    if let Value::Object(schemas) = schemas {
        schemas.insert(name, schema);
    }
}
