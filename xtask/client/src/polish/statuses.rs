//! Answers whose type depends on their status: enums by status.
//!
//! progenitor takes one type for all successes of an operation, and one for all its errors. Shape gives it a struct with a
//! field for each status; here that becomes an enum, which `support::decode_into` makes by the status that came.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{Fields, Item, ItemEnum, ItemImpl, Type, Variant, parse_quote};

use super::models::wire_name;
use crate::rust_name::{BY_STATUS, status_name};

/// Makes enums of the structs called `names`; nothing else of them is left, nor in the modules `inside` of `types`.
pub(super) fn made_enums(items: &mut Vec<Item>, names: &BTreeSet<String>, inside: bool) {
    items.retain_mut(|item| match item {
        Item::Struct(model) if names.contains(&model.ident.to_string()) => {
            let made = made_enum(model);
            *item = Item::Enum(made);
            !inside
        }
        Item::Impl(block) => !is_of(block, names),
        _ => true,
    });
}

fn is_of(block: &ItemImpl, names: &BTreeSet<String>) -> bool {
    let Type::Path(of) = block.self_ty.as_ref() else { return false };
    of.path.segments.last().is_some_and(|last| names.contains(&last.ident.to_string()))
}

fn made_enum(model: &syn::ItemStruct) -> ItemEnum {
    let name = &model.ident;
    let docs = model.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        let literal: syn::LitStr =
            syn::parse2(attribute.meta.require_name_value().ok()?.value.to_token_stream()).ok()?;
        let text = literal.value().replace(BY_STATUS, "");
        Some(quote::quote!(#[doc = #text]))
    });
    let Fields::Named(fields) = &model.fields else { return parse_quote!(pub enum #name {}) };
    let variants = fields.named.iter().filter_map(|field| {
        let status = wire_name(&field.attrs)?;
        let status = status.trim_matches('`');
        let variant = quote::format_ident!("{}", status_name(status)?);
        let (ty, text) = (&field.ty, format!("What comes with status {status}."));
        let variant: Variant = match ty {
            Type::Tuple(unit) if unit.elems.is_empty() => parse_quote!(#[doc = #text] #variant),
            _ => parse_quote!(#[doc = #text] #variant(#ty)),
        };
        Some(variant)
    });
    parse_quote! {
        #(#docs)*
        #[derive(::schemars::JsonSchema, ::serde::Serialize, Clone, Debug, PartialEq)]
        #[serde(untagged)]
        pub enum #name { #(#variants,)* }
    }
}
