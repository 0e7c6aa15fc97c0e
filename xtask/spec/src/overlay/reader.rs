//! What an overlay file has to look like.

use serde_json::{Map, Value};

use super::document::{Action, Change, Edition, Overlay};
use super::path::Path;
use crate::diagnostic::{Diagnostic, Id, Problems};
use crate::pointer;
use crate::source::Source;

const SHAPE: &str =
    "an overlay is an object with `overlay` (its version), `info` (`title` and `version`) and a list of `actions`";

impl Overlay {
    /// Parses an overlay and holds it against its specification.
    ///
    /// # Errors
    /// Bad syntax, or everything in which it departs from the specification.
    pub fn parse(source: Source) -> Result<Self, Problems> {
        let document = source.parse("fix the file")?;
        let (edition, actions) = read(&document, &source)?;
        Ok(Self::new(source, edition, actions))
    }
}

/// The version and the actions of an overlay; or everything in which `document` departs from the specification.
fn read(document: &Value, source: &Source) -> Result<(Edition, Vec<Action>), Problems> {
    let mut reader = Reader { source, diagnostics: Vec::new() };
    let read = reader.overlay(document);
    Problems::check(reader.diagnostics)?;
    Ok(read)
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(Id::Overlay, message, help).at(self.source.place(at)));
    }

    fn overlay(&mut self, document: &Value) -> (Edition, Vec<Action>) {
        // Where the version is wrong, the newer one finds the fewest faults that may be none.
        let Value::Object(root) = document else {
            self.wrong("", "not an overlay: its root is not an object", SHAPE);
            return (Edition::Second, Vec::new());
        };
        let edition = self.version(root);
        self.keys("", root, edition, &["overlay", "info", "extends", "actions"], &[]);
        self.text("", root, "extends", false);
        match root.get("info") {
            Some(Value::Object(info)) => {
                self.keys("/info", info, edition, &["title", "version"], &["description"]);
                self.text("/info", info, "title", true);
                self.text("/info", info, "version", true);
                self.text("/info", info, "description", false);
            }
            Some(_) => self.wrong("/info", "`info` has to be an object", "give it a `title` and a `version`"),
            None => self.wrong("", "there is no `info`", SHAPE),
        }
        let actions = match root.get("actions") {
            Some(Value::Array(actions)) if !actions.is_empty() => self.actions(actions, edition),
            Some(Value::Array(_)) => {
                self.wrong("/actions", "there is no action", "write one, or delete the overlay");
                Vec::new()
            }
            Some(_) => {
                self.wrong("/actions", "`actions` has to be a list", SHAPE);
                Vec::new()
            }
            None => {
                self.wrong("", "there is no list of `actions`", SHAPE);
                Vec::new()
            }
        };
        (edition, actions)
    }

    fn version(&mut self, root: &Map<String, Value>) -> Edition {
        let help = "write `overlay: 1.1.0`, which knows all that 1.0 knows, primitive targets and `copy`";
        let Some(version) = root.get("overlay") else {
            self.wrong("", "there is no `overlay` version", help);
            return Edition::Second;
        };
        let text = version.as_str().unwrap_or_default();
        let patch = |minor: &str| {
            text.strip_prefix(minor)
                .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if patch("1.0.") {
            return Edition::First;
        }
        if !patch("1.1.") {
            let message = format!("version {version} of the Overlay Specification is not taken: 1.0.x and 1.1.x are");
            self.wrong("/overlay", message, help);
        }
        Edition::Second
    }

    /// Says which keys of `members` aren't known; `newer` are those that 1.1 brought.
    fn keys(&mut self, at: &str, members: &Map<String, Value>, edition: Edition, known: &[&str], newer: &[&str]) {
        for key in members.keys().map(String::as_str) {
            if known.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let place = pointer::join(at, key);
            if !newer.contains(&key) {
                let names: Vec<String> = [known, newer].concat().iter().map(|name| format!("`{name}`")).collect();
                let help = format!("known here are {}; the name of an extension begins with `x-`", names.join(", "));
                self.wrong(&place, format!("`{key}` is not known here"), help);
            } else if edition < Edition::Second {
                let message = format!("`{key}` is not known in version 1.0 of the Overlay Specification");
                self.wrong(&place, message, "write `overlay: 1.1.0`");
            }
        }
    }

    /// The text behind `key`.
    fn text<'a>(&mut self, at: &str, members: &'a Map<String, Value>, key: &str, required: bool) -> Option<&'a str> {
        match members.get(key) {
            Some(Value::String(text)) => return Some(text),
            Some(_) => {
                let message = format!("`{key}` has to be a text");
                self.wrong(&pointer::join(at, key), message, "write it as a text; in YAML, with quotes around it");
            }
            None if required => self.wrong(at, format!("there is no `{key}`"), "write one: it is required"),
            None => {}
        }
        None
    }

    fn actions(&mut self, list: &[Value], edition: Edition) -> Vec<Action> {
        let mut actions = Vec::new();
        for (index, value) in list.iter().enumerate() {
            if let Some(first) = list.iter().take(index).position(|earlier| earlier == value) {
                let message = format!("`actions[{index}]` is the same as `actions[{first}]`");
                let diagnostic = Diagnostic::error(Id::Overlay, message, "delete one of the two")
                    .at(self.source.place(&format!("/actions/{index}")))
                    .with("the first", self.source.place(&format!("/actions/{first}")));
                self.diagnostics.push(diagnostic);
            }
            actions.extend(self.action(index, value, edition));
        }
        actions
    }

    fn action(&mut self, index: usize, value: &Value, edition: Edition) -> Option<Action> {
        let at = format!("/actions/{index}");
        let Value::Object(members) = value else {
            let help = "write a `target` and what to do with it: `update`, `remove: true` or `copy`";
            self.wrong(&at, "an action has to be an object", help);
            return None;
        };
        self.keys(&at, members, edition, &["target", "description", "update", "remove"], &["copy"]);
        let description = self.text(&at, members, "description", false).map(str::to_owned);
        let target = self.text(&at, members, "target", true);
        let target = target.and_then(|text| self.path(&at, "target", text));
        let change = self.change(&at, members);
        Some(Action { index, description, target: target?, change: change? })
    }

    fn change(&mut self, at: &str, members: &Map<String, Value>) -> Option<Change> {
        let copy = self.text(at, members, "copy", false).and_then(|text| self.path(at, "copy", text));
        let has_copy = members.contains_key("copy");
        match (members.get("remove"), members.get("update")) {
            // By the specification, the other two have no effect beside it.
            (Some(Value::Bool(true)), _) => Some(Change::Remove),
            (Some(remove), _) if !remove.is_boolean() => {
                self.wrong(
                    &pointer::join(at, "remove"),
                    "`remove` has to be `true` or `false`",
                    "write `remove: true`",
                );
                None
            }
            (_, Some(_)) if has_copy => {
                let help = "make two actions of them: by the specification, each takes the other's effect away";
                self.wrong(at, "an action can't have both `update` and `copy`", help);
                None
            }
            (_, Some(update)) => Some(Change::Update(update.clone())),
            _ if has_copy => copy.map(Change::Copy),
            _ => {
                let help = "write what to do with the target: `update`, `remove: true` or `copy`";
                self.wrong(at, "this action does nothing", help);
                None
            }
        }
    }

    fn path(&mut self, at: &str, key: &str, text: &str) -> Option<Path> {
        match Path::parse(text) {
            Ok(path) => Some(path),
            Err((reason, help)) => {
                let message = format!("`{text}` is no JSONPath that is taken: {reason}");
                self.wrong(&pointer::join(at, key), message, help);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::source::Syntax;

    fn parse(text: &str) -> Result<Overlay, Problems> {
        Overlay::parse(Source::new("overlay.yaml", "openapi/overlay.yaml", text.to_owned(), Syntax::Yaml))
    }

    /// Place, pointer and message of every problem.
    fn problems(text: &str) -> Vec<String> {
        let problems = parse(text).unwrap_err();
        let show = |diagnostic: &Diagnostic| {
            assert!(!diagnostic.help.is_empty());
            let place = diagnostic.place.as_ref().unwrap();
            format!("{place} {} {}", place.pointer, diagnostic.message)
        };
        problems.diagnostics().iter().map(show).collect()
    }

    fn with_action(version: &str, action: &str) -> String {
        format!("overlay: {version}\ninfo: {{title: T, version: '1'}}\nactions:\n- {action}\n")
    }

    #[test]
    fn an_overlay_of_either_version_is_taken_with_extends_and_extensions() {
        let overlay = parse(
            "overlay: 1.0.7\nextends: https://host/a.yaml\nx-a: 1\ninfo: {title: T, version: '1', x-b: 2}\n\
             actions:\n- {target: $, update: {a: 1}, x-c: 3}\n- {target: $.a, remove: true}\n",
        )
        .unwrap();
        assert_eq!((overlay.edition(), overlay.count()), (Edition::First, 2));
        let overlay = parse(&with_action("1.1.0", "{target: $.a, copy: $.b, description: Why}")).unwrap();
        assert_eq!((overlay.edition(), overlay.count()), (Edition::Second, 1));
        assert_eq!(overlay.actions().first().unwrap().name(), "`actions[0]` on `$.a` (Why)");
    }

    #[test]
    fn all_problems_are_listed_in_one_run() {
        assert_eq!(
            problems(
                "overlay: 2.0.0\nextends: 1\nother: 1\ninfo: {title: 1, extra: 2}\nactions:\n- 1\n- {}\n\
                 - {target: paths, remove: 1}\n- {target: $, update: {}, copy: $}\n- {target: $, remove: false}\n\
                 - {target: 1, update: 1, description: 1, unknown: 1}\n- {target: $, copy: '$['}\n",
            ),
            [
                "openapi/overlay.yaml:1:1 /overlay version \"2.0.0\" of the Overlay Specification is not taken: 1.0.x and 1.1.x are",
                "openapi/overlay.yaml:2:1 /extends `extends` has to be a text",
                "openapi/overlay.yaml:3:1 /other `other` is not known here",
                "openapi/overlay.yaml:4:1 /info there is no `version`",
                "openapi/overlay.yaml:4:8 /info/title `title` has to be a text",
                "openapi/overlay.yaml:4:18 /info/extra `extra` is not known here",
                "openapi/overlay.yaml:6:3 /actions/0 an action has to be an object",
                "openapi/overlay.yaml:7:3 /actions/1 there is no `target`",
                "openapi/overlay.yaml:7:3 /actions/1 this action does nothing",
                "openapi/overlay.yaml:8:4 /actions/2/target `paths` is no JSONPath that is taken: it can't be read from character 1 on",
                "openapi/overlay.yaml:8:19 /actions/2/remove `remove` has to be `true` or `false`",
                "openapi/overlay.yaml:9:3 /actions/3 an action can't have both `update` and `copy`",
                "openapi/overlay.yaml:10:3 /actions/4 this action does nothing",
                "openapi/overlay.yaml:11:4 /actions/5/target `target` has to be a text",
                "openapi/overlay.yaml:11:26 /actions/5/description `description` has to be a text",
                "openapi/overlay.yaml:11:42 /actions/5/unknown `unknown` is not known here",
                "openapi/overlay.yaml:12:15 /actions/6/copy `$[` is no JSONPath that is taken: it can't be read from character 2 on",
            ]
        );
    }

    #[test]
    fn what_is_missing_as_a_whole_is_named() {
        assert_eq!(problems("[]"), ["openapi/overlay.yaml:1:1  not an overlay: its root is not an object"]);
        assert_eq!(
            problems("{}"),
            [
                "openapi/overlay.yaml:1:1  there is no `info`",
                "openapi/overlay.yaml:1:1  there is no `overlay` version",
                "openapi/overlay.yaml:1:1  there is no list of `actions`",
            ]
        );
        assert_eq!(
            problems("overlay: 1.1\ninfo: 1\nactions: []"),
            [
                "openapi/overlay.yaml:1:1 /overlay version 1.1 of the Overlay Specification is not taken: 1.0.x and 1.1.x are",
                "openapi/overlay.yaml:2:1 /info `info` has to be an object",
                "openapi/overlay.yaml:3:1 /actions there is no action",
            ]
        );
        assert_eq!(
            problems("overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions: {}"),
            ["openapi/overlay.yaml:3:1 /actions `actions` has to be a list"]
        );
    }

    #[test]
    fn a_syntax_error_says_where() {
        assert_eq!(
            problems("overlay: 1.1.0\noverlay: 1.1.0"),
            ["openapi/overlay.yaml:2:1  not valid YAML: the key `overlay` stands twice in this mapping"]
        );
    }

    #[test]
    fn what_1_1_brought_is_an_error_in_1_0() {
        let text =
            "overlay: 1.0.0\ninfo: {title: T, version: '1', description: D}\nactions:\n- {target: $.a, copy: $.b}";
        assert_eq!(
            problems(text),
            [
                "openapi/overlay.yaml:2:32 /info/description `description` is not known in version 1.0 of the Overlay Specification",
                "openapi/overlay.yaml:4:17 /actions/0/copy `copy` is not known in version 1.0 of the Overlay Specification",
            ]
        );
        assert!(parse(&text.replace("1.0.0", "1.1.0")).is_ok());
    }

    #[test]
    fn remove_wins_over_update_and_copy() {
        let overlay = parse(&with_action("1.1.0", "{target: $.a, update: {}, copy: $.b, remove: true}")).unwrap();
        assert!(matches!(overlay.actions().first().unwrap().change, Change::Remove));
    }

    #[test]
    fn an_update_may_be_null_and_remove_may_be_false_beside_it() {
        let overlay = parse(&with_action("1.1.0", "{target: $.a, update: , remove: false}")).unwrap();
        assert!(matches!(overlay.actions().first().unwrap().change, Change::Update(Value::Null)));
    }

    #[test]
    fn the_same_action_twice_is_an_error() {
        let text = with_action("1.1.0", "{target: $.a, remove: true}\n- {remove: true, target: $.a}");
        assert_eq!(problems(&text), ["openapi/overlay.yaml:5:3 /actions/1 `actions[1]` is the same as `actions[0]`"]);
    }
}
