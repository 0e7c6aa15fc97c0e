//! What takes values: a schema of a document, with the validator that decides.

use std::collections::BTreeSet;

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use crate::dialect::standing_alone;
use crate::sent::Sent;
use crate::{neighbours, sampler};

/// As many values by chance are tried beside those that are made on purpose.
const BY_CHANCE: usize = 64;

/// Schemas of a document that hold of one value together, and what is taken by them.
#[derive(Debug)]
pub struct Taker<'a> {
    document: &'a Value,
    /// All that hold, as one.
    schema: Value,
    sent: Sent,
    validator: Validator,
}

/// A value that one schema takes and another refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The value.
    pub value: Value,
    /// What refuses it, in the order of the validator.
    pub why: Vec<Why>,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Whether it is about the value itself, not about something inside it.
    pub itself: bool,
    /// The way through the schema to the keyword that refuses it: `/allOf/0/properties/a/type`.
    pub path: String,
    /// The member that is missing, or is one too many.
    pub members: Vec<String>,
}

impl<'a> Taker<'a> {
    /// What takes the values of all `schemas` of `document`; `None` where they say what no validator can hold.
    #[must_use]
    pub fn of(document: &'a Value, schemas: &[&Value], sent: Sent) -> Option<Self> {
        Self::with(document, schemas, sent, false)
    }

    /// The same, which refuses members that aren't named where some are: that is how pods read bodies.
    #[must_use]
    pub fn strict(document: &'a Value, schemas: &[&Value], sent: Sent) -> Option<Self> {
        Self::with(document, schemas, sent, true)
    }

    fn with(document: &'a Value, schemas: &[&Value], sent: Sent, strict: bool) -> Option<Self> {
        let schema = match schemas {
            [one] => (*one).clone(),
            all => json!({"allOf": all}),
        };
        let mut whole = standing_alone(document, schemas, sent);
        if strict
            && let Some(whole) = whole.as_object_mut()
            && names_members(document, &schema, sent)
        {
            whole.insert("unevaluatedProperties".to_owned(), false.into());
        }
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&whole).ok()?;
        Some(Self { document, schema, sent, validator })
    }

    /// Whether it takes this value.
    #[must_use]
    pub fn takes(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// As many values that it takes, or fewer, each made by chance; the same for the same `seed`.
    #[must_use]
    pub fn values(&self, seed: u64, count: usize) -> Vec<Value> {
        let mut values = sampler::by_chance(self.document, &self.schema, self.sent, seed, count);
        values.retain(|value| self.takes(value));
        values
    }

    /// Values that it takes and `other` refuses, the shortest first: samples of both, and what is next to them.
    #[must_use]
    pub fn refused_by(&self, other: &Taker<'_>) -> Vec<Refused> {
        let mut tried = BTreeSet::new();
        let mut found: Vec<(usize, String, Refused)> = Vec::new();
        let flat = [self, other].map(|taker| sampler::flat(taker.document, &taker.schema, taker.sent));
        let mut candidates = neighbours::edges([&self.schema, &other.schema], &flat);
        for (taker, flat) in [self, other].into_iter().zip(&flat) {
            let made = |schema: &Value| sampler::made(taker.document, schema, taker.sent);
            for (keyword, part) in neighbours::parts(flat) {
                candidates.extend(made(part).iter().flat_map(|value| neighbours::of_part(keyword, value)));
            }
            let whole = made(&taker.schema);
            candidates.extend(whole.iter().flat_map(neighbours::of));
            candidates.extend(whole);
            candidates.extend(sampler::by_chance(taker.document, &taker.schema, taker.sent, 1, BY_CHANCE));
        }
        for value in candidates {
            let text = value.to_string();
            if self.takes(&value) && !other.takes(&value) && tried.insert(text.clone()) {
                let why = other.validator.iter_errors(&value).map(|error| why(&error)).collect();
                found.push((text.len(), text, Refused { value, why }));
            }
        }
        found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        found.into_iter().map(|(.., refused)| refused).collect()
    }
}

/// Whether a schema names members of objects.
fn names_members(document: &Value, schema: &Value, sent: Sent) -> bool {
    let flat = sampler::flat(document, schema, sent);
    flat.contains_key("properties")
        && flat.get("additionalProperties").is_none_or(|further| *further == Value::Bool(false))
}

fn why(error: &ValidationError<'_>) -> Why {
    let members = match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned).into_iter().collect(),
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected.clone(),
        _ => Vec::new(),
    };
    Why { itself: error.instance_path().as_str().is_empty(), path: error.schema_path().as_str().to_owned(), members }
}
