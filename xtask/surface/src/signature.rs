//! How functions are called, in full and as readers write it.

use std::collections::BTreeSet;

use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericParam, Generics, ItemTrait, ReturnType, TraitItem, TypeParamBound, WherePredicate};

use crate::names::Writer;
use crate::surface::Signature;

/// A signature, to be compared. The names of arguments are left out: nobody can name them.
pub(super) fn of(writer: &mut Writer<'_>, function: &syn::Signature, default: bool) -> Signature {
    let safety = Writer::tokens(&function.safety);
    let abi = function.abi.as_ref().map(Writer::tokens).unwrap_or_default();
    let asyncness = function.asyncness.map(|_| "async").unwrap_or_default();
    let qualifiers: Vec<&str> = [asyncness, &safety, &abi].into_iter().filter(|word| !word.is_empty()).collect();
    Signature {
        qualifiers: qualifiers.join(" "),
        is_const: function.constness.is_some(),
        generics: parameters(writer, &function.generics),
        arguments: function.inputs.iter().map(|argument| self::argument(writer, argument)).collect(),
        output: match &function.output {
            ReturnType::Default => "()".to_owned(),
            ReturnType::Type(_, ty) => writer.ty(ty),
        },
        bounds: bounds(writer, &function.generics),
        default,
    }
}

/// A signature, to be read.
pub(super) fn shown(writer: &mut Writer<'_>, function: &syn::Signature) -> String {
    let mut function = function.clone();
    for argument in &mut function.inputs {
        match argument {
            // Whether a function changes what it was given is its own affair.
            FnArg::Receiver(receiver) if matches!(receiver.kind, syn::ReceiverKind::Value) => {
                receiver.mutability = None
            }
            FnArg::Typed(argument) => {
                if let syn::Pat::Ident(name) = argument.pat.as_mut() {
                    name.mutability = None;
                }
            }
            FnArg::Receiver(_) => {}
        }
    }
    // Prettier without the comma that ends a list on several lines.
    function.inputs.pop_punct();
    if let Some(clause) = &mut function.generics.where_clause {
        clause.predicates.pop_punct();
    }
    writer.write(&function, |writer, function| writer.visit_signature_mut(function))
}

fn argument(writer: &mut Writer<'_>, argument: &FnArg) -> String {
    match argument {
        FnArg::Typed(argument) => writer.ty(&argument.ty),
        FnArg::Receiver(receiver) => match &receiver.kind {
            syn::ReceiverKind::Value => "self".to_owned(),
            _ => writer.write(receiver, |writer, receiver| writer.visit_receiver_mut(receiver)),
        },
    }
}

/// The parameters of a function, without their bounds.
fn parameters(writer: &mut Writer<'_>, generics: &Generics) -> Vec<String> {
    let mut found = Vec::new();
    for parameter in &generics.params {
        found.push(match parameter {
            GenericParam::Lifetime(parameter) => parameter.lifetime.to_string(),
            GenericParam::Type(_) => "type".to_owned(),
            GenericParam::Const(parameter) => format!("const {}", writer.ty(&parameter.ty)),
        });
    }
    found
}

/// The parameters of a type or trait, with their bounds and defaults.
pub(super) fn declared(writer: &mut Writer<'_>, generics: &Generics) -> String {
    let mut found = parameters(writer, generics);
    for parameter in generics.type_params() {
        if let Some((_, default)) = &parameter.default {
            found.push(format!("= {}", writer.ty(default)));
        }
    }
    found.extend(bounds(writer, generics));
    found.join(", ")
}

/// Every bound by itself, wherever it is written.
pub(super) fn bounds(writer: &mut Writer<'_>, generics: &Generics) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for parameter in &generics.params {
        let (of, bounds) = match parameter {
            GenericParam::Lifetime(parameter) => {
                found.extend(parameter.bounds.iter().map(|bound| format!("{}: {bound}", parameter.lifetime)));
                continue;
            }
            GenericParam::Type(parameter) => {
                let path = syn::Path::from(parameter.ident.clone());
                (writer.path(&path), &parameter.bounds)
            }
            GenericParam::Const(_) => continue,
        };
        found.extend(each(writer, bounds.iter()).into_iter().map(|bound| format!("{of}: {bound}")));
    }
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        match predicate {
            WherePredicate::Type(predicate) => {
                let of = writer.ty(&predicate.bounded_ty);
                let bounds = each(writer, predicate.bounds.iter());
                found.extend(bounds.into_iter().map(|bound| format!("{of}: {bound}")));
            }
            WherePredicate::Lifetime(predicate) => {
                found.extend(predicate.bounds.iter().map(|bound| format!("{}: {bound}", predicate.lifetime)));
            }
            _ => _ = found.insert(Writer::tokens(predicate)),
        }
    }
    found
}

/// Each of these bounds.
pub(super) fn each<'b>(writer: &mut Writer<'_>, bounds: impl Iterator<Item = &'b TypeParamBound>) -> BTreeSet<String> {
    bounds.map(|bound| self::bound(writer, bound)).collect()
}

/// One bound.
pub(super) fn bound(writer: &mut Writer<'_>, bound: &TypeParamBound) -> String {
    writer.write(bound, |writer, bound| writer.visit_type_param_bound_mut(bound))
}

/// Whether there is `dyn` of a trait, as far as its own items go (the Rust reference, "Dyn compatibility").
pub(super) fn dyn_compatible(item: &ItemTrait) -> bool {
    item.items.iter().all(|item| match item {
        TraitItem::Fn(function) => {
            let signature = &function.sig;
            let predicates = signature.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
            let of_sized_only = predicates.map(Writer::tokens).any(|predicate| predicate == "Self: Sized");
            let types = signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).map(Writer::tokens);
            let mut types = types.chain([Writer::tokens(&signature.output)]);
            let mentions = |text: &str, word: &str| {
                text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').any(|part| part == word)
            };
            of_sized_only
                || signature.receiver().is_some()
                    && signature.generics.type_params().next().is_none()
                    && signature.asyncness.is_none()
                    && !types.any(|text| mentions(&text, "Self") || mentions(&text, "impl"))
        }
        TraitItem::Type(ty) => ty.generics.params.is_empty(),
        _ => false,
    })
}
