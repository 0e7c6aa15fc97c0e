//! The programs among the examples of `pod-api-ext`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::Value;

use super::{Test, root};

/// The example of this name, as its sources are now.
///
/// `cargo test --workspace` has built it along with the tests; otherwise it is built here.
///
/// # Errors
/// It can't be built.
pub fn program(name: &str) -> Test<PathBuf> {
    static PROGRAMS: Mutex<Option<HashMap<String, Result<PathBuf, String>>>> = Mutex::new(None);
    let mut programs = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    let programs = programs.get_or_insert_default();
    let program = programs.entry(name.to_owned());
    Ok(program.or_insert_with(|| find_or_build(name).map_err(|error| error.to_string())).clone()?)
}

fn find_or_build(name: &str) -> Test<PathBuf> {
    let built = std::env::current_exe()?.ancestors().nth(2).ok_or("no target folder")?.join("examples").join(name);
    let built = built.with_extension(std::env::consts::EXE_EXTENSION);
    let sources = ["pod-api/src", "pod-api-ext/src", "pod-api-ext/examples"];
    let changes = sources.iter().map(|folder| last_change(&root().join(folder))).collect::<io::Result<Vec<_>>>()?;
    if let Ok(metadata) = built.metadata()
        && changes.into_iter().flatten().all(|change| metadata.modified().is_ok_and(|built| built >= change))
    {
        return Ok(built);
    }
    let arguments = ["build", "--locked", "--package", "pod-api-ext", "--features", "mock", "--example", name];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(root())
        .output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = |message: Value| match message.pointer("/target/name").and_then(Value::as_str) {
        Some(target) if target == name => message.get("executable").and_then(Value::as_str).map(PathBuf::from),
        _ => None,
    };
    let path = messages.find_map(executable);
    path.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into())
}

/// When a file in this folder was changed last, or in one below it.
fn last_change(folder: &Path) -> io::Result<Option<SystemTime>> {
    let mut last = None;
    for entry in folder.read_dir()? {
        let entry = entry?;
        let change =
            if entry.file_type()?.is_dir() { last_change(&entry.path())? } else { Some(entry.metadata()?.modified()?) };
        last = last.max(change);
    }
    Ok(last)
}
