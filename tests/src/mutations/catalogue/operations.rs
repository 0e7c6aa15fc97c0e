//! Operations, and what holds for all of them.

use serde_json::json;

use super::{ADMIN, INFO, ROOM, append, mutation, mutation_of, of, reference, remove, rename, response, set};
use crate::mutations::Mutation;

const IM: &str = "/paths/~1v1~1im~1{id}~1info";

pub(super) fn mutations() -> Vec<Mutation> {
    let id = || json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    let members = || {
        json!({"parameters": [id()],
            "responses": {"200": response(json!({"type": "array", "items": {"type": "integer", "format": "int64"}}))}})
    };
    vec![
        mutation("operation added", [set("/paths/~1v1~1im~1{id}~1members", json!({"get": members()}))]),
        mutation("operation added to a path", [set(of(IM, "/delete"), members())]),
        mutation("operation removed", [remove(IM)]),
        mutation("operation got an operationId", [set(of(INFO, "/operationId"), json!("imInfo"))]),
        mutation_of(
            [set(of(INFO, "/operationId"), json!("imInfo"))],
            "operationId changed",
            [set(of(INFO, "/operationId"), json!("getImInfo"))],
        ),
        mutation("path moved to another version", [rename(IM, "/v2/im/{id}/info")]),
        mutation(
            "path parameter renamed",
            [
                rename(IM, "/v1/im/{streamId}/info"),
                set("/paths/~1v1~1im~1{streamId}~1info/get/parameters/0/name", json!("streamId")),
            ],
        ),
        mutation("method changed", [rename(ROOM, "put")]),
        mutation("operation deprecated", [set(of(ROOM, "/deprecated"), json!(true))]),
        mutation("summary changed", [set(of(ROOM, "/summary"), json!("Another summary"))]),
        mutation("description removed", [remove(of(ADMIN, "/description"))]),
        mutation("tag changed", [set(of(ADMIN, "/tags/0"), json!("Administration"))]),
        mutation("server moved to another path", [set("/servers/0/url", json!("https://host/pod/v20"))]),
        mutation("server moved to another host", [set("/servers/0/url", json!("https://host/pod"))]),
        mutation("server added", [append("/servers", json!({"url": "https://second.example/pod"}))]),
        mutation("version raised", [set("/info/version", json!("20.18.0"))]),
        mutation("title changed", [set("/info/title", json!("Pod"))]),
        mutation(
            "security required",
            [
                set(
                    "/components/securitySchemes",
                    json!({"session": {"type": "apiKey", "in": "header", "name": "sessionToken"}}),
                ),
                set(of(INFO, "/security"), json!([{"session": []}])),
            ],
        ),
        mutation(
            "parameter moved up to the path",
            [set(of(IM, "/parameters"), json!([id()])), remove(of(INFO, "/parameters/0"))],
        ),
        mutation(
            "two operations added that share a schema",
            [
                set("/components/schemas/Member", json!({"type": "object", "properties": {"id": {"type": "integer"}}})),
                set(
                    "/paths/~1v1~1members",
                    json!({
                        "get": {"responses": {"200": response(json!({"type": "array", "items": reference("Member")}))}},
                        "post": {"requestBody": {"content": {"application/json": {"schema": reference("Member")}}},
                            "responses": {"200": response(reference("Member"))}}
                    }),
                ),
            ],
        ),
    ]
}
