//! The folder of fragments as it is after an import, without writing it.

use std::path::Path;

use crate::output::Stale;
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments;
use xtask_spec::source::Source;

/// Every fragment and overlay of `openapi`, with what an import would change.
///
/// # Errors
/// A file that can't be read.
pub(super) fn after(openapi: &Path, changes: &[Stale]) -> Result<Vec<Source>, Problems> {
    let mut sources = fragments::sources(openapi)?;
    for change in changes {
        let name = change.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(syntax) = fragments::syntax_of(&name) else { continue };
        sources.retain(|source| source.name() != name);
        if let Some(new) = change.new_text() {
            sources.push(Source::new(name, change.shown(), new.to_owned(), syntax));
        }
    }
    Ok(sources)
}
