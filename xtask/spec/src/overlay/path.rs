//! JSONPath (RFC 9535): which parts of the document an action means.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::pointer;

/// How deep brackets may nest in a path. The parser takes twice the time for every filter inside a filter, and descends
/// on the stack; no path that a person can read comes near.
const NESTING: usize = 12;

/// How many times a path may select, or a filter look at, one and the same part: each `..` in a filter counts for as many as
/// its parents may be, and lists in brackets for as many as they have items.
const TIMES: usize = 4096;

/// What a `..` in a filter counts for.
const PARENTS: usize = 16;

/// How many `..` a path may have outside of filters.
const DESCENTS: usize = 16;

/// The way out for what isn't JSONPath, and for what asks too much.
const SYNTAX: &str =
    "write it as RFC 9535 has it; a name that isn't a word stands in brackets and quotes, as in `$.paths['/v3/room']`";
const SIMPLER: &str = "name the parts by their way from the root, in several actions if it takes them";

/// A parsed JSONPath query.
#[derive(Debug)]
pub(super) struct Path {
    text: String,
    /// The path, cut in front of each `..`.
    pieces: Vec<String>,
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

    /// The path that selects this part alone.
    fn path(&self) -> String {
        self.0.iter().fold("$".to_owned(), |path, step| match step {
            // JSON's quotes are those of a path too.
            Step::Member(name) => format!("{path}[{}]", Value::from(name.as_str())),
            Step::Item(index) => format!("{path}[{index}]"),
        })
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
    /// Parses `text`, or says what is wrong with it, and what to do.
    pub(super) fn parse(text: &str) -> Result<Self, (String, &'static str)> {
        let Outline { nesting, times, cuts } = outline(text);
        if nesting > NESTING {
            return Err((format!("brackets nest deeper than {NESTING} levels"), SIMPLER));
        }
        JsonPath::parse(text).map_err(|error| {
            // The parser counts bytes, and has no reason for what it simply doesn't know.
            let character = text.get(..error.position()).unwrap_or(text).chars().count().saturating_add(1);
            let reason = match error.message() {
                reason if reason.ends_with("parser error") => format!("it can't be read from character {character} on"),
                reason => format!("at character {character}, {reason}"),
            };
            (reason, SYNTAX)
        })?;
        if cuts.len() > DESCENTS {
            return Err((format!("it has more than {DESCENTS} `..`"), SIMPLER));
        }
        if times > TIMES {
            let reason = "its lists and the `..` in its filters multiply to more than can be looked at";
            return Err((reason.to_owned(), SIMPLER));
        }
        let ends = cuts.iter().copied().chain([text.len()]);
        let begins = std::iter::once(1).chain(cuts.iter().copied());
        let pieces = begins.zip(ends).map(|(begin, end)| text.get(begin..end).unwrap_or_default().to_owned()).collect();
        Ok(Self { text: text.to_owned(), pieces })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The parts of `document` that this selects, each once, parents before children.
    ///
    /// It is followed piece by piece: `$..*..*..*` as a whole would find a part once for each way that leads to it, and these
    /// are more than can be counted.
    pub(super) fn locate(&self, document: &Value) -> Vec<Location> {
        let mut locations = vec![Location(Vec::new())];
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                locations = outermost(locations);
            }
            locations = locations.iter().flat_map(|at| located(&format!("{}{piece}", at.path()), document)).collect();
            locations.sort();
            locations.dedup();
        }
        locations
    }
}

/// The parts of `document` that a path which was read before selects.
fn located(path: &str, document: &Value) -> Vec<Location> {
    let Ok(query) = JsonPath::parse(path) else { return Vec::new() };
    let located = query.query_located(document);
    let steps = located.locations().map(|location| {
        let steps = location.iter().map(|step| match step {
            PathElement::Name(name) => Step::Member((*name).to_owned()),
            PathElement::Index(index) => Step::Item(*index),
        });
        Location(steps.collect())
    });
    steps.collect()
}

/// Those that aren't in another one; whatever is below these is below the others too. They come parents first.
fn outermost(locations: Vec<Location>) -> Vec<Location> {
    let mut outermost: Vec<Location> = Vec::new();
    for location in locations {
        if outermost.last().is_none_or(|Location(last)| !location.0.starts_with(last)) {
            outermost.push(location);
        }
    }
    outermost
}

/// What is known of a path before it is parsed.
struct Outline {
    /// How deep brackets and parentheses nest.
    nesting: usize,
    /// How many times it may select the same.
    times: usize,
    /// Where its `..` are, but for those in brackets.
    cuts: Vec<usize>,
}

/// Looks through a path; what is in its texts doesn't count.
fn outline(path: &str) -> Outline {
    let mut outline = Outline { nesting: 0, times: 1, cuts: Vec::new() };
    // The brackets and parentheses that are open, each with how many items it has so far.
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut quote = None;
    let mut characters = path.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => {
                open.push((character, 1));
                outline.nesting = outline.nesting.max(open.len());
            }
            (None, ']' | ')') => {
                let (bracket, items) = open.pop().unwrap_or(('(', 1));
                outline.times = outline.times.saturating_mul(if bracket == '[' { items } else { 1 });
            }
            (None, ',') => {
                if let Some((_, items)) = open.last_mut() {
                    *items = items.saturating_add(1);
                }
            }
            (None, '.') if characters.next_if(|(_, next)| *next == '.').is_some() => {
                if open.is_empty() {
                    outline.cuts.push(at);
                } else {
                    outline.times = outline.times.saturating_mul(PARENTS);
                }
            }
            (None, _) => {}
        }
    }
    outline
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
            assert_eq!(Path::parse(path).unwrap_err(), (reason.to_owned(), SYNTAX), "{path}");
        }
    }

    #[test]
    fn endless_nesting_is_an_error_and_no_overflow() {
        for (begin, end) in [("[?@", "]"), ("[?(@.a || ", ")]")] {
            let path = format!("${}{}", begin.repeat(100_000), end.repeat(100_000));
            assert_eq!(Path::parse(&path).unwrap_err(), ("brackets nest deeper than 12 levels".to_owned(), SIMPLER));
        }
        assert!(Path::parse("$['[[[[[[[[[[[[[[[[']").is_ok());
        assert_eq!(outline(r#"$[?@['\'['] == "(" && (@.a)]"#).nesting, 2);
    }

    #[test]
    fn a_path_of_descents_selects_each_part_once_and_in_time() {
        // As deep as is read: as one query, this path selects more parts than fit in 64 bits.
        let deep = (0..127).fold(json!(1), |value, _| json!({ "a": value }));
        assert_eq!(located(&format!("${}", "..*".repeat(16)), &deep).len(), 112);
        let document = json!({"a": {"b": {"a": [{"c'\"\n": {"b": 1}}, {"b": 2}]}}, "b": 3});
        assert_eq!(located("$..a..b", &document), ["/a/b", "/a/b/a/0/c'\"\n/b", "/a/b/a/1/b"]);
        assert_eq!(located("$.a..a[0]..b", &document), ["/a/b/a/0/c'\"\n/b"]);
        assert_eq!(located("$..a..[?@.b == $.a.b.a[1].b]", &document), ["/a/b/a/1"]);
    }

    #[test]
    fn what_a_path_multiplies_has_a_bound() {
        let refused = "its lists and the `..` in its filters multiply to more than can be looked at";
        for (within, beyond, reason) in [
            ("..*".repeat(16), "..*".repeat(17), "it has more than 16 `..`"),
            ("[*,*]".repeat(12), "[*,*]".repeat(13), refused),
            (format!("[?@{}]", "..*".repeat(3)), format!("[?@{}]", "..*".repeat(4)), refused),
            (format!("[?@{}]", "[*,*]".repeat(12)), format!("[?@{}]", "[*,*]".repeat(13)), refused),
        ] {
            assert!(Path::parse(&format!("${within}")).is_ok(), "{within}");
            assert_eq!(Path::parse(&format!("${beyond}")).unwrap_err(), (reason.to_owned(), SIMPLER), "{beyond}");
        }
        assert!(Path::parse("$['..,..'][?match(@.a, '..,..')]").is_ok());
    }
}
