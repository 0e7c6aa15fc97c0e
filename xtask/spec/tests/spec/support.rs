//! The lowering to OpenAPI 3.0.3 in memory, without a folder.

use serde_json::{Value, json};
use xtask_spec::diagnostic::{self, Diagnostic, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::lower;
use xtask_spec::source::{Source, Syntax};

/// What became of a document, and what was said of it.
#[derive(Debug)]
pub(crate) struct Lowering {
    /// The document of OpenAPI 3.0.3.
    pub document: Value,
    /// Each warning as its id and the pointer of its place: `loosened /components/schemas/S/if`.
    pub warnings: Vec<String>,
}

impl Lowering {
    /// The component of this name.
    #[must_use]
    pub(crate) fn schema(&self, name: &str) -> Value {
        self.document.pointer(&format!("/components/schemas/{name}")).cloned().unwrap_or_default()
    }

    /// Whether anything was relaxed.
    #[must_use]
    pub(crate) fn loosened(&self) -> bool {
        self.warnings.iter().any(|warning| warning.starts_with("loosened "))
    }
}

/// Lowers one fragment.
///
/// # Errors
/// What the pipeline finds wrong with it.
pub(crate) fn of_document(fragment: &Value) -> Result<Lowering, String> {
    in_memory(fragment).map_err(|problems| diagnostic::report(problems.diagnostics()))
}

fn in_memory(fragment: &Value) -> Result<Lowering, Problems> {
    let source = Source::new("one.json", "openapi/one.json", fragment.to_string(), Syntax::Json);
    let fragments = Fragments::parse(vec![source], "openapi")?;
    let corrected = xtask_spec::corrected(&fragments)?;
    let lowered = lower::lower(&corrected)?;
    let said = |warning: &Diagnostic| {
        let pointer = warning.place.as_ref().map(|place| place.pointer.as_str()).unwrap_or_default();
        format!("{} {pointer}", warning.id)
    };
    let warnings = corrected.warnings.iter().chain(&lowered.warnings).map(said).collect();
    Ok(Lowering { document: lowered.document, warnings })
}

/// Lowers one fragment of this version of OpenAPI, whose components are `schemas`.
///
/// # Errors
/// What the pipeline finds wrong with it.
pub(crate) fn of_schemas(version: &str, schemas: &Value) -> Result<Lowering, String> {
    of_document(&json!({
        "openapi": version,
        "info": {"title": "API", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas}
    }))
}
