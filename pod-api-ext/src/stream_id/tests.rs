use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap, HashSet};

use pod_api::support::OptionalText as _;
use std::hash::Hash;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::message_id::MessageId;

const HELD: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
const STANDARD: &str = "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==";

fn id(text: &str) -> StreamId {
    StreamId::new(text).unwrap()
}

/// M2 in other words than the parser's.
fn documented(text: &str) -> String {
    text.trim_end_matches('=').replace('/', "_").replace('+', "-")
}

#[test]
fn every_form_of_an_id_is_the_same_id() {
    for text in [HELD, STANDARD, "usnBKBkH/BVrGOiVpaupEH___okFfE7QdA", "usnBKBkH_BVrGOiVpaupEH/_/okFfE7QdA=="] {
        assert_eq!(id(text).as_str(), HELD);
        assert_eq!(id(text), id(HELD));
    }
    assert_eq!(id("+-/_").as_str(), "--__");
}

#[test]
fn every_way_to_make_an_id_is_the_same_parser() {
    for text in [STANDARD, "a b", "", "abcde", &"a".repeat(2000)] {
        let made = StreamId::new(text);
        assert_eq!(text.parse(), made);
        assert_eq!(StreamId::try_from(text), made);
        assert_eq!(StreamId::try_from(text.to_owned()), made);
        assert_eq!(StreamId::try_from(text.as_bytes()), made);
        let message = |error: ParseIdError| error.to_string();
        let from_json = |text| serde_json::from_value::<StreamId>(json!(text)).map_err(|error| error.to_string());
        assert_eq!(from_json(text), made.clone().map_err(message));
        assert_eq!(MessageId::new(text).map(String::from), made.map(String::from));
    }
}

#[test]
fn an_id_with_bits_that_belong_to_no_byte_stays_another_id() {
    let (a, b) = (id("usnBKBkH/BVrGOiVpaupEH///okFfE7QdA=="), id("usnBKBkH/BVrGOiVpaupEH///okFfE7QdB=="));
    assert_ne!(a, b);
    assert_eq!(b.as_str(), "usnBKBkH_BVrGOiVpaupEH___okFfE7QdB");
    assert_eq!(b.to_standard().to_string(), "usnBKBkH/BVrGOiVpaupEH///okFfE7QdB==");
}

#[test]
fn every_length_but_one_more_than_a_multiple_of_four_is_taken_with_its_padding_or_without() {
    for length in 1..=StreamId::MAX_LENGTH {
        let held: String = "Az09-_".chars().cycle().take(length).collect();
        if length % 4 == 1 {
            assert_eq!(StreamId::new(&held), Err(ParseIdError::Length { length }));
            continue;
        }
        assert_eq!(id(&held).as_str(), held);
        let standard = id(&held).to_standard().to_string();
        assert_eq!(standard.len(), length.next_multiple_of(4));
        assert_eq!(id(&standard).as_str(), held);
    }
}

#[test]
fn what_no_base64_text_can_be_is_refused_with_its_place() {
    use ParseIdError::{Character, Empty, Length, MisplacedPadding, PaddingLength, TooLong};

    let character = |offset, character| Character { offset, character };
    let too_long = "A".repeat(1025);
    let too_long_with_padding = format!("{}==", "A".repeat(1023));
    let cases: [(&[u8], ParseIdError); 38] = [
        (b"", Empty),
        (b"=", Empty),
        (b"==", Empty),
        (b"====", Empty),
        (b" ", character(0, ' ')),
        (b" abcd", character(0, ' ')),
        (b"abcd ", character(4, ' ')),
        (b"ab cd", character(2, ' ')),
        (b"abcd\n", character(4, '\n')),
        (b"abc=\r\n", character(4, '\r')),
        (b"ab\tcd", character(2, '\t')),
        ("ab\u{a0}d".as_bytes(), character(2, '\u{a0}')),
        ("ab\u{2003}".as_bytes(), character(2, '\u{2003}')),
        ("\u{feff}abcd".as_bytes(), character(0, '\u{feff}')),
        ("abé".as_bytes(), character(2, 'é')),
        ("abc\u{1f600}".as_bytes(), character(3, '\u{1f600}')),
        ("ab\u{ff21}d".as_bytes(), character(2, '\u{ff21}')),
        (b"ab\0d", character(2, '\0')),
        (b"ab\xffd", character(2, '\u{fffd}')),
        (b"ab%2Bd", character(2, '%')),
        (b"ab.d", character(2, '.')),
        (b"ab,d", character(2, ',')),
        (b"\"abcd\"", character(0, '"')),
        (b"abcdabcdabcdabcdabcdabcdabcdabc!", character(31, '!')),
        (b"abcdabcdabcdabcdabcdabcdabcdabcd!bcd", character(32, '!')),
        (b"=a=b c", character(4, ' ')),
        (b"ab=c", MisplacedPadding { offset: 2 }),
        (b"=abc", MisplacedPadding { offset: 0 }),
        (b"ab==cd==", MisplacedPadding { offset: 2 }),
        (b"a", Length { length: 1 }),
        (b"a===", Length { length: 1 }),
        (b"abcde==", Length { length: 5 }),
        (b"ab=", PaddingLength { found: 1, expected: 2 }),
        (b"ab===", PaddingLength { found: 3, expected: 2 }),
        (b"abc==", PaddingLength { found: 2, expected: 1 }),
        (b"abcd=", PaddingLength { found: 1, expected: 0 }),
        (too_long.as_bytes(), TooLong { length: 1025 }),
        (too_long_with_padding.as_bytes(), TooLong { length: 1025 }),
    ];
    for (text, error) in cases {
        assert_eq!(StreamId::new(text), Err(error), "{}", String::from_utf8_lossy(text));
    }
    assert_eq!(StreamId::new("abcd===="), Err(PaddingLength { found: 4, expected: 0 }));
    assert_eq!(StreamId::new("abcd=="), Err(PaddingLength { found: 2, expected: 0 }));
}

#[test]
fn only_the_characters_of_the_two_alphabets_are_taken() {
    for byte in 0..=u8::MAX {
        let known = byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
        // In the part that is done by arithmetic, and in the part that is done by the table.
        for at in [7, 17] {
            let mut text = [b'x'; 18];
            text[at] = byte;
            let expected = String::from_utf8(text.to_vec()).map(|text| documented(&text)).unwrap_or_default();
            let is_padding = byte == b'=' && at == 17;
            match StreamId::new(text) {
                Ok(id) => assert!(known && id.as_str() == expected, "{byte:#x} at {at}"),
                Err(_) => assert!(!known || is_padding, "{byte:#x} at {at}"),
            }
        }
    }
}

#[test]
fn a_message_names_the_place_and_what_to_do() {
    let message = |text: &str| StreamId::new(text).unwrap_err().to_string();
    assert_eq!(message(""), "the id is empty: give it as the pod shows it");
    assert_eq!(message(&"x".repeat(5000)), "the text has 5000 bytes, and no id has more than 1024: give the id alone");
    assert_eq!(message("ab%2Fd"), "'%' at offset 2 can't be part of an id: undo the percent-encoding first");
    assert_eq!(
        message("abcd\n"),
        "'\\n' at offset 4 can't be part of an id: take the white space out, or see whether two ids were joined"
    );
    assert_eq!(
        message("ab\u{200b}cd"),
        "'\\u{200b}' at offset 2 can't be part of an id: it has A-Z, a-z, 0-9, and `-` and `_` or `+` and `/` alone, \
         so give it as the pod shows it"
    );
    assert_eq!(
        message("ab==cd=="),
        "`=` at offset 2 isn't at the end of the id: take off what follows, or see whether two ids were joined"
    );
    assert_eq!(message("abcd="), "the id ends in 1 `=` and its length takes none: take them off if the id is whole");
    assert_eq!(message("ab="), "the id ends in 1 `=` and its length takes 2: take them all off if the id is whole");
    assert_eq!(
        message("abcde"),
        "no id has 5 characters before the padding, 1 more than a multiple of 4: see whether it was cut, or has a \
         character too many"
    );
}

#[test]
fn an_error_is_small_however_long_the_text_is() {
    let error = StreamId::try_from("x y".repeat(1_000_000)).unwrap_err();
    assert_eq!(error, ParseIdError::TooLong { length: 3_000_000 });
    assert!(size_of::<ParseIdError>() <= 24);
}

#[test]
fn an_id_is_shown_in_its_held_form_and_padded_like_any_text() {
    assert_eq!(id(STANDARD).to_string(), HELD);
    assert_eq!(format!("{:?}", id("+/+/")), r#"StreamId("-_-_")"#);
    assert_eq!(format!("[{:>6}] [{:*<6}] [{:.2}]", id("+/+/"), id("+/+/"), id("+/+/")), "[  -_-_] [-_-_**] [-_]");
    let ab = id("_-");
    let standard = ab.to_standard();
    assert_eq!(
        format!("[{standard}] [{standard:>6}] [{standard:*<6}] [{standard:.2}]"),
        "[/+==] [  /+==] [/+==**] [/+]"
    );
}

#[test]
fn serde_and_the_schema_use_the_held_form() {
    assert_eq!(serde_json::to_value(id(STANDARD)).unwrap(), json!(HELD));
    assert_eq!(serde_json::to_value(id(HELD).to_standard()).unwrap(), json!(STANDARD));
    assert_eq!(serde_json::from_str::<StreamId>(r#""usnBKBkH\/BVrGOiVpaupEH\/\/\/okFfE7QdA==""#).unwrap(), id(HELD));

    let schema = schemars::schema_for!(StreamId);
    assert_eq!(
        schema.as_value(),
        &json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "StreamId",
            "type": "string",
            "description": "a stream id in Base64; here URL-safe and without padding",
            "pattern": "^(?:[A-Za-z0-9_-]{4})*[A-Za-z0-9_-]{2,4}$",
            "minLength": 2,
            "maxLength": 1024,
        })
    );
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for held in [HELD, "ab", "abc", "abcd", "abcdef", "--__"] {
        assert!(validator.is_valid(&json!(held)), "{held}");
    }
    for other in ["", "a", "abcde", "ab==", "a+cd", "a/cd", "ab d", "abcd\n"] {
        assert!(!validator.is_valid(&json!(other)), "{other}");
    }
    assert_eq!(StreamId::schema_id(), "pod_api_ext::stream_id::StreamId");
    assert_eq!(MessageId::schema_id(), "pod_api_ext::message_id::MessageId");
}

#[test]
fn what_is_no_text_or_no_id_is_an_error_of_serde() {
    let error = |json| serde_json::from_str::<StreamId>(json).unwrap_err().to_string();
    assert_eq!(error("5"), "invalid type: integer `5`, expected a stream id in Base64 at line 1 column 1");
    assert_eq!(error("null"), "invalid type: null, expected a stream id in Base64 at line 1 column 4");
    assert_eq!(error(r#""""#), "the id is empty: give it as the pod shows it at line 1 column 2");
    let error = serde_json::from_str::<MessageId>("[]").unwrap_err().to_string();
    assert_eq!(error, "invalid type: sequence, expected a message id in Base64 at line 1 column 0");
}

#[test]
fn serde_takes_bytes_where_a_format_has_texts_as_bytes() {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{BytesDeserializer, Error};

    let bytes: BytesDeserializer<'_, Error> = STANDARD.as_bytes().into_deserializer();
    assert_eq!(StreamId::deserialize(bytes), Ok(id(HELD)));
}

#[test]
fn an_id_is_a_key_that_a_str_finds() {
    let names = HashMap::from([(id(STANDARD), "desk")]);
    assert_eq!(names.get(HELD), Some(&"desk"));
    assert_eq!(Borrow::<str>::borrow(&id(HELD)), HELD);
    assert_eq!(AsRef::<str>::as_ref(&id(HELD)), HELD);
    let sorted: Vec<_> = BTreeSet::from([id("b_bb"), id("a/aa"), id("a-aa")]).into_iter().map(String::from).collect();
    assert_eq!(sorted, ["a-aa", "a_aa", "b_bb"]);
}

#[test]
fn an_id_becomes_the_text_that_the_generated_builders_take() {
    assert_eq!(String::from(&id(STANDARD)), HELD);
    assert_eq!(String::from(id(STANDARD)), HELD);
    assert_eq!((&id(STANDARD)).optional_text().as_deref(), Some(HELD));
    assert_eq!(id(STANDARD).optional_text().as_deref(), Some(HELD));
}

#[test]
fn ids_cross_threads() {
    fn crosses<T: Send + Sync + Unpin + Clone + Eq + Ord + Hash + 'static>() {}
    crosses::<StreamId>();
    crosses::<MessageId>();
    crosses::<crate::UserId>();
    crosses::<crate::Pin>();
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<ParseIdError>();
    is_error::<crate::ids::ParseUserIdError>();
    is_error::<crate::ids::FieldError>();
}

/// What the parser takes, of any length up to 80 characters, with padding or without.
fn valid() -> impl Strategy<Value = String> {
    ("[A-Za-z0-9+/_-]{2,80}", any::<bool>()).prop_map(|(mut text, padded)| {
        if text.len() % 4 == 1 {
            text.pop();
        }
        while padded && text.len() % 4 != 0 {
            text.push('=');
        }
        text
    })
}

proptest! {
    #[test]
    fn an_id_is_read_by_the_documented_mapping(text in valid()) {
        prop_assert_eq!(id(&text).to_string(), documented(&text));
    }

    #[test]
    fn what_is_displayed_is_read_as_the_same_id(text in valid()) {
        let id = id(&text);
        prop_assert_eq!(&id.to_string().parse::<StreamId>().unwrap(), &id);
        prop_assert_eq!(&id.to_standard().to_string().parse::<StreamId>().unwrap(), &id);
    }

    #[test]
    fn the_standard_form_is_in_the_standard_alphabet_and_padded(text in valid()) {
        let standard = id(&text).to_standard().to_string();
        prop_assert_eq!(standard.len() % 4, 0);
        prop_assert!(!standard.contains(['-', '_']));
        prop_assert_eq!(standard.trim_end_matches('=').len(), id(&text).as_str().len());
    }

    #[test]
    fn no_two_ids_become_one(a in valid(), at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_-]") {
        let a = id(&a);
        let at = at.index(a.as_str().len());
        let mut changed = a.as_str().to_owned();
        changed.replace_range(at..=at, &other);
        prop_assert_eq!(id(&changed) == a, changed == a.as_str());
        prop_assert_eq!(id(&id(&changed).to_standard().to_string()) == a, changed == a.as_str());
    }

    #[test]
    fn a_set_has_as_many_ids_as_there_are_held_forms(texts in prop::collection::vec("[A+/_-]{2,3}", 0..40)) {
        let ids: HashSet<_> = texts.iter().map(|text| id(text)).collect();
        let forms: HashSet<_> = texts.iter().map(|text| documented(text)).collect();
        prop_assert_eq!(ids.len(), forms.len());
    }

    #[test]
    fn nothing_makes_the_parser_panic_or_change_its_mind(bytes in prop::collection::vec(any::<u8>(), 0..1100)) {
        match StreamId::new(&bytes) {
            Ok(id) => prop_assert_eq!(StreamId::new(id.as_str()).unwrap(), id),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,60}|[A-Za-z+/=_ -]{0,60}") {
        if let Ok(id) = StreamId::new(&text) {
            prop_assert_eq!(id.as_str(), documented(&text));
        }
    }

    #[test]
    fn the_character_that_is_blamed_stands_where_the_error_says(text in "[A-Za-z0-9+/=_-]{0,40}\\PC{1,3}.{0,5}") {
        if let Err(ParseIdError::Character { offset, character }) = StreamId::new(&text) {
            prop_assert!(text[offset..].starts_with(character));
        }
    }
}
