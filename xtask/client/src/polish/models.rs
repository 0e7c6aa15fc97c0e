//! The models: `mod types`.

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, ImplItem, Item, ItemMod, Meta, Token, Type, parse_quote};

use super::docs::{has_docs, with_docs};
use super::{deprecated, enums};

/// The functions of a model's builder are named after its fields, which have the docs.
pub(super) fn undocumented(module: &mut ItemMod) {
    module.attrs.push(parse_quote!(#[allow(missing_docs)]));
    if let Some((_, items)) = &mut module.content {
        items.push(parse_quote!(
            #[allow(unused_imports)]
            use super::super::super::support;
        ));
    }
}

/// Polishes models and their docs.
pub(super) fn polish(items: &mut [Item]) {
    enums::open(items);
    for item in items {
        if let Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. }) = item {
            derives_in_two_lines(attrs);
        }
        match item {
            Item::Struct(model) => {
                let name = model.ident.to_string();
                if matches!(model.fields, Fields::Named(_)) {
                    model.attrs.push(non_exhaustive());
                }
                fields(&name, &mut model.fields);
                with_docs(&mut model.attrs, || format!("`{name}`."));
            }
            Item::Enum(model) => {
                let name = model.ident.to_string();
                model.attrs.push(non_exhaustive());
                for variant in &mut model.variants {
                    let variant_name = variant.ident.to_string();
                    let on_the_wire = wire_name(&variant.attrs).unwrap_or_else(|| format!("`{variant_name}`"));
                    with_docs(&mut variant.attrs, || format!("{on_the_wire}."));
                    fields(&variant_name, &mut variant.fields);
                }
                with_docs(&mut model.attrs, || format!("`{name}`."));
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        let name = function.sig.ident.to_string();
                        with_docs(&mut function.attrs, || match name.as_str() {
                            "builder" => "A builder with nothing set yet.".to_owned(),
                            _ => format!("`{name}`."),
                        });
                    }
                }
            }
            _ => {}
        }
    }
}

/// A new field, or a new value of an enumeration, comes with every second version of the spec: it may not break those
/// who build a model or match on it. Builders, `Default` and assignment to fields remain.
fn non_exhaustive() -> Attribute {
    parse_quote!(#[non_exhaustive])
}

/// What is derived is too long for a line, and has one each then: what other crates derive comes second.
fn derives_in_two_lines(attributes: &mut Vec<Attribute>) {
    let Some(position) = attributes.iter().position(|attribute| attribute.path().is_ident("derive")) else { return };
    let parse = Punctuated::<syn::Path, Token![,]>::parse_terminated;
    let Some(Ok(paths)) = attributes.get(position).map(|derive| derive.parse_args_with(parse)) else { return };
    let (others, own): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.leading_colon.is_some());
    if !others.is_empty() && !own.is_empty() {
        attributes
            .splice(position..=position, [parse_quote!(#[derive(#(#own),*)]), parse_quote!(#[derive(#(#others),*)])]);
    }
}

fn fields(model: &str, fields: &mut Fields) {
    let Fields::Named(named) = fields else { return };
    for field in &mut named.named {
        null_is_absent(&mut field.attrs);
        deprecated::field(field);
        absent_is_absent(&mut field.attrs, &field.ty);
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let attributes = &mut field.attrs;
        if !has_docs(attributes) {
            let on_the_wire = wire_name(attributes).unwrap_or_else(|| format!("`{name}`"));
            let text = format!("{on_the_wire} of `{model}`; the specification says no more of it.");
            with_docs(attributes, || text);
        }
    }
}

/// The pod writes `null` where it has nothing, also where the spec says array or object. An `Option` reads it as
/// `None`; a field that is absent as its type's default (`#[serde(default)]`, such as an empty list) has to be told.
fn null_is_absent(attributes: &mut [Attribute]) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        let Meta::List(list) = &mut attribute.meta else { continue };
        let mut bare_default = false;
        let looked = list.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let _: syn::Expr = meta.value()?.parse()?;
            } else if meta.path.is_ident("default") {
                bare_default = true;
            }
            Ok(())
        });
        if looked.is_ok() && bare_default {
            let tokens = &list.tokens;
            list.tokens = quote::quote!(deserialize_with = "super::super::support::null_as_absent", #tokens);
        }
    }
}

/// typify boxes an optional field that leads back to its own type around the `Option`, and then writes `null` where
/// nothing is set.
fn absent_is_absent(attributes: &mut [Attribute], ty: &Type) {
    let ty = ty.to_token_stream().to_string().replace(' ', "");
    if !ty.starts_with("::std::boxed::Box<::std::option::Option<") {
        return;
    }
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        if let Meta::List(list) = &mut attribute.meta
            && list.tokens.to_string().contains("default")
        {
            let tokens = &list.tokens;
            list.tokens = quote::quote!(#tokens, skip_serializing_if = "::std::option::Option::is_none");
        }
    }
}

/// The name that `#[serde(rename = "…")]` gives, in code quotes.
pub(super) fn wire_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: syn::Expr = meta.value()?.parse()?;
                if meta.path.is_ident("rename")
                    && let Ok(text) = syn::parse2::<syn::LitStr>(value.to_token_stream())
                {
                    name = Some(format!("`{}`", text.value()));
                }
            }
            Ok(())
        });
    }
    name
}
