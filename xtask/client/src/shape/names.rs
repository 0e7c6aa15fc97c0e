//! Names that differ in the API and meet in Rust: `getFoo` and `get_foo`, `createdAt` and `created_at`.
//!
//! The generator doesn't look for them, and its output doesn't compile. All but the first of such names, in the order
//! of the names themselves, get a number; on the wire nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::rust_name::{MARK, UNKNOWN_VARIANT, pascal, snake, unmarked};
use xtask_spec::diagnostic::{Diagnostic, Id, Place};
use xtask_spec::free;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// What the generated `Client` calls its own: an operation of the same name would hide it or not compile.
const RESERVED: [&str; 10] =
    ["new", "try_new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec"];

/// What generated code takes from Rust's prelude: a type of the same name would hide it.
const PRELUDE: [&str; 27] = [
    "Ok",
    "Err",
    "Some",
    "None",
    "Default",
    "Clone",
    "Copy",
    "Debug",
    "PartialEq",
    "Eq",
    "Hash",
    "Ord",
    "PartialOrd",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "Drop",
    "Send",
    "Sync",
    "Sized",
    "ToString",
    "AsRef",
    "Box",
    "String",
    "Vec",
    "Option",
];

const SCHEMAS: &str = "/components/schemas";

/// A name that was changed.
pub(super) struct Renamed {
    /// What there is to say of it.
    pub(super) warning: Diagnostic,
    /// Whether it carries a [`MARK`] now.
    pub(super) marked: bool,
}

/// Renames what meets. `place` finds where a pointer into the document came from.
pub(super) fn apart_in_rust(document: &mut Value, place: &dyn Fn(&str) -> Place) -> Vec<Renamed> {
    // Before the schemas: once those are renamed, their pointers lead nowhere in the fragments.
    let marked = marked(document, place).into_iter().map(|warning| Renamed { warning, marked: true });
    let mut renamed: Vec<Renamed> = marked.collect();
    renamed.extend(schemas(document, place).into_iter().map(|warning| Renamed { warning, marked: false }));
    renamed
}

/// The new name of every name that has to change, for names that must differ in all their `forms`.
pub(super) fn numbered<'a>(
    names: impl Iterator<Item = &'a str>,
    reserved: &[&str],
    forms: impl Fn(&str) -> [String; 2],
) -> BTreeMap<String, String> {
    let names: BTreeSet<&str> = names.collect();
    let mut taken: BTreeSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    let mut late = Vec::new();
    for name in names {
        let forms = forms(name);
        if forms.iter().any(|form| taken.contains(form)) {
            late.push(name);
        } else {
            taken.extend(forms);
        }
    }
    let mut renamed = BTreeMap::new();
    for name in late {
        let candidate = |number| format!("{name}{MARK}{number}");
        let free = free::numbered(candidate, |name| forms(name).iter().any(|form| taken.contains(form)));
        taken.extend(forms(&free));
        renamed.insert(name.to_owned(), free);
    }
    renamed
}

/// Renames the operations that meet: before anything is noted of them by their names.
pub(super) fn operations(document: &mut Value, place: &dyn Fn(&str) -> Place) -> Vec<Diagnostic> {
    let mut ids = BTreeMap::new();
    for operation in grammar::operations(document) {
        if let Some(id) = operation.value.get("operationId").and_then(Value::as_str) {
            ids.insert(id.to_owned(), operation.pointer());
        }
    }
    let renamed = numbered(ids.keys().map(String::as_str), &RESERVED, |id| [snake(id), pascal(id)]);
    let mut warnings = Vec::new();
    for (id, marked) in renamed {
        let Some(at) = ids.get(&id) else { continue };
        let name = snake(&marked);
        let message = format!("operation `{id}` is called `{name}` in Rust: `{}` is taken", snake(&id));
        let help = "give it another `operationId` in the overlay if another name suits better";
        warnings.push(Diagnostic::warning(Id::Renamed, message, help).at(place(at)));
        if let Some(operation) = document.pointer_mut(at).and_then(Value::as_object_mut) {
            operation.insert("operationId".into(), name.into());
        }
    }
    warnings
}

fn schemas(document: &mut Value, place: &dyn Fn(&str) -> Place) -> Vec<Diagnostic> {
    let Some(schemas) = document.pointer_mut(SCHEMAS).and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let renamed = numbered(schemas.keys().map(String::as_str), &PRELUDE, |name| [pascal(name), pascal(name)]);
    if renamed.is_empty() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let mut references = BTreeMap::new();
    for (name, marked) in renamed {
        let rust = pascal(&marked);
        let message = format!("schema `{name}` is called `{rust}` in Rust: `{}` is taken", pascal(&name));
        let help = "rename it in the overlay, with all references to it, if another name suits better";
        warnings.push(Diagnostic::warning(Id::Renamed, message, help).at(place(&pointer::join(SCHEMAS, &name))));
        references.insert(name, rust);
    }
    rename_components(document, &references);
    warnings
}

/// Gives schemas other names, wherever they are referred to.
fn rename_components(document: &mut Value, renamed: &BTreeMap<String, String>) {
    if let Some(Value::Object(schemas)) = document.pointer_mut(SCHEMAS) {
        for (name, new) in renamed {
            rename_key(schemas, name, new);
        }
    }
    let references: BTreeMap<String, String> =
        renamed.iter().map(|(name, new)| (pointer::join(SCHEMAS, name), format!("#{SCHEMAS}/{new}"))).collect();
    grammar::walk_mut(Object::OpenApi, document, &mut |_, object, schema| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref").filter(|_| object == Object::Schema)
            && let Some(renamed) = pointer::of_reference(reference).and_then(|at| references.get(&at))
        {
            reference.clone_from(renamed);
        }
    });
}

/// Gives other names to components, the same in all `documents`, such that none of these names is that of two types:
/// to the component of that name, or else to the one whose inside the generator called so.
pub(super) fn components_apart(
    documents: &mut [Value],
    clashing: &[String],
    place: &dyn Fn(&str) -> Place,
) -> Vec<Diagnostic> {
    let names: BTreeSet<String> = documents.iter().flat_map(component_names).collect();
    let mut taken: BTreeSet<String> = names.iter().map(|name| pascal(name)).chain(clashing.iter().cloned()).collect();
    let mut renamed = BTreeMap::new();
    let mut warnings = Vec::new();
    for clash in clashing {
        let outer = names.iter().filter(|name| clash.starts_with(&pascal(name))).max_by_key(|name| pascal(name).len());
        let Some(name) = outer.filter(|name| !renamed.contains_key(*name)) else { continue };
        let rust = pascal(name);
        let new = free::numbered(|number| pascal(&format!("{rust}{number}")), |name| taken.contains(name));
        let message = format!(
            "schema `{name}` is called `{new}` in Rust: `{clash}` is what the generator calls something inside another schema"
        );
        let help = "rename it in the overlay, with all references to it, if another name suits better";
        warnings.push(Diagnostic::warning(Id::Renamed, message, help).at(place(&pointer::join(SCHEMAS, name))));
        taken.insert(new.clone());
        renamed.insert(name.clone(), new);
    }
    for document in documents {
        rename_components(document, &renamed);
    }
    warnings
}

fn component_names(document: &Value) -> Vec<String> {
    let schemas = document.pointer(SCHEMAS).and_then(Value::as_object);
    schemas.into_iter().flat_map(Map::keys).cloned().collect()
}

/// Parameters and values of enumerations: what has a name on the wire, which stays.
fn marked(document: &mut Value, place: &dyn Fn(&str) -> Place) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    grammar::walk_mut(Object::OpenApi, document, &mut |at, object, schema| match object {
        Object::Parameter => warnings.extend(marked_parameter(at, schema, place)),
        Object::Schema => values(at, schema, place, &mut warnings),
        _ => {}
    });
    warnings
}

/// The parameters were told apart before; here is said so.
fn marked_parameter(at: &str, parameter: &Value, place: &dyn Fn(&str) -> Place) -> Option<Diagnostic> {
    let marked = parameter.get("name").and_then(Value::as_str)?;
    let name = unmarked(marked)?;
    let message = format!("parameter `{name}` is called `{}` in Rust: `{}` is taken", snake(marked), snake(name));
    Some(
        Diagnostic::warning(Id::Renamed, message, "nothing has to be done; on the wire its name is the same")
            .at(place(at)),
    )
}

/// Values of an enumeration that become one variant: the generator panics on them.
fn values(at: &str, schema: &mut Value, place: &dyn Fn(&str) -> Place, warnings: &mut Vec<Diagnostic>) {
    let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else { return };
    let renamed =
        numbered(values.iter().filter_map(Value::as_str), &[UNKNOWN_VARIANT], |value| [pascal(value), pascal(value)]);
    for (name, marked) in &renamed {
        let message =
            format!("value `{name}` is the variant `{}` in Rust: `{}` is taken", pascal(marked), pascal(name));
        let help = "nothing has to be done; on the wire it is the same";
        let at = format!("{at}/enum");
        warnings.push(Diagnostic::warning(Id::Renamed, message, help).at(place(&at)));
    }
    for value in values.iter_mut() {
        if let Some(marked) = value.as_str().and_then(|name| renamed.get(name)) {
            *value = marked.as_str().into();
        }
    }
}

/// Gives a member another name, in its place.
pub(super) fn rename_key(members: &mut Map<String, Value>, name: &str, new: &str) {
    if let Some(index) = members.keys().position(|key| key == name)
        && let Some(value) = members.shift_remove(name)
    {
        members.shift_insert(index, new.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(pointer: &str) -> Place {
        Place { file: "a.json".into(), position: None, pointer: pointer.into() }
    }

    fn shaped(mut document: Value) -> (Value, Vec<String>) {
        let warnings = apart_in_rust(&mut document, &place);
        let messages = warnings.into_iter().map(|renamed| renamed.warning.message).collect();
        (document, messages)
    }

    #[test]
    fn operations_that_meet_or_hide_the_clients_own_get_a_number() {
        let operation = |id: &str| json!({"get": {"operationId": id}});
        let mut document = json!({"paths": {
            "/a": operation("get_foo"), "/b": operation("getFoo"), "/c": operation("new")
        }});
        let warnings = operations(&mut document, &place).into_iter().map(|warning| warning.message);
        assert_eq!(
            document,
            json!({"paths": {"/a": operation("get_foo_2"), "/b": operation("getFoo"), "/c": operation("new_2")}})
        );
        assert_eq!(
            warnings.collect::<Vec<_>>(),
            [
                "operation `get_foo` is called `get_foo_2` in Rust: `get_foo` is taken",
                "operation `new` is called `new_2` in Rust: `new` is taken"
            ]
        );
    }

    #[test]
    fn a_renamed_schema_is_renamed_wherever_it_is_referred_to() {
        let (document, warnings) = shaped(json!({"components": {"schemas": {
            "Event.tui.x": {"type": "string"},
            "EventTuiX": {"type": "integer"},
            "Both": {"properties": {
                "a": {"$ref": "#/components/schemas/Event.tui.x"},
                "b": {"$ref": "#/components/schemas/EventTuiX"}
            }}
        }}}));
        assert_eq!(
            document,
            json!({"components": {"schemas": {
                "Event.tui.x": {"type": "string"},
                "EventTuiX2": {"type": "integer"},
                "Both": {"properties": {
                    "a": {"$ref": "#/components/schemas/Event.tui.x"},
                    "b": {"$ref": "#/components/schemas/EventTuiX2"}
                }}
            }}})
        );
        assert_eq!(warnings, ["schema `EventTuiX` is called `EventTuiX2` in Rust: `EventTuiX` is taken"]);
    }
}
