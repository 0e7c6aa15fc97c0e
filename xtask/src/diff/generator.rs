//! The generator as a cause: what today's progenitor and our own polish make of the same fragments.

use std::path::Path;

use crate::begin::begin;
use crate::code;
use crate::output::{self, Use};
use crate::terminal::Terminal;
use xtask_client::File;
use xtask_diff::Side;
use xtask_diff::model::{Report, RustReport};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments;
use xtask_spec::source::file;

/// Compares the client in `out` with what is generated from the fragments in `openapi`.
///
/// # Errors
/// What is wrong with the fragments, or a client that isn't there.
pub(super) fn report(openapi: &Path, out: &Path, terminal: &mut Terminal) -> Result<Report, Problems> {
    let _turn = begin(openapi, Use::Reads, Some(out), true, terminal)?;
    let fragments = fragments::read(openapi)?;
    let side = Side::of(openapi.display().to_string(), &fragments)?;
    let files = xtask_client::generate(&fragments, &mut |_| ())?.files;
    let on_disk = |file: &File| {
        let text = file::text(&output::place(out, &file.path)).ok()?;
        Some(File { path: file.path.clone(), text })
    };
    let before: Vec<File> = files.iter().filter_map(on_disk).collect();
    if before.is_empty() {
        let message = "there is no client here to compare with";
        let help = "run `cargo xtask generate`, or name the client's folder with `--out`";
        let place = Place::file(out.display().to_string());
        return Err(Diagnostic::error(Id::GeneratedCode, message, help).at(place).into());
    }
    Ok(Report::of_generator(side.facts(), RustReport::of(&code::of_files(&before)?, &code::of_files(&files)?)))
}
