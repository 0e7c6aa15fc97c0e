//! What the document calls deprecated is so in Rust: the compiler tells who uses it.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{Attribute, Field, ImplItem, Item, parse_quote};

use crate::rust_name::{DEPRECATED, pascal};
use crate::traits::Facts;

/// Marks the functions of the client whose operations are deprecated.
pub(super) fn operations(items: &mut [Item], facts: &BTreeMap<String, Facts>) {
    for item in items {
        let Item::Impl(block) = item else { continue };
        for item in &mut block.items {
            if let ImplItem::Fn(function) = item
                && facts.get(&pascal(&function.sig.ident.to_string())).is_some_and(|facts| facts.deprecated)
            {
                function.attrs.push(parse_quote!(#[deprecated = "the specification calls this operation deprecated"]));
            }
        }
    }
}

/// Marks a field whose description carries the mark.
pub(super) fn field(field: &mut Field) {
    if field.attrs.iter().any(is_marked) {
        field.attrs.push(parse_quote!(#[deprecated = "the specification calls this member deprecated"]));
    }
}

/// The generated code itself reads and writes what is deprecated.
pub(super) fn allowed() -> Attribute {
    parse_quote!(#[allow(deprecated)])
}

fn is_marked(attribute: &Attribute) -> bool {
    // A literal's text has the character as such, or escaped.
    let text = attribute.meta.to_token_stream().to_string();
    attribute.path().is_ident("doc") && (text.contains(DEPRECATED) || text.contains("\\u{3}"))
}
