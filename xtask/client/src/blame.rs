//! Who is to blame where the generator makes nothing: the operations and schemas that make it fail are found by giving
//! each to the generator alone.

use std::collections::BTreeSet;

use openapiv3::{AnySchema, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind};

use crate::failure::{Failure, Part, Refusal};

/// Finds the schemas, and if none is to blame the operations, that make the generator fail.
///
/// Halves are tried until single parts are left, so that a few of a thousand are found in few runs. A part that isn't
/// tried is replaced by what harms nothing: a schema by any JSON, an operation by none.
pub(crate) fn blame(document: &OpenAPI, reason: &str, failing: &dyn Fn(&OpenAPI) -> Option<String>) -> Failure {
    let schemas: Vec<Part> = document
        .components
        .iter()
        .flat_map(|components| components.schemas.keys())
        .cloned()
        .map(Part::Schema)
        .collect();
    let operations: Vec<Part> = operations(document);
    let mut refused = Vec::new();
    let mut without_operations = document.clone();
    without_operations.paths.paths.clear();
    if failing(&without_operations).is_some() {
        halves(&schemas, &mut refused, &|parts| failing(&with_schemas_alone(&without_operations, parts)));
    } else {
        halves(&operations, &mut refused, &|parts| failing(&with_operations_alone(document, parts)));
    }
    if refused.is_empty() { Failure::Other(shortened(reason)) } else { Failure::Refused(refused) }
}

fn halves(parts: &[Part], refused: &mut Vec<Refusal>, failing: &dyn Fn(&[Part]) -> Option<String>) {
    let Some(reason) = failing(parts).filter(|_| !parts.is_empty()) else { return };
    if let [part] = parts {
        refused.push(Refusal { part: part.clone(), reason: shortened(&reason) });
        return;
    }
    let found = refused.len();
    let (first, second) = parts.split_at(parts.len() / 2);
    halves(first, refused, failing);
    halves(second, refused, failing);
    // Neither half fails by itself, but they do together: the whole half goes, so that the rest can stay.
    if refused.len() == found {
        refused.extend(first.iter().map(|part| Refusal { part: part.clone(), reason: shortened(&reason) }));
    }
}

fn operations(document: &OpenAPI) -> Vec<Part> {
    let items = document.paths.iter().filter_map(|(path, item)| Some((path, item.as_item()?)));
    let operations = items.flat_map(|(path, item)| {
        item.iter().map(move |(method, _)| Part::Operation { path: path.clone(), method: method.to_owned() })
    });
    operations.collect()
}

fn with_operations_alone(document: &OpenAPI, parts: &[Part]) -> OpenAPI {
    let mut alone = document.clone();
    for part in operations(document).iter().filter(|part| !parts.contains(part)) {
        if let Part::Operation { path, method } = part {
            remove_operation(&mut alone, path, method);
        }
    }
    alone
}

fn with_schemas_alone(document: &OpenAPI, parts: &[Part]) -> OpenAPI {
    let mut alone = document.clone();
    let kept: BTreeSet<&String> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Schema(name) => Some(name),
            Part::Operation { .. } => None,
        })
        .collect();
    for (name, schema) in alone.components.iter_mut().flat_map(|components| &mut components.schemas) {
        if !kept.contains(name) {
            *schema = anything();
        }
    }
    alone
}

fn anything() -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Any(AnySchema::default()) })
}

/// Takes an operation out of the document; returns whether it was there.
pub(crate) fn remove_operation(document: &mut OpenAPI, path: &str, method: &str) -> bool {
    let Some(ReferenceOr::Item(item)) = document.paths.paths.get_mut(path) else { return false };
    let slot = match method {
        "get" => &mut item.get,
        "put" => &mut item.put,
        "post" => &mut item.post,
        "delete" => &mut item.delete,
        "options" => &mut item.options,
        "head" => &mut item.head,
        "patch" => &mut item.patch,
        "trace" => &mut item.trace,
        _ => return false,
    };
    slot.take().is_some()
}

/// Makes any JSON of a schema of the components; returns whether it was there, and something else.
pub(crate) fn open_schema(document: &mut OpenAPI, name: &str) -> bool {
    let schema = document.components.as_mut().and_then(|components| components.schemas.get_mut(name));
    schema.is_some_and(|schema| {
        let changed = *schema != anything();
        *schema = anything();
        changed
    })
}

/// The generator's messages may hold whole schemas in Rust's debug form; their beginning is enough.
fn shortened(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
