//! Rules about members of objects.

use serde_json::{Value, json};

use super::documents::{Case, answer, body, holding, requiring};

/// Rules about the presence of members.
pub(super) fn members() -> Vec<(&'static str, Case)> {
    let text = json!({"type": "string"});
    let defaulting = json!({"type": "string", "default": "A"});
    let none = json!({"type": "object"});
    let said = |quality: &str| json!({"type": "string", quality: true});
    let answer = |schema: &Value| answer(json!({"application/json": {"schema": schema}}));
    let mut rows = vec![
        ("new-optional-request-property", (body(&none), body(&holding(&text)))),
        ("new-required-request-property", (body(&none), body(&requiring(&text)))),
        ("new-required-request-property-with-default", (body(&none), body(&requiring(&defaulting)))),
        ("request-property-removed", (body(&holding(&text)), body(&none))),
        ("request-property-became-required", (body(&holding(&text)), body(&requiring(&text)))),
        ("request-property-became-required-with-default", (body(&holding(&defaulting)), body(&requiring(&defaulting)))),
        ("request-property-became-optional", (body(&requiring(&text)), body(&holding(&text)))),
        ("response-property-became-required", (answer(&holding(&text)), answer(&requiring(&text)))),
        ("response-property-became-optional", (answer(&requiring(&text)), answer(&holding(&text)))),
        ("response-optional-property-added", (answer(&none), answer(&holding(&text)))),
        ("response-optional-property-removed", (answer(&holding(&text)), answer(&none))),
        ("response-required-property-added", (answer(&none), answer(&requiring(&text)))),
        ("response-required-property-removed", (answer(&requiring(&text)), answer(&none))),
        ("response-optional-write-only-property-added", (answer(&none), answer(&holding(&said("writeOnly"))))),
        ("response-optional-write-only-property-removed", (answer(&holding(&said("writeOnly"))), answer(&none))),
        ("response-required-write-only-property-added", (answer(&none), answer(&requiring(&said("writeOnly"))))),
        ("response-required-write-only-property-removed", (answer(&requiring(&said("writeOnly"))), answer(&none))),
        (
            "response-write-only-property-became-optional",
            (answer(&requiring(&said("writeOnly"))), answer(&holding(&said("writeOnly")))),
        ),
        (
            "response-write-only-property-became-required",
            (answer(&holding(&said("writeOnly"))), answer(&requiring(&said("writeOnly")))),
        ),
    ];
    for (id, required, request, key, becomes) in [
        ("request-optional-property-became-read-only", false, true, "readOnly", true),
        ("request-optional-property-became-not-read-only", false, true, "readOnly", false),
        ("request-optional-property-became-write-only", false, true, "writeOnly", true),
        ("request-optional-property-became-not-write-only", false, true, "writeOnly", false),
        ("request-required-property-became-read-only", true, true, "readOnly", true),
        ("request-required-property-became-not-read-only", true, true, "readOnly", false),
        ("request-required-property-became-write-only", true, true, "writeOnly", true),
        ("request-required-property-became-not-write-only", true, true, "writeOnly", false),
        ("response-optional-property-became-read-only", false, false, "readOnly", true),
        ("response-optional-property-became-not-read-only", false, false, "readOnly", false),
        ("response-optional-property-became-write-only", false, false, "writeOnly", true),
        ("response-optional-property-became-not-write-only", false, false, "writeOnly", false),
        ("response-required-property-became-read-only", true, false, "readOnly", true),
        ("response-required-property-became-not-read-only", true, false, "readOnly", false),
        ("response-required-property-became-write-only", true, false, "writeOnly", true),
        ("response-required-property-became-not-write-only", true, false, "writeOnly", false),
    ] {
        let document = |schema: Value| {
            let object = if required { requiring(&schema) } else { holding(&schema) };
            if request { body(&object) } else { answer(&object) }
        };
        let (without, having) = (document(json!({"type": "string"})), document(said(key)));
        rows.push((id, if becomes { (without, having) } else { (having, without) }));
    }
    rows
}
