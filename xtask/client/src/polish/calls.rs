//! What all builders of operations have in common, as a trait: `support::OperationCall`.

use quote::ToTokens as _;
use syn::{
    Expr, GenericArgument, Ident, ImplItem, ImplItemFn, ItemImpl, Lit, LitStr, Local, PathArguments, ReturnType, Stmt,
    Type, parse_quote,
};

use crate::traits::Facts;

/// The builders have the same methods, but no trait, so that nothing could be written for all of them: a session, say, that
/// sends any operation. `options` is the name of the field that every builder has.
pub(super) fn of_operation(block: &ItemImpl, takes_token: bool, options: &Ident, facts: &Facts) -> Option<syn::Item> {
    let (_, send) = block.items.iter().filter_map(function).find(|(name, _)| *name == "sent_by")?;
    let (success, failure) = results(&send.sig.output)?;
    let function = send.block.stmts.iter().find_map(operation_id_of_run)?;
    let Type::Path(builder) = block.self_ty.as_ref() else { return None };
    let builder = &builder.path.segments.last()?.ident;
    let with_token: syn::Expr =
        if takes_token { parse_quote!(self.session_token(with.session_token)) } else { parse_quote!(self) };
    let Facts { id, method, path, statuses, .. } = facts;
    Some(parse_quote! {
        impl support::OperationCall for #builder<'_> {
            const ID: &'static str = #function;
            const FACTS: support::OperationFacts = support::OperationFacts {
                id: #id, method: #method, path: #path, statuses: &[#(#statuses),*],
            };
            type Success = #success;
            type Failure = #failure;
            fn with(mut self, with: &support::With<'_>) -> Self {
                self.#options.extend(with);
                #with_token
            }
            async fn send_by(
                self,
                client: &super::Client,
            ) -> Result<ResponseValue<Self::Success>, Error<Self::Failure>> {
                self.sent_by(client).await
            }
        }
    })
}

fn function(item: &ImplItem) -> Option<(String, &ImplItemFn)> {
    match item {
        ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
        _ => None,
    }
}

/// `support::run(client, "…", …).await?`, which [`operation_id`] became.
fn operation_id_of_run(statement: &Stmt) -> Option<LitStr> {
    let Stmt::Local(Local { init: Some(init), .. }) = statement else { return None };
    let Expr::Try(tried) = init.expr.as_ref() else { return None };
    let Expr::Await(awaited) = tried.expr.as_ref() else { return None };
    let Expr::Call(run) = awaited.base.as_ref() else { return None };
    match run.args.iter().nth(1)? {
        Expr::Lit(literal) => literal_text(&literal.lit),
        _ => None,
    }
}

/// The text of `let info = OperationInfo { operation_id: "…" };`
pub(super) fn operation_id(statement: &Stmt) -> Option<LitStr> {
    let Stmt::Local(Local { init: Some(init), .. }) = statement else { return None };
    let Expr::Struct(info) = init.expr.as_ref() else { return None };
    info.fields.iter().find_map(|field| match &field.expr {
        Expr::Lit(literal) if field.member.to_token_stream().to_string() == "operation_id" => {
            literal_text(&literal.lit)
        }
        _ => None,
    })
}

fn literal_text(literal: &Lit) -> Option<LitStr> {
    match literal {
        Lit::Str(text) => Some(text.clone()),
        _ => None,
    }
}

/// `S` and `F` of `Result<ResponseValue<S>, Error<F>>`.
pub(super) fn results(output: &ReturnType) -> Option<(&Type, &Type)> {
    let ReturnType::Type(_, result) = output else { return None };
    let [response, error] = arguments(result)?[..] else { return None };
    let ([success], [failure]) = (&arguments(response)?[..], &arguments(error)?[..]) else { return None };
    Some((success, failure))
}

fn arguments(ty: &Type) -> Option<Vec<&Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some(types.collect())
}
