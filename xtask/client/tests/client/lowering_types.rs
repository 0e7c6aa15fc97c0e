//! The lowering of schemas, row by row of the table in `xtask/spec/src/lower.rs`: the Rust type that comes out. That all of
//! it compiles is shown by `standalone.rs`, for the same rows.

use crate::Test;
use crate::support::made;
use std::fs;
use std::path::Path;

use quote::ToTokens as _;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, File, Item, ItemStruct, Type, parse_quote};

#[test]
fn each_row_has_its_rust_type() -> Test {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/rows/rows.json");
    let rows: Value = serde_json::from_str(&fs::read_to_string(fixture)?)?;
    let items = types(&made(&rows)?.client)?;

    let schemas = rows["components"]["schemas"].as_object().ok_or("no schemas")?;
    let mut text = String::new();
    for (name, schema) in schemas.iter().filter(|(name, _)| name.starts_with("Row")) {
        let title = schema["title"].as_str().ok_or("no title")?;
        let row = items.iter().find_map(|item| match item {
            Item::Struct(row) if row.ident == name => Some(row),
            _ => None,
        });
        let value = value_of(row.ok_or_else(|| format!("no {name}"))?).ok_or_else(|| format!("no value in {name}"))?;
        text.push_str(&format!("// {title}\nvalue: {}\n", shortened(&value.to_token_stream().to_string())));
        for item in
            items.iter().filter(|item| name_of(item).is_some_and(|item| item != *name && item.starts_with(name)))
        {
            let file: File = parse_quote!(#item);
            text.push_str(&shortened(&prettyplease::unparse(&file)));
        }
        text.push('\n');
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// What is declared in `mod types`, without what describes, derives or behaves.
fn types(client: &str) -> Test<Vec<Item>> {
    let client = syn::parse_file(client)?;
    let module = client.items.into_iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let (_, items) = module.ok_or("no mod types")?;
    let declared = items.into_iter().filter(|item| name_of(item).is_some());
    Ok(declared
        .map(|mut item| {
            Bare.visit_item_mut(&mut item);
            item
        })
        .collect())
}

fn name_of(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn value_of(row: &ItemStruct) -> Option<&Type> {
    row.fields.iter().find(|field| field.ident.as_ref().is_some_and(|name| name == "value")).map(|field| &field.ty)
}

fn shortened(rust: &str) -> String {
    let path =
        rust.replace(" :: ", "::").replace(":: ", "::").replace(" < ", "<").replace(" >", ">").replace("< ", "<");
    ["::std::option::", "::std::vec::", "::std::string::", "::std::collections::", "types::"]
        .iter()
        .fold(path, |text, prefix| text.replace(prefix, ""))
        .trim_start()
        .to_owned()
}

/// Leaves of attributes only how values are read and written.
struct Bare;

impl VisitMut for Bare {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes
            .retain(|attribute| attribute.path().is_ident("serde") || attribute.path().is_ident("non_exhaustive"));
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Type::Paren(inner) = ty {
            let inner = &inner.elem;
            *ty = parse_quote!(#inner);
        }
    }
}
