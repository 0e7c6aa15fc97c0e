//! Which value of an OpenAPI document is what.
//!
//! Whoever walks a document has to know at every step whether a value is a schema, a map of schemas, a parameter or
//! plain data: a property *named* `example` is a schema, and what stands below the keyword `example` is data, whatever
//! it looks like. The tables are those of OpenAPI 3.1.1, section 4.8, and of JSON Schema 2020-12.

use serde_json::Value;

use crate::pointer;

/// The kinds of objects of an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Object {
    OpenApi,
    Info,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    SecurityScheme,
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One object.
    One(Object),
    /// An array of objects.
    List(Object),
    /// Objects by name.
    Map(Object),
    /// Anything; never looked into.
    Data,
}

/// The methods that a path item may hold, in the specification's order.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The kinds of components, each with what it holds, in the specification's order.
pub const COMPONENTS: [(&str, Object); 10] = [
    ("schemas", Object::Schema),
    ("responses", Object::Response),
    ("parameters", Object::Parameter),
    ("examples", Object::Example),
    ("requestBodies", Object::RequestBody),
    ("headers", Object::Header),
    ("securitySchemes", Object::SecurityScheme),
    ("links", Object::Link),
    ("callbacks", Object::Callback),
    ("pathItems", Object::PathItem),
];

/// What the specification lets stand behind `key` in an `object`; `None` where it knows no such key.
#[must_use]
pub fn shape(object: Object, key: &str) -> Option<Shape> {
    use Object as O;
    use Shape::{Data, List, Map, One};
    if key.starts_with("x-") {
        return Some(Data);
    }
    Some(match (object, key) {
        (O::OpenApi, "info") => One(O::Info),
        (O::OpenApi | O::PathItem | O::Operation, "servers") => List(O::Server),
        (O::OpenApi, "paths" | "webhooks") => Map(O::PathItem),
        (O::OpenApi, "components") => One(O::Components),
        (O::OpenApi, "tags") => List(O::Tag),
        (O::OpenApi | O::Operation | O::Tag | O::Schema, "externalDocs") => One(O::ExternalDocs),
        (O::OpenApi, "openapi" | "jsonSchemaDialect" | "security") => Data,
        (O::Info, "title" | "summary" | "description" | "termsOfService" | "contact" | "license" | "version") => Data,
        (O::Server, "variables") => Map(O::ServerVariable),
        (O::Server, "url" | "description") => Data,
        (O::ServerVariable, "enum" | "default" | "description") => Data,
        (O::Components, kind) => Map(COMPONENTS.iter().find(|(name, _)| *name == kind)?.1),
        (O::PathItem, "parameters") | (O::Operation, "parameters") => List(O::Parameter),
        (O::PathItem, "$ref" | "summary" | "description") => Data,
        (O::PathItem, method) => One(METHODS.contains(&method).then_some(O::Operation)?),
        (O::Operation, "requestBody") => One(O::RequestBody),
        (O::Operation, "responses") => One(O::Responses),
        (O::Operation, "callbacks") => Map(O::Callback),
        (O::Operation, "tags" | "summary" | "description" | "operationId" | "deprecated" | "security") => Data,
        (O::ExternalDocs, "url" | "description") => Data,
        (O::Parameter | O::Header | O::MediaType, "schema") => One(O::Schema),
        (O::Parameter | O::Header | O::RequestBody | O::Response, "content") => Map(O::MediaType),
        (O::Parameter | O::Header | O::MediaType, "examples") => Map(O::Example),
        (O::Parameter | O::Header | O::MediaType, "example") => Data,
        (O::Parameter, "name" | "in" | "allowEmptyValue" | "allowReserved") => Data,
        (O::Parameter | O::Header, "description" | "required" | "deprecated" | "style" | "explode") => Data,
        (O::RequestBody, "description" | "required") => Data,
        (O::MediaType, "encoding") => Map(O::Encoding),
        (O::Encoding | O::Response, "headers") => Map(O::Header),
        (O::Encoding, "contentType" | "style" | "explode" | "allowReserved") => Data,
        (O::Responses, _) => One(O::Response),
        (O::Response, "links") => Map(O::Link),
        (O::Response, "description") => Data,
        (O::Callback, "$ref") => Data,
        (O::Callback, _) => One(O::PathItem),
        (O::Example, "summary" | "description" | "value" | "externalValue") => Data,
        (O::Link, "server") => One(O::Server),
        (O::Link, "operationRef" | "operationId" | "parameters" | "requestBody" | "description") => Data,
        (O::Tag, "name" | "description") => Data,
        (O::Discriminator, "propertyName" | "mapping") => Data,
        (
            O::SecurityScheme,
            "type" | "description" | "name" | "in" | "scheme" | "bearerFormat" | "flows" | "openIdConnectUrl",
        ) => Data,
        (
            O::Parameter | O::Header | O::RequestBody | O::Response | O::Example | O::Link | O::SecurityScheme,
            "$ref" | "summary",
        ) => Data,
        (O::Schema, key) => return schema_shape(key),
        _ => return None,
    })
}

fn schema_shape(key: &str) -> Option<Shape> {
    use Shape::{Data, List, Map, One};
    Some(match key {
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Object::Schema),
        "not"
        | "if"
        | "then"
        | "else"
        | "items"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => One(Object::Schema),
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => Map(Object::Schema),
        "discriminator" => One(Object::Discriminator),
        "$id" | "$schema" | "$ref" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "$vocabulary" | "$comment" => Data,
        "type" | "enum" | "const" | "multipleOf" | "maximum" | "exclusiveMaximum" | "minimum" | "exclusiveMinimum"
        | "maxLength" | "minLength" | "pattern" | "maxItems" | "minItems" | "uniqueItems" | "maxContains"
        | "minContains" | "maxProperties" | "minProperties" | "required" | "dependentRequired" => Data,
        "format" | "contentEncoding" | "contentMediaType" => Data,
        "title" | "description" | "default" | "deprecated" | "readOnly" | "writeOnly" | "examples" | "example" => Data,
        "xml" | "nullable" => Data,
        _ => return None,
    })
}

/// Whether `key` only describes: two objects that differ in nothing else mean the same.
#[must_use]
pub fn describes(object: Object, key: &str) -> bool {
    match key {
        "description" | "summary" | "example" | "examples" | "externalDocs" => !matches!(object, Object::Components),
        "title" => matches!(object, Object::Info | Object::Schema),
        "$comment" => object == Object::Schema,
        _ => false,
    }
}

/// The members of `value` that are objects of the grammar, each with its segment or segments below `value`.
///
/// A value of another kind than the grammar expects there has no members: who has to complain of that does so.
pub fn children<'a>(object: Object, value: &'a Value, mut visit: impl FnMut(&[&str], Object, &'a Value)) {
    let Value::Object(members) = value else { return };
    for (key, member) in members {
        match shape(object, key) {
            Some(Shape::One(kind)) => visit(&[key], kind, member),
            Some(Shape::List(kind)) => {
                for (index, item) in member.as_array().into_iter().flatten().enumerate() {
                    visit(&[key, &index.to_string()], kind, item);
                }
            }
            Some(Shape::Map(kind)) => {
                for (name, item) in member.as_object().into_iter().flatten() {
                    if !is_extension(key, name) {
                        visit(&[key, name], kind, item);
                    }
                }
            }
            Some(Shape::Data) | None => {}
        }
    }
}

/// Calls `visit` for `value` and for every object below it, parents first, with its pointer.
pub fn walk<'a>(object: Object, value: &'a Value, visit: &mut impl FnMut(&str, Object, &'a Value)) {
    walk_at(&mut String::new(), object, value, visit);
}

fn walk_at<'a>(at: &mut String, object: Object, value: &'a Value, visit: &mut impl FnMut(&str, Object, &'a Value)) {
    visit(at, object, value);
    let parent = at.len();
    children(object, value, |segments, kind, member| {
        for segment in segments {
            pointer::push(at, segment);
        }
        walk_at(at, kind, member, visit);
        at.truncate(parent);
    });
}

/// Calls `change` for `value` and for every object below it, parents first, with its pointer. What `change` puts into
/// an object is walked as well.
pub fn walk_mut(object: Object, value: &mut Value, change: &mut impl FnMut(&str, Object, &mut Value)) {
    walk_mut_at(&mut String::new(), object, value, change);
}

fn walk_mut_at(at: &mut String, object: Object, value: &mut Value, change: &mut impl FnMut(&str, Object, &mut Value)) {
    change(at, object, value);
    let Value::Object(members) = value else { return };
    let mut below = |segments: &[&str], kind: Object, member: &mut Value| {
        let parent = at.len();
        for segment in segments {
            pointer::push(at, segment);
        }
        walk_mut_at(at, kind, member, change);
        at.truncate(parent);
    };
    for (key, member) in members.iter_mut() {
        match shape(object, key) {
            Some(Shape::One(kind)) => below(&[key], kind, member),
            Some(Shape::List(kind)) => {
                for (index, item) in member.as_array_mut().into_iter().flatten().enumerate() {
                    below(&[key, &index.to_string()], kind, item);
                }
            }
            Some(Shape::Map(kind)) => {
                for (name, item) in member.as_object_mut().into_iter().flatten() {
                    if !is_extension(key, name) {
                        below(&[key, name], kind, item);
                    }
                }
            }
            Some(Shape::Data) | None => {}
        }
    }
}

/// Of the maps whose values are objects, only `paths` may carry extensions beside them; in the others the keys are
/// names of the API's own: a property may be called `x-ray`.
fn is_extension(map: &str, name: &str) -> bool {
    map == "paths" && name.starts_with("x-")
}

/// An operation of a document, where it stands.
#[derive(Debug)]
pub struct Operation<'a, V> {
    /// The path template.
    pub path: &'a str,
    /// The method, in lower case.
    pub method: &'a str,
    /// The operation itself.
    pub value: V,
}

impl<V> Operation<'_, V> {
    /// Its place in the document.
    #[must_use]
    pub fn pointer(&self) -> String {
        pointer::join(&pointer::join("/paths", self.path), self.method)
    }
}

/// The operations of `document`, path by path, in the order in which they stand there.
pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_, &Value>> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| operations_of(path, item))
}

/// The operations of the path item `item`, in the order in which they stand there.
pub fn operations_of<'a>(path: &'a str, item: &'a Value) -> impl Iterator<Item = Operation<'a, &'a Value>> {
    let members = item.as_object().into_iter().flatten().filter(|(method, _)| METHODS.contains(&method.as_str()));
    members.map(move |(method, value)| Operation { path, method, value })
}

/// The same as [`operations`], to be changed.
pub fn operations_mut(document: &mut Value) -> impl Iterator<Item = Operation<'_, &mut Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let members =
        paths.flat_map(|(path, item)| item.as_object_mut().into_iter().flatten().map(move |member| (path, member)));
    let operations = members.filter(|(_, (method, _))| METHODS.contains(&method.as_str()));
    operations.map(|(path, (method, value))| Operation { path, method, value })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn visited(object: Object, value: &Value) -> Vec<(String, Object)> {
        let mut visited = Vec::new();
        walk(object, value, &mut |pointer, kind, _| visited.push((pointer.to_owned(), kind)));
        visited
    }

    #[test]
    fn properties_named_like_keywords_are_properties() {
        let schema = json!({"properties": {"example": {"type": "string"}, "x-ray": {}, "properties": {"const": 1}}});
        assert_eq!(
            visited(Object::Schema, &schema),
            [
                (String::new(), Object::Schema),
                ("/properties/example".to_owned(), Object::Schema),
                ("/properties/x-ray".to_owned(), Object::Schema),
                ("/properties/properties".to_owned(), Object::Schema),
            ]
        );
    }

    #[test]
    fn data_is_never_looked_into() {
        let data = json!({"properties": {"a": {}}, "$ref": "#/nowhere"});
        for key in ["example", "examples", "default", "enum", "const", "x-anything"] {
            assert_eq!(visited(Object::Schema, &json!({key: data})), [(String::new(), Object::Schema)], "{key}");
        }
    }

    #[test]
    fn an_operation_is_reached_through_paths_and_callbacks() {
        let document = json!({
            "paths": {"/a": {"get": {"callbacks": {"c": {"{$url}": {"post": {"responses": {"200": {}}}}}}}}, "x-a": 1}
        });
        let operations: Vec<String> = visited(Object::OpenApi, &document)
            .into_iter()
            .filter(|(_, kind)| matches!(kind, Object::Operation | Object::Response))
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(
            operations,
            [
                "/paths/~1a/get",
                "/paths/~1a/get/callbacks/c/{$url}/post",
                "/paths/~1a/get/callbacks/c/{$url}/post/responses/200"
            ]
        );
    }
}
