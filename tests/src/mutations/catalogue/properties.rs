//! Properties that come, go and change, and what values they may have.

use serde_json::{Value, json};

use super::{append, mutation, mutation_of, reference, remove, rename, schema, set};
use crate::mutations::{Edit, Mutation};

pub(super) fn mutations() -> Vec<Mutation> {
    [presence(), types(), values(), limits()].concat()
}

/// Whether properties are there, and have to be.
fn presence() -> Vec<Mutation> {
    let text = || json!({"type": "string"});
    vec![
        mutation("optional property added", [property("topic", text())]),
        mutation("property of an error added", [set(schema("Error", "/properties/details"), text())]),
        mutation(
            "list added as a property",
            [property("owners", json!({"type": "array", "items": {"type": "integer"}}))],
        ),
        mutation("required property added", [property("topic", text()), set(room("/required"), json!(["topic"]))]),
        mutation(
            "required property added to others",
            [
                set(schema("RoomTag", "/properties/scope"), text()),
                append(schema("RoomTag", "/required"), json!("scope")),
            ],
        ),
        mutation("property removed", [remove(room("/properties/subType"))]),
        mutation(
            "required property removed",
            [remove(schema("RoomTag", "/properties/value")), set(schema("RoomTag", "/required"), json!(["key"]))],
        ),
        mutation("property renamed", [rename(room("/properties/subType"), "subKind")]),
        mutation(
            "property renamed by case alone",
            [rename(schema("V1IMDetail", "/properties/IMSystemInfo"), "imSystemInfo")],
        ),
        mutation(
            "properties in another order",
            [
                remove(room("/properties/name")),
                property("name", json!({"type": "string", "description": "Room name."})),
            ],
        ),
        mutation("property became required", [set(room("/required"), json!(["name"]))]),
        mutation("property became optional", [set(schema("RoomTag", "/required"), json!(["key"]))]),
        mutation("every property became optional", [remove(schema("RoomTag", "/required"))]),
        mutation("property read only", [set(room("/properties/groupChat/readOnly"), json!(true))]),
        mutation("property write only", [set(room("/properties/groupChat/writeOnly"), json!(true))]),
        mutation("property deprecated", [set(room("/properties/subType/deprecated"), json!(true))]),
        mutation("property described otherwise", [set(room("/properties/name/description"), json!("Another text"))]),
        mutation("property got an example", [set(room("/properties/name/example"), json!("Project X"))]),
    ]
}

/// What type they have.
fn types() -> Vec<Mutation> {
    let text = || json!({"type": "string"});
    let formatted = |format: &str| property("subType", json!({"type": "string", "format": format}));
    vec![
        mutation("property retyped", [property("subType", json!({"type": "integer"}))]),
        mutation("flag became text", [property("public", text())]),
        mutation("property got a narrower format", [set(info("/properties/creationDate/format"), json!("int32"))]),
        mutation("property lost its format", [remove(info("/properties/creationDate/format"))]),
        mutation("property became a number", [set(info("/properties/creationDate"), json!({"type": "number"}))]),
        mutation("property became a date", [formatted("date-time")]),
        mutation("property became a UUID", [formatted("uuid")]),
        mutation(
            "property got a format without a type of its own",
            [set(room("/properties/subType/format"), json!("uri"))],
        ),
        mutation("property may be null", [set(room("/properties/name/type"), json!(["string", "null"]))]),
        mutation(
            "required property may be null",
            [set(schema("RoomTag", "/properties/key/type"), json!(["string", "null"]))],
        ),
        mutation("property became any JSON", [property("subType", json!({}))]),
        mutation("list became a single value", [property("keywords", reference("RoomTag"))]),
        mutation("items of a list became unique", [set(room("/properties/keywords/uniqueItems"), json!(true))]),
        mutation(
            "set of texts added",
            [property("labels", json!({"type": "array", "items": text(), "uniqueItems": true}))],
        ),
        mutation("items of a list retyped", [set(room("/properties/keywords/items"), text())]),
    ]
}

/// What values they may have.
fn values() -> Vec<Mutation> {
    let kinds = || [property("subType", json!({"type": "string", "enum": ["EMAIL", "MEETING"]}))];
    let are = |values: Value| [set(room("/properties/subType/enum"), values)];
    vec![
        mutation("property got values", kinds()),
        mutation_of(kinds(), "value added", are(json!(["EMAIL", "MEETING", "CALL"]))),
        mutation_of(kinds(), "value added in front", are(json!(["CALL", "EMAIL", "MEETING"]))),
        mutation_of(kinds(), "value removed", are(json!(["EMAIL"]))),
        mutation_of(kinds(), "value renamed", are(json!(["EMAIL", "CALENDAR"]))),
        mutation_of(kinds(), "value renamed by case alone", are(json!(["EMAIL", "meeting"]))),
        mutation_of(kinds(), "values in another order", are(json!(["MEETING", "EMAIL"]))),
        mutation_of(kinds(), "values got a default", [set(room("/properties/subType/default"), json!("EMAIL"))]),
        mutation_of(kinds(), "values may be null", [set(room("/properties/subType/type"), json!(["string", "null"]))]),
        mutation_of(
            kinds(),
            "values moved into a schema with a name",
            [
                set("/components/schemas/SubType", json!({"type": "string", "enum": ["EMAIL", "MEETING"]})),
                property("subType", reference("SubType")),
            ],
        ),
        mutation("property got its one value", [set(room("/properties/subType/const"), json!("EMAIL"))]),
    ]
}

/// What limits and defaults they have.
fn limits() -> Vec<Mutation> {
    let longest = |length: usize| [set(room("/properties/name/maxLength"), json!(length))];
    vec![
        mutation("property got a greatest length", longest(50)),
        mutation_of(longest(50), "greatest length raised", longest(100)),
        mutation("property got a pattern", [set(room("/properties/name/pattern"), json!("^[a-z]+$"))]),
        mutation("property got a least value", [set(info("/properties/creationDate/minimum"), json!(0))]),
        mutation("property got a default", [set(room("/properties/viewHistory/default"), json!(true))]),
        mutation("property got a default that is empty", [set(room("/properties/name/default"), json!(""))]),
    ]
}

/// A property of the attributes of a room.
pub(super) fn property(name: &str, schema: Value) -> Edit {
    set(format!("{}/{name}", room("/properties")), schema)
}

/// A pointer below the attributes of a room.
pub(super) fn room(below: &str) -> String {
    schema("V3RoomAttributes", below)
}

/// A pointer below what the system knows of a room.
pub(super) fn info(below: &str) -> String {
    schema("RoomSystemInfo", below)
}
