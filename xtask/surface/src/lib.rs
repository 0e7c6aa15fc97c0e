//! What a change of the generated code means for code that was written against it.
//!
//! The question is whether code that compiles against the old client compiles against the new one. It is answered from the
//! generated code itself, since what progenitor makes of a change of the specification is what counts: both sides are
//! parsed, everything that users can name is written down with its names in full ([`GeneratedCode`]), and the two lists are
//! compared ([`compare`]).
//!
//! The rules are those of the Cargo book's chapter on SemVer compatibility, and never milder than `cargo-semver-checks`,
//! which can't see that the type of a field or an argument is another. In particular:
//!
//! - What is `#[non_exhaustive]`, or has private fields, may get more fields or variants.
//! - A trait whose supertrait nobody can name may get more functions.
//! - `fn name<T: TryInto<String>>` and `fn name<T: TryInto<Option<String>>>` take different callers' values.
//! - A derived trait is worth as much as one implemented by hand; a lost one breaks.
//! - `#[doc(hidden)]` is nobody's business. Names of arguments and type parameters aren't either.
//! - A new implementation or method can take from type inference what it needs; as everywhere, that is held to be minor.

mod change;
mod collect;
mod compare;
mod holdings;
mod impls;
mod modules;
mod names;
mod signature;
mod surface;
#[cfg(test)]
mod tests;
mod text;
mod version;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use serde::Serialize;

pub use change::{Kind, Noun, RustChange, Verb};
pub use version::{VersionError, next_version};

/// What a change asks of the next version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Semver {
    /// Code that compiled compiles, and there is nothing new to be used.
    Patch,
    /// Code that compiled compiles, though perhaps with a warning; there is more to be used.
    Minor,
    /// Some code that compiled doesn't any more.
    Major,
}

/// All that users of one generated client can name.
#[derive(Debug)]
pub struct GeneratedCode(surface::Surface);

/// Why source code can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// This module is not Rust.
    NotRust {
        /// Its name.
        module: String,
        /// What is wrong, in words.
        reason: String,
    },
    /// There is no module `mod`, the root of the others.
    NoRoot,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRust { module, reason } => write!(f, "the module `{module}` isn't Rust: {reason}"),
            Self::NoRoot => f.write_str("there is no module `mod`, the root of the others"),
        }
    }
}

impl Error for Unreadable {}

impl GeneratedCode {
    /// Reads modules by their names and texts; the one called `mod` is the root.
    ///
    /// # Errors
    /// A text that isn't Rust, or no root.
    pub fn of<'a>(modules: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Unreadable> {
        let mut parsed = BTreeMap::new();
        for (module, text) in modules {
            let file = syn::parse_file(text)
                .map_err(|error| Unreadable::NotRust { module: module.to_owned(), reason: error.to_string() })?;
            parsed.insert(module.to_owned(), file);
        }
        let root = parsed.remove("mod").ok_or(Unreadable::NoRoot)?;
        Ok(Self(collect::surface(&modules::Modules::new(root, parsed))))
    }
}

/// Every difference in what users can name or rely on, by path.
#[must_use]
pub fn compare(old: &GeneratedCode, new: &GeneratedCode) -> Vec<RustChange> {
    compare::compare(&old.0, &new.0)
}

/// What all changes together ask of the next version.
#[must_use]
pub fn verdict(changes: &[RustChange]) -> Semver {
    changes.iter().map(|change| change.semver).max().unwrap_or(Semver::Patch)
}
