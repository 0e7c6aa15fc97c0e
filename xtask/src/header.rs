//! What every generated file says of itself: by which command it was made, and from what.

use serde_json::{Value, json};

use crate::output::SIGNATURE;
use crate::overlay::{Corrected, Overlay};
use crate::progenitor::progenitor_version;
use crate::read::Fragments;

/// The facts of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The version of the spec, as its `info.version` says it.
    pub version: String,
    /// Names and digests of the fragments, and of the overlay after them.
    inputs: Vec<(String, String)>,
    has_overlay: bool,
}

impl Header {
    /// The header of a run over these fragments.
    #[must_use]
    pub fn new(fragments: &Fragments, corrected: &Corrected) -> Self {
        let version =
            corrected.document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        let sources = fragments.iter().map(|fragment| &fragment.source).chain(fragments.overlay().map(Overlay::source));
        let inputs = sources.map(|source| (source.name().to_owned(), source.digest())).collect();
        Self { version, inputs, has_overlay: fragments.overlay().is_some() }
    }

    /// In front of a Rust file, as comments that begin with `//`; of a TOML file, with `#`.
    #[must_use]
    pub fn comments(&self, begin: &str) -> String {
        let inputs = if self.has_overlay { "fragments, overlay" } else { "fragments" };
        let mut text = format!(
            "{begin} {SIGNATURE}: do not edit. Change openapi/ or xtask/ and run the command again.\n\
             {begin} Spec version {} · progenitor {} · {inputs} and their SHA-256:\n",
            self.version,
            progenitor_version()
        );
        for (name, digest) in &self.inputs {
            text.push_str(&format!("{begin}   {digest}  {name}\n"));
        }
        text
    }

    /// At the root of a JSON document, as `x-generated-by`.
    #[must_use]
    pub fn extension(&self) -> Value {
        let digests: serde_json::Map<String, Value> =
            self.inputs.iter().map(|(name, digest)| (name.clone(), digest.as_str().into())).collect();
        json!({
            "notice": format!("{SIGNATURE}: do not edit. Change openapi/ or xtask/ and run the command again."),
            "specVersion": self.version,
            "progenitor": progenitor_version(),
            "sha256": digests,
        })
    }
}
