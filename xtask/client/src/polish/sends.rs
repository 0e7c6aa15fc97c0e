//! What a builder's `send` does before there is a response.

use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Ident, LitStr, Local, Pat, Stmt, Token, Type, parse_quote};

use super::calls;
use super::names::is_secret;

/// Polishes the body of a builder's `send`; `options` is the field with what a caller sets for one call, `composed` the query
/// parameters that are texts of several values.
pub(super) fn polish(block: &mut Block, options: &Ident, composed: &[String]) {
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
            destructured(&mut statement, options);
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
fn destructured(statement: &mut Stmt, options: &Ident) {
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
            let method = Ident::new(&name.to_uppercase(), Span::call_site());
            call.method = Ident::new("request", Span::call_site());
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
