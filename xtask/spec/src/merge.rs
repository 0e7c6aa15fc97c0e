//! Stage **merge**: many fragments become one document, or the list of everything in which they disagree.
//!
//! A document is taken apart into *parts*, the smallest pieces that one fragment may hold alone: an operation, a
//! component, a tag, `info.version`, the list of servers. Parts that several fragments hold have to be the same;
//! parts that differ only in what describes (descriptions, titles, examples) unite with a warning, and those that differ
//! in more the overlay may decide. Nothing depends on the order of the files: which description stays is decided by the
//! texts themselves.

mod assemble;
mod compare;
mod conflict;
mod paths;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::complete;
use crate::diagnostic::{Diagnostic, Id, Level, Place, Problems};
use crate::fragments::{Fragment, Fragments};
use crate::grammar::{COMPONENTS, METHODS, Object};
use crate::origins::Origins;
use crate::pointer;
use compare::Comparison;

pub(crate) use conflict::{Conflict, variants};

/// One OpenAPI 3.1 document made of all fragments, with what is known of where each part of it came from.
#[derive(Debug)]
pub struct Merged {
    /// The document.
    pub document: Value,
    /// Where its parts came from.
    pub origins: Origins,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    /// What the overlay has to decide.
    pub(crate) conflicts: Vec<Conflict>,
}

/// The place in a fragment from which a part is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    fragment: usize,
    pointer: String,
}

/// Merges `fragments`. Where there is an overlay, what they contradict each other in is left for it to decide.
///
/// # Errors
/// Everything in which the fragments contradict each other, and that no overlay can decide.
pub fn merge(fragments: &Fragments) -> Result<Merged, Problems> {
    let mut parts = Parts::default();
    let mut diagnostics = Vec::new();
    for (index, fragment) in fragments.iter().enumerate() {
        for part in take_apart(fragment, &mut diagnostics) {
            parts.offer(fragments, index, part, &mut diagnostics);
        }
    }
    diagnostics.extend(paths::leaking_members(&parts, fragments));
    paths::settle_security(&mut parts, fragments);
    let mut conflicts = parts.conflicts();
    if fragments.overlay().is_none() {
        diagnostics.extend(std::mem::take(&mut conflicts).into_iter().flat_map(Conflict::into_diagnostics));
    }
    let (mut document, mut origins) = assemble::assemble(parts, fragments);
    if fragments.overlay().is_none() && diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) {
        // What contradicts itself is put together all the same, by the first fragment's word, so that what no overlay
        // could put right any more is listed in the same run.
        diagnostics.extend(complete::complete(&mut document, &mut origins));
    }
    let warnings = Problems::check(diagnostics)?;
    Ok(Merged { document, origins, warnings, conflicts })
}

/// A piece of a document that one fragment may hold alone.
struct Part {
    /// Where it stands in the merged document, segment by segment.
    path: Vec<String>,
    /// Where it stands in its fragment.
    pointer: String,
    object: Member,
    value: Value,
}

/// How two versions of a part are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    /// Object by object, as the grammar says.
    Object(Object),
    /// An array of such objects.
    List(Object),
    /// A text that describes.
    Prose,
    /// Plain data.
    Data,
}

fn take_apart(fragment: &Fragment, diagnostics: &mut Vec<Diagnostic>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |path: &[&str], object: Member, value: &Value| {
        let pointer = path.iter().fold(String::new(), |at, segment| pointer::join(&at, segment));
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        parts.push(Part { path, pointer, object, value: value.clone() });
    };
    let mut wrong = |pointer: String, expected: &str| {
        let message = format!("{expected} is expected here");
        let help = "the fragment is not as OpenAPI 3.1 wants it: get it again from its page";
        diagnostics.push(Diagnostic::error(Id::Shape, message, help).at(fragment.source.place(&pointer)));
    };
    for (key, value) in fragment.document.as_object().into_iter().flatten() {
        let Value::Object(members) = value else {
            match (key.as_str(), value) {
                ("openapi", _) | ("tags" | "security", Value::Array(_)) => {}
                ("info" | "paths" | "webhooks" | "components", _) => {
                    wrong(pointer::join("", key), "an object");
                    continue;
                }
                ("servers", _) => add(&[key], Member::List(Object::Server), value),
                _ => add(&[key], if key.starts_with("x-") { Member::Prose } else { Member::Data }, value),
            }
            continue;
        };
        match key.as_str() {
            "info" => {
                for (key, value) in members {
                    let describes = ["title", "summary", "description", "contact", "license", "termsOfService"];
                    let prose = describes.contains(&key.as_str()) || key.starts_with("x-");
                    add(&["info", key], if prose { Member::Prose } else { Member::Data }, value);
                }
            }
            "paths" | "webhooks" => {
                for (path, item) in members {
                    match item {
                        _ if key == "paths" && !path.starts_with('/') && !path.starts_with("x-") => {
                            wrong(pointer::join("/paths", path), "a path that begins with `/`");
                        }
                        Value::Object(item) => {
                            for (name, value) in item {
                                if !METHODS.contains(&name.as_str()) && METHODS.contains(&name.to_lowercase().as_str())
                                {
                                    let at = pointer::join(&pointer::join(&pointer::join("", key), path), name);
                                    wrong(at, "a method in lower case, such as `get`,");
                                    continue;
                                }
                                add(&[key, path, name], path_item_member(name), value);
                            }
                            if item.is_empty() {
                                add(&[key, path], Member::Object(Object::PathItem), &Value::Object(item.clone()));
                            }
                        }
                        _ if path.starts_with("x-") => add(&[key, path], Member::Data, item),
                        _ => wrong(pointer::join(&pointer::join("", key), path), "a path item, which is an object,"),
                    }
                }
            }
            "components" => {
                for (kind, named) in members {
                    let Some(object) = COMPONENTS.iter().find(|(name, _)| name == kind).map(|(_, object)| *object)
                    else {
                        add(&["components", kind], Member::Data, named);
                        continue;
                    };
                    match named {
                        Value::Object(named) => {
                            for (name, value) in named {
                                add(&["components", kind, name], Member::Object(object), value);
                            }
                        }
                        _ => wrong(pointer::join("/components", kind), "an object"),
                    }
                }
            }
            "externalDocs" => add(&[key], Member::Prose, value),
            _ if key.starts_with("x-") => add(&[key], Member::Prose, value),
            _ => add(&[key], Member::Data, value),
        }
    }
    // Tags are a list in the document, but it is by their names that they are known.
    for (index, tag) in fragment.document.get("tags").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let at = format!("/tags/{index}");
        match tag.get("name").and_then(Value::as_str) {
            Some(name) => parts.push(Part {
                path: vec!["tags".into(), name.into()],
                pointer: at,
                object: Member::Object(Object::Tag),
                value: tag.clone(),
            }),
            None => {
                let message = "a tag has no `name`";
                diagnostics.push(Diagnostic::error(Id::Shape, message, "name the tag").at(fragment.source.place(&at)));
            }
        }
    }
    parts
}

fn path_item_member(name: &str) -> Member {
    match name {
        _ if METHODS.contains(&name) => Member::Object(Object::Operation),
        "parameters" => Member::List(Object::Parameter),
        "servers" => Member::List(Object::Server),
        "summary" | "description" => Member::Prose,
        _ => Member::Data,
    }
}

/// The parts that were taken so far, each with all the fragments that hold it.
#[derive(Default)]
struct Parts(BTreeMap<Vec<String>, Taken>);

struct Taken {
    value: Value,
    object: Member,
    origin: Origin,
    holders: Vec<usize>,
    /// The versions that contradict this one.
    others: Vec<Version>,
}

/// A version of a part that contradicts the one that was taken.
struct Version {
    value: Value,
    origin: Origin,
    /// What they differ in.
    diagnostic: Diagnostic,
}

impl Parts {
    fn offer(&mut self, fragments: &Fragments, fragment: usize, part: Part, diagnostics: &mut Vec<Diagnostic>) {
        let origin = Origin { fragment, pointer: part.pointer };
        let Some(taken) = self.0.get_mut(&part.path) else {
            let taken =
                Taken { value: part.value, object: part.object, origin, holders: vec![fragment], others: Vec::new() };
            self.0.insert(part.path, taken);
            return;
        };
        taken.holders.push(fragment);
        let place = |origin: &Origin, below: &str| {
            let pointer = format!("{}{below}", origin.pointer);
            fragments.get(origin.fragment).map_or_else(|| Place::file("?"), |f| f.source.place(&pointer))
        };
        match compare::compare(part.object, &taken.value, &part.value) {
            Comparison::Same => {
                // Of two spellings, too, the texts alone decide which one is kept.
                if compare::weight(&part.value) > compare::weight(&taken.value) {
                    taken.value = part.value;
                    taken.origin = origin;
                }
            }
            Comparison::Prose(below) => {
                let newer = compare::weight(&part.value) > compare::weight(&taken.value);
                let (kept, dropped) = if newer { (&origin, &taken.origin) } else { (&taken.origin, &origin) };
                let message = format!("{} is described in two ways; the longer text is kept", name(&part.path));
                let diagnostic =
                    Diagnostic::warning(Id::ProseDiffers, message, "nothing has to be done; the vendor's pages differ")
                        .at(place(kept, &below))
                        .with("the text that is dropped", place(dropped, &below));
                diagnostics.push(diagnostic);
                if newer {
                    taken.value = part.value;
                    taken.origin = origin;
                }
            }
            Comparison::Different(below) => {
                let message = format!("{} is not the same in both fragments", name(&part.path));
                let diagnostic = Diagnostic::error(Id::Conflict, message, resolution(&part.path))
                    .at(place(&origin, &below))
                    .with("differs from this", place(&taken.origin, &below));
                let mut other = Version { value: part.value, origin, diagnostic };
                // What an overlay doesn't decide may still describe in two ways: no order of files says which stays.
                if fragments.overlay().is_some() && compare::weight(&other.value) > compare::weight(&taken.value) {
                    std::mem::swap(&mut other.value, &mut taken.value);
                    std::mem::swap(&mut other.origin, &mut taken.origin);
                }
                taken.others.push(other);
            }
        }
    }
}

impl Parts {
    /// Takes out what contradicts what was taken.
    fn conflicts(&mut self) -> Vec<Conflict> {
        let parts = self.0.iter_mut().filter(|(_, taken)| !taken.others.is_empty());
        parts.map(|(path, taken)| Conflict::new(path, taken.object, std::mem::take(&mut taken.others))).collect()
    }
}

/// What a part is called in a message.
fn name(path: &[String]) -> String {
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["paths", path, method] if METHODS.contains(method) => format!("operation `{} {path}`", method.to_uppercase()),
        ["paths", path, member] => format!("`{member}` of path `{path}`"),
        ["webhooks", name, ..] => format!("webhook `{name}`"),
        ["components", "schemas", name] => format!("schema `{name}`"),
        ["components", kind, name] => format!("component `{name}` of `{kind}`"),
        ["tags", name] => format!("tag `{name}`"),
        segments => format!("`{}`", segments.join(".")),
    }
}

/// How a conflict over a part is resolved.
fn resolution(path: &[String]) -> &'static str {
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["info", "version"] => {
            "the fragments are of different versions of the spec: take all pages of the same version"
        }
        ["servers"] => {
            "all fragments of one API name the same servers: get the older page again, from the version of the newer one"
        }
        _ => {
            "get both pages again, from the same version of the spec; if they still differ, write what is right there in an action of the overlay: what its actions make the same of both is no conflict"
        }
    }
}
