//! Request bodies that progenitor has no word for. It was given bytes in their place (see `shape/bodies.rs`).

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Fields, ImplItemFn, ItemStruct, parse_quote};

use crate::traits::Traits;

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
