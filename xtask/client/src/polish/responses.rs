//! What a builder's `send` makes of a response.

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprCall, Pat, Type, parse_quote};

use crate::rust_name::status_name;
use crate::traits::Traits;

/// Polishes the match over the response's status, which makes a success or a failure of these types; `body_limits` has the
/// limits of its body.
pub(super) fn polish(block: &mut Block, traits: &Traits, types: Option<(&Type, &Type)>) {
    Responses { traits, types }.visit_block_mut(block);
}

struct Responses<'a> {
    traits: &'a Traits,
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
        together(&mut matching.arms);
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let by_status = self.traits.by_status.iter().find(|(status, _)| is_status(&arm.pat, status));
        let typed = by_status.zip(self.types).and_then(|((status, bodiless), (success, failure))| {
            let of = if status.starts_with(['4', '5']) { failure } else { success };
            let variant = quote::format_ident!("{}", status_name(status)?);
            Some((*bodiless, parse_quote!(<#of>::#variant)))
        });
        let (empty, variant): (Option<bool>, Option<Expr>) = typed.unzip();
        let arguments: Vec<Expr> =
            (empty != Some(true)).then(|| parse_quote!(body_limits)).into_iter().chain(variant).collect();
        let decode = if let Some(empty) = empty {
            if empty { parse_quote!(support::without_body) } else { parse_quote!(support::decode_into) }
        } else if self.traits.bodiless.iter().any(|status| is_status(&arm.pat, status)) {
            parse_quote!(support::decode_or_empty)
        } else {
            parse_quote!(support::decode)
        };
        Read { decode, arguments }.visit_expr_mut(&mut arm.body);
    }
}

/// Statuses whose responses are read the same way have one arm.
fn together(arms: &mut Vec<Arm>) {
    let mut merged: Vec<Arm> = Vec::with_capacity(arms.len());
    for arm in arms.drain(..) {
        let text = |arm: &Arm| arm.body.to_token_stream().to_string();
        let like = |other: &&mut Arm| text(other) == text(&arm) && is_class(&other.pat) == is_class(&arm.pat);
        match merged.iter_mut().find(like).filter(|_| !matches!(arm.pat, Pat::Wild(_))) {
            Some(first) => {
                let (one, other) = (&first.pat, &arm.pat);
                first.pat = parse_quote!(#one | #other);
            }
            None => merged.push(arm),
        }
    }
    *arms = merged;
}

/// Whether a pattern is one of ranges, which come after the statuses in them.
fn is_class(pattern: &Pat) -> bool {
    match pattern {
        Pat::Or(any) => any.cases.iter().any(is_class),
        pattern => matches!(pattern, Pat::Range(_)),
    }
}

/// `ResponseValue::from_response` loses the status of a response whose body it can't decode, and reads a body of any
/// length; `support::decode` doesn't. If another answer of the same operation has no body, an empty one is as good as
/// none. A response that isn't documented is read up to the limit, too.
struct Read {
    decode: syn::Path,
    /// What `decode` takes beside the response.
    arguments: Vec<Expr>,
}

impl VisitMut for Read {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        // `Err(Error::ErrorResponse(….await?))` and `Err(Error::UnexpectedResponse(response))`
        let Expr::Call(err) = &*expression else { return };
        let Some(Expr::Call(error)) = err.args.first().filter(|_| is_path(&err.func, "Err")) else { return };
        if is_path(&error.func, "Error :: UnexpectedResponse") {
            let response = &error.args;
            *expression = parse_quote!(support::undocumented(#response, body_limits).await);
        } else if let Some(Expr::Try(tried)) = error.args.first()
            && let Expr::Await(awaited) = tried.expr.as_ref()
            && is_path(&error.func, "Error :: ErrorResponse")
        {
            let decoded = &awaited.base;
            *expression = parse_quote!(support::failed(#decoded).await);
        }
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = call.func.as_mut() else { return };
        if function.path.segments.last().is_some_and(|last| last.ident == "from_response") {
            function.path = self.decode.clone();
            call.args.extend(self.arguments.clone());
        }
    }
}

fn is_path(function: &Expr, path: &str) -> bool {
    function.to_token_stream().to_string() == path
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
