//! Stage **polish**: what progenitor gets wrong for production is put right, item by item in the syntax tree.
//!
//! Each edit is a function with its reason. What is code of its own stands in `templates/support.rs`, which becomes
//! the generated folder's `support.rs`; an edit only routes the generated code through it.

mod builders;
mod client;
mod docs;
mod mocks;
mod models;
mod names;

use syn::{Item, ItemMod};

use crate::codegen::Generated;

pub use mocks::Operation;
pub use names::is_secret;

/// A file that is ready to be rendered.
pub struct Polished(pub syn::File);

/// Polishes the client. `marked` says whether names were kept apart by marks, which is rare.
#[must_use]
pub fn client(generated: Generated, marked: bool) -> Polished {
    let mut file = generated.0;
    if marked {
        names::take_marks_off(&mut file);
    }
    client::import_support(&mut file);
    client::without_redirects_and_panics(&mut file);
    if let Some(types) = module(&mut file.items, "types") {
        models::polish(types);
    }
    if let Some(builder) = module(&mut file.items, "builder") {
        builders::polish(builder);
    }
    docs::no_ignored_examples(&mut file);
    Polished(file)
}

/// Polishes the typed mocks. `base` is the path of the base URL, `operations` are those of the document.
#[must_use]
pub fn mocks(generated: Generated, base: &str, operations: &[Operation], marked: bool) -> Polished {
    let mut file = generated.0;
    if marked {
        names::take_marks_off(&mut file);
    }
    mocks::polish(&mut file, base, operations);
    Polished(file)
}

/// The items of the module `name` among `items`.
fn module<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut ItemMod> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => Some(module),
        _ => None,
    })
}
