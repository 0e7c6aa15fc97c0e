//! Bodies of requests.

use serde_json::{Value, json};

use super::{ADMIN, INFO, ROOM, json_content, mutation, of, reference, remove, schema, set};
use crate::mutations::{Edit, Mutation};

pub(super) fn mutations() -> Vec<Mutation> {
    let number = || json!({"type": "integer", "format": "int64"});
    let list = || json!({"type": "array", "items": number()});
    let text = || json!({"schema": {"type": "string"}});
    let bytes = || json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}});
    let parts = || json!({"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}});
    vec![
        mutation("body removed", [remove(of(ADMIN, "/requestBody"))]),
        mutation(
            "body added",
            [set(of(INFO, "/requestBody"), json!({"content": json_content(reference("V1IMAttributes"))}))],
        ),
        mutation("body of bytes added", [set(of(INFO, "/requestBody"), json!({"content": bytes()}))]),
        mutation("body became optional", [set(of(ROOM, "/requestBody/required"), json!(false))]),
        mutation("body retyped", [admin_content(json_content(reference("Stream")))]),
        mutation("body's schema given in place", [admin_content(json_content(list()))]),
        mutation("body became text", [admin_content(json!({"text/plain": text()}))]),
        mutation("body became bytes", [admin_content(bytes())]),
        mutation(
            "body became a form",
            [admin_content(json!({"application/x-www-form-urlencoded": {"schema": reference("Stream")}}))],
        ),
        mutation("body became a form of parts", [admin_content(json!({"multipart/form-data": {"schema": parts()}}))]),
        mutation("body got a second content type", [set(of(ADMIN, "/requestBody/content/text~1plain"), text())]),
        mutation("body described otherwise", [set(of(ADMIN, "/requestBody/description"), json!("Another text"))]),
        mutation("items of a body retyped", [set(schema("UserIdList", "/items"), json!({"type": "string"}))]),
        mutation("items of a body got a narrower format", [set(schema("UserIdList", "/items/format"), json!("int32"))]),
        mutation("items of a body became unique", [set(schema("UserIdList", "/uniqueItems"), json!(true))]),
        mutation("body has to have items", [set(schema("UserIdList", "/minItems"), json!(1))]),
        mutation("body may have so many items", [set(schema("UserIdList", "/maxItems"), json!(20))]),
        mutation(
            "list became an object",
            [set(schema("UserIdList", ""), json!({"type": "object", "properties": {"ids": list()}}))],
        ),
    ]
}

fn admin_content(content: Value) -> Edit {
    set(of(ADMIN, "/requestBody/content"), content)
}
