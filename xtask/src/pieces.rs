//! Generated code in pieces that can be worked on apart.
//!
//! Parsing and printing are most of the time that a run takes. Both go item by item, so a stream of tokens is cut
//! between its items, without parsing it, and the printed pieces are put together again: the bytes are those of the
//! whole file printed at once.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Item, ItemMod};

use crate::polish::Polish;

/// How many items are worked on at a time: few enough to share the work out evenly, enough to be worth the trip.
const ITEMS: usize = 6;

/// A piece of a file.
#[derive(Debug)]
pub enum Piece {
    /// Items of the module of this path.
    Items(Vec<String>, TokenStream),
    /// The beginning of a module: its attributes, its name, nothing of its content. The path is its own.
    Open(Vec<String>, TokenStream),
    /// The end of a module; the path is its own.
    Close(Vec<String>),
}

/// Cuts a file's tokens into pieces, in the order of the file.
#[must_use]
pub fn cut(tokens: TokenStream) -> Vec<Piece> {
    let mut pieces = Vec::new();
    cut_module(&mut Vec::new(), tokens, &mut pieces);
    pieces
}

fn cut_module(path: &mut Vec<String>, tokens: TokenStream, pieces: &mut Vec<Piece>) {
    let mut items = TokenStream::new();
    let mut count = 0_usize;
    let flush = |path: &[String], items: &mut TokenStream, pieces: &mut Vec<Piece>| {
        if !items.is_empty() {
            pieces.push(Piece::Items(path.to_vec(), std::mem::take(items)));
        }
    };
    for item in Items(tokens.into_iter().peekable()) {
        let Some((name, header, content)) = module(&item) else {
            items.extend(item);
            count = count.saturating_add(1);
            if count.is_multiple_of(ITEMS) {
                flush(path, &mut items, pieces);
            }
            continue;
        };
        flush(path, &mut items, pieces);
        path.push(name);
        let (inner, content) = inner_attributes(content);
        let header: TokenStream = header.into_iter().chain([braced(inner)]).collect();
        pieces.push(Piece::Open(path.clone(), header));
        cut_module(path, content, pieces);
        pieces.push(Piece::Close(path.clone()));
        path.pop();
    }
    flush(path, &mut items, pieces);
}

/// The tokens of one item after the other. An item ends with a semicolon, or with a braced group that no semicolon
/// follows.
struct Items(std::iter::Peekable<proc_macro2::token_stream::IntoIter>);

impl Iterator for Items {
    type Item = Vec<TokenTree>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut item = Vec::new();
        while let Some(token) = self.0.next() {
            let ends = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !self.before_semicolon(),
                _ => false,
            };
            item.push(token);
            if ends {
                break;
            }
        }
        (!item.is_empty()).then_some(item)
    }
}

impl Items {
    fn before_semicolon(&mut self) -> bool {
        matches!(self.0.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == ';')
    }
}

/// The names that two types of the file's `mod types` have.
#[must_use]
pub fn declared_twice(file: &TokenStream) -> Vec<String> {
    let types = Items(file.clone().into_iter().peekable())
        .filter_map(|item| module(&item))
        .find_map(|(name, _, content)| (name == "types").then_some(content));
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for name in Items(types.unwrap_or_default().into_iter().peekable()).filter_map(|item| declared(&item)) {
        if let Some(name) = seen.replace(name) {
            twice.insert(name);
        }
    }
    twice.into_iter().collect()
}

/// The name of the type that an item declares.
fn declared(item: &[TokenTree]) -> Option<String> {
    let mut words = item.iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let keyword = words.find(|word| word != "pub")?;
    words.next().filter(|_| matches!(keyword.as_str(), "struct" | "enum" | "type"))
}

/// The name of a module with a body, what stands before its body, and the body.
fn module(item: &[TokenTree]) -> Option<(String, Vec<TokenTree>, TokenStream)> {
    let (TokenTree::Group(body), before) = item.split_last()? else { return None };
    let mut last = before.iter().rev();
    let (TokenTree::Ident(name), TokenTree::Ident(keyword)) = (last.next()?, last.next()?) else { return None };
    (keyword == "mod").then(|| (name.to_string(), before.to_vec(), body.stream()))
}

/// The `#![…]` at the beginning of a module's body, and the rest.
fn inner_attributes(content: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = content.into_iter().peekable();
    let mut inner = TokenStream::new();
    while let Some(hash) = tokens.next_if(|token| is_punct(token, '#')) {
        match tokens.next_if(|token| is_punct(token, '!')) {
            Some(bang) => inner.extend([hash, bang].into_iter().chain(tokens.next())),
            // An outer attribute: it belongs to the first item.
            None => return (inner, std::iter::once(hash).chain(tokens).collect()),
        }
    }
    (inner, tokens.collect())
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn braced(content: TokenStream) -> TokenTree {
    proc_macro2::Group::new(Delimiter::Brace, content).into()
}

/// A piece that is ready to be printed.
pub enum Parsed {
    /// Items at this depth.
    Items(usize, Vec<Item>),
    /// The beginning of a module at this depth, with what polish put into it.
    Open(usize, ItemMod),
    /// The end of a module at this depth.
    Close(usize),
}

/// Parses and polishes one piece.
///
/// # Errors
/// The tokens aren't Rust.
pub fn parse(piece: Piece, polish: &dyn Polish) -> syn::Result<Parsed> {
    Ok(match piece {
        Piece::Items(path, tokens) => {
            let mut items = syn::parse2::<syn::File>(tokens)?.items;
            polish.items(&path, &mut items);
            Parsed::Items(path.len(), items)
        }
        Piece::Open(path, tokens) => {
            let mut module = syn::parse2::<ItemMod>(tokens)?;
            polish.module(&path, &mut module);
            Parsed::Open(path.len().saturating_sub(1), module)
        }
        Piece::Close(path) => Parsed::Close(path.len().saturating_sub(1)),
    })
}

/// Prints one piece, indented as it stands in the file.
#[must_use]
pub fn print(parsed: Parsed) -> String {
    match parsed {
        Parsed::Items(depth, items) => nested(depth, items),
        Parsed::Open(depth, module) => {
            let printed = nested(depth, vec![Item::Mod(module)]);
            // `mod a {}`, or `mod a {`, what it begins with, and `}`.
            let open = printed.trim_end().strip_suffix('}').unwrap_or(&printed).trim_end();
            format!("{open}\n")
        }
        Parsed::Close(depth) => format!("{}}}\n", "    ".repeat(depth)),
    }
}

/// Prints `items` as they look inside `depth` modules: how lines are broken depends on the indentation.
fn nested(depth: usize, items: Vec<Item>) -> String {
    let mut file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
    for _ in 0..depth {
        let items = std::mem::take(&mut file.items);
        let content = quote::quote!(
            mod m {}
        );
        let Ok(mut module) = syn::parse2::<ItemMod>(content) else { return file.to_token_stream().to_string() };
        if let Some((_, inside)) = &mut module.content {
            *inside = items;
        }
        file.items = vec![Item::Mod(module)];
    }
    let printed = prettyplease::unparse(&file);
    let mut inside = printed.as_str();
    for _ in 0..depth {
        // The dummy's first and last line.
        inside = inside.split_once('\n').map_or("", |(_, rest)| rest);
        inside = inside.trim_end_matches('\n').rsplit_once('\n').map_or("", |(rest, _)| rest);
    }
    format!("{}\n", inside.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::ItemMod;

    use super::*;

    struct Unpolished;

    impl Polish for Unpolished {
        fn module(&self, _: &[String], _: &mut ItemMod) {}
        fn items(&self, _: &[String], _: &mut Vec<Item>) {}
    }

    #[test]
    fn types_of_one_name_are_found_without_parsing() {
        let code = quote! {
            pub mod other { pub struct A; pub struct A; }
            pub mod types {
                #[derive(Clone)]
                pub struct A(pub u8);
                impl A { fn f() {} }
                pub enum B { A, C }
                pub type A = u8;
                pub(crate) struct C { a: A }
                pub mod builder { pub struct C {} }
                enum B {}
            }
        };
        assert_eq!(declared_twice(&code), ["A", "B"]);
    }

    #[test]
    fn the_pieces_of_a_file_make_the_bytes_of_the_whole() {
        let code = quote! {
            use a::{b, c};
            pub use d;
            #[doc = "Outer"]
            pub mod one {
                #![doc = "Inner"]
                #[derive(Clone)]
                pub struct A { pub a: ::std::collections::BTreeMap<::std::string::String, ::std::vec::Vec<u8>> }
                impl A { pub fn a(&self) -> u8 { match 1 { 1 => { 2 } _ => 3 } } }
                pub mod two {
                    pub struct B(pub u8);
                    const C: u8 = { 1 };
                    pub enum D { E { f: u8 }, G }
                    pub fn long_name_of_a_function(a_long_name: ::std::string::String, another_long_name: ::std::string::String) {}
                }
                pub mod empty {}
                pub struct Last;
            }
            pub trait T { fn t(); }
            impl T for u8 { fn t() {} }
            pub struct S1; pub struct S2; pub struct S3; pub struct S4; pub struct S5; pub struct S6;
        };
        let whole = prettyplease::unparse(&syn::parse2(code.clone()).unwrap());
        let pieces = cut(code).into_iter().map(|piece| print(parse(piece, &Unpolished).unwrap()));
        let together: String = pieces.collect();
        // The one difference: an empty module takes two lines.
        assert_eq!(together.replace("    pub mod empty {\n    }\n", "    pub mod empty {}\n"), whole);
    }
}
