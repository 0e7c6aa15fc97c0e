//! Bodies that aren't JSON, in the mocks: progenitor takes all of them for JSON, so that no client would send or read them.

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, FnArg, ImplItemFn, LitStr, parse_quote};

use crate::rust_name::{pascal, status_name};
use crate::traits::Traits;

/// A body is compared as the bytes or the form that the client sends.
pub(super) fn expected(function: &mut ImplItemFn, traits: &Traits) {
    if function.sig.ident != "body" {
        return;
    }
    if traits.form {
        let pairs: Expr = parse_quote! {
            Self(super::super::support::pairs(&value)
                .into_iter()
                .fold(self.0, |when, (name, value)| when.form_urlencoded_tuple(name, value)))
        };
        function.block = parse_quote!({ #pairs });
    } else if takes_any_json(function) {
        let signature = &mut function.sig;
        *signature = parse_quote!(fn body(self, value: impl ::std::convert::Into<::std::vec::Vec<u8>>) -> Self);
        function.block = parse_quote!({
            let value = value.into();
            Self(self.0.is_true(move |request| request.body_ref() == value.as_slice()))
        });
    }
}

/// What isn't JSON is answered as it is, as the media type that is documented for this status.
pub(super) fn answered(function: &mut ImplItemFn, traits: &Traits) {
    if !takes_any_json(function) {
        return;
    }
    let name = pascal(&function.sig.ident.to_string().replace("default_response", "default"));
    let of_status = traits.media.iter().find(|(status, _)| status_name(status).is_some_and(|status| status == name));
    let media = of_status.map_or("application/octet-stream", |(_, media)| media);
    for input in &mut function.sig.inputs {
        if let FnArg::Typed(input) = input
            && input.pat.to_token_stream().to_string() == "value"
        {
            *input.ty = parse_quote!(impl ::std::convert::AsRef<[u8]>);
        }
    }
    Raw(media).visit_block_mut(&mut function.block);
}

/// `value: ::serde_json::Value` is what progenitor writes for a body without a type; a typed one is a reference.
fn takes_any_json(function: &ImplItemFn) -> bool {
    let untyped = function.sig.inputs.iter().any(|input| {
        matches!(input, FnArg::Typed(input) if input.ty.to_token_stream().to_string().replace(' ', "") == "::serde_json::Value")
    });
    untyped && function.block.to_token_stream().to_string().contains("json_body (value)")
}

struct Raw<'a>(&'a str);

impl VisitMut for Raw<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "json_body" {
            call.method = parse_quote!(body);
        }
    }

    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        if text.value() == "application/json" {
            *text = LitStr::new(self.0, text.span());
        }
    }
}
