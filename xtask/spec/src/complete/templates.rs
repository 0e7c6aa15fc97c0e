//! Path templates that match the same requests.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Id};
use crate::origins::Origins;
use crate::path_template::PathTemplate;
use crate::pointer;

/// Two path templates that differ only in the names of their parameters match the same requests (OpenAPI 3.1.1,
/// section 4.8.8.1), so that a server could never tell them apart: one of them is misspelt.
pub(super) fn same_but_for_parameter_names(document: &Value, origins: &Origins) -> Vec<Diagnostic> {
    let mut templates: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for template in document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        templates.entry(PathTemplate::of(template).shape).or_default().push(template);
    }
    let place = |template: &str| origins.place(&pointer::join("/paths", template));
    let mut diagnostics = Vec::new();
    for paths in templates.values_mut() {
        // An overlay's paths come behind those of the fragments.
        paths.sort_unstable();
        let Some((first, others)) = paths.split_first() else { continue };
        for other in others {
            let message = format!("path `{other}` matches the same requests as `{first}`");
            let help = "one of the two is misspelt: get both pages again; if they stay so, copy one path into the other in the overlay, and remove it";
            let diagnostic = Diagnostic::error(Id::PathTemplate, message, help).at(place(other));
            diagnostics.push(diagnostic.with("the other template", place(first)));
        }
    }
    diagnostics
}
