//! Names of the prelude, which typify and progenitor write in full.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, File, Ident, Meta, Path};

/// What every module has without saying so, from the edition of 2021 on.
const PRELUDE: [(&str, &str); 9] = [
    ("convert", "From"),
    ("convert", "TryFrom"),
    ("convert", "TryInto"),
    ("default", "Default"),
    ("option", "Option"),
    ("result", "Result"),
    ("string", "String"),
    ("string", "ToString"),
    ("vec", "Vec"),
];

/// `::std::option::Option<::std::string::String>` is `Option<String>`, unless a type of the file has such a name. A reader
/// sees the type then, and a field fits into its line.
pub(crate) fn short_names(file: &mut File) {
    let mut declared = Declared(BTreeSet::new());
    declared.visit_file_mut(file);
    Short(declared.0).visit_file_mut(file);
}

struct Declared(BTreeSet<String>);

impl VisitMut for Declared {
    fn visit_item_mut(&mut self, item: &mut syn::Item) {
        let name: Option<&Ident> = match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            _ => None,
        };
        self.0.extend(name.map(Ident::to_string));
        visit_mut::visit_item_mut(self, item);
    }
}

struct Short(BTreeSet<String>);

impl Short {
    fn shortened(&self, path: &Path) -> Option<Path> {
        let segments: Vec<String> = path.segments.iter().take(3).map(|segment| segment.ident.to_string()).collect();
        let [root, module, name] = segments.as_slice() else { return None };
        let is_prelude = root == "std" && PRELUDE.contains(&(module, name)) && !self.0.contains(name);
        is_prelude.then(|| Path { leading_colon: None, segments: path.segments.iter().skip(2).cloned().collect() })
    }
}

impl VisitMut for Short {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(short) = self.shortened(path) {
            *path = short;
        }
    }

    /// `<V as std::convert::TryInto<T>>::Error` counts the segments of its trait, and stays as it is.
    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        if ty.qself.is_none() {
            visit_mut::visit_type_path_mut(self, ty);
        }
    }

    /// `#[serde(skip_serializing_if = "::std::option::Option::is_none")]`
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::List(list) = &mut attribute.meta
            && list.path.is_ident("serde")
        {
            let tokens = std::mem::take(&mut list.tokens);
            list.tokens = tokens.into_iter().map(|token| self.token(token)).collect();
        }
    }
}

impl Short {
    fn token(&self, token: proc_macro2::TokenTree) -> proc_macro2::TokenTree {
        let short = match &token {
            proc_macro2::TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
                syn::Lit::Str(text) if text.value().starts_with("::std::") => {
                    text.parse::<Path>().ok().and_then(|path| self.shortened(&path))
                }
                _ => None,
            },
            _ => None,
        };
        match short {
            Some(path) => {
                let text: String = path.to_token_stream().to_string().split(' ').collect();
                proc_macro2::Literal::string(&text).into()
            }
            None => token,
        }
    }
}
