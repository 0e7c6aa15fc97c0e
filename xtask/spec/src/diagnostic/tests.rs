//! What a maintainer reads, to the letter.

use super::*;
use crate::source::{Source, Syntax};

fn json(name: &str, text: &str) -> Source {
    Source::new(name, format!("openapi/{name}"), text.to_owned(), Syntax::Json)
}

fn yaml(name: &str, text: &str) -> Source {
    Source::new(name, format!("openapi/{name}"), text.to_owned(), Syntax::Yaml)
}

fn conflict(place: Place) -> Diagnostic {
    Diagnostic::error(Id::Conflict, "`type` is not the same in both fragments", "get both pages again").at(place)
}

#[test]
fn a_json_key() {
    let source = json("a.json", "{\n  \"a\": {\n    \"type\": \"string\"\n  }\n}\n");
    insta::assert_snapshot!(conflict(source.place("/a/type")), @r#"
    openapi/a.json:3:5: error[conflict]: `type` is not the same in both fragments (/a/type)
      |
    3 |     "type": "string"
      |     ^^^^^^
      help: get both pages again
    "#);
}

#[test]
fn a_json_value_in_an_array() {
    let source = json("a.json", "{\"required\": [\n  \"one\",\n\t{\"two\": 2},\n  3\n]}\n");
    insta::assert_snapshot!(conflict(source.place("/required/0")), @r#"
    openapi/a.json:2:3: error[conflict]: `type` is not the same in both fragments (/required/0)
      |
    2 |   "one",
      |   ^^^^^
      help: get both pages again
    "#);
    insta::assert_snapshot!(conflict(source.place("/required/1")), @r#"
    openapi/a.json:3:2: error[conflict]: `type` is not the same in both fragments (/required/1)
      |
    3 |     {"two": 2},
      |     ^
      help: get both pages again
    "#);
}

#[test]
fn what_is_missing_is_shown_where_it_should_be() {
    let source = json("a.json", "{\n  \"info\": {}\n}\n");
    insta::assert_snapshot!(conflict(source.place("/info/version")), @r#"
    openapi/a.json:2:3: error[conflict]: `type` is not the same in both fragments (/info/version)
      |
    2 |   "info": {}
      |   ^^^^^^
      help: get both pages again
    "#);
}

#[test]
fn yaml_keys_and_scalars() {
    let source = yaml(
        "a.yaml",
        "info:\n  title: 'My API'\n  tags: # two\n    - one\n    - a plain scalar of\n      two lines\n",
    );
    insta::assert_snapshot!(conflict(source.place("/info/title")), @"
    openapi/a.yaml:2:3: error[conflict]: `type` is not the same in both fragments (/info/title)
      |
    2 |   title: 'My API'
      |   ^^^^^
      help: get both pages again
    ");
    insta::assert_snapshot!(conflict(source.place("/info/tags/1")), @"
    openapi/a.yaml:5:7: error[conflict]: `type` is not the same in both fragments (/info/tags/1)
      |
    5 |     - a plain scalar of
      |       ^^^^^^^^^^^^^^^^^
      help: get both pages again
    ");
}

#[test]
fn a_minified_document_is_cut_down_to_what_matters() {
    let members: Vec<String> = (0..1000).map(|number| format!("\"member{number}\":{{\"type\":\"string\"}}")).collect();
    let source = json("a.json", &format!("{{\"properties\":{{{}}}}}", members.join(",")));
    insta::assert_snapshot!(conflict(source.place("/properties/member500/type")), @r#"
    openapi/a.json:1:14919: error[conflict]: `type` is not the same in both fragments (/properties/member500/type)
      |
    1 | ...member499":{"type":"string"},"member500":{"type":"string"},"member501":{"type":"string"},"...
      |                                              ^^^^^^
      help: get both pages again
    "#);
    insta::assert_snapshot!(conflict(source.place("/properties/member999/type")), @r#"
    openapi/a.json:1:29889: error[conflict]: `type` is not the same in both fragments (/properties/member999/type)
      |
    1 | ...member998":{"type":"string"},"member999":{"type":"string"}}}
      |                                              ^^^^^^
      help: get both pages again
    "#);
    insta::assert_snapshot!(conflict(source.place("/properties")), @r#"
    openapi/a.json:1:2: error[conflict]: `type` is not the same in both fragments (/properties)
      |
    1 | {"properties":{"member0":{"type":"string"},"member1":{"type":"string"},"member2":{"type":"str...
      |  ^^^^^^^^^^^^
      help: get both pages again
    "#);
}

#[test]
fn a_long_key_is_marked_at_its_beginning() {
    let source = json("a.json", &format!("{{\"{}\": 1}}", "long ".repeat(100)));
    insta::assert_snapshot!(conflict(source.place(&format!("/{}", "long ".repeat(100)))).to_string().replace(&"long ".repeat(100), "LONG"), @r#"
    openapi/a.json:1:2: error[conflict]: `type` is not the same in both fragments (/LONG)
      |
    1 | {"long long long long long long long long long long long long long long long long long long l...
      |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: get both pages again
    "#);
}

#[test]
fn wide_characters() {
    let source = json("a.json", "{\"説明\": \"全角\", \"タイプ\": \"e\u{301}🦀\", \"type\": 1}");
    insta::assert_snapshot!(conflict(source.place("/タイプ")), @r#"
    openapi/a.json:1:14: error[conflict]: `type` is not the same in both fragments (/タイプ)
      |
    1 | {"説明": "全角", "タイプ": "é🦀", "type": 1}
      |                  ^^^^^^^^
      help: get both pages again
    "#);
    insta::assert_snapshot!(conflict(source.place("/type")), @r#"
    openapi/a.json:1:28: error[conflict]: `type` is not the same in both fragments (/type)
      |
    1 | {"説明": "全角", "タイプ": "é🦀", "type": 1}
      |                                   ^^^^^^
      help: get both pages again
    "#);
}

#[test]
fn two_places_in_two_files() {
    let one = json("a.json", "{\n  \"type\": \"string\"\n}\n");
    let other = yaml("b.yaml", &format!("{}type: integer\n", "# about\n".repeat(100)));
    let diagnostic = conflict(one.place("/type"))
        .with("differs from this", other.place("/type"))
        .with("and is not even mentioned here", Place::file("openapi/c.json"));
    insta::assert_snapshot!(diagnostic, @r#"
    openapi/a.json:2:3: error[conflict]: `type` is not the same in both fragments (/type)
        |
      2 |   "type": "string"
        |   ^^^^^^
        |
       --> openapi/b.yaml:101:1 (/type)
        |
    101 | type: integer
        | ---- differs from this
       --> openapi/c.json: and is not even mentioned here
      help: get both pages again
    "#);
}

#[test]
fn no_position() {
    insta::assert_snapshot!(Diagnostic::error(Id::Io, "can't be read: permission denied", "check the path").at(Place::file("openapi")), @"
    openapi: error[io]: can't be read: permission denied
      help: check the path
    ");
    insta::assert_snapshot!(Diagnostic::error(Id::Generator, "the second thread panicked", ""), @"error[generator]: the second thread panicked");
    let diagnostic = Diagnostic::warning(Id::Renamed, "it is called otherwise", "nothing").at(Place {
        file: "the merged document".into(),
        position: None,
        pointer: "/a".into(),
    });
    insta::assert_snapshot!(diagnostic.with("the first", Place::file("openapi/a.json")), @"
    the merged document: warning[renamed]: it is called otherwise (/a)
    --> openapi/a.json: the first
      help: nothing
    ");
}

#[test]
fn errors_of_syntax_are_shown_where_they_were_met() {
    let source = json("a.json", "[\r\n  1,\r\n");
    for (line, column, marked) in [(1, 1, "["), (2, 4, ","), (2, 5, ""), (2, 99, ""), (3, 1, ""), (9, 9, "")] {
        let place = source.place_at(Some(Position { line, column }));
        let (text, range) = place.position.unwrap().line();
        assert_eq!(&text[range], marked, "{line}:{column}");
    }
    insta::assert_snapshot!(conflict(source.place_at(Some(Position { line: 2, column: 5 }))), @"
    openapi/a.json:2:5: error[conflict]: `type` is not the same in both fragments
      |
    2 |   1,
      |     ^
      help: get both pages again
    ");
}

#[test]
fn what_a_file_says_stays_on_its_line_and_does_not_speak_to_the_terminal() {
    let source = yaml("a.yaml", "\"a\\e[31m\\nb\": 1\nc: \u{7f} \u{202e}\n");
    let report = report(&[conflict(source.place("/a\u{1b}[31m\nb")), conflict(source.place("/c"))]);
    assert!(!strip_str(&report).to_string().contains(|c: char| c.is_control() && c != '\n'));
    insta::assert_snapshot!(strip_str(&report), @r#"
    openapi/a.yaml:1:1: error[conflict]: `type` is not the same in both fragments (/a\u{1b}[31m\nb)
      |
    1 | "a\e[31m\nb": 1
      | ^^^^^^^^^^^^
      help: get both pages again

    openapi/a.yaml:2:1: error[conflict]: `type` is not the same in both fragments (/c)
      |
    2 | c: ␡ �
      | ^
      help: get both pages again
    "#);
}

#[test]
fn colours_are_there_for_whoever_wants_them() {
    let source = json("a.json", "{\"type\": 1}");
    insta::assert_snapshot!(report(&[conflict(source.place("/type"))]).replace('\u{1b}', "␛"), @r#"
    openapi/a.json:1:2: ␛[1m␛[91merror[conflict]␛[0m: ␛[1m`type` is not the same in both fragments␛[0m (/type)
      ␛[1m␛[94m|␛[0m
    ␛[1m␛[94m1␛[0m ␛[1m␛[94m|␛[0m {"type": 1}
      ␛[1m␛[94m|␛[0m  ␛[1m␛[91m^^^^^^␛[0m
      ␛[1m␛[96mhelp␛[0m: get both pages again
    "#);
}

#[test]
fn thousands_of_one_kind_stay_within_bounds() {
    let members: Vec<String> =
        (0..100_000).map(|number| format!("\"member{number}\":{{\"type\":\"string\"}}")).collect();
    let source = json("a.json", &format!("{{{}}}", members.join(",")));
    let mut diagnostics: Vec<Diagnostic> =
        (0..20_000).map(|number| conflict(source.place(&format!("/member{number}/type")))).collect();
    diagnostics.push(Diagnostic::warning(Id::Renamed, "it is called otherwise", ""));
    let problems = Problems::from_errors(diagnostics).to_string();
    let heads: Vec<&str> = problems.lines().filter(|line| line.contains("[conflict]")).collect();
    assert_eq!(heads.len(), 51);
    assert_eq!(heads[50], "error[conflict]: … and 19950 more of this kind");
    assert!(problems.contains("warning[renamed]: it is called otherwise\n"));
}

/// Whatever stands in a file, and whatever of it is marked, can be drawn.
#[test]
fn no_text_and_no_span_is_too_odd_to_be_drawn() {
    let odd = "\t\u{0}a\r\r\né\u{301}全\u{200d}🦀\u{7f}\u{202e}\u{2028}\u{feff}x\t\n\n \r";
    let long = format!("{}{odd}{}", " ".repeat(200), "全".repeat(200));
    for text in ["", "\n", odd, &long] {
        for start in 0..=text.len().saturating_add(2) {
            for length in [0, 1, 2, 3, 7, 1000, usize::MAX] {
                let end = start.saturating_add(length);
                let mark = Mark::new(text, Span { position: Position { line: 1, column: 1 }, start, end });
                let place = Place { file: String::new(), position: Some(mark), pointer: String::new() };
                let shown = conflict(place.clone()).with("odd", place).to_string();
                assert!(shown.lines().all(|line| line.chars().count() < 200), "{start} {length}: {shown}");
            }
        }
    }
}
