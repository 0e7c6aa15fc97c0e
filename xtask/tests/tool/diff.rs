//! `cargo xtask diff` as a maintainer runs it: what it takes, what it says, how it ends.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "test code, also outside of test functions")]

use crate::Test;
use crate::shelf::Shelf;
use serde_json::{Value, json};
use xtask::terminal::Outcome;
use xtask_fixtures::mutations::{self, Documents};

const INFO: &str = "im-info.json";
const ADMIN: &str = "create-im-or-mim-admin.json";
const NOTHING: &str = "Identical: nothing differs. Both are 20.17.1.\n";

fn published_with(change: impl FnOnce(&mut Documents)) -> Result<(Documents, Documents), std::io::Error> {
    let old = mutations::published()?;
    let mut new = old.clone();
    change(&mut new);
    Ok((old, new))
}

fn schema<'a>(documents: &'a mut Documents, name: &str) -> &'a mut Value {
    &mut documents.get_mut(INFO).expect("the fragment")["components"]["schemas"][name]
}

/// A published page, as far as it matters.
fn page(document: &Value) -> String {
    format!("# IM Info\n\nSome *text*.\n\n> ```json\n{}> ```\n", indented(&format!("{document:#}\n")))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

#[test]
fn sides_that_are_the_same_are_said_to_be_identical() -> Test {
    let (old, new) = published_with(|_| {})?;
    let shelf = Shelf::with(&old, &new)?;
    let run = shelf.diff("old", "new", &["--fail-on", "any"]);
    assert_eq!(run.outcome, Outcome::Done);
    assert_eq!(run.err, "");
    assert_eq!(run.out, format!("old → new\n{NOTHING}"));
    let markdown = shelf.diff("old", "new", &["--format", "markdown"]).out;
    assert_eq!(markdown, "## old → new\n\n**Identical: nothing differs. Both are 20.17.1.**\n");
    Ok(())
}

#[test]
fn the_exit_code_is_what_was_asked_for() -> Test {
    let prose = published_with(|new| schema(new, "V1IMAttributes")["description"] = json!("Another."))?;
    let addition = published_with(|new| {
        schema(new, "V1IMAttributes")["properties"]["topic"] = json!({"type": "string"});
    })?;
    let breaking = published_with(|new| {
        schema(new, "V1IMAttributes")["properties"]["pinnedMessageId"] = json!({"type": "integer"});
    })?;
    // The same on the wire, and another type in Rust.
    let in_rust_alone = published_with(|new| {
        let operation = &mut new.get_mut(ADMIN).expect("the fragment")["paths"]["/v1/admin/im/create"]["post"];
        operation["requestBody"]["content"]["application/json"]["schema"] =
            json!({"type": "array", "items": {"type": "integer", "format": "int64"}});
    })?;
    for (what, (old, new), without, any, if_breaking) in [
        ("prose", prose, Outcome::Done, Outcome::Verdict, Outcome::Done),
        ("an addition", addition, Outcome::Done, Outcome::Verdict, Outcome::Done),
        ("a change that breaks", breaking, Outcome::Done, Outcome::Verdict, Outcome::Verdict),
        ("a change in Rust alone", in_rust_alone, Outcome::Done, Outcome::Verdict, Outcome::Verdict),
    ] {
        let shelf = Shelf::with(&old, &new)?;
        assert_eq!(shelf.diff("old", "new", &[]).outcome, without, "{what}");
        assert_eq!(shelf.diff("old", "new", &["--fail-on", "any"]).outcome, any, "{what}");
        assert_eq!(shelf.diff("old", "new", &["--fail-on", "breaking"]).outcome, if_breaking, "{what}");
    }
    Ok(())
}

#[test]
fn bad_input_of_both_sides_is_named_in_one_run() -> Test {
    let shelf = Shelf::new()?;
    shelf.write("old/a.json", "{\"openapi\": 1}")?;
    shelf.write("new.md", "# A page without a fragment\n")?;
    let run = shelf.diff("old", "new.md", &[]);
    assert_eq!((run.outcome, run.out.as_str()), (Outcome::Failure, ""));
    let said: Vec<&str> = run.err.lines().filter(|line| line.contains(": error[")).collect();
    assert_eq!(
        said,
        [
            "new.md:1:1: error[no-fragments]: there is no fragment on this page: no fenced code block is an OpenAPI document",
            "old/a.json:1:2: error[version]: OpenAPI version 1 is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
        ]
    );
    assert_eq!(shelf.diff("nowhere", "nothing.json", &[]).outcome, Outcome::Failure);
    Ok(())
}

#[test]
fn folders_documents_and_pages_are_all_taken() -> Test {
    let document = mutations::published()?.remove(INFO).ok_or("no such fragment")?;
    let shelf = Shelf::new()?;
    shelf.write("folder/im-info.json", &document.to_string())?;
    shelf.write("folder/README.md", "Not a page.\n")?;
    shelf.write("document.json", &document.to_string())?;
    shelf.write("document.yaml", &format!("# A comment.\n{document}\n"))?;
    shelf.write("page.md", &page(&document))?;
    shelf.write("pages/one.md", &page(&document))?;
    for old in ["folder", "document.json", "document.yaml", "page.md", "pages"] {
        for new in ["folder", "document.json", "document.yaml", "page.md", "pages"] {
            let run = shelf.diff(old, new, &["--fail-on", "any"]);
            assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""), "{old} {new}");
            assert!(run.out.contains(NOTHING), "{old} {new}: {}", run.out);
        }
    }
    Ok(())
}

#[test]
fn a_place_in_a_page_is_that_in_the_page() -> Test {
    let document = mutations::published()?.remove(INFO).ok_or("no such fragment")?;
    let mut changed = document.clone();
    changed["components"]["schemas"]["IMSystemInfo"]["properties"]["active"]["type"] = json!("string");
    let shelf = Shelf::new()?;
    let text = page(&changed);
    shelf.write("old.json", &format!("{document:#}\n"))?;
    shelf.write("new.md", &text)?;
    let run = shelf.diff("old.json", "new.md", &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.out)?;
    let change = &report["changes"][0];
    assert_eq!(change["kind"], "property.type.changed");
    let place = &change["places"]["new"];
    assert_eq!((&place["file"], &place["column"]), (&json!("new.md"), &json!(15)));
    let line = usize::try_from(place["line"].as_u64().ok_or("no line")?)?;
    assert_eq!(text.lines().nth(line - 1).map(str::trim_end), Some(">             \"type\": \"string\","));
    assert_eq!(place["pointer"], "/components/schemas/IMSystemInfo/properties/active/type");
    Ok(())
}

const OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: T, version: 1.0.0}\nactions:\n  \
    - target: $.components.schemas.IMSystemInfo.properties.active\n    \
    description: A test.\n    update: {type: boolean, deprecated: true}\n";

#[test]
fn overlays_of_folders_apply() -> Test {
    let (old, new) = published_with(|_| {})?;
    let shelf = Shelf::with(&old, &new)?;
    shelf.write("old/overlay.yaml", OVERLAY)?;
    shelf.write("new/overlay.yaml", OVERLAY)?;
    assert!(shelf.diff("old", "new", &[]).out.contains(NOTHING));
    shelf.write("new/overlay.yaml", &OVERLAY.replace(", deprecated: true", ", minimum: 1"))?;
    let out = shelf.diff("old", "new", &[]).out;
    assert!(out.contains("no longer deprecated"), "{out}");
    assert!(out.contains("old/overlay.yaml"), "the place of what an overlay brought: {out}");
    Ok(())
}

#[test]
fn an_overlay_is_left_out_where_the_other_side_can_have_none() -> Test {
    let document = mutations::published()?.remove(INFO).ok_or("no such fragment")?;
    let shelf = Shelf::new()?;
    shelf.write("old/im-info.json", &document.to_string())?;
    shelf.write("old/overlay.yaml", OVERLAY)?;
    shelf.write("new.md", &page(&document))?;
    let run = shelf.diff("old", "new.md", &[]);
    assert!(run.out.contains(NOTHING), "{}", run.out);
    assert_eq!(
        run.err,
        "old/overlay.yaml: warning[as-published]: this overlay is left out: the other side isn't a folder of fragments, and can't have one\n  \
         help: put the other side into a folder of its own, with a copy of this overlay, to compare them corrected\n\n"
    );
    Ok(())
}

#[test]
fn fragments_of_two_versions_are_an_error_as_anywhere() -> Test {
    let (old, new) = published_with(|new| {
        new.get_mut(INFO).expect("the fragment")["info"]["version"] = json!("20.18.0");
    })?;
    let run = Shelf::with(&old, &new)?.diff("old", "new", &[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(run.err.contains("error[conflict]: `info.version` is not the same in both fragments"), "{}", run.err);
    Ok(())
}
