//! The pipeline, as a maintainer runs it.

use crate::Test;
use std::fs;
use std::io;

use crate::workspace::Workspace;
use serde_json::{Value, json};
use xtask::terminal::Outcome;

const FILES: [&str; 6] = [
    "openapi.json",
    "src/generated/mod.rs",
    "src/generated/client.rs",
    "src/generated/support.rs",
    "src/generated/httpmock.rs",
    "src/generated/dependencies.toml",
];

fn texts(workspace: &Workspace) -> io::Result<Vec<String>> {
    FILES.iter().map(|file| workspace.generated(file)).collect()
}

#[test]
fn a_run_says_what_it_did() -> Test {
    let workspace = Workspace::published()?;
    let run = workspace.generate(&[]);
    let lines: usize = texts(&workspace)?.iter().map(|text| text.lines().count()).sum();
    let printed = run.err.replace(&format!("{lines} lines"), "LINES lines");
    let (counts, times) = printed.split_once(" read ").ok_or("no times")?;
    let (counts, _) = counts.rsplit_once('\n').ok_or("no counts")?;
    insta::assert_snapshot!(counts, @r"
           3 fragments  spec version 20.17.1
           3 operations
          11 schemas
           6 files      LINES lines, 6 changed
     created out/openapi.json
     created out/src/generated/mod.rs
     created out/src/generated/client.rs
     created out/src/generated/support.rs
     created out/src/generated/httpmock.rs
     created out/src/generated/dependencies.toml
    ");
    let stages = format!("read {}", times.trim_end());
    let stages: Vec<&str> =
        stages.split(" · ").map(|stage| stage.rsplit_once(' ').unwrap_or_default().0.trim()).collect();
    assert_eq!(stages, ["read", "merge", "overlay", "lower", "shape", "code", "assemble", "write"]);
    Ok(())
}

#[test]
fn every_file_says_by_which_command_it_was_made_and_from_what() -> Test {
    let workspace = Workspace::published()?;
    let _ = workspace.generate(&[]);
    for (file, text) in FILES.iter().zip(texts(&workspace)?) {
        for fact in [
            "cargo xtask generate",
            "20.17.1",
            "0.15.1",
            "im-info.json",
            "d236d154b18fae3d2a394799c075f79080f1c387a00701adf43ae118945d1b5d",
        ] {
            let head: String = text.lines().take(16).collect();
            assert!(head.contains(fact), "{file}: {fact}");
        }
    }
    Ok(())
}

#[test]
fn a_second_run_leaves_every_file_untouched() -> Test {
    let workspace = Workspace::published()?;
    let _ = workspace.generate(&[]);
    let times = || {
        FILES
            .iter()
            .map(|file| fs::metadata(workspace.path("out").join(file))?.modified())
            .collect::<io::Result<Vec<_>>>()
    };
    let before = times()?;
    assert!(workspace.generate(&[]).err.contains("lines, 0 changed"));
    assert_eq!(times()?, before);
    Ok(())
}

#[test]
fn a_run_with_nothing_to_do_repeats_its_warnings() -> Test {
    let workspace = Workspace::published()?;
    workspace.edit("im-info.json", |document| document["info"]["title"] = json!("API"))?;
    let warnings = |run: String| run.split("       3 fragments").next().unwrap_or_default().to_owned();
    let first = warnings(workspace.generate(&[]).err);
    assert!(first.contains("warning[prose-differs]"), "{first}");
    assert_eq!(warnings(workspace.generate(&[]).err), first);
    Ok(())
}

#[test]
fn check_shows_what_is_stale_and_writes_nothing() -> Test {
    let workspace = Workspace::published()?;
    let _ = workspace.generate(&[]);
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);

    let edited = workspace.path("out/src/generated/mod.rs");
    let text = fs::read_to_string(&edited)?.replace("20.17.1\";", "20.17.2\";");
    fs::write(&edited, &text)?;
    fs::remove_file(workspace.path("out/src/generated/httpmock.rs"))?;
    let run = workspace.generate(&["--check"]);
    assert_eq!(run.outcome, Outcome::Verdict);
    assert_eq!(run.out, "");
    assert!(
        run.err
            .contains("-pub const SPEC_VERSION: &str = \"20.17.2\";\n+pub const SPEC_VERSION: &str = \"20.17.1\";\n")
    );
    assert!(run.err.contains("@@ -0,0 +1,"), "the missing file is shown whole");
    assert!(run.err.ends_with(
        "out/src/generated/mod.rs: stale\n\
         out/src/generated/httpmock.rs: stale\n  \
         help: run `cargo xtask generate` and commit what it changes\n"
    ));
    assert_eq!(fs::read_to_string(&edited)?, text);
    assert!(!workspace.path("out/src/generated/httpmock.rs").exists());
    Ok(())
}

#[test]
fn what_is_stale_is_brought_in_step_and_what_is_not_ours_is_left_alone() -> Test {
    let workspace = Workspace::published()?;
    let _ = workspace.generate(&[]);
    let complete = texts(&workspace)?;
    // One file of an old state, one not there yet, one that was generated once; the rest is the user's.
    fs::write(workspace.path("out/openapi.json"), "{\"openapi\": \"3.0.3\"}")?;
    fs::remove_file(workspace.path("out/src/generated/client.rs"))?;
    let mine = [
        ("out/src/generated/by_hand.rs", "// mine\n"),
        (
            "out/src/generated/notes.rs",
            "//! Not generated by hand: // Generated by `cargo xtask generate`: do not edit.\n",
        ),
        ("out/src/generated/quotes.rs", "// See\n// Generated by `cargo xtask generate`: do not edit.\n"),
        ("out/src/generated/.xtask-notes.txt", "mine"),
        ("out/.xtask-notes.txt", "mine"),
    ];
    for (file, text) in mine {
        fs::write(workspace.path(file), text)?;
    }
    fs::write(workspace.path("out/src/generated/old.rs"), "// Generated by `cargo xtask generate`: do not edit.\n")?;

    let run = workspace.generate(&["--check"]);
    assert_eq!(run.outcome, Outcome::Verdict);
    let stale: Vec<&str> = run.err.lines().filter_map(|line| line.strip_suffix(": stale")).collect();
    assert_eq!(stale, ["out/openapi.json", "out/src/generated/client.rs", "out/src/generated/old.rs"]);
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    assert_eq!(texts(&workspace)?, complete);
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    for (file, text) in mine {
        assert_eq!(fs::read_to_string(workspace.path(file))?, text, "{file}");
    }
    Ok(())
}

#[test]
fn bad_input_is_named_and_nothing_is_written() -> Test {
    let cases: [(&str, &str, &str); 7] = [
        ("a.json", "{\"openapi\": \"3.1.1\",}", "openapi/a.json:1:21: error[syntax]: not valid JSON: trailing comma"),
        ("a.json", "", "openapi/a.json:1:1: error[syntax]: not valid JSON: EOF while parsing a value"),
        ("a.yaml", "openapi: [", "openapi/a.yaml:2:1: error[syntax]: not valid YAML: "),
        (
            "a.json",
            "{\"swagger\": \"2.0\"}",
            "openapi/a.json:1:1: error[not-openapi]: a Swagger 2.0 document, which this program doesn't take",
        ),
        (
            "a.json",
            "{\"name\": \"package\"}",
            "openapi/a.json:1:1: error[not-openapi]: not an OpenAPI document: it has no `openapi` version",
        ),
        ("a.json", "[]", "openapi/a.json:1:1: error[not-openapi]: not an OpenAPI document: its root is not an object"),
        (
            "a.json",
            "{\"openapi\": \"4.0.0\"}",
            "openapi/a.json:1:2: error[version]: OpenAPI version \"4.0.0\" is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
        ),
    ];
    for (name, text, message) in cases {
        let workspace = Workspace::published()?;
        workspace.write(name, text)?;
        let run = workspace.generate(&[]);
        assert_eq!(run.outcome, Outcome::Failure, "{text}");
        assert!(run.err.starts_with(message), "{text}: {}", run.err);
        assert!(run.err.contains("\n  help: "), "{}", run.err);
        assert!(!workspace.path("out").exists(), "{text}");
    }
    Ok(())
}

#[test]
fn an_empty_or_missing_folder_is_an_error() -> Test {
    let workspace = Workspace::empty()?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "openapi: error[no-fragments]: there is no fragment in this folder: no .json, .yaml or .yml file but an overlay\n  \
         help: name the folder that holds the fragments with `--openapi DIR`\n\n"
    );
    fs::remove_dir(workspace.path("openapi"))?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "openapi: error[no-fragments]: there is no such folder here\n  help: go to the root of the checkout, where \
         `openapi` is, or name the folder: `--openapi DIR`\n\n"
    );
    Ok(())
}

#[test]
fn a_shell_is_told_every_command_that_the_help_has() -> Test {
    let printed = |arguments: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = xtask::cli::run(arguments.iter().map(Into::into), &mut out, &mut err);
        (outcome, String::from_utf8_lossy(&out).into_owned())
    };
    let (outcome, help) = printed(&["xtask", "--help"]);
    assert_eq!(outcome, Outcome::Done);
    let help = anstream::adapter::strip_str(&help).to_string();
    let names: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .take_while(|line| *line != "Options:")
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names, ["generate", "merge", "import", "diff", "bump", "explain", "completions", "help"]);
    for shell in ["bash", "zsh", "fish"] {
        let (outcome, script) = printed(&["xtask", "completions", shell]);
        assert_eq!(outcome, Outcome::Done);
        for name in &names {
            assert!(script.contains(name), "{shell} doesn't know {name}");
        }
    }
    Ok(())
}

#[test]
fn a_disk_that_cannot_be_written_is_exit_code_2() -> Test {
    let workspace = Workspace::published()?;
    fs::write(workspace.path("out"), "a file where the folder should be")?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(run.err.contains("error[io]: can't be "), "{}", run.err);
    Ok(())
}

#[test]
fn bad_usage_is_exit_code_2_and_help_is_none() -> Test {
    let workspace = Workspace::published()?;
    for arguments in [&["generat"][..], &["generate", "--chek"], &["generate", "extra"]] {
        assert_eq!(workspace.run(arguments).outcome, Outcome::Failure, "{arguments:?}");
    }
    let help = xtask::cli::run(["xtask", "--help"].map(Into::into), &mut Vec::new(), &mut Vec::new());
    assert_eq!(help, Outcome::Done);
    Ok(())
}

fn generated_document(workspace: &Workspace) -> io::Result<String> {
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    workspace.generated("openapi.json")
}

#[test]
fn merge_prints_the_document_and_writes_it_where_it_is_told() -> Test {
    let workspace = Workspace::published()?;
    let run = workspace.run(&["merge"]);
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    assert_eq!(run.out, generated_document(&workspace)?);
    let file = workspace.path("merged.json");
    assert_eq!(workspace.run(&["merge", "-o", &file.display().to_string()]).out, "");
    assert_eq!(fs::read_to_string(file)?, run.out);
    Ok(())
}

#[test]
fn nothing_of_a_fragment_is_lost() -> Test {
    let workspace = Workspace::published()?;
    let merged: Value = serde_json::from_str(&workspace.run(&["merge"]).out)?;
    for name in xtask_fixtures::names()? {
        let fragment = workspace.read(&name)?;
        for (path, item) in fragment["paths"].as_object().ok_or("no paths")? {
            for (method, operation) in item.as_object().ok_or("no item")? {
                let mut found = merged["paths"][path][method].clone();
                found.as_object_mut().ok_or("no operation")?.remove("operationId");
                assert_eq!(&found, operation, "{method} {path}");
            }
        }
        for (schema, content) in fragment["components"]["schemas"].as_object().ok_or("no schemas")? {
            assert_eq!(&merged["components"]["schemas"][schema], content, "{schema}");
        }
        assert_eq!(merged["info"], fragment["info"]);
        assert_eq!(merged["servers"], fragment["servers"]);
    }
    Ok(())
}

#[test]
fn the_names_of_the_files_and_the_order_of_keys_change_nothing() -> Test {
    let documents = |names: [&str; 3], reverse: bool| -> Result<Value, Box<dyn std::error::Error>> {
        let published = Workspace::published()?;
        let workspace = Workspace::empty()?;
        for (index, (old, new)) in xtask_fixtures::names()?.iter().zip(names).enumerate() {
            let mut document = published.read(old)?;
            // Each fragment describes `Error` in a way of its own: which text stays must not depend on the order.
            document["components"]["schemas"]["Error"]["description"] = json!(format!("Text {index}"));
            workspace.write(new, &if reverse { reversed(&document) } else { document }.to_string())?;
        }
        let mut merged: Value = serde_json::from_str(&workspace.run(&["merge"]).out)?;
        merged["x-generated-by"] = Value::Null;
        Ok(merged)
    };
    let first = documents(["a.json", "b.json", "c.json"], false)?;
    assert_eq!(first["components"]["schemas"]["Error"]["description"], "Text 0");
    for names in [["c.json", "a.json", "b.json"], ["b.json", "c.json", "a.json"], ["c.json", "b.json", "a.json"]] {
        for reverse in [false, true] {
            let other = documents(names, reverse)?;
            assert_eq!(other, first);
            let paths =
                |document: &Value| document["paths"].as_object().map(|paths| paths.keys().cloned().collect::<Vec<_>>());
            assert_eq!(paths(&other), paths(&first));
        }
    }
    Ok(())
}

/// The same value with the keys of every object in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

#[test]
fn yaml_is_taken_as_well_as_json() -> Test {
    let workspace = Workspace::published()?;
    let expected = workspace.run(&["merge"]).out.replace("im-info.json", "im-info.yaml");
    let text = fs::read_to_string(workspace.path("openapi/im-info.json"))?;
    fs::remove_file(workspace.path("openapi/im-info.json"))?;
    workspace.write("im-info.yaml", &text.replace("\"openapi\": \"3.1.1\"", "# a comment\n  openapi: 3.1.1"))?;
    let without_digests = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("im-info.yaml")).map(str::to_owned).collect()
    };
    assert_eq!(without_digests(&workspace.run(&["merge"]).out), without_digests(&expected));
    Ok(())
}
