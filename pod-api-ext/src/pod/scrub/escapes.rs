//! How URLs, JSON and HTML write a character otherwise.

use std::ops::Range;

/// A character, and where it is written in the text: escaped, in more than one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) character: char,
    pub(super) place: Range<usize>,
}

impl Unit {
    pub(super) const fn new(character: char, place: Range<usize>) -> Self {
        Self { character, place }
    }
}

/// The longest escape, in characters: `&#x0000002f;`, or a name. HTML takes more zeros, which are never written.
const LONGEST: usize = 24;

/// The units with one level of escapes undone; none if there are no escapes.
pub(super) fn undone(units: &[Unit]) -> Option<Vec<Unit>> {
    let mut undone = Vec::with_capacity(units.len());
    let mut rest = units;
    let mut any = false;
    while let Some((first, others)) = rest.split_first() {
        let escape = match first.character {
            '%' | '\\' | '&' => escape(rest),
            _ => None,
        };
        match escape {
            Some((character, length)) => {
                let end =
                    length.checked_sub(1).and_then(|last| rest.get(last)).map_or(first.place.end, |it| it.place.end);
                undone.push(Unit::new(character, first.place.start..end));
                rest = rest.get(length..).unwrap_or_default();
                any = true;
            }
            None => {
                undone.push(first.clone());
                rest = others;
            }
        }
    }
    any.then_some(undone)
}

/// The character that the units begin with an escape of, and the escape's length.
fn escape(units: &[Unit]) -> Option<(char, usize)> {
    let text: String = units.iter().take(LONGEST).map(|unit| unit.character).collect();
    let mut rest = text.chars();
    let (character, rest) = match (rest.next()?, rest.as_str()) {
        ('%', rest) => hexadecimal(rest, 2, 2)?,
        ('\\', rest) => backslash(rest)?,
        ('&', rest) => reference(rest)?,
        _ => return None,
    };
    let length = text.chars().count().saturating_sub(rest.chars().count());
    Some((character, length))
}

/// JSON (RFC 8259, section 7), and the other forms of JavaScript.
fn backslash(text: &str) -> Option<(char, &str)> {
    let mut rest = text.chars();
    let first = rest.next()?;
    let rest = rest.as_str();
    match first {
        'u' => match rest.strip_prefix('{') {
            Some(rest) => {
                let (character, rest) = hexadecimal(rest, 1, 6)?;
                Some((character, rest.strip_prefix('}')?))
            }
            None => hexadecimal(rest, 4, 4),
        },
        'x' => hexadecimal(rest, 2, 2),
        '/' | '"' | '\'' | '\\' | '`' => Some((first, rest)),
        // White space doesn't count.
        'b' | 'f' | 'n' | 'r' | 't' => Some((' ', rest)),
        _ => None,
    }
}

/// A character reference of HTML. Browsers take it without `;`, too.
fn reference(text: &str) -> Option<(char, &str)> {
    let (character, rest) = match text.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => hexadecimal(digits, 1, 8)?,
            None => number_of(number, 10, 1, 8)?,
        },
        None => {
            let named = NAMES.iter().find_map(|(name, character)| Some((*character, text.strip_prefix(name)?)));
            named.filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))?
        }
    };
    Some((character, rest.strip_prefix(';').unwrap_or(rest)))
}

fn hexadecimal(text: &str, least: usize, most: usize) -> Option<(char, &str)> {
    number_of(text, 16, least, most)
}

/// The character of this number, of `least` to `most` digits.
fn number_of(text: &str, radix: u32, least: usize, most: usize) -> Option<(char, &str)> {
    let digits = text.chars().take(most).take_while(|c| c.is_digit(radix)).count();
    if digits < least {
        return None;
    }
    let number = u32::from_str_radix(text.get(..digits)?, radix).ok()?;
    // A token is ASCII, of which UTF-8 has a byte each.
    Some((char::from_u32(number)?, text.get(digits..)?))
}

/// `line` without an escape at its end that may go on.
pub(super) fn before_incomplete(line: &str) -> &str {
    let last = line.char_indices().rev().take(LONGEST).find(|(_, c)| matches!(c, '%' | '\\' | '&'));
    let Some((at, start)) = last else { return line };
    let tail = line.get(at..).unwrap_or_default();
    let may_go_on = match start {
        '&' => !tail.contains(';') && !tail.contains(' '),
        '%' => tail.len() < 3,
        _ => {
            tail.len() < 2 || (tail.starts_with("\\u") && tail.len() < 6) || (tail.starts_with("\\x") && tail.len() < 4)
        }
    };
    if may_go_on { line.get(..at).unwrap_or_default() } else { line }
}

/// The names that HTML has for visible characters of ASCII, the longer of two that begin alike first.
const NAMES: &[(&str, char)] = &[
    ("DiacriticalGrave", '`'),
    ("VerticalLine", '|'),
    ("UnderBar", '_'),
    ("NewLine", ' '),
    ("Tab", ' '),
    ("nbsp", ' '),
    ("amp", '&'),
    ("AMP", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("midast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dash", '-'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("GT", '>'),
    ("Hat", '^'),
    ("hyphen", '-'),
    ("lbrace", '{'),
    ("lcub", '{'),
    ("lbrack", '['),
    ("lsqb", '['),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lt", '<'),
    ("LT", '<'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("rbrace", '}'),
    ("rcub", '}'),
    ("rbrack", ']'),
    ("rsqb", ']'),
    ("rpar", ')'),
    ("semi", ';'),
    ("sol", '/'),
    ("verbar", '|'),
    ("vert", '|'),
];
