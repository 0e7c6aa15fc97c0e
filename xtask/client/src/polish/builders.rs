//! The builders of operations: `mod builder`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Block, Expr, Fields, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, LitStr, Local,
    Pat, Stmt, Token, Type, parse_quote,
};

use super::names::is_secret;
use super::{bodies, calls, responses};
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
                let names = Added::to(builder);
                extra_headers(builder, &names);
                if is_clonable(builder) {
                    clonable.insert(builder.ident.to_string());
                }
                more = Some(redacted_debug(builder));
                timeout(builder, &names);
                limits(builder, &names);
            }
            Item::Impl(block) => {
                let name = name_of(&block.self_ty).unwrap_or_default();
                let traits = of(&name);
                let fields = fields_of(block).unwrap_or_default();
                polish_impl(block, &traits);
                // A form and a body that is a stream can be sent once only.
                if clonable.contains(&name) && !traits.multipart {
                    let Added { headers, timeout, limits, .. } = &Added::beside(&fields);
                    let fields: Vec<Ident> = fields.iter().map(|field| ident(field)).collect();
                    more = facts
                        .get(&name)
                        .and_then(|facts| calls::of_operation(block, &fields, [headers, timeout, limits], facts));
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
    headers: Ident,
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
        Self {
            headers: free("extra_headers"),
            header: free("header"),
            timeout: free("timeout"),
            limits: free("body_limits"),
        }
    }
}

/// There was no way to give one call a header (a trace id, a gateway's token): every builder gets `.header(…)`.
fn extra_headers(builder: &mut ItemStruct, Added { headers, .. }: &Added) {
    if let Fields::Named(fields) = &mut builder.fields {
        fields.named.push(parse_quote!(#headers: support::ExtraHeaders));
    }
}

/// A time-out was the client's alone, so that a caller with less time left had to drop the call, and with it the
/// status of a response whose body was still coming: every builder gets `.timeout(…)`.
fn timeout(builder: &mut ItemStruct, Added { timeout, .. }: &Added) {
    if let Fields::Named(fields) = &mut builder.fields {
        fields.named.push(parse_quote!(#timeout: ::std::option::Option<::std::time::Duration>));
    }
}

/// A body of any length was read whole. A builder without limits of its own has the client's.
fn limits(builder: &mut ItemStruct, Added { limits, .. }: &Added) {
    if let Fields::Named(fields) = &mut builder.fields {
        fields.named.push(parse_quote!(#limits: ::std::option::Option<support::BodyLimits>));
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
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        match function.sig.ident.to_string().as_str() {
            "new" => start_without(function, added),
            "send" => {
                polish_send(&mut function.block, added);
                bodies::content_type(&mut function.block, traits);
                let types = calls::results(&function.sig.output);
                responses::polish(&mut function.block, traits, &added.limits, types);
            }
            "body" if traits.multipart => bodies::form_setter(function),
            _ => {}
        }
        readable_messages(&mut function.block, &operation);
    }
    let Added { headers, header, timeout, limits } = added;
    block.items.push(parse_quote! {
        /// Adds a header to this call alone, such as a trace id. A second one of the same name replaces the first.
        ///
        /// What the operation sets itself can't be replaced, its token least of all: that, and what can't be a header,
        /// is an `InvalidRequest` when the call is sent.
        pub fn #header<N, V>(mut self, name: N, value: V) -> Self
        where
            N: ::std::convert::TryInto<::reqwest::header::HeaderName>,
            V: ::std::convert::TryInto<::reqwest::header::HeaderValue>,
        {
            self.#headers.insert(name, value);
            self
        }
    });
    block.items.push(parse_quote! {
        /// How long this call may take, from connecting to the last byte of the response, whatever the client allows.
        ///
        /// Where the time is up before the whole body is there, the response still comes out with its status.
        pub fn #timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.#timeout = Some(timeout);
            self
        }
    });
    block.items.push(parse_quote! {
        /// How much of the response's body is read, for this call alone.
        pub fn #limits(mut self, limits: support::BodyLimits) -> Self {
            self.#limits = Some(limits);
            self
        }
    });
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

fn start_without(function: &mut ImplItemFn, Added { headers, timeout, limits, .. }: &Added) {
    if let Some(Stmt::Expr(Expr::Struct(start), None)) = function.block.stmts.last_mut() {
        start.fields.push(parse_quote!(#headers: ::std::default::Default::default()));
        start.fields.push(parse_quote!(#timeout: None));
        start.fields.push(parse_quote!(#limits: None));
    }
}

/// "session_token was not initialized" doesn't say what to do, and "conversion to `:: std :: string :: String`" is
/// the generator's own affair.
fn readable_messages(block: &mut Block, operation: &str) {
    struct Messages<'a>(&'a str);
    impl VisitMut for Messages<'_> {
        fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
            let text = literal.value();
            let better = if let Some(parameter) = text.strip_suffix(" was not initialized") {
                format!("{}: `{parameter}` is required: set it with `.{parameter}(…)`", self.0)
            } else if let Some((_, rest)) = text.split_once("conversion to `").filter(|(before, _)| before.is_empty()) {
                let Some((ty, rest)) = rest.split_once("` for ") else { return };
                let Some(parameter) = rest.split(" failed").next() else { return };
                let ty = ty.replace(' ', "");
                let ty = ty.rsplit("::").next().unwrap_or(&ty).to_owned();
                format!("{}: the value given to `.{parameter}(…)` can't be made a `{ty}`", self.0)
            } else {
                return;
            };
            *literal = LitStr::new(&better, literal.span());
        }
    }
    Messages(operation).visit_block_mut(block);
}

fn polish_send(block: &mut Block, added: &Added) {
    let statements = std::mem::take(&mut block.stmts);
    let mut parameters: Vec<String> = Vec::new();
    for mut statement in statements {
        if let Some(url) = safe_url(&statement) {
            block.stmts.push(url);
            continue;
        }
        if is_undocumented_header(&statement) {
            continue;
        }
        parameters.extend(checked_headers(&mut statement));
        let Added { headers, timeout, limits, .. } = added;
        if is_request(&statement) {
            Methods.visit_stmt_mut(&mut statement);
            block.stmts.push(parse_quote!(let #limits = #limits.unwrap_or(client.limits);));
            block.stmts.push(parse_quote! {
                #headers.add_to(&mut header_map, &[#(#parameters),*]).map_err(Error::InvalidRequest)?;
            });
            block.stmts.push(statement);
            block.stmts.push(parse_quote!(*request.timeout_mut() = #timeout;));
            continue;
        }
        destructured(&mut statement, added);
        block.stmts.push(statement);
    }
}

/// `let Self { client, … } = self;` has to name the new fields too.
fn destructured(statement: &mut Stmt, added: &Added) {
    if let Stmt::Local(Local { pat: Pat::Struct(pattern), .. }) = statement {
        let Added { headers, timeout, limits, .. } = added;
        let whole: syn::Pat = parse_quote!(Self { #headers, #timeout, #limits });
        if let Pat::Struct(added) = whole {
            pattern.fields.extend(added.fields);
        }
    }
}

/// `format!("{}/v1/im/{}/info", client.baseurl, encode_path(&id.to_string()))` lets an id of `..` change the path, and
/// one with a backslash too. `support::url` refuses the one and encodes the other.
fn safe_url(statement: &Stmt) -> Option<Stmt> {
    let Stmt::Local(Local { pat, init: Some(init), .. }) = statement else { return None };
    let Expr::Macro(format) = init.expr.as_ref() else { return None };
    if !format.mac.path.is_ident("format") {
        return None;
    }
    let arguments = format.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    let mut arguments = arguments.into_iter();
    let template: LitStr = syn::parse2(arguments.next()?.to_token_stream()).ok()?;
    let base = arguments.next()?;
    let template = template.value();
    let constants = template.split("{}").skip(1);
    let parameters = arguments.filter_map(|argument| {
        let Expr::Call(call) = argument else { return None };
        let Expr::Reference(value) = call.args.first()? else { return None };
        let Expr::MethodCall(to_string) = value.expr.as_ref() else { return None };
        let (name, value) = (to_string.receiver.to_token_stream().to_string(), value.expr.clone());
        Some(quote!((#name, #value)))
    });
    Some(parse_quote! {
        let #pat = support::url(&#base, &[#(#constants),*], &[#(#parameters),*]).map_err(Error::InvalidRequest)?;
    })
}

/// The generated code sends `api-version` with every call. No operation of the spec names it.
fn is_undocumented_header(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    call.method == "append"
        && call.args.first().is_some_and(|name| name.to_token_stream().to_string().contains("\"api-version\""))
}

/// A header parameter's value that can't be a header gives an error that doesn't name the header, and a token is an
/// ordinary value that every log of headers prints. Returns the headers' names.
fn checked_headers(statement: &mut Stmt) -> Vec<String> {
    struct Headers(Vec<String>);
    impl VisitMut for Headers {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            let Expr::MethodCall(call) = &*expression else { return };
            if call.method != "append" || call.args.len() != 2 {
                return;
            }
            let Some(name) = call.args.first().and_then(|name| syn::parse2::<LitStr>(name.to_token_stream()).ok())
            else {
                return;
            };
            let Some(Expr::Try(value)) = call.args.last() else { return };
            let Expr::MethodCall(try_into) = value.expr.as_ref() else { return };
            let (map, value, secret) = (&call.receiver, &try_into.receiver, is_secret(&name.value()));
            self.0.push(name.value());
            *expression = parse_quote!(support::insert_header(&mut #map, #name, &#value, #secret).map_err(Error::InvalidRequest)?);
        }
    }
    let mut headers = Headers(Vec::new());
    headers.visit_stmt_mut(statement);
    headers.0
}

/// reqwest has no functions for OPTIONS and TRACE.
struct Methods;

impl VisitMut for Methods {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let name = call.method.to_string();
        let of_client = call.receiver.to_token_stream().to_string() == "client . client";
        if of_client && matches!(name.as_str(), "options" | "trace") {
            let method = ident(&name.to_uppercase());
            call.method = ident("request");
            call.args.insert(0, parse_quote!(::reqwest::Method::#method));
        }
    }
}

/// `#[allow(unused_mut)] let mut request = client.client.post(url)…build()?;`
fn is_request(statement: &Stmt) -> bool {
    let Stmt::Local(Local { init: Some(init), .. }) = statement else { return false };
    let Expr::Try(build) = init.expr.as_ref() else { return false };
    matches!(build.expr.as_ref(), Expr::MethodCall(call) if call.method == "build")
}
