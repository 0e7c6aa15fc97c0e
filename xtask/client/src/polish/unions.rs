//! Unions, which serde reads as the first member that fits.
//!
//! A value is read as the member that its tag names; where there is none, as the one that keeps most of it. What none of
//! them is stays JSON. `support::union` does it; here it is told the members.

use proc_macro2::Ident;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Expr, Fields, Item, ItemEnum, Variant, parse_quote};

/// What tells the members apart (see [`crate::rust_name::TAG`]), as the argument of `support::union`.
fn tag(json: Option<&str>) -> Expr {
    let json: Value = json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let Some(at) = json.get("at").and_then(Value::as_str) else { return parse_quote!(None) };
    let texts = |values: &Value| -> Expr {
        let values = values.as_array().into_iter().flatten().filter_map(Value::as_str);
        parse_quote!(&[#(#values),*])
    };
    let members = json.get("values").and_then(Value::as_array).into_iter().flatten().map(texts);
    parse_quote!(Some((#at, &[#(#members),*])))
}

/// How `model` is read, whose variants are the members of the union; `unknown` is the variant of what none of them is.
pub(super) fn reader(model: &ItemEnum, json: Option<&str>, unknown: &Ident) -> Item {
    let name = &model.ident;
    let tag = tag(json);
    let members = model.variants.iter().filter(|variant| variant.ident != *unknown).map(member);
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                super::super::support::union(deserializer, #tag, &[#(#members),*], Self::#unknown)
            }
        }
    }
}

fn member(variant: &Variant) -> Expr {
    let name = &variant.ident;
    match &variant.fields {
        Fields::Unit => parse_quote!(|value| <() as ::serde::Deserialize>::deserialize(value).map(|()| Self::#name)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            parse_quote!(|value| ::serde::Deserialize::deserialize(value).map(Self::#name))
        }
        Fields::Unnamed(fields) => {
            let types = fields.unnamed.iter().map(|field| &field.ty);
            let names: Vec<Ident> = (0..fields.unnamed.len()).map(|index| format_ident!("value_{index}")).collect();
            parse_quote! {
                |value| <(#(#types,)*) as ::serde::Deserialize>::deserialize(value)
                    .map(|(#(#names,)*)| Self::#name(#(#names),*))
            }
        }
        Fields::Named(fields) => {
            let declared = fields.named.iter().map(|field| {
                let (name, ty) = (&field.ident, &field.ty);
                let attributes = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
                quote!(#(#attributes)* #name: #ty)
            });
            let names: Vec<&Option<Ident>> = fields.named.iter().map(|field| &field.ident).collect();
            parse_quote! {
                |value| {
                    #[derive(::serde::Deserialize)]
                    struct Member { #(#declared),* }
                    <Member as ::serde::Deserialize>::deserialize(value)
                        .map(|Member { #(#names),* }| Self::#name { #(#names),* })
                }
            }
        }
    }
}

/// Whether an attribute is `#[serde(…)]` with this word among its arguments.
pub(super) fn serde_has(attributes: &[Attribute], word: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).any(|attribute| {
        let mut found = false;
        let looked = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident(word);
            if meta.input.peek(syn::Token![=]) {
                let _: Expr = meta.value()?.parse()?;
            }
            Ok(())
        });
        looked.is_ok() && found
    })
}
