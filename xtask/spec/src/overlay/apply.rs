//! One action after the other, each on the document that the ones before it left.

use serde_json::Value;

use super::bounds;
use super::document::{Action, Change, Edition, Overlay};
use super::path::{Location, Path, Step};
use super::union::{PRIMITIVE, Union, kind};
use crate::diagnostic::{Diagnostic, Id, Place};
use crate::origins::{Origin, Origins};

/// The document while it is corrected.
pub(super) struct Correction<'a> {
    pub(super) document: Value,
    pub(super) origins: Origins,
    pub(super) diagnostics: Vec<Diagnostic>,
    overlay: &'a Overlay,
}

impl<'a> Correction<'a> {
    /// Applies all actions.
    pub(super) fn of(document: Value, origins: Origins, overlay: &'a Overlay) -> Self {
        let mut correction = Self { document, origins, diagnostics: Vec::new(), overlay };
        for action in overlay.actions() {
            correction.apply(action);
        }
        correction
    }

    /// Applies `action`. Where that fails it is said, and the actions after it can be applied all the same.
    fn apply(&mut self, action: &Action) {
        let targets = action.target.locate(&self.document);
        if targets.is_empty() {
            let help = "write the target anew; or, if the vendor has taken away what it corrects, delete the action";
            self.no_effect(action, format!("{} matches nothing", action.name()), help, None);
            return;
        }
        match &action.change {
            Change::Remove => self.remove(action, &targets),
            Change::Update(value) => {
                self.update(action, &targets, value, &Origin::Overlay(action.at("update")));
            }
            Change::Copy(path) => {
                if let Some(value) = self.one(action, path) {
                    self.update(action, &targets, &value, &Origin::Action(action.at("copy")));
                }
            }
        }
    }

    fn no_effect(&mut self, action: &Action, message: String, help: &str, related: Option<(&'static str, Place)>) {
        self.error(Id::NoEffect, &action.at("target"), message, help, related);
        if let Some(diagnostic) = self.diagnostics.last_mut() {
            diagnostic.action = Some(action.index);
        }
    }

    fn error(&mut self, id: Id, at: &str, message: String, help: &str, related: Option<(&'static str, Place)>) {
        let mut diagnostic = Diagnostic::error(id, message, help).at(self.overlay.source().place(at));
        if let Some((part, place)) = related {
            diagnostic = diagnostic.with(part, place);
        }
        self.diagnostics.push(diagnostic);
    }

    fn place(&self, location: &Location) -> Place {
        self.origins.place(&location.pointer())
    }

    fn kind(&self, location: &Location) -> &'static str {
        self.document.pointer(&location.pointer()).map_or("nothing", kind)
    }

    fn remove(&mut self, action: &Action, targets: &[Location]) {
        if targets.iter().any(|target| target.parent().is_none()) {
            let message = format!("{} would remove the whole document", action.name());
            self.error(Id::Overlay, &action.at("target"), message, "target a part of it", None);
            return;
        }
        let is_item = |target: &Location| matches!(target.0.last(), Some(Step::Item(_)));
        if self.overlay.edition() == Edition::First
            && let Some(target) = targets.iter().find(|target| is_item(target) && self.kind(target) == PRIMITIVE)
        {
            let message =
                format!("{} selects a primitive item of a list, which version 1.0 can't remove", action.name());
            let related = Some(("the item", self.place(target)));
            self.error(Id::Overlay, &action.at("target"), message, "write `overlay: 1.1.0`", related);
            return;
        }
        // Backwards: children before their parents, and items from behind, so that no index shifts before its turn.
        for target in targets.iter().rev() {
            let Some((parent, step)) = target.parent() else { continue };
            match (self.document.pointer_mut(&parent), step) {
                (Some(Value::Object(members)), Step::Member(name)) => {
                    members.shift_remove(name);
                    self.origins.insert(target.pointer(), Origin::Action(action.at("remove")));
                }
                (Some(Value::Array(items)), Step::Item(index)) if *index < items.len() => {
                    self.origins.remove_item(&parent, *index, items.len());
                    items.remove(*index);
                }
                _ => {}
            }
        }
    }

    /// The value of the one part that `path`, the source of a copy, has to select.
    fn one(&mut self, action: &Action, path: &Path) -> Option<Value> {
        let found = path.locate(&self.document);
        if let [source] = found.as_slice() {
            return self.document.pointer(&source.pointer()).cloned();
        }
        let count = if found.is_empty() { "nothing".to_owned() } else { format!("{} parts", found.len()) };
        let message = format!("{} copies `{}`, which matches {count}", action.name(), path.text());
        self.error(
            Id::Overlay,
            &action.at("copy"),
            message,
            "write a path that matches one part of the document",
            None,
        );
        None
    }

    /// Merges `value`, which came from `from`, into all `targets`.
    fn update(&mut self, action: &Action, targets: &[Location], value: &Value, from: &Origin) {
        if !self.takes(action, targets, value) {
            return;
        }
        let edition = self.overlay.edition();
        let mut union = Union::new(&mut self.origins);
        for target in targets {
            let at = target.pointer();
            match self.document.pointer_mut(&at) {
                Some(Value::Array(list)) if edition == Edition::First || !value.is_array() => {
                    union.append(&at, list, from.clone(), value);
                }
                Some(target) => union.merge(&at, target, from, value),
                None => {}
            }
        }
        let Union { changed, clashes, repeats, .. } = union;
        if !changed && clashes.is_empty() {
            let message = format!("{} changes nothing", action.name());
            let help = "the vendor has made this correction: delete the action";
            let related = targets.first().map(|target| ("what it matches", self.place(target)));
            self.no_effect(action, message, help, related);
        }
        for clash in clashes {
            let message = format!("{} can't merge {} into {}", action.name(), clash.given, clash.found);
            let help = "only values of one kind merge: to replace the old value, remove it first, and write the new one in an action behind";
            let mut diagnostic = Diagnostic::error(Id::Overlay, message, help)
                .with("what it can't be merged into", self.origins.place(&clash.at));
            diagnostic.place = self.origins.place_of(&clash.from);
            self.diagnostics.push(diagnostic);
        }
        for (at, from) in repeats {
            let list = at.rsplit_once('/').map_or("", |(list, _)| list);
            let message = format!("{} appends what the list has already", action.name());
            let help = "if the vendor has made this correction, delete the action";
            let mut diagnostic =
                Diagnostic::warning(Id::Repeated, message, help).with("the list", self.origins.place(list));
            diagnostic.place = self.origins.place_of(&from);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether `targets` are such that `value` can be merged into them; says why they are not.
    fn takes(&mut self, action: &Action, targets: &[Location], value: &Value) -> bool {
        let at = action.at("target");
        let Some(first) = targets.first() else { return false };
        let one = self.kind(first);
        let primitive = targets.iter().find(|target| self.kind(target) == PRIMITIVE);
        let other = targets.iter().find(|target| self.kind(target) != one);
        match (self.overlay.edition(), primitive, other) {
            (Edition::First, Some(primitive), _) => {
                let message = format!("{} selects {PRIMITIVE}, which version 1.0 can't update", action.name());
                let help =
                    "write `overlay: 1.1.0`; or target the object that holds it, and write the new value under its key";
                let related = Some(("the value", self.place(primitive)));
                self.error(Id::Overlay, &at, message, help, related);
                false
            }
            (Edition::Second, _, Some(other)) => {
                let message = format!("{} selects {one} and {} in one", action.name(), self.kind(other));
                let help = "make an action of its own for each kind: objects, lists, and primitive values";
                let related = Some(("of another kind than the first", self.place(other)));
                self.error(Id::Overlay, &at, message, help, related);
                false
            }
            _ if !bounds::hold(&self.document, targets, value) => {
                let message = format!("{} would make the document too large or too deep", action.name());
                self.error(Id::Overlay, &at, message, "see whether it selects more than it should", None);
                false
            }
            _ => true,
        }
    }
}
