//! The models: `mod types`.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, ImplItem, Item, ItemMod, Token, parse_quote};

use super::docs::{behind_mark, has_docs, with_docs, without_mark};
use super::{deprecated, enums, optional};
use crate::rust_name::{NULLABLE, TAG};

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
pub(super) fn polish(items: &mut Vec<Item>, wrapped: &mut optional::Members) {
    for item in items.iter_mut() {
        match item {
            Item::Struct(model) => {
                let name = model.ident.to_string();
                if matches!(model.fields, Fields::Named(_)) {
                    model.attrs.push(non_exhaustive());
                }
                without_mark(&mut model.attrs, NULLABLE);
                open_to_new_members(&mut model.attrs);
                let members = fields(&name, &mut model.fields);
                if !members.is_empty() {
                    wrapped.insert(name.clone(), members);
                }
                with_docs(&mut model.attrs, || format!("`{name}`."));
            }
            Item::Enum(model) => {
                let name = model.ident.to_string();
                model.attrs.push(non_exhaustive());
                without_mark(&mut model.attrs, NULLABLE);
                open_to_new_members(&mut model.attrs);
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
    enums::open(items);
    for item in items {
        if let Item::Struct(syn::ItemStruct { attrs, .. }) | Item::Enum(syn::ItemEnum { attrs, .. }) = item {
            derives_in_two_lines(attrs);
        }
    }
}

/// A pod may add members to an object at any time, to one that the specification calls complete too.
fn open_to_new_members(attributes: &mut Vec<Attribute>) {
    attributes.retain_mut(|attribute| {
        let Some(metas) = optional::of_serde(attribute) else { return true };
        let kept: optional::Metas =
            metas.into_iter().filter(|meta| !meta.path().is_ident("deny_unknown_fields")).collect();
        let stays = !kept.is_empty();
        *attribute = parse_quote!(#[serde(#kept)]);
        stays
    });
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

/// Polishes the fields of a model. Returns those whose types are others now.
fn fields(model: &str, fields: &mut Fields) -> BTreeMap<String, optional::Wrapped> {
    let mut wrapped = BTreeMap::new();
    let Fields::Named(named) = fields else { return wrapped };
    for field in &mut named.named {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(how) = optional::member(field) {
            wrapped.insert(name.clone(), how);
        }
        deprecated::field(field);
        let attributes = &mut field.attrs;
        behind_mark(attributes, TAG);
        if !has_docs(attributes) {
            let on_the_wire = wire_name(attributes).unwrap_or_else(|| format!("`{name}`"));
            let text = format!("{on_the_wire} of `{model}`; the specification says no more of it.");
            with_docs(attributes, || text);
        }
    }
    wrapped
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
