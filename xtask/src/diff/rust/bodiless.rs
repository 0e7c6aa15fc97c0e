//! Rust code without what its functions do and what is said of them: no code outside can tell, and it is most of the text.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::File;

/// Parses a file, with an empty body in the place of every function's.
///
/// # Errors
/// The text isn't Rust.
pub(super) fn parse(text: &str) -> syn::Result<File> {
    let tokens: TokenStream = without_comments(text).parse()?;
    syn::parse2(without_bodies(tokens))
}

/// Without the lines that are nothing but comments, docs among them.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("//")) {
        code.push_str(line);
    }
    code
}

fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut kept = Vec::new();
    let mut in_function = false;
    while let Some(token) = tokens.next() {
        match token {
            // A type such as `fn(u8)` has no name behind the word.
            TokenTree::Ident(word) => {
                in_function |= word == "fn" && matches!(tokens.peek(), Some(TokenTree::Ident(_)));
                kept.push(word.into());
            }
            TokenTree::Punct(punct) => {
                in_function &= punct.as_char() != ';';
                kept.push(punct.into());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let content = if in_function { TokenStream::new() } else { without_bodies(group.stream()) };
                in_function = false;
                kept.push(Group::new(Delimiter::Brace, content).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    use super::parse;

    #[test]
    fn bodies_go_and_all_else_stays() {
        let text = "/// A doc.\n  // A comment.\npub mod a { impl B { pub async fn c<T>(self, f: fn(u8) -> u8) -> T where T: D { if x { y } } } \
                    pub trait E { fn f(); fn g() { h() } } pub struct I { pub j: fn(u8) } const K: u8 = { 1 }; }";
        let expected = "pub mod a { impl B { pub async fn c<T>(self, f: fn(u8) -> u8) -> T where T: D {} } \
                        pub trait E { fn f(); fn g() {} } pub struct I { pub j: fn(u8) } const K: u8 = { 1 }; }";
        let plain = |file: syn::File| file.to_token_stream().to_string();
        assert_eq!(plain(parse(text).unwrap()), plain(syn::parse_file(expected).unwrap()));
    }

    #[test]
    fn what_is_not_rust_is_an_error() {
        assert!(parse("pub fn (").is_err());
        assert!(parse("pub struct").is_err());
    }
}
