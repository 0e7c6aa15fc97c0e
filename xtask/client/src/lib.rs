//! Fragments become the Rust files of a client.
//!
//! [`generate`] is the way, top to bottom: the stages of [`xtask_spec`] make one document of OpenAPI 3.0.3, and then
//! `shape` makes of it what progenitor can take, `progenitor` makes Rust of that, `polish` puts right what progenitor gets
//! wrong, and the files are put together. Nothing here touches the disk.

pub mod apart;
mod blame;
pub mod dependencies;
mod failure;
mod generator;
mod header;
mod planted;
mod polish;
mod progenitor;
mod rust_name;
mod shape;
mod traits;

use std::collections::BTreeMap;

use openapiv3::OpenAPI;
use serde_json::Value;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::lower::{self, Lowered};
use xtask_spec::{grammar, merge, overlay};

use crate::failure::Failure;
use crate::header::Header;
use crate::progenitor::Code;
use crate::rust_name::pascal;
use crate::shape::Shaped;
use crate::traits::{Facts, Traits};

pub use generator::Product;
pub use header::SIGNATURE;

/// How many rounds of renaming to try before giving up.
const RENAMINGS: usize = 8;

/// The folder that holds nothing but generated files, below the output folder.
pub const GENERATED: &str = "src/generated";

/// One file that a command makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path seen from the output folder, with `/` between its parts.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// The client, with what there is to say of it.
#[derive(Debug)]
pub struct Generation {
    /// The document of OpenAPI 3.0.3.
    pub document: Value,
    /// The files, complete.
    pub files: Vec<File>,
    /// The lines of a manifest's `[dependencies]` that the files need.
    pub dependencies: String,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
}

/// Makes all files of the client from `fragments`; `lap` is called with the name of each stage as it ends.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn generate(fragments: &Fragments, lap: &mut dyn FnMut(&'static str)) -> Result<Generation, Problems> {
    let merged = merge::merge(fragments)?;
    lap("merge");
    let corrected = overlay::overlay(merged)?;
    lap("overlay");
    let lowered = lower::lower(&corrected)?;
    lap("lower");
    let header = Header::new(&corrected);
    let place = |pointer: &str| lowered.place(pointer);
    let mut shaped = shape::shape(&lowered, &place)?;
    lap("shape");
    let code = code(&mut shaped, &lowered, &place)?;
    lap("code");
    let (files, dependencies) = files(&lowered, &header, &code);
    lap("assemble");
    let warnings = Problems::check([corrected.warnings, lowered.warnings, shaped.warnings].concat())?;
    Ok(Generation { document: lowered.document, files, dependencies, warnings })
}

/// What the type of a schema is called in Rust, unless a warning gives it another name: for the oracle of round trips.
#[doc(hidden)]
#[must_use]
pub fn type_name(schema: &str) -> String {
    let name = pascal(schema);
    // The one type name that is a word of Rust.
    if name == "Self" { "Self_".to_owned() } else { name }
}

/// What progenitor reads for the client of `fragments`: for benches, which measure it alone.
///
/// # Errors
/// Every problem of the first stage that has any.
#[doc(hidden)]
pub fn shaped(fragments: &Fragments) -> Result<OpenAPI, Problems> {
    let lowered = lower::lower(&xtask_spec::corrected(fragments)?)?;
    Ok(shape::shape(&lowered, &|pointer| lowered.place(pointer))?.client)
}

/// The merged, corrected and lowered document of `fragments` as text, and what the maintainer should know.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn merged(fragments: &Fragments) -> Result<(String, Vec<Diagnostic>), Problems> {
    let corrected = xtask_spec::corrected(fragments)?;
    let lowered = lower::lower(&corrected)?;
    let text = document(&lowered, &Header::new(&corrected));
    Ok((text, [corrected.warnings, lowered.warnings].concat()))
}

/// The Rust code. What the generator refuses is left out, by name, and the rest is made: one odd operation shall not
/// cost the whole client.
fn code(shaped: &mut Shaped, lowered: &Lowered, place: &dyn Fn(&str) -> Place) -> Result<Code, Problems> {
    let base = base_path(&lowered.document);
    // Each round takes something out, so that there is an end; new names are tried a few times.
    let mut renamings = 0..RENAMINGS;
    loop {
        let mocks = polish::Mocks::new(shaped, &base);
        let client = polish::Client {
            marked: shaped.marked,
            deprecated: shaped.deprecated,
            by_status: shaped.by_status(),
            traits: by_builder(&shaped.operations),
            facts: facts(shaped, &lowered.document),
            wrapped: polish::Members::new(),
        };
        let reason = match progenitor::make(shaped, client, mocks) {
            Ok(code) => return Ok(code),
            Err(Failure::Refused(refused)) if shaped.leave_out(&refused, place) => continue,
            Err(Failure::Lost(lost)) => return Err(shape::lost(&lost, place)),
            Err(Failure::Clash(names)) if renamings.next().is_some() && shaped.tell_apart(&names, place)? => continue,
            Err(Failure::Clash(names)) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("two types would be called {}", names.join(", "));
                let help = "give an operation whose name it begins with another `operationId` in the overlay";
                return Err(Diagnostic::error(Id::Generator, message, help).into());
            }
            Err(Failure::Refused(refused)) => refused.into_iter().map(|refusal| refusal.reason).collect(),
            Err(Failure::Other(reason)) => reason,
        };
        let message = format!("progenitor can't take the document: {reason}");
        let help = "look for something odd in what `cargo xtask merge` prints, and change it in the overlay";
        return Err(Diagnostic::error(Id::Generator, message, help).into());
    }
}

/// The files, and the lines of a manifest that they need.
fn files(lowered: &Lowered, header: &Header, code: &Code) -> (Vec<File>, String) {
    let rust = |docs: &str, code: &str| format!("{}//! {docs}\n\n{code}", header.comments("//"));
    let client = rust("The client: its models, its operations and their builders.", &code.client);
    let mocks = rust("Typed mocks of the operations, for httpmock.", &code.mocks);
    let support = format!("{}{}", header.comments("//"), include_str!("../templates/support.rs"));
    let lines = dependencies::lines(&[&client, &mocks, &support]);
    let dependencies = format!("{}\n[dependencies]\n{lines}", header.comments("#"));
    let module = include_str!("../templates/mod.rs").replace("{version}", &header.version.escape_default().to_string());
    let below = |name: &str| format!("{GENERATED}/{name}");
    let files = vec![
        File { path: "openapi.json".to_owned(), text: document(lowered, header) },
        File { path: below("mod.rs"), text: format!("{}{module}", header.comments("//")) },
        File { path: below("client.rs"), text: client },
        File { path: below("support.rs"), text: support },
        File { path: below("httpmock.rs"), text: mocks },
        File { path: below("dependencies.toml"), text: dependencies },
    ];
    (files, lines)
}

fn document(lowered: &Lowered, header: &Header) -> String {
    let mut document = lowered.document.clone();
    if let Value::Object(root) = &mut document {
        root.shift_insert(1, "x-generated-by".to_owned(), header.extension());
    }
    // `{:#}` of a Value can't fail, which `serde_json::to_string_pretty` can, by its type.
    format!("{document:#}\n")
}

/// The path of the first server's URL, which the base URL of a client ends in; its variables have their defaults.
fn base_path(document: &Value) -> String {
    let Some(server) = document.pointer("/servers/0") else { return String::new() };
    let mut url = server.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
        let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        None => &url,
    };
    path.trim_end_matches('/').to_owned()
}

/// What the document says of the client's operations, by the names of their builders.
fn facts(shaped: &Shaped, document: &Value) -> BTreeMap<String, Facts> {
    let published: BTreeMap<(&str, &str), &Value> =
        grammar::operations(document).map(|operation| ((operation.path, operation.method), operation.value)).collect();
    let items = shaped.client.paths.iter().filter_map(|(path, item)| Some((path, item.as_item()?)));
    let operations =
        items.flat_map(|(path, item)| item.iter().map(move |(method, operation)| (path, method, operation)));
    let facts = operations.filter_map(|(path, method, operation)| {
        let name = operation.operation_id.as_deref()?;
        let path =
            shaped.operations.get(&rust_name::snake(name)).and_then(|traits| traits.path.as_ref()).unwrap_or(path);
        let published = published.get(&(path.as_str(), method));
        let id = published.and_then(|operation| operation.get("operationId")?.as_str()).unwrap_or(name);
        let responses = published.and_then(|operation| operation.get("responses")?.as_object());
        let statuses = responses.into_iter().flat_map(serde_json::Map::keys).cloned().collect();
        let deprecated = published.is_some_and(|operation| operation.get("deprecated") == Some(&Value::Bool(true)));
        let facts =
            Facts { id: id.to_owned(), method: method.to_uppercase(), path: path.clone(), statuses, deprecated };
        Some((pascal(&rust_name::snake(name)), facts))
    });
    facts.collect()
}

/// What polish has to know of operations, by the names of their builders.
fn by_builder(traits: &BTreeMap<String, Traits>) -> BTreeMap<String, Traits> {
    traits.iter().map(|(name, traits)| (pascal(name), traits.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::base_path;

    #[test]
    fn the_base_path_is_that_of_the_first_server() {
        for (server, path) in [
            (json!({"url": "http://yourpodURL.symphony.com/pod"}), "/pod"),
            (json!({"url": "https://host/"}), ""),
            (json!({"url": "https://host"}), ""),
            (json!({"url": "/api/v3/"}), "/api/v3"),
            (json!({"url": "https://{host}/{base}", "variables": {"base": {"default": "b"}}}), "/b"),
        ] {
            assert_eq!(base_path(&json!({"servers": [server]})), path, "{server}");
        }
        assert_eq!(base_path(&json!({})), "");
    }
}
