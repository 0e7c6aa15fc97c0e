//! `Cargo.lock` beside a manifest with the marked block.

use crate::Test;
use std::error::Error;
use std::fs;

use crate::workspace::{Workspace, root};
use xtask::terminal::Outcome;

const BEGIN: &str = "# BEGIN crates that src/generated/ names; kept in step by `cargo xtask generate`\n";
const END: &str = "# END\n";

/// A folder `out` with a package whose marked block has these lines, and the lock of this workspace beside it.
fn with_block(lines: &str, more: &str) -> Result<Workspace, Box<dyn Error>> {
    let workspace = Workspace::published()?;
    let out = workspace.path("out");
    fs::create_dir_all(out.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"gen\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n[dependencies]\n{BEGIN}{lines}{END}{more}"
    );
    fs::write(out.join("Cargo.toml"), manifest)?;
    fs::write(out.join("src/lib.rs"), "")?;
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))?;
    Ok(workspace)
}

/// One whose block lacks most of what is needed.
fn with_old_block(more: &str) -> Result<Workspace, Box<dyn Error>> {
    with_block(
        "httpmock = { version = \"0.9\", optional = true }\nregex = { version = \"1\", optional = true }\n",
        more,
    )
}

#[test]
fn the_lock_follows_the_block_in_the_same_run() -> Test {
    let workspace = with_old_block("")?;
    let out = workspace.path("out");
    let before = fs::read_to_string(out.join("Cargo.lock"))?;

    let check = workspace.generate(&["--check"]);
    assert_eq!(check.outcome, Outcome::Verdict, "{}", check.err);
    assert!(
        check.err.ends_with(
            "out/Cargo.toml: stale\nout/Cargo.lock: stale\nout/Cargo.lock: lacks `gen` 0.0.0\n  \
             help: run `cargo xtask generate` and commit what it changes\n"
        ),
        "{}",
        check.err
    );
    assert_eq!(fs::read_to_string(out.join("Cargo.lock"))?, before);

    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(run.err.contains(" changed out/Cargo.toml\n changed out/Cargo.lock\n"), "{}", run.err);
    let lock = fs::read_to_string(out.join("Cargo.lock"))?;
    assert!(
        lock.contains("name = \"gen\"\nversion = \"0.0.0\"\ndependencies = [\n \"http\",\n \"httpmock\","),
        "{lock}"
    );
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn a_package_is_begun_with_an_empty_block_beside_features_that_name_its_crates() -> Test {
    let workspace = with_block("", "")?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn a_lock_that_lacks_a_crate_of_the_block_is_stale_every_time() -> Test {
    let workspace = with_old_block("")?;
    let path = workspace.path("out/Cargo.lock");
    let first = fs::read_to_string(&path)?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    let lock = fs::read_to_string(&path)?;

    for (old, lacks) in [
        (lock.replace(" \"httpmock\",\n", ""), "`httpmock` 0.9 for `gen`"),
        // What was there before the package, after a run that found nothing to do.
        (first, "`gen` 0.0.0"),
    ] {
        assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
        fs::write(&path, old)?;
        let check = workspace.generate(&["--check"]);
        assert_eq!(check.outcome, Outcome::Verdict, "{}", check.err);
        let told = format!(
            "\nout/Cargo.lock: stale\nout/Cargo.lock: lacks {lacks}\n  \
             help: run `cargo xtask generate` and commit what it changes\n"
        );
        assert!(check.err.ends_with(&told), "{}", check.err);
        assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
        assert_eq!(fs::read_to_string(&path)?, lock);
    }
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
fn where_cargo_fails_its_words_are_handed_on_and_the_lock_stays_stale() -> Test {
    let workspace = with_old_block("nowhere = { path = \"nowhere\" }\n")?;
    let before = fs::read_to_string(workspace.path("out/Cargo.lock"))?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    let head = "out/Cargo.toml: error[lock]: Cargo.lock can't be brought in step: failed to ";
    assert!(run.err.starts_with(head) && run.err.contains("nowhere/Cargo.toml`: "), "{}", run.err);
    assert!(!run.err.contains("\\n"), "{}", run.err);
    let help = "  help: fix what cargo says, or connect to the network where it lacks a crate, and run it again; \
                everything else is written\n";
    assert!(run.err.contains(help), "{}", run.err);
    assert_eq!(fs::read_to_string(workspace.path("out/Cargo.lock"))?, before);
    let check = workspace.generate(&["--check"]);
    assert_eq!(check.outcome, Outcome::Verdict);
    assert!(check.err.contains("lacks `gen` 0.0.0\n"), "{}", check.err);
    Ok(())
}
