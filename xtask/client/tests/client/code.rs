//! What users can name of the clients of given fragments.

use xtask_client::File;
use xtask_fixtures::mutations::{self, Documents};
use xtask_spec::diagnostic;
use xtask_surface::{GeneratedCode, Unreadable};

/// The files of the client of these fragments.
pub(crate) fn files(documents: &Documents) -> Result<Vec<File>, String> {
    let fragments = mutations::fragments(documents);
    let generation = fragments.and_then(|fragments| xtask_client::generate(&fragments, &mut |_| ()));
    generation.map(|generation| generation.files).map_err(|problems| diagnostic::report(problems.diagnostics()))
}

/// What users of it can name.
pub(crate) fn code(files: &[File]) -> Result<GeneratedCode, Unreadable> {
    let name = |file: &File| Some(file.path.strip_prefix("src/generated/")?.strip_suffix(".rs")?.to_owned());
    let modules: Vec<(String, &str)> =
        files.iter().filter_map(|file| Some((name(file)?, file.text.as_str()))).collect();
    GeneratedCode::of(modules.iter().map(|(name, text)| (name.as_str(), *text)))
}
