//! The pipeline, top to bottom.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::dependencies;
use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::header::Header;
use crate::lock::{self, Behind, MANIFEST};
use crate::lower::{self, Lowered};
use crate::merge;
use crate::output::{File, Files, GENERATED};
use crate::overlay;
use crate::polish;
use crate::progenitor::{self, Code, Failure};
use crate::read::{self, Fragments};
use crate::rust_name::pascal;
use crate::shape::{self, Shaped, Traits};
use crate::summary::{Facts, Stopwatch};

/// How often types are told apart before that is given up.
const RENAMINGS: usize = 8;

/// Everything a run made, with what there is to say of it.
#[derive(Debug)]
pub struct Generation {
    /// The files, complete.
    pub files: Files,
    /// `Cargo.lock`, where it doesn't fit the manifest in `files`.
    pub lock: Option<Behind>,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    /// What was done, and how long it took.
    pub facts: Facts,
}

/// Makes all files of the client from the fragments in `openapi`; writes nothing. `out` is looked at for the manifest
/// whose marked block belongs to what is generated.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn generate(openapi: &Path, out: &Path) -> Result<Generation, Problems> {
    let mut watch = Stopwatch::start();
    let fragments = read::read(openapi)?;
    // Where there is no manifest, there is no block in it to keep in step.
    let manifest = fs::read_to_string(out.join(MANIFEST)).ok();
    watch.lap("read");
    let mut generation = all(&fragments, manifest.as_deref(), watch)?;
    if let Some(manifest) = generation.files.0.iter().find(|file| file.path == MANIFEST) {
        generation.lock = lock::behind(out, &manifest.text)?;
        generation.facts.lap("lock");
    }
    Ok(generation)
}

/// Makes all files of the client from `fragments` but the manifest. Neither reads nor writes anything: for whoever
/// has fragments that lie in no folder, such as benches and fuzzers.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn generate_from(fragments: &Fragments) -> Result<Generation, Problems> {
    all(fragments, None, Stopwatch::start())
}

/// `manifest` is the text of the one whose marked block belongs to what is generated.
fn all(fragments: &Fragments, manifest: Option<&str>, mut watch: Stopwatch) -> Result<Generation, Problems> {
    let merged = merge::merge(fragments)?;
    watch.lap("merge");
    let corrected = overlay::overlay(merged, fragments)?;
    watch.lap("overlay");
    let lowered = lower::lower(&corrected, fragments)?;
    watch.lap("lower");
    let header = Header::new(fragments, &corrected);
    let place = |pointer: &str| -> Place { lowered.place(&corrected, fragments, pointer) };
    let mut shaped = shape::shape(&lowered, &place)?;
    watch.lap("shape");
    let code = code(&mut shaped, &base_path(&lowered.document), &place)?;
    watch.lap("code");
    let files = files(&lowered, &header, &code, manifest);
    watch.lap("assemble");

    let facts = Facts::new(fragments, &lowered.document, &files, watch);
    let warnings = Problems::check([corrected.warnings, lowered.warnings, shaped.warnings].concat())?;
    Ok(Generation { files, lock: None, warnings, facts })
}

/// The Rust code. What the generator refuses is left out, by name, and the rest is made: one odd operation shall not
/// cost the whole client.
fn code(shaped: &mut Shaped, base: &str, place: &dyn Fn(&str) -> Place) -> Result<Code, Problems> {
    // Each round takes something out, so that there is an end; new names are tried a few times.
    let mut renamings = 0..RENAMINGS;
    loop {
        let mocks = polish::Mocks::new(shaped, base);
        let client = polish::Client { marked: shaped.marked, traits: by_builder(&shaped.operations) };
        let reason = match progenitor::make(shaped, &client, &mocks) {
            Ok(code) => return Ok(code),
            Err(Failure::Refused(refused)) if shaped.leave_out(&refused, place) => continue,
            Err(Failure::Clash(names)) if renamings.next().is_some() && shaped.tell_apart(&names, place)? => continue,
            Err(Failure::Clash(names)) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("two types would be called {}", names.join(", "));
                let help = "give an operation whose name it begins with another `operationId` in the overlay";
                return Err(Diagnostic::error("generator", message, help).into());
            }
            Err(Failure::Refused(refused)) => refused.into_iter().map(|refusal| refusal.reason).collect(),
            Err(Failure::Other(reason)) => reason,
        };
        let message = format!("progenitor can't take the document: {reason}");
        let help = "look for something odd in what `cargo xtask merge` prints, and change it in the overlay";
        return Err(Diagnostic::error("generator", message, help).into());
    }
}

/// The merged, corrected and lowered document of the fragments in `openapi`.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn merged_document(openapi: &Path) -> Result<(String, Vec<Diagnostic>), Problems> {
    let fragments = read::read(openapi)?;
    let merged = merge::merge(&fragments)?;
    let corrected = overlay::overlay(merged, &fragments)?;
    let lowered = lower::lower(&corrected, &fragments)?;
    let text = document(&lowered, &Header::new(&fragments, &corrected));
    Ok((text, [corrected.warnings, lowered.warnings].concat()))
}

fn files(lowered: &Lowered, header: &Header, code: &Code, manifest: Option<&str>) -> Files {
    let rust = |docs: &str, code: &str| format!("{}//! {docs}\n\n{code}", header.comments("//"));
    let client = rust("The client: its models, its operations and their builders.", &code.client);
    let mocks = rust("Typed mocks of the operations, for httpmock.", &code.mocks);
    let support = format!("{}{}", header.comments("//"), include_str!("../templates/support.rs"));
    let lines = dependencies::lines(&[&client, &mocks, &support]);
    let dependencies = format!("{}\n[dependencies]\n{lines}", header.comments("#"));
    let module = include_str!("../templates/mod.rs").replace("{version}", &header.version.escape_default().to_string());
    let below = |name: &str| format!("{GENERATED}/{name}");
    let mut files = vec![
        File { path: "openapi.json".to_owned(), text: document(lowered, header) },
        File { path: below("mod.rs"), text: format!("{}{module}", header.comments("//")) },
        File { path: below("client.rs"), text: client },
        File { path: below("support.rs"), text: support },
        File { path: below("httpmock.rs"), text: mocks },
        File { path: below("dependencies.toml"), text: dependencies },
    ];
    if let Some(text) = manifest.and_then(|text| dependencies::in_manifest(text, &lines)) {
        files.push(File { path: MANIFEST.to_owned(), text });
    }
    Files(files)
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
