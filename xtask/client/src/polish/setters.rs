//! The setters of builders, those of models and those of operations: what all of them do is in the support module.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{
    Expr, Fields, FnArg, GenericArgument, ImplItem, ImplItemFn, ItemImpl, ItemStruct, LitStr, PathArguments, Stmt,
    Type, TypeParamBound, WherePredicate, parse_quote,
};

/// The fields of a builder are `Result<T, String>`, written out; `support::Given<T>` is the same.
pub(super) fn fields(builder: &mut ItemStruct) {
    let Fields::Named(fields) = &mut builder.fields else { return };
    for field in &mut fields.named {
        let given = match arguments(&field.ty).as_slice() {
            [ty, error] if is_string(error) => Some(parse_quote!(support::Given<#ty>)),
            _ => None,
        };
        field.ty = given.unwrap_or_else(|| field.ty.clone());
    }
}

/// Each setter converts its value and makes a message of its own, in a dozen lines, and in more time of the compiler than
/// anything else takes.
pub(super) fn shorten(block: &mut ItemImpl) {
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item {
            setter(function);
        }
    }
}

/// Gives the builder the name that its messages have, where there are messages.
pub(super) fn named(block: &mut ItemImpl, builder: &str, makes_messages: bool) {
    if makes_messages {
        block.items.insert(0, parse_quote!(const NAME: &'static str = #builder;));
    }
}

/// Whether there are messages in it, which have the builder's name.
pub(super) fn makes_messages(block: &ItemImpl) -> bool {
    block.to_token_stream().to_string().contains("Self :: NAME")
}

/// What a builder begins with: `Err("… was not initialized".to_string())` doesn't say what to do.
pub(super) fn start(expression: &mut Expr) {
    let Expr::Struct(start) = expression else { return };
    for field in &mut start.fields {
        let is_error = matches!(&field.expr, Expr::Call(call) if call.func.to_token_stream().to_string() == "Err");
        if is_error {
            let name = text(&field.member);
            field.expr = parse_quote!(support::required(Self::NAME, #name));
        }
    }
}

/// Rewrites
/// `fn x<V>(mut self, value: V) -> Self where V: TryInto<T> { self.x = value.try_into().map_err(…); self }`.
fn setter(function: &mut ImplItemFn) -> Option<()> {
    let [Stmt::Expr(Expr::Assign(assign), _), _] = function.block.stmts.as_mut_slice() else { return None };
    let Expr::Field(field) = assign.left.as_ref() else { return None };
    let name = text(&field.member);
    let mut maps = Vec::new();
    let mut expression = assign.right.as_ref();
    let value = loop {
        let Expr::MethodCall(call) = expression else { return None };
        match call.method.to_string().as_str() {
            "map_err" => {}
            "map" => maps.extend(call.args.iter().cloned()),
            "try_into" => break call.receiver.clone(),
            _ => return None,
        }
        expression = &call.receiver;
    };
    let (ty, is_shown) = target(function)?;
    let mut assigned: Expr = if is_optional_text(&ty) {
        parse_quote!(Ok(#value.optional_text()))
    } else if is_shown {
        parse_quote!(support::given_or_why(#value, Self::NAME, #name))
    } else {
        parse_quote!(support::given(#value, Self::NAME, #name))
    };
    for map in maps.iter().rev() {
        assigned = parse_quote!(#assigned.map(#map));
    }
    let argument: Type = if is_optional_text(&ty) {
        parse_quote!(impl support::OptionalText)
    } else if is_shown {
        parse_quote!(impl ::std::convert::TryInto<#ty, Error: ::std::fmt::Display>)
    } else {
        parse_quote!(impl ::std::convert::TryInto<#ty>)
    };
    if let Some(Stmt::Expr(Expr::Assign(assign), _)) = function.block.stmts.first_mut() {
        *assign.right = assigned;
    }
    if let Some(FnArg::Typed(value)) = function.sig.inputs.last_mut() {
        *value.ty = argument;
    }
    function.sig.generics = syn::Generics::default();
    Some(())
}

/// The type that a setter makes of its value, and whether it can say why it can't.
fn target(function: &ImplItemFn) -> Option<(Type, bool)> {
    let predicates = &function.sig.generics.where_clause.as_ref()?.predicates;
    let WherePredicate::Type(first) = predicates.first()? else { return None };
    let TypeParamBound::Trait(bound) = first.bounds.first()? else { return None };
    let last = bound.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let Some(GenericArgument::Type(ty)) = arguments.args.first() else { return None };
    (last.ident == "TryInto").then(|| (ty.clone(), predicates.len() > 1))
}

fn is_optional_text(ty: &Type) -> bool {
    let of_option = is_called(ty, "Option");
    of_option && matches!(arguments(ty).as_slice(), [text] if is_string(text))
}

fn is_string(ty: &Type) -> bool {
    is_called(ty, "String") && !ty.to_token_stream().to_string().contains("types ::")
}

fn is_called(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The types in angle brackets.
fn arguments(ty: &Type) -> Vec<Type> {
    let Type::Path(path) = ty else { return Vec::new() };
    match path.path.segments.last().map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments.args.iter().filter_map(of_type).collect(),
        _ => Vec::new(),
    }
}

fn of_type(argument: &GenericArgument) -> Option<Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// A name as messages show it: without `r#`.
fn text(name: &impl quote::ToTokens) -> LitStr {
    let name = name.to_token_stream().to_string();
    LitStr::new(name.strip_prefix("r#").unwrap_or(&name), proc_macro2::Span::call_site())
}

/// The builders of models: `mod builder` in `mod types`.
pub(super) fn of_models(items: &mut [syn::Item]) {
    let mut builders: BTreeMap<String, bool> = BTreeMap::new();
    for item in items.iter_mut() {
        match item {
            syn::Item::Struct(builder) => {
                builders.insert(builder.ident.to_string(), false);
                fields(builder);
            }
            syn::Item::Impl(block) => {
                let Some(messages) = builders.get_mut(&block.self_ty.to_token_stream().to_string()) else { continue };
                shorten(block);
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item
                        && function.sig.ident == "default"
                        && let Some(Stmt::Expr(start, None)) = function.block.stmts.last_mut()
                    {
                        self::start(start);
                    }
                }
                *messages |= makes_messages(block);
            }
            _ => {}
        }
    }
    for item in items {
        let syn::Item::Impl(block) = item else { continue };
        let name = block.self_ty.to_token_stream().to_string();
        let Some(messages) = builders.get(&name).filter(|_| block.trait_.is_none()) else { continue };
        named(block, &name, *messages);
        // A member may have that name.
        if !has_function(block, "build") {
            let model = &block.self_ty;
            block.items.push(parse_quote! {
                /// The model; an error where a required member is missing or a value couldn't be converted.
                pub fn build(self) -> ::std::result::Result<super::#model, super::error::ConversionError> {
                    self.try_into()
                }
            });
        }
    }
}

fn has_function(block: &ItemImpl, name: &str) -> bool {
    block.items.iter().any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == name))
}
