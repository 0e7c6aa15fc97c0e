//! The samples of a component.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::sampler;
use crate::sent::Sent;
use crate::taker::Taker;

/// How many values by chance are tried beside those that are made on purpose.
const BY_CHANCE: usize = 32;

/// The samples of the component `name`, each once, and those that its author gives; `null` is none, since where a
/// component may be `null`, each use of it is an `Option`, and sampled where it is. Nothing, where no validator can be
/// made of the schema.
#[must_use]
pub fn of(document: &Value, name: &str, sent: Sent) -> Vec<Value> {
    let schema = json!({"$ref": format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1"))});
    let Some(taker) = Taker::of(document, &[&schema], sent) else { return Vec::new() };
    let given = document.pointer("/components/schemas").and_then(|schemas| schemas.get(name));
    let example = given.and_then(|schema| schema.get("example")).into_iter();
    let examples = given.and_then(|schema| schema.get("examples")?.as_array()).into_iter().flatten();
    let by_chance = sampler::by_chance(document, &schema, sent, 1, BY_CHANCE);
    let all =
        sampler::made(document, &schema, sent).into_iter().chain(by_chance).chain(example.chain(examples).cloned());
    let taken = all.filter(|value| !value.is_null() && taker.takes(value));
    taken.map(|value| (value.to_string(), value)).collect::<BTreeMap<_, _>>().into_values().collect()
}
