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
use super::{bodies, calls, responses, setters};
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
                polish_send(&mut function.block, added, &traits.composed);
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

fn polish_send(block: &mut Block, added: &Added, composed: &[String]) {
    let options = &added.options;
    let mut headers: Vec<String> = Vec::new();
    // progenitor calls the hooks around each request in six lines; `support::run` does it in one place.
    let mut hooks = None;
    for mut statement in std::mem::take(&mut block.stmts) {
        if let Some(url) = safe_url(&statement) {
            block.stmts.push(url);
        } else if is_undocumented_header(&statement) {
        } else if is_request(&statement) {
            let mut request = Request { without_headers: headers.is_empty() };
            request.visit_stmt_mut(&mut statement);
            if headers.is_empty() {
                block.stmts.retain(|statement| !declares(statement, "header_map"));
            }
            let Stmt::Local(Local { init: Some(init), .. }) = &statement else { continue };
            let Expr::Try(built) = init.expr.as_ref() else { continue };
            let Expr::MethodCall(build) = built.expr.as_ref() else { continue };
            let request = &build.receiver;
            block.stmts.push(parse_quote!(let body_limits = #options.body_limits.unwrap_or(client.limits);));
            block.stmts.push(parse_quote!(let request = #request;));
            if !composed.is_empty() {
                block.stmts.push(parse_quote!(let request = support::composed(request, &[#(#composed),*])?;));
            }
            hooks = Some(headers.clone());
        } else if let Some(headers) = &hooks {
            if let Some(id) = calls::operation_id(&statement) {
                block.stmts.push(parse_quote! {
                    let response = support::run(client, #id, request, #options, &[#(#headers),*]).await?;
                });
            } else if !matches!(&statement, Stmt::Local(_)) && !is_hook(&statement) {
                block.stmts.push(statement);
            }
        } else {
            headers.extend(checked_headers(&mut statement));
            built_bodies(&mut statement);
            destructured(&mut statement, added);
            block.stmts.push(statement);
        }
    }
}

/// `client.pre(&mut request, &info).await?;`
fn is_hook(statement: &Stmt) -> bool {
    let text = statement.to_token_stream().to_string();
    text.starts_with("client . pre (") || text.starts_with("client . post (")
}

fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(Local { pat: Pat::Ident(pattern), .. }) if pattern.ident == name)
}

/// `let Self { client, … } = self;` has to name the new field too, and the client is another one.
fn destructured(statement: &mut Stmt, Added { options, .. }: &Added) {
    if let Stmt::Local(Local { pat: Pat::Struct(pattern), .. }) = statement {
        let own = pattern.fields.iter().filter(|field| field.to_token_stream().to_string() != "client");
        let whole: syn::Pat = parse_quote!(Self { client: _, #(#own,)* #options });
        if let Pat::Struct(whole) = whole {
            *pattern = whole;
        }
    }
}

/// `body.and_then(|v| types::Room::try_from(v).map_err(|e| e.to_string())).map_err(Error::InvalidRequest)?`
fn built_bodies(statement: &mut Stmt) {
    struct Built;
    impl VisitMut for Built {
        fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            let Some(Expr::Closure(closure)) = call.args.first() else { return };
            let text = closure.body.to_token_stream().to_string();
            let Some((ty, _)) = text.split_once(" :: try_from (v)").filter(|_| call.method == "and_then") else {
                return;
            };
            let ty = ty.trim_start_matches(['{', ' ']);
            if let Ok(ty) = syn::parse_str::<Type>(ty) {
                let built: Expr = parse_quote!(support::built::<_, #ty>);
                call.args = Punctuated::from_iter([built]);
            }
        }
    }
    Built.visit_stmt_mut(statement);
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
        let #pat = support::url(&#base, &[#(#constants),*], &[#(#parameters),*])?;
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
            let value = match try_into.receiver.as_ref() {
                Expr::MethodCall(text) if text.method == "to_string" => &text.receiver,
                value => value,
            };
            let (map, secret) = (&call.receiver, is_secret(&name.value()));
            self.0.push(name.value());
            *expression = parse_quote!(support::insert_header(&mut #map, #name, &#value, #secret)?);
        }
    }
    let mut headers = Headers(Vec::new());
    headers.visit_stmt_mut(statement);
    headers.0
}

/// The request, as `client.client.get(url).header(…)….build()?` has it.
struct Request {
    /// There is no `header_map`.
    without_headers: bool,
}

impl VisitMut for Request {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        match expression {
            Expr::MethodCall(call) if call.method == "headers" && self.without_headers => {
                *expression = call.receiver.as_ref().clone();
            }
            // Six lines otherwise.
            Expr::MethodCall(call) if call.method == "header" => {
                let accept =
                    call.args.first().is_some_and(|name| name.to_token_stream().to_string().ends_with("ACCEPT"));
                if let Some(Expr::Call(value)) = call.args.last().filter(|_| accept)
                    && let Some(media_type) = value.args.first()
                {
                    call.args = [parse_quote!("accept"), media_type.clone()].into_iter().collect();
                }
            }
            _ => {}
        }
    }

    /// reqwest has no functions for OPTIONS and TRACE.
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

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.to_token_stream().to_string() == "progenitor_client :: QueryParam :: new" {
            *path = parse_quote!(support::QueryParam::new);
        }
    }
}

/// `#[allow(unused_mut)] let mut request = client.client.post(url)…build()?;`
fn is_request(statement: &Stmt) -> bool {
    let Stmt::Local(Local { init: Some(init), .. }) = statement else { return false };
    let Expr::Try(build) = init.expr.as_ref() else { return false };
    matches!(build.expr.as_ref(), Expr::MethodCall(call) if call.method == "build")
}
