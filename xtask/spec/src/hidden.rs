//! Characters that nobody sees, and that change how the text around them is read.

/// The first character of `text` that is a control, a line separator, or turns the direction of what follows
/// (Unicode Standard Annex #9, and "Trojan Source", CVE-2021-42574).
#[must_use]
pub fn first_in(text: &str) -> Option<char> {
    text.chars().find(|character| is_hidden(*character))
}

/// Whether a character is one of them.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The words for a name or a version that holds one, which is never taken.
#[must_use]
pub fn complaint(what: &str, text: &str) -> Option<String> {
    let character = u32::from(first_in(text)?);
    Some(format!("{what} holds the character U+{character:04X}, which nobody sees"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_directions_are_hidden_and_letters_are_not() {
        for text in ["a\nb", "a\rb", "\u{0}", "\u{7f}", "\u{85}", "\u{202e}", "\u{2066}x", "\u{2028}", "\u{200f}"] {
            assert!(first_in(text).is_some(), "{text:?}");
        }
        assert_eq!(first_in("20.18.0 — ä 日本 שלום \u{200d}"), None);
        assert_eq!(
            complaint("the version", "1\n"),
            Some("the version holds the character U+000A, which nobody sees".into())
        );
    }
}
