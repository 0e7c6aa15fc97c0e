//! What vendors get wrong in small: each kind is said at its place, and none is lost in silence.

use super::Test;
use super::workspace::Workspace;
use xtask::terminal::Outcome;

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
const ANSWER: &str = "responses: {'200': {description: d}}";

/// What `generate` says of this fragment, line by line without the help and the lines of the file.
fn said(fragment: &str) -> Result<(Outcome, Vec<String>), Box<dyn std::error::Error>> {
    let workspace = Workspace::empty()?;
    workspace.write("a.yaml", &fragment.replace("ANSWER", ANSWER))?;
    let run = workspace.generate(&[]);
    let said = run.err.lines().filter_map(|line| line.strip_prefix("openapi/a.yaml:"));
    Ok((run.outcome, said.map(str::to_owned).collect()))
}

#[test]
fn what_the_client_passes_over_is_said_at_its_place() -> Test {
    for (fragment, expected) in [
        (
            "paths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, schema: {type: string}},\n  \
             {name: q, in: query, schema: {type: integer}}], ANSWER}}}",
            "3:49: warning[left-out]: the query parameter `q` stands twice in this list: this one is left out \
             (/paths/~1a/get/parameters/0)",
        ),
        (
            "components: {parameters: {P: {name: q, in: query, schema: {type: string}}}}\npaths: {/a: {parameters: [\n  \
             {$ref: '#/components/parameters/P'}, {name: q, in: query, schema: {type: integer}}], get: {operationId: a, ANSWER}}}",
            "5:3: warning[left-out]: the query parameter `q` stands twice in this list: this one is left out \
             (/paths/~1a/parameters/0)",
        ),
        (
            "paths: {/a: {get: {operationId: a, ANSWER, parameters: [\n  {name: q, in: query, schema: {type: string}, \
             content: {application/json: {schema: {type: object}}}}]}}}",
            "4:3: warning[left-out]: `content` stands beside `schema`, where only one of the two may: the schema is taken \
             (/paths/~1a/get/parameters/0)",
        ),
        (
            "paths: {/a: {get: {operationId: a, ANSWER, parameters: [\n  {in: query, schema: {type: string}}]}}}",
            "4:3: warning[left-out]: a parameter without a name is left out (/paths/~1a/get/parameters/0)",
        ),
        (
            "servers: [{url: 'https://b/x'}]\npaths: {/a: {get: {operationId: a, ANSWER,\n  servers: [{url: 'https://a/x'}]}}}",
            "5:3: warning[left-out]: these servers are passed over: a client calls all operations at the URL that it is given \
             (/paths/~1a/get/servers)",
        ),
        (
            "paths: {/a: {servers: [{url: 'https://a/x'}], get: {operationId: a, ANSWER}}}",
            "3:14: warning[left-out]: these servers are passed over: a client calls all operations at the URL that it is given \
             (/paths/~1a/servers)",
        ),
        (
            "components: {securitySchemes: {b: {type: http, scheme: bearer}, unused: {type: http, scheme: basic}}}\n\
             paths: {/a: {get: {operationId: a, security: [{b: []}], ANSWER}}}",
            "3:32: warning[left-out]: the security scheme `b` is passed over: the client sends nothing by itself \
             (/components/securitySchemes/b)",
        ),
        (
            "paths: {'/a#{id}': {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: string}}], \
             ANSWER}}}",
            "3:21: warning[left-out]: what stands behind `#` in a path is not sent, `id` with it (/paths/~1a#{id}/get)",
        ),
        (
            "paths: {/a: {get: {operationId: a, parameters: [{name: X A, in: header, schema: {type: string}}], ANSWER}}}",
            "3:14: warning[left-out]: the header parameter `X A` is left out: no header can have this name (RFC 9110, 5.6.2) \
             (/paths/~1a/get)",
        ),
    ] {
        assert_eq!(said(&format!("{HEAD}{fragment}\n"))?, (Outcome::Done, vec![expected.to_owned()]), "{fragment}");
    }
    Ok(())
}

#[test]
fn what_is_declared_as_a_parameter_too_or_holds_for_all_is_passed_over_in_silence() -> Test {
    for fragment in [
        "components: {securitySchemes: {k: {type: apiKey, in: header, name: Session}}}\nsecurity: [{k: []}]\npaths: {/a: {get: \
         {operationId: a, parameters: [{name: session, in: header, schema: {type: string}}], ANSWER}}}",
        "servers: [{url: 'https://a/x'}]\npaths: {/a: {get: {operationId: a, servers: [{url: 'https://a/x'}], ANSWER}}}",
        "paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}], get: {operationId: a, \
         parameters: [{name: q, in: query, schema: {type: integer}}, {name: q, in: header, schema: {type: integer}}], ANSWER}}}",
    ] {
        let (outcome, said) = said(&format!("{HEAD}{fragment}\n"))?;
        let said: Vec<String> = said.into_iter().filter(|line| !line.contains("[renamed]")).collect();
        assert_eq!((outcome, said), (Outcome::Done, Vec::new()), "{fragment}");
    }
    Ok(())
}

#[test]
fn what_would_make_another_client_is_refused_at_its_place() -> Test {
    let info = "info: {title: T, version: '1'}\npaths: {}\n";
    for (fragment, expected) in [
        (
            format!(
                "{HEAD}components: {{schemas: {{S: {{type: string}}}}}}\npaths: {{/a: {{get: {{operationId: a, parameters: [{{$ref: \
                     '#/components/schemas/S'}}], ANSWER}}}}}}\n"
            ),
            "4:50: error[reference]: `#/components/schemas/S` is one of the `schemas`, where one of the `parameters` is expected \
             (/paths/~1a/get/parameters/0/$ref)",
        ),
        (
            format!(
                "{HEAD}components: {{responses: {{R: {{description: d}}}}}}\npaths: {{/a: {{post: {{operationId: a, requestBody: {{$ref: \
                     '#/components/responses/R'}}, ANSWER}}}}}}\n"
            ),
            "4:51: error[reference]: `#/components/responses/R` is one of the `responses`, where one of the `requestBodies` is \
             expected (/paths/~1a/post/requestBody/$ref)",
        ),
        (
            format!("{HEAD}paths: {{/a: {{GET: {{operationId: a, ANSWER}}}}}}\n"),
            "3:14: error[shape]: a method in lower case, such as `get`, is expected here (/paths/~1a/GET)",
        ),
        (
            format!("{HEAD}paths: {{a: {{get: {{operationId: a, ANSWER}}}}}}\n"),
            "3:9: error[shape]: a path that begins with `/` is expected here (/paths/a)",
        ),
        (
            "openapi: 3.1.0\ninfo: {title: T, version: 1.10}\npaths: {}\n".to_owned(),
            "2:18: error[version]: `info.version` is 1.1, which is no text (/info/version)",
        ),
        (
            format!("{HEAD}x-b: &b {{operationId: a}}\npaths: {{/a: {{get: {{<<: *b, ANSWER}}}}}}\n"),
            "4:20: error[syntax]: not valid YAML: the merge key `<<` is of YAML 1.1, and isn't taken: write out what it brings in",
        ),
        (
            format!("openapi: '3.0'\n{info}"),
            "1:1: error[version]: OpenAPI version \"3.0\" is not a whole one: it has three numbers, such as 3.0.0 (/openapi)",
        ),
        (
            format!("openapi: 3.1\n{info}"),
            "1:1: error[version]: OpenAPI version 3.1 is not a whole one: it has three numbers, such as 3.1.0 (/openapi)",
        ),
        (
            format!("openapi: '2.9.0'\n{info}"),
            "1:1: error[version]: OpenAPI version \"2.9.0\" is not taken: 3.0, 3.1 and 3.2 are (/openapi)",
        ),
    ] {
        assert_eq!(said(&fragment)?, (Outcome::Failure, vec![expected.to_owned()]), "{fragment}");
    }
    Ok(())
}
