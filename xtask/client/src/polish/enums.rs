//! Enumerations of texts.
//!
//! A pod may add values to an enumeration at any time, and members to a union; typify's enums refuse a whole response for one
//! value they don't know. Each gets a variant that holds what it doesn't know.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Attribute, Expr, Fields, Ident, ImplItem, Item, ItemEnum, ItemImpl, Meta, Pat, Stmt, Token, Type, Variant,
    parse_quote, punctuated::Punctuated,
};

use super::docs::behind_mark;
use super::unions::{self, serde_has};
use crate::rust_name::{TAG, UNKNOWN_VARIANT, pascal};

/// Opens the enumerations and unions among `items`, and the functions that go with them.
pub(super) fn open(items: &mut Vec<Item>) {
    let mut unions = BTreeSet::new();
    let mut readers = Vec::new();
    for item in items.iter_mut() {
        if has_small_variants(item) {
            Capitals.visit_item_mut(item);
        }
        match item {
            // What is written alone is an answer by status.
            Item::Enum(model) if !derives(model, "Deserialize") => {}
            Item::Enum(model) if is_enumeration(model) => open_enum(model),
            Item::Enum(model) => {
                unions.insert(model.ident.to_string());
                readers.extend(open_union(model));
            }
            Item::Impl(block) => {
                let of_union = unions.contains(&block.self_ty.to_token_stream().to_string());
                open_impl(block, of_union);
            }
            _ => {}
        }
    }
    items.extend(readers);
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

/// Whether an enum is one of texts: typify makes those `Copy`, and unions that have nothing but their tag.
fn is_enumeration(model: &ItemEnum) -> bool {
    model.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit))
        && derives(model, "Copy")
        && !serde_has(&model.attrs, "tag")
}

fn derives(model: &ItemEnum, name: &str) -> bool {
    let mut found = false;
    for attribute in model.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let paths = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        found |= paths.is_ok_and(|paths| paths.iter().any(|path| is_called(path, name)));
    }
    found
}

fn is_called(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

fn without_derives(model: &mut ItemEnum, names: &[&str]) {
    for attribute in &mut model.attrs {
        if !matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("derive")) {
            continue;
        }
        if let Ok(paths) = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated) {
            let kept = paths.into_iter().filter(|path| !names.iter().any(|name| is_called(path, name)));
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
        #unknown(#[serde(deserialize_with = "super::super::support::unknown")] ::std::string::String)
    });
}

/// Opens a union. Returns how it is read, where nothing of serde's own does it.
fn open_union(model: &mut ItemEnum) -> Option<Item> {
    // Other marks may stand behind it.
    let tag = behind_mark(&mut model.attrs, TAG).map(|json| json.trim_end_matches(char::is_control).to_owned());
    let unknown = unknown();
    without_derives(model, &["Copy", "Hash", "Eq", "Ord", "PartialOrd"]);
    let docs: Attribute = parse_quote!(#[doc = " What none of the others is, as JSON."]);
    if serde_has(&model.attrs, "untagged") {
        without_derives(model, &["Deserialize"]);
        let reader = unions::reader(model, tag.as_deref(), &unknown);
        model.variants.push(parse_quote!(#docs #unknown(::serde_json::Value)));
        return Some(reader);
    }
    model.variants.push(parse_quote! {
        #docs
        #[serde(untagged)]
        #unknown(#[serde(deserialize_with = "super::super::support::unknown")] ::serde_json::Value)
    });
    None
}

/// `Display` prints an unknown value as it is, and `FromStr` takes any. Both are matches over the enum's values.
fn open_impl(block: &mut ItemImpl, of_union: bool) {
    let Some(path) = block.trait_.as_ref().map(|(path, _)| path) else { return };
    let name = path.segments.last().map(|segment| segment.ident.to_string());
    let Type::Path(_) = block.self_ty.as_ref() else { return };
    let unknown = unknown();
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        let Some(Stmt::Expr(Expr::Match(matching), _)) = function.block.stmts.last_mut() else { continue };
        match name.as_deref() {
            Some("Display") if of_union => {
                let by_reference = matches!(*matching.expr, Expr::Path(_));
                let value: Pat = if by_reference { parse_quote!(value) } else { parse_quote!(ref value) };
                matching.arms.push(parse_quote!(Self::#unknown(#value) => ::std::fmt::Display::fmt(value, f),));
            }
            Some("Display") if prints_texts(&matching.arms) => {
                matching.arms.push(parse_quote!(Self::#unknown(ref value) => f.write_str(value),));
            }
            Some("FromStr") if !of_union => {
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
