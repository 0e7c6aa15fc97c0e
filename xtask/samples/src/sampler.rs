//! Values that a schema allows: with all members, with none that isn't required, at the edges, and one for each branch of
//! its unions. The validator has the last word on each; what it refuses is no sample.

use serde_json::{Map, Value, json};

use crate::sent::Sent;

/// How deep values are nested; below it, what isn't required is left out, and lists are empty.
const DEPTH: usize = 6;
/// How deep they may become at most; a schema that requires more has no sample.
const DEEPEST: usize = 24;
/// How many values a sample is made of, before what isn't required is left out.
const VALUES: usize = 1000;
/// How long texts become at most.
const LONGEST: usize = 1 << 16;
/// How many branches of each union are tried.
const BRANCHES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Members {
    All,
    Required,
    /// All, and each as small as can be: the least number, the empty list, `null`.
    Least,
    Greatest,
}

impl Members {
    const EACH: [Self; 4] = [Self::All, Self::Required, Self::Least, Self::Greatest];
}

struct Sampler<'a> {
    document: &'a Value,
    sent: Sent,
    members: Members,
    branch: usize,
    /// The fewest branches that make all of them be tried.
    most: usize,
    /// How many values there are in the sample so far.
    values: usize,
    /// The state of a generator of random numbers, where each value is made by chance.
    chance: Option<u64>,
}

/// Values that look like what a schema takes.
pub(crate) fn made(document: &Value, schema: &Value, sent: Sent) -> Vec<Value> {
    let mut sampler = Sampler { document, sent, members: Members::All, branch: 0, most: 1, values: 0, chance: None };
    let mut made = Vec::new();
    while sampler.branch < sampler.most.min(BRANCHES) {
        for members in Members::EACH {
            sampler.members = members;
            sampler.values = 0;
            made.extend(sampler.sample(schema, 0));
        }
        sampler.branch = sampler.branch.saturating_add(1);
    }
    made
}

/// As many values that look like what a schema takes, each part of them by chance; the same for the same `seed`.
pub(crate) fn by_chance(document: &Value, schema: &Value, sent: Sent, seed: u64, count: usize) -> Vec<Value> {
    let chance = Some(seed | 1);
    let mut sampler = Sampler { document, sent, members: Members::All, branch: 0, most: 1, values: 0, chance };
    let made = (0..count).filter_map(|_| {
        sampler.values = 0;
        sampler.sample(schema, 0)
    });
    made.collect()
}

/// What a schema says, what it refers to and the first branch of its unions included, as one.
pub(crate) fn flat(document: &Value, schema: &Value, sent: Sent) -> Map<String, Value> {
    let mut sampler = Sampler { document, sent, members: Members::All, branch: 0, most: 1, values: 0, chance: None };
    let mut flat = Map::new();
    // What goes too deep says as much as was found.
    let _ = sampler.flat(schema, 0, &mut flat);
    flat
}

impl Sampler<'_> {
    /// One schema of `schema`, what it refers to, its `allOf`, and the chosen branch of its unions.
    fn flat(&mut self, schema: &Value, depth: usize, flat: &mut Map<String, Value>) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        let deeper = depth.saturating_add(1);
        let Value::Object(schema) = schema else { return (*schema != Value::Bool(false)).then_some(()) };
        for (key, value) in schema {
            match key.as_str() {
                "$ref" => {
                    let target = value.as_str()?.strip_prefix('#').and_then(|at| self.document.pointer(at))?.clone();
                    self.flat(&target, deeper, flat)?;
                }
                "allOf" => value.as_array()?.iter().try_for_each(|part| self.flat(part, deeper, flat))?,
                "oneOf" | "anyOf" => {
                    let branches = value.as_array()?;
                    self.most = self.most.max(branches.len());
                    let index = self.branch.checked_rem(branches.len())?;
                    self.flat(branches.get(index)?, deeper, flat)?;
                }
                "properties" => {
                    let into = flat.entry(key).or_insert_with(|| json!({})).as_object_mut()?;
                    for (name, property) in value.as_object()? {
                        let both = into.get(name).map(|other| json!({"allOf": [other, property]}));
                        into.insert(name.clone(), both.unwrap_or_else(|| property.clone()));
                    }
                }
                "required" => {
                    let into = flat.entry(key).or_insert_with(|| json!([])).as_array_mut()?;
                    into.extend(value.as_array()?.iter().cloned());
                }
                _ => {
                    flat.insert(key.clone(), value.clone());
                }
            }
        }
        Some(())
    }

    /// Chooses members and branches anew, where that is a matter of chance: xorshift, by Marsaglia.
    fn throw(&mut self) {
        let Some(chance) = &mut self.chance else { return };
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        let thrown = usize::try_from(*chance >> 33).unwrap_or_default();
        self.members = Members::EACH.into_iter().cycle().nth(thrown & 3).unwrap_or(self.members);
        self.branch = thrown >> 2;
    }

    fn has_room(&self, depth: usize) -> bool {
        depth < DEPTH && self.values < VALUES
    }

    fn sample(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        self.values = self.values.saturating_add(1);
        self.throw();
        let mut flat = Map::new();
        self.flat(schema, depth, &mut flat)?;
        if let Some(value) = flat.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = flat.get("enum").and_then(Value::as_array) {
            self.most = self.most.max(values.len());
            return values.get(self.branch.checked_rem(values.len())?).cloned();
        }
        match self.kind(&flat)?.as_str() {
            "null" => Some(Value::Null),
            "boolean" => Some(json!(self.members != Members::Least)),
            "integer" | "number" => self.number(&flat),
            "string" => self.text(&flat),
            "array" => self.list(&flat, depth),
            "object" => self.object(&flat, depth),
            // A schema that says nothing.
            _ => Some(if self.members == Members::Least { Value::Null } else { json!({"any": [1, null, "x"]}) }),
        }
    }

    fn kind(&mut self, flat: &Map<String, Value>) -> Option<String> {
        let nullable = flat.get("nullable") == Some(&Value::Bool(true));
        let kinds: Vec<&str> = match flat.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if ["properties", "required", "additionalProperties"].iter().any(|key| flat.contains_key(*key)) => {
                vec!["object"]
            }
            _ if flat.contains_key("items") => vec!["array"],
            _ => vec!["any"],
        };
        if self.members == Members::Least && (nullable || kinds.contains(&"null")) {
            return Some("null".to_owned());
        }
        let others: Vec<&&str> = kinds.iter().filter(|kind| **kind != "null").collect();
        self.most = self.most.max(others.len());
        let index = self.branch.checked_rem(others.len().max(1))?;
        Some(others.get(index).map_or("null", |kind| **kind).to_owned())
    }

    fn number(&self, flat: &Map<String, Value>) -> Option<Value> {
        let is_integer = flat.get("type").is_some_and(|kind| kind.to_string().contains("integer"));
        let bound = |key: &str| flat.get(key).and_then(Value::as_f64);
        let least = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|bound| bound + 1.0));
        let greatest = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|bound| bound - 1.0));
        let step = bound("multipleOf").unwrap_or(1.0);
        let value = match self.members {
            Members::Greatest => greatest.or(least).unwrap_or(step),
            _ => least.or(greatest.map(|greatest| greatest.min(0.0))).unwrap_or(step),
        };
        let value = if is_integer || value.fract() != 0.0 {
            value
        } else {
            value + if step == 1.0 && greatest.is_none() { 0.5 } else { 0.0 }
        };
        #[allow(clippy::cast_possible_truncation)]
        Some(if is_integer { json!(value as i64) } else { json!(value) })
    }

    fn text(&self, flat: &Map<String, Value>) -> Option<Value> {
        let format = flat.get("format").and_then(Value::as_str).unwrap_or_default();
        let known = match format {
            "date-time" => "2024-02-29T12:30:00Z",
            "date" => "2024-02-29",
            "time" => "12:30:00Z",
            "uuid" => "67e55044-10b1-426f-9247-bb680e5fe0c8",
            "uri" | "url" | "uri-reference" | "iri" => "https://example.com/a",
            "email" => "a@example.com",
            "ipv4" | "ip" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "hostname" => "example.com",
            "byte" => "aGk=",
            "duration" => "P1D",
            _ => "",
        };
        if !known.is_empty() {
            return Some(known.into());
        }
        let of_length =
            |key: &str| flat.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
        let least = of_length("minLength").unwrap_or_default();
        let length = match self.members {
            Members::Least => least,
            Members::Greatest => least.max(of_length("maxLength").unwrap_or(3).min(LONGEST)),
            _ => least.max(3).min(of_length("maxLength").unwrap_or(usize::MAX)),
        };
        if length > LONGEST {
            return None;
        }
        let Some(pattern) = flat.get("pattern") else { return Some("é".repeat(length).into()) };
        let validator = jsonschema::draft202012::new(&json!({"pattern": pattern})).ok()?;
        let units = [
            "a",
            "A",
            "1",
            "0",
            "a1",
            "Aa",
            "a-b",
            "a_b",
            "1.0",
            "1.0.0",
            "#00ff00",
            "/a",
            "a.b",
            "a@b.c",
            "2024-02-29",
            "+123456789",
            "en-US",
            "",
        ];
        let mut texts = units.iter().flat_map(|unit| {
            [unit.repeat(length.max(1)), (*unit).to_owned(), unit.repeat(8), unit.repeat(24), unit.repeat(32)]
        });
        texts.find(|text| text.chars().count() >= least && validator.is_valid(&json!(text))).map(Value::from)
    }

    fn list(&mut self, flat: &Map<String, Value>, depth: usize) -> Option<Value> {
        let deeper = depth.saturating_add(1);
        let mut values = Vec::new();
        for item in flat.get("prefixItems").and_then(Value::as_array).into_iter().flatten() {
            values.push(self.sample(item, deeper)?);
        }
        let bound = |key: &str| flat.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let least = bound("minItems").unwrap_or_default();
        let empty = self.members == Members::Least || !self.has_room(depth);
        let wanted = if empty { least } else { least.max(1).min(bound("maxItems").unwrap_or(1)) };
        if wanted > 4096 {
            return None;
        }
        let items = flat.get("items").cloned().unwrap_or_else(|| json!({}));
        let branch = self.branch;
        while values.len() < wanted {
            let value = self.sample(&items, deeper);
            values.push(value?);
            // Lists whose values have to differ.
            self.branch = self.branch.saturating_add(usize::from(flat.contains_key("uniqueItems")));
        }
        self.branch = branch;
        Some(Value::Array(values))
    }

    fn object(&mut self, flat: &Map<String, Value>, depth: usize) -> Option<Value> {
        let deeper = depth.saturating_add(1);
        let mut object = Map::new();
        let required: Vec<&str> =
            flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = flat.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let needed = required.contains(&name.as_str());
            if self.sent.hides(self.document, property) {
                continue;
            }
            if needed {
                object.insert(name.clone(), self.sample(property, deeper)?);
            } else if self.members != Members::Required
                && self.has_room(depth)
                && let Some(value) = self.sample(property, deeper)
            {
                object.insert(name.clone(), value);
            }
        }
        let further = flat.get("additionalProperties").filter(|further| **further != Value::Bool(false));
        for name in required {
            let hidden = properties.and_then(|properties| properties.get(name)).is_some();
            if !object.contains_key(name) && !hidden {
                object.insert(name.to_owned(), self.sample(further.unwrap_or(&json!({})), deeper)?);
            }
        }
        if let Some(further) =
            further.filter(|_| matches!(self.members, Members::All | Members::Greatest) && self.has_room(depth))
            && let Some(value) = self.sample(further, deeper)
        {
            object.insert("further".to_owned(), value);
        }
        Some(Value::Object(object))
    }
}
