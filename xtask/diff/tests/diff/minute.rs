//! A report is read in a minute: its first lines answer, equal changes are one entry, and it fits where it is pasted.

use crate::Test;
use crate::support::of_documents;
use serde_json::{Map, Value, json};
use xtask_diff as diff;

/// A document of so many operations, each with a schema of its own of so many members of this type.
fn document(operations: usize, members: usize, kind: &str) -> Value {
    let name = |index: usize| format!("Thing{index}");
    let paths: Map<String, Value> = (0..operations)
        .map(|index| {
            let schema = json!({"$ref": format!("#/components/schemas/{}", name(index))});
            let answer = json!({"description": "OK", "content": {"application/json": {"schema": schema}}});
            (format!("/v1/things/{index}"), json!({"get": {"responses": {"200": answer}}}))
        })
        .collect();
    let schemas: Map<String, Value> = (0..operations)
        .map(|index| {
            let properties: Map<String, Value> =
                (0..members).map(|member| (format!("member{member}"), json!({"type": kind}))).collect();
            (name(index), json!({"type": "object", "properties": properties}))
        })
        .collect();
    json!({
        "openapi": "3.1.1", "info": {"title": "T", "version": "1.0.0"},
        "paths": paths, "components": {"schemas": schemas}
    })
}

#[test]
fn equal_changes_are_one_entry_with_a_count() -> Test {
    let report = of_documents(&document(100, 1, "string"), &document(100, 1, "integer"))?;
    assert_eq!(report.changes.len(), 100);
    let markdown = diff::markdown(&report);
    let expected = "- `Thing0.member0`, `Thing1.member0`, `Thing10.member0`, `Thing11.member0` and 96 more (response): \
                    100 × type: string → integer\n";
    assert!(markdown.contains(expected), "{markdown}");
    assert_eq!(markdown.lines().filter(|line| line.starts_with("- `")).count(), 1, "{markdown}");
    Ok(())
}

#[test]
fn the_first_lines_answer() -> Test {
    let report = of_documents(&document(3, 30, "string"), &document(2, 30, "integer"))?;
    for (name, text) in [("text", diff::text(&report)), ("markdown", diff::markdown(&report))] {
        let first: Vec<&str> = text.lines().take(25).collect();
        let first = first.join("\n");
        for question in [
            "A client in use, on a pod of the new version",
            "A client of the new version, on an older pod",
            "The next version",
            "What to do",
        ] {
            assert!(first.contains(question), "{name}: {question} in {first}");
        }
    }
    Ok(())
}

#[test]
fn markdown_fits_into_a_pull_request_whatever_happens() -> Test {
    // Every name another type, so that nothing can be gathered.
    let (old, mut new) = (document(150, 12, "string"), document(150, 12, "string"));
    let schemas = new["components"]["schemas"].as_object_mut().ok_or("no schemas")?;
    for (index, schema) in schemas.values_mut().enumerate() {
        for (number, property) in schema["properties"].as_object_mut().ok_or("no members")?.values_mut().enumerate() {
            *property = json!({"type": "string", "enum": [format!("v{index}-{number}")]});
        }
    }
    let report = of_documents(&old, &new)?;
    let (whole, markdown) = (diff::markdown_whole(&report), diff::markdown(&report));
    assert!(whole.chars().count() > 100_000, "{}", whole.chars().count());
    assert!(markdown.chars().count() < 60_000, "{}", markdown.chars().count());
    let entries = |text: &str| text.lines().filter(|line| line.starts_with("- ")).count();
    let left_out = entries(&whole) - entries(&markdown);
    assert!(markdown.ends_with(&format!("\n**{left_out} entries more are in the full report.**\n")), "{markdown}");
    let changelog = diff::changelog(&report);
    assert!(changelog.lines().count() < 150, "{changelog}");
    Ok(())
}

#[test]
fn a_changed_sentence_is_told_whole() -> Test {
    let described = |text: &str| {
        let mut document = document(1, 1, "string");
        document["components"]["schemas"]["Thing0"]["properties"]["member0"]["description"] = text.into();
        document
    };
    let long =
        "It has to be a name that nobody else in the company has, which is told apart by letters and digits alone";
    let report = of_documents(
        &described(&format!("The name. {long}. It is shown.")),
        &described(&format!("The name. {long} and dots. It is shown.")),
    )?;
    let changelog = diff::changelog(&report);
    assert!(changelog.contains(&format!("description: {long}. → {long} and dots.\n")), "{changelog}");
    Ok(())
}

#[test]
fn annotations_stand_on_the_lines_of_the_fragments() -> Test {
    let report = of_documents(&document(1, 1, "string"), &document(1, 1, "integer"))?;
    assert_eq!(
        diff::github(&report),
        "::error file=new.json,line=31,col=13,title=Breaks clients in use::Thing0.member0: type: string → integer%0A\
         values may come that the client can't read%0Aa newer client on an older pod breaks for the same reason\n\
         ::notice::Same version, other content: both are 1.0.0, and yet they differ.\n"
    );
    Ok(())
}
