//! Whether two versions of a part mean the same.

use serde_json::Value;

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
        let (Value::Object(a_members), Value::Object(b_members)) = (a, b) else {
            return self.data(a, b);
        };
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
        if a != b {
            self.differs(None, false);
        }
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
