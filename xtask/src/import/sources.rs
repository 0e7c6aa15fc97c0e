//! What could be imported, taken as it is, to be looked at only.

use std::path::{Path, PathBuf};

use super::inputs::{self, Form};
use super::page;
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments::Fragments;
use xtask_spec::source::Source;

/// The fragments that an import of `source` would take, each at its place in the page or file it stands in.
///
/// # Errors
/// Whatever an import would refuse about the source itself.
pub(crate) fn fragments(source: &Path) -> Result<Fragments, Problems> {
    let mut diagnostics = Vec::new();
    let mut sources = Vec::new();
    for input in inputs::read(&[PathBuf::from(source)], &mut diagnostics).given {
        match input.form {
            Form::Page(markup) => {
                page::fragments(&input.shown, &input.text, markup, input.of_folder, &mut diagnostics);
                sources.extend(page::sources(&input.shown, &input.text, markup));
            }
            Form::Fragment(syntax) => sources.push(Source::new(&input.shown, &input.shown, input.text, syntax)),
        }
    }
    Problems::check(diagnostics)?;
    Fragments::parse(sources, &source.display().to_string())
}
