//! Who is to blame where the generator makes nothing: the operations and schemas that make it fail are found by giving
//! each to the generator alone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use openapiv3::{AnySchema, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind};

use crate::failure::{Failure, Part, Reason, Refusal};

/// Seconds that a part of a document may take.
const SECONDS: u64 = 10;

/// How long parts are tried. One that is to blame alone is found long before, even if each try takes all of its time.
const SEARCH: Duration = Duration::from_secs(180);

/// Finds the schemas, and if none is to blame the operations, that make the generator fail.
///
/// Halves are tried until single parts are left, so that a few of a thousand are found in few runs. A part that isn't
/// tried is replaced by what harms nothing: a schema by any JSON, an operation by none.
pub(crate) fn blame(document: &OpenAPI, reason: Reason, failing: &dyn Fn(&OpenAPI, u64) -> Option<Reason>) -> Failure {
    let schemas: Vec<Part> = document
        .components
        .iter()
        .flat_map(|components| components.schemas.keys())
        .cloned()
        .map(Part::Schema)
        .collect();
    let mut without_operations = document.clone();
    without_operations.paths.paths.clear();
    let end = Instant::now().checked_add(SEARCH);
    let found = if let Some(reason) = failing(&without_operations, SECONDS) {
        let fails = |parts: &[Part]| failing(&with_schemas_alone(&without_operations, parts), SECONDS);
        Search { fails: &fails, end, found: Vec::new() }.among(&schemas, reason)
    } else {
        let fails = |parts: &[Part]| failing(&with_operations_alone(document, parts), SECONDS);
        Search { fails: &fails, end, found: Vec::new() }.among(&operations(document), reason.clone())
    };
    let refusals = |lost: bool| {
        let found = found.iter().filter(|(_, reason)| matches!(reason, Reason::Lost(_)) == lost);
        found.map(|(part, reason)| Refusal { part: part.clone(), reason: shortened(&reason.to_string()) }).collect()
    };
    let (lost, refused): (Vec<Refusal>, Vec<Refusal>) = (refusals(true), refusals(false));
    if !lost.is_empty() {
        Failure::Lost(lost)
    } else if !refused.is_empty() {
        Failure::Refused(refused)
    } else {
        Failure::Other(shortened(&reason.to_string()))
    }
}

/// The search for what is to blame.
struct Search<'a> {
    /// Why the generator fails on these parts alone; `None` where it doesn't.
    fails: &'a dyn Fn(&[Part]) -> Option<Reason>,
    end: Option<Instant>,
    found: Vec<(Part, Reason)>,
}

impl Search<'_> {
    /// Those of `parts` that make the generator fail, which it does on all of them for `reason`.
    fn among(mut self, parts: &[Part], reason: Reason) -> Vec<(Part, Reason)> {
        self.halves(parts, reason);
        self.found
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| end <= Instant::now())
    }

    fn tried(&self, parts: &[Part]) -> Option<Reason> {
        if self.is_over() { None } else { (self.fails)(parts) }
    }

    fn halves(&mut self, parts: &[Part], reason: Reason) {
        if parts.len() < 2 {
            self.found.extend(parts.iter().map(|part| (part.clone(), reason.clone())));
            return;
        }
        let (first, second) = parts.split_at(parts.len() / 2);
        let before = self.found.len();
        for half in [first, second] {
            if let Some(reason) = self.tried(half) {
                self.halves(half, reason);
            }
        }
        if self.found.len() == before {
            // Neither half fails by itself, but they do together: what the first one has to do with it goes.
            let needed = self.needed(second, first);
            if !self.is_over() {
                self.found.extend(needed.into_iter().map(|part| (part, reason.clone())));
            }
        }
    }

    /// Those of `parts` without which the generator takes `others`; it doesn't take both together.
    fn needed(&self, others: &[Part], parts: &[Part]) -> Vec<Part> {
        if parts.len() <= 1 {
            return parts.to_vec();
        }
        let (first, second) = parts.split_at(parts.len() / 2);
        for half in [first, second] {
            if self.tried(&[others, half].concat()).is_some() {
                return self.needed(others, half);
            }
        }
        let of_first = self.needed(&[others, second].concat(), first);
        let of_second = self.needed(&[others, &of_first].concat(), second);
        [of_first, of_second].concat()
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

/// Whether the document has a schema `name` that isn't any JSON, or an operation of that name.
pub(crate) fn holds(document: &OpenAPI, name: &str) -> bool {
    let schema = document.components.as_ref().and_then(|components| components.schemas.get(name));
    schema.is_some_and(|schema| *schema != anything())
        || document.operations().any(|(_, _, operation)| operation.operation_id.as_deref() == Some(name))
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
