//! Enumerations of texts.
//!
//! A pod may add values to an enumeration at any time, and typify's enums refuse a whole response for one value they
//! don't know. Each gets a variant that holds what it doesn't know; where that would make a union take one of its schemas
//! for another, the union gets it instead (see [`crate::rust_name::CLOSED`]).

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Attribute, Expr, Fields, Ident, ImplItem, Item, ItemEnum, ItemImpl, Meta, Stmt, Token, Type, Variant,
    parse_quote, punctuated::Punctuated,
};

use crate::rust_name::{CLOSED, UNKNOWN_VARIANT, pascal};

/// Opens the enumerations among `items`, and the functions that go with them.
pub(super) fn open(items: &mut [Item]) {
    // Unions whose schemas have nothing but their tag, which typify takes for enumerations of texts.
    let mut told_by_tag_alone = BTreeSet::new();
    for item in items.iter_mut() {
        if has_small_variants(item) {
            Capitals.visit_item_mut(item);
        }
        match item {
            Item::Enum(model) if is_closed(&model.attrs) && is_enumeration(model) => {
                told_by_tag_alone.insert(model.ident.to_string());
                without_derives(model, &["Copy", "Hash", "Ord", "PartialOrd"]);
                open_union(model);
            }
            Item::Enum(model) if is_enumeration(model) && !has_closed_values(model) => open_enum(model),
            Item::Enum(model) if is_closed(&model.attrs) => open_union(model),
            Item::Impl(block) => {
                let tag_alone = told_by_tag_alone.contains(&block.self_ty.to_token_stream().to_string());
                open_impl(block, tag_alone);
            }
            _ => {}
        }
    }
}

/// `+1` and `-1` are `plus1` and `minus1` to typify, where variants have capitals.
const SMALL: [&str; 2] = ["plus1", "minus1"];

fn is_small(name: &Ident) -> bool {
    SMALL.iter().any(|small| name == small)
}

fn has_small_variants(item: &Item) -> bool {
    match item {
        Item::Enum(model) => model.variants.iter().any(|variant| is_small(&variant.ident)),
        // What implements something for such an enum names its variants by `Self::`.
        Item::Impl(_) => true,
        _ => false,
    }
}

struct Capitals;

impl VisitMut for Capitals {
    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        if is_small(&variant.ident) {
            capital(&mut variant.ident);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let of_self = path.segments.len() == 2 && path.segments.first().is_some_and(|first| first.ident == "Self");
        if let Some(last) = path.segments.last_mut().filter(|last| of_self && is_small(&last.ident)) {
            capital(&mut last.ident);
        }
    }
}

fn capital(name: &mut Ident) {
    *name = Ident::new(&pascal(&name.to_string()), name.span());
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

fn without_derives(model: &mut ItemEnum, names: &[&str]) {
    for attribute in &mut model.attrs {
        if !matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("derive")) {
            continue;
        }
        if let Ok(paths) = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated) {
            let kept = paths.into_iter().filter(|path| !names.iter().any(|name| path.is_ident(name)));
            *attribute = parse_quote!(#[derive(#(#kept),*)]);
        }
    }
}

fn open_enum(model: &mut ItemEnum) {
    // In the order of the variants, what isn't known would stand behind every known value, and so before a value that is
    // known one day. serde wants the variant last, so there is no order.
    without_derives(model, &["Copy", "Ord", "PartialOrd"]);
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
fn open_impl(block: &mut ItemImpl, tag_alone: bool) {
    let Some(path) = block.trait_.as_ref().map(|(path, _)| path) else { return };
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    let Type::Path(_) = block.self_ty.as_ref() else { return };
    let unknown = unknown();
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        let Some(Stmt::Expr(Expr::Match(matching), _)) = function.block.stmts.last_mut() else { continue };
        match name.as_deref() {
            Some("Display") if tag_alone => {
                matching.arms.push(parse_quote!(Self::#unknown(ref value) => ::std::fmt::Display::fmt(value, f),));
            }
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
