//! Small pairs of documents, each of one kind of change, with the verdict that is right; and the law that holds of all.
//!
//! The wire is judged from the documents, and the law holds it against the client that is generated from them.

use crate::Test;
use serde_json::{Value, json};
use xtask_client::File;
use xtask_diff::kind::Part;
use xtask_diff::model::{Change, Direction, Outcome, Report, RustReport};
use xtask_diff::{self as diff, Side};
use xtask_fixtures::mutations::{self, Documents};
use xtask_spec::fragments::Fragments;
use xtask_spec::source::{Source, Syntax};
use xtask_surface::GeneratedCode;

/// A document around one operation.
fn document(operation: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.1", "info": {"title": "T", "version": "1.0.0"},
        "paths": {"/v1/thing": {"post": operation}}, "components": {"schemas": schemas}
    })
}

fn json_body(schema: &Value) -> Value {
    json!({"content": {"application/json": {"schema": schema}}})
}

/// This schema as what an operation answers.
fn answer(schema: &Value) -> Value {
    responding(&json!({"200": with(json!({"description": "OK"}), json_body(schema))}))
}

/// This schema as what an operation takes.
fn request(schema: &Value) -> Value {
    asking(&with(json!({"required": true}), json_body(schema)))
}

fn responding(responses: &Value) -> Value {
    document(&json!({"responses": responses}), &json!({}))
}

fn asking(body: &Value) -> Value {
    document(&json!({"requestBody": body, "responses": {"204": {"description": "OK"}}}), &json!({}))
}

fn with(mut value: Value, members: Value) -> Value {
    if let (Value::Object(value), Value::Object(members)) = (&mut value, members) {
        value.extend(members);
    }
    value
}

/// This schema as a member of what an operation answers.
fn member(schema: &Value) -> Value {
    answer(&json!({"type": "object", "required": ["x"], "properties": {"x": schema}}))
}

/// This schema as a member of what an operation takes.
fn sent(schema: &Value) -> Value {
    request(&json!({"type": "object", "required": ["x"], "properties": {"x": schema}}))
}

fn parameter(more: &Value) -> Value {
    let parameter = with(json!({"name": "q", "in": "query", "schema": {"type": "string"}}), more.clone());
    document(&json!({"parameters": [parameter], "responses": {"204": {"description": "OK"}}}), &json!({}))
}

fn response(status: &str, more: &Value) -> Value {
    let ok = json!({"description": "OK"});
    responding(&json!({"200": ok, status: with(ok.clone(), more.clone())}))
}

/// What happens, both documents, what becomes of clients in use and of newer ones on older pods, and the next version.
pub(crate) type Pair = (&'static str, Value, Value, &'static str);

fn texts(schema: &Value) -> Value {
    json!({"type": "string", "enum": schema})
}

pub(crate) fn data() -> Vec<Pair> {
    let (text, number, any) = (json!({"type": "string"}), json!({"type": "integer"}), json!({}));
    let object = json!({"type": "object", "properties": {"a": text, "b": text}, "required": ["a", "b"]});
    let of = |required: &str| json!({"type": "object", "properties": {"a": text, "b": text}, "required": [required]});
    let format = |kind: &str, format: &str| json!({"type": kind, "format": format});
    let closed = |key: &str, mapping: &Value| json!({"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": key, "mapping": mapping}});
    let tagged = |mapping: Value| {
        let schema = closed("kind", &mapping);
        let body = with(json!({"required": true}), json_body(&schema));
        let a = json!({"A": {"type": "object", "required": ["kind"], "properties": {"kind": text}}});
        document(&json!({"requestBody": body, "responses": {"204": {"description": "OK"}}}), &a)
    };
    vec![
        ("a format that no type has goes", member(&format("string", "long")), member(&text), "works / works, fix"),
        (
            "a format that no type has changes",
            member(&format("string", "email")),
            member(&format("string", "idn")),
            "works / works, fix",
        ),
        ("a format that has a type goes", member(&format("string", "uuid")), member(&text), "breaks / works, breaking"),
        ("64 bits are said", member(&number), member(&format("integer", "int64")), "works / works, fix"),
        ("32 bits are said", member(&number), member(&format("integer", "int32")), "works / may break, breaking"),
        (
            "32 bits become 64",
            member(&format("integer", "int32")),
            member(&format("integer", "int64")),
            "breaks / works, breaking",
        ),
        (
            "doubles are said",
            member(&json!({"type": "number"})),
            member(&format("number", "double")),
            "works / works, fix",
        ),
        (
            "a bound of a number goes",
            member(&with(number.clone(), json!({"maximum": 9}))),
            member(&number),
            "works / works, fix",
        ),
        (
            "a list may be longer",
            member(&json!({"type": "array", "items": text, "maxItems": 3})),
            member(&json!({"type": "array", "items": text})),
            "works / works, fix",
        ),
        (
            "a text may be longer",
            member(&with(text.clone(), json!({"maxLength": 3}))),
            member(&text),
            "breaks / works, breaking",
        ),
        (
            "an object is said",
            answer(&json!({"properties": {"a": text}})),
            answer(&json!({"type": "object", "properties": {"a": text}})),
            "works / works, fix",
        ),
        (
            "a list is said",
            member(&json!({"items": text})),
            member(&json!({"type": "array", "items": text})),
            "works / works, fix",
        ),
        (
            "an integer becomes a number",
            member(&number),
            member(&json!({"type": "number"})),
            "breaks / works, breaking",
        ),
        ("64 bits are said of what is sent", sent(&number), sent(&format("integer", "int64")), "works / works, fix"),
        (
            "a format that no type has is asked for",
            sent(&text),
            sent(&format("string", "email")),
            "may break / works, fix",
        ),
        (
            "a least count is asked for",
            sent(&json!({"type": "array", "items": text})),
            sent(&json!({"type": "array", "items": text, "minItems": 1})),
            "breaks / works, breaking",
        ),
        (
            "an object is one of what it was",
            request(&object),
            request(&json!({"anyOf": [of("a"), of("b")]})),
            "works / breaks, breaking",
        ),
        (
            "an object is all that is left of what it was",
            request(&json!({"anyOf": [of("a"), of("b")]})),
            request(&object),
            "breaks / works, breaking",
        ),
        (
            "an object has to have one of what it had",
            request(&object),
            request(&json!({"type": "object", "properties": {"a": text, "b": text},
                "anyOf": [{"required": ["a"]}, {"required": ["b"]}]})),
            "works / breaks, breaking",
        ),
        (
            "an object is two of what may be one",
            request(&object),
            request(&json!({"oneOf": [of("a"), of("b")]})),
            "breaks / breaks, breaking",
        ),
        (
            "an object or a text",
            request(&object),
            request(&json!({"oneOf": [object, text]})),
            "works / breaks, breaking",
        ),
        (
            "a value of a discriminator is another",
            tagged(json!({"a": "#/components/schemas/A"})),
            tagged(json!({"aa": "#/components/schemas/A"})),
            "may break / may break, fix",
        ),
        (
            "a value of a discriminator is new",
            tagged(json!({"a": "#/components/schemas/A"})),
            tagged(json!({"a": "#/components/schemas/A", "b": "#/components/schemas/A"})),
            "works / may break, fix",
        ),
        (
            "a member is deprecated",
            member(&text),
            member(&with(text.clone(), json!({"deprecated": true}))),
            "works / works, feature",
        ),
        (
            "a value more comes",
            member(&texts(&json!(["A"]))),
            member(&texts(&json!(["A", "B"]))),
            "works / works, feature",
        ),
        ("anything is taken", sent(&text), sent(&any), "works / breaks, breaking"),
        (
            "a member is required",
            sent(&text),
            request(&json!({"type": "object", "required": ["x", "y"], "properties": {"x": text, "y": text}})),
            "breaks / breaks, breaking",
        ),
        (
            "a member always comes",
            member(&text),
            answer(&json!({"type": "object", "required": ["x", "y"], "properties": {"x": text, "y": text}})),
            "works / breaks, breaking",
        ),
    ]
}

pub(crate) fn around() -> Vec<Pair> {
    let text = json!({"schema": {"type": "string"}});
    let object = json!({"schema": {"type": "object", "properties": {"a": {"type": "string"}}}});
    let content = |names: &[&str]| -> Value {
        let forms: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), object.clone())).collect();
        json!({"content": forms})
    };
    let success = |names: &[&str]| responding(&json!({"200": with(json!({"description": "OK"}), content(names))}));
    let nothing = responding(&json!({"200": {"description": "OK"}}));
    let body = |required: bool, names: &[&str]| asking(&with(json!({"required": required}), content(names)));
    let unasked = document(&json!({"responses": {"204": {"description": "OK"}}}), &json!({}));
    let (json, xml) = ("application/json", "application/xml");
    let header = |required: bool| json!({"headers": {"X-Next": with(text.clone(), json!({"required": required}))}});
    let deprecated = json!({"deprecated": true, "responses": {"204": {"description": "OK"}}});
    vec![
        ("an operation is deprecated", unasked.clone(), document(&deprecated, &json!({})), "works / works, feature"),
        (
            "a text becomes bytes, which the client takes either way",
            success(&["text/plain"]),
            success(&["application/pdf"]),
            "may break / may break, fix",
        ),
        (
            "a body of a 302 changes, which the client doesn't read",
            response("302", &json_body(&json!({"type": "object", "properties": {"a": {"type": "string"}}}))),
            response("302", &json_body(&json!({"type": "object", "properties": {"a": {"type": "integer"}}}))),
            "works / works, breaking",
        ),
        ("XML goes while JSON stays", success(&[json, xml]), success(&[json]), "works / works, fix"),
        ("JSON goes while XML stays", success(&[json, xml]), success(&[xml]), "breaks / works, breaking"),
        ("JSON has another name", success(&[json]), success(&["application/hal+json"]), "may break / may break, fix"),
        ("a success brings a body", nothing.clone(), success(&[json]), "works / breaks, breaking"),
        ("a success brings none", success(&[json]), nothing, "breaks / works, breaking"),
        (
            "an error brings a body",
            response("400", &json!({})),
            response("400", &content(&[json])),
            "works / works, breaking",
        ),
        (
            "an error brings none",
            response("400", &content(&[json])),
            response("400", &json!({})),
            "works / works, breaking",
        ),
        ("JSON on a 204", response("204", &content(&[json])), response("204", &json!({})), "works / works, breaking"),
        ("a header goes", response("200", &header(false)), response("200", &json!({})), "may break / works, fix"),
        (
            "a header that always came goes",
            response("200", &header(true)),
            response("200", &json!({})),
            "may break / works, fix",
        ),
        (
            "a header may be missing",
            response("200", &header(true)),
            response("200", &header(false)),
            "may break / works, fix",
        ),
        ("XML is taken no longer", body(true, &[json, xml]), body(true, &[json]), "works / works, fix"),
        ("a body may be sent", unasked.clone(), body(false, &[json]), "works / may break, feature"),
        ("a body has to be sent", body(false, &[json]), body(true, &[json]), "breaks / works, breaking"),
        ("a body is taken no longer", body(true, &[json]), unasked, "may break / breaks, breaking"),
        (
            "a parameter has to be sent",
            parameter(&json!({})),
            parameter(&json!({"required": true})),
            "breaks / works, breaking",
        ),
        (
            "a parameter may be left out",
            parameter(&json!({"required": true})),
            parameter(&json!({})),
            "works / breaks, breaking",
        ),
        (
            "a call without it means something else",
            parameter(&json!({"schema": {"type": "string", "default": "a"}})),
            parameter(&json!({"schema": {"type": "string", "default": "b"}})),
            "may break / may break, fix",
        ),
    ]
}

/// A side with the client that is generated from it.
pub(crate) struct Generated {
    side: Side,
    files: Vec<File>,
}

impl Generated {
    fn of(side: Side) -> Result<Self, Box<dyn std::error::Error>> {
        let files: Vec<File> = xtask_client::generate(side.fragments(), &mut |_| ())?.files;
        Ok(Self { side, files })
    }

    fn of_document(name: &str, document: &Value) -> Result<Self, Box<dyn std::error::Error>> {
        let source = Source::new(name, name, format!("{document:#}\n"), Syntax::Json);
        Self::of(Side::of(name, &Fragments::parse(vec![source], name)?)?)
    }

    pub(crate) fn of_fragments(name: &str, documents: &Documents) -> Result<Self, Box<dyn std::error::Error>> {
        Self::of(Side::of(name, &mutations::fragments(documents)?)?)
    }

    fn code(&self) -> Result<GeneratedCode, Box<dyn std::error::Error>> {
        let modules = self.files.iter().filter_map(|file| {
            let name = file.path.strip_prefix(xtask_client::GENERATED)?.strip_prefix('/')?.strip_suffix(".rs")?;
            Some((name, file.text.as_str()))
        });
        Ok(GeneratedCode::of(modules)?)
    }

    pub(crate) fn compared(&self, new: &Self) -> Result<Report, Box<dyn std::error::Error>> {
        let rust = RustReport::of(&self.code()?, &new.code()?);
        Ok(diff::compare_documents(&self.side, &new.side).with_rust(rust))
    }

    /// The client's code, whatever it says of itself.
    fn statements(&self) -> Vec<&str> {
        let rust = self.files.iter().filter(|file| file.path.ends_with(".rs"));
        let lines = rust.flat_map(|file| file.text.lines().map(str::trim));
        lines.filter(|line| !line.starts_with("//") && !line.contains("VERSION")).collect()
    }
}

fn verdict(report: &Report) -> String {
    let worst = |outcomes: Vec<Outcome>| outcomes.into_iter().max().unwrap_or(Outcome::Works);
    let forward = worst(report.changes.iter().map(|change| change.forward().outcome).collect());
    let reverse = worst(report.changes.iter().map(|change| change.reverse().outcome).collect());
    let release = diff::json(report)["release"].as_str().unwrap_or_default().to_owned();
    format!("{forward} / {reverse}, {release}")
}

/// Where both sides generate the same client, no response breaks it, and both ways come to the same; headers are left to
/// the user's code. What is wrong with that, if anything is.
fn unlawful(name: &str, old: &Generated, new: &Generated) -> Option<String> {
    if old.statements() != new.statements() {
        return None;
    }
    let report = diff::compare_documents(&old.side, &new.side);
    let judged = report.changes.iter().filter(|change| change.part != Part::Header);
    let judged = judged.flat_map(|change| change.judgements.iter().map(move |judgement| (change, judgement)));
    let of_responses: Vec<_> = judged.filter(|(_, judgement)| judgement.direction == Direction::Response).collect();
    let forward = of_responses.iter().map(|(_, judgement)| judgement.forward.outcome).max();
    let reverse = of_responses.iter().map(|(_, judgement)| judgement.reverse.outcome).max();
    (forward == Some(Outcome::Breaks) || forward != reverse).then(|| {
        let kinds: Vec<String> = of_responses.iter().map(|(change, _)| change.kind()).collect();
        format!("{name}: {forward:?} {reverse:?} {kinds:?}")
    })
}

#[test]
fn every_pair_has_its_verdict_and_keeps_the_law() -> Test {
    let mut wrong = Vec::new();
    for (name, old, new, expected) in data().into_iter().chain(around()) {
        let (old, new) = (Generated::of_document("old.json", &old)?, Generated::of_document("new.json", &new)?);
        let report = old.compared(&new)?;
        let found = verdict(&report);
        if found != expected {
            let kinds: Vec<String> = report.changes.iter().map(Change::kind).collect();
            wrong.push(format!("{name}: {expected}, found {found} {kinds:?}"));
        }
        wrong.extend(unlawful(name, &old, &new));
        wrong.extend(unlawful(name, &new, &old));
    }
    assert_eq!(wrong, Vec::<String>::new());
    Ok(())
}

#[test]
fn where_both_sides_generate_the_same_client_no_response_breaks_it() -> Test {
    let (mut wrong, mut same) = (Vec::new(), 0);
    let published = mutations::published()?;
    let before = Generated::of_fragments("old", &published)?;
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let prepared = if old == published { None } else { Some(Generated::of_fragments("old", &old)?) };
        let (old, new) = (prepared.as_ref().unwrap_or(&before), Generated::of_fragments("new", &new)?);
        same += usize::from(old.statements() == new.statements());
        wrong.extend(unlawful(mutation.name, old, &new));
        wrong.extend(unlawful(mutation.name, &new, old));
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(same > 20, "only {same} mutations leave the client as it is");
    Ok(())
}
