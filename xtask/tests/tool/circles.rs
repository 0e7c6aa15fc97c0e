//! Schemas that lead back to themselves, and those that multiply: a right type, an error at its place, or left out by name.

use std::fs;

use xtask::terminal::Outcome;

use crate::Test;
use crate::workspace::{Run, Workspace};

/// A client of these schemas, of which one operation answers with `A`.
fn generate(schemas: &str) -> Test<(Run, String)> {
    let workspace = Workspace::empty()?;
    let lines: String = schemas.lines().map(|line| format!("    {line}\n")).collect();
    workspace.write(
        "a.yaml",
        &format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        \
             '200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n\
             components:\n  schemas:\n{lines}"
        ),
    )?;
    let run = workspace.generate(&[]);
    let code = fs::read_to_string(workspace.path("out/src/generated/client.rs")).unwrap_or_default();
    Ok((run, code))
}

fn to(name: &str) -> String {
    format!("{{$ref: '#/components/schemas/{name}'}}")
}

/// The fields of a struct, or the variants of an enumeration, each as `name: type` without paths.
fn fields(code: &str, name: &str) -> Vec<String> {
    let body = ["struct", "enum"]
        .iter()
        .find_map(|kind| code.split_once(&format!("pub {kind} {name} {{\n"))?.1.split_once("\n    }\n"))
        .map_or("", |(body, _)| body);
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with("#["));
    let plain = |line: &str| {
        ["::std::option::", "::std::string::", "::std::boxed::", "pub "]
            .iter()
            .fold(line.to_owned(), |line, path| line.replace(path, ""))
    };
    lines.map(plain).collect()
}

#[test]
fn a_child_takes_what_its_base_says_besides_the_list_of_children() -> Test {
    for list in ["oneOf", "anyOf"] {
        let (base, cat, dog) = (to("A"), to("Cat"), to("Dog"));
        let (run, code) = generate(&format!(
            "A: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}, {list}: [{cat}, {dog}]}}\n\
             Cat: {{allOf: [{base}, {{type: object, properties: {{lives: {{type: integer}}}}}}]}}\n\
             Dog: {{allOf: [{base}, {{type: object, properties: {{tricks: {{type: integer}}}}}}]}}"
        ))?;
        assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
        assert_eq!(fields(&code, "Cat"), ["kind: String,", "lives: Option<i64>,"]);
        let (run, code) = generate(&format!(
            "A: {{{list}: [{cat}, {{type: string}}]}}\nCat: {{allOf: [{base}, {{type: object, properties: {{lives: {{type: integer}}}}}}]}}"
        ))?;
        assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
        assert_eq!(fields(&code, "Cat"), ["lives: Option<i64>,"]);
    }
    // Through a base of the base, which lists the base.
    let (run, code) = generate(&format!(
        "A: {{type: object, properties: {{a: {{type: string}}}}, oneOf: [{}, {{type: object, properties: {{o: {{type: string}}}}}}]}}\n\
         Pet: {{allOf: [{}, {{type: object, properties: {{p: {{type: string}}}}}}]}}\n\
         Cat: {{allOf: [{}, {{type: object, properties: {{c: {{type: string}}}}}}]}}\n\
         Box: {{type: object, properties: {{cat: {}}}}}",
        to("Cat"),
        to("A"),
        to("Pet"),
        to("Cat"),
    ))?;
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(code.contains("pub enum A "), "{code}");
    Ok(())
}

#[test]
fn a_child_may_narrow_a_property_to_itself() -> Test {
    let (run, code) = generate(&format!(
        "A: {{allOf: [{}, {{type: object, properties: {{next: {}}}}}]}}\n\
         Base: {{type: object, properties: {{next: {}, v: {{type: string}}}}}}",
        to("Base"),
        to("A"),
        to("Base"),
    ))?;
    assert_eq!((run.outcome, run.err.contains("warning")), (Outcome::Done, false), "{}", run.err);
    assert_eq!(fields(&code, "A"), ["next: Option<Box<A>>,", "v: Option<String>,"]);
    Ok(())
}

#[test]
fn a_property_whose_types_have_no_end_is_taken_for_any_json_by_name() -> Test {
    let (run, code) = generate(&format!(
        "A:\n  allOf:\n  - {{type: object, properties: {{child: {}}}}}\n  - {{type: object, properties: {{child: {{type: object, properties: {{z: {{type: string}}}}}}}}}}",
        to("A")
    ))?;
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(
        run.err.starts_with(
            "openapi/a.yaml:11:5: warning[left-out]: property `child` of schema `A` is taken for any JSON: its types lead \
             back to themselves without end (/components/schemas/A)\n"
        ),
        "{}",
        run.err
    );
    assert_eq!(fields(&code, "A").last().map(String::as_str), Some("child: Option<::serde_json::Value>,"));
    Ok(())
}

#[test]
fn a_schema_that_is_only_itself_is_an_error_at_its_place() -> Test {
    let object = "{type: object, properties: {x: {type: string}}}";
    for (schemas, way) in [
        (format!("A: {}", to("A")), "`A` → `A`"),
        (format!("A: {{allOf: [{}, {object}]}}", to("A")), "`A` → `A`"),
        (format!("A: {{oneOf: [{}]}}", to("A")), "`A` → `A`"),
        ("A: {$ref: '#/components/schemas/A', required: [z]}".to_owned(), "`A` → `A`"),
        (format!("A: {}\nB: {}", to("B"), to("A")), "`A` → `B` → `A`"),
        (format!("A: {{allOf: [{}]}}\nB: {{allOf: [{}, {object}]}}", to("B"), to("A")), "`A` → `B` → `A`"),
    ] {
        let (run, _) = generate(&schemas)?;
        assert_eq!(run.outcome, Outcome::Failure, "{schemas}");
        let expected = format!(
            "openapi/a.yaml:11:5: error[circle]: a schema that is all of itself, by {way} (/components/schemas/A)\n"
        );
        assert!(run.err.starts_with(&expected), "{schemas}: {}", run.err);
    }
    Ok(())
}

#[test]
fn a_schema_among_its_own_alternatives_adds_nothing_to_them() -> Test {
    for list in ["oneOf", "anyOf"] {
        let (run, code) = generate(&format!("A: {{{list}: [{}, {{type: string}}]}}", to("A")))?;
        assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
        let warning =
            "openapi/a.yaml:11:5: warning[left-out]: schema `A` is among its own alternatives, where it is left out";
        assert!(run.err.starts_with(warning), "{}", run.err);
        assert!(!code.contains("Box<A>"), "{code}");
    }
    Ok(())
}

#[test]
fn unions_that_multiply_are_taken_for_any_json_beyond_a_limit() -> Test {
    // Schemas of `unions` unions of `members` objects each; `tag` has all members told apart by one text.
    let product = |unions: usize, members: usize, tag: bool| -> String {
        let member = |union: usize, member: usize| {
            let kind = if tag { format!("k{union}: {{type: string, enum: [v{member}]}}, ") } else { String::new() };
            let required = if tag { format!("k{union}") } else { format!("p{union}x{member}") };
            format!(
                "{{type: object, required: [{required}], properties: {{{kind}p{union}x{member}: {{type: string}}}}}}"
            )
        };
        let union = |union: usize| {
            format!("{{oneOf: [{}]}}", (0..members).map(|at| member(union, at)).collect::<Vec<_>>().join(", "))
        };
        format!("A: {{allOf: [{}]}}", (0..unions).map(union).collect::<Vec<_>>().join(", "))
    };
    for (unions, members, tag, open) in [
        (2, 4, false, None),
        (2, 5, false, Some("2 unions at once, which makes 25 types; up to 16")),
        (3, 2, false, None),
        (3, 3, false, Some("3 unions at once, which makes 27 types; up to 16")),
        (2, 6, true, None),
        (2, 9, true, Some("2 unions at once, which makes 81 types; up to 64")),
        (40, 40, false, Some("40 unions at once, which makes 18446744073709551615 types; up to 16")),
    ] {
        let (run, _) = generate(&product(unions, members, tag))?;
        assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
        match open {
            None => assert!(!run.err.contains("warning"), "{unions} × {members}: {}", run.err),
            Some(why) => assert!(
                run.err.starts_with(&format!(
                    "openapi/a.yaml:11:5: warning[left-out]: schema `A` is taken for any JSON: it is all of {why} are made \
                     (/components/schemas/A)\n"
                )),
                "{}",
                run.err
            ),
        }
    }
    Ok(())
}

#[test]
fn schemas_as_deep_as_they_are_read_become_types() -> Test {
    let deep = |levels: usize| {
        let inner = "{type: object, properties: {p: ".repeat(levels);
        format!("A: {inner}{{type: string}}{}", "}}".repeat(levels))
    };
    let (run, _) = generate(&deep(58))?;
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let (run, _) = generate(&deep(70))?;
    assert_eq!(run.outcome, Outcome::Failure);
    assert!(run.err.contains("not valid YAML: nested deeper than 127 levels"), "{}", run.err);
    Ok(())
}

#[test]
fn unions_of_what_is_required_leave_the_properties_as_they_are() -> Test {
    let union = |from: usize| {
        let members: Vec<String> = (from..from.saturating_add(4)).map(|at| format!("{{required: [p{at}]}}")).collect();
        format!("{{anyOf: [{}]}}", members.join(", "))
    };
    let properties: Vec<String> = (0..8).map(|at| format!("p{at}: {{type: string}}")).collect();
    let schema =
        format!("A: {{type: object, properties: {{{}}}, allOf: [{}, {}]}}", properties.join(", "), union(0), union(4));
    let (run, code) = generate(&schema)?;
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(
        run.err.starts_with(
            "openapi/a.yaml:11:5: warning[left-out]: which properties of schema `A` are required together isn't checked: it \
             is all of 2 unions at once, which makes 16 types; up to 9 are made (/components/schemas/A)\n"
        ),
        "{}",
        run.err
    );
    assert_eq!(fields(&code, "A").len(), 8);
    Ok(())
}
