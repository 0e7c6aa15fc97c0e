//! What each mutation of the published fragments asks of the next version, there and back.
//!
//! The tables are by hand; `semver_checks.rs` holds them against `cargo-semver-checks` and the compiler.

use crate::Test;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use xtask_fixtures::mutations::{self, Documents, Mutation};
use xtask_surface::Semver::{self, Major, Minor, Patch};
use xtask_surface::{self as rust, GeneratedCode, Noun, RustChange, Verb};

/// A mutation, what it asks for, and what its undoing does.
type Row = (&'static str, Semver, Semver);

const OPERATIONS: &[Row] = &[
    ("operation added", Minor, Major),
    ("operation added to a path", Minor, Major),
    ("operation removed", Major, Minor),
    ("operation got an operationId", Major, Major),
    ("operationId changed", Major, Major),
    ("path moved to another version", Major, Major),
    ("path parameter renamed", Major, Major),
    ("method changed", Major, Major),
    ("operation deprecated", Minor, Patch),
    ("summary changed", Patch, Patch),
    ("description removed", Patch, Patch),
    ("tag changed", Patch, Patch),
    ("server moved to another path", Patch, Patch),
    ("server moved to another host", Patch, Patch),
    ("server added", Patch, Patch),
    ("version raised", Patch, Patch),
    ("title changed", Patch, Patch),
    ("security required", Patch, Patch),
    ("parameter moved up to the path", Patch, Patch),
    ("two operations added that share a schema", Minor, Major),
];

const PARAMETERS: &[Row] = &[
    ("optional parameter added", Minor, Major),
    ("required parameter added", Minor, Major),
    ("optional header parameter added", Minor, Major),
    ("optional parameter became required", Major, Major),
    ("optional parameter removed", Major, Minor),
    ("required parameter removed", Major, Minor),
    ("header parameter removed", Major, Minor),
    ("header parameter became optional", Major, Major),
    ("header parameter renamed", Major, Major),
    ("header parameter renamed by case alone", Patch, Patch),
    ("path parameter retyped", Major, Major),
    ("path parameter got a least length", Patch, Patch),
    ("path parameter got values", Major, Major),
    ("optional parameter retyped", Major, Major),
    ("optional parameter became a list", Major, Major),
    ("optional parameter got values", Major, Major),
    ("parameter got one value more", Minor, Major),
    ("optional parameter moved to the header", Patch, Patch),
    ("optional parameter deprecated", Patch, Patch),
    ("optional parameter got a default", Patch, Patch),
    ("optional parameter got a wider format", Major, Major),
    ("parameter described otherwise", Patch, Patch),
    ("parameters in another order", Patch, Patch),
];

const REQUESTS: &[Row] = &[
    ("body removed", Major, Minor),
    ("body added", Minor, Major),
    ("body of bytes added", Major, Major),
    ("body became optional", Patch, Patch),
    ("body retyped", Major, Major),
    ("body's schema given in place", Major, Major),
    ("body became text", Major, Major),
    ("body became bytes", Major, Major),
    ("body became a form", Major, Major),
    ("body became a form of parts", Major, Major),
    ("body got a second content type", Patch, Patch),
    ("body described otherwise", Patch, Patch),
    ("items of a body retyped", Major, Major),
    ("items of a body got a narrower format", Major, Major),
    ("items of a body became unique", Patch, Patch),
    ("body has to have items", Patch, Patch),
    ("body may have so many items", Patch, Patch),
    ("list became an object", Major, Major),
];

const RESPONSES: &[Row] = &[
    ("error status added", Minor, Major),
    ("error status removed", Major, Minor),
    ("error status changed", Major, Major),
    ("every error status removed", Major, Major),
    ("success retyped", Major, Major),
    ("success became a list", Major, Major),
    ("success became text", Major, Major),
    ("success lost its body", Major, Major),
    ("success status changed", Major, Major),
    ("success status added of the same type", Minor, Major),
    ("success status added of another type", Major, Major),
    ("success status added without a body", Major, Major),
    ("one error retyped", Major, Major),
    ("one error got a schema of its own", Major, Major),
    ("every error of an operation retyped", Major, Major),
    ("default response added", Minor, Major),
    ("class of statuses added", Minor, Major),
    ("response header added", Patch, Patch),
    ("response described otherwise", Patch, Patch),
    ("response got a second content type", Patch, Patch),
    ("response became any JSON", Major, Major),
    ("schema of a response got a name", Major, Major),
];

const PROPERTIES: &[Row] = &[
    ("optional property added", Minor, Major),
    ("property of an error added", Minor, Major),
    ("list added as a property", Minor, Major),
    ("required property added", Major, Major),
    ("required property added to others", Minor, Major),
    ("property removed", Major, Minor),
    ("required property removed", Major, Minor),
    ("property renamed", Major, Major),
    ("property renamed by case alone", Patch, Patch),
    ("properties in another order", Patch, Patch),
    ("property became required", Major, Major),
    ("property became optional", Major, Major),
    ("every property became optional", Major, Major),
    ("property read only", Patch, Patch),
    ("property write only", Patch, Patch),
    ("property deprecated", Minor, Patch),
    ("property described otherwise", Patch, Patch),
    ("property got an example", Patch, Patch),
    ("property retyped", Major, Major),
    ("flag became text", Major, Major),
    ("property got a narrower format", Major, Major),
    ("property lost its format", Patch, Patch),
    ("property became a number", Major, Major),
    ("property became a date", Major, Major),
    ("property became a UUID", Major, Major),
    ("property got a format without a type of its own", Patch, Patch),
    ("property may be null", Major, Major),
    ("required property may be null", Major, Major),
    ("property became any JSON", Major, Major),
    ("list became a single value", Major, Major),
    ("items of a list became unique", Patch, Patch),
    ("set of texts added", Minor, Major),
    ("items of a list retyped", Major, Major),
    ("property got values", Major, Major),
    ("value added", Minor, Major),
    ("value added in front", Minor, Major),
    ("value removed", Major, Minor),
    ("value renamed", Major, Major),
    ("value renamed by case alone", Patch, Patch),
    ("values in another order", Patch, Patch),
    ("values got a default", Patch, Patch),
    ("values may be null", Patch, Patch),
    ("values moved into a schema with a name", Major, Major),
    ("property got its one value", Major, Major),
    ("property got a greatest length", Major, Major),
    ("greatest length raised", Patch, Patch),
    ("property got a pattern", Major, Major),
    ("property got a least value", Patch, Patch),
    ("property got a default", Patch, Patch),
    ("property got a default that is empty", Patch, Patch),
];

const SCHEMAS: &[Row] = &[
    ("schema added that nothing uses", Minor, Major),
    ("schema added and used", Minor, Major),
    ("schema renamed", Major, Major),
    ("schema given in place", Major, Major),
    ("schema got a title", Patch, Patch),
    ("object with a title added", Minor, Major),
    ("object given in place added", Minor, Major),
    ("schema described otherwise", Patch, Patch),
    ("schema closed", Patch, Patch),
    ("schema opened to any property", Minor, Major),
    ("schema opened to texts", Minor, Major),
    ("schema became a map", Major, Major),
    ("schema became text", Major, Major),
    ("schema became a list", Major, Major),
    ("schema became values", Major, Major),
    ("schema became any JSON", Major, Major),
    ("schema lost its type", Patch, Patch),
    ("schema lost its properties", Major, Major),
    ("property may be one of two types", Major, Major),
    ("choice got a third type", Minor, Major),
    ("schema may be one of two", Major, Major),
    ("schema extends another", Major, Major),
    ("property refers through allOf", Patch, Patch),
    ("property nested within itself", Major, Major),
    ("list nested within itself", Minor, Major),
];

/// The client of the published fragments, which most mutations begin with.
static PUBLISHED: LazyLock<Result<(Documents, GeneratedCode), String>> = LazyLock::new(|| {
    let documents = mutations::published().map_err(|error| error.to_string())?;
    let code = code(&documents)?;
    Ok((documents, code))
});

fn code(documents: &Documents) -> Result<GeneratedCode, String> {
    crate::code::code(&crate::code::files(documents)?).map_err(|error| error.to_string())
}

/// What a mutation changes, and what its undoing does.
fn changes(mutation: &Mutation) -> Test<[Vec<RustChange>; 2]> {
    let (published, code_of_published) = PUBLISHED.as_ref().map_err(String::as_str)?;
    let (old, new) = mutation.sides(published)?;
    let new = code(&new)?;
    let made_ready;
    let old = if mutation.before.is_empty() {
        code_of_published
    } else {
        made_ready = code(&old)?;
        &made_ready
    };
    Ok([rust::compare(old, &new), rust::compare(&new, old)])
}

fn check(rows: &[Row]) -> Test {
    let mutations = mutations::mutations();
    let mut wrong = Vec::new();
    for (name, there, back) in rows {
        let mutation = mutations.iter().find(|mutation| mutation.name == *name).ok_or("no such mutation")?;
        let changes = changes(mutation)?;
        let found = changes.each_ref().map(|changes| rust::verdict(changes));
        // What comes on the way there goes on the way back.
        let [there_added, there_removed] = [Verb::Added, Verb::Removed].map(|verb| paths(&changes[0], verb));
        let [back_added, back_removed] = [Verb::Added, Verb::Removed].map(|verb| paths(&changes[1], verb));
        assert_eq!((there_added, there_removed), (back_removed, back_added), "{name}");
        if found != [*there, *back] {
            wrong.push(format!("{name}: {found:?}\n{}", shown(&changes[0])));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// What was added or removed.
fn paths(changes: &[RustChange], verb: Verb) -> Vec<(&str, Noun)> {
    changes
        .iter()
        .filter(|change| change.kind.verb == verb)
        .map(|change| (change.path.as_str(), change.kind.noun))
        .collect()
}

/// A line a change, and both declarations below it.
fn shown(changes: &[RustChange]) -> String {
    let mut text = String::new();
    for change in changes {
        text += &format!("{:?} {} {}\n", change.semver, change.kind.id(), change.path);
        for (sign, declaration) in [("-", &change.old), ("+", &change.new)] {
            text.extend(declaration.iter().map(|declaration| format!("    {sign} {declaration}\n")));
        }
    }
    text
}

#[test]
fn every_mutation_has_its_row() {
    let rows = [OPERATIONS, PARAMETERS, REQUESTS, RESPONSES, PROPERTIES, SCHEMAS].concat();
    let names: BTreeSet<&str> = rows.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, mutations::mutations().iter().map(|mutation| mutation.name).collect());
    assert_eq!(names.len(), rows.len(), "a mutation has two rows");
}

#[test]
fn changes_of_operations_are_judged() -> Test {
    check(OPERATIONS)
}

#[test]
fn changes_of_parameters_are_judged() -> Test {
    check(PARAMETERS)
}

#[test]
fn changes_of_bodies_are_judged() -> Test {
    check(REQUESTS)
}

#[test]
fn changes_of_responses_are_judged() -> Test {
    check(RESPONSES)
}

#[test]
fn changes_of_properties_are_judged() -> Test {
    check(PROPERTIES)
}

#[test]
fn changes_of_schemas_are_judged() -> Test {
    check(SCHEMAS)
}

#[test]
fn a_change_is_told_by_what_users_see_of_it() -> Test {
    let told = [
        "operation added",
        "optional parameter became required",
        "body of bytes added",
        "success retyped",
        "one error got a schema of its own",
        "property removed",
        "property became required",
        "every property became optional",
        "value renamed",
        "list became an object",
        "version raised",
        "summary changed",
    ];
    let mut text = String::new();
    for mutation in mutations::mutations().iter().filter(|mutation| told.contains(&mutation.name)) {
        let [changes, _] = changes(mutation)?;
        text += &format!("# {}: {:?}\n{}\n", mutation.name, rust::verdict(&changes), shown(&changes));
    }
    insta::assert_snapshot!(text);
    Ok(())
}
