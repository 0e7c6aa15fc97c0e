//! References, `allOf`, `anyOf`, `oneOf`, `not`.

use crate::diagnostic::Id;
use serde_json::{Value, json};

use super::Lowering;
use super::schema::{ANNOTATIONS, Members, nothing};
use crate::pointer;

impl Lowering<'_> {
    /// Adds what a schema says by other schemas to what was lowered so far.
    pub(super) fn composition(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        let mut all = Vec::new();
        if let Some(target) = self.target(at, schema) {
            // In 3.0 a reference's siblings mean nothing.
            if self.is_3_0(at) || (lowered.is_empty() && !composes(schema)) {
                lowered.clear();
                lowered.insert("$ref".to_owned(), target.into());
                return;
            }
            all.push(json!({"$ref": target}));
            // Beside a reference, what constrains stands in a member of its own.
            let constraints = take(lowered, |key| !is_annotation(key));
            if constraints.keys().any(|key| key != "nullable") {
                all.push(Value::Object(constraints));
            }
            if schema.get("nullable") == Some(&Value::Bool(true)) {
                lowered.insert("nullable".to_owned(), true.into());
            }
        } else if lowered.contains_key("oneOf") && lowered.contains_key("nullable") && composes(schema) {
            // Where there is no type, `nullable` is of all that stands beside it, and here only the types are meant.
            let types = take(lowered, |key| matches!(key, "oneOf" | "nullable"));
            all.push(Value::Object(types));
        }
        if let Some(members) = self.list(at, schema, "allOf") {
            for (index, member) in members.iter().enumerate() {
                let member = self.schema(&pointer::join(&pointer::join(at, "allOf"), &index.to_string()), member);
                if member != json!({}) {
                    all.push(member);
                }
            }
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = self.list(at, schema, key) {
                self.alternatives(at, key, branches, schema, lowered, &mut all);
            }
        }
        self.negation(at, schema, lowered, &mut all);
        if !all.is_empty() {
            // What 3.0 means by it beside a type is said beside `allOf` as well, to make a reference nullable.
            let leftover = schema.get("nullable") == Some(&Value::Bool(true));
            if leftover && schema.contains_key("allOf") && !schema.contains_key("type") {
                lowered.insert("nullable".to_owned(), true.into());
            }
            // A branch that took the place of its list may have brought members.
            match lowered.get_mut("allOf") {
                Some(Value::Array(members)) => members.extend(all),
                _ => {
                    lowered.insert("allOf".to_owned(), all.into());
                }
            }
        }
    }

    fn list<'s>(&mut self, at: &str, schema: &'s Members, key: &str) -> Option<&'s [Value]> {
        match schema.get(key)? {
            Value::Array(members) => (!members.is_empty()).then_some(members),
            _ => {
                self.malformed(&pointer::join(at, key), "a list of schemas");
                None
            }
        }
    }

    fn target(&mut self, at: &str, schema: &Members) -> Option<String> {
        if let Some(reference) = schema.get("$ref") {
            let of_schema = reference.as_str().filter(|reference| !is_of_another_kind(reference));
            let target = of_schema.and_then(|reference| self.references.schema(at, reference));
            if target.is_none() {
                let place = self.place(&pointer::join(at, "$ref"));
                let message = format!("{reference} refers to no schema of the document");
                let help = "add the fragment that defines it, or correct the reference in the overlay";
                self.diagnostics.push(crate::diagnostic::Diagnostic::error(Id::Reference, message, help).at(place));
            }
            return target;
        }
        let reference = schema.get("$dynamicRef")?.as_str()?;
        let target = self.references.dynamic(at, reference);
        if target.is_none() {
            self.loosened(at, "$dynamicRef", "what it refers to depends on where the schema is used, and is left open");
        }
        target
    }

    fn alternatives(
        &mut self,
        at: &str,
        key: &str,
        branches: &[Value],
        schema: &Members,
        lowered: &mut Members,
        all: &mut Vec<Value>,
    ) {
        let (before, published) = (self.losses, key);
        let mut nulls = 0_usize;
        let mut open = false;
        let mut kept = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            match branch {
                branch if is_null(branch) => nulls = nulls.saturating_add(1),
                Value::Bool(false) => {}
                branch => {
                    let branch = self.schema(&pointer::join(&pointer::join(at, key), &index.to_string()), branch);
                    open |= branch == json!({});
                    kept.push(branch);
                }
            }
        }
        let lossy = self.losses > before;
        let null = self.null_among(at, key, branches, nulls);
        if open && key == "anyOf" {
            return;
        }
        let key = if lossy && key == "oneOf" && kept.len() > 1 {
            self.loosened(at, key, "one of its schemas was loosened, so that several may match: it becomes `anyOf`");
            "anyOf"
        } else {
            key
        };
        let leftover = schema.get("nullable") == Some(&Value::Bool(true));
        if null && !leftover && judges_null_beside(schema, published) {
            // `nullable` would be of all that stands beside it, and here only these branches are meant.
            all.push(match kept.as_mut_slice() {
                [] => json!({"enum": [null]}),
                [_] => kept.into_iter().next().map(nullable).unwrap_or_default(),
                _ => json!({key: kept, "nullable": true}),
            });
            return;
        }
        if null || leftover {
            lowered.insert("nullable".to_owned(), true.into());
        }
        match (kept.len(), null || leftover) {
            (0, true) => {
                lowered.shift_remove("nullable");
                lowered.insert("enum".to_owned(), json!([null]));
            }
            (0, false) => all.push(nothing()),
            (1, _) => {
                let beside = judges_null_beside(schema, published);
                kept.into_iter().for_each(|branch| alone(branch, beside, lowered, all));
            }
            _ if lowered.contains_key(key) => all.push(json!({key: kept})),
            _ => {
                lowered.insert(key.to_owned(), kept.into());
            }
        }
    }

    /// Whether `null`, for which `nulls` of the branches are, is among what all of them say.
    fn null_among(&mut self, at: &str, key: &str, branches: &[Value], nulls: usize) -> bool {
        if nulls == 0 || key == "anyOf" {
            return nulls > 0;
        }
        let at_branch = |index: usize| pointer::join(&pointer::join(at, key), &index.to_string());
        let mut others = branches.iter().enumerate().filter(|(_, branch)| !is_null(branch));
        if !others.all(|(index, branch)| self.refuses_null(&at_branch(index), branch)) {
            self.loosened(at, key, "`null` may match two of its schemas, and is accepted all the same");
        }
        nulls == 1
    }

    fn negation(&mut self, at: &str, schema: &Members, lowered: &mut Members, all: &mut Vec<Value>) {
        let Some(negated) = schema.get("not") else { return };
        if matches!(negated, Value::Bool(false)) {
            return;
        }
        let (losses, said) = (self.losses, self.diagnostics.len());
        let negated = self.schema(&pointer::join(at, "not"), negated);
        if self.losses > losses {
            // What is accepted more inside is refused more outside; and what was said of it is of no interest.
            self.diagnostics.truncate(said);
            self.loosened(at, "not", "it would refuse more than it should, and is dropped");
        } else if negated == nothing() {
            // Not nothing: anything.
        } else if lowered.contains_key("not") {
            all.push(json!({"not": negated}));
        } else {
            lowered.insert("not".to_owned(), negated);
        }
    }
}

/// Whether a reference leads to a component that is no schema.
fn is_of_another_kind(reference: &str) -> bool {
    let kind = reference.strip_prefix("#/components/").map(|rest| rest.split('/').collect::<Vec<_>>());
    matches!(kind.as_deref(), Some([kind, _]) if *kind != "schemas")
}

/// Whether something beside these alternatives has a say on `null`.
fn judges_null_beside(schema: &Members, alternatives: &str) -> bool {
    ["type", "enum", "const", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not"]
        .iter()
        .any(|key| *key != alternatives && schema.contains_key(*key))
}

/// The schema and `null`.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(mut members) if members.contains_key("type") && !composes(&members) => {
            members.insert("nullable".to_owned(), true.into());
            null_among_values(&mut members);
            Value::Object(members)
        }
        schema if schema == json!({}) => schema,
        schema => json!({"allOf": [schema], "nullable": true}),
    }
}

/// What is nullable has `null` among its values (OpenAPI 3.0.3 wants both).
fn null_among_values(members: &mut Members) {
    if members.get("nullable") == Some(&Value::Bool(true))
        && let Some(Value::Array(values)) = members.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

/// The one branch that is left of `anyOf` or `oneOf` takes the place of the list.
fn alone(branch: Value, beside: bool, lowered: &mut Members, all: &mut Vec<Value>) {
    match branch {
        Value::Object(branch) if !branch.contains_key("$ref") => {
            let meet = branch.keys().any(|key| lowered.contains_key(key) && !is_annotation(key) && key != "nullable");
            // In a schema that says more, another type would change what the rest means.
            let constrained = lowered.keys().any(|key| !is_annotation(key) && key != "nullable");
            // Beside a type, `nullable` is of the type alone.
            // Without one it is of the whole, which may say more of `null` than the branch does.
            let wider = beside && branch.contains_key("nullable") && !branch.contains_key("type");
            let narrower = lowered.contains_key("nullable") && branch.contains_key("type") && composes(&branch);
            if meet || constrained || narrower || wider {
                all.push(Value::Object(branch));
                return;
            }
            for (key, value) in branch {
                lowered.entry(key).or_insert(value);
            }
            null_among_values(lowered);
        }
        branch => all.push(branch),
    }
}

fn composes(schema: &Members) -> bool {
    ["allOf", "anyOf", "oneOf", "not"].iter().any(|key| schema.contains_key(*key))
        || schema.get("nullable") == Some(&Value::Bool(true))
}

fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-") || key == "discriminator"
}

fn take(members: &mut Members, wanted: impl Fn(&str) -> bool) -> Members {
    let (taken, kept) = std::mem::take(members).into_iter().partition(|(key, _)| wanted(key));
    *members = kept;
    taken
}

/// Whether a schema accepts `null` and nothing else, whatever describes it.
fn is_null(schema: &Value) -> bool {
    let Some(members) = schema.as_object() else { return false };
    let says_null = |(key, value): (&String, &Value)| match key.as_str() {
        "type" => *value == json!("null") || *value == json!(["null"]),
        "enum" => *value == json!([null]),
        "const" => value.is_null(),
        key => !matches!(key, "$ref" | "$dynamicRef" | "allOf" | "anyOf" | "oneOf" | "not" | "if"),
    };
    ["type", "enum", "const"].iter().any(|key| members.contains_key(*key)) && members.iter().all(says_null)
}

/// What any of these schemas accepts: as `oneOf` where no value can match two of them, since generators make better
/// types of that.
pub(super) fn any_of(branches: Vec<Value>) -> Value {
    let mut distinct: Vec<Value> = Vec::new();
    for branch in branches {
        if branch == json!({}) {
            return branch;
        }
        if branch != nothing() && !distinct.contains(&branch) {
            distinct.push(branch);
        }
    }
    let types: Option<Vec<&str>> = distinct
        .iter()
        .map(|branch| branch.get("type").and_then(Value::as_str).filter(|_| branch.get("nullable").is_none()))
        .collect();
    let disjoint = types.is_some_and(|mut types| {
        types.sort_unstable();
        let distinct = types.windows(2).all(|pair| pair.first() != pair.last());
        distinct && !(types.contains(&"integer") && types.contains(&"number"))
    });
    match (distinct.len(), disjoint) {
        (0, _) => nothing(),
        (1, _) => distinct.into_iter().next().unwrap_or_default(),
        (_, true) => json!({"oneOf": distinct}),
        (_, false) => json!({"anyOf": distinct}),
    }
}
