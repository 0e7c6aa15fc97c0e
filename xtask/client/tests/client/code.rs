//! What users can name of the clients of given fragments.

use serde_json::json;
use xtask_client::File;
use xtask_fixtures::mutations::{self, Documents};
use xtask_spec::diagnostic;
use xtask_surface::{GeneratedCode, Unreadable};

use crate::Test;
use crate::support::made;

/// The files of the client of these fragments.
pub(crate) fn files(documents: &Documents) -> Result<Vec<File>, String> {
    let fragments = mutations::fragments(documents);
    let generation = fragments.and_then(|fragments| xtask_client::generate(&fragments, &mut |_| ()));
    generation.map(|generation| generation.files).map_err(|problems| diagnostic::report(problems.diagnostics()))
}

/// What users of it can name.
pub(crate) fn code(files: &[File]) -> Result<GeneratedCode, Unreadable> {
    let name = |file: &File| Some(file.path.strip_prefix("src/generated/")?.strip_suffix(".rs")?.to_owned());
    let modules: Vec<(String, &str)> =
        files.iter().filter_map(|file| Some((name(file)?, file.text.as_str()))).collect();
    GeneratedCode::of(modules.iter().map(|(name, text)| (name.as_str(), *text)))
}

#[test]
fn a_body_that_may_be_left_out_is_sent_where_it_is_set() -> Test {
    let schema = json!({"type": "object", "properties": {"tag": {"type": "string"}}});
    let operation = |required: bool| {
        json!({"paths": {"/a": {"post": {
            "operationId": "a",
            "requestBody": {"required": required, "content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": ""}}
        }}}, "openapi": "3.1.0", "info": {"title": "A", "version": "1"}})
    };
    let plain = |client: &str| client.split_whitespace().collect::<Vec<_>>().join(" ");
    let optional = plain(&made(&operation(false))?.client);
    for part in [
        "body: support::Given<Option<types::builder::ABody>>,",
        "body: Ok(None),",
        "match &body { Some(body) => request.json(body), None => request, }",
        "self.body = self.body.map(|body| Some(f(body.unwrap_or_default())));",
    ] {
        assert!(optional.contains(part), "{part} isn't in {optional}");
    }
    let required = plain(&made(&operation(true))?.client);
    assert!(required.contains(".json(&body)") && required.contains("body: Ok(Default::default()),"));
    Ok(())
}

#[test]
fn separators_of_a_composed_parameter_are_kept() -> Test {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let made = made(&json!({"paths": {"/a": {"get": {
        "operationId": "a",
        "parameters": [
            {"name": "ids", "in": "query", "explode": false, "schema": list},
            {"name": "each", "in": "query", "schema": list},
            {"name": "filter", "in": "query", "style": "deepObject", "schema": map}
        ],
        "responses": {"204": {"description": ""}}
    }}}, "openapi": "3.1.0", "info": {"title": "A", "version": "1"}}))?;
    assert!(made.client.contains("support::composed(request, &[\"ids\"])?;"), "{}", made.client);
    let said = made.warnings.lines().filter(|line| line.contains("warning[")).collect::<Vec<_>>();
    assert_eq!(
        said,
        [
            "openapi/a.json:1:17: warning[as-text]: the parameter `ids` has values that have no one form in a URL: it is given as \
             the text that goes onto the wire, encoded but for its commas (/paths/~1a/get)",
            "openapi/a.json:1:17: warning[left-out]: the query parameter `filter` is left out: its members may have any names, and \
             each would be a parameter (/paths/~1a/get)"
        ]
    );
    Ok(())
}
