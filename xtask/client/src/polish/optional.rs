//! Members that need not be there.
//!
//! typify makes an empty list of one that is absent, and makes one thing of absent and `null`, so that neither an empty list
//! nor a `null` can be sent. Here such a member gets an `Option` around its type: what was set is sent, and nothing else.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, ImplItem, Item, Meta, Stmt, Token, Type, parse_quote};

use super::docs::without_mark;
use crate::rust_name::NULLABLE;

/// What became of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapped {
    /// A list or a map is there or not.
    Two,
    /// A value is there, is `null`, or isn't there.
    Three,
}

/// The members that have one `Option` more than typify gave them, by model.
pub(crate) type Members = BTreeMap<String, BTreeMap<String, Wrapped>>;

/// Wraps a member that may be absent. Returns what became of it, where its type is another now.
pub(super) fn member(field: &mut Field) -> Option<Wrapped> {
    let nullable = without_mark(&mut field.attrs, NULLABLE);
    let ty = field.ty.to_token_stream().to_string().replace(' ', "");
    if !is_optional(&field.attrs) {
        return None;
    }
    let is_option = ty.starts_with("::std::option::Option<");
    if ty == "::std::option::Option<::serde_json::Value>" {
        // JSON has a `null` of its own.
        serde_says(&mut field.attrs, true);
        return None;
    }
    let wrapped = match () {
        () if nullable || ty == "()" => Wrapped::Three,
        () if is_option => return None,
        () if ty.starts_with("::std::boxed::Box<") => {
            // The `Option` is in the box, where serde looks for it all the same.
            serde_says(&mut field.attrs, false);
            return None;
        }
        () => Wrapped::Two,
    };
    serde_says(&mut field.attrs, wrapped == Wrapped::Three);
    let inner = &field.ty;
    field.ty = parse_quote!(::std::option::Option<#inner>);
    Some(wrapped)
}

pub(super) type Metas = Punctuated<Meta, Token![,]>;

/// The arguments of `#[serde(…)]`.
pub(super) fn of_serde(attribute: &Attribute) -> Option<Metas> {
    attribute.path().is_ident("serde").then(|| attribute.parse_args_with(Metas::parse_terminated).ok())?
}

fn is_optional(attributes: &[Attribute]) -> bool {
    let metas = attributes.iter().filter_map(of_serde).flatten();
    metas.into_iter().any(|meta| match meta {
        // Not `default = "…"`, which is a value that the specification names.
        Meta::Path(path) => path.is_ident("default"),
        meta => meta.path().is_ident("skip_serializing_if"),
    })
}

/// What isn't set isn't written; and where `null` is a value, it is read as one.
fn serde_says(attributes: &mut [Attribute], null_is_a_value: bool) {
    for attribute in attributes {
        let Some(metas) = of_serde(attribute) else { continue };
        let says = |meta: &Meta| meta.path().is_ident("default") || meta.path().is_ident("skip_serializing_if");
        let mut metas: Metas = metas.into_iter().filter(|meta| !says(meta)).collect();
        metas.push(parse_quote!(default));
        if null_is_a_value {
            metas.push(parse_quote!(deserialize_with = "super::super::support::null_is_a_value"));
        }
        metas.push(parse_quote!(skip_serializing_if = "::std::option::Option::is_none"));
        *attribute = parse_quote!(#[serde(#metas)]);
    }
}

/// Does to the builders of models what was done to the models.
pub(super) fn builders(items: &mut [Item], members: &Members) {
    for item in items {
        match item {
            Item::Struct(builder) => {
                let Some(members) = members.get(&builder.ident.to_string()) else { continue };
                for field in &mut builder.fields {
                    if field.ident.as_ref().is_some_and(|name| members.contains_key(&name.to_string()))
                        && let Some(inner) = of_result(&field.ty)
                    {
                        field.ty = parse_quote!(
                            ::std::result::Result<::std::option::Option<#inner>, ::std::string::String>
                        );
                    }
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let Some(members) = members.get(&block.self_ty.to_token_stream().to_string()) else { continue };
                for item in &mut block.items {
                    if let ImplItem::Fn(setter) = item
                        && let Some(wrapped) = members.get(&setter.sig.ident.to_string())
                    {
                        set(setter, *wrapped);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `T` of `Result<T, String>`.
pub(super) fn of_result(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// A list is given as such or as an `Option`; what may be `null` is set by what it is, `None` for `null`.
fn set(setter: &mut syn::ImplItemFn, wrapped: Wrapped) {
    match wrapped {
        Wrapped::Two => {
            for predicate in setter.sig.generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates) {
                if let syn::WherePredicate::Type(bound) = predicate
                    && let Some(syn::TypeParamBound::Trait(bound)) = bound.bounds.first_mut()
                    && let Some(last) = bound.path.segments.last_mut()
                    && let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments
                    && let Some(syn::GenericArgument::Type(ty)) = arguments.args.first_mut()
                {
                    *ty = parse_quote!(::std::option::Option<#ty>);
                }
            }
        }
        Wrapped::Three => {
            if let Some(Stmt::Expr(syn::Expr::Assign(assign), _)) = setter.block.stmts.first_mut() {
                let value = &assign.right;
                *assign.right = parse_quote!(#value.map(Some));
            }
        }
    }
}
