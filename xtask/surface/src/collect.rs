//! From the modules of the generated code to what users can name.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Generics, Item, ItemTrait, Token, TraitItem, TypeParamBound};

use crate::change::Noun;
use crate::holdings::Holdings;
use crate::modules::{Modules, Target, conditions_of, is_hidden, is_public, joined};
use crate::names::{Public, Style, Writer};
use crate::signature;
use crate::surface::{Body, Entry, Head, Key, Space, Surface, TraitHead, derived, key, plain};

/// Collects everything that users can name.
pub(super) fn surface(modules: &Modules) -> Surface {
    let public = Public::new(modules);
    let holdings = Holdings::new(modules, &public);
    let mut collector = Collector { modules, public: &public, holdings: &holdings, entries: BTreeMap::new() };
    for (module, content) in modules.iter() {
        if let Some(path) = public.paths.get(module) {
            let entry = plain(Noun::Module, None, format!("pub mod {}", last(path)), Body::Text(String::new()));
            collector.put(key(path, Space::Type), &[], &content.conditions, entry);
        }
        for item in &content.items {
            collector.item(module, &content.conditions, item);
        }
    }
    // After the types, whose parts impls are.
    for (module, content) in modules.iter() {
        for item in &content.items {
            if let Item::Impl(block) = item {
                collector.block(module, &content.conditions, block);
            }
        }
    }
    for (path, target) in &public.again {
        let [full, shown] = [Style::Full, Style::Shown].map(|style| public.name(target, style).join("::"));
        let name = last(path);
        let shown = if shown == path.as_str() { full.clone() } else { shown };
        let shown = match shown.rsplit("::").next() {
            Some(last) if last == name => format!("pub use {shown}"),
            _ => format!("pub use {shown} as {name}"),
        };
        let entry = plain(Noun::Export, None, shown, Body::Text(full));
        collector.put(key(path, Space::Type), &[], &BTreeSet::new(), entry);
    }
    Surface(collector.entries)
}

/// What was collected so far, and what it takes to name things.
pub(super) struct Collector<'a> {
    modules: &'a Modules,
    public: &'a Public,
    holdings: &'a Holdings,
    entries: BTreeMap<Key, Entry>,
}

impl<'a> Collector<'a> {
    pub(super) fn put(&mut self, key: Key, attributes: &[Attribute], conditions: &BTreeSet<String>, mut entry: Entry) {
        if is_hidden(attributes) {
            return;
        }
        entry.conditions = conditions.union(&conditions_of(attributes)).cloned().collect();
        entry.deprecated = attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
        entry.must_use = attributes.iter().any(|attribute| attribute.path().is_ident("must_use"));
        self.entries.insert(key, entry);
    }

    pub(super) fn writer(&self, module: &'a str, style: Style) -> Writer<'a> {
        Writer::new(self.modules, self.public, module, style)
    }

    /// Something in both styles: to be compared, and to be shown.
    pub(super) fn both(&self, module: &'a str, write: impl Fn(&mut Writer<'a>) -> String) -> (String, String) {
        (write(&mut self.writer(module, Style::Full)), write(&mut self.writer(module, Style::Shown)))
    }

    fn item(&mut self, module: &'a str, conditions: &BTreeSet<String>, item: &'a Item) {
        let path = |name: &syn::Ident| self.public.paths.get(&joined(module, &name.to_string())).cloned();
        match item {
            Item::Struct(item) => {
                let Some(path) = path(&item.ident) else { return };
                let shape = match &item.fields {
                    Fields::Named(_) => "{}",
                    Fields::Unnamed(_) => "()",
                    Fields::Unit => "",
                };
                let definition = joined(module, &item.ident.to_string());
                let head = Head {
                    holds: self.holdings.of(&definition),
                    order: self.order(&item.attrs, || field_names(&item.fields)),
                    ..self.head(module, &item.generics, &item.attrs, shape, &item.fields)
                };
                let declaration = format!("pub struct {}{}", item.ident, shown_generics(&item.generics));
                let own = self.put_type(Noun::Struct, &path, &item.attrs, conditions, declaration, head);
                self.fields(module, conditions, &own, &item.generics, &item.fields, false);
                self.derives(module, conditions, &own, &item.generics, &item.attrs);
            }
            Item::Enum(item) => {
                let Some(path) = path(&item.ident) else { return };
                let definition = joined(module, &item.ident.to_string());
                let names = || item.variants.iter().map(|variant| variant.ident.to_string()).collect();
                let head = Head {
                    holds: self.holdings.of(&definition),
                    order: self.order(&item.attrs, names),
                    ..self.head(module, &item.generics, &item.attrs, "enum", &Fields::Unit)
                };
                let declaration = format!("pub enum {}{}", item.ident, shown_generics(&item.generics));
                let own = self.put_type(Noun::Enum, &path, &item.attrs, conditions, declaration, head);
                for variant in &item.variants {
                    self.variant(module, conditions, &own, &item.generics, variant);
                }
                self.derives(module, conditions, &own, &item.generics, &item.attrs);
            }
            Item::Trait(item) => {
                if let Some(path) = path(&item.ident) {
                    self.extension(module, conditions, &path, item);
                }
            }
            Item::Fn(item) => {
                let Some(path) = path(&item.sig.ident) else { return };
                let (body, shown) = self.both_signatures(module, &[], &item.sig, false);
                let entry = plain(Noun::Function, None, format!("pub {shown}"), body);
                self.put(key(&path, Space::Value), &item.attrs, conditions, entry);
            }
            Item::Const(item) => {
                let Some(path) = path(&item.ident) else { return };
                let value = Writer::tokens(&item.expr);
                self.constant(module, conditions, (&path, Noun::Constant, None), &item.attrs, &item.ty, value);
            }
            Item::Static(item) => {
                let Some(path) = path(&item.ident) else { return };
                let value = Writer::tokens(&item.expr);
                self.constant(module, conditions, (&path, Noun::Constant, None), &item.attrs, &item.ty, value);
            }
            Item::Type(item) => {
                let Some(path) = path(&item.ident) else { return };
                let (full, shown) = self.both(module, |writer| {
                    writer.enter(&item.generics);
                    writer.ty(&item.ty)
                });
                let shown = format!("pub type {}{} = {shown}", item.ident, shown_generics(&item.generics));
                self.put(
                    key(&path, Space::Type),
                    &item.attrs,
                    conditions,
                    plain(Noun::Alias, None, shown, Body::Text(full)),
                );
            }
            Item::Union(item) => {
                let Some(path) = path(&item.ident) else { return };
                // Nobody generates one; if somebody does, any difference is one.
                let entry =
                    plain(Noun::Union, None, format!("pub union {}", item.ident), Body::Text(Writer::tokens(item)));
                self.put(key(&path, Space::Type), &item.attrs, conditions, entry);
            }
            _ => {}
        }
    }

    fn put_type(
        &mut self,
        noun: Noun,
        path: &str,
        attributes: &[Attribute],
        conditions: &BTreeSet<String>,
        declaration: String,
        head: Head,
    ) -> Key {
        let own = key(path, Space::Type);
        let marker = if head.non_exhaustive { "#[non_exhaustive] " } else { "" };
        let entry = plain(noun, None, format!("{marker}{declaration}"), Body::Type(head));
        self.put(own.clone(), attributes, conditions, entry);
        own
    }

    fn head(
        &self,
        module: &'a str,
        generics: &Generics,
        attributes: &[Attribute],
        shape: &'static str,
        fields: &Fields,
    ) -> Head {
        let mut writer = self.writer(module, Style::Full);
        writer.enter(generics);
        Head {
            generics: signature::declared(&mut writer, generics),
            shape,
            representation: representation(attributes),
            non_exhaustive: attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")),
            private_fields: fields.iter().any(|field| !is_public(&field.vis) || is_hidden(&field.attrs)),
            ..Head::default()
        }
    }

    /// What `<` goes by, where it is derived.
    fn order(&self, attributes: &[Attribute], names: impl FnOnce() -> Vec<String>) -> Vec<String> {
        let ordered =
            derived(attributes).iter().any(|path| path.segments.last().is_some_and(|last| last.ident == "PartialOrd"));
        if ordered { names() } else { Vec::new() }
    }

    fn fields(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        parent: &Key,
        generics: &Generics,
        fields: &Fields,
        of_variant: bool,
    ) {
        for (field, name) in fields.iter().zip(field_names(fields)) {
            if !of_variant && !is_public(&field.vis) {
                continue;
            }
            let (full, shown) = self.both(module, |writer| {
                writer.enter(generics);
                writer.ty(&field.ty)
            });
            let visibility = if of_variant { "" } else { "pub " };
            let shown = match &field.ident {
                Some(name) => format!("{visibility}{name}: {shown}"),
                None => format!("{visibility}{shown}"),
            };
            let entry = plain(Noun::Field, Some(parent.clone()), shown, Body::Text(full));
            self.put(key(&joined(&parent.path, &name), Space::Field), &field.attrs, conditions, entry);
        }
    }

    fn variant(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        parent: &Key,
        generics: &Generics,
        variant: &'a syn::Variant,
    ) {
        let shape = match &variant.fields {
            Fields::Named(_) => "{}",
            Fields::Unnamed(_) => "()",
            Fields::Unit => "",
        };
        let shown = self.both(module, |writer| {
            writer.enter(generics);
            let types: Vec<String> = variant.fields.iter().map(|field| writer.ty(&field.ty)).collect();
            match &variant.fields {
                Fields::Named(_) => format!("{} {{ … }}", variant.ident),
                Fields::Unnamed(_) => format!("{}({})", variant.ident, types.join(", ")),
                Fields::Unit => variant.ident.to_string(),
            }
        });
        let head = Head { shape, ..self.head(module, &Generics::default(), &variant.attrs, shape, &Fields::Unit) };
        let own = key(&joined(&parent.path, &variant.ident.to_string()), Space::Variant);
        let entry = plain(Noun::Variant, Some(parent.clone()), shown.1, Body::Type(head));
        self.put(own.clone(), &variant.attrs, conditions, entry);
        self.fields(module, conditions, &own, generics, &variant.fields, true);
    }

    fn extension(&mut self, module: &'a str, conditions: &BTreeSet<String>, path: &str, item: &'a ItemTrait) {
        let mut writer = self.writer(module, Style::Full);
        writer.enter(&item.generics);
        let generics = signature::declared(&mut writer, &item.generics);
        writer.seen.clear();
        let supertraits = signature::each(&mut writer, item.supertraits.iter());
        let sealed = writer.seen.iter().any(|target| self.is_private(target));
        let shown = supers(&item.supertraits, |bound| self.both(module, |writer| signature::bound(writer, bound)).1);
        let shown = format!("pub trait {}{}{shown}", item.ident, shown_generics(&item.generics));
        let own = key(path, Space::Type);
        let is_unsafe = item.unsafety.is_some();
        let dyn_compatible = signature::dyn_compatible(item);
        let head = TraitHead { generics, supertraits, is_unsafe, sealed, dyn_compatible };
        self.put(own.clone(), &item.attrs, conditions, plain(Noun::Trait, None, shown, Body::Trait(head)));
        for part in &item.items {
            let (name, attributes, (body, shown)) = match part {
                TraitItem::Fn(function) => {
                    let default = function.default.is_some();
                    let signatures = self.both_signatures(module, &[&item.generics], &function.sig, default);
                    (&function.sig.ident, &function.attrs, signatures)
                }
                TraitItem::Type(ty) => {
                    let (full, shown) = self.both(module, |writer| {
                        let bounds: Vec<String> = signature::each(writer, ty.bounds.iter()).into_iter().collect();
                        format!("type {}: {}", ty.ident, bounds.join(" + "))
                    });
                    (&ty.ident, &ty.attrs, (Body::Text(full), shown))
                }
                TraitItem::Const(constant) => {
                    let (full, shown) =
                        self.both(module, |writer| format!("const {}: {}", constant.ident, writer.ty(&constant.ty)));
                    (&constant.ident, &constant.attrs, (Body::Text(full), shown))
                }
                _ => continue,
            };
            let entry = plain(Noun::TraitItem, Some(own.clone()), shown, body);
            self.put(key(&joined(path, &name.to_string()), Space::Method), attributes, conditions, entry);
        }
    }

    pub(super) fn constant(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        (path, noun, parent): (&str, Noun, Option<Key>),
        attributes: &[Attribute],
        ty: &syn::Type,
        value: String,
    ) {
        let (ty, shown) = self.both(module, |writer| writer.ty(ty));
        let shown = format!("pub const {}: {shown} = {value}", last(path));
        self.put(
            key(path, Space::Value),
            attributes,
            conditions,
            plain(noun, parent, shown, Body::Constant { ty, value }),
        );
    }

    /// `outer` are the parameters of the impl or trait that it stands in.
    pub(super) fn both_signatures(
        &self,
        module: &'a str,
        outer: &[&Generics],
        function: &syn::Signature,
        default: bool,
    ) -> (Body, String) {
        let writer = |style| {
            let mut writer = self.writer(module, style);
            for generics in outer.iter().copied().chain([&function.generics]) {
                writer.enter(generics);
            }
            writer
        };
        let full = signature::of(&mut writer(Style::Full), function, default);
        (Body::Function(full), signature::shown(&mut writer(Style::Shown), function))
    }

    pub(super) fn public_path(&self, target: &Target) -> Option<String> {
        match target {
            Target::Internal(definition, _) => self.public.paths.get(definition).cloned(),
            Target::External(_) => None,
        }
    }

    pub(super) fn is_private(&self, target: &Target) -> bool {
        matches!(target, Target::Internal(definition, _) if !self.public.paths.contains_key(definition))
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn field_names(fields: &Fields) -> Vec<String> {
    let name = |(index, field): (usize, &syn::Field)| match &field.ident {
        Some(name) => name.to_string(),
        None => index.to_string(),
    };
    fields.iter().enumerate().map(name).collect()
}

/// What `#[repr(…)]` says.
fn representation(attributes: &[Attribute]) -> String {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("repr"));
    lists.map(|attribute| Writer::tokens(&attribute.meta)).collect::<Vec<_>>().join(", ")
}

fn shown_generics(generics: &Generics) -> String {
    let (_, arguments, _) = generics.split_for_impl();
    Writer::tokens(arguments)
}

fn supers<'b>(
    bounds: &'b Punctuated<TypeParamBound, Token![+]>,
    mut write: impl FnMut(&'b TypeParamBound) -> String,
) -> String {
    let written: Vec<String> = bounds.iter().map(&mut write).collect();
    if written.is_empty() { String::new() } else { format!(": {}", written.join(" + ")) }
}
