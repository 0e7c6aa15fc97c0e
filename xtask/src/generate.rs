//! The pipeline, top to bottom.

use std::fs;
use std::path::Path;
use std::thread;

use serde_json::Value;

use crate::codegen;
use crate::dependencies;
use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::grammar::METHODS;
use crate::header::Header;
use crate::lower::{self, Lowered};
use crate::merge::{self, Merged};
use crate::output::{File, Files, GENERATED};
use crate::polish::{self, Operation};
use crate::read::{self, Fragments};
use crate::shape;
use crate::summary::{Facts, Stopwatch};

/// Everything a run made, with what there is to say of it.
#[derive(Debug)]
pub struct Generation {
    /// The files, complete.
    pub files: Files,
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
    watch.lap("read");
    let merged = merge::merge(&fragments)?;
    watch.lap("merge");
    let lowered = lower::lower(&merged, &fragments)?;
    watch.lap("lower");
    let header = Header::new(&fragments, &merged);
    let code = code(&fragments, &merged, &lowered, &header, &mut watch)?;
    let files = files(&lowered, &header, &code, out)?;
    watch.lap("assemble");

    let facts = Facts::new(&fragments, &lowered.document, &files, watch);
    let warnings = Problems::check([merged.warnings, lowered.warnings, code.warnings].concat())?;
    Ok(Generation { files, warnings, facts })
}

/// The merged and lowered document of the fragments in `openapi`.
///
/// # Errors
/// Every problem of the first stage that has any.
pub fn merged_document(openapi: &Path) -> Result<(String, Vec<Diagnostic>), Problems> {
    let fragments = read::read(openapi)?;
    let merged = merge::merge(&fragments)?;
    let lowered = lower::lower(&merged, &fragments)?;
    let text = document(&lowered, &Header::new(&fragments, &merged));
    Ok((text, [merged.warnings, lowered.warnings].concat()))
}

/// The Rust code, as text.
struct Code {
    client: String,
    mocks: String,
    warnings: Vec<Diagnostic>,
}

fn code(
    fragments: &Fragments,
    merged: &Merged,
    lowered: &Lowered,
    header: &Header,
    watch: &mut Stopwatch,
) -> Result<Code, Problems> {
    let place = |pointer: &str| -> Place { merged.origins.place(fragments, pointer) };
    let shaped = shape::shape(lowered, &place)?;
    watch.lap("shape");
    let marked = !shaped.warnings.is_empty();
    let (base, operations) = (base_path(&lowered.document), operations(&lowered.document));
    // The mocks have a generator of their own and don't depend on the client, so each gets a core.
    let (client, mocks) = thread::scope(|scope| {
        let mocks = scope.spawn(|| -> Result<String, Problems> {
            let generated = codegen::mocks(&shaped.document, "super::super::client", &place)?;
            let polished = polish::mocks(generated, &base, &operations, marked);
            Ok(rust(header, "Typed mocks of the operations, for httpmock.", &polished.0))
        });
        let client = codegen::client(&shaped.document, &place).map(|generated| {
            watch.lap("generate");
            let polished = polish::client(generated, marked);
            watch.lap("polish");
            rust(header, "The client: its models, its operations and their builders.", &polished.0)
        });
        watch.lap("print");
        (client, mocks.join())
    });
    let mocks = mocks.unwrap_or_else(|_| {
        let help = "this is a fault of xtask: report it with the fragments";
        Err(Diagnostic::error("generator", "the thread that makes the mocks panicked", help).into())
    });
    Ok(Code { client: client?, mocks: mocks?, warnings: shaped.warnings })
}

fn files(lowered: &Lowered, header: &Header, code: &Code, out: &Path) -> Result<Files, Problems> {
    let support = format!("{}{}", header.comments("//"), include_str!("../templates/support.rs"));
    let lines = dependencies::lines(&[&code.client, &code.mocks, &support]);
    let dependencies = format!("{}\n[dependencies]\n{lines}", header.comments("#"));
    let module = include_str!("../templates/mod.rs").replace("{version}", &header.version.escape_default().to_string());
    let below = |name: &str| format!("{GENERATED}/{name}");
    let mut files = vec![
        File { path: "openapi.json".to_owned(), text: document(lowered, header) },
        File { path: below("mod.rs"), text: format!("{}{module}", header.comments("//")) },
        File { path: below("client.rs"), text: code.client.clone() },
        File { path: below("support.rs"), text: support },
        File { path: below("httpmock.rs"), text: code.mocks.clone() },
        File { path: below("dependencies.toml"), text: dependencies },
    ];
    let manifest = out.join("Cargo.toml");
    if let Ok(text) = fs::read_to_string(&manifest)
        && let Some(text) = dependencies::in_manifest(&text, &lines)
    {
        files.push(File { path: "Cargo.toml".to_owned(), text });
    }
    Ok(Files(files))
}

fn rust(header: &Header, docs: &str, file: &syn::File) -> String {
    format!("{}//! {docs}\n\n{}", header.comments("//"), prettyplease::unparse(file))
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

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().filter(|(method, _)| METHODS.contains(&method.as_str())).map(
            move |(method, operation)| Operation {
                id: operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
            },
        )
    });
    operations.collect()
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
