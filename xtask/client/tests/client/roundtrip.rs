//! The oracle: what a type reads and writes is what its schema says.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::Test;

fn oracle(given: &Path) -> Test<Output> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "xtask-client", "--example", "roundtrip", "--"])
        .arg(given)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    Ok(output)
}

#[test]
fn what_is_valid_comes_back_as_it_was_or_a_warning_names_the_loss() -> Test {
    let output = oracle(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roundtrip/shop.json"))?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let last = text.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("1 documents, 0 of them without a client; 42 schemas, 0 of them without a sample; "),
        "{last}"
    );
    assert!(last.ends_with(" samples; 0 losses named by a warning, 0 unnamed"), "{last}");
    Ok(())
}

#[test]
fn a_loss_that_no_warning_names_fails() -> Test {
    let folder = tempfile::tempdir()?;
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": "Lossy", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
        }}}}}},
        // Nothing is said of further members, so that they are valid, and no type has a place for them.
        "components": {"schemas": {"Thing": {
            "type": "object", "properties": {"a": {"type": "string"}}, "example": {"a": "1", "x": 3}
        }}}
    });
    let path = folder.path().join("lossy.json");
    fs::write(&path, document.to_string())?;
    let output = oracle(&path)?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let loss = format!(
        "{}: unnamed loss\n  schema Thing\n  sample {{\"a\":\"1\",\"x\":3}}\n  is written as {{\"a\":\"1\"}}: `/x` is lost\n",
        path.display()
    );
    assert!(text.starts_with(&loss), "{text}");
    Ok(())
}

#[test]
fn without_a_document_it_ends_with_exit_code_2() -> Test {
    let folder = tempfile::tempdir()?;
    let output = oracle(folder.path())?;
    assert_eq!(output.status.code(), Some(2));
    let shown = folder.path().display();
    let message = format!("error: no document in `{shown}`: give a file of OpenAPI 3.1, or a folder of them\n");
    assert_eq!(String::from_utf8(output.stderr)?, message);
    Ok(())
}
