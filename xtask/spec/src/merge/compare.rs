//! Whether two versions of a part mean the same.

use serde_json::{Map, Value};

use super::Member;
use crate::grammar::{self, Object, Shape};
use crate::pointer;

/// The outcome; a pointer names the first place, in the order of the first version, in which the two differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Same,
    /// They differ only in what describes.
    Prose(String),
    Different(String),
}

pub(super) fn compare(member: Member, a: &Value, b: &Value) -> Comparison {
    // By far the most frequent case, and a cheap one.
    if a == b {
        return Comparison::Same;
    }
    let mut finder = Finder { at: String::new(), prose: None, different: None };
    match member {
        Member::Object(object) => finder.object(object, a, b),
        // Which server comes first is a matter of taste, but the first is the one that clients begin with.
        Member::List(Object::Server) if same_members(a, b) => finder.prose = Some(String::new()),
        Member::List(object) => finder.list(object, a, b),
        Member::Prose => finder.prose = Some(String::new()),
        Member::Data => finder.data(a, b),
    }
    match (finder.different, finder.prose) {
        (Some(below), _) => Comparison::Different(below),
        (None, Some(below)) => Comparison::Prose(below),
        (None, None) => Comparison::Same,
    }
}

/// Orders the versions of a part that differ only in prose, by their content alone: the longer one weighs more, and
/// of two equally long ones the one that comes first in the order of their texts.
pub(super) fn weight(value: &Value) -> (usize, std::cmp::Reverse<String>) {
    let text = value.to_string();
    (text.len(), std::cmp::Reverse(text))
}

struct Finder {
    at: String,
    prose: Option<String>,
    different: Option<String>,
}

impl Finder {
    fn differs(&mut self, key: Option<&str>, prose: bool) {
        let found = if prose { &mut self.prose } else { &mut self.different };
        if found.is_none() {
            *found = Some(key.map_or_else(|| self.at.clone(), |key| pointer::join(&self.at, key)));
        }
    }

    fn below(&mut self, segment: &str, look: impl FnOnce(&mut Self)) {
        let parent = self.at.len();
        pointer::push(&mut self.at, segment);
        look(self);
        self.at.truncate(parent);
    }

    fn object(&mut self, object: Object, a: &Value, b: &Value) {
        let anything = Value::Object(Map::new());
        let [a, b] = [a, b].map(|value| {
            // `true` and `{}` are one schema.
            if object == Object::Schema && *value == Value::Bool(true) { &anything } else { value }
        });
        let (Value::Object(a_members), Value::Object(b_members)) = (a, b) else {
            return self.data(a, b);
        };
        let (a_members, b_members) = (&plain(object, a_members), &plain(object, b_members));
        for (key, a) in a_members {
            let prose = grammar::describes(object, key);
            let Some(b) = b_members.get(key) else {
                self.differs(Some(key), prose);
                continue;
            };
            if a == b {
                continue;
            }
            if prose {
                self.differs(Some(key), true);
                continue;
            }
            self.below(key, |finder| match grammar::shape(object, key) {
                Some(Shape::One(kind)) => finder.object(kind, a, b),
                Some(Shape::List(kind)) => finder.list(kind, a, b),
                Some(Shape::Map(kind)) => finder.map(kind, a, b),
                Some(Shape::Data) | None => finder.data(a, b),
            });
        }
        for key in b_members.keys().filter(|key| !a_members.contains_key(*key)) {
            self.differs(Some(key), grammar::describes(object, key));
        }
    }

    fn list(&mut self, object: Object, a: &Value, b: &Value) {
        match (a, b) {
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b).enumerate() {
                    self.below(&index.to_string(), |finder| finder.object(object, a, b));
                }
            }
            _ => self.data(a, b),
        }
    }

    fn map(&mut self, object: Object, a: &Value, b: &Value) {
        let (Value::Object(a_members), Value::Object(b_members)) = (a, b) else {
            return self.data(a, b);
        };
        for (name, a) in a_members {
            match b_members.get(name) {
                Some(b) => self.below(name, |finder| finder.object(object, a, b)),
                None => self.differs(Some(name), false),
            }
        }
        for name in b_members.keys().filter(|name| !a_members.contains_key(*name)) {
            self.differs(Some(name), false);
        }
    }

    fn data(&mut self, a: &Value, b: &Value) {
        if a != b && !same_numbers(a, b) {
            self.differs(None, false);
        }
    }
}

/// The members of an object in one of the spellings that mean the same.
fn plain(object: Object, members: &Map<String, Value>) -> Map<String, Value> {
    let mut plain = members.clone();
    // What is so anyway.
    let defaults: &[&str] = match object {
        Object::Schema => &["deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly"],
        Object::Parameter | Object::Header => &["allowEmptyValue", "allowReserved", "deprecated", "required"],
        Object::RequestBody => &["required"],
        Object::Operation => &["deprecated"],
        _ => &[],
    };
    plain.retain(|key, value| !(defaults.contains(&key.as_str()) && *value == Value::Bool(false)));
    if object == Object::Schema {
        if let Some(types) = plain.get_mut("type") {
            let mut list = match types.take() {
                Value::Array(list) => list,
                other => vec![other],
            };
            // `nullable` of 3.0 is one more type in 3.1.
            let null = Value::from("null");
            if members.get("nullable") == Some(&Value::Bool(true)) && !list.contains(&null) {
                list.push(null);
            }
            *types = Value::Array(list);
            plain.shift_remove("nullable");
        }
        for key in ["enum", "required", "type"] {
            if let Some(Value::Array(list)) = plain.get_mut(key) {
                list.sort_by_key(Value::to_string);
            }
        }
    }
    plain
}

/// Whether two lists have the same members in another order.
fn same_members(a: &Value, b: &Value) -> bool {
    let sorted = |list: &Value| {
        let mut texts: Vec<String> = list.as_array()?.iter().map(Value::to_string).collect();
        texts.sort_unstable();
        Some(texts)
    };
    sorted(a).is_some() && sorted(a) == sorted(b)
}

/// Whether two values differ in the spelling of their numbers alone, as `1` and `1.0` do.
fn same_numbers(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let is_whole = |number: f64| number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
            let both = a.as_f64().zip(b.as_f64());
            a == b || both.is_some_and(|(a, b)| a.to_bits() == b.to_bits() && is_whole(a))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_numbers(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_numbers(a, b)))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: Member = Member::Object(Object::Schema);

    #[test]
    fn the_order_of_keys_is_no_difference() {
        let a = json!({"type": "object", "properties": {"a": {}, "b": {}}});
        let b = json!({"properties": {"b": {}, "a": {}}, "type": "object"});
        assert_eq!(compare(SCHEMA, &a, &b), Comparison::Same);
    }

    #[test]
    fn two_spellings_of_one_thing_are_the_same() {
        for (a, b) in [
            (json!({"required": ["a", "b"]}), json!({"required": ["b", "a"]})),
            (json!({"enum": ["a", 1]}), json!({"enum": [1, "a"]})),
            (json!({"maximum": 1}), json!({"maximum": 1.0})),
            (json!({"default": {"a": [2]}}), json!({"default": {"a": [2.0]}})),
            (json!({"type": "string"}), json!({"type": ["string"]})),
            (json!({"type": ["null", "string"]}), json!({"type": "string", "nullable": true})),
            (json!({"type": "string", "nullable": false}), json!({"type": "string"})),
            (json!({"items": {}}), json!({"items": true})),
            (json!({"properties": {"a": true}}), json!({"properties": {"a": {}}})),
            (json!({"deprecated": false}), json!({})),
        ] {
            assert_eq!(compare(SCHEMA, &a, &b), Comparison::Same, "{a} {b}");
            assert_eq!(compare(SCHEMA, &b, &a), Comparison::Same, "{b} {a}");
        }
        let parameter = Member::Object(Object::Parameter);
        assert_eq!(compare(parameter, &json!({"required": false}), &json!({})), Comparison::Same);
        for (a, b, at) in [
            (json!({"required": ["a"]}), json!({"required": ["b"]}), "/required"),
            (json!({"maximum": 1}), json!({"maximum": 1.5}), "/maximum"),
            (json!({"type": "string"}), json!({"type": "string", "nullable": true}), "/type"),
            (json!({"items": false}), json!({"items": true}), "/items"),
            (json!({"default": [1, 2]}), json!({"default": [2, 1]}), "/default"),
        ] {
            assert_eq!(compare(SCHEMA, &a, &b), Comparison::Different(at.into()), "{a} {b}");
        }
    }

    #[test]
    fn the_order_of_servers_is_told() {
        let [a, b] = [json!([{"url": "/a"}, {"url": "/b"}]), json!([{"url": "/b"}, {"url": "/a"}])];
        assert_eq!(compare(Member::List(Object::Server), &a, &b), Comparison::Prose(String::new()));
        assert_ne!(
            compare(Member::List(Object::Server), &a, &json!([{"url": "/a"}])),
            Comparison::Prose(String::new())
        );
    }

    #[test]
    fn descriptions_titles_and_examples_are_prose_at_any_depth() {
        let a = json!({"properties": {"a": {"type": "string", "description": "A"}}});
        for b in [
            json!({"properties": {"a": {"type": "string", "description": "B"}}}),
            json!({"properties": {"a": {"type": "string"}}}),
        ] {
            assert_eq!(compare(SCHEMA, &a, &b), Comparison::Prose("/properties/a/description".into()));
        }
        let (a, b) = (json!({"title": "T", "examples": [1]}), json!({}));
        assert_eq!(compare(SCHEMA, &a, &b), Comparison::Prose("/title".into()));
    }

    #[test]
    fn a_property_called_description_is_no_prose() {
        let (a, b) = (json!({"properties": {"description": {}}}), json!({"properties": {}}));
        assert_eq!(compare(SCHEMA, &a, &b), Comparison::Different("/properties/description".into()));
    }

    #[test]
    fn prose_inside_data_is_data() {
        let (a, b) = (json!({"default": {"description": "A"}}), json!({"default": {"description": "B"}}));
        assert_eq!(compare(SCHEMA, &a, &b), Comparison::Different("/default".into()));
    }

    #[test]
    fn a_difference_outweighs_prose_and_is_named_by_its_pointer() {
        let a = json!({"description": "A", "properties": {"a/b": {"type": "integer"}}});
        let b = json!({"description": "B", "properties": {"a/b": {"type": "string"}}});
        assert_eq!(compare(SCHEMA, &a, &b), Comparison::Different("/properties/a~1b/type".into()));
    }

    #[test]
    fn which_text_is_kept_depends_on_the_texts_alone() {
        let (short, long) = (json!({"description": "A"}), json!({"description": "AA"}));
        assert!(weight(&long) > weight(&short));
        let (first, second) = (json!({"description": "A"}), json!({"description": "B"}));
        assert!(weight(&first) > weight(&second));
    }
}
