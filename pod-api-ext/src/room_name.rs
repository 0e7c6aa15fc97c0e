//! Names of rooms, compared the way the pod compares them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use icu_casemap::CaseMapper;
use serde::{Deserialize, Serialize};

/// A room's name, which is the same as another if the two differ only in case and white space (R2).
///
/// The text is kept as written; `Eq`, `Ord` and `Hash` ignore case and white space. So a `HashSet<RoomName>` finds a clash
/// before the pod does:
///
/// ```
/// use std::collections::HashSet;
/// use pod_api_ext::RoomName;
///
/// let taken = HashSet::from([RoomName::new("room1")]);
/// assert!(taken.contains(&RoomName::new("R O O M 1")));
/// assert!(!taken.contains(&RoomName::new("room 2")));
/// assert_eq!(RoomName::new("R O O M 1").as_str(), "R O O M 1");
/// ```
///
/// # What is the same
/// - **Case** is that of Unicode's default caseless matching (The Unicode Standard, section 3.13, D144): full case
///   folding, in no particular language. So `Straße` is `STRASSE`, but the Turkish `ı` is not `i`.
/// - **White space** is every character with the Unicode property `White_Space`. All of it is dropped, not only
///   collapsed: the page's own example puts a space between all the letters of a name.
/// - **Nothing else.** The page names two differences that don't count, so no others are left out: `é` as one
///   character and `é` as `e` with a combining accent stay two names, as do characters of other widths and the
///   zero-width ones, which are not white space to Unicode.
///
/// The page doesn't say how the pod folds case, so at the fringes of Unicode the pod may see it otherwise; what
/// [`Rule::RoomSameName`](crate::rules::Rule::RoomSameName) has to say is therefore only a remark.
///
/// There is no `Borrow<str>`: two texts that differ can be one name.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct RoomName {
    text: String,
    key: Box<str>,
}

impl RoomName {
    /// Takes any text: the [rules](crate::rules) say whether a pod accepts it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let key = key(&text);
        Self { text, key }
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name as it was written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }
}

/// A name without case and white space.
fn key(text: &str) -> Box<str> {
    let solid: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    CaseMapper::new().fold_string(&solid).into_owned().into_boxed_str()
}

impl PartialEq for RoomName {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for RoomName {}

impl PartialOrd for RoomName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RoomName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for RoomName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl AsRef<str> for RoomName {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RoomName").field(&self.text).finish()
    }
}

impl From<String> for RoomName {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for RoomName {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<RoomName> for String {
    fn from(name: RoomName) -> Self {
        name.text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    /// Every character with the property White_Space (Unicode 16, PropList.txt).
    const WHITE_SPACE: [char; 25] = [
        '\u{9}', '\u{a}', '\u{b}', '\u{c}', '\u{d}', '\u{20}', '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}',
        '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}',
        '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
    ];

    fn same(one: &str, other: &str) -> bool {
        let names = [one, other].map(RoomName::new);
        let equal = names[0] == names[1];
        let state = RandomState::new();
        // Two names of one hash would be lawful, and as likely as one in 2^64.
        assert_eq!(state.hash_one(&names[0]) == state.hash_one(&names[1]), equal, "{one:?} {other:?}");
        assert_eq!(names[0].cmp(&names[1]).is_eq(), equal, "{one:?} {other:?}");
        assert_eq!(names[0].partial_cmp(&names[1]), Some(names[0].cmp(&names[1])));
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), if equal { 1 } else { 2 }, "{one:?} {other:?}");
        equal
    }

    #[test]
    fn names_that_differ_only_in_case_and_white_space_are_the_same() {
        for (one, other) in [
            ("room1", "R O O M 1"),
            ("room1", " room1 "),
            ("", " \t"),
            ("Straße", "STRASSE"),
            ("STRAẞE", "strasse"),
            ("ÉCOLE", "école"),
            ("e\u{301}cole", "E\u{301}COLE"),
            ("ΟΔΟΣ", "οδος"),
            ("ΟΔΟΣ", "οδοσ"),
            ("ǅ", "ǆ"),
            ("ﬁle", "FILE"),
            ("İ", "i\u{307}"),
            ("K", "\u{212a}"),
            ("\u{1f80}", "\u{1f88}"),
            // Deseret, outside the basic plane.
            ("\u{10400}", "\u{10428}"),
            ("\u{1f600} Room", "\u{1f600}room"),
        ] {
            assert!(same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn names_that_differ_in_anything_else_are_not() {
        for (one, other) in [
            ("room1", "room2"),
            ("room1", "room-1"),
            ("", "a"),
            // Turkish and Azeri fold otherwise; the pod's language is not known.
            ("ı", "i"),
            ("ı", "I"),
            ("İ", "i"),
            ("İ", "ı"),
            ("é", "e"),
            ("é", "e\u{301}"),
            ("\u{1f600}", "\u{1f601}"),
            ("\u{ff32}oom", "Room"),
            // Neither the zero-width ones nor those of Java's own notion of white space have the property.
            ("room", "ro\u{200b}om"),
            ("room", "ro\u{feff}om"),
            ("room", "ro\u{1c}om"),
            ("room", "ro\u{180e}om"),
        ] {
            assert!(!same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn all_white_space_of_unicode_is_dropped() {
        let by_property: Vec<char> = ('\0'..=char::MAX).filter(|character| character.is_whitespace()).collect();
        assert_eq!(by_property, WHITE_SPACE);
        for space in WHITE_SPACE {
            assert!(same(&format!("{space}ro{space}{space}om{space}"), "Room"), "{space:?}");
        }
    }

    #[test]
    fn the_text_is_kept_as_written_in_every_form() {
        let name = RoomName::new(" Straße\u{a0}1 ");
        assert_eq!(name.as_str(), " Straße\u{a0}1 ");
        assert_eq!(name.as_ref(), " Straße\u{a0}1 ");
        assert_eq!(name.to_string(), " Straße\u{a0}1 ");
        assert_eq!(format!("{name:?}"), "RoomName(\" Straße\\u{a0}1 \")");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\" Straße\u{a0}1 \"");
        let parsed: RoomName = serde_json::from_str("\" Straße\u{a0}1 \"").unwrap();
        assert_eq!(parsed.as_str(), name.as_str());
        assert_eq!(RoomName::from("A b").into_string(), "A b");
        assert_eq!(String::from(RoomName::from("A b".to_owned())), "A b");
    }

    #[test]
    fn the_order_is_that_of_what_is_left() {
        let mut names = ["b", "A", "a ", "C", "B b"].map(RoomName::new);
        names.sort();
        assert_eq!(names.each_ref().map(RoomName::as_str), ["A", "a ", "b", "B b", "C"]);
    }

    #[test]
    fn a_name_can_be_sent_to_another_thread() {
        fn assert<T: Send + Sync + Unpin + 'static>() {}
        assert::<RoomName>();
    }

    proptest! {
        #[test]
        fn equality_hash_and_order_agree(one in "\\PC*", other in "\\PC*") {
            same(&one, &other);
        }

        #[test]
        fn white_space_anywhere_makes_no_difference(parts in prop::collection::vec("\\PC{0,4}", 0..6), at in any::<prop::sample::Index>()) {
            let space = WHITE_SPACE[at.index(WHITE_SPACE.len())].to_string();
            prop_assert!(same(&parts.concat(), &parts.join(&space)));
        }

        #[test]
        fn upper_and_lower_case_of_ascii_make_no_difference(text in "[ -~]*") {
            prop_assert!(same(&text.to_ascii_uppercase(), &text.to_ascii_lowercase()));
        }

        #[test]
        fn what_is_left_of_a_name_is_the_same_name(text in "\\PC*") {
            let key = RoomName::new(text.as_str()).key;
            prop_assert!(same(&text, &key));
        }
    }
}
