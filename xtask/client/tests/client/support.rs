//! A client made in memory.

use anstream::adapter::strip_str;
use serde_json::Value;
use xtask_spec::diagnostic;
use xtask_spec::fragments::Fragments;
use xtask_spec::source::{Source, Syntax};

use crate::Test;

/// The text of `client.rs`, and the warnings as they are printed.
pub(crate) struct Made {
    pub client: String,
    pub warnings: String,
}

/// Makes the client of one fragment.
pub(crate) fn made(fragment: &Value) -> Test<Made> {
    let source = Source::new("a.json", "openapi/a.json", fragment.to_string(), Syntax::Json);
    let fragments = Fragments::parse(vec![source], "openapi")?;
    let generation = xtask_client::generate(&fragments, &mut |_| ())?;
    let client = generation.files.into_iter().find(|file| file.path == "src/generated/client.rs");
    let warnings = strip_str(&diagnostic::report(&generation.warnings)).to_string();
    Ok(Made { client: client.ok_or("no client")?.text, warnings })
}
