//! How a union is read: `support::union`, which the generated types call.

use pod_api::support::{Tag, union, unknown};
use pod_api_tests::Test;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Color {
    #[serde(rename = "red")]
    Red,
    #[serde(untagged)]
    UnknownValue(#[serde(deserialize_with = "unknown")] String),
}

/// Two members with nothing required: each reads any object.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
struct Cat {
    #[serde(skip_serializing_if = "Option::is_none")]
    lives: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Color>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
struct Dog {
    #[serde(skip_serializing_if = "Option::is_none")]
    tricks: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Pet {
    Cat(Cat),
    Dog(Dog),
    UnknownValue(Value),
}

fn pet(tag: Option<Tag>, value: &Value) -> Test<Pet> {
    Ok(union(
        value,
        tag,
        &[|value| Cat::deserialize(value).map(Pet::Cat), |value| Dog::deserialize(value).map(Pet::Dog)],
        Pet::UnknownValue,
    )?)
}

#[test]
fn without_a_tag_a_value_is_of_the_member_that_keeps_most_of_it() -> Test {
    let cat = |lives: Option<i64>, color: Option<Color>| Pet::Cat(Cat { lives, color });
    let tricks = Pet::Dog(Dog { tricks: Some(vec!["sit".to_owned()]) });
    for (value, read) in [
        (json!({"lives": 7}), cat(Some(7), None)),
        (json!({"tricks": ["sit"]}), tricks.clone()),
        (json!({"tricks": ["sit"], "lives": null}), tricks.clone()),
        // Both keep all that there is.
        (json!({}), cat(None, None)),
        (json!({"color": "red"}), cat(None, Some(Color::Red))),
        // A value and a member of tomorrow.
        (json!({"color": "blue"}), cat(None, Some(Color::UnknownValue("blue".to_owned())))),
        (json!({"tricks": ["sit"], "age": 3}), tricks),
    ] {
        assert_eq!(pet(None, &value)?, read, "{value}");
    }
    Ok(())
}

#[test]
fn what_is_of_several_members_at_once_or_of_none_stays_json() -> Test {
    for value in [json!({"lives": 7, "tricks": ["sit"]}), json!({"lives": "many", "tricks": 1}), json!("cat"), json!(5)]
    {
        assert_eq!(pet(None, &value)?, Pet::UnknownValue(value));
    }
    Ok(())
}

#[test]
fn a_tag_names_the_member_whatever_else_there_is() -> Test {
    let tag: Option<Tag> = Some(("/is/kind", &[&["\"cat\"", "1"], &["\"dog\"", "true"]]));
    let is = |kind: Value| json!({"is": {"kind": kind}, "lives": 7});
    let cat = Pet::Cat(Cat { lives: Some(7), color: None });
    for (kind, read) in [
        (json!("cat"), cat.clone()),
        (json!(1), cat.clone()),
        (json!("dog"), Pet::Dog(Dog::default())),
        (json!(true), Pet::Dog(Dog::default())),
        (json!("bird"), Pet::UnknownValue(is(json!("bird")))),
    ] {
        assert_eq!(pet(tag, &is(kind.clone()))?, read, "{kind}");
    }
    // Without it, by the rest.
    assert_eq!(pet(tag, &json!({"lives": 7}))?, cat);
    // What its member can't read.
    let wrong = json!({"is": {"kind": "cat"}, "lives": "many"});
    assert_eq!(pet(tag, &wrong)?, Pet::UnknownValue(wrong));
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Tree {
    Left(Box<Node>),
    Right(Box<Node>),
    UnknownValue(Value),
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Node {
    next: Tree,
    end: bool,
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union(
            deserializer,
            None,
            &[
                |value| Deserialize::deserialize(value).map(Self::Left),
                |value| Deserialize::deserialize(value).map(Self::Right),
            ],
            Self::UnknownValue,
        )
    }
}

#[test]
fn unions_in_unions_come_to_an_end() -> Test {
    // Each level is tried as both, and fails after all that is inside: 2^60 tries.
    let value = (0..60).fold(json!(1), |next, _| json!({"next": next}));
    assert_eq!(Tree::deserialize(&value)?, Tree::UnknownValue(value));
    Ok(())
}
