//! Our verdict beside that of `cargo-semver-checks` and of the compiler, for every mutation, there and back.
//!
//! It takes `cargo install cargo-semver-checks` and some minutes, so it runs only when asked to:
//!
//! ```text
//! cargo test -p xtask-client semver_checks -- --ignored --nocapture
//! ```
//!
//! Each client is documented as JSON once, which is what `cargo-semver-checks` reads, and `fixtures/downstream.rs` is
//! compiled against it. All that is kept below `target/semver-checks`, so that a second run is short; remove the folder
//! to start anew. The whole table is printed, and written to `target/semver-checks/verdicts.txt`.

use crate::Test;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xtask_client::File;
use xtask_fixtures::mutations::{self, Documents};
use xtask_surface::{self as rust, GeneratedCode, Semver};

#[test]
#[ignore = "takes cargo-semver-checks and some minutes"]
fn our_verdict_is_never_milder_than_that_of_cargo_semver_checks_and_the_compiler() -> Test {
    let folder = Folder::new()?;
    let published = mutations::published()?;
    let mut sides = BTreeMap::new();
    let mut table = String::new();
    let mut milder = Vec::new();
    for mutation in mutations::mutations() {
        let (before, after) = mutation.sides(&published)?;
        let (before, after) = (folder.side(&before, &mut sides)?, folder.side(&after, &mut sides)?);
        for (direction, old, new) in [("->", &before, &after), ("<-", &after, &before)] {
            let ours = rust::verdict(&rust::compare(&old.code, &new.code));
            let theirs = folder.semver_checks(old, new)?;
            let breaks = old.downstream_compiles && !new.downstream_compiles;
            let row = format!(
                "{:<50} {direction} ours {:<6} semver-checks {:<6} downstream {}",
                mutation.name,
                format!("{ours:?}"),
                format!("{theirs:?}"),
                match (old.downstream_compiles, breaks) {
                    (false, _) => "says nothing",
                    (true, true) => "breaks",
                    (true, false) => "compiles",
                }
            );
            println!("{row}");
            writeln!(table, "{row}")?;
            if ours < theirs || breaks && ours < Semver::Major {
                milder.push(row);
            }
        }
    }
    fs::write(folder.path.join("verdicts.txt"), table)?;
    assert!(milder.is_empty(), "ours is milder:\n{}", milder.join("\n"));
    Ok(())
}

/// One client, and what was found out about it.
#[derive(Clone)]
struct Side {
    code: std::rc::Rc<GeneratedCode>,
    rustdoc: PathBuf,
    downstream_compiles: bool,
}

/// Where clients are compiled: one after the other in the same place, so that what they need is compiled once.
struct Folder {
    path: PathBuf,
    rustc: Vec<u8>,
}

impl Folder {
    fn new() -> Test<Self> {
        let path = std::env::current_exe()?.ancestors().nth(3).ok_or("no target folder")?.join("semver-checks");
        fs::create_dir_all(path.join("client/src/generated"))?;
        fs::create_dir_all(path.join("client/examples"))?;
        fs::create_dir_all(path.join("known"))?;
        let rustc = Command::new("rustc").arg("--version").output()?.stdout;
        Ok(Self { path, rustc })
    }

    /// Generates, documents and compiles the client of these fragments, unless that was done before.
    fn side(&self, documents: &Documents, sides: &mut BTreeMap<String, Side>) -> Test<Side> {
        let key = format!("{documents:?}");
        if let Some(side) = sides.get(&key) {
            return Ok(side.clone());
        }
        let files = crate::code::files(documents)?;
        let code = crate::code::code(&files)?;
        let known = self.known(&files)?;
        if !known.with_extension("downstream").exists() {
            self.write(&files)?;
            let json = self.rustdoc()?;
            fs::copy(json, known.with_extension("json"))?;
            let compiled = self.cargo(&["check", "--quiet", "--example", "downstream", "--features", "httpmock"])?;
            fs::write(known.with_extension("errors"), &compiled.stderr)?;
            fs::write(known.with_extension("downstream"), compiled.status.success().to_string())?;
        }
        let downstream_compiles = fs::read_to_string(known.with_extension("downstream"))? == "true";
        let side = Side { code: code.into(), rustdoc: known.with_extension("json"), downstream_compiles };
        sides.insert(key, side.clone());
        Ok(side)
    }

    /// Where what is known of a client is kept, without an ending.
    fn known(&self, files: &[File]) -> Test<PathBuf> {
        let mut hasher = DefaultHasher::new();
        self.rustc.hash(&mut hasher);
        fs::read(downstream())?.hash(&mut hasher);
        for file in files.iter().filter(|file| file.path.starts_with("src/")) {
            file.text.hash(&mut hasher);
        }
        Ok(self.path.join("known").join(format!("{:016x}", hasher.finish())))
    }

    fn write(&self, files: &[File]) -> Test {
        let client = self.path.join("client");
        let dependencies =
            files.iter().find(|file| file.path.ends_with("dependencies.toml")).ok_or("no dependencies")?;
        let manifest = format!(
            "[package]\nname = \"client\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\n\n[workspace]\n\n\
             [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n{}",
            dependencies.text
        );
        fs::write(client.join("Cargo.toml"), manifest)?;
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"), client.join("Cargo.lock"))?;
        fs::write(client.join("src/lib.rs"), "mod generated;\npub use generated::*;\n")?;
        fs::copy(downstream(), client.join("examples/downstream.rs"))?;
        for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
            fs::write(client.join(&file.path), &file.text)?;
        }
        Ok(())
    }

    /// The documentation as JSON, made the way `cargo-semver-checks` makes it.
    fn rustdoc(&self) -> Test<PathBuf> {
        let unstable = ["-Zunstable-options", "--document-private-items", "--document-hidden-items"];
        let arguments = [
            &["rustdoc", "--quiet", "--lib", "--features", "httpmock", "--"],
            unstable.as_slice(),
            &["--output-format=json", "--cap-lints=allow"],
        ];
        let output = self.cargo(&arguments.concat())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(self.path.join("target/doc/client.json"))
    }

    fn cargo(&self, arguments: &[&str]) -> Test<Output> {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(self.path.join("client")).env("CARGO_TARGET_DIR", self.path.join("target"));
        // Documentation as JSON is not stable yet.
        command.env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        Ok(command.output()?)
    }

    fn semver_checks(&self, old: &Side, new: &Side) -> Test<Semver> {
        let mut command = Command::new(env!("CARGO"));
        command.args(["semver-checks", "--release-type", "patch", "--color", "never"]);
        command.arg("--baseline-rustdoc").arg(&old.rustdoc).arg("--current-rustdoc").arg(&new.rustdoc);
        let output = command.current_dir(&self.path).output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let summary =
            said.lines().find_map(|line| line.trim_start().strip_prefix("Summary ")).ok_or_else(|| said.clone())?;
        match summary.trim() {
            summary if summary.starts_with("no semver update required") => Ok(Semver::Patch),
            summary if summary.starts_with("semver requires new minor version") => Ok(Semver::Minor),
            summary if summary.starts_with("semver requires new major version") => Ok(Semver::Major),
            _ => Err(said.into()),
        }
    }
}

fn downstream() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/downstream.rs")
}
