//! Tokens as text, spaced the way people write them.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// `tokens` on one line.
pub(super) fn tidy(tokens: &TokenStream) -> String {
    let mut text = String::new();
    write(tokens.clone(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    // A sign that clings to what follows: `&`, `'`, `::`, `<` and what opens a group.
    let mut clings = true;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let spaced = matches!(group.delimiter(), Delimiter::Brace)
                    || text.ends_with([',', '=', ':', '|'])
                    || text.ends_with("->");
                space(text, clings || !spaced);
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
                clings = false;
            }
            TokenTree::Punct(punct) => {
                let mut sign = String::from(punct.as_char());
                let mut joint = punct.spacing() == Spacing::Joint;
                while joint && sign != "'" {
                    match tokens.next_if(|next| matches!(next, TokenTree::Punct(next) if next.as_char() != '\'')) {
                        Some(TokenTree::Punct(next)) if continues(&sign, next.as_char()) => {
                            sign.push(next.as_char());
                            joint = next.spacing() == Spacing::Joint;
                        }
                        Some(TokenTree::Punct(next)) => {
                            put(&sign, clings, text);
                            clings = opens(&sign);
                            sign = String::from(next.as_char());
                            joint = next.spacing() == Spacing::Joint;
                        }
                        _ => break,
                    }
                }
                put(&sign, clings, text);
                clings = opens(&sign);
            }
            TokenTree::Ident(ident) => {
                space(text, clings);
                text.push_str(&ident.to_string());
                clings = false;
            }
            TokenTree::Literal(literal) => {
                space(text, clings);
                text.push_str(&literal.to_string());
                clings = false;
            }
        }
    }
}

fn put(sign: &str, clings: bool, text: &mut String) {
    // What stands alone has a space before it; the others follow what they belong to.
    let qualified = sign == "<" && (text.ends_with([',', '=', '+']) || text.ends_with("where") || text.ends_with("->"));
    let alone = qualified || matches!(sign, "->" | "=" | "+" | "=>" | "|" | "&" | "'" | "==" | "&&" | "*" | "!");
    space(text, clings || !alone);
    text.push_str(sign);
}

fn space(text: &mut String, clings: bool) {
    if !clings && !text.is_empty() && !text.ends_with([' ', '(', '[']) {
        text.push(' ');
    }
}

/// Whether nothing stands between the sign and what follows.
fn opens(sign: &str) -> bool {
    matches!(sign, "&" | "'" | "::" | "<" | "?" | "#" | "*")
}

/// Whether two signs are one.
fn continues(sign: &str, next: char) -> bool {
    matches!((sign, next), (":", ':') | ("-", '>') | ("=", '>' | '=') | ("." | "..", '.') | ("..", '='))
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn code_is_spaced_as_people_write_it() {
        for code in [
            "pub struct Builder<'a>",
            "pub fn body<V>(self, value: V) -> Self where V: std::convert::TryInto<Vec<(i64, String)>>, V::Error: Display",
            "pub async fn send(self) -> Result<ResponseValue<types::Stream>, Error<()>>",
            "fn mock<F>(&self, config: F) -> Mock<'_> where F: FnOnce(When, Then)",
            "pub const SPEC_VERSION: &'static str = \"20.17.1\"",
            "impl<T: Clone + 'static> From<[T; 2]> for Box<dyn Fn(&mut T) -> !>",
            "feature = \"httpmock\"",
            "not(target_arch = \"wasm32\")",
            "<V as TryInto<String>>::Error",
            "fn f<V>(v: V) -> <V as A>::B where <V as A>::B: C, <V as A>::D: E",
        ] {
            let tokens: proc_macro2::TokenStream = code.parse().unwrap();
            assert_eq!(tidy(&tokens), code);
        }
    }
}
