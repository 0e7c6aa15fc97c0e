//! Where each part of the document came from: a fragment, or the overlay.

use std::collections::BTreeMap;

use crate::diagnostic::Place;
use crate::fragments::Fragments;
use crate::pointer;

/// Where the parts of the document came from, by their pointers. What has no entry of its own came with the nearest
/// thing around it that has one.
#[derive(Clone, Debug)]
pub struct Origins {
    fragments: Fragments,
    parts: BTreeMap<String, Origin>,
}

/// Where one part came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A value of a fragment; what is below it in the document is below it there.
    Fragment {
        /// The fragment's number.
        fragment: usize,
        /// Where in the fragment.
        pointer: String,
    },
    /// A value of the overlay; what is below it in the document is below it there.
    Overlay(String),
    /// An action of the overlay that holds no value of its own: one that copies or removes.
    Action(String),
}

impl Origin {
    /// The origin of what is `below` a part that came from here.
    fn below(&self, below: &str) -> Self {
        match self {
            Self::Fragment { fragment, pointer } => {
                Self::Fragment { fragment: *fragment, pointer: format!("{pointer}{below}") }
            }
            Self::Overlay(pointer) => Self::Overlay(format!("{pointer}{below}")),
            Self::Action(pointer) => Self::Action(pointer.clone()),
        }
    }

    /// The origin of the member or item `segment` of a value that came from here.
    pub(crate) fn child(&self, segment: &str) -> Self {
        self.below(&pointer::join("", segment))
    }
}

impl Origins {
    /// Of a document that is made of these fragments, and has no part yet.
    #[must_use]
    pub fn of(fragments: &Fragments) -> Self {
        Self { fragments: fragments.clone(), parts: BTreeMap::new() }
    }

    /// The fragments that the document is made of.
    #[must_use]
    pub fn fragments(&self) -> &Fragments {
        &self.fragments
    }

    /// What is at `at`, with all that is below it, came from `origin`.
    pub(crate) fn insert(&mut self, at: String, origin: Origin) {
        self.forget(&at);
        self.parts.insert(at, origin);
    }

    /// What is at `from` is at `to` as well, with all that is below it.
    pub(crate) fn copy(&mut self, from: &str, to: String) {
        let mut copied: Vec<(String, Origin)> =
            self.parts(from).map(|(below, origin)| (format!("{to}{below}"), origin.clone())).collect();
        copied.extend(self.find(from).map(|origin| (to.clone(), origin)));
        self.forget(&to);
        self.parts.extend(copied);
    }

    /// The item `index` is gone from the array at `at`, which had `length` items: those behind it have moved up, and
    /// take their origins along.
    pub(crate) fn remove_item(&mut self, at: &str, index: usize, length: usize) {
        let item = |index: usize| pointer::join(at, &index.to_string());
        let mut moved = Vec::new();
        for (new, old) in (index..length).zip((index..length).skip(1)) {
            let (new, old) = (item(new), item(old));
            moved.extend(self.find(&old).map(|origin| (new.clone(), origin)));
            moved.extend(self.parts(&old).map(|(below, origin)| (format!("{new}{below}"), origin.clone())));
        }
        for index in index..length {
            self.forget(&item(index));
        }
        self.parts.extend(moved);
    }

    fn forget(&mut self, at: &str) {
        self.parts.remove(at);
        let below: Vec<String> = self.parts(at).map(|(below, _)| format!("{at}{below}")).collect();
        for part in below {
            self.parts.remove(&part);
        }
    }

    /// The parts below `at` that have an entry of their own.
    fn parts<'a>(&'a self, at: &str) -> impl Iterator<Item = (&'a str, &'a Origin)> {
        let (below, length) = (format!("{at}/"), at.len());
        self.parts
            .range(below.clone()..)
            .take_while(move |(part, _)| part.starts_with(&below))
            .filter_map(move |(part, origin)| Some((part.get(length..)?, origin)))
    }

    fn find(&self, pointer: &str) -> Option<Origin> {
        let mut end = pointer.len();
        loop {
            let (prefix, below) = pointer.split_at_checked(end)?;
            if let Some(origin) = self.parts.get(prefix) {
                return Some(origin.below(below));
            }
            end = prefix.rfind('/')?;
        }
    }

    /// The place, in the fragments or the overlay, of what `pointer` names in the document.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        let origin = self.find(pointer).or_else(|| self.of_container(pointer));
        origin.and_then(|origin| self.place_of(&origin)).unwrap_or_else(|| Place {
            file: "the merged document".into(),
            position: None,
            pointer: pointer.into(),
        })
    }

    /// The place of what came from `origin`.
    pub(crate) fn place_of(&self, origin: &Origin) -> Option<Place> {
        match origin {
            Origin::Fragment { fragment, pointer } => Some(self.fragments.get(*fragment)?.source.place(pointer)),
            Origin::Overlay(pointer) | Origin::Action(pointer) => {
                Some(self.fragments.overlay()?.source().place(pointer))
            }
        }
    }

    /// The version of OpenAPI that the fragment names from which `pointer` came; nothing for what the overlay brought,
    /// which is written for the merged document.
    #[must_use]
    pub fn version(&self, pointer: &str) -> Option<&str> {
        let Origin::Fragment { fragment, .. } = self.find(pointer)? else { return None };
        self.fragments.get(fragment)?.document.get("openapi")?.as_str()
    }

    /// The origin of what holds parts without being one, such as `/components`: where the first of its parts has it.
    fn of_container(&self, pointer: &str) -> Option<Origin> {
        self.parts(pointer).find_map(|(below, origin)| {
            let Origin::Fragment { fragment, pointer } = origin else { return None };
            let depth = below.matches('/').count();
            let container = (0..depth).try_fold(pointer.as_str(), |at, _| Some(at.rsplit_once('/')?.0))?;
            Some(Origin::Fragment { fragment: *fragment, pointer: container.to_owned() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Syntax};

    fn origins() -> Origins {
        let source = Source::new("a.json", "a.json", "{\"openapi\": \"3.1.1\"}".to_owned(), Syntax::Json);
        Origins::of(&Fragments::parse(vec![source], "openapi").unwrap())
    }

    fn fragment(pointer: &str) -> Origin {
        Origin::Fragment { fragment: 0, pointer: pointer.to_owned() }
    }

    #[test]
    fn what_has_no_origin_of_its_own_came_with_what_is_around_it() {
        let mut origins = origins();
        origins.insert("/a".into(), fragment("/x"));
        origins.insert("/a/b".into(), Origin::Overlay("/actions/0/update".into()));
        origins.insert("/a/c".into(), Origin::Action("/actions/1/copy".into()));
        assert_eq!(origins.find("/a/d/e"), Some(fragment("/x/d/e")));
        assert_eq!(origins.find("/a/b/c"), Some(Origin::Overlay("/actions/0/update/c".into())));
        assert_eq!(origins.find("/a/c/d"), Some(Origin::Action("/actions/1/copy".into())));
        assert_eq!(origins.find("/b"), None);
    }

    #[test]
    fn a_new_origin_holds_for_all_below_it() {
        let mut origins = origins();
        origins.insert("/a/b".into(), fragment("/x"));
        origins.insert("/a/bc".into(), fragment("/y"));
        origins.insert("/a/b/c".into(), fragment("/z"));
        origins.insert("/a/b".into(), Origin::Action("/actions/0".into()));
        assert_eq!(origins.find("/a/b/c"), Some(Origin::Action("/actions/0".into())));
        assert_eq!(origins.find("/a/bc"), Some(fragment("/y")));
    }

    #[test]
    fn items_behind_a_removed_one_take_their_origins_along() {
        let mut origins = origins();
        origins.insert("/list".into(), fragment("/list"));
        origins.insert("/list/2/name".into(), Origin::Overlay("/actions/0/update/name".into()));
        origins.insert("/list/10".into(), Origin::Overlay("/actions/1/update".into()));
        origins.remove_item("/list", 1, 11);
        assert_eq!(origins.find("/list/0"), Some(fragment("/list/0")));
        assert_eq!(origins.find("/list/1/other"), Some(fragment("/list/2/other")));
        assert_eq!(origins.find("/list/1/name"), Some(Origin::Overlay("/actions/0/update/name".into())));
        assert_eq!(origins.find("/list/2/name"), Some(fragment("/list/3/name")));
        assert_eq!(origins.find("/list/9"), Some(Origin::Overlay("/actions/1/update".into())));
    }

    #[test]
    fn a_container_is_where_the_first_of_its_parts_has_it() {
        let mut origins = origins();
        origins.insert("/paths/~1a".into(), Origin::Action("/actions/0/remove".into()));
        origins.insert("/paths/~1b/get".into(), fragment("/paths/~1b/get"));
        assert_eq!(origins.of_container("/paths"), Some(fragment("/paths")));
        assert_eq!(origins.of_container("/components"), None);
    }
}
