//! Docs of generated items.

use std::collections::BTreeMap;

use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, LitStr, Meta, parse_quote};

use crate::rust_name::pascal;
use crate::traits::Facts;

/// Whether there is a doc comment already.
pub(super) fn has_docs(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// Adds a doc comment where there is none.
pub(super) fn with_docs(attributes: &mut Vec<Attribute>, text: impl FnOnce() -> String) {
    if !has_docs(attributes) {
        let text = format!(" {}", text());
        attributes.insert(0, parse_quote!(#[doc = #text]));
    }
}

/// Takes a mark off the docs. Returns whether there was one.
pub(super) fn without_mark(attributes: &mut Vec<Attribute>, mark: char) -> bool {
    edited(attributes, |text| text.contains(mark).then(|| (text.replace(mark, ""), ()))).is_some()
}

/// Takes a mark off the docs, and what stands behind it, which is returned.
pub(super) fn behind_mark(attributes: &mut Vec<Attribute>, mark: char) -> Option<String> {
    edited(attributes, |text| text.split_once(mark).map(|(before, behind)| (before.to_owned(), behind.to_owned())))
}

/// Edits a text of the docs; where nothing is left of it, it goes.
fn edited<T>(attributes: &mut Vec<Attribute>, edit: impl Fn(&str) -> Option<(String, T)>) -> Option<T> {
    let mut found = None;
    attributes.retain_mut(|attribute| {
        let Meta::NameValue(meta) = &mut attribute.meta else { return true };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &mut meta.value else { return true };
        let Some((edited, with)) = edit(&text.value()) else { return true };
        found = Some(with);
        *text = LitStr::new(&edited, text.span());
        !edited.trim().is_empty()
    });
    found
}

/// progenitor's examples are marked `ignore`, since they can't compile without knowing the crate's name: they never
/// run, but every test run counts them. As plain text they are what they are.
pub(super) fn no_ignored_example(attributes: &mut [Attribute]) {
    for attribute in attributes {
        let Some(text) = text_of(attribute) else { continue };
        let value = text.value();
        if value.contains("```ignore\n") {
            *text = LitStr::new(&value.replace("```ignore\n", "\n```text\n"), text.span());
        }
    }
}

/// The text of a doc comment.
fn text_of(attribute: &mut Attribute) -> Option<&mut LitStr> {
    match &mut attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &mut meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The functions of the client say which failures of their operations are documented.
pub(super) fn errors(items: &mut [Item], facts: &BTreeMap<String, Facts>) {
    for item in items {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            let ImplItem::Fn(function) = item else { continue };
            let Some(facts) = facts.get(&pascal(&function.sig.ident.to_string())) else { continue };
            let failures: Vec<String> = facts
                .statuses
                .iter()
                .filter(|status| !status.starts_with(['1', '2', '3']))
                .map(|status| format!("`{status}`"))
                .collect();
            let documented =
                if failures.is_empty() { "No failure is documented".to_owned() } else { failures.join(", ") };
            let text = format!("\n\n# Errors\n{documented}; what else there is, [`Error`] says.");
            if let Some(docs) = function.attrs.iter_mut().rev().find_map(text_of) {
                *docs = LitStr::new(&format!("{}{text}", docs.value()), docs.span());
            }
        }
    }
}
