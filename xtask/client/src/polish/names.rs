//! Names: those that had to be kept apart, and those that hide a secret.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, LitStr, Meta};

use crate::rust_name;

/// Two names of the API that meet in Rust were kept apart by a mark (see [`rust_name::MARK`]). On the wire they have
/// no mark.
pub(super) fn take_marks_off(items: &mut [Item]) {
    let unmarked = |text: &str| rust_name::unmarked(text).map(str::to_owned);
    items.iter_mut().for_each(|item| Texts(unmarked).visit_item_mut(item));
}

/// What [`rust_name::TAG`] and [`rust_name::DEPRECATED`] were for is done.
pub(super) fn take_other_marks_off(items: &mut [Item]) {
    let unmarked = |text: &str| {
        let (before, _) = text.split_once(rust_name::TAG).unwrap_or((text, ""));
        let before = before.replace(rust_name::DEPRECATED, "");
        (before != text).then_some(before)
    };
    items.iter_mut().for_each(|item| Texts(unmarked).visit_item_mut(item));
}

/// Changes texts, those in attributes too.
struct Texts<F>(F);

impl<F: Fn(&str) -> Option<String>> VisitMut for Texts<F> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(text) = (self.0)(&literal.value()) {
            *literal = LitStr::new(&text, literal.span());
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        visit_mut::visit_attribute_mut(self, attribute);
        // The arguments of `#[serde(…)]` are tokens to syn.
        if let Meta::List(list) = &mut attribute.meta
            && list.path.is_ident("serde")
        {
            let tokens = std::mem::take(&mut list.tokens);
            list.tokens = tokens.into_iter().map(|token| self.token(token)).collect();
        }
    }
}

impl<F: Fn(&str) -> Option<String>> Texts<F> {
    fn token(&self, token: proc_macro2::TokenTree) -> proc_macro2::TokenTree {
        if let proc_macro2::TokenTree::Literal(literal) = &token
            && let syn::Lit::Str(text) = syn::Lit::new(literal.clone())
            && let Some(text) = (self.0)(&text.value())
        {
            return proc_macro2::Literal::string(&text).into();
        }
        token
    }
}

/// Whether a parameter or header of this name holds a secret, going by its name: the spec has no word for it.
#[must_use]
pub(crate) fn is_secret(name: &str) -> bool {
    const PARTS: [&str; 10] = [
        "token",
        "authorization",
        "password",
        "passwd",
        "secret",
        "apikey",
        "cookie",
        "credential",
        "privatekey",
        "session",
    ];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    PARTS.iter().any(|part| plain.contains(part))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_tell_what_is_secret() {
        for name in ["sessionToken", "session_token", "X-API-Key", "Authorization", "proxy-authorization", "Set-Cookie"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["id", "X-Trace-Id", "userId", "limit"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
