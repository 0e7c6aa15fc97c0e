//! What concerns paths across fragments.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Member, Origin, Parts, Taken};
use crate::diagnostic::Diagnostic;
use crate::grammar::{METHODS, Object};
use crate::origins::Origins;
use crate::pointer;
use crate::read::Fragments;

/// Two path templates that differ only in the names of their parameters match the same requests (OpenAPI 3.1.1,
/// section 4.8.8.1), so that a server could never tell them apart: one of them is misspelt.
pub(super) fn same_but_for_parameter_names(
    document: &Value,
    origins: &Origins,
    fragments: &Fragments,
) -> Vec<Diagnostic> {
    let mut templates: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for template in document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        templates.entry(without_names(template)).or_default().push(template);
    }
    let place = |template: &str| origins.place(fragments, &pointer::join("/paths", template));
    let mut diagnostics = Vec::new();
    for paths in templates.values_mut() {
        // An overlay's paths come behind those of the fragments.
        paths.sort_unstable();
        let Some((first, others)) = paths.split_first() else { continue };
        for other in others {
            let message = format!("path `{other}` matches the same requests as `{first}`");
            let help = "one of the two is misspelt: take both pages anew; if they stay so, copy one path into the other in the overlay, and remove it";
            let diagnostic = Diagnostic::error("path-template", message, help).at(place(other));
            diagnostics.push(diagnostic.with("the other template", place(first)));
        }
    }
    diagnostics
}

/// `/v1/im/{id}/info` as `/v1/im/{}/info`.
fn without_names(template: &str) -> String {
    let mut shape = String::with_capacity(template.len());
    let mut inside = false;
    for character in template.chars() {
        match character {
            '{' => {
                inside = true;
                shape.push('{');
            }
            '}' => {
                inside = false;
                shape.push('}');
            }
            _ if inside => {}
            _ => shape.push(character),
        }
    }
    shape
}

/// What stands beside the operations of a path item (`parameters`, `servers`) holds for all of them: if one fragment
/// has it and another that brings an operation to the same path has not, it would change the other's operation.
pub(super) fn leaking_members(parts: &Parts, fragments: &Fragments) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (path, taken) in &parts.0 {
        let [root, template, member] = path.as_slice() else { continue };
        if root != "paths" || !matches!(member.as_str(), "parameters" | "servers" | "$ref") {
            continue;
        }
        let operations = METHODS.iter().filter_map(|method| {
            let path = vec![root.clone(), template.clone(), (*method).to_owned()];
            Some((*method, parts.0.get(&path)?))
        });
        for (method, operation) in operations {
            let Some(stranger) = operation.holders.iter().find(|holder| !taken.holders.contains(holder)) else {
                continue;
            };
            let (Some(here), Some(there)) = (fragments.get(taken.origin.fragment), fragments.get(*stranger)) else {
                continue;
            };
            let message = format!(
                "`{member}` of path `{template}` would also hold for `{}`, whose fragment doesn't have it",
                method.to_uppercase()
            );
            let help = format!(
                "take both pages anew, from the same version of the spec; if they stay so, leave one of the two out until \
                 the vendor has moved `{member}` into the operations: the overlay comes after the merge"
            );
            let operation = pointer::join(&pointer::join("/paths", template), method);
            let diagnostic = Diagnostic::error("conflict", message, help)
                .at(here.source.place(&taken.origin.pointer))
                .with("the operation it would change", there.source.place(&operation));
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

/// A root's `security` holds for the operations of its own fragment only. Where all fragments have the same one, it
/// stays where it is; else it is written into each operation that has none of its own.
pub(super) fn settle_security(parts: &mut Parts, fragments: &Fragments) {
    let roots: Vec<Option<&Value>> = fragments.iter().map(|fragment| fragment.document.get("security")).collect();
    if roots.windows(2).all(|pair| pair.first() == pair.last()) {
        if let Some(security) = roots.first().copied().flatten() {
            let origin = Origin { fragment: 0, pointer: "/security".to_owned() };
            let taken = Taken { value: security.clone(), object: Member::Data, origin, holders: Vec::new() };
            parts.0.insert(vec!["security".to_owned()], taken);
        }
        return;
    }
    for taken in parts.0.values_mut().filter(|taken| taken.object == Member::Object(Object::Operation)) {
        let security = roots.get(taken.origin.fragment).copied().flatten();
        if let (Value::Object(operation), Some(security)) = (&mut taken.value, security) {
            operation.entry("security").or_insert_with(|| security.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn templates_are_compared_without_the_names_of_their_parameters() {
        assert_eq!(without_names("/v1/im/{id}/info"), without_names("/v1/im/{sid}/info"));
        assert_ne!(without_names("/v1/im/{id}"), without_names("/v1/im/{id}/info"));
        assert_ne!(without_names("/v1/im/{id}"), without_names("/v1/im/id"));
        assert_eq!(without_names("/a/{b}-{c}"), "/a/{}-{}");
    }
}
