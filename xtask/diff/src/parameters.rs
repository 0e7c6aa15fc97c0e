//! The parameters of operations.

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Keyword, Move, Part, Quality, What};
use super::model::Direction;
use super::operations::Operation;
use super::recorder::{Difference, Spot};
use super::rules::Circumstances;
use super::view::{Document, Site};
use xtask_spec::grammar::Object;
use xtask_spec::path_template::PathTemplate;
use xtask_spec::pointer;

/// A parameter of one side.
#[derive(Clone, Debug)]
struct Parameter<'a> {
    at: String,
    value: &'a Value,
    name: &'a str,
    place: &'a str,
}

impl<'a> Parameter<'a> {
    /// What finds it again: its name, but for one in the path, whose name isn't sent.
    fn key(&self, in_path: &[String]) -> (String, String) {
        let name = match self.place {
            "path" => in_path
                .iter()
                .position(|name| name == self.name)
                .map_or(self.name.to_owned(), |index| index.to_string()),
            // RFC 9110, section 5.1: names of headers are the same in any case.
            "header" => self.name.to_lowercase(),
            _ => self.name.to_owned(),
        };
        (self.place.to_owned(), name)
    }

    /// A parameter in the path is always required.
    fn is_required(&self) -> bool {
        self.place == "path" || self.value.get("required") == Some(&Value::Bool(true))
    }

    /// How it is written, with the defaults of OpenAPI 3.1.1, section 4.8.12.2.
    fn serialization(&self) -> Value {
        let style = self.value.get("style").and_then(Value::as_str).unwrap_or(match self.place {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explode = self.value.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        let mut said = format!("{style}, {}", if explode { "exploded" } else { "not exploded" });
        if self.value.get("allowReserved") == Some(&Value::Bool(true)) {
            said.push_str(", reserved characters as they are");
        }
        if let Some(media) =
            self.value.get("content").and_then(Value::as_object).and_then(|content| content.keys().next())
        {
            said = format!("as {media}");
        }
        said.into()
    }

    fn location(&self) -> String {
        format!("{} parameter `{}`", self.place, self.name)
    }
}

/// Those of an operation: its own, and those of its path that it doesn't replace.
fn parameters<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let lists = [(operation.at(), operation.value), (operation.item_at.clone(), operation.item)];
    let mut parameters: Vec<Parameter<'a>> = Vec::new();
    for (at, holder) in lists {
        let at = pointer::join(&at, "parameters");
        for (index, value) in holder.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let (at, value) = document.object(&pointer::join(&at, &index.to_string()), value);
            let text = |key: &str| value.get(key).and_then(Value::as_str);
            let (Some(name), Some(place)) = (text("name"), text("in")) else { continue };
            if !parameters.iter().any(|known| known.name == name && known.place == place) {
                parameters.push(Parameter { at, value, name, place });
            }
        }
    }
    parameters
}

impl<'a> Detector<'a> {
    pub(super) fn parameters(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        let (old_all, new_all) = (parameters(&self.old, old), parameters(&self.new, new));
        let (old_names, new_names) = (PathTemplate::of(old.path).names, PathTemplate::of(new.path).names);
        let (old_at, new_at) = (old.at(), new.at());
        let of =
            |parameter: &Parameter<'_>| Circumstances { required: parameter.is_required(), ..Circumstances::default() };
        let none = Circumstances::default();
        let spot_of =
            |parameter: &Parameter<'_>| spot.at(Part::Parameter, parameter.location()).going(Direction::Request);
        for parameter in &old_all {
            match new_all.iter().find(|other| other.key(&new_names) == parameter.key(&old_names)) {
                Some(other) => self.parameter(&spot_of(other).under(of(parameter), of(other)), parameter, other),
                None => {
                    let spot = spot_of(parameter).under(of(parameter), none);
                    self.appears(&spot, false, &parameter.at, &new_at, Some(summary(parameter)));
                }
            }
        }
        for parameter in &new_all {
            if !old_all.iter().any(|other| other.key(&old_names) == parameter.key(&new_names)) {
                let spot = spot_of(parameter).under(none, of(parameter));
                self.appears(&spot, true, &parameter.at, &old_at, Some(summary(parameter)));
            }
        }
        // A name in the path that no parameter describes may be another one all the same.
        for (index, (old_name, new_name)) in old_names.iter().zip(&new_names).enumerate() {
            let known = |all: &[Parameter<'_>], names: &[String]| {
                all.iter().any(|parameter| parameter.key(names) == ("path".to_owned(), index.to_string()))
            };
            if old_name != new_name && !(known(&old_all, &old_names) && known(&new_all, &new_names)) {
                let spot = spot.at(Part::Parameter, format!("path parameter `{new_name}`")).going(Direction::Request);
                let (old, new) = (Some(old_name.as_str().into()), Some(new_name.as_str().into()));
                self.report(&spot, Difference { what: What::Renamed, old, new, old_at: &old_at, new_at: &new_at });
            }
        }
    }

    fn parameter(&mut self, spot: &Spot, old: &Parameter<'a>, new: &Parameter<'a>) {
        let at = (old.at.as_str(), new.at.as_str());
        let mut differs = |what: What, old: Option<Value>, new: Option<Value>| {
            self.report(spot, Difference { what, old, new, old_at: at.0, new_at: at.1 });
        };
        if old.name != new.name {
            differs(What::Renamed, Some(old.name.into()), Some(new.name.into()));
        }
        match (old.is_required(), new.is_required()) {
            (false, true) => differs(What::Became(Quality::Required), None, None),
            (true, false) => differs(What::Ceased(Quality::Required), None, None),
            _ => {}
        }
        let deprecated = |parameter: &Parameter<'_>| parameter.value.get("deprecated") == Some(&Value::Bool(true));
        match (deprecated(old), deprecated(new)) {
            (false, true) => differs(What::Became(Quality::Deprecated), None, None),
            (true, false) => differs(What::Ceased(Quality::Deprecated), None, None),
            _ => {}
        }
        let (was, is) = (old.serialization(), new.serialization());
        if was != is {
            differs(What::Keyword(Keyword::Serialization, Move::Changed), Some(was), Some(is));
        }
        let empty = |parameter: &Parameter<'_>| parameter.value.get("allowEmptyValue") == Some(&Value::Bool(true));
        match (empty(old), empty(new)) {
            (false, true) => differs(What::Keyword(Keyword::AllowEmptyValue, Move::Widened), None, Some(true.into())),
            (true, false) => differs(What::Keyword(Keyword::AllowEmptyValue, Move::Narrowed), Some(true.into()), None),
            _ => {}
        }
        self.described(spot, Object::Parameter, (old.value, new.value), at);
        self.schema_or_content(spot, (old.value, new.value), at);
    }

    /// What describes a parameter or a header, and what the specification doesn't know.
    pub(super) fn described(&mut self, spot: &Spot, object: Object, values: (&'a Value, &'a Value), at: (&str, &str)) {
        self.member(spot, Keyword::Description, values, at);
        let example = |value: &'a Value| value.get("example").or_else(|| value.get("examples")).cloned();
        self.values(spot, Keyword::Examples, example(values.0), example(values.1), at);
        self.extensions_of(spot, object, values.0, values.1, at);
    }

    /// The values of a parameter or a header, which have a schema, or a form with a schema.
    pub(super) fn schema_or_content(&mut self, spot: &Spot, values: (&'a Value, &'a Value), at: (&str, &str)) {
        let schema = |value: &'a Value, at: &str| -> Vec<Site<'a>> {
            if let Some(schema) = value.get("schema") {
                return vec![Site { at: pointer::join(at, "schema"), schema }];
            }
            let content = value.get("content").and_then(Value::as_object).and_then(|content| content.iter().next());
            let found = content.and_then(|(media, value)| Some((media, value.get("schema")?)));
            let at = |media: &str| format!("{}/schema", pointer::join(&pointer::join(at, "content"), media));
            found.into_iter().map(|(media, schema)| Site { at: at(media), schema }).collect()
        };
        let (old, new) = (schema(values.0, at.0), schema(values.1, at.1));
        self.either(spot, Keyword::Schema, &old, &new, at);
    }
}

/// What a parameter is, in as few words as a report has room for.
fn summary(parameter: &Parameter<'_>) -> Value {
    let kind = parameter.value.pointer("/schema/type").and_then(Value::as_str).unwrap_or("any");
    if parameter.is_required() { format!("{kind}, required") } else { kind.to_owned() }.into()
}
