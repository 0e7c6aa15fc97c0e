//! The modules of the generated code, and what a name in one of them means.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use syn::{Attribute, Item, UseTree, Visibility};

/// How many imports a name is followed through: more than any code has, so that imports in a circle come to an end.
const LONGEST_CHAIN: usize = 32;

/// The same for imports of whole modules, each of which may open several ways.
const LONGEST_CHAIN_OF_GLOBS: usize = 6;

/// A module by its own path from the root of the generated code, such as `client::types`; the root's is empty.
#[derive(Default)]
pub(super) struct Module {
    /// Its items, in their order, but modules.
    pub items: Vec<Item>,
    /// What its names stand for.
    names: HashMap<String, Name>,
    /// The paths of what it imports whole, and whether it exports that.
    pub globs: Vec<Import>,
    /// The features it takes, and other conditions.
    pub conditions: BTreeSet<String>,
    /// Its modules, by name.
    pub modules: Vec<Child>,
    /// What it imports by name.
    pub imports: Vec<(String, Import)>,
}

/// A module in another.
#[derive(Debug)]
pub(super) struct Child {
    pub name: String,
    pub public: bool,
    pub hidden: bool,
}

/// An import.
#[derive(Clone, Debug)]
pub(super) struct Import {
    /// What is imported, as it is written.
    pub path: Vec<String>,
    /// Whether it is exported again.
    pub public: bool,
}

#[derive(Clone, Debug)]
enum Name {
    Module,
    Item,
    Import(Vec<String>),
}

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Something in the generated code, by the path of its definition; and what is named within it, such as a variant.
    Internal(String, Vec<String>),
    /// Something of another crate.
    External(Vec<String>),
}

/// All modules, by their paths.
#[derive(Default)]
pub(super) struct Modules(BTreeMap<String, Module>);

impl Modules {
    /// Reads the root; a module without a body is looked for in `files`.
    pub(super) fn new(root: syn::File, mut files: BTreeMap<String, syn::File>) -> Self {
        let mut modules = Self::default();
        modules.read(String::new(), root.items, BTreeSet::new(), &mut files);
        modules
    }

    fn read(
        &mut self,
        path: String,
        items: Vec<Item>,
        conditions: BTreeSet<String>,
        files: &mut BTreeMap<String, syn::File>,
    ) {
        let mut module = Module { conditions, ..Module::default() };
        for item in items {
            match item {
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    module.names.insert(name.clone(), Name::Module);
                    let mut below = module.conditions.clone();
                    below.extend(conditions_of(&child.attrs));
                    let content = match child.content {
                        Some((_, content)) => content,
                        None => files.remove(&name).map(|file| file.items).unwrap_or_default(),
                    };
                    self.read(joined(&path, &name), content, below, files);
                    let public = is_public(&child.vis);
                    module.modules.push(Child { name, public, hidden: is_hidden(&child.attrs) });
                }
                Item::Use(import) => {
                    let public = is_public(&import.vis);
                    let prefix = if import.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
                    module.import(prefix, import.tree, public);
                }
                item => {
                    if let Some(name) = name_of(&item) {
                        module.names.insert(name, Name::Item);
                    }
                    module.items.push(item);
                }
            }
        }
        self.0.insert(path, module);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Module)> {
        self.0.iter()
    }

    pub(super) fn get(&self, path: &str) -> Option<&Module> {
        self.0.get(path)
    }

    /// What `path` stands for in `module`.
    pub(super) fn resolve(&self, module: &str, path: &[String]) -> Target {
        self.follow(module, path, LONGEST_CHAIN).unwrap_or_else(|| external(path))
    }

    /// `None` where the path leads out of the generated code.
    fn follow(&self, module: &str, path: &[String], depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let mut module = module.to_owned();
        let mut rest = path;
        loop {
            match rest.split_first() {
                Some((first, after)) if first == "crate" => (module, rest) = (String::new(), after),
                Some((first, after)) if first == "self" => rest = after,
                Some((first, after)) if first == "super" => {
                    module = parent(&module)?.to_owned();
                    rest = after;
                }
                _ => break,
            }
        }
        let Some((first, after)) = rest.split_first() else { return Some(Target::Internal(module, Vec::new())) };
        let here = self.get(&module)?;
        match here.names.get(first) {
            Some(Name::Module) if after.is_empty() => Some(Target::Internal(joined(&module, first), Vec::new())),
            Some(Name::Module) => self.follow(&joined(&module, first), after, depth),
            Some(Name::Item) => Some(Target::Internal(joined(&module, first), after.to_vec())),
            Some(Name::Import(path)) => {
                let path = [path.as_slice(), after].concat();
                Some(self.follow(&module, &path, depth).unwrap_or_else(|| external(&path)))
            }
            None => here.globs.iter().find_map(|glob| match self.follow(&module, &glob.path, depth)? {
                Target::Internal(module, within) if within.is_empty() => {
                    self.follow(&module, rest, depth.min(LONGEST_CHAIN_OF_GLOBS))
                }
                // What another crate's glob brings in can't be known.
                _ => None,
            }),
        }
    }
}

impl Module {
    fn import(&mut self, mut prefix: Vec<String>, tree: UseTree, public: bool) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.import(prefix, *path.tree, public);
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                // `use a::{self}` brings in `a`.
                let known = if name == "self" { prefix.last().cloned().unwrap_or_default() } else { name.clone() };
                if name != "self" {
                    prefix.push(name);
                }
                self.bring(known, prefix, public);
            }
            UseTree::Rename(rename) => {
                prefix.push(rename.ident.to_string());
                self.bring(rename.rename.to_string(), prefix, public);
            }
            UseTree::Glob(_) => self.globs.push(Import { path: prefix, public }),
            UseTree::Group(group) => {
                for tree in group.items {
                    self.import(prefix.clone(), tree, public);
                }
            }
        }
    }

    fn bring(&mut self, name: String, path: Vec<String>, public: bool) {
        self.names.insert(name.clone(), Name::Import(path.clone()));
        self.imports.push((name, Import { path, public }));
    }
}

/// `name` in the module `path`.
pub(super) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}

fn parent(path: &str) -> Option<&str> {
    match path.rsplit_once("::") {
        Some((parent, _)) => Some(parent),
        None if path.is_empty() => None,
        None => Some(""),
    }
}

/// What the prelude and the primitive types are called in full, so that `Option` is `::std::option::Option`.
fn external(path: &[String]) -> Target {
    let path = match path.split_first() {
        // A leading `::`.
        Some((first, rest)) if first.is_empty() => rest,
        _ => path,
    };
    let Some((first, rest)) = path.split_first() else { return Target::External(Vec::new()) };
    let module = match first.as_str() {
        "core" | "alloc" => return Target::External([&["std".to_owned()], rest].concat()),
        "String" | "ToString" => "string",
        "Vec" => "vec",
        "Box" => "boxed",
        "Option" => "option",
        "Result" => "result",
        "Clone" => "clone",
        "Copy" | "Send" | "Sync" | "Sized" | "Unpin" => "marker",
        "Debug" => "fmt",
        "Hash" => "hash",
        "Default" => "default",
        "PartialEq" | "Eq" | "PartialOrd" | "Ord" => "cmp",
        "From" | "Into" | "TryFrom" | "TryInto" | "AsRef" | "AsMut" => "convert",
        "FromIterator" | "Iterator" | "IntoIterator" | "Extend" | "DoubleEndedIterator" | "ExactSizeIterator" => "iter",
        "Fn" | "FnMut" | "FnOnce" | "Drop" | "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce" => "ops",
        "ToOwned" => "borrow",
        "Future" | "IntoFuture" => "future",
        _ => return Target::External(path.to_vec()),
    };
    Target::External([&["std".to_owned(), module.to_owned()], path].concat())
}

fn name_of(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Union(item) => item.ident.to_string(),
        _ => return None,
    })
}

pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether it is `#[doc(hidden)]`, and so no part of what anybody may rely on.
pub(super) fn is_hidden(attributes: &[Attribute]) -> bool {
    let mut hidden = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        // What isn't a list is a text of the documentation.
        let _ = attribute.parse_nested_meta(|meta| {
            hidden |= meta.path.is_ident("hidden");
            Ok(())
        });
    }
    hidden
}

/// The conditions of `#[cfg(…)]`, as text.
pub(super) fn conditions_of(attributes: &[Attribute]) -> BTreeSet<String> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    lists.filter_map(|attribute| Some(super::text::tidy(&attribute.meta.require_list().ok()?.tokens))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules() -> Modules {
        let root = syn::parse_quote! {
            mod client;
            pub use client::{Client, types as models};
        };
        let client = syn::parse_quote! {
            pub use outer::Error;
            use super::client::Client as Myself;
            pub struct Client;
            pub mod types {
                use super::*;
                pub enum Kind { A }
            }
            pub mod circle { pub use self::a as b; pub use self::b as a; }
        };
        Modules::new(root, BTreeMap::from([("client".to_owned(), client)]))
    }

    fn found(module: &str, path: &str) -> String {
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        match modules().resolve(module, &path) {
            Target::Internal(definition, rest) => format!("{definition} {}", rest.join("::")).trim_end().to_owned(),
            Target::External(path) => format!("extern {}", path.join("::")),
        }
    }

    #[test]
    fn a_path_is_followed_to_its_definition() {
        for (module, path, expected) in [
            ("", "Client", "client::Client"),
            ("", "models::Kind::A", "client::types::Kind A"),
            ("client", "Myself", "client::Client"),
            ("client::types", "Client", "client::Client"),
            ("client::types", "super::super::Client", "client::Client"),
            ("client::types", "crate::client::types", "client::types"),
            ("client::types", "Error", "extern outer::Error"),
            ("client::types", "self::Kind", "client::types::Kind"),
            ("client", "String", "extern std::string::String"),
            ("client", "::std::string::String", "extern std::string::String"),
            ("client", "core::fmt::Debug", "extern std::fmt::Debug"),
            ("client", "i64", "extern i64"),
            ("client", "::reqwest::Client", "extern reqwest::Client"),
            ("client::circle", "a", "extern self::a"),
        ] {
            assert_eq!(found(module, path), expected, "{path} in {module:?}");
        }
    }
}
