//! No form of a token is shown, and nothing else is lost.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "tests may panic")]

use super::*;

fn token(text: &str) -> SessionToken {
    SessionToken::new(text).unwrap()
}

/// The ways to write a character otherwise.
fn forms(c: char) -> Vec<String> {
    let code = u32::from(c);
    let mut forms = vec![
        c.to_string(),
        c.to_string().to_uppercase(),
        format!("%{code:02x}"),
        format!("%{code:02X}"),
        format!("\\u{code:04x}"),
        format!("\\u{code:04X}"),
        format!("\\u{{{code:x}}}"),
        format!("\\x{code:02x}"),
        format!("&#{code};"),
        format!("&#{code:07};"),
        format!("&#x{code:x};"),
        format!("&#X{code:06X};"),
        format!("{c}\u{200b}"),
        format!("\u{feff}{c}\u{ad}"),
        format!("\u{0}{c}"),
        format!("{c} \n "),
        // One in the other.
        format!("%26#{code}%3B"),
        format!("&amp;#x{code:x};"),
        format!("%25{code:02x}"),
        format!("\\\\u{code:04x}"),
        format!("\\u005cu{code:04x}"),
    ];
    forms.extend(named(c).map(|name| format!("&{name};")));
    forms
}

fn named(c: char) -> Option<&'static str> {
    Some(match c {
        '/' => "sol",
        '+' => "plus",
        '=' => "equals",
        '&' => "amp",
        '<' => "lt",
        '"' => "quot",
        '_' => "lowbar",
        '.' => "period",
        '\\' => "bsol",
        _ => return None,
    })
}

#[test]
fn a_token_goes_in_every_form_a_pod_may_echo_it_in() {
    let secret = r#"a/"b\<&+=_.-C0"#;
    let token = token(secret);
    let each_by = |form: usize| -> String { secret.chars().map(|c| forms(c)[form % forms(c).len()].clone()).collect() };
    for form in 0..22 {
        let text = each_by(form);
        let shown = shown(&format!("<{text}> {text}"), &[&token], false);
        assert_eq!(shown.replace(" >", ">"), "<[redacted]> [redacted]", "{text}");
    }
    for text in [r#"a\/\"b\\<&+=_.-C0"#, "a%2F%22b%5C%3C%26%2B%3D_.-C0", r#"a&#x2F;&quot;b\&lt;&amp;&#43;\u003d_.-C0"#]
    {
        assert_eq!(shown(text, &[&token], false), "[redacted]", "{text}");
    }
}

#[test]
fn a_token_with_spaces_goes_whatever_white_space_comes_back() {
    let token = token("SEC RET  OF MINE");
    for text in ["SEC RET  OF MINE", "SEC\nRET\tOF\u{a0}MINE", "SECRETOFMINE", "sec+ret", "SEC&nbsp;RET&#32;OF%20MINE"]
    {
        let expected = if text == "sec+ret" { text } else { "[redacted]" };
        assert_eq!(shown(text, &[&token], false), expected, "{text}");
    }
}

#[test]
fn the_beginning_of_a_token_at_the_end_of_a_cut_text_goes_too() {
    let token = token("T0KEN/x");
    for (text, expected) in [
        ("say T0KE", "say [redacted]"),
        ("say T0KEN/x", "say [redacted]"),
        ("say t0k\u{200b}e", "say [redacted]"),
        ("say T0KEN%2", "say [redacted]"),
        ("say T0KEN&#x2", "say [redacted]"),
        ("say T0KEN\\u00", "say [redacted]"),
        ("say \\u0054\\u0030", "say [redacted]"),
        ("no", "no"),
        ("", ""),
    ] {
        assert_eq!(shown(text, &[&token], true), expected, "{text}");
    }
    assert_eq!(shown("say T0KE", &[&token], false), "say T0KE");
    assert_eq!(shown("5 % & \\ more", &[&token], true), "5 % & \\ more");
    let long = format!("{}T0K{}", "x".repeat(READ - 3), "EN/x".repeat(10_000));
    assert!(!shown(&long, &[&token], false).contains("T0K"));
}

#[test]
fn what_is_no_token_is_left_as_it_is() {
    let token = token("T0KEN");
    for text in [
        "a page: <h1>5 &lt; 6 &amp; 100%</h1> \\n C:\\temp \\u20ac &#8364; &nosuchname; &#xffffffff; %zz",
        "T0KE.N0T",
        "[redacted]",
        "",
    ] {
        assert_eq!(shown(text, &[&token], false), text);
    }
}

#[test]
fn every_secret_goes() {
    let (session, gateway) = (token("T0KEN"), token("Bearer K3Y"));
    assert_eq!(shown("t0ken, bearer&#32;k3y", &[&session, &gateway], false), "[redacted], [redacted]");
}

#[test]
fn a_quote_is_one_line_of_bounded_length() {
    assert_eq!(quoted("  a\r\n\tb\u{1b}[31m \u{202e}c  \u{200b} d"), "a b[31m c d");
    assert_eq!(quoted(""), "");
    let exact = "é".repeat(QUOTE);
    assert_eq!(quoted(&exact), exact);
    assert_eq!(quoted(&"é".repeat(QUOTE + 1)), format!("{}…", "é".repeat(QUOTE - 1)));
}

#[test]
fn a_long_text_of_a_hostile_pod_is_done_in_no_time() {
    let (long, begun) = ("a".repeat(4000), std::time::Instant::now());
    let text = format!("{}b", "a".repeat(3999)).repeat(300) + &"&amp;".repeat(50_000);
    let _ = shown(&text, &[&token(&long)], true);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

proptest::proptest! {
    #[test]
    fn no_text_that_is_shown_holds_the_token(
        secret in "[!-~]([ -~]{0,10}[!-~])?",
        around in "[a-z ]{0,20}",
        chosen in proptest::collection::vec(0_usize..22, 12),
        copies in 1_usize..30,
    ) {
        let token = token(&secret);
        let key = |text: &str| -> String { text.chars().filter_map(significant).collect() };
        proptest::prop_assume!(!key(REDACTED).contains(&key(&secret)) && !key(&secret).contains("redacted"));
        let echoed: String = secret.chars().zip(chosen).map(|(c, form)| forms(c)[form % forms(c).len()].clone()).collect();
        let text = format!("{around}{echoed}").repeat(copies);
        for (end, _) in text.char_indices().rev().take(40) {
            let line = shown(&text[..end], &[&token], true);
            proptest::prop_assert!(!key(&line.replace(REDACTED, "\u{1f510}")).contains(&key(&secret)), "{} in {}", secret, line);
        }
    }

    #[test]
    fn no_text_makes_it_panic_and_every_line_is_bounded(text in "\\PC{0,60}|[&#;%\\\\ux0-9a-f]{0,60}", cut: bool) {
        let line = shown(&text, &[&token("ab")], cut);
        proptest::prop_assert!(line.chars().count() <= QUOTE && !line.contains('\n'));
    }
}
