//! How `import` fetches pages, with a `curl` that only says what it was asked.
#![cfg(unix)]

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const URL: &str = "https://example.org/main/im-info.md?view={all}#top";

const FRAGMENT: &str = "{\"openapi\":\"3.1.1\",\"info\":{\"version\":\"1\"},\"paths\":{\"/im\":{\"get\":{}}}}";

/// Imports [`URL`] into `folder`; the only program it finds is the one in `path`, which answers with the file `answer`.
fn import(folder: &Path, path: &Path, answer: &Path) -> io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["import", URL, "--openapi"])
        .arg(folder.join("openapi"))
        .env("PATH", path)
        .env("CALLED", folder.join("called"))
        .env("ANSWER", answer)
        .stdin(Stdio::null())
        .output()
}

fn curl() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fetch"))
}

#[test]
fn a_page_is_fetched_over_https_alone_and_known_by_its_address() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let page = folder.path().join("page");
    fs::write(&page, format!("\u{feff}# A page\n\n```json\n{FRAGMENT}\n```\n"))?;
    let output = import(folder.path(), curl(), &page)?;
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "    added im-info.json  GET /im  1\n        1 fragment  1 added, 0 changed, 0 unchanged; files written: 2\n"
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        fs::read_to_string(folder.path().join("called"))?.lines().collect::<Vec<_>>(),
        [
            "--disable",
            "--silent",
            "--show-error",
            "--fail",
            "--location",
            "--globoff",
            "--proto",
            "=https",
            "--max-time",
            "60",
            "--max-filesize",
            "33554432",
            "--url",
            URL
        ]
    );
    let register = fs::read_to_string(folder.path().join("openapi/sources.toml"))?;
    assert!(register.contains(&format!("[fragment.\"im-info.json\"]\npublished = \"{URL}\"\n")), "{register}");
    Ok(())
}

#[test]
fn a_page_that_is_not_there_is_an_error_with_what_curl_said() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let output = import(folder.path(), curl(), Path::new(""))?;
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "{URL}: error[fetch]: can't be fetched: curl: (22) The requested URL returned error: 404\n  \
             help: check the address and the network, or download the page by other means and name its file\n\n"
        )
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path().join("openapi").exists());
    Ok(())
}

#[test]
fn an_answer_without_end_is_cut_off() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let output = import(folder.path(), curl(), Path::new("/dev/zero"))?;
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "{URL}: error[fetch]: can't be fetched: it is larger than 32 MiB, the most that is read\n  \
             help: check the address and the network, or download the page by other means and name its file\n\n"
        )
    );
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

#[test]
fn a_machine_without_curl_is_told_so() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let output = import(folder.path(), folder.path(), Path::new(""))?;
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "{URL}: error[fetch]: can't be fetched: the program `curl` is not there\n  \
             help: install curl, or download the page by other means and name its file\n\n"
        )
    );
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}
