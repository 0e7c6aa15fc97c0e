//! JSONPath (RFC 9535): which parts of the document an action means.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::pointer;

/// How deep brackets may nest in a path. The parser takes twice the time for every filter inside a filter, and descends
/// on the stack; no path that a person can read comes near.
const NESTING: usize = 12;

/// A parsed JSONPath query.
#[derive(Debug)]
pub(super) struct Path {
    text: String,
    query: JsonPath,
}

/// One step from the document's root to a part of it. They are ordered such that parents come before their children,
/// and the items of an array by their indices.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

/// Where one selected part stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Location(pub(super) Vec<Step>);

impl Location {
    pub(super) fn pointer(&self) -> String {
        of_steps(&self.0)
    }

    /// What holds this part, and by which step; `None` for the whole document.
    pub(super) fn parent(&self) -> Option<(String, &Step)> {
        let (last, parents) = self.0.split_last()?;
        Some((of_steps(parents), last))
    }
}

fn of_steps(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |at, step| match step {
        Step::Member(name) => pointer::join(&at, name),
        Step::Item(index) => pointer::join(&at, &index.to_string()),
    })
}

impl Path {
    /// Parses `text`, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if nesting(text) > NESTING {
            return Err(format!("brackets nest deeper than {NESTING} levels"));
        }
        let query = JsonPath::parse(text).map_err(|error| {
            // The parser counts bytes, and has no reason for what it simply doesn't know.
            let character = text.get(..error.position()).unwrap_or(text).chars().count().saturating_add(1);
            match error.message() {
                reason if reason.ends_with("parser error") => format!("it can't be read from character {character} on"),
                reason => format!("at character {character}, {reason}"),
            }
        })?;
        Ok(Self { text: text.to_owned(), query })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The parts of `document` that this selects, each once, parents before children.
    pub(super) fn locate(&self, document: &Value) -> Vec<Location> {
        let located = self.query.query_located(document);
        let steps = located.locations().map(|location| {
            let steps = location.iter().map(|step| match step {
                PathElement::Name(name) => Step::Member((*name).to_owned()),
                PathElement::Index(index) => Step::Item(*index),
            });
            Location(steps.collect())
        });
        let mut locations: Vec<Location> = steps.collect();
        locations.sort();
        locations.dedup();
        locations
    }
}

/// How deep brackets and parentheses nest in a path; those in its texts don't count.
fn nesting(path: &str) -> usize {
    let (mut deepest, mut depth) = (0_usize, 0_usize);
    let mut quote = None;
    let mut characters = path.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn located(path: &str, document: &Value) -> Vec<String> {
        Path::parse(path).unwrap().locate(document).iter().map(Location::pointer).collect()
    }

    #[test]
    fn a_part_is_named_by_its_pointer_and_selected_once() {
        let document = json!({"paths": {"/a~b": {"get": {}}}, "list": [1, 2]});
        assert_eq!(located("$.paths['/a~b'].get", &document), ["/paths/~1a~0b/get"]);
        assert_eq!(located("$", &document), [""]);
        assert_eq!(located("$['list','list'][-1,1]", &document), ["/list/1"]);
        assert_eq!(located("$.nothing", &document), [""; 0]);
    }

    #[test]
    fn parents_come_before_children_and_items_in_the_order_of_their_indices() {
        let document = json!({"a": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, {"b": 1}]});
        let found = located("$.a[10].b", &document).into_iter().chain(located("$.a[10,9,2]", &document));
        assert_eq!(found.collect::<Vec<_>>(), ["/a/10/b", "/a/2", "/a/9", "/a/10"]);
        assert_eq!(located("$..*", &json!({"a": {"b": 1}})), ["/a", "/a/b"]);
    }

    #[test]
    fn filters_and_functions_are_those_of_rfc_9535() {
        let document = json!({"parameters": [{"name": "limit", "in": "query"}, {"name": "sid", "in": "path"}]});
        for path in [
            "$.parameters[?@.name == 'limit' && @.in == 'query']",
            "$.parameters[?match(@.name, 'l.*t')]",
            "$.parameters[?search(@.name, 'im')]",
            "$.parameters[?length(@.name) > 3]",
            "$.parameters[?count(@.*) == 2 && value(@..in) != 'path']",
        ] {
            assert_eq!(located(path, &document), ["/parameters/0"], "{path}");
        }
    }

    #[test]
    fn what_is_no_path_is_an_error_that_says_where() {
        for (path, reason) in [
            ("", "it can't be read from character 1 on"),
            ("paths", "it can't be read from character 1 on"),
            ("$.ü-b", "it can't be read from character 4 on"),
            ("$.a[?(@.b =~ /c/)]", "it can't be read from character 6 on"),
            ("$.paths['/a'", "at character 13, in long-hand segment, expected closing ']'"),
            ("$.a[?foo(@.b)]", "at character 6, in long-hand segment, function name 'foo' is not defined"),
        ] {
            assert_eq!(Path::parse(path).unwrap_err(), reason, "{path}");
        }
    }

    #[test]
    fn endless_nesting_is_an_error_and_no_overflow() {
        for (begin, end) in [("[?@", "]"), ("[?(@.a || ", ")]")] {
            let path = format!("${}{}", begin.repeat(100_000), end.repeat(100_000));
            assert_eq!(Path::parse(&path).unwrap_err(), "brackets nest deeper than 12 levels");
        }
        assert!(Path::parse("$['[[[[[[[[[[[[[[[[']").is_ok());
        assert_eq!(nesting(r#"$[?@['\'['] == "(" && (@.a)]"#), 2);
    }
}
