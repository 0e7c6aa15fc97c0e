//! What progenitor doesn't come back from is an error that names the schema or operation. The faults are planted: a debug
//! build takes them from its environment.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::Test;
use super::workspace::{Workspace, root};

const SCHEMA: &str = "V3RoomAttributes";
const OPERATION: &str = "v3RoomCreatePost";

/// Runs the program with a fault in it.
fn with(fault: &str, workspace: &Workspace, arguments: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(workspace.path(""))
        .env("XTASK_PLANTED", fault)
        .output()
}

/// The first line that a run says.
fn first(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned()
}

#[test]
#[cfg(debug_assertions)]
fn a_crash_or_a_run_without_end_is_an_error_that_names_its_schema_or_operation() -> Test {
    let workspace = Workspace::published()?;
    let schema = "openapi/create-room-v3.json:126:7: error[generator]: progenitor doesn't come back from schema \
                  `V3RoomAttributes`: it ";
    let operation = "openapi/create-room-v3.json:14:7: error[generator]: progenitor doesn't come back from operation \
                     `POST /v3/room/create`: it ";
    let below_schema = " (/components/schemas/V3RoomAttributes)";
    let below_operation = " (/paths/~1v3~1room~1create/post)";
    for (fault, name, reason) in [
        ("overflow", SCHEMA, "overflowed its stack"),
        ("overflow", OPERATION, "overflowed its stack"),
        ("endless", OPERATION, "took longer than 2 s"),
        #[cfg(target_os = "linux")]
        ("memory", SCHEMA, "took more than 4 GiB of memory"),
    ] {
        let (begin, end) = if name == SCHEMA { (schema, below_schema) } else { (operation, below_operation) };
        let output = with(&format!("{fault} {name}"), &workspace, &["generate", "--out", "out"])?;
        assert_eq!(first(&output), format!("{begin}{reason}{end}"));
        assert_eq!(output.status.code(), Some(2), "{fault} {name}");
        assert!(!workspace.path("out").join("openapi.json").exists(), "nothing is written");
    }
    Ok(())
}

#[test]
#[cfg(debug_assertions)]
fn no_command_that_generates_is_taken_along() -> Test {
    let workspace = Workspace::published()?;
    assert!(with("", &workspace, &["generate", "--out", "out"])?.status.success());
    let expected = "progenitor doesn't come back from schema `V3RoomAttributes`: it overflowed its stack";
    fs::create_dir(workspace.path("pages"))?;
    for name in xtask_fixtures::names()? {
        let text = fs::read_to_string(workspace.path("openapi").join(&name))?;
        fs::write(workspace.path("pages").join(&name), text.replace("20.17.1", "20.18.0"))?;
    }
    for arguments in [
        &["diff", "openapi", "pages"][..],
        &["diff", "--generator", "--out", "out"],
        &["bump", "pages", "--out", "out", "--dry-run"],
    ] {
        let output = with(&format!("overflow {SCHEMA}"), &workspace, arguments)?;
        assert!(first(&output).contains(expected), "{arguments:?}: {}", first(&output));
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    Ok(())
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_costs_the_schema_or_operation_alone() -> Test {
    let workspace = Workspace::published()?;
    for (name, said) in [
        (
            SCHEMA,
            "openapi/create-room-v3.json:126:7: warning[left-out]: schema `V3RoomAttributes` is taken for any JSON: \
             progenitor can't make a type of it: planted (/components/schemas/V3RoomAttributes)",
        ),
        (
            OPERATION,
            "openapi/create-room-v3.json:14:7: warning[left-out]: operation `POST /v3/room/create` is left out: \
             progenitor can't take it: planted (/paths/~1v3~1room~1create/post)",
        ),
    ] {
        let output = with(&format!("panic {name}"), &workspace, &["generate", "--out", "out"])?;
        assert_eq!((first(&output).as_str(), output.status.code()), (said, Some(0)));
    }
    Ok(())
}

#[test]
fn a_process_of_its_own_changes_no_byte() -> Test {
    for fixture in ["odd/odd.json", "rows/rows.json"] {
        let workspace = Workspace::empty()?;
        workspace.write("a.json", &fs::read_to_string(root().join("xtask/tests/fixtures").join(fixture))?)?;
        let here = workspace.generate(&[]);
        let apart = with("", &workspace, &["generate", "--out", "apart"])?;
        assert!(apart.status.success(), "{fixture}: {here:?}");
        let (here, apart) = (files(&workspace.path("out"))?, files(&workspace.path("apart"))?);
        assert_eq!(here.keys().collect::<Vec<_>>(), apart.keys().collect::<Vec<_>>());
        for (name, text) in here {
            assert!(apart.get(&name) == Some(&text), "{fixture}: {name}");
        }
    }
    Ok(())
}

/// The texts of all files below a folder.
fn files(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
                found.insert(name, fs::read_to_string(path)?);
            }
        }
    }
    Ok(found)
}
