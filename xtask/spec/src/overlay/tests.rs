//! What actions do to a document, and where its parts are said to stand afterwards.

use serde_json::{Value, json};

use super::apply::Correction;
use crate::fragments::Fragments;
use crate::origins::{Origin, Origins};
use crate::source::{Source, Syntax};

const FIRST: &str = "1.0.0";
const SECOND: &str = "1.1.0";

struct Outcome {
    document: Value,
    origins: Origins,
    /// Place and message of each diagnostic, and its other places.
    said: Vec<String>,
}

impl Outcome {
    /// Where the value at `pointer` below `x` came from.
    fn place(&self, pointer: &str) -> String {
        let place = self.origins.place(&format!("/x{pointer}"));
        format!("{} {}", place.file, place.pointer)
    }
}

/// Applies `actions`, in YAML, to a fragment that holds `document` as its `x`.
fn applied(version: &str, document: Value, actions: &str) -> Outcome {
    let fragment = json!({"openapi": "3.1.1", "x": document});
    let overlay = format!("overlay: {version}\ninfo: {{title: T, version: '1'}}\nactions:\n{actions}\n");
    let sources = vec![
        Source::new("a.json", "a.json", fragment.to_string(), Syntax::Json),
        Source::new("overlay.yaml", "overlay.yaml", overlay, Syntax::Yaml),
    ];
    let fragments = Fragments::parse(sources, "openapi").unwrap();
    let mut origins = Origins::of(&fragments);
    origins.insert(String::new(), Origin::Fragment { fragment: 0, pointer: String::new() });
    let overlay = fragments.overlay().unwrap();
    let Correction { document, origins, diagnostics, .. } = Correction::of(fragment, origins, overlay);
    let said = diagnostics.iter().map(|diagnostic| {
        assert!(!diagnostic.help.is_empty());
        let place = diagnostic.place.as_ref().unwrap();
        let related =
            diagnostic.related.iter().map(|(part, place)| format!("; {part}: {} {}", place.file, place.pointer));
        let related: String = related.collect();
        format!("{} {}[{}] {}{related}", place.pointer, diagnostic.level, diagnostic.id, diagnostic.message)
    });
    let said = said.collect();
    let document = document.get("x").cloned().unwrap_or_default();
    Outcome { document, origins, said }
}

/// What `actions` make of `document`; nothing may be said.
fn made(version: &str, document: Value, actions: &str) -> Value {
    let outcome = applied(version, document, actions);
    assert_eq!(outcome.said, [""; 0], "{actions}");
    outcome.document
}

/// What is said of `actions`; errors leave the document as it is.
fn said(version: &str, document: Value, actions: &str) -> Vec<String> {
    let outcome = applied(version, document.clone(), actions);
    assert_eq!(outcome.document, document, "{actions}");
    outcome.said
}

#[test]
fn objects_merge_member_by_member() {
    for version in [FIRST, SECOND] {
        let document = json!({"a": {"kept": 1, "b": {"kept": 1, "old": "text"}}});
        let actions = "- {target: $.x, update: {a: {b: {old: 'new', more: [1]}, other: {c: null}}}}";
        assert_eq!(
            made(version, document, actions),
            json!({"a": {"kept": 1, "b": {"kept": 1, "old": "new", "more": [1]}, "other": {"c": null}}})
        );
    }
}

#[test]
fn any_primitive_value_replaces_any_other() {
    let document = json!({"a": 1, "b": "text", "c": null, "d": true});
    let actions = "- {target: $.x, update: {a: text, b: null, c: false, d: 1.5}}";
    assert_eq!(made(SECOND, document, actions), json!({"a": "text", "b": null, "c": false, "d": 1.5}));
}

#[test]
fn lists_inside_objects_are_concatenated() {
    for version in [FIRST, SECOND] {
        let actions = "- {target: $.x, update: {required: [b, c]}}";
        assert_eq!(made(version, json!({"required": ["a"]}), actions), json!({"required": ["a", "b", "c"]}));
    }
}

#[test]
fn every_selected_part_is_updated() {
    let document = json!({"a": {"get": {}}, "b": {"get": {"y": 0}}, "c": {"post": {}}});
    let actions = "- {target: $.x.*.get, update: {y: 1}}";
    assert_eq!(
        made(SECOND, document, actions),
        json!({"a": {"get": {"y": 1}}, "b": {"get": {"y": 1}}, "c": {"post": {}}})
    );
}

#[test]
fn a_part_that_is_selected_twice_is_updated_once() {
    let actions = "- {target: \"$.x['a','a']\", update: 2}";
    assert_eq!(made(SECOND, json!({"a": [1]}), actions), json!({"a": [1, 2]}));
}

#[test]
fn a_value_is_appended_to_a_selected_list() {
    for version in [FIRST, SECOND] {
        assert_eq!(made(version, json!([1]), "- {target: $.x, update: {a: 1}}"), json!([1, {"a": 1}]));
        assert_eq!(made(version, json!([1]), "- {target: $.x, update: text}"), json!([1, "text"]));
    }
}

#[test]
fn a_list_is_one_item_of_a_selected_list_in_1_0_and_concatenated_with_it_in_1_1() {
    let actions = "- {target: $.x, update: [2, 3]}";
    assert_eq!(made(FIRST, json!([1]), actions), json!([1, [2, 3]]));
    assert_eq!(made(SECOND, json!([1]), actions), json!([1, 2, 3]));
}

#[test]
fn a_selected_primitive_value_is_replaced_in_1_1_alone() {
    let (document, actions) = (json!({"a": "old"}), "- {target: $.x.a, update: new}");
    assert_eq!(made(SECOND, document.clone(), actions), json!({"a": "new"}));
    assert_eq!(
        said(FIRST, document, actions),
        [
            "/actions/0/target error[overlay] `actions[0]` on `$.x.a` selects a primitive value, which version 1.0 can't \
          update; the value: a.json /x/a"
        ]
    );
}

#[test]
fn parts_of_several_kinds_cannot_be_updated_in_one_in_1_1() {
    let document = json!({"a": {}, "b": [], "c": 1});
    assert_eq!(
        said(SECOND, document, "- {target: $.x.*, update: {d: 1}}"),
        [
            "/actions/0/target error[overlay] `actions[0]` on `$.x.*` selects an object and a list in one; of another kind \
          than the first: a.json /x/b"
        ]
    );
    assert_eq!(
        made(FIRST, json!({"a": {}, "b": []}), "- {target: $.x.*, update: {d: 1}}"),
        json!({"a": {"d": 1}, "b": [{"d": 1}]})
    );
}

#[test]
fn values_of_different_kinds_do_not_merge() {
    for (document, update, message) in [
        (json!({"a": {}}), "{a: 1}", "/actions/0/update/a a primitive value into an object /x/a"),
        (json!({"a": {}}), "{a: [1]}", "/actions/0/update/a a list into an object /x/a"),
        (json!({"a": []}), "{a: {}}", "/actions/0/update/a an object into a list /x/a"),
        (json!({"a": []}), "{a: 1}", "/actions/0/update/a a primitive value into a list /x/a"),
        (json!({"a": 1}), "{a: {}}", "/actions/0/update/a an object into a primitive value /x/a"),
        (json!({"a": null}), "{a: []}", "/actions/0/update/a a list into a primitive value /x/a"),
        (json!({}), "1", "/actions/0/update a primitive value into an object /x"),
        (json!({}), "[1]", "/actions/0/update a list into an object /x"),
    ] {
        let [place, rest] = message.splitn(2, ' ').collect::<Vec<_>>().try_into().unwrap();
        let (what, at) = rest.rsplit_once(' ').unwrap();
        for version in [FIRST, SECOND] {
            let expected = format!(
                "{place} error[overlay] `actions[0]` on `$.x` can't merge {what}; what it can't be merged into: a.json {at}"
            );
            assert_eq!(said(version, document.clone(), &format!("- {{target: $.x, update: {update}}}")), [expected]);
        }
    }
}

#[test]
fn a_clash_is_named_once_however_many_parts_are_selected() {
    let document = json!({"a": {"k": 1, "l": 1}, "b": {"k": 2, "l": 2}});
    assert_eq!(said(SECOND, document, "- {target: $.x.*, update: {k: {}, l: []}}").len(), 2);
}

#[test]
fn members_are_removed_and_the_others_keep_their_order() {
    for version in [FIRST, SECOND] {
        let document = json!({"a": 1, "b": {"c": {}}, "d": [], "e": 2});
        let made = made(version, document, "- {target: $.x.a, remove: true}\n- {target: $.x.b.c, remove: true}");
        assert_eq!(made.to_string(), r#"{"b":{},"d":[],"e":2}"#);
    }
}

#[test]
fn items_of_a_list_are_removed_by_the_indices_they_had() {
    let items = || Value::Array((0..12).map(|n| json!({"n": n})).collect());
    let numbers = |list: &Value| -> Vec<u64> {
        list.as_array().unwrap().iter().map(|item| item.get("n").and_then(Value::as_u64).unwrap()).collect()
    };
    for version in [FIRST, SECOND] {
        let left = made(version, items(), "- {target: '$.x[2,0,10,2,-1]', remove: true}");
        assert_eq!(numbers(&left), [1, 3, 4, 5, 6, 7, 8, 9]);
        let left = made(version, items(), "- {target: '$.x[?@.n > 1 && @.n != 10]', remove: true}");
        assert_eq!(numbers(&left), [0, 1, 10]);
    }
}

#[test]
fn what_is_removed_may_hold_what_is_removed_too() {
    let document = json!({"list": [{"list": [1, 2]}, {"list": [{"list": []}]}], "kept": 1});
    assert_eq!(made(SECOND, document, "- {target: $..list, remove: true}"), json!({"kept": 1}));
}

#[test]
fn primitive_items_are_removed_in_1_1_alone() {
    let (document, actions) = (json!({"tags": ["a", "b"]}), "- {target: \"$.x.tags[?@ == 'a']\", remove: true}");
    assert_eq!(made(SECOND, document.clone(), actions), json!({"tags": ["b"]}));
    assert_eq!(
        said(FIRST, document, actions),
        ["/actions/0/target error[overlay] `actions[0]` on `$.x.tags[?@ == 'a']` selects a primitive item of a list, \
          which version 1.0 can't remove; the item: a.json /x/tags/0"]
    );
}

#[test]
fn the_whole_document_cannot_be_removed() {
    assert_eq!(
        said(SECOND, json!({}), "- {target: $, remove: true}"),
        ["/actions/0/target error[overlay] `actions[0]` on `$` would remove the whole document"]
    );
}

#[test]
fn remove_wins_over_update() {
    assert_eq!(made(FIRST, json!({"a": {}}), "- {target: $.x.a, update: {b: 1}, remove: true}"), json!({}));
}

#[test]
fn actions_see_what_those_before_them_did() {
    let actions =
        "- {target: $.x.a, remove: true}\n- {target: $.x, update: {a: {c: 1}}}\n- {target: $.x.a, update: {d: 2}}";
    assert_eq!(made(FIRST, json!({"a": {"b": 1}}), actions), json!({"a": {"c": 1, "d": 2}}));
}

#[test]
fn a_copy_merges_one_part_into_every_target() {
    let document = json!({"from": {"b": 1, "list": [2]}, "to": [{"list": [1]}, {}]});
    assert_eq!(
        made(SECOND, document, "- {target: '$.x.to[*]', copy: $.x.from}"),
        json!({"from": {"b": 1, "list": [2]}, "to": [{"list": [1, 2], "b": 1}, {"b": 1, "list": [2]}]})
    );
    let document = json!({"text": "new", "list": [1], "old": "old"});
    let actions = "- {target: $.x.old, copy: $.x.text}\n- {target: $.x.list, copy: $.x.old}";
    assert_eq!(made(SECOND, document, actions), json!({"text": "new", "list": [1, "new"], "old": "new"}));
}

#[test]
fn a_part_is_renamed_by_an_empty_one_a_copy_and_a_removal() {
    let actions =
        "- {target: $.x, update: {new: {}}}\n- {target: $.x.new, copy: $.x.old}\n- {target: $.x.old, remove: true}";
    assert_eq!(made(SECOND, json!({"old": {"a": [1]}}), actions), json!({"new": {"a": [1]}}));
}

#[test]
fn a_copy_needs_exactly_one_source() {
    let document = json!({"a": {}, "b": {"c": 1}, "d": {"c": 1}});
    assert_eq!(
        said(SECOND, document, "- {target: $.x.a, copy: $.x.nobody}\n- {target: $.x.a, copy: $.x.*.c}"),
        [
            "/actions/0/copy error[overlay] `actions[0]` on `$.x.a` copies `$.x.nobody`, which matches nothing",
            "/actions/1/copy error[overlay] `actions[1]` on `$.x.a` copies `$.x.*.c`, which matches 2 parts",
        ]
    );
}

#[test]
fn an_action_without_effect_is_an_error_that_names_it() {
    let document = json!({"a": "text", "b": {"c": [1]}, "d": {}});
    let actions = "- target: $.x.nobody\n  description: |\n    The page misspells it.\n    In two lines.\n  remove: true\n\
                   - {target: $.x, update: {a: text, b: {c: []}}}\n- {target: $.x.b.c, update: []}\n\
                   - {target: $.x.d, copy: $.x.d}\n- {target: $.x.d, update: {}}";
    assert_eq!(
        said(SECOND, document, actions),
        [
            "/actions/0/target error[no-effect] `actions[0]` on `$.x.nobody` (The page misspells it.) matches nothing",
            "/actions/1/target error[no-effect] `actions[1]` on `$.x` changes nothing; what it matches: a.json /x",
            "/actions/2/target error[no-effect] `actions[2]` on `$.x.b.c` changes nothing; what it matches: a.json /x/b/c",
            "/actions/3/target error[no-effect] `actions[3]` on `$.x.d` changes nothing; what it matches: a.json /x/d",
            "/actions/4/target error[no-effect] `actions[4]` on `$.x.d` changes nothing; what it matches: a.json /x/d",
        ]
    );
}

#[test]
fn an_action_that_changes_one_of_its_targets_has_an_effect() {
    let actions = "- {target: $.x.*, update: {y: 1}}";
    assert_eq!(made(SECOND, json!({"a": {"y": 1}, "b": {}}), actions), json!({"a": {"y": 1}, "b": {"y": 1}}));
}

#[test]
fn appending_what_a_list_has_already_is_a_warning() {
    let outcome = applied(SECOND, json!({"required": ["a"]}), "- {target: $.x, update: {required: [b, a]}}");
    assert_eq!(outcome.document, json!({"required": ["a", "b", "a"]}));
    assert_eq!(
        outcome.said,
        [
            "/actions/0/update/required/1 warning[repeated] `actions[0]` on `$.x` appends what the list has already; the \
          list: a.json /x/required"
        ]
    );
}

#[test]
fn what_an_overlay_brought_is_placed_in_it_and_all_else_stays_where_it_was() {
    let outcome = applied(
        SECOND,
        json!({"a": {"same": 1, "old": 1}, "list": [0], "from": {"b": {"c": 1}}, "to": {"d": 1}}),
        "- {target: $.x, update: {a: {same: 1, old: 2, new: {e: 1}}, list: [1]}}\n- {target: $.x.to, copy: $.x.from}",
    );
    assert_eq!(outcome.said, [""; 0]);
    for (pointer, place) in [
        ("/a", "a.json /x/a"),
        ("/a/same", "a.json /x/a/same"),
        ("/a/old", "overlay.yaml /actions/0/update/a/old"),
        ("/a/new/e", "overlay.yaml /actions/0/update/a/new/e"),
        ("/list/0", "a.json /x/list/0"),
        ("/list/1", "overlay.yaml /actions/0/update/list/0"),
        ("/from/b/c", "a.json /x/from/b/c"),
        ("/to/b/c", "overlay.yaml /actions/1/copy"),
        ("/to/d", "a.json /x/to/d"),
    ] {
        assert_eq!(outcome.place(pointer), place, "{pointer}");
    }
}

#[test]
fn places_stay_right_behind_removed_items() {
    let outcome = applied(
        SECOND,
        json!({"list": [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3}, {"n": 4}], "gone": {"a": 1}}),
        "- {target: '$.x.list[3]', update: {m: 1}}\n- {target: $.x.list, update: {n: 5}}\n\
         - {target: '$.x.list[0,2]', remove: true}\n- {target: $.x.gone, remove: true}",
    );
    assert_eq!(outcome.said, [""; 0]);
    assert_eq!(outcome.document, json!({"list": [{"n": 1}, {"n": 3, "m": 1}, {"n": 4}, {"n": 5}]}));
    for (pointer, place) in [
        ("/list/0/n", "a.json /x/list/1/n"),
        ("/list/1/n", "a.json /x/list/3/n"),
        ("/list/1/m", "overlay.yaml /actions/0/update/m"),
        ("/list/2/n", "a.json /x/list/4/n"),
        ("/list/3/n", "overlay.yaml /actions/1/update/n"),
        ("/gone", "overlay.yaml /actions/3/remove"),
        ("/gone/a", "overlay.yaml /actions/3/remove"),
    ] {
        assert_eq!(outcome.place(pointer), place, "{pointer}");
    }
}

#[test]
fn copies_of_copies_do_not_grow_without_end() {
    // Each action puts the document, grown by the one before it, into itself.
    let action = |n: u32| format!("- {{target: $.x, update: {{a{n}: {{}}}}}}\n- {{target: $.x.a{n}, copy: $}}\n");
    let outcome = applied(SECOND, json!({"list": vec![0; 300_000]}), &(0..3).map(action).collect::<String>());
    assert_eq!(
        outcome.said,
        ["/actions/5/target error[overlay] `actions[5]` on `$.x.a2` would make the document too large or too deep"]
    );
}
