//! Responses.

use serde_json::{Value, json};

use super::{ADMIN, INFO, ROOM, json_content, mutation, mutation_of, of, reference, remove, rename, response, set};
use crate::mutations::{Edit, Mutation};

/// The error statuses that every operation has.
const ERRORS: [&str; 4] = ["400", "401", "403", "500"];

pub(super) fn mutations() -> Vec<Mutation> {
    let empty = || json!({"description": "Nothing"});
    let detail = || json!({"type": "object", "properties": {"reason": {"type": "string"}}});
    let refusal = || set("/components/schemas/Refusal", detail());
    let every_error = ERRORS.map(|status| on(INFO, status, response(reference("Refusal"))));
    vec![
        mutation("error status added", [on(ADMIN, "409", response(reference("Error")))]),
        mutation("error status removed", [remove(of(ROOM, "/responses/451"))]),
        mutation("error status changed", [rename(of(ROOM, "/responses/451"), "409")]),
        mutation("every error status removed", ERRORS.map(|status| remove(format!("{INFO}/responses/{status}")))),
        mutation("success retyped", [on(ADMIN, "200", response(reference("UserIdList")))]),
        mutation(
            "success became a list",
            [on(INFO, "200", response(json!({"type": "array", "items": reference("V1IMDetail")})))],
        ),
        mutation(
            "success became text",
            [set(of(ADMIN, "/responses/200/content"), json!({"text/plain": {"schema": {"type": "string"}}}))],
        ),
        mutation("success lost its body", [on(ADMIN, "200", empty())]),
        mutation("success status changed", [rename(of(ADMIN, "/responses/200"), "201")]),
        mutation("success status added of the same type", [on(ADMIN, "201", response(reference("Stream")))]),
        mutation("success status added of another type", [on(ADMIN, "202", response(detail()))]),
        mutation("success status added without a body", [on(ADMIN, "204", empty())]),
        mutation("one error retyped", [on(ROOM, "400", response(detail()))]),
        mutation("one error got a schema of its own", [refusal(), on(ROOM, "451", response(reference("Refusal")))]),
        mutation("every error of an operation retyped", [vec![refusal()], every_error.to_vec()].concat()),
        mutation("default response added", [on(INFO, "default", response(reference("Error")))]),
        mutation("class of statuses added", [on(INFO, "4XX", response(reference("Error")))]),
        mutation(
            "response header added",
            [set(of(INFO, "/responses/200/headers"), json!({"X-Total": {"schema": {"type": "integer"}}}))],
        ),
        mutation("response described otherwise", [set(of(ROOM, "/responses/451/description"), json!("Refused"))]),
        mutation(
            "response got a second content type",
            [set(of(INFO, "/responses/200/content/application~1xml"), json!({"schema": reference("V1IMDetail")}))],
        ),
        mutation("response became any JSON", [set(of(INFO, "/responses/200/content"), json_content(json!({})))]),
        mutation_of(
            [on(INFO, "200", response(detail()))],
            "schema of a response got a name",
            [set("/components/schemas/Detail", detail()), on(INFO, "200", response(reference("Detail")))],
        ),
    ]
}

fn on(operation: &str, status: &str, response: Value) -> Edit {
    set(format!("{operation}/responses/{status}"), response)
}
