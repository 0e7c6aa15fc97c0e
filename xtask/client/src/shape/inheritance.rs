//! Schemas that lead back to themselves by composition, and those that multiply: typify follows both without end.
//!
//! A base may list its children by `oneOf` or `anyOf` while each child takes the base by `allOf`. What the list says is of the
//! base alone: a child takes what else the base says. A property that a child narrows to a type that leads back to the child
//! gets the narrower of both types. `allOf` of several unions makes a type for each choice of their members; beyond a limit the
//! schema is taken for any JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Shaping;
use super::components::{Schemas, list, reaches, schemas, target};
use super::overlaps::narrowed;
use xtask_spec::diagnostic::Id;
use xtask_spec::grammar::{self, Object};
use xtask_spec::pointer;

/// So many choices among members of unions that nothing tells apart are multiplied out: 2 unions of 4. typify takes 0.3 s for
/// 16 choices, and 75 s for 36.
const CHOICES: usize = 16;

/// So many where one of the unions is `anyOf`: its members are taken together as well, and 16 choices take 5 s.
const CHOICES_OF_ANY: usize = 9;

/// So many where a property tells the members of all unions but one apart.
const TAGGED: usize = 64;

/// So deep, properties in properties, is looked for a way back.
const DEPTH: usize = 32;

/// So many schemas are looked at for one.
const STEPS: usize = 20_000;

/// Makes schemas finite; what can't be kept is said.
pub(super) fn finite(document: &mut Value, shaping: &mut Shaping) {
    children_take_what_is_theirs(document, shaping);
    without_themselves(document, shaping);
    properties_and_unions(document, shaping);
}

fn children_take_what_is_theirs(document: &mut Value, shaping: &mut Shaping) {
    let schemas = schemas(document);
    for (name, schema) in &schemas {
        let mut child = schema.clone();
        if inherit(&schemas, &mut child, name, &mut BTreeSet::new())
            && let Some(place) = document.pointer_mut(&pointer::join("/components/schemas", name))
        {
            *place = child;
            // A base that is nothing but its list says nothing else.
            let bases = list(schema, "allOf").iter().filter_map(target).filter(|base| lists(&schemas, base, name));
            for base in bases.filter(|base| schemas.get(base).is_some_and(|base| base.get("properties").is_none())) {
                let at = pointer::join("/components/schemas", name);
                let others = ["oneOf", "anyOf"].iter().filter_map(|key| Some(list(schemas.get(&base)?, key))).flatten();
                let others = others.filter_map(target).filter(|other| other != name);
                let members: Vec<String> = others
                    .filter_map(|other| schemas.get(&other)?.get("properties")?.as_object())
                    .flat_map(|properties| properties.keys().map(|member| format!("`{member}`")))
                    .collect();
                let members = members.join(", ");
                let message = format!(
                    "`{name}` is all of `{base}`, which is one of `{name}` and others: it keeps no {members} of those"
                );
                shaping.warn(Id::Lossy, &at, message, "take one of the two out in the overlay");
            }
        }
    }
}

/// Replaces the bases that list `child` among their alternatives by what else they say. Returns whether there were any.
fn inherit(schemas: &Schemas, schema: &mut Value, child: &str, seen: &mut BTreeSet<String>) -> bool {
    let mut changed = false;
    for key in ["allOf", "anyOf", "oneOf"] {
        for member in schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            match target(member) {
                Some(base) if key == "allOf" && lists(schemas, &base, child) && !seen.contains(&base) => {
                    seen.insert(base.clone());
                    let mut own = schemas.get(&base).cloned().unwrap_or_default();
                    without_lists(schemas, &mut own, child);
                    inherit(schemas, &mut own, child, seen);
                    seen.remove(&base);
                    *member = own;
                    changed = true;
                }
                Some(_) => {}
                None => changed |= inherit(schemas, member, child, seen),
            }
        }
    }
    changed
}

/// Whether `child` is among the alternatives of `base`, or of what that is all of.
fn lists(schemas: &Schemas, base: &str, child: &str) -> bool {
    fn listed(schemas: &Schemas, schema: &Value, child: &str, seen: &mut BTreeSet<String>) -> bool {
        let by_list = ["anyOf", "oneOf"].iter().any(|key| {
            list(schema, key)
                .iter()
                .any(|branch| reaches(schemas, branch, child, &["allOf", "anyOf", "oneOf"], &mut BTreeSet::new()))
        });
        by_list
            || list(schema, "allOf").iter().any(|part| match target(part) {
                Some(name) => {
                    seen.insert(name.clone())
                        && schemas.get(&name).is_some_and(|schema| listed(schemas, schema, child, seen))
                }
                None => listed(schemas, part, child, seen),
            })
    }
    schemas.get(base).is_some_and(|schema| listed(schemas, schema, child, &mut BTreeSet::from([base.to_owned()])))
}

/// What a base says without its list of children.
fn without_lists(schemas: &Schemas, base: &mut Value, child: &str) {
    let Value::Object(members) = base else { return };
    for key in ["anyOf", "oneOf"] {
        let leads_back = members.get(key).and_then(Value::as_array).is_some_and(|branches| {
            branches
                .iter()
                .any(|branch| reaches(schemas, branch, child, &["allOf", "anyOf", "oneOf"], &mut BTreeSet::new()))
        });
        if leads_back {
            members.shift_remove(key);
            members.shift_remove("discriminator");
        }
    }
    for key in ["description", "title", "example"] {
        members.shift_remove(key);
    }
    for part in members.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        if target(part).is_none() {
            without_lists(schemas, part, child);
        }
    }
}

/// A schema among its own alternatives says nothing more, and its type would never stop to try itself.
fn without_themselves(document: &mut Value, shaping: &mut Shaping) {
    let schemas = schemas(document);
    for name in schemas.keys() {
        let at = pointer::join("/components/schemas", name);
        let Some(schema) = document.pointer_mut(&at) else { continue };
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(branches)) = schema.get_mut(key) else { continue };
            let before = branches.len();
            branches.retain(|branch| !reaches(&schemas, branch, name, &["anyOf", "oneOf"], &mut BTreeSet::new()));
            if branches.len() == before {
                continue;
            }
            if branches.len() < 2
                && let Value::Object(members) = schema
                && let Some(left) = members.shift_remove(key)
            {
                match members.get_mut("allOf").and_then(Value::as_array_mut) {
                    Some(all) => all.extend(left.as_array().cloned().unwrap_or_default()),
                    None if left == json!([]) => {}
                    None => _ = members.insert("allOf".to_owned(), left),
                }
            }
            let message = format!("schema `{name}` is among its own alternatives, where it is left out");
            shaping.warn(Id::LeftOut, &at, message, "nothing has to be done: it would match nothing more");
        }
    }
}

/// Why a schema isn't finite.
enum Trouble {
    /// The types of this property lead back to themselves.
    Property(String),
    /// It makes so many choices, or is too large to tell.
    Choices(String),
}

fn properties_and_unions(document: &mut Value, shaping: &mut Shaping) {
    // Each round takes a property apart, or a schema out; there are no more of them than schemas and properties.
    for _ in 0..STEPS {
        let schemas = schemas(document);
        let mut found = None;
        grammar::walk(Object::OpenApi, document, &mut |at, object, schema| {
            let composed = ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.get(*key).is_some());
            if object == Object::Schema && composed && found.is_none() {
                let mut measure = Measure { schemas: &schemas, steps: STEPS };
                found = measure.merged(&[schema], &mut Vec::new()).err().map(|trouble| (at.to_owned(), trouble));
            }
        });
        let Some((at, trouble)) = found else { return };
        let Some(schema) = document.pointer_mut(&at) else { return };
        let called = match at.strip_prefix("/components/schemas/").filter(|name| !name.contains('/')) {
            Some(name) => format!("schema `{}`", name.replace("~1", "/").replace("~0", "~")),
            None => "this schema".to_owned(),
        };
        let open = match trouble {
            Trouble::Property(name) => {
                let kept = narrowed(&schemas, schema, &name);
                let message = format!(
                    "property `{name}` of {called} is taken for any JSON: its types lead back to themselves without end"
                );
                (!kept).then_some(message)
            }
            Trouble::Choices(why) => {
                if without_required_lists(schema) {
                    Some(format!("which properties of {called} are required together isn't checked: {why}"))
                } else {
                    *schema = json!({});
                    Some(format!("{called} is taken for any JSON: {why}"))
                }
            }
        };
        if let Some(message) = open {
            shaping.warn(Id::LeftOut, &at, message, "write it in the overlay as one schema without `allOf`");
        }
    }
}

/// Removes the unions whose members only say what is required. Returns whether there were any.
fn without_required_lists(schema: &mut Value) -> bool {
    let Value::Object(members) = schema else { return false };
    let mut removed = false;
    for key in ["anyOf", "oneOf"] {
        let only_required = |member: &Value| {
            member
                .as_object()
                .is_some_and(|member| member.keys().all(|key| matches!(key.as_str(), "required" | "type")))
        };
        let union = members.get(key).and_then(Value::as_array);
        if union.is_some_and(|union| union.iter().all(only_required)) {
            removed |= members.shift_remove(key).is_some();
        }
    }
    for part in members.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        removed |= without_required_lists(part);
    }
    removed
}

/// Follows how typify merges schemas.
struct Measure<'a> {
    schemas: &'a Schemas,
    steps: usize,
}

/// What a list of schemas says, all of them together.
#[derive(Default)]
struct Together<'a> {
    properties: Vec<(&'a String, &'a Value)>,
    unions: Vec<&'a [Value]>,
    any: bool,
}

impl<'a> Measure<'a> {
    /// Whether merging these comes to an end. `path` is what is being merged around them.
    fn merged(&mut self, parts: &[&'a Value], path: &mut Vec<Vec<String>>) -> Result<(), Trouble> {
        let mut together = Together::default();
        let mut seen = BTreeSet::new();
        for part in parts {
            self.gather(part, &mut together, &mut seen)?;
        }
        self.choices(&together)?;
        let mut names: Vec<&String> = together.properties.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let mut types: Vec<&Value> = Vec::new();
            for (_, schema) in together.properties.iter().filter(|(other, _)| *other == name) {
                if !types.contains(schema) {
                    types.push(schema);
                }
            }
            if types.len() < 2 {
                continue;
            }
            let mut key: Vec<String> = types.iter().map(|schema| schema.to_string()).collect();
            key.sort_unstable();
            if path.contains(&key) || path.len() >= DEPTH {
                return Err(Trouble::Property(name.clone()));
            }
            path.push(key);
            // Wherever the way back is, it is this property that has to be taken apart.
            let inside = self.merged(&types, path);
            path.pop();
            inside.map_err(|trouble| match trouble {
                Trouble::Property(_) => Trouble::Property(name.clone()),
                choices => choices,
            })?;
        }
        Ok(())
    }

    fn gather(
        &mut self,
        schema: &'a Value,
        together: &mut Together<'a>,
        seen: &mut BTreeSet<String>,
    ) -> Result<(), Trouble> {
        let Some(left) = self.steps.checked_sub(1) else {
            return Err(Trouble::Choices("it is composed of too many schemas to follow".to_owned()));
        };
        self.steps = left;
        if let Some(name) = target(schema) {
            if seen.insert(name.clone())
                && let Some(schema) = self.schemas.get(&name)
            {
                self.gather(schema, together, seen)?;
            }
            return Ok(());
        }
        together.properties.extend(schema.get("properties").and_then(Value::as_object).into_iter().flatten());
        for part in list(schema, "allOf") {
            self.gather(part, together, seen)?;
        }
        for key in ["anyOf", "oneOf"] {
            let branches = list(schema, key);
            if !branches.is_empty() {
                together.any |= key == "anyOf";
                together.unions.push(branches);
            }
        }
        Ok(())
    }

    fn choices(&self, together: &Together) -> Result<(), Trouble> {
        if together.unions.len() < 2 {
            return Ok(());
        }
        let product = |unions: &mut dyn Iterator<Item = usize>| unions.fold(1_usize, usize::saturating_mul);
        let all = product(&mut together.unions.iter().map(|union| union.len()));
        let plain = together.unions.iter().filter(|union| !self.is_tagged(union)).count();
        let limit = match plain {
            0 | 1 => TAGGED,
            _ if together.any => CHOICES_OF_ANY,
            _ => CHOICES,
        };
        if all > limit {
            let unions = together.unions.len();
            return Err(Trouble::Choices(format!(
                "it is all of {unions} unions at once, which makes {all} types; up to {limit} are made"
            )));
        }
        Ok(())
    }

    /// Whether a property tells the members of a union apart: each requires it, with one text that no other has.
    fn is_tagged(&self, union: &[Value]) -> bool {
        let tags = |member: &Value| -> BTreeSet<(String, String)> {
            let member = target(member).and_then(|name| self.schemas.get(&name)).unwrap_or(member);
            let required = list(member, "required").iter().filter_map(Value::as_str);
            let tag = |name: &str| {
                let values = list(member.get("properties")?.get(name)?, "enum");
                match values {
                    [Value::String(value)] => Some((name.to_owned(), value.clone())),
                    _ => None,
                }
            };
            required.filter_map(tag).collect()
        };
        let all: Vec<BTreeSet<(String, String)>> = union.iter().map(tags).collect();
        let Some(first) = all.first() else { return false };
        first.iter().any(|(name, _)| {
            let mut values = BTreeSet::new();
            all.iter().all(|tags| {
                tags.iter().find(|(other, _)| other == name).is_some_and(|(_, value)| values.insert(value.clone()))
            })
        })
    }
}
