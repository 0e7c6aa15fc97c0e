//! What types hold that may cost them `Send`, `Sync`, `Unpin` or unwind safety.
//!
//! The compiler gives these traits to a type if all it holds has them, private fields too, and nothing in the code says so.
//! To know it for every type of every crate takes the compiler; what is known here are the types that generated models
//! are made of. Whatever else a type comes to hold is suspected.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::VisitMut as _;
use syn::{Fields, Item};

use crate::modules::{Modules, Target, joined};
use crate::names::{Public, Style, Writer};

/// Types of other crates that have all auto traits, if what they hold has.
const SOUND: &[&str] = &[
    "bool",
    "char",
    "f32",
    "f64",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "chrono::DateTime",
    "chrono::NaiveDate",
    "chrono::NaiveTime",
    "chrono::offset::Utc",
    "chrono::Utc",
    "serde_json::Map",
    "serde_json::Value",
    "serde_json::value::Value",
    "std::borrow::Cow",
    "std::boxed::Box",
    "std::collections::BTreeMap",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::net::IpAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::num::NonZeroU32",
    "std::num::NonZeroU64",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
    "uuid::Uuid",
];

/// What each type holds, by the path of its definition.
#[derive(Debug)]
pub(super) struct Holdings(BTreeMap<String, BTreeSet<String>>);

impl Holdings {
    pub(super) fn new(modules: &Modules, public: &Public) -> Self {
        let mut direct = BTreeMap::new();
        for (module, content) in modules.iter() {
            for item in &content.items {
                let (name, generics, fields): (_, _, Vec<&Fields>) = match item {
                    Item::Struct(item) => (&item.ident, &item.generics, vec![&item.fields]),
                    Item::Enum(item) => {
                        (&item.ident, &item.generics, item.variants.iter().map(|variant| &variant.fields).collect())
                    }
                    _ => continue,
                };
                let mut writer = Writer::new(modules, public, module, Style::Full);
                writer.enter(generics);
                let mut held = BTreeSet::new();
                for field in fields.into_iter().flatten() {
                    let mut ty = field.ty.clone();
                    writer.visit_type_mut(&mut ty);
                    held.extend(pointers(&mut ty));
                }
                direct.insert(joined(module, &name.to_string()), (std::mem::take(&mut writer.seen), held));
            }
        }
        Self(direct.keys().map(|name| (name.clone(), reached(name, &direct))).collect())
    }

    pub(super) fn of(&self, definition: &str) -> BTreeSet<String> {
        self.0.get(definition).cloned().unwrap_or_default()
    }
}

/// All that is suspected in a type, through every type that it holds.
fn reached(name: &str, direct: &BTreeMap<String, (Vec<Target>, BTreeSet<String>)>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::from([name.to_owned()]);
    let mut open = vec![name.to_owned()];
    while let Some((targets, pointers)) = open.pop().and_then(|name| direct.get(&name)) {
        found.extend(pointers.iter().cloned());
        for target in targets {
            match target {
                Target::Internal(definition, _) => {
                    // Any order will do, but each is looked at once.
                    if direct.contains_key(definition) && seen.insert(definition.clone()) {
                        open.push(definition.clone());
                    }
                }
                Target::External(path) => {
                    let path = path.join("::");
                    if !SOUND.contains(&path.as_str()) {
                        found.insert(path);
                    }
                }
            }
        }
    }
    found
}

/// Types without a name of their own that lack an auto trait.
fn pointers(ty: &mut syn::Type) -> BTreeSet<String> {
    struct Finder(BTreeSet<String>);
    impl syn::visit_mut::VisitMut for Finder {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            let found = match ty {
                syn::Type::Reference(reference) if reference.mutability.is_some() => Some("&mut"),
                syn::Type::Ptr(_) => Some("*"),
                syn::Type::TraitObject(_) => Some("dyn"),
                _ => None,
            };
            self.0.extend(found.map(str::to_owned));
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut finder = Finder(BTreeSet::new());
    finder.visit_type_mut(ty);
    finder.0
}
