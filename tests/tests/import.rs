//! `cargo xtask import`, as a maintainer runs it. The prose of the pages is made up here; the fragments in them are the
//! committed ones, or smaller ones of the tests' own.

use std::fs;
use std::io;
use std::path::Path;

use pod_api_tests::workspace::{Run, Workspace, root};
use serde_json::{Value, json};
use xtask::cli::Outcome;

const PUBLISHED: [&str; 3] = ["create-im-or-mim-admin", "create-room-v3", "im-info"];

type Test = Result<(), Box<dyn std::error::Error>>;

/// A fragment with one operation, which answers nothing in particular.
fn fragment(method: &str, path: &str, version: &str) -> Value {
    let responses = json!({"200": {"description": "Fine"}});
    json!({
        "openapi": "3.1.1",
        "info": {"title": "A", "version": version},
        "paths": {path: {method: {"responses": responses}}}
    })
}

fn stored(fragment: &Value) -> String {
    format!("{fragment:#}\n")
}

/// A page as the publisher lays them out, with the fragment as one line.
fn page(fragments: &[Value]) -> String {
    let mut text = String::from(
        "# A page\n\n{% hint style=\"warning\" %}\nMind the `\"openapi\"` of it.\n{% endhint %}\n\n\
         | a | b |\n|---|---|\n| 1 | 2 |\n\n```http\nPOST /a HTTP/1.1\n```\n\n```json\n{\"code\": 1, \"message\": \"an answer\"}\n```\n",
    );
    for fragment in fragments {
        text.push_str(&format!("\n## An endpoint\n\n> It does \\\n> things.<br>\n\n```json\n{fragment}\n```\n"));
    }
    text
}

/// The section that ends some pages, and names their address.
fn furniture(address: &str) -> String {
    format!("\n---\n\n# More\n\nYou may ask:\n\n```\nGET {address}?ask=<question>\n```\n")
}

trait Pages {
    fn source(&self, name: &str, text: &str) -> io::Result<String>;
    fn import(&self, sources: &[&str]) -> Run;
    fn names(&self) -> io::Result<Vec<String>>;
    fn text(&self, name: &str) -> io::Result<String>;
}

impl Pages for Workspace {
    /// Writes something to import, and says where it is.
    fn source(&self, name: &str, text: &str) -> io::Result<String> {
        let path = self.path("pages").join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }

    fn import(&self, sources: &[&str]) -> Run {
        self.run(&[&["import"], sources].concat())
    }

    /// The files in `openapi/`.
    fn names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.path("openapi"))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn text(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path("openapi").join(name))
    }
}

/// The committed folder, with a page for each fragment in it.
fn published() -> Result<(Workspace, String), Box<dyn std::error::Error>> {
    let workspace = Workspace::published()?;
    fs::copy(root().join("openapi/sources.toml"), workspace.path("openapi/sources.toml"))?;
    for name in PUBLISHED {
        let fragment = workspace.read(&format!("{name}.json"))?;
        workspace.source(&format!("{name}.md"), &page(&[fragment]))?;
    }
    let pages = workspace.path("pages").display().to_string();
    Ok((workspace, pages))
}

#[test]
fn importing_unchanged_pages_again_changes_nothing() -> Test {
    let (workspace, pages) = published()?;
    let state = || {
        let names = workspace.names()?.into_iter();
        let state = names.map(|name| {
            let path = workspace.path("openapi").join(&name);
            Ok((name, fs::read(&path)?, fs::metadata(&path)?.modified()?))
        });
        state.collect::<io::Result<Vec<_>>>()
    };
    let before = state()?;
    let run = workspace.import(&[&pages]);
    assert_eq!(run.outcome, Outcome::Done);
    assert_eq!(run.out, "");
    assert_eq!(
        run.err,
        "unchanged create-im-or-mim-admin.json  POST /v1/admin/im/create  20.17.1\n\
         unchanged create-room-v3.json  POST /v3/room/create  20.17.1\n\
         unchanged im-info.json  GET /v1/im/{id}/info  20.17.1\n        \
         3 fragments  0 added, 0 changed, 3 unchanged; files written: 0\n"
    );
    assert_eq!(state()?, before);
    Ok(())
}

#[test]
fn a_page_becomes_a_fragment_of_its_name() -> Test {
    let workspace = Workspace::empty()?;
    let room = fragment("post", "/room", "1.0");
    let address = "https://example.org/main/create-room.md";
    let source = workspace.source("create-room.md", &(page(std::slice::from_ref(&room)) + &furniture(address)))?;
    let run = workspace.import(&[&source]);
    assert_eq!(
        run.err,
        "    added create-room.json  POST /room  1.0\n        \
         1 fragment  1 added, 0 changed, 0 unchanged; files written: 2\n"
    );
    assert_eq!(workspace.text("create-room.json")?, stored(&room));
    assert_eq!(
        workspace.text("sources.toml")?,
        "# Where each fragment was published, and under which version of the spec.\n\n\
         [fragment.\"create-room.json\"]\npublished = \"https://example.org/main/create-room.md\"\nversion = \"1.0\"\n"
    );
    Ok(())
}

#[test]
fn every_block_of_a_page_becomes_a_fragment_of_its_own() -> Test {
    let workspace = Workspace::empty()?;
    let mut named = fragment("get", "/a", "1");
    named["paths"]["/a"]["get"]["operationId"] = json!("readA");
    let model = json!({"openapi": "3.1.1", "info": {"version": "1"}, "components": {"schemas": {"Room": {}}}});
    let blocks = [named.clone(), fragment("put", "/a/{id}", "1"), model];
    let source = workspace.source("a.md", &(page(&blocks) + &furniture("https://example.org/a.md")))?;
    assert_eq!(
        workspace.import(&[&source]).err,
        "    added a--Room.json  no operation  1\n    \
         added a--aIdPut.json  PUT /a/{id}  1\n    \
         added a--readA.json  GET /a  1\n        \
         3 fragments  3 added, 0 changed, 0 unchanged; files written: 4\n"
    );
    assert_eq!(workspace.names()?, ["a--Room.json", "a--aIdPut.json", "a--readA.json", "sources.toml"]);
    assert_eq!(workspace.text("a--readA.json")?, stored(&named));
    let again = workspace.import(&[&source]);
    assert!(again.err.ends_with("0 added, 0 changed, 3 unchanged; files written: 0\n"), "{}", again.err);
    Ok(())
}

#[test]
fn a_page_is_known_by_its_address_even_if_its_operation_has_another_path() -> Test {
    let workspace = Workspace::empty()?;
    workspace.write("rooms.json", &stored(&fragment("post", "/v3/room", "1")))?;
    workspace.write(
        "sources.toml",
        "# mine\n[fragment.\"rooms.json\"]\npublished = \"https://example.org/create-room.md\" # checked\nversion = \"1\"\n",
    )?;
    let new = fragment("post", "/v4/room", "2");
    let source = workspace.source("create-room.md", &page(std::slice::from_ref(&new)))?;
    assert_eq!(
        workspace.import(&[&source]).err,
        "openapi/rooms.json: warning[lost]: no fragment holds `POST /v3/room` any more\n  \
         help: nothing has to be done if the vendor has withdrawn it; else import the page that it moved to\n\n  \
         changed rooms.json  POST /v4/room  1 → 2\n        \
         1 fragment  0 added, 1 changed, 0 unchanged; files written: 2\n"
    );
    assert_eq!(workspace.text("rooms.json")?, stored(&new));
    assert_eq!(
        workspace.text("sources.toml")?,
        "# mine\n[fragment.\"rooms.json\"]\npublished = \"https://example.org/create-room.md\" # checked\nversion = \"2\"\n"
    );
    assert_eq!(workspace.names()?, ["rooms.json", "sources.toml"]);
    Ok(())
}

#[test]
fn a_fragment_is_known_by_its_operation_and_keeps_the_name_that_is_there() -> Test {
    let workspace = Workspace::empty()?;
    workspace.write("im-info.json", &stored(&fragment("get", "/im/{id}", "1")))?;
    let new = fragment("get", "/im/{streamId}", "1");
    let source = workspace.source("v1_im.get.json", &new.to_string())?;
    assert_eq!(
        workspace.import(&[&source]).err,
        "  changed im-info.json  GET /im/{streamId}  1\n        \
         1 fragment  0 added, 1 changed, 0 unchanged; files written: 2\n"
    );
    assert_eq!(workspace.text("im-info.json")?, stored(&new));
    assert_eq!(workspace.names()?, ["im-info.json", "sources.toml"]);
    Ok(())
}

#[test]
fn a_page_whose_address_nobody_knows_is_taken_with_a_warning() -> Test {
    let workspace = Workspace::empty()?;
    let source = workspace.source("a.md", &page(&[fragment("get", "/a", "1")]))?;
    let run = workspace.import(&[&source]);
    assert_eq!(run.outcome, Outcome::Done);
    assert!(
        run.err.starts_with(
            "pages/a.md: warning[published]: nothing says where this page is published, so that `a.json` stays without it\n  \
             help: add `published = \"https://…\"` to its entry in openapi/sources.toml, or import the page by its URL\n"
        ),
        "{}",
        run.err
    );
    assert!(workspace.text("sources.toml")?.ends_with("\n[fragment.\"a.json\"]\nversion = \"1\"\n"));
    Ok(())
}

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
fn a_folder_is_taken_as_a_whole_but_for_overlays_folders_and_other_files() -> Test {
    let workspace = Workspace::empty()?;
    workspace.source("p/a.md", &page(&[fragment("get", "/a", "1")]))?;
    workspace.source("p/b.json", &fragment("get", "/b", "1").to_string())?;
    workspace.source("p/c.yml", "openapi: 3.1.1\ninfo: {title: A, version: '1'}\npaths: {/c: {get: {}}}\n")?;
    workspace.source("p/overlay.yaml", "overlay: 1.0.0\n")?;
    workspace.source("p/notes.txt", "nothing")?;
    workspace.source("p/inner/d.json", "nothing")?;
    workspace.source("p/inner.md/e.json", "nothing")?;
    let folder = workspace.path("pages/p").display().to_string();
    assert_eq!(workspace.import(&[&folder]).outcome, Outcome::Done);
    assert_eq!(workspace.names()?, ["a.json", "b.json", "c.json", "sources.toml"]);

    let nothing = workspace.path("pages/p/inner.md").display().to_string();
    fs::remove_file(workspace.path("pages/p/inner.md/e.json"))?;
    let run = workspace.import(&[&nothing]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "pages/p/inner.md: error[source]: there is nothing to import in this folder: no .md, .json, .yaml or .yml file but an overlay\n  \
         help: name the folder or the files that hold the pages\n\n"
    );
    Ok(())
}

#[test]
fn yaml_is_stored_as_json_also_where_it_was_not() -> Test {
    let workspace = Workspace::empty()?;
    let yaml = "# a comment\nopenapi: 3.1.1\ninfo: {title: A, version: '1.10'}\npaths:\n  /a:\n    get: {x: 1.0}\n";
    workspace.write("old.yaml", yaml)?;
    workspace.write("sources.toml", "# mine\n[fragment.\"old.yaml\"]\n# first\nversion = \"1.10\"\n")?;
    let source = workspace.source("a.yaml", yaml)?;
    let run = workspace.import(&[&source]);
    assert_eq!(
        run.err,
        "  changed old.json  GET /a  1.10\n        \
         1 fragment  0 added, 1 changed, 0 unchanged; files written: 3\n"
    );
    assert_eq!(workspace.names()?, ["old.json", "sources.toml"]);
    let document = json!({
        "openapi": "3.1.1", "info": {"title": "A", "version": "1.10"}, "paths": {"/a": {"get": {"x": 1.0}}}
    });
    assert_eq!(workspace.text("old.json")?, stored(&document));
    assert_eq!(workspace.text("sources.toml")?, "# mine\n[fragment.\"old.json\"]\n# first\nversion = \"1.10\"\n");
    Ok(())
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() -> Test {
    let (workspace, pages) = published()?;
    let mut changed = workspace.read("im-info.json")?;
    changed["info"]["version"] = json!("20.18.0");
    workspace.source("im-info.md", &page(&[changed]))?;
    let before: Vec<String> =
        workspace.names()?.iter().map(|name| workspace.text(name)).collect::<io::Result<Vec<_>>>()?;
    let run = workspace.import(&[&pages, "--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done);
    let folder = format!("{}/", workspace.path("").display().to_string().trim_end_matches('/'));
    let diff: Vec<String> = run.out.replace(&folder, "").lines().map(|line| line.trim_end().to_owned()).collect();
    insta::assert_snapshot!(diff.join("\n"), @r#"
    --- openapi/im-info.json
    +++ openapi/im-info.json
    @@ -2,7 +2,7 @@
       "openapi": "3.1.1",
       "info": {
         "title": "Pod API",
    -    "version": "20.17.1"
    +    "version": "20.18.0"
       },
       "servers": [
         {
    --- openapi/sources.toml
    +++ openapi/sources.toml
    @@ -10,4 +10,4 @@

     [fragment."im-info.json"]
     published = "https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/im-info.md"
    -version = "20.17.1"
    +version = "20.18.0"
    "#);
    insta::assert_snapshot!(run.err, @r#"
    openapi/create-im-or-mim-admin.json:5:5: warning[version]: is of version 20.17.1, while the newest fragment here is of version 20.18.0 (/info/version)
      |
    5 |     "version": "20.17.1"
      |     ^^^^^^^^^
      |
     --> openapi/create-room-v3.json:5:5 (/info/version)
      |
    5 |     "version": "20.17.1"
      |     --------- is of version 20.17.1
      help: import the pages of these fragments as well: `generate` takes fragments of one version only

    unchanged create-im-or-mim-admin.json  POST /v1/admin/im/create  20.17.1
    unchanged create-room-v3.json  POST /v3/room/create  20.17.1
      changed im-info.json  GET /v1/im/{id}/info  20.17.1 → 20.18.0
            3 fragments  0 added, 1 changed, 2 unchanged; nothing written
    "#);
    let after: Vec<String> =
        workspace.names()?.iter().map(|name| workspace.text(name)).collect::<io::Result<Vec<_>>>()?;
    assert_eq!(after, before);
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
    let text = workspace.source("page.txt", "")?;
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
            "pages/page.txt: error[source]: neither a page nor a fragment: its name has to end in .md, .json, .yaml or .yml, and not be that of an overlay",
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
fn a_file_that_its_page_does_not_hold_any_more_is_named() -> Test {
    let workspace = Workspace::empty()?;
    let text = |blocks: &[Value]| page(blocks) + &furniture("https://example.org/a.md");
    let (a, b) = (fragment("get", "/a", "1"), fragment("get", "/b", "1"));
    let source = workspace.source("a.md", &text(&[a.clone(), b]))?;
    assert_eq!(workspace.import(&[&source]).outcome, Outcome::Done);
    let source = workspace.source("a.md", &text(&[a]))?;
    assert_eq!(
        workspace.import(&[&source]).err,
        "openapi/a--bGet.json: warning[left-behind]: comes from a page that doesn't hold it any more\n\
         --> pages/a.md: the page\n  \
         help: remove it and its entry in openapi/sources.toml if the vendor has withdrawn it; else import the page that it moved to\n\n\
         unchanged a--aGet.json  GET /a  1\n        \
         1 fragment  0 added, 0 changed, 1 unchanged; files written: 0\n"
    );
    Ok(())
}

#[test]
fn what_was_imported_is_what_the_client_is_generated_from() -> Test {
    let (published, pages) = published()?;
    let workspace = Workspace::empty()?;
    assert_eq!(workspace.import(&[&pages]).outcome, Outcome::Done);
    assert_eq!(workspace.run(&["merge"]).out, published.run(&["merge"]).out);
    Ok(())
}

#[test]
fn an_import_of_nothing_is_bad_usage() -> Test {
    let workspace = Workspace::empty()?;
    assert_eq!(workspace.import(&[]).outcome, Outcome::Failure);
    assert_eq!(workspace.import(&["--dry-run"]).outcome, Outcome::Failure);
    Ok(())
}
