//! What a document says and no client of it does: said by a warning, so that nothing is lost in silence.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Shaping;
use super::unions::followed;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::path_template::PathTemplate;
use xtask_spec::pointer;

impl Shaping<'_> {
    /// Says what of `document` the client passes over.
    pub(super) fn unheard(&mut self, document: &Value) {
        let mut headers = BTreeSet::new();
        let mut found = Vec::new();
        grammar::walk(Object::OpenApi, document, &mut |at, object, value| {
            if matches!(object, Object::Parameter | Object::Header) {
                let name = value.get("name").and_then(Value::as_str);
                headers.extend(name.filter(|_| value.get("in") == Some(&"header".into())).map(str::to_ascii_lowercase));
                if value.get("schema").is_some() && value.get("content").is_some() {
                    let message =
                        "`content` stands beside `schema`, where only one of the two may: the schema is taken";
                    found.push((at.to_owned(), message.to_owned(), "remove the other one in the overlay"));
                }
                if object == Object::Parameter && name.is_none() && value.get("$ref").is_none() {
                    let message = "a parameter without a name is left out".to_owned();
                    found.push((at.to_owned(), message, "name it in the overlay"));
                }
            }
            if matches!(object, Object::PathItem | Object::Operation) {
                let servers = value.get("servers").filter(|servers| Some(*servers) != document.get("servers"));
                if servers.and_then(Value::as_array).is_some_and(|servers| !servers.is_empty()) {
                    let message =
                        "these servers are passed over: a client calls all operations at the URL that it is given";
                    let help = "make a client of its own for them, with their URL";
                    found.push((pointer::join(at, "servers"), message.to_owned(), help));
                }
                found.extend(twice(document, at, value));
            }
        });
        for operation in grammar::operations(document) {
            if let Some((_, behind)) = operation.path.split_once('#') {
                let names = PathTemplate::of(behind).names;
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let of_it = if names.is_empty() { String::new() } else { format!(", {} with it", names.join(", ")) };
                let message = format!("what stands behind `#` in a path is not sent{of_it}");
                let help = "write the path in the overlay as the API takes it";
                found.push((operation.pointer(), message, help));
            }
        }
        for (at, message, help) in found {
            self.warn(Id::LeftOut, &at, message, help);
        }
        self.unheard_security(document, &headers);
    }

    /// A client has no security schemes; what is declared as a parameter is one all the same.
    fn unheard_security(&mut self, document: &Value, headers: &BTreeSet<String>) {
        let of_operations = grammar::operations(document).filter_map(|operation| operation.value.get("security"));
        let requirements = of_operations.chain(document.get("security")).filter_map(Value::as_array).flatten();
        let used: BTreeSet<&String> =
            requirements.filter_map(Value::as_object).flat_map(|names| names.keys()).collect();
        let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
        for (name, _) in schemes.into_iter().flatten().filter(|(name, _)| used.contains(name)) {
            let at = pointer::join("/components/securitySchemes", name);
            let Some((_, scheme)) = followed(document, &at) else { continue };
            let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
            let header = match (text("type"), text("in")) {
                ("apiKey", "header") => text("name"),
                ("apiKey", "cookie") => "Cookie",
                ("apiKey", _) => "",
                _ => "Authorization",
            };
            if headers.contains(&header.to_ascii_lowercase()) {
                continue;
            }
            let help = match header {
                "" => "declare it as a parameter in the overlay".to_owned(),
                header => format!("add it to a call with `.header(\"{}\", …)`", header.escape_debug()),
            };
            let message = format!("the security scheme `{name}` is passed over: the client sends nothing by itself");
            self.warn(Id::LeftOut, &at, message, &help);
        }
    }
}

/// Parameters of one list that are the same one: the last of them is taken.
fn twice(document: &Value, at: &str, value: &Value) -> Vec<(String, String, &'static str)> {
    let list = value.get("parameters").and_then(Value::as_array);
    let mut seen = BTreeSet::new();
    let twice = (0..list.map_or(0, Vec::len)).rev().filter_map(|index| {
        let at = pointer::join(&pointer::join(at, "parameters"), &index.to_string());
        let (_, parameter) = followed(document, &at)?;
        let (name, place) = (parameter.get("name")?.as_str()?, parameter.get("in")?.as_str()?);
        let message = format!("the {place} parameter `{name}` stands twice in this list: this one is left out");
        let known = !seen.insert((name.to_owned(), place.to_owned()));
        known.then_some((at, message, "remove one of the two in the overlay"))
    });
    twice.collect()
}
