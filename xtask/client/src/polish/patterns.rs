//! Patterns: JSON Schema wants them read with the flag `u` (2020-12, Core, section 6.4), and typify reads them without.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, Item, Lit, parse_quote};

/// Reads those with the flag that mean something else without it: `\p{L}` is a letter only with it.
pub(super) fn with_unicode(items: &mut [Item]) {
    items.iter_mut().for_each(|item| Patterns.visit_item_mut(item));
}

struct Patterns;

impl VisitMut for Patterns {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = call.func.as_ref() else { return };
        let names: Vec<String> = function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some(Expr::Lit(literal)) = call.args.first() else { return };
        let Lit::Str(text) = &literal.lit else { return };
        let pattern = text.value();
        let differs = [r"\p{", r"\P{", r"\u{"].iter().any(|escape| pattern.contains(escape));
        if names == ["regress", "Regex", "new"] && differs && regress::Regex::with_flags(&pattern, "u").is_ok() {
            *call = parse_quote!(::regress::Regex::with_flags(#text, "u"));
        }
    }
}
