//! `cargo xtask import`, as a maintainer runs it: which fragments go where. The prose of the pages is made up here; the
//! fragments in them are the committed ones, or smaller ones of the tests' own.

use crate::Test;
use std::fs;
use std::io;

use crate::pages::{Pages as _, STATEMENTS, fragment, furniture, page, published, stored};
use crate::workspace::Workspace;
use serde_json::{Value, json};
use xtask::terminal::Outcome;

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
    let beginning = "# Where each fragment was published, under which version of the spec, and what its page said besides: a \
                     digest a statement.\n";
    let entry =
        "[fragment.\"create-room.json\"]\npublished = \"https://example.org/main/create-room.md\"\nversion = \"1.0\"\n";
    assert_eq!(workspace.text("sources.toml")?, format!("{beginning}\n{entry}{STATEMENTS}"));
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
        format!(
            "# mine\n[fragment.\"rooms.json\"]\npublished = \"https://example.org/create-room.md\" # checked\nversion = \"2\"\n\
             {STATEMENTS}"
        )
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
    let entry = format!("\n[fragment.\"a.json\"]\nversion = \"1\"\n{STATEMENTS}");
    assert!(workspace.text("sources.toml")?.ends_with(&entry));
    Ok(())
}

#[test]
fn a_folder_is_taken_as_a_whole_but_for_overlays_and_what_is_no_page() -> Test {
    let workspace = Workspace::empty()?;
    workspace.source("p/a.md", &page(&[fragment("get", "/a", "1")]))?;
    workspace.source("p/b.json", &fragment("get", "/b", "1").to_string())?;
    workspace.source("p/c.yml", "openapi: 3.1.1\ninfo: {title: A, version: '1'}\npaths: {/c: {get: {}}}\n")?;
    workspace.source("p/overlay.yaml", "overlay: 1.0.0\n")?;
    workspace.source("p/notes.txt", "nothing")?;
    workspace.source("p/inner/d.json", &fragment("get", "/d", "1").to_string())?;
    workspace.source("p/inner.md/e.json", &fragment("get", "/e", "1").to_string())?;
    let folder = workspace.path("pages/p").display().to_string();
    assert_eq!(workspace.import(&[&folder]).outcome, Outcome::Done);
    assert_eq!(workspace.names()?, ["a.json", "b.json", "c.json", "d.json", "e.json", "sources.toml"]);

    let nothing = workspace.path("pages/p/inner.md").display().to_string();
    fs::remove_file(workspace.path("pages/p/inner.md/e.json"))?;
    let run = workspace.import(&[&nothing]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "pages/p/inner.md: error[source]: there is nothing to import in this folder or those in it: no .md, .markdown, .mdx, .txt, \
         .html, .json, .yaml or .yml file but an overlay\n  \
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
    @@ -22,7 +22,7 @@
     ]
     [fragment."im-info.json"]
     published = "https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/im-info.md"
    -version = "20.17.1"
    +version = "20.18.0"
     statements = [
       "fbddd8a01bfd5462",
       "9750f839cc36cc02",
    "#);
    insta::assert_snapshot!(run.err, @r#"
    pages/create-im-or-mim-admin.md:25:46: warning[laggard]: is of version 20.17.1, while the newest fragment here is of version 20.18.0 (/info/version)
       |
    25 | {"openapi":"3.1.1","info":{"title":"Pod API","version":"20.17.1"},"servers":[{"url":"http://...
       |                                              ^
       |
      --> pages/create-room-v3.md:25:46 (/info/version)
       |
    25 | {"openapi":"3.1.1","info":{"title":"Pod API","version":"20.17.1"},"servers":[{"url":"http://...
       |                                              - is of version 20.17.1
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
