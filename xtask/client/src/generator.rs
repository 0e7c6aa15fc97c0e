//! progenitor itself, in this process.
//!
//! progenitor and typify panic on what they don't take. Here a panic is a refusal like any other.

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

use crate::planted;
use xtask_spec::panics;

/// The version of progenitor that this program is built with; the crate itself doesn't say.
pub(crate) const VERSION: &str = "0.15.1";

/// What typify, syn and prettyplease take for a schema as deep as is read: a debug build takes less than 100 KiB a level, and
/// what isn't used isn't taken from the machine.
pub(crate) const STACK: usize = 128 << 20;

/// Which code progenitor makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// The client: models, builders, the `Client` itself.
    Client,
    /// The typed mocks for httpmock.
    Mocks,
}

/// What progenitor makes of `document`.
///
/// # Errors
/// What it says of a document that it doesn't take.
pub(crate) fn tokens(product: Product, document: &OpenAPI) -> Result<TokenStream, String> {
    // A generator for each: generating changes the types that a generator knows.
    let mut generator = Generator::new(&settings());
    let made = panics::caught(|| {
        planted::grow(document);
        match product {
            Product::Client => generator.generate_tokens(document),
            Product::Mocks => generator.httpmock(document, "super::super::client"),
        }
    });
    made.and_then(|tokens| tokens.map_err(|error| error.to_string()))
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("::schemars::JsonSchema")
        .with_derive("PartialEq")
        // The same value gives the same bytes on the wire, every time.
        .with_map_type("::std::collections::BTreeMap");
    settings
}

#[cfg(test)]
mod tests {
    use super::VERSION;

    #[test]
    fn the_version_of_progenitor_is_that_of_the_lock() {
        let lock = include_str!("../../../Cargo.lock");
        assert!(lock.contains(&format!("name = \"progenitor\"\nversion = \"{VERSION}\"\n")), "{VERSION}");
    }
}
