//! What holds for more than one operation of a fragment: members of its path items, and its security.

use serde_json::Value;

use super::{Member, Origin, Parts, Taken};
use crate::diagnostic::{Diagnostic, Id};
use crate::fragments::Fragments;
use crate::grammar::{METHODS, Object};
use crate::pointer;

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
                "get both pages again, from the same version of the spec; if they stay so, leave one of the two out until \
                 the vendor has moved `{member}` into the operations: the overlay comes after the merge"
            );
            let operation = pointer::join(&pointer::join("/paths", template), method);
            let diagnostic = Diagnostic::error(Id::Conflict, message, help)
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
            let taken = Taken {
                value: security.clone(),
                object: Member::Data,
                origin,
                holders: Vec::new(),
                others: Vec::new(),
            };
            parts.0.insert(vec!["security".to_owned()], taken);
        }
        return;
    }
    for taken in parts.0.values_mut().filter(|taken| taken.object == Member::Object(Object::Operation)) {
        let others = taken.others.iter_mut().map(|other| (other.origin.fragment, &mut other.value));
        for (fragment, operation) in others.chain([(taken.origin.fragment, &mut taken.value)]) {
            let security = roots.get(fragment).copied().flatten();
            if let (Value::Object(operation), Some(security)) = (operation, security) {
                operation.entry("security").or_insert_with(|| security.clone());
            }
        }
    }
}
