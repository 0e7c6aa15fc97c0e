//! `explain`: every example shows the problem that it stands for, and what is right doesn't.

use serde_json::{Value, json};
use xtask::explain::{Section, problems};
use xtask::terminal::Outcome;

use crate::Test;
use crate::workspace::Workspace;

/// A fragment to change.
fn fragment(path: &str, id: &str) -> Value {
    json!({"openapi": "3.1.1", "info": {"title": "Things", "version": "1.0.0"},
        "paths": {path: {"get": {"operationId": id, "tags": ["things"],
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "Them.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
        "components": {"schemas": {"Thing": {"type": "object", "properties": {"id": {"type": "string"}}}}}})
}

/// What the tool says of an input: `lead` is the sentence in front of it.
fn said(lead: &str, input: &str) -> Test<String> {
    let workspace = Workspace::empty()?;
    let name = lead.split('`').nth(1).unwrap_or_default();
    if lead.ends_with("which is imported:") {
        std::fs::write(workspace.path(name), input)?;
        let page = workspace.path(name).display().to_string();
        return Ok(workspace.run(&["import", &page, "--dry-run"]).err);
    }
    let mut first = fragment("/things", "things");
    if lead.starts_with("In a second fragment, the whole of it") {
        workspace.write("second.json", input)?;
    } else if lead.starts_with("In a second fragment") {
        let mut second = fragment("/other", "other");
        *second.pointer_mut(name).ok_or("no such place")? = serde_json::from_str(input)?;
        workspace.write("second.json", &second.to_string())?;
    } else if lead.starts_with("In a fragment") {
        *first.pointer_mut(name).ok_or("no such place")? = serde_json::from_str(input)?;
    } else {
        workspace.write(name, input)?;
    }
    workspace.write("first.json", &first.to_string())?;
    Ok(workspace.generate(&[]).err)
}

#[test]
fn every_example_shows_its_problem_and_what_is_right_does_not() -> Test {
    let mut shown = 0;
    for Section { id, text, examples } in problems() {
        let Some((wrong, right)) = examples else { continue };
        let lead = text.lines().next().ok_or("no text")?;
        for (input, shows) in [(wrong, true), (right, false)] {
            let said = said(lead, &input).map_err(|error| format!("{id}: {error}"))?;
            assert_eq!(said.contains(&format!("[{id}]: ")), shows, "{id}: {input}\n{said}");
        }
        shown += 1;
    }
    assert!(shown > 20, "{shown}");
    Ok(())
}

#[test]
fn a_name_is_explained_and_an_unknown_one_leads_to_those_like_it() -> Test {
    let explain = |id: &str| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = xtask::cli::run(["xtask", "explain", id].map(Into::into), &mut out, &mut err);
        let text = |bytes: Vec<u8>| anstream::adapter::strip_str(&String::from_utf8_lossy(&bytes)).to_string();
        (outcome, text(out), text(err))
    };
    insta::assert_snapshot!(
        ["conflict", "property.became-required", "room.name.length", "rust.field.retyped"]
            .map(|id| explain(id).1)
            .join("\n")
    );
    assert_eq!(
        explain("conflicts"),
        (
            Outcome::Failure,
            String::new(),
            "cargo xtask explain: error[unknown-name]: nothing is called `conflicts`\n  help: there is `conflict`; \
             `cargo xtask explain` lists all\n\n"
                .to_owned()
        )
    );
    Ok(())
}
