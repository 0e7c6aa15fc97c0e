//! Names in full: one and the same for everything that is the same, wherever it is named.

use std::collections::{BTreeSet, HashMap, VecDeque};

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AngleBracketedGenericArguments, Attribute, GenericParam, Generics, Item, ParenthesizedGenericArguments, Path,
    PathArguments, TypePath, Visibility,
};

use crate::modules::{Modules, Target, is_hidden, is_public, joined};
use crate::text::tidy;

/// What users can name.
#[derive(Debug, Default)]
pub(super) struct Public {
    /// The shortest path of each definition.
    pub paths: HashMap<String, String>,
    /// Other paths that lead to something, of this crate or another.
    pub again: Vec<(String, Target)>,
    /// What this crate exports of others, by its path there.
    exported: HashMap<String, String>,
}

impl Public {
    /// Goes from the root through everything that is public, what is near first.
    pub(super) fn new(modules: &Modules) -> Self {
        let mut public = Self::default();
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([(String::new(), String::new())]);
        while let Some((module, path)) = queue.pop_front() {
            // A module that exports itself is met only once under each of its paths.
            if !seen.insert(module.clone()) {
                continue;
            }
            let Some(content) = modules.get(&module) else { continue };
            for child in content.modules.iter().filter(|child| child.public && !child.hidden) {
                let definition = joined(&module, &child.name);
                public.paths.entry(definition.clone()).or_insert_with(|| joined(&path, &child.name));
                queue.push_back((definition, joined(&path, &child.name)));
            }
            for (name, attributes, visibility) in content.items.iter().filter_map(declared) {
                if is_public(visibility) && !is_hidden(attributes) {
                    public.export(joined(&path, &name), Target::Internal(joined(&module, &name), Vec::new()));
                }
            }
            for (name, import) in content.imports.iter().filter(|(_, import)| import.public) {
                let target = modules.resolve(&module, &import.path);
                if let Target::Internal(definition, rest) = &target
                    && rest.is_empty()
                    && modules.get(definition).is_some()
                    && !public.paths.contains_key(definition)
                {
                    public.paths.insert(definition.clone(), joined(&path, name));
                    queue.push_back((definition.clone(), joined(&path, name)));
                } else {
                    public.export(joined(&path, name), target);
                }
            }
            for glob in content.globs.iter().filter(|glob| glob.public) {
                match modules.resolve(&module, &glob.path) {
                    Target::Internal(definition, rest) if rest.is_empty() => {
                        queue.push_back((definition, path.clone()))
                    }
                    target => public.export(joined(&path, "*"), target),
                }
            }
        }
        public
    }

    fn export(&mut self, path: String, target: Target) {
        match &target {
            Target::Internal(definition, rest) if rest.is_empty() && !self.paths.contains_key(definition) => {
                self.paths.insert(definition.clone(), path);
            }
            Target::External(original) => {
                if !path.ends_with('*') {
                    self.exported.entry(original.join("::")).or_insert_with(|| path.clone());
                }
                self.again.push((path, target));
            }
            Target::Internal(..) => self.again.push((path, target)),
        }
    }

    /// The name of `target`, in full, or as a reader knows it.
    pub(super) fn name(&self, target: &Target, style: Style) -> Vec<String> {
        match target {
            Target::Internal(definition, rest) => {
                let path = self.paths.get(definition).unwrap_or(definition);
                path.split("::").map(str::to_owned).chain(rest.iter().cloned()).collect()
            }
            Target::External(path) if style == Style::Shown => {
                if let Some(exported) = self.exported.get(&path.join("::")) {
                    return exported.split("::").map(str::to_owned).collect();
                }
                // `fmt::Result` keeps its module: alone it would be another's name.
                let kept = match path.as_slice() {
                    [std, _, .., last] if std == "std" => match last.as_str() {
                        "Result" | "Error" if path.get(1).is_some_and(|module| module != "result") => 2,
                        _ => 1,
                    },
                    _ => path.len(),
                };
                path.iter().skip(path.len().saturating_sub(kept)).cloned().collect()
            }
            Target::External(path) => path.clone(),
        }
    }
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// In full, to be compared.
    Full,
    /// As short as a reader would have it.
    Shown,
}

/// What a declaration is called, its attributes, and who may see it.
fn declared(item: &Item) -> Option<(String, &[Attribute], &Visibility)> {
    Some(match item {
        Item::Const(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Enum(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Fn(item) => (item.sig.ident.to_string(), &item.attrs, &item.vis),
        Item::Static(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Struct(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Trait(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Type(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        Item::Union(item) => (item.ident.to_string(), &item.attrs, &item.vis),
        _ => return None,
    })
}

/// Writes code of one module with the names that hold everywhere.
pub(super) struct Writer<'a> {
    modules: &'a Modules,
    public: &'a Public,
    module: &'a str,
    style: Style,
    /// Type parameters, and what they are called in what is written.
    parameters: HashMap<String, String>,
    /// Lifetimes that are the declaration's own, whose names mean nothing.
    lifetimes: BTreeSet<String>,
    /// Everything that was named.
    pub seen: Vec<Target>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(modules: &'a Modules, public: &'a Public, module: &'a str, style: Style) -> Self {
        let (parameters, lifetimes, seen) = (HashMap::new(), BTreeSet::new(), Vec::new());
        Self { modules, public, module, style, parameters, lifetimes, seen }
    }

    /// Brings the parameters of a declaration into scope: a type's name means nothing to who calls it, so in full it is
    /// called by its place.
    pub(super) fn enter(&mut self, generics: &Generics) {
        for parameter in &generics.params {
            let name = match parameter {
                GenericParam::Type(parameter) => parameter.ident.to_string(),
                GenericParam::Const(parameter) => parameter.ident.to_string(),
                GenericParam::Lifetime(_) => continue,
            };
            let written = match self.style {
                Style::Full => format!("P{}", self.parameters.len()),
                Style::Shown => name.clone(),
            };
            self.parameters.insert(name, written);
        }
    }

    /// Brings the lifetimes of an impl into scope: they are anonymous from then on.
    pub(super) fn forget_lifetimes(&mut self, generics: &Generics) {
        self.lifetimes.extend(generics.lifetimes().map(|parameter| parameter.lifetime.ident.to_string()));
    }

    /// `node` as text.
    pub(super) fn write<T: Clone + ToTokens>(&mut self, node: &T, visit: impl FnOnce(&mut Self, &mut T)) -> String {
        let mut node = node.clone();
        visit(self, &mut node);
        tidy(&node.to_token_stream())
    }

    /// A type as text.
    pub(super) fn ty(&mut self, ty: &syn::Type) -> String {
        self.write(ty, |writer, ty| writer.visit_type_mut(ty))
    }

    /// A path as text.
    pub(super) fn path(&mut self, path: &Path) -> String {
        self.write(path, |writer, path| writer.visit_path_mut(path))
    }

    /// Tokens without any names.
    pub(super) fn tokens(tokens: impl ToTokens) -> String {
        let tokens: TokenStream = tokens.to_token_stream();
        tidy(&tokens)
    }

    /// The name in full of the first `count` segments.
    fn rename(&mut self, path: &mut Path, count: usize) -> usize {
        let written: Vec<String> = path.segments.iter().take(count).map(|segment| segment.ident.to_string()).collect();
        let Some(first) = written.first() else { return count };
        if path.leading_colon.is_none() {
            if first == "Self" {
                return count;
            }
            if let Some(parameter) = self.parameters.get(first) {
                if let Some(segment) = path.segments.first_mut() {
                    segment.ident = ident(parameter);
                }
                return count;
            }
        }
        let target = if path.leading_colon.is_some() {
            self.modules.resolve(self.module, &[&[String::new()], written.as_slice()].concat())
        } else {
            self.modules.resolve(self.module, &written)
        };
        let name = self.public.name(&target, self.style);
        self.seen.push(target);
        if name.iter().any(String::is_empty) || name.is_empty() {
            return count;
        }
        // Arguments stand at the end of a name, and stay there.
        let arguments: Vec<PathArguments> =
            path.segments.iter().take(count).rev().map(|segment| segment.arguments.clone()).collect();
        let rest: Vec<_> = path.segments.iter().skip(count).cloned().collect();
        path.leading_colon = None;
        path.segments = name.iter().map(|name| syn::PathSegment::from(ident(name))).collect();
        for (segment, arguments) in path.segments.iter_mut().rev().zip(arguments) {
            segment.arguments = arguments;
        }
        path.segments.extend(rest);
        name.len()
    }
}

impl VisitMut for Writer<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        self.rename(path, path.segments.len());
    }

    fn visit_type_path_mut(&mut self, path: &mut TypePath) {
        let Some(qself) = &mut path.qself else { return visit_mut::visit_type_path_mut(self, path) };
        // `<V as Trait>::Name`: the trait has a name in full, what is within it has not.
        self.visit_type_mut(&mut qself.ty);
        for segment in &mut path.path.segments {
            self.visit_path_segment_mut(segment);
        }
        qself.position = self.rename(&mut path.path, qself.position);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if self.lifetimes.contains(&lifetime.ident.to_string()) {
            lifetime.ident = ident("_");
        }
    }

    fn visit_parenthesized_generic_arguments_mut(&mut self, arguments: &mut ParenthesizedGenericArguments) {
        visit_mut::visit_parenthesized_generic_arguments_mut(self, arguments);
        // A comma at the end, which a long list has when it is printed, is no difference.
        arguments.inputs.pop_punct();
    }

    fn visit_angle_bracketed_generic_arguments_mut(&mut self, arguments: &mut AngleBracketedGenericArguments) {
        visit_mut::visit_angle_bracketed_generic_arguments_mut(self, arguments);
        arguments.args.pop_punct();
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.clear();
    }
}

fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}
