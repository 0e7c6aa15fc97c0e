//! Documents, and the schemas of each that an operation reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use xtask_client::Generation;
use xtask_spec::diagnostic::Id;
use xtask_spec::fragments::{self, Fragments};
use xtask_spec::source::{Source, file};
use xtask_spec::{corrected, grammar};

use crate::Result;
use xtask_samples::{self as samples, Sent};

/// The fragments of one API.
pub(crate) struct Document {
    /// Where it is.
    pub(crate) name: String,
    fragments: Fragments,
}

/// A client, and what it is to read and write.
pub(crate) struct Generated {
    pub(crate) name: String,
    pub(crate) generation: Generation,
    /// The samples of each schema and direction.
    pub(crate) schemas: BTreeMap<(String, Sent), Vec<Value>>,
    /// The published document.
    published: Value,
}

/// The documents in `given`.
pub(crate) fn of(given: &Path) -> Result<Vec<Document>> {
    if !given.is_dir() {
        let name = given.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let syntax = fragments::syntax_of(&name).ok_or("it is neither JSON nor YAML by its name")?;
        let source = Source::new(&*name, given.display().to_string(), file::text(given)?, syntax);
        return Ok(vec![Document::new(vec![source], given)?]);
    }
    let sources = fragments::sources(given).map_err(|problems| problems.to_string())?;
    let mut documents = Vec::new();
    let one = Document::new(sources.clone(), given);
    match one {
        Ok(one) if corrected(&one.fragments).is_ok() => documents.push(one),
        _ => {
            for source in sources {
                let path = given.join(source.name());
                match Document::new(vec![source], &path) {
                    Ok(document) => documents.push(document),
                    Err(problems) => {
                        let first = problems.to_string().lines().next().unwrap_or_default().to_owned();
                        println!("{}: not read: {first}", path.display());
                    }
                }
            }
        }
    }
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(given)? {
        let path = entry?.path();
        // A link could lead back here.
        if path.is_dir() && !path.is_symlink() {
            folders.push(path);
        }
    }
    folders.sort();
    for folder in folders {
        documents.extend(of(&folder)?);
    }
    Ok(documents)
}

impl Document {
    fn new(sources: Vec<Source>, at: &Path) -> Result<Self> {
        let name = at.display().to_string();
        let fragments = Fragments::parse(sources, &name).map_err(|problems| problems.to_string())?;
        Ok(Self { name, fragments })
    }

    /// Its client and samples; else what `generate` says.
    pub(crate) fn generated(&self) -> std::result::Result<Generated, String> {
        let generation =
            xtask_client::generate(&self.fragments, &mut |_| ()).map_err(|problems| problems.to_string())?;
        let published = corrected(&self.fragments).map_err(|problems| problems.to_string())?.document;
        let mut schemas = BTreeMap::new();
        for (name, sent) in reached(&published) {
            let samples = samples::of(&published, &name, sent);
            schemas.insert((name, sent), samples);
        }
        Ok(Generated { name: self.name.clone(), generation, schemas, published })
    }
}

impl Generated {
    pub(crate) fn without_samples(&self) -> usize {
        self.schemas.values().filter(|samples| samples.is_empty()).count()
    }

    /// Whether a warning says that this member is lost, or where it is no member that values are, in this schema or in one
    /// that it holds.
    pub(crate) fn names(&self, schema: &str, member: Option<&str>) -> bool {
        let held = held(&self.published, schema);
        let lossy = self.generation.warnings.iter().filter(|warning| {
            let of_member = |name| warning.message.contains(&format!("`{name}`"));
            warning.id == Id::Lossy && member.map_or_else(|| !warning.message.contains("isn't sent"), of_member)
        });
        let mut places = lossy.filter_map(|warning| warning.place.as_ref());
        places.any(|place| {
            let name = place.pointer.strip_prefix("/components/schemas/").and_then(|below| below.split('/').next());
            name.is_some_and(|name| held.contains(&name.replace("~1", "/").replace("~0", "~")))
        })
    }

    /// What the schema is called in Rust, if there is a type of it.
    pub(crate) fn type_of(&self, schema: &str) -> String {
        let mut name = schema.to_owned();
        // A name that OpenAPI doesn't allow is another one, which may meet others in Rust.
        for warning in self.generation.warnings.iter().filter(|warning| warning.id == Id::Renamed) {
            let rest = warning.message.strip_prefix("schema `").and_then(|rest| rest.strip_prefix(&name));
            let new = rest.and_then(|rest| rest.strip_prefix("` is called `")?.split('`').next());
            name = new.map_or(name, str::to_owned);
        }
        xtask_client::type_name(&name)
    }
}

/// The names of the component `schema`, and of those that it refers to.
fn held(document: &Value, schema: &str) -> BTreeSet<String> {
    let mut held = BTreeSet::from([schema.to_owned()]);
    let schemas = document.pointer("/components/schemas");
    if let Some(schema) = schemas.and_then(|schemas| schemas.get(schema)) {
        follow(document, schema, &mut held);
    }
    held
}

/// The components that operations refer to, by who sends them.
fn reached(document: &Value) -> BTreeSet<(String, Sent)> {
    let mut reached = BTreeSet::new();
    for operation in grammar::operations(document) {
        for (key, sent) in [("requestBody", Sent::Request), ("responses", Sent::Response)] {
            let mut names = BTreeSet::new();
            follow(document, operation.value.get(key).unwrap_or(&Value::Null), &mut names);
            reached.extend(names.into_iter().map(|name| (name, sent)));
        }
    }
    reached
}

/// Adds the names of the schemas that `value` refers to, and of those that they refer to.
fn follow(document: &Value, value: &Value, names: &mut BTreeSet<String>) {
    let mut todo = vec![value];
    let mut seen = BTreeSet::new();
    while let Some(value) = todo.pop() {
        match value {
            Value::Array(values) => todo.extend(values),
            Value::Object(members) => {
                todo.extend(
                    members
                        .iter()
                        .filter(|(key, _)| !matches!(key.as_str(), "example" | "examples"))
                        .map(|(_, value)| value),
                );
                let target = members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
                let Some(at) = target.filter(|at| seen.insert((*at).to_owned())) else { continue };
                if let Some(name) = at.strip_prefix("/components/schemas/").filter(|name| !name.contains('/')) {
                    names.insert(name.replace("~1", "/").replace("~0", "~"));
                }
                todo.extend(document.pointer(at));
            }
            _ => {}
        }
    }
}
