//! Rules about what is around data: operations, parameters, bodies, statuses, security.

use serde_json::{Value, json};

use super::documents::{Case, Pipe as _, answer, document, header, holding, parameter, requiring, with};

/// Rules about everything but schemas.
pub(super) fn around() -> Vec<(&'static str, Case)> {
    let base = || document(|_| {});
    let content = |name: &str| json!({name: {"schema": {"type": "string"}}});
    let request =
        |required: bool| with("requestBody", json!({"required": required, "content": content("application/json")}));
    let two = json!({"application/json": {"schema": {"type": "string"}}, "text/plain": {"schema": {"type": "string"}}});
    let takes = |content: Value| with("requestBody", json!({"required": true, "content": content}));
    let statuses = |list: &[&str]| {
        let all: serde_json::Map<String, Value> =
            list.iter().map(|status| ((*status).to_owned(), json!({"description": "D"}))).collect();
        with("responses", Value::Object(all))
    };
    let optional = json!({"schema": {"type": "string"}});
    let required = json!({"required": true, "schema": {"type": "string"}});
    let default = |required: bool| json!({"required": required, "schema": {"type": "string", "default": "A"}});
    let deprecated = |extra: &[&str]| {
        let mut parameter = optional.clone();
        for key in extra {
            parameter[*key] = json!(true);
        }
        super::documents::parameter(&parameter)
    };
    let other = |change: fn(&mut Value)| document(change);
    let secured = |ways: Value| {
        other(|document| {
            document["components"] = json!({"securitySchemes": {
                "s": {"type": "apiKey", "in": "header", "name": "s"},
                "o": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a", "scopes": {"x": "X", "y": "Y"}}}}
            }});
        })
        .pipe(|document| document["paths"]["/a"]["post"]["security"] = ways)
    };
    let global = |ways: Value| base().pipe(|document| document["security"] = ways);
    let scheme =
        |scheme: Value| base().pipe(|document| document["components"] = json!({"securitySchemes": {"s": scheme}}));
    let oauth = |flow: Value| scheme(json!({"type": "oauth2", "flows": {"implicit": flow}}));
    let flow = |url: &str, scopes: Value| json!({"authorizationUrl": url, "tokenUrl": "https://t", "scopes": scopes});
    let no_paths = || base().pipe(|document| document["paths"] = json!({}));
    let hooks = || base().pipe(|document| document["webhooks"] = json!({"h": {"post": {"responses": {}}}}));
    let schema = || base().pipe(|document| document["components"] = json!({"schemas": {"A": {"type": "string"}}}));
    let two_methods =
        || base().pipe(|document| document["paths"]["/a"]["get"] = json!({"operationId": "b", "responses": {}}));
    let version = |version: &str| base().pipe(|document| document["info"]["version"] = json!(version));
    let in_path = |declared: bool| {
        base().pipe(|document| {
            let parameters = if declared {
                json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}])
            } else {
                json!([])
            };
            document["paths"] = json!({"/a": {"post": {"operationId": "a", "responses": {}}}});
            if declared {
                document["paths"] =
                    json!({"/a/{id}": {"post": {"parameters": parameters, "responses": {}, "operationId": "a"}}});
            }
        })
    };
    let problem = |name: &str| answer(content(name));
    vec![
        ("request-body-added-optional", (base(), request(false))),
        ("request-body-added-required", (base(), request(true))),
        ("request-body-removed", (request(false), base())),
        ("request-body-became-required", (request(false), request(true))),
        ("request-body-became-optional", (request(true), request(false))),
        ("request-body-media-type-added", (takes(content("application/json")), takes(two.clone()))),
        ("request-body-media-type-removed", (takes(two.clone()), takes(content("application/json")))),
        ("request-body-media-type-schema-added", (takes(json!({"application/json": {}})), request(true))),
        ("request-body-media-type-schema-removed", (request(true), takes(json!({"application/json": {}})))),
        (
            "response-body-media-type-schema-added",
            (answer(json!({"application/json": {}})), answer(content("application/json"))),
        ),
        (
            "response-body-media-type-schema-removed",
            (answer(content("application/json")), answer(json!({"application/json": {}}))),
        ),
        ("response-media-type-added", (answer(content("application/json")), answer(two.clone()))),
        ("response-media-type-removed", (answer(two), answer(content("application/json")))),
        ("response-media-type-name-changed", (problem("application/json"), problem("application/json; charset=utf-8"))),
        ("response-media-type-name-generalized", (problem("application/problem+json"), problem("application/json"))),
        ("response-media-type-name-specialized", (problem("application/json"), problem("application/problem+json"))),
        ("response-success-status-added", (statuses(&["200"]), statuses(&["200", "202"]))),
        ("response-success-status-removed", (statuses(&["200", "202"]), statuses(&["200"]))),
        ("response-non-success-status-added", (statuses(&["200"]), statuses(&["200", "451"]))),
        ("response-non-success-status-removed", (statuses(&["200", "451"]), statuses(&["200"]))),
        ("response-header-added", (statuses(&["200"]), header(required.clone()))),
        ("required-response-header-removed", (header(required.clone()), statuses(&["200"]))),
        ("optional-response-header-removed", (header(optional.clone()), statuses(&["200"]))),
        ("response-header-became-optional", (header(required.clone()), header(optional.clone()))),
        ("new-optional-request-parameter", (base(), parameter(&optional))),
        ("new-optional-request-default-parameter-to-existing-path", (base(), parameter(&default(false)))),
        ("new-required-request-parameter", (base(), parameter(&required))),
        ("new-required-request-default-parameter-to-existing-path", (base(), parameter(&default(true)))),
        ("new-required-request-header-property", {
            let object = |required: bool| {
                let schema = if required { requiring(&json!({})) } else { json!({"type": "object"}) };
                parameter(&json!({"in": "header", "schema": schema}))
            };
            (object(false), object(true))
        }),
        ("new-request-path-parameter", (in_path(false), in_path(true))),
        ("request-parameter-removed", (parameter(&optional), base())),
        ("request-parameter-removed-with-deprecation", (deprecated(&["deprecated"]), base())),
        ("request-parameter-deprecated", (deprecated(&[]), deprecated(&["deprecated"]))),
        ("request-parameter-reactivated", (deprecated(&["deprecated"]), deprecated(&[]))),
        ("request-parameter-became-required", (parameter(&optional), parameter(&required))),
        ("request-parameter-became-optional", (parameter(&required), parameter(&optional))),
        ("request-header-property-became-required", {
            let object = |schema: Value| parameter(&json!({"in": "header", "schema": schema}));
            (object(holding(&json!({}))), object(requiring(&json!({}))))
        }),
        ("endpoint-added", (no_paths(), base())),
        ("endpoint-deprecated", (base(), with("deprecated", json!(true)))),
        ("endpoint-reactivated", (with("deprecated", json!(true)), base())),
        ("api-path-removed-without-deprecation", (base(), no_paths())),
        ("api-path-removed-with-deprecation", (with("deprecated", json!(true)), no_paths())),
        ("api-removed-without-deprecation", (two_methods(), base())),
        (
            "api-removed-with-deprecation",
            (two_methods().pipe(|document| document["paths"]["/a"]["get"]["deprecated"] = json!(true)), base()),
        ),
        (
            "api-operation-id-added",
            (
                base().pipe(|document| {
                    document["paths"]["/a"]["post"]
                        .as_object_mut()
                        .map(|operation| operation.shift_remove("operationId"));
                }),
                base(),
            ),
        ),
        (
            "api-operation-id-removed",
            (
                base(),
                base().pipe(|document| {
                    document["paths"]["/a"]["post"]
                        .as_object_mut()
                        .map(|operation| operation.shift_remove("operationId"));
                }),
            ),
        ),
        ("api-schema-removed", (schema(), base())),
        ("api-tag-added", (base(), with("tags", json!(["T"])))),
        ("api-tag-removed", (with("tags", json!(["T"])), base())),
        ("api-version-decreased", (version("2.0.0"), version("1.0.0"))),
        ("api-version-not-bumped", (base(), with("summary", json!("S")))),
        ("api-major-version-not-bumped", (version("1.0.0"), version("1.1.0"))),
        ("webhook-added", (base(), hooks())),
        ("webhook-removed", (hooks(), base())),
        ("api-security-added", (secured(json!([])), secured(json!([{"s": []}])))),
        ("api-security-removed", (secured(json!([{"s": []}, {"o": []}])), secured(json!([{"s": []}])))),
        ("api-security-scope-added", (secured(json!([{"o": ["x"]}])), secured(json!([{"o": ["x", "y"]}])))),
        ("api-security-scope-removed", (secured(json!([{"o": ["x", "y"]}])), secured(json!([{"o": ["x"]}])))),
        ("api-global-security-added", (global(json!([])), global(json!([{"s": []}])))),
        ("api-global-security-removed", (global(json!([{"s": []}])), global(json!([])))),
        ("api-global-security-scope-added", (global(json!([{"o": ["x"]}])), global(json!([{"o": ["x", "y"]}])))),
        ("api-global-security-scope-removed", (global(json!([{"o": ["x", "y"]}])), global(json!([{"o": ["x"]}])))),
        ("api-security-component-added", (base(), scheme(json!({"type": "http", "scheme": "basic"})))),
        ("api-security-component-removed", (scheme(json!({"type": "http", "scheme": "basic"})), base())),
        (
            "api-security-component-type-changed",
            (
                scheme(json!({"type": "http", "scheme": "basic"})),
                scheme(json!({"type": "apiKey", "in": "header", "name": "s"})),
            ),
        ),
        (
            "api-security-component-oauth-url-changed",
            (oauth(flow("https://a", json!({}))), oauth(flow("https://b", json!({})))),
        ),
        (
            "api-security-component-oauth-token-url-changed",
            (
                oauth(flow("https://a", json!({}))),
                oauth(flow("https://a", json!({})).pipe(|flow| flow["tokenUrl"] = json!("https://u"))),
            ),
        ),
        (
            "api-security-component-oauth-scope-added",
            (oauth(flow("https://a", json!({}))), oauth(flow("https://a", json!({"x": "X"})))),
        ),
        (
            "api-security-component-oauth-scope-removed",
            (oauth(flow("https://a", json!({"x": "X"}))), oauth(flow("https://a", json!({})))),
        ),
        (
            "api-security-component-oauth-scope-changed",
            (oauth(flow("https://a", json!({"x": "X"}))), oauth(flow("https://a", json!({"x": "Y"})))),
        ),
    ]
}
