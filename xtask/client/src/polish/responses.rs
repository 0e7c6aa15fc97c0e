//! What a builder's `send` makes of a response.

use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprCall, Ident, Pat, Type, parse_quote};

use crate::rust_name::status_name;
use crate::traits::Traits;

/// Polishes the match over the response's status, which makes a success or a failure of these types; `limits` is what
/// holds the limits of its body.
pub(super) fn polish(block: &mut Block, traits: &Traits, limits: &Ident, types: Option<(&Type, &Type)>) {
    Responses { traits, limits, types }.visit_block_mut(block);
}

struct Responses<'a> {
    traits: &'a Traits,
    limits: &'a Ident,
    types: Option<(&'a Type, &'a Type)>,
}

impl VisitMut for Responses<'_> {
    fn visit_expr_match_mut(&mut self, matching: &mut syn::ExprMatch) {
        // progenitor puts a class of statuses before its members, which are never reached then.
        matching.arms.sort_by_key(|arm| match arm.pat {
            Pat::Wild(_) => 2,
            Pat::Range(_) => 1,
            _ => 0,
        });
        visit_mut::visit_expr_match_mut(self, matching);
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let by_status = self.traits.by_status.iter().find(|(status, _)| is_status(&arm.pat, status));
        let typed = by_status.zip(self.types).and_then(|((status, bodiless), (success, failure))| {
            let of = if status.starts_with(['4', '5']) { failure } else { success };
            let variant = quote::format_ident!("{}", status_name(status)?);
            Some((*bodiless, parse_quote!(<#of>::#variant)))
        });
        let (empty, variant): (Option<bool>, Option<Expr>) = typed.unzip();
        let limits = self.limits;
        let arguments: Vec<Expr> =
            (empty != Some(true)).then(|| parse_quote!(#limits)).into_iter().chain(variant).collect();
        let decode = if let Some(empty) = empty {
            if empty { parse_quote!(support::without_body) } else { parse_quote!(support::decode_into) }
        } else if self.traits.bodiless.iter().any(|status| is_status(&arm.pat, status)) {
            parse_quote!(support::decode_or_empty)
        } else {
            parse_quote!(support::decode)
        };
        Read { decode, limits: self.limits, arguments }.visit_expr_mut(&mut arm.body);
    }
}

/// `ResponseValue::from_response` loses the status of a response whose body it can't decode, and reads a body of any
/// length; `support::decode` doesn't. If another answer of the same operation has no body, an empty one is as good as
/// none. A response that isn't documented is read up to the limit, too.
struct Read<'a> {
    decode: syn::Path,
    limits: &'a Ident,
    /// What `decode` takes beside the response.
    arguments: Vec<Expr>,
}

impl VisitMut for Read<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = call.func.as_mut() else { return };
        let path: Vec<String> = function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let limits = self.limits;
        if path.last().is_some_and(|last| last == "from_response") {
            function.path = self.decode.clone();
            call.args.extend(self.arguments.clone());
        } else if path == ["Error", "UnexpectedResponse"] {
            let response = &call.args;
            let read: Expr = parse_quote!(support::unexpected(#response, #limits).await);
            call.args = Punctuated::from_iter([read]);
        }
    }
}

/// Whether `204u16` is `204`, and `200..=299` is `2XX` or `default`.
fn is_status(pattern: &Pat, status: &str) -> bool {
    let text = pattern.to_token_stream().to_string().replace("u16", "").replace(' ', "");
    match status.strip_suffix("XX") {
        Some(class) => text == format!("{class}00..={class}99"),
        None if status == "default" => text == "200..=299",
        None => text == status,
    }
}
