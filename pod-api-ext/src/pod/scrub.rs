//! What may be shown of a text that the pod sent.

use super::token::SessionToken;

/// Replaces the token in a text.
const REDACTED: &str = "[redacted]";

/// How many characters of a body are quoted.
pub(crate) const QUOTE: usize = 500;

/// How many bytes of a body are read to be quoted. A page of a gateway is longer, and says it all at its beginning.
pub(crate) const READ: usize = 16 * 1024;

/// `text` without `token`, wherever it stands in it: as it is, as a URL writes it, or as JSON does.
///
/// If `cut` says that the text ends before its end, what may be the beginning of a token there goes too.
pub(crate) fn scrubbed(text: &str, token: &SessionToken, cut: bool) -> String {
    let token = token.expose();
    let mut text = text.to_owned();
    for form in forms(token) {
        text = text.replace(&form, REDACTED);
        if cut {
            let mut longest_first = form.char_indices().rev().filter_map(|(at, _)| form.get(..at));
            if let Some(start) = longest_first.find(|start| text.ends_with(start)).filter(|start| !start.is_empty()) {
                text.truncate(text.len().saturating_sub(start.len()));
                text.push_str(REDACTED);
            }
        }
    }
    text
}

/// The ways to write a token, the longest first.
fn forms(token: &str) -> Vec<String> {
    let json = serde_json::to_string(token).unwrap_or_default();
    let json = json.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned();
    let slashes = json.replace('/', "\\/");
    let html = token.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let percent = |lower: bool| {
        let hex = |byte: u8| if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
        let one = |byte: u8| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => hex(byte),
        };
        token.bytes().map(one).collect::<String>()
    };
    let mut forms = vec![token.to_owned(), json, slashes, html, percent(false), percent(true)];
    forms.retain(|form| !form.is_empty());
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms
}

/// A text from outside on one line, of at most [`QUOTE`] characters, `…` included.
pub(crate) fn quoted(text: &str) -> String {
    let mut one_line = String::new();
    for word in text.split_whitespace() {
        if !one_line.is_empty() {
            one_line.push(' ');
        }
        // What steers a terminal, or turns the direction of writing, would forge a log.
        one_line.extend(word.chars().filter(|c| !c.is_control() && !is_invisible(*c)));
    }
    match one_line.char_indices().nth(QUOTE.saturating_sub(1)) {
        Some((at, last)) if at.saturating_add(last.len_utf8()) < one_line.len() => {
            one_line.truncate(at);
            one_line.push('…');
            one_line
        }
        _ => one_line,
    }
}

/// Characters that write nothing themselves but change how others are shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> SessionToken {
        SessionToken::new(text).unwrap()
    }

    #[test]
    fn a_token_goes_in_every_form_a_pod_may_echo_it_in() {
        let token = token(r#"a/"b\<&+="#);
        for text in [
            r#"a/"b\<&+="#,
            r#"a/\"b\\<&+="#,
            r#"a\/\"b\\<&+="#,
            "a%2F%22b%5C%3C%26%2B%3D",
            "a%2f%22b%5c%3c%26%2b%3d",
            r#"a/&quot;b\&lt;&amp;+="#,
        ] {
            assert_eq!(scrubbed(&format!("<{text}> {text}"), &token, false), "<[redacted]> [redacted]", "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_token_at_the_end_of_a_cut_text_goes_too() {
        let token = token("T0KEN");
        assert_eq!(scrubbed("say T0KE", &token, true), "say [redacted]");
        assert_eq!(scrubbed("say T0KE", &token, false), "say T0KE");
        assert_eq!(scrubbed("say T0KEN", &token, true), "say [redacted]");
        assert_eq!(scrubbed("no", &token, true), "no");
        assert_eq!(scrubbed("", &token, true), "");
    }

    #[test]
    fn a_quote_is_one_line_of_bounded_length() {
        assert_eq!(quoted("  a\r\n\tb\u{1b}[31m \u{202e}c  "), "a b[31m c");
        assert_eq!(quoted(""), "");
        let exact = "é".repeat(QUOTE);
        assert_eq!(quoted(&exact), exact);
        assert_eq!(quoted(&"é".repeat(QUOTE + 1)), format!("{}…", "é".repeat(QUOTE - 1)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_that_is_shown_holds_the_token(
            secret in "[A-Za-z0-9/+=\"\\\\]{4,12}",
            around in "[a-z ]{0,20}",
            copies in 1_usize..300,
        ) {
            let token = token(&secret);
            let text = format!("{around}{secret}").repeat(copies);
            proptest::prop_assume!(!REDACTED.contains(&secret));
            for (end, _) in text.char_indices().rev().take(40) {
                let shown = quoted(&scrubbed(&text[..end], &token, true));
                proptest::prop_assert!(!shown.contains(&secret), "{shown}");
            }
        }
    }
}
