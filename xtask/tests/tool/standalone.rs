//! `--out DIR` gives a client that compiles and is safe anywhere, with nothing but the crates it names.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace::{Workspace, root};
use xtask::terminal::Outcome;

#[test]
fn a_generated_folder_stands_by_itself() -> Result<(), Box<dyn std::error::Error>> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/odd");
    let workspace = Workspace::empty()?;
    workspace.write("odd.json", &fs::read_to_string(fixture.join("odd.json"))?)?;
    workspace.write("rows.json", &fs::read_to_string(fixture.join("../rows/rows.json"))?)?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let (warnings, _) = run.err.split_once("       2 fragments").ok_or("no summary")?;
    insta::assert_snapshot!(warnings);

    let out = workspace.path("out");
    let dependencies = workspace.generated("src/generated/dependencies.toml")?;
    let manifest = format!(
        "[package]\nname = \"odd\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n{dependencies}\n\
         [dev-dependencies]\ntokio = {{ version = \"1\", features = [\"rt\", \"net\", \"time\"] }}\n"
    );
    fs::write(out.join("Cargo.toml"), manifest)?;
    // The versions that are on this machine already, since the workspace needs them too.
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock"))?;
    let strict = "#![deny(warnings)]\n";
    let root_module = "#[rustfmt::skip]\nmod generated;\npub use generated::*;\n";
    fs::write(out.join("src/lib.rs"), format!("{strict}{root_module}"))?;
    fs::create_dir_all(out.join("examples"))?;
    let check = fs::read_to_string(fixture.join("check.rs"))?;
    fs::write(out.join("examples/check.rs"), format!("{strict}{check}"))?;

    let output = build_in(&mut Command::new(env!("CARGO")), "standalone")?
        .args(["run", "--quiet", "--example", "check", "--features", "httpmock"])
        .current_dir(&out)
        .output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Has cargo put programs into a folder of their own beside those of this build, and take from it what the workspace is built
/// of, which is the same where features and profile are. A cargo before 1.91 builds it again.
pub(crate) fn build_in<'c>(
    cargo: &'c mut Command,
    folder: &str,
) -> Result<&'c mut Command, Box<dyn std::error::Error>> {
    let target = std::env::current_exe()?.ancestors().nth(3).ok_or("no target folder")?.to_owned();
    Ok(cargo
        .env("CARGO_TARGET_DIR", target.join(folder))
        .env("CARGO_BUILD_BUILD_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "false"))
}
