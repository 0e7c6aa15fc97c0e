//! Request bodies that progenitor has no word for. It was given bytes in their place (see `shape/bodies.rs`).

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Fields, ImplItemFn, ItemStruct, Local, Stmt, parse_quote};

use super::optional::of_result;
use crate::traits::Traits;

/// A body that may be left out was one with nothing in it, or had to be given: the builder holds an `Option`.
pub(super) fn optional_field(builder: &mut ItemStruct) {
    for field in builder.fields.iter_mut().filter(|field| field.ident.as_ref().is_some_and(|name| name == "body")) {
        if let Some(inner) = of_result(&field.ty) {
            field.ty = parse_quote!(Result<::std::option::Option<#inner>, String>);
        }
    }
}

/// … sets it, and sends it where it is set.
pub(super) fn optional_function(function: &mut ImplItemFn) {
    match function.sig.ident.to_string().as_str() {
        "new" => {
            if let Some(Stmt::Expr(Expr::Struct(start), None)) = function.block.stmts.last_mut() {
                for field in
                    start.fields.iter_mut().filter(|field| field.member.to_token_stream().to_string() == "body")
                {
                    field.expr = parse_quote!(Ok(None));
                }
            }
        }
        "body" => {
            if let Some(Stmt::Expr(Expr::Assign(assign), _)) = function.block.stmts.first_mut() {
                let value = &assign.right;
                *assign.right = parse_quote!(#value.map(Some));
            }
        }
        "body_map" => {
            if let Some(Stmt::Expr(Expr::Assign(assign), _)) = function.block.stmts.first_mut() {
                *assign.right = parse_quote!(self.body.map(|body| Some(f(body.unwrap_or_default()))));
            }
        }
        "send" => OptionalBody.visit_block_mut(&mut function.block),
        _ => {}
    }
}

/// A form of pairs has no lists and objects to serde; OpenAPI says how they are written.
pub(super) fn pairs_of_form(block: &mut Block) {
    struct Forms;
    impl VisitMut for Forms {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "form_urlencoded"
                && let Some(body) = call.args.first_mut()
            {
                *body = parse_quote!(&support::pairs(#body));
            }
        }
    }
    Forms.visit_block_mut(block);
}

struct OptionalBody;

impl VisitMut for OptionalBody {
    /// `let body = body.and_then(|v| …).map_err(…)?` makes what is sent of a builder.
    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        struct Conversion;
        impl VisitMut for Conversion {
            fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
                visit_mut::visit_expr_method_call_mut(self, call);
                if call.method == "and_then"
                    && let Some(Expr::Closure(conversion)) = call.args.first_mut()
                {
                    let (inputs, body) = (&conversion.inputs, &conversion.body);
                    *conversion = parse_quote!(|body| body.map(|#inputs| #body).transpose());
                }
            }
        }
        if local.pat.to_token_stream().to_string() == "body" {
            Conversion.visit_local_mut(local);
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let (receiver, some): (&Expr, Expr) = match &*expression {
            Expr::MethodCall(call) if call.method == "json" => (&call.receiver, parse_quote!(request.json(body))),
            Expr::Try(tried) => match tried.expr.as_ref() {
                Expr::MethodCall(call) if call.method == "form_urlencoded" => {
                    (&call.receiver, parse_quote!(request.form_urlencoded(body)?))
                }
                _ => return,
            },
            _ => return,
        };
        *expression = parse_quote!({
            let request = #receiver;
            match &body { Some(body) => #some, None => request }
        });
    }
}

/// The builder of an operation with `multipart/form-data` holds a form.
pub(super) fn form_field(builder: &mut ItemStruct) {
    if let Fields::Named(fields) = &mut builder.fields {
        for field in fields.named.iter_mut().filter(|field| field.ident.as_ref().is_some_and(|name| name == "body")) {
            field.ty = parse_quote!(Result<::reqwest::multipart::Form, String>);
        }
    }
}

/// … and takes one.
pub(super) fn form_setter(function: &mut ImplItemFn) {
    *function = parse_quote! {
        pub fn body(mut self, value: ::reqwest::multipart::Form) -> Self {
            self.body = Ok(value);
            self
        }
    };
}

/// Sends the documented content type instead of the nearest that progenitor knows, and forms as forms.
pub(super) fn content_type(block: &mut Block, traits: &Traits) {
    if traits.content_type.is_some() || traits.multipart {
        Bodies(traits).visit_block_mut(block);
    }
}

struct Bodies<'a>(&'a Traits);

impl VisitMut for Bodies<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else { return };
        let header = |content_type: &str, receiver: &Expr| -> Expr {
            parse_quote! {
                #receiver.header(
                    ::reqwest::header::CONTENT_TYPE,
                    ::reqwest::header::HeaderValue::from_static(#content_type),
                )
            }
        };
        match (call.method.to_string().as_str(), &self.0.content_type) {
            // reqwest sets the type of JSON only where there is none yet.
            ("json", Some(content_type)) => *call.receiver = header(content_type, &call.receiver),
            ("body", content_type) => {
                let Some(before) = before_content_type(&call.receiver) else { return };
                if self.0.multipart {
                    *expression = parse_quote!(#before.multipart(body));
                } else if let Some(content_type) = content_type {
                    *call.receiver = header(content_type, &before);
                }
            }
            _ => {}
        }
    }
}

/// What stands before `.header(CONTENT_TYPE, …)`.
fn before_content_type(receiver: &Expr) -> Option<Expr> {
    let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = receiver else { return None };
    let Some(Expr::Path(name)) = args.first() else { return None };
    let is_type = name.path.segments.last().is_some_and(|segment| segment.ident == "CONTENT_TYPE");
    (method == "header" && is_type).then(|| receiver.as_ref().clone())
}
