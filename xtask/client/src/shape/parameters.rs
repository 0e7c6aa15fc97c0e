//! Parameters: progenitor takes simple values in path and headers, and lists of them in the query.

use std::collections::BTreeSet;
use xtask_spec::diagnostic::Id;
use xtask_spec::free;
use xtask_spec::path_template::PathTemplate;

use serde_json::{Map, Value, json};

use super::Shaping;
use super::operations::Context;
use crate::rust_name::{MARK, snake};

/// What a builder and its function `send` call their own: a parameter of the same name would get in their way.
const RESERVED: [&str; 16] = [
    "body",
    "body_map",
    "send",
    "new",
    "stream",
    "client",
    "url",
    "request",
    "response",
    "result",
    "info",
    "header_map",
    "value",
    "support",
    "types",
    "self",
];

/// What a parameter's values look like, as far as a URL is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    /// A text, a number, a truth value.
    Simple,
    /// A list of those.
    List,
    /// Something that has no form of its own in a URL.
    Other,
}

impl Shaping<'_> {
    /// Shapes an operation's parameters, those of its path item included. Returns the path's template, which a
    /// parameter in an odd style may have changed.
    pub(super) fn parameters(
        &mut self,
        context: &Context<'_>,
        path: &str,
        shared: &Value,
        operation: &mut Map<String, Value>,
    ) -> String {
        let own = operation.shift_remove("parameters").unwrap_or_default();
        let mut parameters: Vec<Map<String, Value>> = Vec::new();
        for parameter in [shared, &own].into_iter().filter_map(Value::as_array).flatten() {
            if let Value::Object(parameter) = context.resolved(parameter) {
                // An operation's own parameter takes the place of its path item's (OpenAPI 3.0.3, section 4.7.10.1).
                parameters.retain(|other| key(other) != key(&parameter));
                parameters.push(parameter);
            }
        }
        let mut template = path.to_owned();
        let mut shaped = Vec::new();
        for parameter in parameters {
            match parameter.get("in").and_then(Value::as_str).unwrap_or_default() {
                "path" => shaped.extend(self.path_parameter(context, operation, &mut template, parameter)),
                "query" => shaped.extend(self.query_parameter(context, operation, parameter)),
                "header" => shaped.extend(self.header_parameter(context, operation, parameter)),
                place => self.left_out(context, &parameter, place),
            }
        }
        for name in PathTemplate::of(path).names {
            if !shaped.iter().any(|parameter| key(parameter) == ("path", &name)) {
                let message = format!(
                    "the path has a parameter `{name}` that the operation doesn't declare: it is taken for a text"
                );
                self.warn(Id::Undeclared, context.at, message, "declare it in the overlay");
                shaped.push(parameter("path", &name, &Map::new(), json!({"type": "string"})));
            }
        }
        for (name, free) in apart(&mut shaped, &mut template) {
            let message =
                format!("parameter `{name}` is called `{}` in Rust: `{}` is taken", snake(&free), snake(&name));
            self.warn(Id::Renamed, context.at, message, "nothing has to be done; it is never sent by its name");
        }
        if !shaped.is_empty() {
            operation.insert("parameters".to_owned(), shaped.into_iter().map(Value::Object).collect());
        }
        template
    }

    fn left_out(&mut self, context: &Context<'_>, parameter: &Map<String, Value>, place: &str) {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let message = match parameter.get("$ref").and_then(Value::as_str) {
            Some(reference) => format!("the parameter `{reference}` is left out: its reference leads to no parameter"),
            None => format!("the {place} parameter `{name}` is left out"),
        };
        let help = match place {
            "cookie" => "add it to a call with `.header(\"Cookie\", …)`",
            _ => "correct where it stands (`in`) in the overlay",
        };
        self.warn(Id::LeftOut, context.at, message, help);
    }

    fn path_parameter(
        &mut self,
        context: &Context<'_>,
        operation: &Map<String, Value>,
        template: &mut String,
        published: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let name = published.get("name").and_then(Value::as_str)?.to_owned();
        let braced = format!("{{{name}}}");
        if !template.contains(&braced) {
            let message = format!("the path parameter `{name}` stands nowhere in the path: it is left out");
            self.warn(Id::LeftOut, context.at, message, "correct the path or the parameter in the overlay");
            return None;
        }
        // What stands before the value in these styles becomes part of the path (RFC 6570, sections 3.2.5 and 3.2.7).
        match published.get("style").and_then(Value::as_str) {
            Some("label") => *template = template.replace(&braced, &format!(".{braced}")),
            Some("matrix") => *template = template.replace(&braced, &format!(";{name}={braced}")),
            _ => {}
        }
        let schema = self.as_text_unless(context, &published, &name, (operation, &[Values::Simple]));
        Some(parameter("path", &name, &published, schema))
    }

    fn header_parameter(
        &mut self,
        context: &Context<'_>,
        operation: &Map<String, Value>,
        published: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let name = published.get("name").and_then(Value::as_str)?.to_owned();
        if !is_token(&name) {
            let message =
                format!("the header parameter `{name}` is left out: no header can have this name (RFC 9110, 5.6.2)");
            self.warn(Id::LeftOut, context.at, message, "correct its name in the overlay");
            return None;
        }
        // These three are not parameters (OpenAPI 3.0.3, section 4.7.12.1): body, responses and security say them.
        if ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("the header parameter `{name}` is left out, since OpenAPI says to ignore it");
            let help = "an authorization is added to a call with `.header(…)`; the others are set by the client";
            self.warn(Id::LeftOut, context.at, message, help);
            return None;
        }
        let schema = self.as_text_unless(context, &published, &name, (operation, &[Values::Simple]));
        Some(parameter("header", &name, &published, schema))
    }

    fn query_parameter(
        &mut self,
        context: &Context<'_>,
        operation: &Map<String, Value>,
        published: Map<String, Value>,
    ) -> Vec<Map<String, Value>> {
        let Some(name) = published.get("name").and_then(Value::as_str).map(str::to_owned) else { return Vec::new() };
        let schema = published.get("schema").map(|schema| context.resolved(schema)).unwrap_or_default();
        let style = published.get("style").and_then(Value::as_str).unwrap_or("form");
        let exploded = published.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        let properties = schema.get("properties").and_then(Value::as_object);
        // An object is its properties, each a parameter of its own.
        if let Some(properties) = properties.filter(|_| style == "deepObject" || (style == "form" && exploded)) {
            let required: BTreeSet<&str> = schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let always = published.get("required") == Some(&Value::Bool(true));
            return properties
                .iter()
                .map(|(property, schema)| {
                    let full = if style == "deepObject" { format!("{name}[{property}]") } else { property.clone() };
                    let mut part = Map::new();
                    part.insert("required".to_owned(), (always && required.contains(property.as_str())).into());
                    part.insert("schema".to_owned(), schema.clone());
                    part.extend(schema.get("description").map(|text| ("description".to_owned(), text.clone())));
                    let schema =
                        self.as_text_unless(context, &part, &full, (operation, &[Values::Simple, Values::List]));
                    parameter("query", &full, &part, schema)
                })
                .collect();
        }
        if style == "deepObject" {
            let message = format!(
                "the query parameter `{name}` is left out: its members may have any names, and each would be a parameter"
            );
            self.warn(Id::LeftOut, context.at, message, "name its members as `properties` in the overlay");
            return Vec::new();
        }
        let taken: &[Values] =
            if style == "form" && exploded { &[Values::Simple, Values::List] } else { &[Values::Simple] };
        let schema = self.as_text_unless(context, &published, &name, (operation, taken));
        vec![parameter("query", &name, &published, schema)]
    }

    /// The schema of a parameter, if its values are of these kinds; else that of a text, which the caller composes.
    fn as_text_unless(
        &mut self,
        context: &Context<'_>,
        published: &Map<String, Value>,
        name: &str,
        (operation, taken): (&Map<String, Value>, &[Values]),
    ) -> Value {
        if let Some((schema, values)) = published.get("schema").map(|schema| simple(context, schema))
            && taken.contains(&values)
        {
            return schema;
        }
        let what = match published.get("content") {
            Some(_) => "is a document inside a parameter",
            None => "has values that have no one form in a URL",
        };
        let how = match published.get("in").and_then(Value::as_str) {
            Some("path") => "one text, whose separators are encoded like the rest of it",
            Some("header") => "the text that goes onto the wire",
            _ => {
                self.traits_of(operation).composed.push(name.to_owned());
                "the text that goes onto the wire, encoded but for its commas"
            }
        };
        let message = format!("the parameter `{name}` {what}: it is given as {how}");
        self.warn(Id::AsText, context.at, message, "nothing has to be done; the page says how the text is composed");
        json!({"type": "string"})
    }
}

/// The schema of a parameter without what a URL can't carry, and what its values are.
fn simple(context: &Context<'_>, schema: &Value) -> (Value, Values) {
    let referred = schema.get("$ref").cloned();
    let resolved = context.resolved(schema);
    let resolved = match lone_branch(&resolved) {
        Some(branch) => context.resolved(&branch),
        None => resolved,
    };
    match resolved.get("type").and_then(Value::as_str) {
        Some("string") => {
            let listed = resolved.get("enum").is_some();
            if referred.is_some() && listed {
                return (schema.clone(), Values::Simple);
            }
            // Dates have another form in Rust's `Display` than in RFC 3339: the caller writes them.
            let mut text = json!({"type": "string"});
            if let (Value::Object(text), Some(values)) = (&mut text, resolved.get("enum").and_then(Value::as_array)) {
                let values: Vec<Value> = values.iter().filter(|value| value.is_string()).cloned().collect();
                text.insert("enum".to_owned(), values.into());
            }
            (text, Values::Simple)
        }
        Some(kind @ ("integer" | "number" | "boolean")) => {
            let mut plain = json!({"type": kind});
            if let (Value::Object(plain), Some(format)) = (&mut plain, resolved.get("format")) {
                plain.insert("format".to_owned(), format.clone());
            }
            (plain, Values::Simple)
        }
        Some("array") => {
            let items = resolved.get("items").cloned().unwrap_or_default();
            match simple(context, &items) {
                (items, Values::Simple) => (json!({"type": "array", "items": items}), Values::List),
                (_, values) => (json!({}), if values == Values::List { Values::Other } else { values }),
            }
        }
        _ => (json!({}), Values::Other),
    }
}

/// The one schema of an `allOf`, `anyOf` or `oneOf` that has but one.
fn lone_branch(schema: &Value) -> Option<Value> {
    if schema.get("type").is_some() {
        return None;
    }
    ["allOf", "anyOf", "oneOf"].iter().find_map(|key| match schema.get(*key)?.as_array()?.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    })
}

fn parameter(place: &str, name: &str, published: &Map<String, Value>, schema: Value) -> Map<String, Value> {
    let required = place == "path" || published.get("required") == Some(&Value::Bool(true));
    let mut shaped = Map::new();
    shaped.insert("name".to_owned(), name.into());
    shaped.insert("in".to_owned(), place.into());
    shaped.insert("required".to_owned(), required.into());
    shaped.insert("schema".to_owned(), schema);
    shaped.extend(
        published
            .get("description")
            .filter(|text| text.is_string())
            .map(|text| ("description".to_owned(), text.clone())),
    );
    shaped
}

/// By what a parameter is known: its place and its name.
fn key(parameter: &Map<String, Value>) -> (&str, &str) {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
    (text("in"), text("name"))
}

/// progenitor knows parameters by their names alone, and calls each by its name in Rust: a path parameter `id` beside
/// a query parameter `id`, or a parameter called like something of the builder's, gets a number. Returns the new names of
/// the path's parameters, which stand in the path too.
fn apart(parameters: &mut [Map<String, Value>], template: &mut String) -> Vec<(String, String)> {
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    let mut of_path = Vec::new();
    let names = PathTemplate::of(template).names;
    let rank = |parameter: &Map<String, Value>| {
        let (place, name) = key(parameter);
        let places = ["path", "query", "header"];
        (places.iter().position(|other| *other == place), names.iter().position(|other| other == name))
    };
    let mut ordered: Vec<&mut Map<String, Value>> = parameters.iter_mut().collect();
    ordered.sort_by_cached_key(|parameter| rank(parameter));
    for parameter in ordered {
        let (place, name) = key(parameter);
        let (is_of_path, name) = (place == "path", name.to_owned());
        if taken.insert(snake(&name)) {
            continue;
        }
        let candidate = |number| if is_of_path { format!("{name}_{number}") } else { format!("{name}{MARK}{number}") };
        let free = free::numbered(candidate, |candidate| taken.contains(&snake(candidate)));
        taken.insert(snake(&free));
        parameter.insert("name".to_owned(), free.clone().into());
        if is_of_path {
            *template = template.replace(&format!("{{{name}}}"), &format!("{{{free}}}"));
            of_path.push((name, free));
        }
    }
    of_path
}

/// Whether a header can have this name.
fn is_token(name: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_one_name_are_told_apart() {
        let made = |place: &str, name: &str| parameter(place, name, &Map::new(), json!({}));
        let parameters =
            [("query", "id"), ("path", "i_d"), ("path", "id"), ("header", "Id"), ("query", "send"), ("path", "i-d")];
        let mut parameters = parameters.map(|(place, name)| made(place, name));
        let mut template = "/{id}/{i-d}/{i_d}".to_owned();
        assert_eq!(apart(&mut parameters, &mut template), [("i_d".to_owned(), "i_d_2".to_owned())]);
        let names: Vec<&str> = parameters.iter().map(|parameter| key(parameter).1).collect();
        assert_eq!(names, ["id\u{1}2", "i_d_2", "id", "Id\u{1}3", "send\u{1}2", "i-d"]);
        assert_eq!(template, "/{id}/{i-d}/{i_d_2}");
    }
}
