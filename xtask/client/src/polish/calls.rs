//! What all builders of operations have in common, as a trait: `support::OperationCall`.

use crate::traits::Facts;
use syn::visit_mut::{self, VisitMut};
use syn::{
    ExprStruct, GenericArgument, Ident, ImplItem, ItemImpl, Lit, Member, PathArguments, ReturnType, Type, parse_quote,
};

/// The builders have the same methods, but no trait, so that nothing could be written for all of them: a session, say, that
/// sends any operation. `fields` are those that the builder was generated with, its `client` among them.
pub(super) fn of_operation(
    block: &ItemImpl,
    fields: &[Ident],
    [headers, timeout, limits]: [&Ident; 3],
    facts: &Facts,
) -> Option<syn::Item> {
    let send = block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "send" => Some(function),
        _ => None,
    })?;
    let (success, failure) = results(&send.sig.output)?;
    let mut id = OperationId(None);
    id.visit_block_mut(&mut send.block.clone());
    let id = id.0?;
    let Type::Path(builder) = block.self_ty.as_ref() else { return None };
    let builder = &builder.path.segments.last()?.ident;
    let own: Vec<&Ident> = fields.iter().filter(|field| *field != "client").collect();
    let takes_token = own.iter().any(|field| *field == "session_token");
    let token: Option<syn::Stmt> =
        takes_token.then(|| parse_quote!(self = self.session_token(with.session_token.to_owned());));
    let Facts { id: operation_id, method, path, statuses, .. } = facts;
    Some(parse_quote! {
        impl support::OperationCall for #builder<'_> {
            const ID: &'static str = #id;
            const FACTS: support::OperationFacts = support::OperationFacts {
                id: #operation_id, method: #method, path: #path, statuses: &[#(#statuses),*],
            };
            type Success = #success;
            type Failure = #failure;
            type On<'b> = #builder<'b>;
            fn on<'b>(self, client: &'b super::Client) -> #builder<'b> {
                let Self { client: _, #(#own,)* #headers, #timeout, #limits } = self;
                #builder { client, #(#own,)* #headers, #timeout, #limits }
            }
            fn with(mut self, with: &support::With<'_>) -> Self {
                #token
                self.#headers.extend(with.headers);
                self.#timeout = Some(with.timeout);
                self.#limits = Some(with.body_limits);
                self
            }
            fn send(
                self,
            ) -> impl ::std::future::Future<Output = Result<ResponseValue<#success>, Error<#failure>>> + ::core::marker::Send {
                Self::send(self)
            }
        }
    })
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

/// `OperationInfo { operation_id: "…" }`.
struct OperationId(Option<String>);

impl VisitMut for OperationId {
    fn visit_expr_struct_mut(&mut self, expression: &mut ExprStruct) {
        for field in &expression.fields {
            if matches!(&field.member, Member::Named(name) if name == "operation_id")
                && let syn::Expr::Lit(literal) = &field.expr
                && let Lit::Str(id) = &literal.lit
            {
                self.0 = Some(id.value());
            }
        }
        visit_mut::visit_expr_struct_mut(self, expression);
    }
}
