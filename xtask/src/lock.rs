//! `Cargo.lock`, when a manifest beside it changes.
//!
//! Cargo alone knows what belongs into a lock. It is asked in a copy of the workspace that has all its manifests and
//! nothing else, so that nothing of the workspace changes until everything is known to fit.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use toml_edit::DocumentMut;

use crate::diagnostic::{Diagnostic, Place, Problems};
use crate::output::{self, File};

const LOCK: &str = "Cargo.lock";
/// The name of a manifest.
pub const MANIFEST: &str = "Cargo.toml";

/// A manifest with the text that it is to have.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The manifest's path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Whether the lock above the package in `folder` knows all that it depends on, by this text of its manifest. So it
/// does where there is no lock.
#[must_use]
pub fn knows(folder: &Path, manifest: &str) -> bool {
    let Some(lock) = above(folder).and_then(|lock| fs::read_to_string(lock).ok()) else { return true };
    let known = || {
        let manifest: DocumentMut = manifest.parse().ok()?;
        let package = manifest.get("package")?.get("name")?.as_str()?;
        // Cargo writes one line for each; parsing the whole would take longer than all else does.
        let (_, own) = lock.split_once(&format!("[[package]]\nname = \"{package}\"\n"))?;
        let (own, _) = own.split_once("\n\n").unwrap_or((own, ""));
        let of = |line: &str| line.trim().strip_prefix('"')?.split(['"', ' ']).next().map(str::to_owned);
        let names: BTreeSet<String> = own.lines().filter_map(of).collect();
        Some(manifest.get("dependencies")?.as_table_like()?.iter().all(|(name, _)| names.contains(name)))
    };
    known() == Some(true)
}

/// The lock of the workspace around `folder`, without asking cargo.
fn above(folder: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder).ok()?;
    folder.ancestors().map(|folder| folder.join(LOCK)).find(|lock| lock.is_file())
}

/// The lock of the workspace around `folder` as it has to be once the manifests of `edited` are written, its path seen
/// from there; `None` where there is no lock, or cargo finds nothing to change. Crates that are on this machine are
/// preferred; where they don't do, the registry is asked.
///
/// # Errors
/// A workspace that cargo can't read, and crates that it can't find.
pub fn updated(folder: &Path, edited: &[Edited]) -> Result<Option<File>, Problems> {
    let problem = |what: String| {
        let help = "mend what cargo says; where it lacks a crate, run it again with a network";
        let place = Place::file(folder.join(MANIFEST).display().to_string());
        Problems::from(
            Diagnostic::error("lock", format!("Cargo.lock can't be brought in step: {what}"), help).at(place),
        )
    };
    let failed = |error: io::Error| problem(error.to_string());
    let manifest = fs::canonicalize(folder.join(MANIFEST)).map_err(failed)?;
    let metadata = cargo(folder, &["metadata", "--no-deps", "--offline", "--format-version", "1"], &manifest)
        .map_err(failed)?
        .map_err(problem)?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| problem(error.to_string()))?;
    let Some(root) = metadata.get("workspace_root").and_then(Value::as_str).map(Path::new) else { return Ok(None) };
    let Some(old) = fs::read_to_string(root.join(LOCK)).ok() else { return Ok(None) };

    let copy = copied(root, &metadata, edited).map_err(failed)?;
    let there = mirrored(copy.path(), &root.join(MANIFEST));
    let offline = cargo(root, &["update", "--workspace", "--offline"], &there).map_err(failed)?;
    if offline.is_err() {
        // What it says without a network is about the network; the second answer is the one that counts.
        cargo(root, &["update", "--workspace"], &there).map_err(failed)?.map_err(|said| {
            let below = format!("{}/", copy.path().display());
            problem(said.replace(&below, "/"))
        })?;
    }
    let text = fs::read_to_string(there.with_file_name(LOCK)).map_err(failed)?;
    Ok((text != old).then(|| File { path: format!("{}{LOCK}", way_up(folder, root)), text }))
}

/// The manifests of a workspace below a temporary folder, each where it stands below the root of the file system, with
/// the edited ones in place of theirs; of the sources, empty files where cargo looks for targets.
fn copied(root: &Path, metadata: &Value, edited: &[Edited]) -> io::Result<tempfile::TempDir> {
    let copy = tempfile::tempdir()?;
    let write = |path: &Path, bytes: &[u8]| {
        let path = mirrored(copy.path(), path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, bytes)
    };
    let mut manifests: BTreeSet<PathBuf> = BTreeSet::from([root.join(MANIFEST)]);
    for package in metadata.get("packages").and_then(Value::as_array).into_iter().flatten() {
        manifests.extend(package.get("manifest_path").and_then(Value::as_str).map(PathBuf::from));
        for target in package.get("targets").and_then(Value::as_array).into_iter().flatten() {
            if let Some(path) = target.get("src_path").and_then(Value::as_str) {
                write(Path::new(path), b"")?;
            }
        }
    }
    for manifest in manifests {
        write(&manifest, &fs::read(&manifest)?)?;
    }
    write(&root.join(LOCK), &fs::read(root.join(LOCK))?)?;
    for Edited { path, text } in edited {
        write(&fs::canonicalize(path)?, text.as_bytes())?;
    }
    Ok(copy)
}

fn mirrored(copy: &Path, path: &Path) -> PathBuf {
    let below = path.components().filter(|part| matches!(part, Component::Normal(_)));
    below.fold(copy.to_owned(), |at, part| at.join(part))
}

/// Runs cargo in `folder`, whose configuration counts, on the workspace of `manifest`: what it printed, or its errors.
fn cargo(folder: &Path, arguments: &[&str], manifest: &Path) -> io::Result<Result<String, String>> {
    // Cargo tells its subcommands which cargo ran them.
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let Output { status, stdout, stderr } =
        Command::new(program).args(arguments).arg("--manifest-path").arg(manifest).current_dir(folder).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Ok(if status.success() { Ok(text(&stdout)) } else { Err(text(&stderr)) })
}

/// The way up from `folder` to its real ancestor `root`, as `..` for each step; where a link leads elsewhere, `root`.
pub(crate) fn way_up(folder: &Path, root: &Path) -> String {
    let steps = fs::canonicalize(folder).ok().and_then(|real| Some(real.strip_prefix(root).ok()?.components().count()));
    let way = "../".repeat(steps.unwrap_or_default());
    let leads_there = |way: &str| fs::canonicalize(output::place(folder, way)).is_ok_and(|found| found == root);
    if leads_there(&format!("{way}.")) { way } else { format!("{}/", root.display()) }
}
