//! What version control says of the files that a bump writes: the way back from a bump is to restore what was committed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::output::Stale;
use xtask_spec::diagnostic::{Diagnostic, Id, Place};

/// Warns where files that are going to be written hold changes that nobody committed. Without git, or outside a checkout,
/// there is nothing to say.
pub(super) fn among(stale: &[Stale], openapi: &Path) -> Option<Diagnostic> {
    let paths: Vec<_> = stale.iter().filter_map(|stale| std::path::absolute(stale.path()).ok()).collect();
    if paths.is_empty() {
        return None;
    }
    let folder = openapi.is_dir().then_some(openapi)?;
    let output = Command::new("git")
        // Names as they are, from the root of the checkout; a look, which takes no lock.
        .args(["--no-optional-locks", "-c", "core.quotePath=false", "status", "--porcelain", "--no-renames", "--"])
        .args(paths)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: Vec<&str> = said.lines().filter_map(|line| line.get(3..)).collect();
    let (first, rest) = names.split_first()?;
    let others = if rest.is_empty() { String::new() } else { format!(", nor have those of {}", rest.join(", ")) };
    let message = format!("its changes haven't been committed{others}, and the bump writes there too");
    let help = "commit or stash them first: else `git restore` takes them along, should you want to go back";
    Some(Diagnostic::warning(Id::Uncommitted, message, help).at(Place::file(*first)))
}
