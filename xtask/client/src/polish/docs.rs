//! Docs of generated items.

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, parse_quote};

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

/// progenitor's examples are marked `ignore`, since they can't compile without knowing the crate's name: they never
/// run, but every test run counts them. As plain text they are what they are.
pub(super) fn no_ignored_example(attributes: &mut [Attribute]) {
    for attribute in attributes {
        let Meta::NameValue(meta) = &mut attribute.meta else { continue };
        if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &mut meta.value {
            let value = text.value();
            if value.contains("```ignore\n") {
                *text = LitStr::new(&value.replace("```ignore\n", "\n```text\n"), text.span());
            }
        }
    }
}
