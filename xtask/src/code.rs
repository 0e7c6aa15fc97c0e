//! The generated code as users see it, for its comparison.

use xtask_client::{File, GENERATED};
use xtask_spec::diagnostic::{Diagnostic, Id, Problems};
use xtask_spec::fragments::Fragments;
use xtask_surface::GeneratedCode;

/// That of the client which is generated from `fragments`.
///
/// # Errors
/// What stands in the way of generating it.
pub(crate) fn of_fragments(fragments: &Fragments) -> Result<GeneratedCode, Problems> {
    of_files(&xtask_client::generate(fragments, &mut |_| ())?.files)
}

/// That of the generated files among `files`.
///
/// # Errors
/// A file that isn't Rust, or no root module.
pub(crate) fn of_files(files: &[File]) -> Result<GeneratedCode, Problems> {
    let modules = files.iter().filter_map(|file| {
        let name = file.path.strip_prefix(GENERATED)?.strip_prefix('/')?;
        Some((name.strip_suffix(".rs")?, file.text.as_str()))
    });
    GeneratedCode::of(modules).map_err(|error| {
        let message = format!("the generated code in {GENERATED} can't be compared: {error}");
        let help = "run `cargo xtask generate` again, and don't edit what it makes";
        Diagnostic::error(Id::GeneratedCode, message, help).into()
    })
}
