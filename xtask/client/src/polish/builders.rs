//! The builders of operations: `mod builder`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, Fields, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, Stmt, Token, Type,
    parse_quote,
};

use super::names::is_secret;
use super::{bodies, calls, responses, sends, setters};
use crate::traits::{Facts, Traits};

/// Every function is named after a parameter, which the operation's docs describe.
pub(super) fn begin(module: &mut ItemMod) {
    module.attrs.push(parse_quote!(#[allow(missing_docs)]));
    // Without operations there is no use for it.
    if let Some((_, items)) = &mut module.content {
        items.push(parse_quote!(
            #[allow(unused_imports)]
            use super::super::support;
        ));
    }
}

/// Polishes builders: each is a struct and an `impl`.
pub(super) fn polish(items: &mut Vec<Item>, traits: &BTreeMap<String, Traits>, facts: &BTreeMap<String, Facts>) {
    let of = |name: &str| traits.get(name).cloned().unwrap_or_default();
    let mut polished = Vec::with_capacity(items.len());
    let mut clonable = BTreeSet::new();
    for mut item in items.drain(..) {
        let mut more = None;
        match &mut item {
            Item::Struct(builder) => {
                if of(&builder.ident.to_string()).multipart {
                    bodies::form_field(builder);
                }
                if of(&builder.ident.to_string()).optional_body {
                    bodies::optional_field(builder);
                }
                let names = Added::to(builder);
                if is_clonable(builder) {
                    clonable.insert(builder.ident.to_string());
                }
                setters::fields(builder);
                options(builder, &names);
                more = Some(redacted_debug(builder));
            }
            Item::Impl(block) => {
                let name = name_of(&block.self_ty).unwrap_or_default();
                let traits = of(&name);
                let fields = fields_of(block).unwrap_or_default();
                polish_impl(block, &traits);
                // A form and a body that is a stream can be sent once only.
                if clonable.contains(&name) && !traits.multipart {
                    let options = &Added::beside(&fields).options;
                    let takes_token = fields.iter().any(|field| field == "session_token");
                    more = facts.get(&name).and_then(|facts| calls::of_operation(block, takes_token, options, facts));
                }
            }
            // A specification without operations needs none of them.
            Item::Use(import) if import.attrs.is_empty() => import.attrs.push(parse_quote!(#[allow(unused_imports)])),
            _ => {}
        }
        polished.push(item);
        polished.extend(more);
    }
    *items = polished;
}

fn is_clonable(builder: &ItemStruct) -> bool {
    let parse = Punctuated::<syn::Path, Token![,]>::parse_terminated;
    let derives = builder.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
    derives.filter_map(|derive| derive.parse_args_with(parse).ok()).flatten().any(|path| path.is_ident("Clone"))
}

fn name_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The names of what a builder gets beside its parameters.
struct Added {
    /// The field.
    options: Ident,
    header: Ident,
    timeout: Ident,
    limits: Ident,
}

impl Added {
    /// The names for `builder`.
    fn to(builder: &ItemStruct) -> Self {
        let names = builder.fields.iter().filter_map(|field| Some(field.ident.as_ref()?.to_string()));
        Self::beside(&names.collect::<Vec<String>>())
    }

    /// Names that none of `taken`, the builder's own fields, has.
    fn beside(taken: &[String]) -> Self {
        let free = |name: &str| {
            let mut name = name.to_owned();
            while taken.contains(&name) {
                name.insert_str(0, "extra_");
            }
            ident(&name)
        };
        Self { options: free("options"), header: free("header"), timeout: free("timeout"), limits: free("body_limits") }
    }
}

/// What progenitor's builders can't be told: a header for one call (a trace id, a gateway's token), how long the call may
/// take (a caller with less time left than the client allows had to drop the call, and with it the status of a response
/// whose body was still coming), and how long a body may be.
fn options(builder: &mut ItemStruct, Added { options, .. }: &Added) {
    if let Fields::Named(fields) = &mut builder.fields {
        fields.named.push(parse_quote!(#options: support::CallOptions));
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The derived `Debug` of a builder prints the session token. This one prints `[redacted]` for what is a secret by
/// its name, and leaves the client out.
fn redacted_debug(builder: &mut ItemStruct) -> Item {
    for attribute in builder.attrs.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        without_debug(attribute);
    }
    let name = &builder.ident;
    let text = name.to_string();
    let fields = builder.fields.iter().filter_map(|field| field.ident.as_ref()).filter(|field| *field != "client").map(
        |field| {
            let name = field.to_string();
            if is_secret(&name) {
                quote!(.field(#name, &support::Redacted))
            } else {
                quote!(.field(#name, &self.#field))
            }
        },
    );
    parse_quote! {
        impl ::std::fmt::Debug for #name<'_> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish_non_exhaustive()
            }
        }
    }
}

fn without_debug(attribute: &mut Attribute) {
    let parse = Punctuated::<syn::Path, Token![,]>::parse_terminated;
    let Ok(derives) = attribute.parse_args_with(parse) else { return };
    let kept = derives.into_iter().filter(|path| !path.is_ident("Debug"));
    *attribute = parse_quote!(#[derive(#(#kept),*)]);
}

fn polish_impl(block: &mut ItemImpl, traits: &Traits) {
    let operation = name_of(&block.self_ty).unwrap_or_default();
    let Some(fields) = fields_of(block) else { return };
    let added = &Added::beside(&fields);
    let mut sent = None;
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        if traits.optional_body {
            bodies::optional_function(function);
        }
        match function.sig.ident.to_string().as_str() {
            "new" => start_without(function, added),
            "send" => {
                sends::polish(&mut function.block, &added.options, &traits.composed);
                bodies::content_type(&mut function.block, traits);
                bodies::pairs_of_form(&mut function.block);
                let types = calls::results(&function.sig.output);
                responses::polish(&mut function.block, traits, types);
                sent = Some(by_any_client(function));
            }
            "body" if traits.multipart => bodies::form_setter(function),
            _ => {}
        }
    }
    block.items.extend(sent.map(ImplItem::Fn));
    setters::shorten(block);
    let makes_messages = setters::makes_messages(block);
    setters::named(block, &operation, makes_messages);
    let Added { options, header, timeout, limits } = added;
    block.items.push(parse_quote! {
        /// Adds a header to this call alone, such as a trace id, or replaces one that was added. One that the operation
        /// sets itself, such as its token, or that can't be a header is an `InvalidRequest` when the call is sent.
        pub fn #header(
            mut self,
            name: impl ::std::convert::TryInto<::reqwest::header::HeaderName>,
            value: impl ::std::convert::TryInto<::reqwest::header::HeaderValue>,
        ) -> Self {
            self.#options.header(name, value);
            self
        }
    });
    block.items.push(parse_quote! {
        /// How long this call may take, from connecting to the last byte of the response, whatever the client allows.
        pub fn #timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.#options.timeout = Some(timeout);
            self
        }
    });
    block.items.push(parse_quote! {
        /// How much of the response's body is read, for this call alone.
        pub fn #limits(mut self, limits: support::BodyLimits) -> Self {
            self.#options.body_limits = Some(limits);
            self
        }
    });
}

/// A call in a session is sent by a client that the session chooses: what `send` does gets a function that takes one.
/// Returns that function, and leaves in `send` the call of it.
fn by_any_client(send: &mut ImplItemFn) -> ImplItemFn {
    let mut by = send.clone();
    by.attrs.clear();
    by.vis = syn::Visibility::Inherited;
    by.sig.ident = ident("sent_by");
    by.sig.inputs.push(parse_quote!(client: &super::Client));
    send.block = parse_quote!({
        let client = self.client;
        self.sent_by(client).await
    });
    by
}

/// The fields that the builder is made with, by its function `new`.
fn fields_of(block: &ItemImpl) -> Option<Vec<String>> {
    block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "new" => match function.block.stmts.last()? {
            Stmt::Expr(Expr::Struct(start), None) => {
                Some(start.fields.iter().map(|field| field.member.to_token_stream().to_string()).collect())
            }
            _ => None,
        },
        _ => None,
    })
}

fn start_without(function: &mut ImplItemFn, Added { options, .. }: &Added) {
    if let Some(Stmt::Expr(start, None)) = function.block.stmts.last_mut() {
        setters::start(start);
        if let Expr::Struct(start) = start {
            start.fields.push(parse_quote!(#options: ::std::default::Default::default()));
        }
    }
}
