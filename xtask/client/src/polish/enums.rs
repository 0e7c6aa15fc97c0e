//! Enumerations of texts.
//!
//! A pod may add values to an enumeration at any time, and typify's enums refuse a whole response for one value they
//! don't know. Each gets a variant that holds what it doesn't know; where that would make a union take one of its schemas
//! for another, the union gets it instead (see [`crate::rust_name::CLOSED`]).

use quote::ToTokens;
use syn::{
    Arm, Attribute, Expr, Fields, Ident, ImplItem, Item, ItemEnum, ItemImpl, Meta, Stmt, Token, Type, Variant,
    parse_quote, punctuated::Punctuated,
};

use crate::rust_name::{CLOSED, UNKNOWN_VARIANT};

/// Opens the enumerations among `items`, and the functions that go with them.
pub(super) fn open(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Enum(model) if is_enumeration(model) && !has_closed_values(model) => open_enum(model),
            Item::Enum(model) if is_closed(&model.attrs) => open_union(model),
            Item::Impl(block) => open_impl(block),
            _ => {}
        }
    }
}

fn unknown() -> Ident {
    Ident::new(UNKNOWN_VARIANT, proc_macro2::Span::call_site())
}

/// Whether an enum is one of texts: typify makes those `Copy`, and no other.
fn is_enumeration(model: &ItemEnum) -> bool {
    model.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) && derives(model, "Copy")
}

fn derives(model: &ItemEnum, name: &str) -> bool {
    let mut found = false;
    for attribute in model.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let paths = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        found |= paths.is_ok_and(|paths| paths.iter().any(|path| path.is_ident(name)));
    }
    found
}

fn open_enum(model: &mut ItemEnum) {
    for attribute in &mut model.attrs {
        if !matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("derive")) {
            continue;
        }
        if let Ok(paths) = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated) {
            let kept = paths.into_iter().filter(|path| !path.is_ident("Copy"));
            *attribute = parse_quote!(#[derive(#(#kept),*)]);
        }
    }
    let unknown = unknown();
    model.variants.push(parse_quote! {
        /// A value that the specification doesn't name.
        #[serde(untagged)]
        #unknown(::std::string::String)
    });
}

fn has_closed_values(model: &ItemEnum) -> bool {
    model.variants.iter().any(|variant| is_closed(&variant.attrs))
}

/// Whether an attribute has a text with the mark in it.
fn is_closed(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| is_marked(&attribute.meta))
}

fn is_marked(code: &impl ToTokens) -> bool {
    // A literal's text has the character as such, or escaped.
    let text = code.to_token_stream().to_string();
    text.contains(CLOSED) || text.contains("\\u{2}")
}

fn open_union(model: &mut ItemEnum) {
    let untagged = model.attrs.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("serde") && list.tokens.to_string() == "untagged")
    });
    let unknown = unknown();
    let mut variant: Variant = parse_quote! {
        /// What none of the others is, as JSON.
        #unknown(::serde_json::Value)
    };
    if !untagged {
        variant.attrs.push(parse_quote!(#[serde(untagged)]));
    }
    model.variants.push(variant);
}

/// `Display` prints an unknown value as it is, and `FromStr` takes any. Both are matches over the enum's values.
fn open_impl(block: &mut ItemImpl) {
    let Some(path) = block.trait_.as_ref().map(|(path, _)| path) else { return };
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    let Type::Path(_) = block.self_ty.as_ref() else { return };
    let unknown = unknown();
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        let Some(Stmt::Expr(Expr::Match(matching), _)) = function.block.stmts.last_mut() else { continue };
        match name.as_deref() {
            Some("Display" | "FromStr") if matching.arms.iter().any(is_marked) => {}
            Some("Display") if prints_texts(&matching.arms) => {
                matching.arms.push(parse_quote!(Self::#unknown(ref value) => f.write_str(value),));
            }
            Some("FromStr") => {
                if let Some(last) = matching.arms.last_mut().filter(|arm| matches!(arm.pat, syn::Pat::Wild(_))) {
                    *last.body = parse_quote!(Ok(Self::#unknown(value.to_string())));
                }
            }
            _ => {}
        }
    }
}

/// Whether every arm is `Self::Variant => f.write_str("…")`, which only an enumeration of texts has.
fn prints_texts(arms: &[Arm]) -> bool {
    !arms.is_empty()
        && arms.iter().all(|arm| {
            matches!(arm.pat, syn::Pat::Path(_))
                && matches!(arm.body.as_ref(), Expr::MethodCall(call) if call.method == "write_str")
        })
}
