//! Schemas that are only themselves: nothing says what they accept, and a program that reads them never stops.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::pointer;

/// So many are named; to put one right often puts others right.
const NAMED: usize = 20;

const SCHEMAS: &str = "/components/schemas";

/// The components of a lowered document that are all of themselves, by references and `allOf`: the pointer of each, and the way
/// round by its names.
pub(super) fn find(document: &Value) -> Vec<(String, Vec<String>)> {
    let Some(schemas) = document.pointer(SCHEMAS).and_then(Value::as_object) else { return Vec::new() };
    let mut edges: BTreeMap<&str, BTreeSet<String>> = schemas
        .iter()
        .map(|(name, schema)| {
            let mut bases = BTreeSet::new();
            bases_of(schema, &mut bases);
            bases.retain(|base| schemas.contains_key(base));
            (name.as_str(), bases)
        })
        .collect();
    // Nearly all schemas end somewhere: those go first, and what is left is in a circle or leads to one.
    loop {
        let ends: BTreeSet<String> =
            edges.iter().filter(|(_, bases)| bases.is_empty()).map(|(name, _)| (*name).to_owned()).collect();
        if ends.is_empty() {
            break;
        }
        edges.retain(|_, bases| !bases.is_empty());
        edges.values_mut().for_each(|bases| bases.retain(|base| !ends.contains(base)));
    }
    let left = schemas.keys().filter(|name| edges.contains_key(name.as_str()));
    left.filter_map(|name| Some((pointer::join(SCHEMAS, name), way_back(&edges, name)?))).take(NAMED).collect()
}

/// What a schema is all of.
fn bases_of(schema: &Value, bases: &mut BTreeSet<String>) {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        if let Some(name) = target.strip_prefix("#/components/schemas/") {
            bases.insert(name.replace("~1", "/").replace("~0", "~"));
        }
        return;
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        bases_of(part, bases);
    }
}

/// The shortest way from `name` to itself; the names on it, `name` at both ends.
fn way_back(edges: &BTreeMap<&str, BTreeSet<String>>, name: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![name.to_owned()]];
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| edges.get(last.as_str())).into_iter().flatten() {
                let way = [way.as_slice(), std::slice::from_ref(next)].concat();
                if next == name {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_all_of_itself_is_found_with_its_way_round() {
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let document = json!({"components": {"schemas": {
            "Self": {"allOf": [to("Self"), {"type": "object"}]},
            "A": to("B/1"), "B/1": {"allOf": [{"allOf": [{"$ref": "#/components/schemas/C"}]}]}, "C": to("A"),
            "Child": {"allOf": [to("Base")]}, "Base": {"oneOf": [to("Child"), {"type": "string"}]},
            "List": {"type": "array", "items": to("List")},
            "Tree": {"type": "object", "properties": {"parent": {"allOf": [to("Tree")]}}},
            "OfOne": {"allOf": [to("Self")]},
        }}});
        let found: Vec<(String, String)> = find(&document).into_iter().map(|(at, way)| (at, way.join(" → "))).collect();
        let expected = [
            ("/components/schemas/Self", "Self → Self"),
            ("/components/schemas/A", "A → B/1 → C → A"),
            ("/components/schemas/B~11", "B/1 → C → A → B/1"),
            ("/components/schemas/C", "C → A → B/1 → C"),
        ];
        assert_eq!(found, expected.map(|(at, way)| (at.to_owned(), way.to_owned())));
    }
}
