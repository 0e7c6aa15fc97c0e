//! Schemas: what they are made of.

use serde_json::json;

use super::properties::{info, property, room};
use super::{append, mutation, mutation_of, reference, remove, rename, schema, set};
use crate::mutations::Mutation;

pub(super) fn mutations() -> Vec<Mutation> {
    let number = || json!({"type": "integer", "format": "int64"});
    let created = || json!({"type": "object", "properties": {"by": number()}});
    let text_or_number = || json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    vec![
        mutation("schema added that nothing uses", [set("/components/schemas/Unused", created())]),
        mutation(
            "schema added and used",
            [set("/components/schemas/Created", created()), set(info("/properties/created"), reference("Created"))],
        ),
        mutation(
            "schema renamed",
            [
                rename(schema("GroupItem", ""), "Group"),
                set(schema("V3RoomDetail", "/properties/groups/items"), reference("Group")),
            ],
        ),
        mutation(
            "schema given in place",
            [set(
                schema("V3RoomDetail", "/properties/groups/items"),
                json!({"type": "object", "properties": {"id": number()}}),
            )],
        ),
        mutation("schema got a title", [set(schema("GroupItem", "/title"), json!("A group"))]),
        mutation(
            "object with a title added",
            [property("meta", json!({"type": "object", "title": "Meta", "properties": {}}))],
        ),
        mutation(
            "object given in place added",
            [property("meeting", json!({"type": "object", "properties": {"start": number()}}))],
        ),
        mutation("schema described otherwise", [set(schema("RoomTag", "/description"), json!("Another text"))]),
        mutation("schema closed", [set(schema("RoomTag", "/additionalProperties"), json!(false))]),
        mutation("schema opened to any property", [set(schema("RoomTag", "/additionalProperties"), json!(true))]),
        mutation(
            "schema opened to texts",
            [set(schema("RoomTag", "/additionalProperties"), json!({"type": "string"}))],
        ),
        mutation(
            "schema became a map",
            [set(schema("GroupItem", ""), json!({"type": "object", "additionalProperties": {"type": "string"}}))],
        ),
        mutation("schema became text", [set(schema("GroupItem", ""), json!({"type": "string"}))]),
        mutation("schema became a list", [set(schema("GroupItem", ""), json!({"type": "array", "items": number()}))]),
        mutation("schema became values", [set(schema("GroupItem", ""), json!({"type": "string", "enum": ["A", "B"]}))]),
        mutation("schema became any JSON", [set(schema("GroupItem", ""), json!({}))]),
        mutation("schema lost its type", [remove(schema("GroupItem", "/type"))]),
        mutation("schema lost its properties", [set(schema("GroupItem", "/properties"), json!({}))]),
        mutation("property may be one of two types", [property("subType", text_or_number())]),
        mutation_of(
            [property("subType", text_or_number())],
            "choice got a third type",
            [append(room("/properties/subType/oneOf"), json!({"type": "boolean"}))],
        ),
        mutation(
            "schema may be one of two",
            [set(
                schema("GroupItem", ""),
                json!({"oneOf": [
                    {"type": "object", "required": ["id"], "properties": {"id": number()}},
                    {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
                ]}),
            )],
        ),
        mutation(
            "schema extends another",
            [set(
                schema("GroupItem", ""),
                json!({"allOf": [
                    reference("RoomTag"),
                    {"type": "object", "properties": {"id": number()}}
                ]}),
            )],
        ),
        mutation(
            "property refers through allOf",
            [set(
                schema("V3RoomDetail", "/properties/roomSystemInfo"),
                json!({"description": "Of the system", "allOf": [reference("RoomSystemInfo")]}),
            )],
        ),
        mutation(
            "property nested within itself",
            [set(schema("RoomSystemInfo", "/properties/parent"), reference("RoomSystemInfo"))],
        ),
        mutation(
            "list nested within itself",
            [set(schema("GroupItem", "/properties/groups"), json!({"type": "array", "items": reference("GroupItem")}))],
        ),
    ]
}
