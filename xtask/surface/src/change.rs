//! A difference between two sides, as data.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Semver;

/// One difference in what users of the client can name or rely on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RustChange {
    /// What kind of difference it is.
    pub kind: Kind,
    /// Where users find it, without the crate's name: `types::V3RoomAttributes::name`.
    pub path: String,
    /// Its declaration on the old side; `None` where it wasn't there.
    pub old: Option<String>,
    /// Its declaration on the new side; `None` where it isn't there any more.
    pub new: Option<String>,
    /// What it means for code that uses the old side.
    pub semver: Semver,
}

/// What kind of thing changed, and in which way.
///
/// It is written as its id, such as `rust.field.removed`, which stays the same whatever a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// What changed.
    pub noun: Noun,
    /// In which way.
    pub verb: Verb,
}

impl Kind {
    /// Its id, which stays the same: `rust.field.removed`.
    #[must_use]
    pub fn id(self) -> String {
        format!("rust.{}.{}", self.noun.id(), self.verb.id())
    }

    /// The kind with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        let (noun, verb) = id.strip_prefix("rust.")?.split_once('.')?;
        let noun = Noun::ALL.iter().find(|one| one.id() == noun)?;
        let verb = Verb::ALL.iter().find(|one| one.id() == verb)?;
        Some(Self { noun: *noun, verb: *verb })
    }

    /// Every noun with every verb.
    pub fn all() -> impl Iterator<Item = Self> {
        let verbs = |noun: &Noun| Verb::ALL.iter().map(|verb| (*noun, *verb)).collect::<Vec<_>>();
        Noun::ALL.iter().flat_map(verbs).map(|(noun, verb)| Self { noun, verb })
    }
}

/// In a few words: `field removed`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.noun.id().replace('-', " "), self.verb.words())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id())
    }
}

/// Declares an enum whose values have an id, and for `Verb` what they say.
macro_rules! values {
    ($(#[$docs:meta])* $name:ident { $($(#[doc = $meaning:literal])* $value:ident = $id:literal $(says $words:literal)?,)* }) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[doc = $meaning])* $value,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),*];

            /// What it means, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$value => concat!($($meaning),*).trim(),)* }
            }

            /// Its part of the id of a [`Kind`].
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$value => $id,)* }
            }

            /// What it is called in a sentence.
            #[must_use]
            #[allow(unreachable_code)]
            pub fn words(self) -> &'static str {
                match self { $(Self::$value => { $(return $words;)? $id })* }
            }
        }
    };
}

values! {
    /// What changed.
    Noun {
        /// A module.
        Module = "module",
        /// A struct.
        Struct = "struct",
        /// An enum.
        Enum = "enum",
        /// A union.
        Union = "union",
        /// A trait.
        Trait = "trait",
        /// A type alias.
        Alias = "alias",
        /// A function.
        Function = "function",
        /// A constant or a static.
        Constant = "constant",
        /// An export of something that is defined elsewhere.
        Export = "export",
        /// A field of a struct or a variant.
        Field = "field",
        /// A variant of an enum.
        Variant = "variant",
        /// A function of a type.
        Method = "method",
        /// A constant of a type.
        AssociatedConstant = "associated-constant",
        /// A function, type or constant of a trait.
        TraitItem = "trait-item",
        /// An implementation of a trait, derived or not.
        Impl = "impl",
    }
}

values! {
    /// In which way it changed.
    Verb {
        /// It is gone: code that names it doesn't compile.
        Removed = "removed",
        /// It is new. That breaks who listed everything there was, and who implements a trait that isn't sealed.
        Added = "added",
        /// A struct became an enum, a tuple of fields got names, and the like.
        Reshaped = "reshaped" says "became something else",
        /// It lies in memory in another way.
        Representation = "representation" says "got another representation",
        /// Its type is another, or where it leads, or its associated types.
        Retyped = "retyped" says "got another type",
        /// Its parameters in `<…>` are others.
        Generics = "generics" says "got other type parameters",
        /// It takes other arguments.
        Arguments = "arguments" says "takes other arguments",
        /// It returns another type.
        Returns = "returns" says "returns another type",
        /// Its type parameters have to be something else or more.
        Bounds = "bounds" says "wants something else of its type parameters",
        /// Its type parameters have to be less.
        BoundsRelaxed = "bounds-relaxed" says "wants less of its type parameters",
        /// It became or was `async` or `unsafe`, or has another ABI.
        Qualifiers = "qualifiers" says "got other qualifiers",
        /// It can be called in constants.
        BecameConst = "became-const" says "became const",
        /// It can't be called in constants any more.
        LostConst = "lost-const" says "is no longer const",
        /// Who lists all that is in it has to expect more.
        BecameNonExhaustive = "became-non-exhaustive" says "became non-exhaustive",
        /// All that is in it can be listed.
        BecameExhaustive = "became-exhaustive" says "became exhaustive",
        /// It got a field that users can't name, so they can't write it as a literal.
        BecameOpaque = "became-opaque" says "got its first private field",
        /// `<` between its values answers differently; all code still compiles.
        Reordered = "reordered" says "has its parts in another order",
        /// It holds something that may not be `Send`, `Sync`, `Unpin` or unwind safe.
        AutoTraits = "auto-traits" says "may have lost an auto trait",
        /// Who implements a trait has to implement others.
        Supertraits = "supertraits" says "has other supertraits",
        /// It can't be a `dyn` trait any more.
        LostDyn = "lost-dyn" says "can't be a `dyn` trait any more",
        /// Nobody else can implement it any more.
        Sealed = "sealed" says "was sealed",
        /// Others can implement it.
        Unsealed = "unsealed" says "is no longer sealed",
        /// Who implements it can't leave it out any more.
        LostDefault = "lost-default" says "lost its default",
        /// Who implements it may leave it out.
        GotDefault = "got-default" says "got a default",
        /// Its value is another; its type isn't.
        Value = "value" says "has another value",
        /// It is there under other conditions, such as a feature.
        Conditions = "conditions" says "takes other features",
        /// The conditions it was there under fell away.
        ConditionsRelaxed = "conditions-relaxed" says "takes fewer features",
        /// Its use is a warning.
        Deprecated = "deprecated",
        /// Its use is no warning any more.
        Undeprecated = "undeprecated" says "is no longer deprecated",
        /// To leave it unused is a warning.
        BecameMustUse = "became-must-use" says "became must_use",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_an_id_for_machines_and_words_for_people() {
        for (noun, verb, id, words) in [
            (Noun::Field, Verb::Removed, "rust.field.removed", "field removed"),
            (Noun::TraitItem, Verb::LostDefault, "rust.trait-item.lost-default", "trait item lost its default"),
            (Noun::Enum, Verb::BecameNonExhaustive, "rust.enum.became-non-exhaustive", "enum became non-exhaustive"),
        ] {
            let kind = Kind { noun, verb };
            assert_eq!((kind.id().as_str(), kind.to_string().as_str()), (id, words));
            assert_eq!(serde_json::to_value(kind).unwrap(), id);
        }
    }
}
