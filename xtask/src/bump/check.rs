//! The check of the workspace at the end: what in hand-written code doesn't fit the new client any more.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::lock::{self, MANIFEST};

/// What the compiler finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Errors, a line each: `tests/tests/wire.rs:12:5: error[E0609]: …`.
    pub errors: Vec<String>,
    /// Warnings, such as uses of what is deprecated now.
    pub warnings: Vec<String>,
}

/// Has cargo check every package and target of the workspace around `out`; `None` where there is no package.
///
/// # Errors
/// cargo can't be run.
pub(crate) fn check(out: &Path) -> io::Result<Option<Findings>> {
    if !out.join(MANIFEST).is_file() {
        return Ok(None);
    }
    // Cargo tells its subcommands which cargo ran them.
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(program)
        .args([
            "check",
            "--workspace",
            "--all-targets",
            "--keep-going",
            "--message-format",
            "short",
            "--color",
            "never",
        ])
        .current_dir(lock::workspace(out))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()?;
    Ok(Some(findings(&String::from_utf8_lossy(&output.stderr), output.status.success())))
}

fn findings(said: &str, success: bool) -> Findings {
    let mut findings = Findings::default();
    for line in said.lines() {
        // `path:line:column: level…: text`; what cargo says of itself has no place.
        let mut parts = line.splitn(4, ':');
        let (Some(path), Some(row), Some(column), Some(rest)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let numbers = [row, column].iter().all(|number| number.parse::<u32>().is_ok());
        if path.is_empty() || !numbers {
            continue;
        }
        let list = match rest.trim_start() {
            rest if rest.starts_with("error") => &mut findings.errors,
            rest if rest.starts_with("warning") => &mut findings.warnings,
            _ => continue,
        };
        // The same file is compiled more than once, with tests and without.
        if !list.iter().any(|known| known == line) {
            list.push(line.to_owned());
        }
    }
    if !success && findings.errors.is_empty() {
        let errors = said.lines().filter(|line| line.starts_with("error"));
        findings.errors.extend(errors.map(str::to_owned));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_listed_once() {
        let said = "    Checking pod-api v0.2.0 (/x)\n\
                    a/src/lib.rs:3:9: error[E0609]: no field `name` on type `X`: it is gone\n\
                    a/src/lib.rs:3:9: error[E0609]: no field `name` on type `X`: it is gone\n\
                    a/src/lib.rs:9:1: warning: use of deprecated method `f`\n\
                    warning: `a` (lib) generated 1 warning\n\
                    error: could not compile `a` (lib) due to 1 previous error\n";
        assert_eq!(
            findings(said, false),
            Findings {
                errors: vec!["a/src/lib.rs:3:9: error[E0609]: no field `name` on type `X`: it is gone".to_owned()],
                warnings: vec!["a/src/lib.rs:9:1: warning: use of deprecated method `f`".to_owned()],
            }
        );
    }

    #[test]
    fn what_cargo_itself_can_not_do_is_listed_where_nothing_else_is() {
        let said = "error: failed to parse manifest at `/x/Cargo.toml`\n\nCaused by:\n  no\n";
        assert_eq!(findings(said, false).errors, ["error: failed to parse manifest at `/x/Cargo.toml`"]);
        assert_eq!(findings(said, true), Findings::default());
    }
}
