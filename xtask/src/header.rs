//! What every generated file says of itself: by which command it was made, and from what.

use serde_json::{Value, json};

use crate::codegen::progenitor_version;
use crate::merge::Merged;
use crate::output::SIGNATURE;
use crate::read::Fragments;

/// The facts of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The version of the spec, as its `info.version` says it.
    pub version: String,
    fragments: Vec<(String, String)>,
}

impl Header {
    /// The header of a run over these fragments.
    #[must_use]
    pub fn new(fragments: &Fragments, merged: &Merged) -> Self {
        let version = merged.document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fragments =
            fragments.iter().map(|fragment| (fragment.source.name().to_owned(), fragment.source.digest())).collect();
        Self { version, fragments }
    }

    /// In front of a Rust file, as comments that begin with `//`; of a TOML file, with `#`.
    #[must_use]
    pub fn comments(&self, begin: &str) -> String {
        let mut text = format!(
            "{begin} {SIGNATURE}: do not edit. Change openapi/ or xtask/ and run the command again.\n\
             {begin} Spec version {} · progenitor {} · fragments and their SHA-256:\n",
            self.version,
            progenitor_version()
        );
        for (name, digest) in &self.fragments {
            text.push_str(&format!("{begin}   {digest}  {name}\n"));
        }
        text
    }

    /// At the root of a JSON document, as `x-generated-by`.
    #[must_use]
    pub fn extension(&self) -> Value {
        let fragments: serde_json::Map<String, Value> =
            self.fragments.iter().map(|(name, digest)| (name.clone(), digest.as_str().into())).collect();
        json!({
            "notice": format!("{SIGNATURE}: do not edit. Change openapi/ or xtask/ and run the command again."),
            "specVersion": self.version,
            "progenitor": progenitor_version(),
            "sha256": fragments,
        })
    }
}
