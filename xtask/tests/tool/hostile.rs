//! Texts of the vendor's stay texts: none becomes code, and none hides what stands beside it.

use std::fs;

use serde_json::{Value, json};
use xtask::terminal::Outcome;

use crate::Test;
use crate::workspace::Workspace;

const INJECTION: &str = "1\n#![doc = include_str!(\"/etc/hostname\")]\n";

fn document(change: impl FnOnce(&mut Value)) -> String {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "d"}}}}},
    });
    change(&mut document);
    format!("{document:#}\n")
}

#[test]
fn versions_and_names_with_hidden_characters_are_refused() -> Test {
    for (name, text, said) in [
        (
            "a.json",
            document(|document| document["info"]["version"] = INJECTION.into()),
            "openapi/a.json:5:5: error[version]: `info.version` holds the character U+000A, which nobody sees (/info/version)",
        ),
        (
            "a.json",
            document(|document| document["info"]["version"] = "1\u{202e}".into()),
            "openapi/a.json:5:5: error[version]: `info.version` holds the character U+202E, which nobody sees (/info/version)",
        ),
        (
            "a\n# [x].json",
            document(|_| ()),
            "openapi/a\\n# [x].json: error[name]: its name holds the character U+000A, which nobody sees",
        ),
        (
            "a.json",
            document(|document| document["components"] = json!({"schemas": {"A": {"properties": {"x\u{1}": {}}}}})),
            "openapi/a.json:23:11: error[name]: a name holds the character U+0001, which nobody sees (/components/schemas/A/properties/x\\u{1})",
        ),
        (
            "a.yaml",
            document(|document| document["info"]["version"] = json!(1.1)).replace("1.1", "1.10"),
            "openapi/a.yaml:5:5: error[version]: `info.version` is 1.1, which is no text (/info/version)",
        ),
        (
            "a.json",
            document(|document| document["openapi"] = "3.0".into()),
            "openapi/a.json:2:3: error[version]: OpenAPI version \"3.0\" is not a whole one: it has three numbers, such as 3.0.0 (/openapi)",
        ),
    ] {
        let workspace = Workspace::empty()?;
        workspace.write(name, &text)?;
        let run = workspace.generate(&[]);
        assert_eq!(run.outcome, Outcome::Failure, "{said}");
        assert_eq!(run.err.lines().next(), Some(said));
        assert!(!workspace.path("out").exists());
    }
    let workspace = Workspace::empty()?;
    workspace.write("a.json", &document(|_| ()))?;
    let overlay = json!({"overlay": "1.0.0", "info": {"title": "C", "version": "1"},
        "actions": [{"target": "$.info", "update": {"version": INJECTION}}]});
    workspace.write("overlay.json", &overlay.to_string())?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(run.err.contains("error[version]: `info.version` holds the character U+000A"), "{}", run.err);
    Ok(())
}

#[test]
fn what_a_description_holds_is_shown_and_neither_run_nor_hidden() -> Test {
    let code = "Text.\r\n\r\n```\r\npanic!()\r\n```\r\n\r\n    panic!()\r\n\r\n* \u{202e}list\r\n\r\n  ~~~rust\r\n  panic!()\r\n  ~~~\rend {{";
    let workspace = Workspace::empty()?;
    workspace.write(
        "a.json",
        &document(|document| {
            document["paths"]["/a"]["get"]["description"] = code.into();
            document["paths"]["/a"]["get"]["summary"] = "A\r\nsummary".into();
            document["paths"]["/a"]["get"]["requestBody"] =
                json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}});
            document["components"] = json!({"schemas": {"A": {
                "description": code,
                "properties": {"x": {"type": "string", "description": code}, "y\u{202e}": {"enum": ["a\u{2066}b"], "description": code}},
            }}});
        }),
    )?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    for name in ["mod.rs", "client.rs", "httpmock.rs", "support.rs"] {
        let text = fs::read_to_string(workspace.path("out/src/generated").join(name))?;
        let odd = |character: char| matches!(character, '\r' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(odd), "{name}");
        assert!(syn::parse_file(&text).is_ok(), "{name}");
    }
    let client = workspace.generated("src/generated/client.rs")?;
    let fences = client.lines().filter(|line| line.contains("```") || line.contains("~~~"));
    let opening: Vec<&str> = fences
        .map(|line| line.trim().trim_end_matches("*/"))
        .filter(|line| !line.ends_with("```") && !line.ends_with("~~~"))
        .collect();
    assert!(!opening.is_empty() && opening.iter().all(|line| line.ends_with("text")), "{opening:?}");
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}
