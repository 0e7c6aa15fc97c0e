//! What a run costs beside what progenitor, syn and prettyplease alone cost, and how that grows with the fragments.
//!
//! `cargo bench -p xtask-client`

use std::fs;

use divan::{Bencher, black_box};
use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};
use xtask_diff::{self as diff, Side};
use xtask_spec::diagnostic::Problems;
use xtask_spec::fragments::{self, Fragments};
use xtask_spec::source::{Source, Syntax};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The numbers of fragments that are made here, 0 for the frozen ones.
const SETS: [usize; 4] = [0, 30, 120, 480];

const PROPERTIES: usize = 15;

fn main() {
    divan::main();
}

/// The client as it comes out of progenitor, without mocks: what a program without our stages would do.
#[divan::bench(args = SETS, sample_count = 5, sample_size = 1)]
fn progenitor_alone(bencher: Bencher<'_, '_>, fragments: usize) {
    run(bencher, document(fragments), |document| {
        let tokens = settings().generate_tokens(document)?;
        Ok(prettyplease::unparse(&syn::parse2(tokens)?))
    });
}

/// The client and its mocks, one after the other.
#[divan::bench(args = SETS, sample_count = 5, sample_size = 1)]
fn progenitor_alone_with_mocks(bencher: Bencher<'_, '_>, fragments: usize) {
    run(bencher, document(fragments), |document| {
        let tokens = settings().generate_tokens(document)?;
        let mocks = settings().httpmock(document, "super::client")?;
        Ok((prettyplease::unparse(&syn::parse2(tokens)?), prettyplease::unparse(&syn::parse2(mocks)?)))
    });
}

/// All that `cargo xtask generate` does from the parsed fragments on, mocks among it.
#[divan::bench(args = SETS, sample_count = 5, sample_size = 1)]
fn generate_from(bencher: Bencher<'_, '_>, fragments: usize) {
    run(bencher, fragments_of(fragments), |fragments| Ok(xtask_client::generate(fragments, &mut |_| ())?));
}

/// The reading that comes before.
#[divan::bench(args = SETS, sample_count = 5, sample_size = 1)]
fn parse(bencher: Bencher<'_, '_>, fragments: usize) {
    run(bencher, texts(fragments), |texts| Ok(parsed(texts)?));
}

/// What two sides differ in, where every description of a response is another: `diff` and `bump` do it beside generating.
#[divan::bench(args = SETS, sample_count = 5, sample_size = 1)]
fn compare_documents(bencher: Bencher<'_, '_>, fragments: usize) {
    run(bencher, sides(fragments), |(old, new)| {
        let report = diff::compare_documents(old, new);
        if report.is_empty() { Err("nothing differs".into()) } else { Ok(report) }
    });
}

/// A bench that can't be prepared, or whose work fails, says so instead of measuring nothing.
fn run<I, T>(bencher: Bencher<'_, '_>, input: Outcome<I>, work: impl Fn(&I) -> Outcome<T>) {
    match input.and_then(|input| work(&input).map(|_| input)) {
        Ok(input) => bencher.bench_local(|| work(black_box(&input)).ok()),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn settings() -> progenitor::Generator {
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    progenitor::Generator::new(&settings)
}

/// The corrected document, as progenitor can take it.
fn document(fragments: usize) -> Outcome<OpenAPI> {
    Ok(xtask_client::shaped(&fragments_of(fragments)?)?)
}

fn fragments_of(fragments: usize) -> Outcome<Fragments> {
    Ok(parsed(&texts(fragments)?)?)
}

fn parsed(texts: &[(String, String)]) -> Result<Fragments, Problems> {
    let source = |(name, text): &(String, String)| Source::new(name, name, text.clone(), Syntax::Json);
    Fragments::parse(texts.iter().map(source).collect(), "bench")
}

/// The fragments, and others that describe their responses in other words.
fn sides(fragments: usize) -> Outcome<(Side, Side)> {
    let old = texts(fragments)?;
    let other = |text: &str| text.replace("As described.", "As said.").replace("\"OK\"", "\"Fine\"");
    let new: Vec<_> = old.iter().map(|(name, text)| (name.clone(), other(text))).collect();
    Ok((Side::of("old", &parsed(&old)?)?, Side::of("new", &parsed(&new)?)?))
}

/// The names and texts of so many fragments; of the frozen ones for 0.
fn texts(fragments: usize) -> Outcome<Vec<(String, String)>> {
    if fragments > 0 {
        return Ok((0..fragments).map(|number| (format!("{number:03}.json"), synthetic(number))).collect());
    }
    let committed = fragments::read(&xtask_fixtures::folder())?;
    committed.iter().map(|f| Ok((f.source.name().to_owned(), fs::read_to_string(f.source.path())?))).collect()
}

/// A fragment with an operation of its own, its request and its response, and the error that all have.
fn synthetic(number: usize) -> String {
    let reference = |name: &str| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        json!({"description": "As described.", "content": {"application/json": {"schema": schema}}})
    };
    let (request, response) = (format!("Request{number}"), format!("Response{number}"));
    let operation = json!({
        "summary": format!("Does the thing of number {number}."),
        "operationId": format!("doThing{number}"),
        "parameters": [
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "schema": {"type": "integer", "format": "int32"}},
            {"name": "sessionToken", "in": "header", "required": true, "schema": {"type": "string"}}
        ],
        "requestBody": reference(&request),
        "responses": {
            "200": reference(&response), "400": reference("Error"), "401": reference("Error"), "500": reference("Error")
        }
    });
    let error = json!({
        "type": "object", "properties": {"code": {"type": "integer", "format": "int32"}, "message": {"type": "string"}}
    });
    let document = json!({
        "openapi": "3.1.1",
        "info": {"title": "A bench", "version": "1.0.0"},
        "servers": [{"url": "https://example.org/pod"}],
        "paths": {format!("/v1/things{number}/{{id}}"): {"post": operation}},
        "components": {"schemas": {request: schema(true), response: schema(false), "Error": error}}
    });
    format!("{document:#}\n")
}

/// An object with properties of all common types.
fn schema(strict: bool) -> Value {
    let types = [
        json!({"type": "string", "description": "A text that says what it is."}),
        json!({"type": "integer", "format": "int64"}),
        json!({"type": ["boolean", "null"]}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "string", "enum": ["ONE", "TWO", "THREE"]}),
    ];
    let named = types.iter().cycle().take(PROPERTIES).enumerate();
    let properties: Map<String, Value> =
        named.map(|(index, schema)| (format!("property{index}"), schema.clone())).collect();
    let required = if strict { json!(["property0", "property1"]) } else { json!(["property0"]) };
    json!({"type": "object", "properties": properties, "required": required})
}
