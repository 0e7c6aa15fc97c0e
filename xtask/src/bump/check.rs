//! The check of the workspace at the end: what in hand-written code doesn't fit the new client any more.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::lock::{self, MANIFEST};
use xtask_surface::RustChange;

/// So many bytes of what cargo says are read: more places than these nobody works through.
const MOST: usize = 1 << 20;

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
pub(crate) fn check(out: &Path, progress: &mut dyn Write) -> io::Result<Option<Findings>> {
    if !out.join(MANIFEST).is_file() {
        return Ok(None);
    }
    // Cargo tells its subcommands which cargo ran them.
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut child = Command::new(program)
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
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            // What cargo is doing, as it does it.
            if line.starts_with("    ") && said.len() < MOST {
                writeln!(progress, "{line}")?;
            }
            if said.len() < MOST {
                said.push_str(&line);
                said.push('\n');
            }
        }
    }
    Ok(Some(findings(&said, child.wait()?.success())))
}

impl Findings {
    /// Writes beside each place what the items that it names were and are.
    pub(crate) fn explain(&mut self, changes: &[RustChange]) {
        for line in self.errors.iter_mut().chain(&mut self.warnings) {
            let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            let named = |change: &&RustChange| {
                let name = change.path.rsplit("::").next().unwrap_or_default();
                !change.path.contains("builder::")
                    && quoted.iter().any(|quoted| quoted.rsplit("::").next() == Some(name))
            };
            let was_and_is = changes.iter().filter(|change| change.old != change.new).find(named).map(|change| {
                let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
                format!(" [{} → {}]", shown(&change.old), shown(&change.new))
            });
            line.extend(was_and_is);
        }
    }
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
    use xtask_surface::{Kind, Noun, Semver, Verb};

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
    fn beside_a_place_stands_what_it_was_and_is() {
        let change = RustChange {
            kind: Kind { noun: Noun::Field, verb: Verb::Retyped },
            path: "types::RoomTag::key".to_owned(),
            old: Some("pub key: String".to_owned()),
            new: Some("pub key: Option<String>".to_owned()),
            semver: Semver::Major,
        };
        let line = "a/src/lib.rs:3:9: error[E0609]: no field `key` on type `RoomTag`";
        let mut findings = Findings { errors: vec![line.to_owned()], warnings: vec!["a:1:1: warning: `x`".to_owned()] };
        findings.explain(&[change]);
        assert_eq!(findings.errors, [format!("{line} [pub key: String → pub key: Option<String>]")]);
        assert_eq!(findings.warnings, ["a:1:1: warning: `x`"]);
    }

    #[test]
    fn what_cargo_itself_can_not_do_is_listed_where_nothing_else_is() {
        let said = "error: failed to parse manifest at `/x/Cargo.toml`\n\nCaused by:\n  no\n";
        assert_eq!(findings(said, false).errors, ["error: failed to parse manifest at `/x/Cargo.toml`"]);
        assert_eq!(findings(said, true), Findings::default());
    }
}
