//! What a builder's `send` makes of a response.

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, ExprPath, Pat, parse_quote};

use crate::traits::Traits;

/// Polishes the match over the response's status.
pub(super) fn polish(block: &mut Block, traits: &Traits) {
    Responses(traits).visit_block_mut(block);
}

struct Responses<'a>(&'a Traits);

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
        let decode = if self.0.bodiless.iter().any(|status| is_status(&arm.pat, status)) {
            parse_quote!(support::decode_or_empty)
        } else {
            parse_quote!(support::decode)
        };
        Decode(decode).visit_expr_mut(&mut arm.body);
    }
}

/// `ResponseValue::from_response` loses the status of a response whose body it can't decode; `support::decode`
/// doesn't. Where another answer of the same operation has no body, an empty one is as good as none.
struct Decode(syn::Path);

impl VisitMut for Decode {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        let last = path.path.segments.last().map(|segment| segment.ident.to_string());
        if last.as_deref() == Some("from_response") {
            path.path = self.0.clone();
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
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
