//! `cargo xtask import` where it has something to object: what it says, and that nothing is written.

use crate::Test;
use crate::pages::{Pages as _, fragment, page, stored};
use crate::workspace::Workspace;
use serde_json::json;
use xtask::terminal::Outcome;

#[test]
fn two_sources_of_one_file_are_an_error_that_names_both() -> Test {
    let workspace = Workspace::empty()?;
    let a = workspace.source("1/a.json", &fragment("get", "/a", "1").to_string())?;
    let b = workspace.source("2/A.md", &page(&[fragment("get", "/b", "1")]))?;
    let run = workspace.import(&[&a, &b]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err, @r#"
    pages/2/A.md:25:1: error[collision]: leads to `A.json`, as another source of this run does
       |
    25 | {"openapi":"3.1.1","info":{"title":"A","version":"1"},"paths":{"/b":{"get":{"responses":{"20...
       | ^
       |
      --> pages/1/a.json:1:1
       |
     1 | {"openapi":"3.1.1","info":{"title":"A","version":"1"},"paths":{"/a":{"get":{"responses":{"20...
       | - the other source
      help: give only one of the two, or rename the file of one
    "#);
    assert!(workspace.names()?.is_empty());

    workspace.write("both.json", &{
        let mut both = fragment("get", "/a", "1");
        both["paths"]["/b"] = json!({"get": {}});
        stored(&both)
    })?;
    let run = workspace.import(&[&a, &b]);
    insta::assert_snapshot!(run.err, @r#"
    pages/2/A.md:25:1: error[collision]: leads to `both.json`, as another source of this run does
       |
    25 | {"openapi":"3.1.1","info":{"title":"A","version":"1"},"paths":{"/b":{"get":{"responses":{"20...
       | ^
       |
      --> pages/1/a.json:1:1
       |
     1 | {"openapi":"3.1.1","info":{"title":"A","version":"1"},"paths":{"/a":{"get":{"responses":{"20...
       | - the other source
      help: give only one of the two; or remove `both.json` first, if it was one fragment and is two now
    "#);
    Ok(())
}

#[test]
fn the_name_of_another_fragment_is_not_taken_from_it() -> Test {
    let workspace = Workspace::empty()?;
    workspace.write("info.json", &stored(&fragment("get", "/im", "1")))?;
    let source = workspace.source("info.json", &fragment("get", "/room", "1").to_string())?;
    let run = workspace.import(&[&source]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err, @r#"
    pages/info.json:1:1: error[collision]: would be called `info.json`, which is the name of another fragment
      |
    1 | {"openapi":"3.1.1","info":{"title":"A","version":"1"},"paths":{"/room":{"get":{"responses":{"...
      | ^
      |
     --> openapi/info.json: the other fragment, which holds `GET /im`
      help: rename the page's file; or remove the fragment that has the name, if this one takes its place
    "#);
    assert_eq!(workspace.names()?, ["info.json"]);
    Ok(())
}

#[test]
fn a_fragment_of_several_files_is_an_error_that_names_them() -> Test {
    let workspace = Workspace::published()?;
    let merged = workspace.run(&["merge"]).out.replace("\"3.0.3\"", "\"3.1.1\"");
    let source = workspace.source("all.json", &merged)?;
    insta::assert_snapshot!(workspace.import(&[&source]).err, @"
    pages/all.json:1:1: error[several]: holds operations that stand in several files here
      |
    1 | {
      | ^
      |
     --> openapi/create-im-or-mim-admin.json: `POST /v1/admin/im/create`
     --> openapi/create-room-v3.json: `POST /v3/room/create`
     --> openapi/im-info.json: `GET /v1/im/{id}/info`
      help: remove these files if the fragment takes the place of them all
    ");
    Ok(())
}

#[test]
fn one_bad_source_keeps_all_others_from_being_written() -> Test {
    let workspace = Workspace::empty()?;
    let good = workspace.source("good.md", &page(&[fragment("get", "/a", "1")]))?;
    let broken = page(&[fragment("get", "/b", "1")]).replace("\"openapi\":\"3.1.1\",", "\"openapi\":\"3.1.1\",,");
    let broken = workspace.source("broken.md", &broken)?;
    let empty = workspace.source("empty.md", &page(&[]))?;
    let old = workspace.source("old.json", "{\n \"openapi\": \"2.0\"}")?;
    let text = workspace.source("page.docx", "")?;
    let absent = workspace.path("absent.md").display().to_string();
    let run = workspace.import(&[&good, &broken, &empty, &old, &text, &absent, "http://example.org/a.md"]);
    assert_eq!(run.outcome, Outcome::Failure);
    let errors: Vec<&str> = run.err.lines().filter(|line| line.contains("error[")).collect();
    assert_eq!(
        errors,
        [
            "absent.md: error[io]: can't be read: No such file or directory (os error 2)",
            "pages/broken.md:25:20: error[syntax]: not valid JSON: key must be a string",
            "pages/empty.md:1:1: error[no-fragments]: there is no fragment on this page: no fenced code block is an OpenAPI document",
            "pages/old.json:2:2: error[version]: OpenAPI version \"2.0\" is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
            "pages/page.docx: error[source]: neither a page nor a fragment: its name has to end in .md, .markdown, .mdx, .txt, .html, .json, .yaml or .yml, and not be that of an overlay",
            "http://example.org/a.md: error[source]: only https addresses are fetched",
        ]
    );
    assert!(workspace.names()?.is_empty());
    Ok(())
}

#[test]
fn a_broken_register_is_an_error_with_its_place() -> Test {
    let workspace = Workspace::empty()?;
    workspace.write("sources.toml", "[fragment.\"a.json\"]\nversion = 1.0.0\n")?;
    let source = workspace.source("a.json", &fragment("get", "/a", "1").to_string())?;
    let run = workspace.import(&[&source]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(run.err.starts_with("openapi/sources.toml:2:14: error[syntax]: not valid TOML: "), "{}", run.err);
    assert_eq!(workspace.names()?, ["sources.toml"]);
    Ok(())
}

#[test]
fn a_broken_fragment_is_mended_by_its_page() -> Test {
    let workspace = Workspace::empty()?;
    workspace.write("a.json", "<<<<<<< a merge that was left half done")?;
    let new = fragment("get", "/a", "1");
    let source = workspace.source("a.json", &new.to_string())?;
    assert_eq!(workspace.import(&[&source]).outcome, Outcome::Done);
    assert_eq!(workspace.text("a.json")?, stored(&new));
    Ok(())
}

#[test]
fn an_import_of_nothing_is_bad_usage() -> Test {
    let workspace = Workspace::empty()?;
    assert_eq!(workspace.import(&[]).outcome, Outcome::Failure);
    assert_eq!(workspace.import(&["--dry-run"]).outcome, Outcome::Failure);
    Ok(())
}
