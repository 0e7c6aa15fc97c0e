//! What users of the generated code can name, as plain data.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::{Attribute, Token};

use crate::change::Noun;

/// Everything that users can name, in order.
#[derive(Debug, Default)]
pub(super) struct Surface(pub BTreeMap<Key, Entry>);

/// What tells one entry from every other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// Its path, without the crate; for an impl that of its type.
    pub path: String,
    /// Which of the things that may share a path.
    pub space: Space,
    /// For an impl its header in full, else empty.
    pub header: String,
}

/// Names in different spaces don't meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    Type,
    Value,
    Field,
    Variant,
    Method,
    Impl,
}

/// One thing that users can name, or rely on.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub noun: Noun,
    /// What it is part of, and goes with.
    pub parent: Option<Key>,
    /// Its declaration, as a reader would write it.
    pub shown: String,
    pub body: Body,
    /// The features it takes, and other conditions.
    pub conditions: BTreeSet<String>,
    pub deprecated: bool,
    pub must_use: bool,
}

/// What there is to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A type of a field, an impl's associated types, where an export leads: any difference is one.
    Text(String),
    /// A struct, an enum or a variant, without what is in it.
    Type(Head),
    Function(Signature),
    Trait(TraitHead),
    Constant {
        ty: String,
        value: String,
    },
}

/// A struct, an enum or a variant, without what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Its parameters, in full.
    pub generics: String,
    /// `{}`, `()`, nothing, or `enum`.
    pub shape: &'static str,
    /// What `#[repr(…)]` says.
    pub representation: String,
    pub non_exhaustive: bool,
    /// Whether it has fields that users can't name.
    pub private_fields: bool,
    /// Its fields or variants, where their order is what `<` goes by.
    pub order: Vec<String>,
    /// What it holds that may cost it an auto trait.
    pub holds: BTreeSet<String>,
}

impl Head {
    /// Whether it can get a field or variant more without breaking those who list them all.
    pub(super) fn may_grow(&self) -> bool {
        self.non_exhaustive || self.private_fields
    }
}

/// A trait, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TraitHead {
    pub generics: String,
    pub supertraits: BTreeSet<String>,
    pub is_unsafe: bool,
    /// Whether nobody else can implement it.
    pub sealed: bool,
    /// Whether there is `dyn` of it, as far as its own items go.
    pub dyn_compatible: bool,
}

/// How a function is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    /// `async`, `unsafe`, `extern "C"`.
    pub qualifiers: String,
    pub is_const: bool,
    /// The parameters in `<…>`, in full.
    pub generics: Vec<String>,
    /// The types of its arguments, its receiver first.
    pub arguments: Vec<String>,
    pub output: String,
    /// What its parameters have to be.
    pub bounds: BTreeSet<String>,
    /// For a function of a trait: whether who implements it may leave it out.
    pub default: bool,
}

/// An entry without conditions or warnings.
pub(super) fn plain(noun: Noun, parent: Option<Key>, shown: String, body: Body) -> Entry {
    Entry { noun, parent, shown, body, conditions: BTreeSet::new(), deprecated: false, must_use: false }
}

/// The key of what isn't an impl.
pub(super) fn key(path: &str, space: Space) -> Key {
    Key { path: path.to_owned(), space, header: String::new() }
}

/// The paths in `#[derive(…)]`.
pub(super) fn derived(attributes: &[Attribute]) -> Vec<syn::Path> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let paths =
        lists.filter_map(|list| list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok());
    paths.flatten().collect()
}
