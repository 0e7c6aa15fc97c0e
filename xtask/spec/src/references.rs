//! Where references lead.
//!
//! A reference may be a pointer into the document (RFC 6901), or name an `$anchor` or an `$id` (JSON Schema 2020-12,
//! section 8.2). What it leads to becomes a component, if it isn't one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::free;
use crate::grammar::{self, Object};
use crate::pointer;

const SCHEMAS: &str = "/components/schemas";

/// The schemas of a document that have names, and those that get one because something refers to them.
#[derive(Clone)]
pub struct References<'a> {
    root: &'a Value,
    /// The name of each schema that is or becomes a component, by its pointer in the published document.
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    /// Schemas that became components and have not been lowered yet.
    waiting: Vec<String>,
    /// Schemas of which it was known from the start that they become components.
    hoisted: BTreeSet<String>,
    resources: Vec<Resource>,
    anchors: Vec<Anchor>,
}

/// A schema with an `$id`: pointers and anchors inside it are its own.
#[derive(Clone)]
struct Resource {
    id: String,
    pointer: String,
}

#[derive(Clone)]
struct Anchor {
    name: String,
    dynamic: bool,
    pointer: String,
}

impl<'a> References<'a> {
    /// Those of the document `root`.
    #[must_use]
    pub fn of(root: &'a Value) -> Self {
        let mut references = Self {
            root,
            names: BTreeMap::new(),
            taken: BTreeSet::new(),
            waiting: Vec::new(),
            hoisted: BTreeSet::new(),
            resources: Vec::new(),
            anchors: Vec::new(),
        };
        let schemas = root.pointer(SCHEMAS).and_then(Value::as_object);
        // Names that may stay as they are come first, so that no other takes them.
        let (fine, odd): (Vec<&String>, Vec<&String>) =
            schemas.into_iter().flat_map(serde_json::Map::keys).partition(|name| component_name(name) == **name);
        for name in fine.into_iter().chain(odd) {
            references.name(&pointer::join(SCHEMAS, name), name);
        }
        grammar::walk(Object::OpenApi, root, &mut |at, object, value| {
            if object == Object::Schema {
                references.declare(at, value);
            }
        });
        references
    }

    fn declare(&mut self, at: &str, schema: &Value) {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        if let Some(id) = text("$id") {
            self.resources.push(Resource { id: id.trim_end_matches('#').to_owned(), pointer: at.to_owned() });
        }
        for (key, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
            if let Some(name) = text(key) {
                self.anchors.push(Anchor { name: name.to_owned(), dynamic, pointer: at.to_owned() });
            }
        }
    }

    fn name(&mut self, at: &str, wanted: &str) -> String {
        let wanted = component_name(wanted);
        let name = free::or_numbered(&wanted, |number| format!("{wanted}_{number}"), |name| self.taken.contains(name));
        self.taken.insert(name.clone());
        self.names.insert(at.to_owned(), name.clone());
        name
    }

    /// The component name of the schema at `pointer`, if it has one.
    pub(crate) fn name_of(&self, pointer: &str) -> Option<&str> {
        self.names.get(pointer).map(String::as_str)
    }

    /// The references for another walk through the document, if schemas became components in this one: now it is known
    /// which, and where they stand there can be a reference to them too. Else there would be two types of one schema,
    /// and the generator would call them the same.
    pub(crate) fn for_another_walk(&self) -> Option<Self> {
        let hoisted: BTreeSet<String> = self.names.keys().filter(|at| !is_component(at)).cloned().collect();
        let waiting: Vec<String> = hoisted.iter().rev().cloned().collect();
        (!hoisted.is_empty()).then(|| Self { waiting, hoisted, ..self.clone() })
    }

    /// The reference to write where a schema stands that becomes a component.
    pub(crate) fn in_place_of(&self, at: &str) -> Option<String> {
        if !self.hoisted.contains(at) {
            return None;
        }
        Some(format!("#{SCHEMAS}/{}", self.names.get(at)?))
    }

    /// A schema that became a component and has to be lowered still, with its name.
    pub(crate) fn next_waiting(&mut self) -> Option<(String, String)> {
        let at = self.waiting.pop()?;
        let name = self.names.get(&at)?.clone();
        Some((at, name))
    }

    /// Where in the lowered document the schemas went that had another place before.
    pub(crate) fn moved(&self) -> BTreeMap<String, String> {
        let moved = self.names.iter().map(|(old, name)| (pointer::join(SCHEMAS, name), old.clone()));
        moved.filter(|(new, old)| new != old).collect()
    }

    /// The reference to write for `reference`, which stands in a schema at `at`; `None` where it leads to no schema.
    pub(crate) fn schema(&mut self, at: &str, reference: &str) -> Option<String> {
        let target = self.resolve(at, reference)?;
        self.component(&target)
    }

    /// Like [`References::schema`] for a `$dynamicRef`. What it means depends on the schema that the evaluation
    /// started with; if there is one such anchor in the whole document, it can mean that alone.
    pub(crate) fn dynamic(&mut self, at: &str, reference: &str) -> Option<String> {
        let anchor = reference.rsplit_once('#')?.1;
        if anchor.starts_with('/') {
            return self.schema(at, reference);
        }
        let mut found = self.anchors.iter().filter(|declared| declared.dynamic && declared.name == anchor);
        match (found.next().map(|anchor| anchor.pointer.clone()), found.next()) {
            (Some(only), None) => self.component(&only),
            (Some(_), Some(_)) => None,
            // Without a dynamic anchor it is a reference like any other.
            (None, _) => self.schema(at, reference),
        }
    }

    fn component(&mut self, target: &str) -> Option<String> {
        if !matches!(self.root.pointer(target), Some(Value::Object(_) | Value::Bool(_))) {
            return None;
        }
        let name = match self.names.get(target) {
            Some(name) => name.clone(),
            None => {
                let name = self.name(target, &wanted_name(target));
                self.waiting.push(target.to_owned());
                name
            }
        };
        Some(format!("#{SCHEMAS}/{name}"))
    }

    /// The pointer of what `reference` leads to from `at`.
    #[must_use]
    pub fn resolve(&self, at: &str, reference: &str) -> Option<String> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = if document.is_empty() {
            self.enclosing(at)
        } else {
            Some(self.resources.iter().find(|resource| is_called(&resource.id, document))?)
        };
        let base = root.map_or("", |resource| resource.pointer.as_str());
        if fragment.is_empty() || fragment.starts_with('/') {
            let below = pointer::of_reference(&format!("#{fragment}"))?;
            let inside = format!("{base}{below}");
            // Many write pointers from the document's root in schemas with an `$id`, and mean it.
            let candidates = [inside, if document.is_empty() { below } else { String::new() }];
            return candidates.into_iter().find(|target| !target.is_empty() && self.root.pointer(target).is_some());
        }
        let named = || self.anchors.iter().filter(|anchor| anchor.name == fragment);
        let own =
            named().find(|anchor| self.enclosing(&anchor.pointer).map_or("", |resource| &resource.pointer) == base);
        own.or_else(|| named().next()).map(|anchor| anchor.pointer.clone())
    }

    /// The innermost schema with an `$id` around `at`.
    fn enclosing(&self, at: &str) -> Option<&Resource> {
        let around = |resource: &&Resource| {
            at.strip_prefix(resource.pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.resources.iter().filter(around).max_by_key(|resource| resource.pointer.len())
    }
}

/// Whether a pointer is that of a published component.
fn is_component(at: &str) -> bool {
    at.strip_prefix(SCHEMAS).and_then(|below| below.strip_prefix('/')).is_some_and(|name| !name.contains('/'))
}

/// Whether an `$id` is meant by the part of a reference before `#`, which may be relative to where it stands.
fn is_called(id: &str, reference: &str) -> bool {
    let reference = reference.trim_start_matches("./");
    id == reference || id.ends_with(&format!("/{reference}")) || reference.ends_with(&format!("/{id}"))
}

/// The name that a schema in the depth gets: that of its `$defs` entry, else of where it stands.
fn wanted_name(target: &str) -> String {
    const NOISE: [&str; 9] =
        ["", "components", "schemas", "paths", "properties", "content", "schema", "responses", "$defs"];
    let segments: Vec<String> = target.split('/').map(|segment| pointer::unescape(segment).into_owned()).collect();
    if let [.., defs, name] = segments.as_slice()
        && (defs == "$defs" || defs == "definitions")
    {
        return name.clone();
    }
    let words: Vec<&str> = segments.iter().map(String::as_str).filter(|segment| !NOISE.contains(segment)).collect();
    words.join("_")
}

/// What OpenAPI allows as the name of a component (3.0.3, section 4.7.7).
fn component_name(name: &str) -> String {
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let name: String = name.chars().map(|character| if allowed(character) { character } else { '_' }).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_lead_where_json_schema_says() {
        let document = json!({"components": {"schemas": {
            "A": {"$defs": {"D": {"type": "string", "$anchor": "d"}}, "properties": {"p": {"type": "integer"}}},
            "B": {"$id": "https://example.com/b", "$defs": {"E": {"$anchor": "e"}, "D": {"$anchor": "d"}}},
            "Page<A>": {}
        }}});
        let mut references = References::of(&document);
        let a = "/components/schemas/A";
        let b = "/components/schemas/B/$defs/E";
        for (at, reference, target) in [
            (a, "#/components/schemas/B", Some("#/components/schemas/B")),
            (a, "#/components/schemas/Page%3CA%3E", Some("#/components/schemas/Page_A_")),
            (a, "#/components/schemas/A/$defs/D", Some("#/components/schemas/D")),
            (a, "#/components/schemas/A/properties/p", Some("#/components/schemas/A_p")),
            (a, "#d", Some("#/components/schemas/D")),
            (b, "#d", Some("#/components/schemas/D_2")),
            (b, "#/$defs/E", Some("#/components/schemas/E")),
            (b, "#", Some("#/components/schemas/B")),
            (b, "#/components/schemas/A", Some("#/components/schemas/A")),
            (a, "b#e", Some("#/components/schemas/E")),
            (a, "https://example.com/b", Some("#/components/schemas/B")),
            (a, "elsewhere.json", None),
            (a, "#nowhere", None),
            (a, "#/components/schemas/C", None),
        ] {
            assert_eq!(references.schema(at, reference).as_deref(), target, "{at} {reference}");
        }
    }
}
