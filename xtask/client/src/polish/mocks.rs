//! The typed mocks for httpmock.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemTrait, TraitItem, Type, parse_quote};

use xtask_spec::path_template::PathTemplate;

use super::docs::with_docs;
use super::names::take_marks_off;
use super::{Polish, mock_bodies};
use crate::rust_name::{pascal, snake};
use crate::shape::Shaped;
use crate::traits::Traits;

/// What the mocks have to know of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Its method, in capitals.
    pub method: String,
    /// Its path template.
    pub path: String,
}

impl Operation {
    /// The path parameter whose method is called `name`.
    fn parameter(&self, name: &str) -> Option<String> {
        PathTemplate::of(&self.path).names.into_iter().find(|parameter| snake(parameter) == name)
    }
}

/// The edits of the typed mocks.
#[derive(Debug)]
pub(crate) struct Mocks {
    marked: bool,
    base: String,
    /// The document's operations, by the name of their function.
    operations: BTreeMap<String, Operation>,
    /// The function and the part (`when` or `then`) that each wrapper, such as `V1ImIdInfoGetWhen`, belongs to.
    wrappers: BTreeMap<String, (String, &'static str)>,
    /// What is known of operations, by the name of their function.
    traits: BTreeMap<String, Traits>,
}

impl Mocks {
    /// The edits for the mocks of this document; `base` is the path of the base URL.
    #[must_use]
    pub(crate) fn new(shaped: &Shaped, base: &str) -> Self {
        let mut operations = BTreeMap::new();
        let mut wrappers = BTreeMap::new();
        for (path, item) in shaped.mocks.paths.iter().filter_map(|(path, item)| Some((path, item.as_item()?))) {
            for (method, operation) in item.iter() {
                let function = snake(operation.operation_id.as_deref().unwrap_or_default());
                for part in ["when", "then"] {
                    wrappers.insert(pascal(&format!("{function}-{part}")), (function.clone(), part));
                }
                operations.insert(function, Operation { method: method.to_uppercase(), path: path.clone() });
            }
        }
        let traits = shaped.operations.clone();
        Self { marked: shaped.marked, base: base.to_owned(), operations, wrappers, traits }
    }
}

impl Polish for Mocks {
    fn module(&mut self, _: &[String], _: &mut ItemMod) {}

    fn items(&mut self, path: &[String], items: &mut Vec<Item>) {
        if self.marked {
            take_marks_off(items);
        }
        for item in items.iter_mut() {
            match item {
                Item::Struct(wrapper) => {
                    let text = self.docs_of_wrapper(&wrapper.ident.to_string());
                    with_docs(&mut wrapper.attrs, || text);
                }
                Item::Impl(block) if path.len() == 1 => self.polish_wrapper(block),
                Item::Use(import) => import.attrs.push(parse_quote!(#[allow(unused_imports)])),
                Item::Trait(extension) => {
                    self.docs_of_extension(extension);
                    seal(extension);
                }
                _ => {}
            }
        }
        // Once in the file: beside the one trait there is.
        if path.is_empty() && items.iter().any(|item| matches!(item, Item::Trait(_))) {
            in_one_place(items);
            items.push(sealed());
            items.push(json_answer());
            items.extend(path_patterns(&self.base));
        }
    }
}

impl Mocks {
    /// The operation that a wrapper such as `V1ImIdInfoGetWhen` belongs to, and which of the two it is.
    fn operation_of(&self, wrapper: &str) -> Option<(&Operation, &'static str)> {
        let (function, part) = self.wrappers.get(wrapper)?;
        Some((self.operations.get(function)?, part))
    }

    fn docs_of_wrapper(&self, name: &str) -> String {
        match self.operation_of(name) {
            Some((operation, "when")) => {
                format!("What a request of `{} {}` has to be for the mock to answer.", operation.method, operation.path)
            }
            Some((operation, _)) => format!("What the mock answers to `{} {}`.", operation.method, operation.path),
            None => format!("`{name}`."),
        }
    }

    fn polish_wrapper(&self, block: &mut ItemImpl) {
        let Type::Path(path) = block.self_ty.as_ref() else { return };
        let Some(wrapper) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { return };
        let Some((operation, part)) = self.operation_of(&wrapper) else { return };
        // A form can't be compared: what stands for it here would match nothing.
        let traits = self.wrappers.get(&wrapper).and_then(|(function, _)| self.traits.get(function));
        let traits = traits.cloned().unwrap_or_default();
        if part == "when" && traits.multipart {
            block.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "body"));
        }
        for item in &mut block.items {
            let ImplItem::Fn(function) = item else { continue };
            let name = function.sig.ident.to_string();
            if part == "when" {
                exact_path(&mut function.block, operation, &name);
                lists_as_they_are_sent(function);
                mock_bodies::expected(function, &traits);
            } else {
                mock_bodies::answered(function, &traits);
            }
            values_by_reference(function);
            JsonAnswers.visit_block_mut(&mut function.block);
            with_docs(&mut function.attrs, || match (part, name.as_str()) {
                (_, "new") => format!("Wraps httpmock's own `{part}`."),
                (_, "into_inner") => format!("httpmock's own `{part}`, to go on with what has no type here."),
                ("when", parameter) => format!("`{parameter}` has to be this."),
                (_, "default_response") => "Answers with this status and body.".to_owned(),
                (_, class @ ("informational" | "success" | "redirect" | "client_error" | "server_error")) => {
                    format!("Answers with this status of the class \"{}\".", class.replace('_', " "))
                }
                (_, status) => format!("Answers \"{}\".", status.replace('_', " ")),
            });
        }
    }

    fn docs_of_extension(&self, extension: &mut ItemTrait) {
        for item in &mut extension.items {
            let TraitItem::Fn(function) = item else { continue };
            let name = function.sig.ident.to_string();
            let operation = self.operations.get(&name);
            with_docs(&mut function.attrs, || match operation {
                Some(operation) => format!("Mocks `{} {}`.", operation.method, operation.path),
                None => format!("Mocks `{name}`."),
            });
        }
    }
}

/// The generated mocks match `^/v1/…$`, while a base URL has a path of its own, and they put a path parameter into a
/// pattern as it is, unencoded and unescaped. `path_pattern` does both.
fn exact_path(block: &mut Block, operation: &Operation, function: &str) {
    struct PathMatches<'a>(&'a str, Option<&'a str>);
    impl VisitMut for PathMatches<'_> {
        fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "path_matches" {
                let template = self.0;
                let pattern: Expr = match self.1 {
                    Some(name) => parse_quote!(super::path_pattern(#template, Some((#name, value.to_string())))),
                    None => parse_quote!(super::path_pattern(#template, None)),
                };
                call.args = [pattern].into_iter().collect();
            }
        }
    }
    PathMatches(&operation.path, operation.parameter(function).as_deref()).visit_block_mut(block);
    // `let re = regex::Regex::new(&format!(…)).unwrap();` is of no use any more.
    block.stmts.retain(|statement| !statement.to_token_stream().to_string().contains("regex :: Regex :: new"));
}

/// A list in the query is a parameter for each of its values; the generated code prints the list as a whole, which
/// doesn't compile.
fn lists_as_they_are_sent(function: &mut ImplItemFn) {
    struct Lists;
    impl VisitMut for Lists {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            visit_mut::visit_expr_mut(self, expression);
            let Expr::MethodCall(call) = &*expression else { return };
            if call.method == "query_param" {
                let (when, name) = (&call.receiver, call.args.first());
                *expression = parse_quote! {
                    value.iter().fold(#when, |when, value| when.query_param(#name, value.to_string()))
                };
            }
        }
    }
    if function.sig.to_token_stream().to_string().contains("vec :: Vec <") {
        Lists.visit_block_mut(&mut function.block);
    }
}

/// A body is given to httpmock by reference to what has a size, also where its type is small enough to be passed by value,
/// or is `&str`.
fn values_by_reference(function: &mut ImplItemFn) {
    struct ByReference;
    impl VisitMut for ByReference {
        fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "json_body_obj" {
                let value: Expr = parse_quote!(&value);
                call.args = [value].into_iter().collect();
            }
        }
    }
    let by_value = function.sig.inputs.iter().any(|input| {
        matches!(input, FnArg::Typed(input) if input.pat.to_token_stream().to_string() == "value"
            && (!matches!(*input.ty, Type::Reference(_)) || input.ty.to_token_stream().to_string() == "& str"))
    });
    if by_value {
        ByReference.visit_block_mut(&mut function.block);
    }
}

/// Nobody but `MockServer` may implement the extension: else each operation that a new version of the spec adds would be
/// a method that somebody's implementation lacks, and so break them.
fn seal(extension: &mut ItemTrait) {
    extension.supertraits.push(parse_quote!(sealed::Sealed));
}

/// The functions of the extension stood twice in the file, in the trait and in its one implementation: here the trait has
/// their bodies.
fn in_one_place(items: &mut [Item]) {
    let mut bodies: BTreeMap<String, Block> = BTreeMap::new();
    for item in items.iter_mut() {
        let Item::Impl(block) = item else { continue };
        for item in block.items.drain(..).filter(|_| block.trait_.is_some()) {
            if let ImplItem::Fn(function) = item {
                bodies.insert(function.sig.ident.to_string(), function.block);
            }
        }
    }
    for item in items {
        let Item::Trait(extension) = item else { continue };
        for item in &mut extension.items {
            let TraitItem::Fn(function) = item else { continue };
            let name = function.sig.ident.to_string();
            let Some(mut body) = bodies.remove(&name) else { continue };
            OfServer.visit_block_mut(&mut body);
            function.default = Some(body);
            function.semi_token = None;
        }
    }
}

/// `self.mock(…)` is `self.server().mock(…)` in the trait.
struct OfServer;

impl VisitMut for OfServer {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "mock" && call.receiver.to_token_stream().to_string() == "self" {
            *call.receiver = parse_quote!(self.server());
        }
    }
}

/// What [`seal`] seals with.
fn sealed() -> Item {
    parse_quote! {
        mod sealed {
            pub trait Sealed {
                fn server(&self) -> &::httpmock::MockServer;
            }
            impl Sealed for ::httpmock::MockServer {
                fn server(&self) -> &::httpmock::MockServer {
                    self
                }
            }
        }
    }
}

/// `self.0.status(200).header("content-type", "application/json").json_body_obj(value)`, most answers of all operations.
struct JsonAnswers;

impl VisitMut for JsonAnswers {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(body) = &*expression else { return };
        let Expr::MethodCall(header) = body.receiver.as_ref() else { return };
        let Expr::MethodCall(status) = header.receiver.as_ref() else { return };
        let is_json = header.args.to_token_stream().to_string() == r#""content-type" , "application/json""#;
        if body.method == "json_body_obj" && header.method == "header" && is_json && status.method == "status" {
            let (then, status, value) = (&status.receiver, &status.args, &body.args);
            *expression = parse_quote!(super::json(#then, #status, #value));
        }
    }
}

fn json_answer() -> Item {
    parse_quote! {
        #[allow(dead_code)]
        fn json(then: ::httpmock::Then, status: u16, value: &impl ::serde::Serialize) -> ::httpmock::Then {
            then.status(status).header("content-type", "application/json").json_body_obj(value)
        }
    }
}

fn path_patterns(base: &str) -> [Item; 2] {
    [
        parse_quote! {
            /// The path of the base URL that these mocks expect: a client of a mock server is
            /// `Client::new(&server.url(BASE_PATH))`.
            pub const BASE_PATH: &str = #base;
        },
        parse_quote! {
            /// A pattern for the paths of `template` below [`BASE_PATH`]; `given` is a path parameter and its value,
            /// any other may be anything but empty.
            #[allow(dead_code)]
            fn path_pattern(template: &str, given: Option<(&str, String)>) -> String {
                let mut pattern = String::from("^");
                let mut rest = template;
                pattern.push_str(&regex::escape(BASE_PATH));
                while let Some((constant, after)) = rest.split_once('{') {
                    pattern.push_str(&regex::escape(constant));
                    let (name, after) = after.split_once('}').unwrap_or((after, ""));
                    match &given {
                        Some((parameter, value)) if *parameter == name => {
                            pattern.push_str(&regex::escape(&super::support::encoded(value)));
                        }
                        _ => pattern.push_str("[^/]+"),
                    }
                    rest = after;
                }
                pattern.push_str(&regex::escape(rest));
                pattern.push('$');
                pattern
            }
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_finds_its_path_parameter_by_its_name_in_rust() {
        let operation = Operation { method: "GET".into(), path: "/a/{userId}/{b}-{c}".into() };
        assert_eq!(operation.parameter("user_id").as_deref(), Some("userId"));
        assert_eq!(operation.parameter("c").as_deref(), Some("c"));
        assert_eq!(operation.parameter("d"), None);
    }
}
