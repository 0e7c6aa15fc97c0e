//! `Cargo.lock` beside a manifest with the marked block.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use pod_api_tests::workspace::{Workspace, root};
use xtask::cli::Outcome;

const BEGIN: &str = "# BEGIN crates that src/generated/ names; kept in step by `cargo xtask generate`\n";
const END: &str = "# END\n";

type Test = Result<(), Box<dyn Error>>;

/// A folder `out` with a package whose block lacks most of what is needed, and the lock of this workspace beside it.
fn with_old_block(more: &str) -> Result<Workspace, Box<dyn Error>> {
    let workspace = Workspace::published()?;
    let out = workspace.path("out");
    fs::create_dir_all(out.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"gen\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n[dependencies]\n{BEGIN}\
         httpmock = {{ version = \"0.9\", optional = true }}\n\
         regex = {{ version = \"1\", optional = true }}\n{END}{more}"
    );
    fs::write(out.join("Cargo.toml"), manifest)?;
    fs::write(out.join("src/lib.rs"), "")?;
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))?;
    Ok(workspace)
}

fn locked(out: &Path) -> Result<bool, Box<dyn Error>> {
    let status = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .current_dir(out)
        .output()?
        .status;
    Ok(status.success())
}

#[test]
fn the_lock_follows_the_block_in_the_same_run() -> Test {
    let workspace = with_old_block("")?;
    let out = workspace.path("out");
    let before = fs::read_to_string(out.join("Cargo.lock"))?;

    let check = workspace.generate(&["--check"]);
    assert_eq!(check.outcome, Outcome::Verdict, "{}", check.err);
    assert!(check.err.contains("out/Cargo.toml: stale\nout/Cargo.lock: stale\n"), "{}", check.err);
    assert_eq!(fs::read_to_string(out.join("Cargo.lock"))?, before);

    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(run.err.contains(" changed out/Cargo.toml\n changed out/Cargo.lock\n"), "{}", run.err);
    let lock = fs::read_to_string(out.join("Cargo.lock"))?;
    assert!(
        lock.contains("name = \"gen\"\nversion = \"0.0.0\"\ndependencies = [\n \"http\",\n \"httpmock\","),
        "{lock}"
    );
    assert!(locked(&out)?, "cargo has nothing to add");
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn a_lock_that_lacks_a_crate_of_the_block_is_stale() -> Test {
    let workspace = with_old_block("")?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    let path = workspace.path("out/Cargo.lock");
    let lock = fs::read_to_string(&path)?;
    fs::write(&path, lock.replace(" \"httpmock\",\n", ""))?;

    let check = workspace.generate(&["--check"]);
    assert_eq!(check.outcome, Outcome::Verdict, "{}", check.err);
    assert!(check.err.contains("\n+ \"httpmock\",\n"), "{}", check.err);
    assert!(
        check.err.ends_with("out/Cargo.lock: stale\n  help: run `cargo xtask generate` and commit what it changes\n")
    );

    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    assert_eq!(fs::read_to_string(&path)?, lock);
    Ok(())
}

#[test]
fn without_a_lock_none_is_made() -> Test {
    let workspace = with_old_block("")?;
    fs::remove_file(workspace.path("out/Cargo.lock"))?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    assert!(!workspace.path("out/Cargo.lock").exists());
    Ok(())
}

#[test]
fn where_cargo_fails_its_words_are_handed_on_and_nothing_is_written() -> Test {
    let workspace = with_old_block("nowhere = { path = \"nowhere\" }\n")?;
    let out = workspace.path("out");
    let before = fs::read_to_string(out.join("Cargo.toml"))?;

    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(
        run.err.contains("out/Cargo.toml: error[lock]: Cargo.lock can't be brought in step: error: "),
        "{}",
        run.err
    );
    assert!(run.err.contains("nowhere/Cargo.toml"), "{}", run.err);
    assert!(run.err.contains("help: mend what cargo says; where it lacks a crate, run it again with a network"));
    assert_eq!(fs::read_to_string(out.join("Cargo.toml"))?, before);
    assert!(!out.join("openapi.json").exists());
    Ok(())
}
