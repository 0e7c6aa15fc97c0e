//! Corrections to the vendor's text, as a maintainer writes them.

use crate::Test;
use std::fs;

use crate::workspace::{Workspace, root};
use serde_json::{Value, json};
use xtask::terminal::Outcome;

const HEAD: &str = "overlay: 1.1.0\ninfo: {title: Corrections, version: '1'}\n";

/// A workspace with the published fragments and an overlay of these actions.
fn corrected(actions: &str) -> Result<Workspace, Box<dyn std::error::Error>> {
    let workspace = Workspace::published()?;
    workspace.write("overlay.yaml", &format!("{HEAD}actions:\n{actions}"))?;
    Ok(workspace)
}

fn merged(workspace: &Workspace) -> Result<Value, Box<dyn std::error::Error>> {
    let run = workspace.run(&["merge"]);
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    Ok(serde_json::from_str(&run.out)?)
}

#[test]
fn an_overlay_corrects_the_document_and_the_client() -> Test {
    let workspace = corrected(
        r#"- target: $.components.schemas.V1IMDetail
  description: The page says that it is always there.
  update: {required: [IMSystemInfo]}
- target: $.paths['/v1/im/{id}/info'].get
  description: A name that callers know.
  update: {operationId: readIm}
- target: $.paths['/v3/room/create']
  remove: true
"#,
    )?;
    let document = merged(&workspace)?;
    assert_eq!(document["components"]["schemas"]["V1IMDetail"]["required"], json!(["IMSystemInfo"]));
    assert_eq!(document["paths"]["/v1/im/{id}/info"]["get"]["operationId"], "readIm");
    assert_eq!(document["paths"]["/v3/room/create"], Value::Null);
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    let client = workspace.generated("src/generated/client.rs")?;
    assert!(client.contains("pub fn read_im(&self)"));
    assert!(!client.contains("v3_room_create_post"));
    Ok(())
}

#[test]
fn the_example_of_contributing_corrects_the_published_fragments() -> Test {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md"))?;
    let (_, example) = text.split_once("```yaml\n").ok_or("no example")?;
    let (example, _) = example.split_once("```").ok_or("no end")?;
    let workspace = Workspace::published()?;
    workspace.write("overlay.yaml", example)?;
    let document = merged(&workspace)?;
    assert_eq!(document["components"]["schemas"]["V1IMDetail"]["required"], json!(["IMSystemInfo"]));
    let responses = document["paths"]["/v1/im/{id}/info"]["get"]["responses"].as_object().ok_or("no responses")?;
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["200", "400", "401", "500"]);
    Ok(())
}

#[test]
fn json_and_the_short_ending_of_yaml_are_taken_too() -> Test {
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "Corrections", "version": "1"},
        "extends": "https://developers.symphony.com",
        "actions": [{"target": "$.info", "update": {"title": "Pod"}}],
    });
    for name in ["overlay.json", "overlay.yml"] {
        let workspace = Workspace::published()?;
        workspace.write(name, &overlay.to_string())?;
        assert_eq!(merged(&workspace)?["info"]["title"], "Pod");
    }
    Ok(())
}

#[test]
fn an_overlay_that_changes_prose_alone_is_seen_by_check() -> Test {
    let workspace = Workspace::published()?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    let overlay = format!("{HEAD}actions:\n- target: $.info\n  update: {{x-note: 1}}\n");
    workspace.write("overlay.yaml", &overlay)?;
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Verdict);
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    // Not a word of the document is another one for it.
    workspace.write("overlay.yaml", &format!("# Why\n{overlay}"))?;
    let run = workspace.generate(&["--check"]);
    assert_eq!(run.outcome, Outcome::Verdict);
    assert!(run.err.contains("  overlay.yaml\n"), "{}", run.err);
    fs::remove_file(workspace.path("openapi/overlay.yaml"))?;
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Verdict);
    Ok(())
}

#[test]
fn every_generated_file_names_the_overlay_and_its_digest() -> Test {
    let workspace = Workspace::published()?;
    let overlay = format!("{HEAD}actions:\n- {{target: $.info, update: {{title: Pod}}}}\n");
    workspace.write("overlay.yaml", &overlay)?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    let digest = "6643b8fc271899590457c6f57956c6c9d600e7d387bff7fb2e828c6e7cd343a1";
    for file in ["mod.rs", "client.rs", "support.rs", "httpmock.rs", "dependencies.toml"] {
        let text = workspace.generated(&format!("src/generated/{file}"))?;
        let head: Vec<&str> = text.lines().take(7).collect();
        assert!(head[1].ends_with(" · fragments, overlay and their SHA-256:"), "{file}: {head:?}");
        assert!(head.iter().any(|line| line.ends_with(&format!("   {digest}  overlay.yaml"))), "{file}: {head:?}");
    }
    let document: Value = serde_json::from_str(&workspace.generated("openapi.json")?)?;
    assert_eq!(document["x-generated-by"]["sha256"]["overlay.yaml"], digest);
    Ok(())
}

#[test]
fn without_an_overlay_nothing_is_said_of_one() -> Test {
    let workspace = Workspace::published()?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    assert_eq!(workspace.run(&["merge"]).out, workspace.generated("openapi.json")?);
    assert!(!workspace.generated("src/generated/mod.rs")?.contains("overlay"));
    Ok(())
}

#[test]
fn all_problems_of_an_overlay_are_listed_with_those_of_the_fragments() -> Test {
    let workspace = Workspace::published()?;
    workspace.write("broken.json", "{\"openapi\": \"2.0\"}")?;
    workspace.write(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo:\n  title: Corrections\n  author: me\nactions:\n- target: paths\n  update: {}\n\
         - target: $.info\n- target: $.info\n  copy: $.tags\n- update: {}\n",
    )?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(!workspace.path("out").exists());
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn an_action_without_effect_is_an_error_that_says_what_to_do() -> Test {
    let workspace = corrected(
        r#"- target: $.components.schemas.Nobody
  description: The schema has no type.
  update: {type: object}
- target: $.components.schemas.Error
  description: |
    The page calls it an object.
    So does the overlay.
  update: {type: object}
- target: $.paths['/v1/im/{id}/info'].get.responses['200']
  update: [text]
- target: $.info
  copy: $.paths.*
"#,
    )?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(!workspace.path("out").exists());
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn a_second_overlay_is_an_error() -> Test {
    let workspace = corrected("- {target: $.info, update: {title: Pod}}\n")?;
    fs::copy(workspace.path("openapi/overlay.yaml"), workspace.path("openapi/overlay.yml"))?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn a_reference_that_leads_nowhere_is_put_right_by_an_overlay() -> Test {
    let workspace = corrected(
        "- target: $.components.schemas.V1IMDetail.properties.IMSystemInfo\n  \
         update: {$ref: '#/components/schemas/IMSystemInfo'}\n",
    )?;
    workspace.edit("im-info.json", |document| {
        document["components"]["schemas"]["V1IMDetail"]["properties"]["IMSystemInfo"]["$ref"] =
            json!("#/components/schemas/Nobody");
    })?;
    assert_eq!(
        merged(&workspace)?["components"]["schemas"]["V1IMDetail"]["properties"]["IMSystemInfo"]["$ref"],
        "#/components/schemas/IMSystemInfo"
    );
    Ok(())
}

#[test]
fn a_repeated_operation_id_is_put_right_by_an_overlay() -> Test {
    let workspace = corrected("- {target: \"$.paths['/v3/room/create'].post\", update: {operationId: other}}\n")?;
    workspace.edit("create-room-v3.json", |document| {
        document["paths"]["/v3/room/create"]["post"]["operationId"] = json!("info");
    })?;
    workspace.edit("im-info.json", |document| {
        document["paths"]["/v1/im/{id}/info"]["get"]["operationId"] = json!("info");
    })?;
    let document = merged(&workspace)?;
    assert_eq!(document["paths"]["/v3/room/create"]["post"]["operationId"], "other");
    assert_eq!(document["paths"]["/v1/im/{id}/info"]["get"]["operationId"], "info");
    Ok(())
}

#[test]
fn two_paths_that_are_one_are_united_by_an_overlay() -> Test {
    let workspace = corrected(
        "- {target: \"$.paths['/v1/im/{id}/info']\", copy: \"$.paths['/v1/im/{sid}/info']\"}\n\
         - {target: \"$.paths['/v1/im/{sid}/info']\", remove: true}\n",
    )?;
    let operation = json!({
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"204": {"description": "Done"}},
    });
    workspace.edit("create-room-v3.json", |document| {
        document["paths"]["/v1/im/{sid}/info"] = json!({"put": operation.clone()});
    })?;
    let document = merged(&workspace)?;
    // The name is that of the path which the operation has in the end.
    assert_eq!(document["paths"]["/v1/im/{id}/info"]["put"]["operationId"], "v1ImIdInfoPut");
    assert_eq!(document["paths"]["/v1/im/{sid}/info"], Value::Null);
    Ok(())
}

#[test]
fn what_an_overlay_breaks_is_placed_in_the_overlay() -> Test {
    let workspace = corrected(
        r#"- target: $.components.schemas
  description: A schema that the pages forgot.
  update:
    Pin:
      type: object
      properties:
        by: {$ref: '#/components/schemas/Nobody'}
        at: {type: [integer, string]}
- target: $.components.schemas.IMSystemInfo
  remove: true
- target: $.paths['/v3/room/create'].post
  update: {operationId: same}
- target: $.paths['/v1/im/{id}/info'].get
  update: {operationId: same}
"#,
    )?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err);
    Ok(())
}

/// Fragments that contradict each other: one has another type for the code of an error, another one also describes it.
fn contradicting(actions: &str) -> Result<Workspace, Box<dyn std::error::Error>> {
    let workspace = corrected(actions)?;
    workspace.edit("create-room-v3.json", |document| {
        document["components"]["schemas"]["Error"]["properties"]["code"]["type"] = json!("string");
        document["components"]["schemas"]["Error"]["properties"]["code"]["description"] = json!("What went wrong");
    })?;
    Ok(workspace)
}

#[test]
fn a_conflict_that_no_action_decides_stays_one() -> Test {
    let workspace = contradicting("- {target: $.components.schemas.Error.properties.code, update: {maximum: 600}}\n")?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn actions_that_make_the_same_of_both_versions_decide_a_conflict() -> Test {
    for (action, code) in [
        ("{target: $.components.schemas.Error.properties.code, update: {type: string}}", json!("string")),
        ("{target: $.components.schemas.Error.properties.code.type, update: integer}", json!("integer")),
        ("{target: $.components.schemas.Error.properties.code, remove: true}", Value::Null),
    ] {
        let workspace = contradicting(&format!("- {action}\n"))?;
        let run = workspace.run(&["merge"]);
        assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
        let document: Value = serde_json::from_str(&run.out)?;
        let found = &document["components"]["schemas"]["Error"]["properties"]["code"];
        assert_eq!(found["type"], code, "{action}");
        // Which fragment comes first decides nothing.
        fs::rename(workspace.path("openapi/create-room-v3.json"), workspace.path("openapi/a.json"))?;
        let again: Value = serde_json::from_str(&workspace.run(&["merge"]).out)?;
        assert_eq!(again["components"]["schemas"]["Error"], document["components"]["schemas"]["Error"], "{action}");
    }
    Ok(())
}

#[test]
fn an_action_that_decided_a_conflict_can_go_once_there_is_none() -> Test {
    let workspace = corrected("- {target: $.components.schemas.Error.properties.code, update: {type: integer}}\n")?;
    let run = workspace.generate(&[]);
    let expected = "openapi/overlay.yaml:4:4: error[no-effect]: `actions[0]` on `$.components.schemas.Error.properties.code` \
                    changes nothing (/actions/0/target)";
    assert_eq!((run.outcome, run.err.lines().next()), (Outcome::Failure, Some(expected)));
    Ok(())
}

#[test]
fn places_behind_a_removed_item_are_those_of_the_fragment() -> Test {
    let workspace =
        corrected("- {target: \"$.paths['/v1/im/{id}/info'].get.parameters[?@.name == 'id']\", remove: true}\n")?;
    workspace.edit("im-info.json", |document| {
        let parameters = &mut document["paths"]["/v1/im/{id}/info"]["get"]["parameters"];
        for parameter in parameters.as_array_mut().into_iter().flatten() {
            if parameter["name"] == "sessionToken" {
                parameter["schema"] = json!({"$ref": "#/components/schemas/Nobody"});
            }
        }
    })?;
    let text = fs::read_to_string(workspace.path("openapi/im-info.json"))?;
    let id = text.lines().position(|line| line.contains("\"id\"")).ok_or("no id")?;
    let line = text.lines().position(|line| line.contains("Nobody")).ok_or("no reference")? + 1;
    assert!(id < line, "the removed parameter stands before the other one");
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    let place = format!("openapi/im-info.json:{line}:");
    assert!(run.err.starts_with(&place), "{place} {}", run.err);
    assert!(run.err.contains("(/paths/~1v1~1im~1{id}~1info/get/parameters/1/schema/$ref)"), "{}", run.err);
    Ok(())
}
