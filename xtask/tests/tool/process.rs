//! The program as a process: exit codes, streams, colours.

use std::process::{Command, Output, Stdio};

/// Fragments that no new version of the specification changes.
const FROZEN: &str = "xtask/fixtures/20.17.1";
const ROOM: &str = "xtask/fixtures/20.17.1/create-room-v3.json";

fn xtask(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
}

#[test]
fn the_workspace_is_in_step_and_that_is_exit_code_0() -> std::io::Result<()> {
    // The one test of the tool that is about this client.
    let output = xtask(&["generate", "--check"])?;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains('\u{1b}'), "no colours where there is no terminal: {said:?}");
    Ok(())
}

#[test]
fn a_stale_folder_is_exit_code_1() -> std::io::Result<()> {
    let out = tempfile::tempdir()?;
    let output = xtask(&["generate", "--check", "--openapi", FROZEN, "--out", &out.path().display().to_string()])?;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_dir(out.path())?.count(), 0, "nothing is written");
    Ok(())
}

#[test]
fn bad_input_and_bad_usage_are_exit_code_2() -> std::io::Result<()> {
    for arguments in [&["generate", "--openapi", "nowhere"][..], &["merge", "--openapi", "xtask"], &["unheard-of"], &[]]
    {
        let output = xtask(arguments)?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn a_document_goes_to_stdout_and_nothing_else_does() -> Result<(), Box<dyn std::error::Error>> {
    let output = xtask(&["merge", "--openapi", FROZEN])?;
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(document["openapi"], "3.0.3");
    assert!(output.stderr.is_empty());
    Ok(())
}

#[test]
fn a_report_goes_to_stdout_and_the_verdict_is_the_exit_code() -> Result<(), Box<dyn std::error::Error>> {
    let newer = tempfile::tempdir()?;
    let room = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/20.17.1/create-room-v3.json"))?;
    let file = newer.path().join("room.json");
    std::fs::write(&file, room.replacen("\"type\": \"boolean\"", "\"type\": \"string\"", 1))?;
    let file = file.display().to_string();
    let diff = |new: &str, arguments: &[&str]| xtask(&[&["diff", ROOM, new, "--format", "json"], arguments].concat());
    let report = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout);
    for (new, arguments, code) in [
        (file.as_str(), &[][..], 0),
        (&file, &["--fail-on", "any"], 1),
        (&file, &["--fail-on", "breaking"], 1),
        (ROOM, &["--fail-on", "any"], 0),
    ] {
        let output = diff(new, arguments)?;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}");
        let breaks = u64::from(new == file);
        assert_eq!(report(&output)?["summary"]["breaks"], breaks, "{arguments:?}");
    }
    for arguments in
        [&["diff"][..], &["diff", FROZEN], &["diff", FROZEN, "nowhere"], &["diff", "a", "b", "--format", "xml"]]
    {
        let output = xtask(arguments)?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn colours_can_be_asked_for() -> std::io::Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["generate", "--check", "--openapi", FROZEN])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("CLICOLOR_FORCE", "1")
        .output()?;
    assert!(String::from_utf8_lossy(&output.stderr).contains("\u{1b}[1m       3"));
    Ok(())
}

#[test]
#[cfg(unix)]
fn a_pipe_or_a_device_among_the_fragments_is_an_error_and_no_wait() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let pipe = folder.path().join("a.json");
    assert!(Command::new("mkfifo").arg(&pipe).status()?.success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("b.yaml"))?;
    let openapi = folder.path().display().to_string();
    for arguments in [&["merge", "--openapi", &openapi][..], &["import", &openapi, "--openapi", &openapi]] {
        let output = xtask(arguments)?;
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = format!("{openapi}/a.json: error[io]: can't be read: it isn't a regular file\n");
        assert!(said.starts_with(&expected), "{said}");
    }
    Ok(())
}
