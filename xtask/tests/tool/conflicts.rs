//! In what fragments can contradict each other: all of it is listed in one run, with both places and the way out.

use crate::Test;
use std::fs;

use crate::workspace::Workspace;
use serde_json::{Value, json};
use xtask::terminal::Outcome;

/// What a run says of the published fragments and one more, `other.json`, that was made of the IM info by `change`.
fn said_of_another(change: impl FnOnce(&mut Value)) -> Result<(Outcome, String), Box<dyn std::error::Error>> {
    let workspace = Workspace::published()?;
    let mut other = workspace.read("im-info.json")?;
    change(&mut other);
    workspace.write("other.json", &format!("{other:#}\n"))?;
    let run = workspace.generate(&[]);
    assert_eq!(workspace.path("out").exists(), run.outcome == Outcome::Done);
    let (said, _) = run.err.split_once("       4 fragments").unwrap_or((&run.err, ""));
    Ok((run.outcome, said.to_owned()))
}

#[test]
fn an_equal_fragment_unites_in_silence() -> Test {
    assert_eq!(said_of_another(|_| {})?, (Outcome::Done, String::new()));
    Ok(())
}

#[test]
fn fragments_that_differ_in_prose_alone_unite_with_a_warning() -> Test {
    let (outcome, said) = said_of_another(|other| {
        other["components"]["schemas"]["Error"]["description"] = json!("What went wrong.");
        other["info"]["title"] = json!("API");
    })?;
    assert_eq!(outcome, Outcome::Done);
    insta::assert_snapshot!(said);
    Ok(())
}

#[test]
fn every_kind_of_conflict_is_listed_in_one_run() -> Test {
    let workspace = Workspace::published()?;
    workspace.edit("create-im-or-mim-admin.json", |document| {
        document["components"]["parameters"] =
            json!({"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}});
        document["components"]["responses"] = json!({"Gone": {"description": "Gone"}});
        document["components"]["securitySchemes"] = json!({"S": {"type": "http", "scheme": "basic"}});
        document["tags"] = json!([{"name": "Streams", "x-order": 1}]);
        document["paths"]["/v1/admin/im/create"]["post"]["operationId"] = json!("create");
        document["x-vendor"] = json!(1);
    })?;
    workspace.edit("create-room-v3.json", |document| {
        document["components"]["parameters"] =
            json!({"Limit": {"name": "limit", "in": "query", "schema": {"type": "string"}}});
        document["components"]["responses"] = json!({"Gone": {"description": "Gone", "content": {}}});
        document["components"]["securitySchemes"] = json!({"S": {"type": "http", "scheme": "bearer"}});
        document["components"]["schemas"]["Error"]["properties"]["code"]["type"] = json!("string");
        document["info"]["version"] = json!("20.18.0");
        document["servers"] = json!([{"url": "https://elsewhere/pod"}]);
        document["tags"] = json!([{"name": "Streams", "x-order": 2}]);
        document["paths"]["/v3/room/create"]["post"]["operationId"] = json!("create");
        document["paths"]["/v1/im/{streamId}/info"] = json!({"post": {"responses": {"204": {"description": ""}}}});
        document["paths"]["/v1/im/{id}/info"] = json!({
            "get": {"responses": {"204": {"description": ""}}},
            "put": {"responses": {"204": {"description": ""}}},
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]
        });
        document["x-vendor"] = json!(2);
        document["components"]["schemas"]["V3RoomDetail"]["properties"]["groups"] =
            json!({"$ref": "#/components/schemas/Nobody"});
    })?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(!workspace.path("out").exists());
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn a_repeated_operation_id_names_both_operations() -> Test {
    let workspace = Workspace::published()?;
    workspace.edit("create-room-v3.json", |document| {
        document["paths"]["/v3/room/create"]["post"]["operationId"] = json!("info");
    })?;
    workspace.edit("im-info.json", |document| {
        document["paths"]["/v1/im/{id}/info"]["get"]["operationId"] = json!("info");
    })?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn a_reference_that_leads_nowhere_is_an_error() -> Test {
    let workspace = Workspace::published()?;
    workspace.edit("im-info.json", |document| {
        document["components"]["schemas"]["V1IMDetail"]["properties"]["IMSystemInfo"]["$ref"] =
            json!("#/components/schemas/Nobody");
        document["components"]["schemas"]["V1IMDetail"]["properties"]["V1IMAttributes"]["$ref"] =
            json!("other.json#/A");
        document["components"]["schemas"]["V1IMAttributes"]["properties"]["pinnedMessageId"]["default"] =
            json!({"$ref": "#/data"});
    })?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn operations_whose_derived_names_meet_are_told_apart_by_their_paths() -> Test {
    let workspace = Workspace::published()?;
    let operation = json!({"get": {"responses": {"204": {"description": ""}}}});
    workspace.edit("im-info.json", |document| {
        document["paths"]["/v1/a-b"] = operation.clone();
        document["paths"]["/v1/a/b"] = operation.clone();
    })?;
    let run = workspace.run(&["merge"]);
    let merged: Value = serde_json::from_str(&run.out)?;
    assert_eq!(merged["paths"]["/v1/a-b"]["get"]["operationId"], "v1ABGet");
    assert_eq!(merged["paths"]["/v1/a/b"]["get"]["operationId"], "v1ABGet2");
    insta::assert_snapshot!(run.err);
    Ok(())
}

#[test]
fn the_root_security_of_a_fragment_stays_with_its_operations() -> Test {
    let workspace = Workspace::published()?;
    workspace.edit("im-info.json", |document| {
        document["security"] = json!([{"S": []}]);
        document["components"]["securitySchemes"] = json!({"S": {"type": "http", "scheme": "basic"}});
    })?;
    let run = workspace.run(&["merge"]);
    let merged: Value = serde_json::from_str(&run.out)?;
    assert_eq!(merged["security"], Value::Null);
    assert_eq!(merged["paths"]["/v1/im/{id}/info"]["get"]["security"], json!([{"S": []}]));
    assert_eq!(merged["paths"]["/v3/room/create"]["post"]["security"], Value::Null);
    Ok(())
}

#[test]
fn the_same_conflicts_are_found_whatever_the_files_are_called() -> Test {
    let messages = |names: [&str; 2]| -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let published = Workspace::published()?;
        let workspace = Workspace::empty()?;
        fs::copy(published.path("openapi/im-info.json"), workspace.path("openapi").join(names[0]))?;
        let mut other = published.read("create-room-v3.json")?;
        other["components"]["schemas"]["Error"]["properties"]["code"]["type"] = json!("string");
        workspace.write(names[1], &other.to_string())?;
        let run = workspace.run(&["merge"]);
        let mut messages: Vec<String> = run
            .err
            .lines()
            .filter_map(|line| line.split_once("error[").map(|(_, message)| message.to_owned()))
            .collect();
        messages.sort();
        Ok(messages)
    };
    let found = messages(["a.json", "b.json"])?;
    assert_eq!(
        found,
        [
            "conflict]: schema `Error` is not the same in both fragments (/components/schemas/Error/properties/code/type)"
        ]
    );
    assert_eq!(messages(["b.json", "a.json"])?, found);
    Ok(())
}
