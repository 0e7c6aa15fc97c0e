//! What is said to work is tried: a thousand values of one side, each of them taken by the other.

use crate::Test;
use crate::pairs;
use serde_json::{Value, json};
use xtask_diff::model::{Direction, Judgement, Outcome, Report};
use xtask_diff::{self as diff, Side};
use xtask_fixtures::mutations::{self, Documents};
use xtask_samples::{Sent, Taker};
use xtask_spec::fragments::Fragments;
use xtask_spec::grammar::{self, Object};
use xtask_spec::source::{Source, Syntax};

/// As many values are tried for each body.
const VALUES: usize = 1000;

/// A side, and its document.
struct Half {
    side: Side,
    document: Value,
    /// What its client reads: see [`as_read`].
    read: Value,
}

impl Half {
    fn of(name: &str, fragments: &Fragments) -> Test<Self> {
        let document = xtask_spec::corrected(fragments)?.document;
        let mut read = document.clone();
        grammar::walk_mut(Object::OpenApi, &mut read, &mut |_, object, value| {
            if object == Object::Schema {
                as_read(value);
            }
        });
        Ok(Self { side: Side::of(name, fragments)?, document, read })
    }

    fn of_document(name: &str, document: &Value) -> Test<Self> {
        let source = Source::new(name, name, format!("{document:#}\n"), Syntax::Json);
        Self::of(name, &Fragments::parse(vec![source], name)?)
    }

    fn of_fragments(name: &str, documents: &Documents) -> Test<Self> {
        Self::of(name, &mutations::fragments(documents)?)
    }
}

/// A schema as the types of a client have it: they know no bounds of numbers and lists and no conditions, read values of
/// an enumeration that they don't know, and members of an object, and take `null` for absent.
fn as_read(schema: &mut Value) {
    const UNKNOWN: [&str; 23] = [
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "contains",
        "minContains",
        "maxContains",
        "not",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "propertyNames",
        "unevaluatedItems",
    ];
    const TYPED: [&str; 12] =
        ["uuid", "date", "date-time", "ip", "ipv4", "ipv6", "int8", "uint8", "int16", "uint16", "int32", "uint32"];
    let Value::Object(members) = schema else { return };
    members.retain(|key, value| {
        let text = value.as_str().unwrap_or_default();
        // Objects that the specification calls complete may have more members.
        let is_closing = key == "additionalProperties" && *value == json!(false);
        !UNKNOWN.contains(&key.as_str()) && !is_closing && (key != "format" || TYPED.contains(&text))
    });
    let required: Vec<Value> = members.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        for (name, property) in properties {
            if !required.contains(&json!(name)) {
                *property = json!({"anyOf": [{"type": "null"}, property.clone()]});
            }
        }
    }
}

fn without_null(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// The bodies of an operation that go in a direction, by pointer.
fn bodies(document: &Value, direction: Direction) -> Vec<(String, String)> {
    let mut bodies = Vec::new();
    for operation in grammar::operations(document) {
        let name = format!("{} {}", operation.method.to_uppercase(), operation.path);
        let at = format!("{}/{}", xtask_spec::pointer::join("/paths", operation.path), operation.method);
        let statuses = operation.value.get("responses").and_then(Value::as_object).into_iter().flatten();
        let places: Vec<String> = match direction {
            Direction::Request => vec![format!("{at}/requestBody")],
            _ => statuses
                .filter(|(status, _)| status.starts_with('2') && *status != "204")
                .map(|(status, _)| format!("{at}/responses/{status}"))
                .collect(),
        };
        let schemas = places.into_iter().map(|place| format!("{place}/content/application~1json/schema"));
        bodies.extend(schemas.filter(|at| document.pointer(at).is_some()).map(|at| (name.clone(), at)));
    }
    bodies
}

/// Whether a report says of an operation that something differs in this direction, and that it works.
fn works(report: &Report, operation: &str, direction: Direction, verdict: fn(&Judgement) -> Outcome) -> bool {
    let concerned = report.changes.iter().filter(|change| {
        !change.is_prose() && (change.operations.is_empty() || change.operations.iter().any(|name| name == operation))
    });
    let judged = concerned.flat_map(|change| &change.judgements);
    let outcomes: Vec<Outcome> = judged
        .filter(|judgement| [direction, Direction::Neither].contains(&judgement.direction))
        .map(verdict)
        .collect();
    !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Outcome::Works)
}

/// The values that one side sends, the other refuses, and a report says nothing of; how many were sent.
fn tried(name: &str, old: &Half, new: &Half, refused: &mut Vec<String>) -> usize {
    let report = diff::compare_documents(&old.side, &new.side);
    let mut sent = 0_usize;
    for (client, pod, verdict) in [
        (old, new, (|judgement| judgement.forward.outcome) as fn(&Judgement) -> Outcome),
        (new, old, |judgement| judgement.reverse.outcome),
    ] {
        for direction in [Direction::Request, Direction::Response] {
            for (operation, at) in bodies(&client.document, direction) {
                let (from, to, way) = match direction {
                    Direction::Request => (&client.document, &pod.document, Sent::Request),
                    _ => (&pod.document, &client.read, Sent::Response),
                };
                let (Some(schema), Some(other)) = (from.pointer(&at), to.pointer(&at)) else { continue };
                if !works(&report, &operation, direction, verdict) {
                    continue;
                }
                let (Some(from), Some(to)) = (Taker::of(from, &[schema], way), Taker::of(to, &[other], way)) else {
                    continue;
                };
                let mut values = from.values(7, VALUES);
                if way == Sent::Request {
                    // A client leaves out what isn't set, and sends no `null`.
                    values.iter_mut().for_each(without_null);
                    values.retain(|value| from.takes(value));
                }
                sent = sent.saturating_add(values.len());
                let first = values.iter().find(|value| !to.takes(value));
                refused.extend(first.map(|value| format!("{name}: {direction:?} {at}: {value}")));
            }
        }
    }
    sent
}

#[test]
fn what_works_survives_a_thousand_values() -> Test {
    let (mut refused, mut sent) = (Vec::new(), 0_usize);
    for (name, old, new, _) in pairs::data().into_iter().chain(pairs::around()) {
        let (old, new) = (Half::of_document("old.json", &old)?, Half::of_document("new.json", &new)?);
        sent = sent.saturating_add(tried(name, &old, &new, &mut refused));
    }
    let published = mutations::published()?;
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let (old, new) = (Half::of_fragments("old", &old)?, Half::of_fragments("new", &new)?);
        sent = sent.saturating_add(tried(mutation.name, &old, &new, &mut refused));
    }
    assert_eq!(refused, Vec::<String>::new());
    assert!(sent > 100_000, "only {sent} values were sent");
    Ok(())
}
