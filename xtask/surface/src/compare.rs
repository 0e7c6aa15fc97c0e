//! What differs between two surfaces, and what it means for who uses the old one.

use std::collections::BTreeSet;

use crate::Semver::{self, Major, Minor, Patch};
use crate::change::{Kind, Noun, RustChange, Verb};
use crate::surface::{Body, Entry, Head, Key, Signature, Surface, TraitHead};

/// Every difference, by path.
pub(super) fn compare(old: &Surface, new: &Surface) -> Vec<RustChange> {
    let mut changes = Vec::new();
    let keys: BTreeSet<&Key> = old.0.keys().chain(new.0.keys()).collect();
    for key in keys {
        match (old.0.get(key), new.0.get(key)) {
            // What a thing is part of says it all.
            (Some(entry), None) if stays(entry, old, new) => changes.push(removed(key, entry)),
            (None, Some(entry)) if stays(entry, new, old) => changes.push(added(key, entry, old)),
            (Some(old), Some(new)) => differences(key, old, new, &mut changes),
            _ => {}
        }
    }
    changes
}

/// Whether what `entry` is part of is on both sides, and of the same shape.
fn stays(entry: &Entry, here: &Surface, there: &Surface) -> bool {
    let Some(parent) = &entry.parent else { return true };
    let (Some(ours), Some(theirs)) = (here.0.get(parent), there.0.get(parent)) else { return false };
    let is_part = matches!(entry.noun, Noun::Field | Noun::Variant | Noun::TraitItem);
    (!is_part || same_shape(ours, theirs)) && stays(ours, here, there)
}

fn same_shape(one: &Entry, other: &Entry) -> bool {
    one.noun == other.noun
        && match (&one.body, &other.body) {
            (Body::Type(one), Body::Type(other)) => one.shape == other.shape,
            _ => true,
        }
}

fn removed(key: &Key, entry: &Entry) -> RustChange {
    change(entry.noun, Verb::Removed, key, Some(entry), None, Major)
}

fn added(key: &Key, entry: &Entry, old: &Surface) -> RustChange {
    let parent = entry.parent.as_ref().and_then(|parent| old.0.get(parent));
    let semver = match (entry.noun, parent.map(|parent| &parent.body)) {
        (Noun::Field | Noun::Variant, Some(Body::Type(head))) if !head.may_grow() => Major,
        (Noun::TraitItem, Some(Body::Trait(head))) if !head.sealed && !has_default(entry) => Major,
        // `Drop` forbids to move fields out, and what is `Copy` is borrowed where it was moved into a closure.
        (Noun::Impl, _)
            if ["impl std::marker::Copy for ", "impl std::ops::Drop for "]
                .iter()
                .any(|header| key.header.starts_with(header)) =>
        {
            Major
        }
        _ => Minor,
    };
    change(entry.noun, Verb::Added, key, None, Some(entry), semver)
}

fn has_default(entry: &Entry) -> bool {
    matches!(&entry.body, Body::Function(signature) if signature.default)
}

fn differences(key: &Key, old: &Entry, new: &Entry, changes: &mut Vec<RustChange>) {
    let mut found: Vec<(Verb, Semver)> = Vec::new();
    if old.noun != new.noun {
        found.push((Verb::Reshaped, Major));
    } else {
        match (&old.body, &new.body) {
            (Body::Type(old), Body::Type(new)) => types(old, new, &mut found),
            (Body::Trait(old), Body::Trait(new)) => traits(old, new, &mut found),
            (Body::Function(old), Body::Function(new)) => functions(old, new, &mut found),
            (Body::Constant { ty: old_type, .. }, Body::Constant { ty: new_type, .. }) if old_type != new_type => {
                found.push((Verb::Retyped, Major));
            }
            // What compiled compiles; the specification's version is such a value.
            (Body::Constant { value: old, .. }, Body::Constant { value: new, .. }) if old != new => {
                found.push((Verb::Value, Patch));
            }
            (old, new) if old != new && !matches!(old, Body::Constant { .. }) => found.push((Verb::Retyped, Major)),
            _ => {}
        }
    }
    if old.conditions != new.conditions {
        let relaxed = new.conditions.is_subset(&old.conditions);
        found.push(if relaxed { (Verb::ConditionsRelaxed, Minor) } else { (Verb::Conditions, Major) });
    }
    if old.deprecated != new.deprecated {
        found.push(if new.deprecated { (Verb::Deprecated, Minor) } else { (Verb::Undeprecated, Patch) });
    }
    if new.must_use && !old.must_use {
        found.push((Verb::BecameMustUse, Minor));
    }
    changes.extend(found.into_iter().map(|(verb, semver)| change(new.noun, verb, key, Some(old), Some(new), semver)));
}

fn types(old: &Head, new: &Head, found: &mut Vec<(Verb, Semver)>) {
    if old.shape != new.shape {
        // Nothing else that there is to say of it counts beside that.
        return found.push((Verb::Reshaped, Major));
    }
    if old.generics != new.generics {
        found.push((Verb::Generics, Major));
    }
    if old.representation != new.representation {
        found.push((Verb::Representation, Major));
    }
    match (old.non_exhaustive, new.non_exhaustive) {
        (false, true) => found.push((Verb::BecameNonExhaustive, Major)),
        (true, false) => found.push((Verb::BecameExhaustive, Minor)),
        _ => {}
    }
    if new.private_fields && !old.may_grow() {
        found.push((Verb::BecameOpaque, Major));
    }
    let common = |order: &[String], other: &[String]| -> Vec<String> {
        order.iter().filter(|name| other.contains(name)).cloned().collect()
    };
    if common(&old.order, &new.order) != common(&new.order, &old.order) {
        found.push((Verb::Reordered, Minor));
    }
    if !new.holds.is_subset(&old.holds) {
        found.push((Verb::AutoTraits, Major));
    }
}

fn traits(old: &TraitHead, new: &TraitHead, found: &mut Vec<(Verb, Semver)>) {
    if old.generics != new.generics {
        found.push((Verb::Generics, Major));
    }
    if old.is_unsafe != new.is_unsafe {
        found.push((Verb::Qualifiers, Major));
    }
    if old.dyn_compatible && !new.dyn_compatible {
        found.push((Verb::LostDyn, Major));
    }
    match (old.sealed, new.sealed) {
        (false, true) => found.push((Verb::Sealed, Major)),
        (true, false) => found.push((Verb::Unsealed, Minor)),
        _ if old.supertraits != new.supertraits => {
            // Who can't implement it only loses what a supertrait gave.
            let grown = old.sealed && old.supertraits.is_subset(&new.supertraits);
            found.push((Verb::Supertraits, if grown { Minor } else { Major }));
        }
        _ => {}
    }
}

fn functions(old: &Signature, new: &Signature, found: &mut Vec<(Verb, Semver)>) {
    // One line says it all: it shows the whole signature.
    if old.arguments != new.arguments {
        found.push((Verb::Arguments, Major));
    } else if old.output != new.output {
        found.push((Verb::Returns, Major));
    } else if old.generics != new.generics {
        found.push((Verb::Generics, Major));
    } else if old.qualifiers != new.qualifiers {
        found.push((Verb::Qualifiers, Major));
    } else if old.bounds != new.bounds {
        let relaxed = new.bounds.is_subset(&old.bounds);
        found.push(if relaxed { (Verb::BoundsRelaxed, Minor) } else { (Verb::Bounds, Major) });
    }
    match (old.is_const, new.is_const) {
        (true, false) => found.push((Verb::LostConst, Major)),
        (false, true) => found.push((Verb::BecameConst, Minor)),
        _ => {}
    }
    match (old.default, new.default) {
        (true, false) => found.push((Verb::LostDefault, Major)),
        (false, true) => found.push((Verb::GotDefault, Minor)),
        _ => {}
    }
}

fn change(noun: Noun, verb: Verb, key: &Key, old: Option<&Entry>, new: Option<&Entry>, semver: Semver) -> RustChange {
    let shown = |entry: &Entry, other: Option<&Entry>| {
        let conditions: String = match verb {
            Verb::Conditions | Verb::ConditionsRelaxed => {
                entry.conditions.iter().map(|condition| format!("#[cfg({condition})] ")).collect()
            }
            Verb::Deprecated | Verb::Undeprecated if entry.deprecated => "#[deprecated] ".to_owned(),
            Verb::BecameMustUse if entry.must_use => "#[must_use] ".to_owned(),
            _ => String::new(),
        };
        let held: String = match (verb, &entry.body) {
            (Verb::Reshaped, Body::Type(head)) if !matches!(entry.noun, Noun::Variant) => match head.shape {
                "()" => "(…)".to_owned(),
                "" => ";".to_owned(),
                _ => " { … }".to_owned(),
            },
            (Verb::AutoTraits, Body::Type(head)) => {
                format!(" holding {}", head.holds.iter().cloned().collect::<Vec<_>>().join(", "))
            }
            // The headers are the same: what differs is an associated type.
            (Verb::Retyped, Body::Text(held)) if entry.noun == Noun::Impl => {
                let others = other.and_then(|other| if let Body::Text(held) = &other.body { Some(held) } else { None });
                let is_common =
                    |part: &&str| others.is_some_and(|others| others.split("; ").any(|other| other == *part));
                let own: Vec<&str> = held.split("; ").filter(|part| !is_common(part)).collect();
                format!(" {{ {} }}", own.join("; "))
            }
            (Verb::Reordered, Body::Type(head)) => format!(" {{ {} }}", head.order.join(", ")),
            _ => String::new(),
        };
        format!("{conditions}{}{held}", entry.shown)
    };
    RustChange {
        kind: Kind { noun, verb },
        path: key.path.clone(),
        old: old.map(|old| shown(old, new)),
        new: new.map(|new| shown(new, old)),
        semver,
    }
}
