//! The `Client` itself.

use syn::{Expr, Fields, ImplItem, Item, Stmt, parse_quote};

use super::docs::no_ignored_example;

/// Polishes the items beside `types` and `builder`.
pub(super) fn polish(items: &mut Vec<Item>) {
    for item in items.iter_mut() {
        if let Item::Impl(block) = item {
            for item in &mut block.items {
                if let ImplItem::Fn(function) = item {
                    no_ignored_example(&mut function.attrs);
                }
            }
        }
    }
    bounded(items);
    if without_redirects_and_panics(items) {
        items.insert(
            0,
            parse_quote!(
                use super::support;
            ),
        );
    }
}

/// A response of any length was read whole: the client knows how long a body may be.
fn bounded(items: &mut [Item]) {
    for item in items {
        if let Item::Struct(client) = item
            && client.ident == "Client"
            && let Fields::Named(fields) = &mut client.fields
        {
            fields.named.push(parse_quote!(pub(crate) limits: support::BodyLimits));
        }
    }
}

/// progenitor's `Client::new` follows redirects, token and all, and panics where no TLS can be set up. The HTTP
/// client comes from the support module; `try_new` is for programs that can't have a panic. Returns whether it was found.
fn without_redirects_and_panics(items: &mut [Item]) -> bool {
    for item in items {
        let Item::Impl(block) = item else { continue };
        let new =
            block.items.iter().position(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
        let Some(new) = new.filter(|_| block.trait_.is_none()) else { continue };
        block.items.splice(
            new..=new,
            [
                parse_quote! {
                    /// Creates a client for the API at `baseurl`, which includes scheme, host and path, such as
                    /// `https://host/pod`. A slash at its end makes no difference.
                    ///
                    /// The client follows no redirects, gives up on a connection after
                    /// [`support::CONNECT_TIMEOUT`](super::support::CONNECT_TIMEOUT) and on a call after
                    /// [`support::TIMEOUT`](super::support::TIMEOUT); what else it does is said at
                    /// [`support::http_client`](super::support::http_client).
                    ///
                    /// A base URL without a host, or with a user name, a query, a fragment, white space or a backslash in
                    /// it, makes every call an `InvalidRequest` that says so; nothing is sent then.
                    ///
                    /// # Panics
                    /// Where no TLS can be set up, as `reqwest::Client::new` does, for instance on a system without
                    /// trusted certificates. [`Client::try_new`] doesn't.
                    #[allow(clippy::panic)]
                    pub fn new(baseurl: &str) -> Self {
                        match Self::try_new(baseurl) {
                            Ok(client) => client,
                            Err(error) => panic!("no HTTP client can be made: {error}"),
                        }
                    }
                },
                parse_quote! {
                    /// Like [`Client::new`], but for a system that may not be set up for TLS.
                    ///
                    /// # Errors
                    /// The TLS backend can't be set up.
                    pub fn try_new(baseurl: &str) -> reqwest::Result<Self> {
                        Ok(Self::new_with_client(baseurl, support::http_client(baseurl)?))
                    }
                },
            ],
        );
        for item in &mut block.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "new_with_client"
            {
                function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
                let docs = [
                    " Creates a client that sends through `client`, configured as you like.",
                    "",
                    " What becomes of redirects and how long a call may take is then decided there: a client that",
                    " follows redirects sends the session token to wherever they lead.",
                ];
                for (index, line) in docs.into_iter().enumerate() {
                    function.attrs.insert(index, parse_quote!(#[doc = #line]));
                }
                if let Some(Stmt::Expr(Expr::Struct(client), None)) = function.block.stmts.last_mut() {
                    client.fields.push(parse_quote!(limits: support::BodyLimits::default()));
                }
            }
        }
        block.items.push(parse_quote! {
            /// Sets how much of a response's body is read, for all calls of this client.
            #[must_use]
            pub fn body_limits(mut self, limits: support::BodyLimits) -> Self {
                self.limits = limits;
                self
            }
        });
        return true;
    }
    false
}
