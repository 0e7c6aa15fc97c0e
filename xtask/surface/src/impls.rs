//! What types implement, by hand or derived, and their functions.

use std::collections::BTreeSet;

use syn::{Attribute, Generics, ImplItem, ItemImpl};

use crate::change::Noun;
use crate::collect::Collector;
use crate::modules::{Target, is_public, joined};
use crate::names::{Style, Writer};
use crate::signature;
use crate::surface::{Body, Key, Space, derived, key, plain};

impl<'a> Collector<'a> {
    pub(super) fn derives(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        parent: &Key,
        generics: &Generics,
        attributes: &[Attribute],
    ) {
        let path = parent.path.clone();
        let (_, arguments, _) = generics.split_for_impl();
        let arguments = Writer::tokens(arguments);
        for derive in derived(attributes) {
            let (full, shown) = self.both(module, |writer| {
                writer.enter(generics);
                writer.forget_lifetimes(generics);
                let arguments: String = match syn::parse_str::<syn::Type>(&format!("X{arguments}")) {
                    Ok(ty) => writer.write(&ty, |writer, ty| {
                        if let syn::Type::Path(path) = ty
                            && let Some(last) = path.path.segments.last_mut()
                        {
                            syn::visit_mut::VisitMut::visit_path_arguments_mut(writer, &mut last.arguments);
                        }
                    }),
                    Err(_) => format!("X{arguments}"),
                };
                let arguments = arguments.strip_prefix('X').unwrap_or_default();
                format!("impl {} for {path}{arguments}", writer.path(&derive))
            });
            let own = Key { path: path.clone(), space: Space::Impl, header: full };
            let entry = plain(Noun::Impl, Some(parent.clone()), shown, Body::Text(String::new()));
            self.put(own, &[], conditions, entry);
        }
    }

    pub(super) fn block(&mut self, module: &'a str, conditions: &BTreeSet<String>, block: &'a ItemImpl) {
        let mut writer = self.writer(module, Style::Full);
        writer.enter(&block.generics);
        writer.ty(&block.self_ty);
        let of_type = writer.seen.clone();
        // What users can't name, they don't miss.
        if of_type.iter().any(|target| self.is_private(target)) {
            return;
        }
        match &block.trait_ {
            Some((path, _)) => self.implementation(module, conditions, block, path, &of_type),
            None => {
                let Some(parent) = of_type.iter().find_map(|target| self.public_path(target)) else { return };
                let parent = key(&parent, Space::Type);
                for item in &block.items {
                    self.associated(module, conditions, &parent, &block.generics, item);
                }
            }
        }
    }

    fn associated(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        parent: &Key,
        generics: &'a Generics,
        item: &'a ImplItem,
    ) {
        match item {
            ImplItem::Fn(function) if is_public(&function.vis) => {
                let (body, shown) = self.both_signatures(module, &[generics], &function.sig, false);
                let own = key(&joined(&parent.path, &function.sig.ident.to_string()), Space::Method);
                let entry = plain(Noun::Method, Some(parent.clone()), format!("pub {shown}"), body);
                self.put(own, &function.attrs, conditions, entry);
            }
            ImplItem::Const(constant) if is_public(&constant.vis) => {
                let path = joined(&parent.path, &constant.ident.to_string());
                let place = (path.as_str(), Noun::AssociatedConstant, Some(parent.clone()));
                self.constant(module, conditions, place, &constant.attrs, &constant.ty, Writer::tokens(&constant.expr));
            }
            _ => {}
        }
    }

    fn implementation(
        &mut self,
        module: &'a str,
        conditions: &BTreeSet<String>,
        block: &'a ItemImpl,
        path: &'a syn::Path,
        of_type: &[Target],
    ) {
        let mut writer = self.writer(module, Style::Full);
        writer.enter(&block.generics);
        writer.path(path);
        let named = writer.seen.clone();
        if named.iter().any(|target| self.is_private(target)) {
            return;
        }
        let (header, shown) = self.both(module, |writer| {
            writer.enter(&block.generics);
            writer.forget_lifetimes(&block.generics);
            format!("impl {} for {}", writer.path(path), writer.ty(&block.self_ty))
        });
        let (body, _) = self.both(module, |writer| {
            writer.enter(&block.generics);
            let mut parts: Vec<String> = signature::bounds(writer, &block.generics).into_iter().collect();
            for item in &block.items {
                match item {
                    ImplItem::Type(item) => parts.push(format!("type {} = {}", item.ident, writer.ty(&item.ty))),
                    ImplItem::Const(item) => parts.push(format!("const {}: {}", item.ident, writer.ty(&item.ty))),
                    _ => {}
                }
            }
            parts.join("; ")
        });
        // `impl From<Ids> for Vec<i64>` goes with `Ids`.
        let parent = of_type.iter().chain(&named).find_map(|target| self.public_path(target));
        let own = Key { path: parent.clone().unwrap_or_default(), space: Space::Impl, header };
        let entry = plain(Noun::Impl, parent.map(|parent| key(&parent, Space::Type)), shown, Body::Text(body));
        self.put(own, &block.attrs, conditions, entry);
    }
}
