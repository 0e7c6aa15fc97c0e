//! Stages **generate**, **polish** and **print**: progenitor turns the shaped document into Rust, which is polished and
//! printed. What it doesn't take, or doesn't come back from, [`blame`](super::blame) finds the operations and schemas of.

use std::collections::BTreeSet;
use std::thread;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use syn::Item;

use crate::apart;
use crate::blame;
use crate::failure::Failure;
use crate::generator::{Product, STACK};
use crate::polish::{self, Polish};
use crate::shape::Shaped;

/// Seconds that progenitor may take for a document. A thousand operations take 3 of them in a debug build.
const SECONDS: u64 = 60;

/// The Rust code as text, without headers.
#[derive(Debug)]
pub(crate) struct Code {
    /// The client.
    pub client: String,
    /// The typed mocks.
    pub mocks: String,
}

/// Makes the client and its mocks, each on a thread of its own.
///
/// # Errors
/// What the generator doesn't take.
pub(crate) fn make(shaped: &Shaped, mut client: polish::Client, mut mocks: polish::Mocks) -> Result<Code, Failure> {
    thread::scope(|scope| {
        let on_a_thread = || thread::Builder::new().stack_size(STACK);
        let failed = |error: &dyn std::fmt::Display| Failure::Other(format!("its thread can't be run: {error}"));
        let mocks = on_a_thread()
            .spawn_scoped(scope, || printed(generated(Product::Mocks, &shaped.mocks)?, &mut mocks))
            .map_err(|error| failed(&error))?;
        let client = on_a_thread()
            .spawn_scoped(scope, || printed(generated(Product::Client, &shaped.client)?, &mut client))
            .map_err(|error| failed(&error))?;
        let [client, mocks] =
            [client.join(), mocks.join()].map(|text| text.unwrap_or_else(|_| Err(failed(&"it panicked"))));
        Ok(Code { client: client?, mocks: mocks? })
    })
}

/// Parses, polishes and prints one file.
fn printed(tokens: TokenStream, polish: &mut dyn Polish) -> Result<String, Failure> {
    let parsed = syn::parse2::<syn::File>(tokens);
    let mut file = parsed.map_err(|error| Failure::Other(format!("what it generated is not Rust: {error}")))?;
    let twice = declared_twice(&file.items);
    if !twice.is_empty() {
        return Err(Failure::Clash(twice));
    }
    polish_module(&mut Vec::new(), &mut file.items, polish);
    polish::plain_docs(&mut file);
    polish::short_names(&mut file);
    Ok(prettyplease::unparse(&file))
}

fn polish_module(path: &mut Vec<String>, items: &mut Vec<Item>, polish: &mut dyn Polish) {
    let mut done = Vec::with_capacity(items.len());
    // Items between two modules; a module is polished by its own path.
    let mut between = Vec::new();
    for item in std::mem::take(items) {
        let Item::Mod(mut module) = item else {
            between.push(item);
            continue;
        };
        polish.items(path, &mut between);
        done.append(&mut between);
        path.push(module.ident.to_string());
        let content = module.content.as_mut().map(|(_, content)| std::mem::take(content));
        polish.module(path, &mut module);
        if let (Some(mut content), Some((_, polished))) = (content, &mut module.content) {
            polish_module(path, &mut content, polish);
            polished.append(&mut content);
        }
        path.pop();
        done.push(Item::Mod(module));
    }
    polish.items(path, &mut between);
    done.append(&mut between);
    *items = done;
}

/// The names that two types of the file's `mod types` have.
fn declared_twice(items: &[Item]) -> Vec<String> {
    let types = items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let mut seen = BTreeSet::new();
    let names = types.into_iter().flatten().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    });
    names.filter(|name| !seen.insert(name.clone())).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What progenitor makes of `document`.
///
/// # Errors
/// What it doesn't take.
fn generated(product: Product, document: &OpenAPI) -> Result<TokenStream, Failure> {
    apart::tokens(product, document, SECONDS).map_err(|reason| {
        blame::blame(document, reason, &|document, seconds| apart::tokens(product, document, seconds).err())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn messages(document: Value) -> Vec<String> {
        let document = serde_json::from_value(document).unwrap();
        match generated(Product::Client, &document) {
            Ok(_) => Vec::new(),
            Err(Failure::Clash(names)) => names,
            Err(Failure::Other(reason)) => vec![reason],
            Err(Failure::Refused(refused) | Failure::Lost(refused)) => {
                refused.into_iter().map(|refusal| format!("{:?}: {}", refusal.part, refusal.reason)).collect()
            }
        }
    }

    #[test]
    fn types_of_one_name_are_found() {
        let file: syn::File = syn::parse_quote! {
            pub(crate) mod other { pub struct A; pub struct A; }
            pub(crate) mod types {
                #[derive(Clone)]
                pub(crate) struct A(pub u8);
                impl A { fn f() {} }
                pub(crate) enum B { A, C }
                pub type A = u8;
                pub(crate) struct C { a: A }
                pub(crate) mod builder { pub struct C {} }
                enum B {}
            }
        };
        assert_eq!(declared_twice(&file.items), ["A", "B"]);
    }

    #[test]
    fn a_panic_of_the_generator_names_each_operation_to_blame() {
        let responses = json!({"200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
            "204": {"description": ""}});
        assert_eq!(
            messages(json!({"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {
                "/a": {"get": {"operationId": "a", "responses": responses}, "put": {"operationId": "b", "responses": {"204": {"description": ""}}}},
                "/c": {"get": {"operationId": "c", "responses": responses}}
            }})),
            [
                "Operation { path: \"/a\", method: \"get\" }: assertion failed: response_types.len() <= 1",
                "Operation { path: \"/c\", method: \"get\" }: assertion failed: response_types.len() <= 1",
            ]
        );
    }

    #[test]
    fn a_schema_to_blame_is_named_too() {
        let found = messages(json!({"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {},
            "components": {"schemas": {"Fine": {"type": "string"}, "Odd": {"type": "string", "enum": ["a", "A"]}}}}));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("Schema(\"Odd\"): "), "{found:?}");
    }
}
