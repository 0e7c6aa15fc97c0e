//! The rules, one small piece of code against another.

use crate::*;

fn code(text: &str) -> GeneratedCode {
    GeneratedCode::of([("mod", text)]).unwrap()
}

/// Each change as `major rust.field.removed S::a`.
fn changes(old: &str, new: &str) -> Vec<String> {
    let changes = compare(&code(old), &code(new));
    let shown =
        |change: &RustChange| format!("{:?} {} {}", change.semver, change.kind.id(), change.path).to_lowercase();
    changes.iter().map(shown).collect()
}

/// Each row: the old code, the new, and what that changes.
fn check<const N: usize>(rows: [(&str, &str, &[&str]); N]) {
    for (old, new, expected) in rows {
        assert_eq!(
            changes(old, new),
            expected.iter().map(|row| row.to_lowercase()).collect::<Vec<_>>(),
            "\n{old}\n{new}"
        );
        assert!(changes(new, new).is_empty(), "{new}");
    }
}

#[test]
fn fields_may_come_where_nobody_can_list_them_all() {
    check([
        ("pub struct S { pub a: i32 }", "pub struct S { pub a: i32, pub b: i32 }", &["major rust.field.added S::b"]),
        (
            "#[non_exhaustive] pub struct S { pub a: i32 }",
            "#[non_exhaustive] pub struct S { pub a: i32, pub b: i32 }",
            &["minor rust.field.added S::b"],
        ),
        (
            "pub struct S { pub a: i32, z: i32 }",
            "pub struct S { pub a: i32, y: u8, pub b: i32 }",
            &["minor rust.field.added S::b"],
        ),
        ("pub struct S { pub a: i32 }", "pub struct S { pub a: i32, b: i32 }", &["major rust.struct.became-opaque S"]),
        ("pub struct S { pub a: i32, pub b: i32 }", "pub struct S { pub a: i32 }", &["major rust.field.removed S::b"]),
        (
            "pub struct S { pub a: i32 }",
            "pub struct S { a: i32 }",
            &["major rust.struct.became-opaque S", "major rust.field.removed S::a"],
        ),
        ("pub struct S { pub a: i32 }", "pub struct S { pub a: Option<i32> }", &["major rust.field.retyped S::a"]),
        (
            "#[repr(C)] pub struct S { pub a: i32 }",
            "pub struct S { pub a: i32 }",
            &["major rust.struct.representation S"],
        ),
        ("pub struct S(pub i32);", "pub struct S(pub i32, pub i32);", &["major rust.field.added S::1"]),
        ("pub struct S(pub i32);", "pub struct S { pub a: i32 }", &["major rust.struct.reshaped S"]),
        (
            "pub struct S { pub a: i32 }",
            "pub struct S { #[doc(hidden)] pub a: i32 }",
            &["major rust.struct.became-opaque S", "major rust.field.removed S::a"],
        ),
        (
            "pub struct S { pub a: i32 }",
            "#[non_exhaustive] pub struct S { pub a: i32 }",
            &["major rust.struct.became-non-exhaustive S"],
        ),
        (
            "#[non_exhaustive] pub struct S { pub a: i32 }",
            "pub struct S { pub a: i32 }",
            &["minor rust.struct.became-exhaustive S"],
        ),
    ]);
}

#[test]
fn variants_may_come_where_nobody_can_match_them_all() {
    check([
        ("pub enum E { A }", "pub enum E { A, B }", &["major rust.variant.added E::B"]),
        (
            "#[non_exhaustive] pub enum E { A }",
            "#[non_exhaustive] pub enum E { A, B }",
            &["minor rust.variant.added E::B"],
        ),
        ("pub enum E { A, B }", "pub enum E { A }", &["major rust.variant.removed E::B"]),
        ("pub enum E { A }", "pub enum E { A(i32) }", &["major rust.variant.reshaped E::A"]),
        ("pub enum E { A(i32) }", "pub enum E { A(i64) }", &["major rust.field.retyped E::A::0"]),
        ("pub enum E { A { a: i32 } }", "pub enum E { A { a: i32, b: i32 } }", &["major rust.field.added E::A::b"]),
        (
            "pub enum E { A { a: i32 } }",
            "pub enum E { A { b: i32 } }",
            &["major rust.field.removed E::A::a", "major rust.field.added E::A::b"],
        ),
        (
            "pub enum E { A { a: i32 } }",
            "pub enum E { #[non_exhaustive] A { a: i32 } }",
            &["major rust.variant.became-non-exhaustive E::A"],
        ),
        ("pub struct S;", "pub enum S { A }", &["major rust.enum.reshaped S"]),
        (
            "#[derive(PartialEq, PartialOrd)] #[non_exhaustive] pub enum E { A, B }",
            "#[derive(PartialEq, PartialOrd)] #[non_exhaustive] pub enum E { B, C, A }",
            &["minor rust.enum.reordered E", "minor rust.variant.added E::C"],
        ),
        ("pub enum E { A, B }", "pub enum E { B, A }", &[]),
    ]);
}

#[test]
fn a_trait_is_implemented_or_not_however_it_is_written() {
    check([
        ("#[derive(Clone)] pub struct S;", "pub struct S;", &["major rust.impl.removed S"]),
        ("pub struct S;", "#[derive(Clone)] pub struct S;", &["minor rust.impl.added S"]),
        (
            "pub struct S;",
            "#[derive(Clone, Copy)] pub struct S;",
            &["minor rust.impl.added S", "major rust.impl.added S"],
        ),
        (
            "#[derive(Default)] pub struct S;",
            "pub struct S; impl ::std::default::Default for S { fn default() -> Self { S } }",
            &[],
        ),
        (
            "#[derive(Clone)] pub struct S<'a>(&'a str);",
            "pub struct S<'b>(&'b str); impl<'x> Clone for S<'x> { fn clone(&self) -> Self { S(self.0) } }",
            &["major rust.struct.generics S"],
        ),
        ("#[derive(Debug)] pub struct S<T>(T);", "#[derive(Debug)] pub struct S<U>(U);", &[]),
        (
            "pub struct S; impl From<S> for Vec<i64> { fn from(_: S) -> Self { vec![] } }",
            "pub struct S;",
            &["major rust.impl.removed S"],
        ),
        (
            "pub struct S; impl TryFrom<u8> for S { type Error = (); fn try_from(_: u8) -> Result<S, ()> { Ok(S) } }",
            "pub struct S; impl TryFrom<u8> for S { type Error = String; fn try_from(_: u8) -> Result<S, String> { Ok(S) } }",
            &["major rust.impl.retyped S"],
        ),
        ("pub struct S; struct P; impl From<P> for S { fn from(_: P) -> S { S } }", "pub struct S;", &[]),
        // What goes goes with all that it implements.
        (
            "#[derive(Clone, Debug)] pub struct S { pub a: i32 } impl S { pub fn f() {} }",
            "",
            &["major rust.struct.removed S"],
        ),
    ]);
}

#[test]
fn a_function_is_what_its_callers_see() {
    check([
        ("pub fn f(a: i32) {}", "pub fn f(mut b: i32) -> () {}", &[]),
        ("pub fn f(a: i32) {}", "pub fn f(a: i64) {}", &["major rust.function.arguments f"]),
        ("pub fn f(a: i32) {}", "pub fn f(a: i32, b: i32) {}", &["major rust.function.arguments f"]),
        ("pub fn f() {}", "pub fn f() -> i32 { 1 }", &["major rust.function.returns f"]),
        ("pub fn f() {}", "pub async fn f() {}", &["major rust.function.qualifiers f"]),
        ("pub fn f() {}", "pub const fn f() {}", &["minor rust.function.became-const f"]),
        ("pub const fn f() {}", "pub fn f() {}", &["major rust.function.lost-const f"]),
        ("pub fn f<T: Clone>(t: T) {}", "pub fn f<V>(v: V) where V: ::core::clone::Clone {}", &[]),
        ("pub fn f<T: Clone>(t: T) {}", "pub fn f<T: Copy>(t: T) {}", &["major rust.function.bounds f"]),
        ("pub fn f<T: Clone>(t: T) {}", "pub fn f<T>(t: T) {}", &["minor rust.function.bounds-relaxed f"]),
        ("pub fn f<T>(t: T) {}", "pub fn f<T: Clone>(t: T) {}", &["major rust.function.bounds f"]),
        ("pub fn f<T>(t: T) {}", "pub fn f<T, U>(t: T) {}", &["major rust.function.generics f"]),
        ("pub fn f() {}", "#[deprecated] pub fn f() {}", &["minor rust.function.deprecated f"]),
        ("#[deprecated] pub fn f() {}", "pub fn f() {}", &["patch rust.function.undeprecated f"]),
        ("pub fn f() -> i32 { 1 }", "#[must_use] pub fn f() -> i32 { 1 }", &["minor rust.function.became-must-use f"]),
        ("pub fn f() {}", "#[doc(hidden)] pub fn f() {}", &["major rust.function.removed f"]),
        ("pub fn f() {}", "/// Other words.\npub fn f() {}", &[]),
        ("pub struct S; impl S { pub fn f(self) {} }", "pub struct S; impl S { pub fn f(mut self) {} }", &[]),
        (
            "pub struct S; impl S { pub fn f(self) {} }",
            "pub struct S; impl S { pub fn f(&self) {} }",
            &["major rust.method.arguments S::f"],
        ),
        (
            "pub struct S; impl S { pub fn f(&self) {} }",
            "pub struct S; impl S { fn f(&self) {} }",
            &["major rust.method.removed S::f"],
        ),
        ("pub struct S; impl S {}", "pub struct S; impl S { pub fn f(&self) {} }", &["minor rust.method.added S::f"]),
        (
            "pub struct B; impl B { pub fn n<T>(self, t: T) -> Self where T: TryInto<String> { self } }",
            "pub struct B; impl B { pub fn n<T>(self, t: T) -> Self where T: TryInto<Option<String>> { self } }",
            &["major rust.method.bounds B::n"],
        ),
    ]);
}

#[test]
fn a_trait_may_grow_where_nobody_else_implements_it() {
    let sealed = "mod sealed { pub trait Sealed {} } pub trait T: sealed::Sealed { fn f(&self); }";
    check([
        (
            "pub trait T { fn f(&self); }",
            "pub trait T { fn f(&self); fn g(&self); }",
            &["major rust.trait-item.added T::g"],
        ),
        (
            "pub trait T { fn f(&self); }",
            "pub trait T { fn f(&self); fn g(&self) {} }",
            &["minor rust.trait-item.added T::g"],
        ),
        (
            sealed,
            "mod sealed { pub trait Sealed {} } pub trait T: sealed::Sealed { fn f(&self); fn g(&self); }",
            &["minor rust.trait-item.added T::g"],
        ),
        (sealed, "pub trait T { fn f(&self); }", &["minor rust.trait.unsealed T"]),
        ("pub trait T { fn f(&self); }", sealed, &["major rust.trait.sealed T"]),
        ("pub trait T { fn f(&self); }", "pub trait T: Send { fn f(&self); }", &["major rust.trait.supertraits T"]),
        (
            "pub trait T { fn f(&self) {} }",
            "pub trait T { fn f(&self); }",
            &["major rust.trait-item.lost-default T::f"],
        ),
        ("pub trait T { fn f(&self); }", "pub trait T {}", &["major rust.trait-item.removed T::f"]),
        ("pub trait T { fn f(&self); }", "pub unsafe trait T { fn f(&self); }", &["major rust.trait.qualifiers T"]),
        (
            sealed,
            "mod sealed { pub trait Sealed {} } pub trait T: sealed::Sealed { fn f(&self); fn g<X>(&self, x: X); }",
            &["major rust.trait.lost-dyn T", "minor rust.trait-item.added T::g"],
        ),
        (
            sealed,
            "mod sealed { pub trait Sealed {} } pub trait T: sealed::Sealed { fn f(&self); fn g() where Self: Sized; }",
            &["minor rust.trait-item.added T::g"],
        ),
        ("pub trait T { type A; }", "pub trait T { type A: Clone; }", &["major rust.trait-item.retyped T::A"]),
    ]);
}

#[test]
fn what_counts_is_where_a_name_leads() {
    check([
        ("mod m { pub struct S; } pub use m::S;", "pub struct S;", &[]),
        ("mod m { pub mod n { pub struct S; } } pub use m::n;", "pub mod n { pub struct S; }", &[]),
        ("pub use outer::A;", "pub use outer::B as A;", &["major rust.export.retyped A"]),
        ("pub use outer::A;", "", &["major rust.export.removed A"]),
        ("pub use outer::*;", "pub use other::*;", &["major rust.export.retyped *"]),
        ("pub use outer::*; pub type A = outer;", "pub use outer::*; pub type A = ::outer;", &[]),
        ("pub use r#type::B as A; pub fn r#fn(a: A) {}", "pub use r#type::B as A; pub fn r#fn(b: A) {}", &[]),
        (
            "pub mod a { pub struct S; } pub fn f() -> a::S { a::S }",
            "pub mod a { pub struct S; } use a::S; pub fn f() -> self::S { S }",
            &[],
        ),
        (
            "pub mod a { pub struct S; pub struct T; } use a::S as X; pub fn f(x: X) {}",
            "pub mod a { pub struct S; pub struct T; } use a::T as X; pub fn f(x: X) {}",
            &["major rust.function.arguments f"],
        ),
        ("pub type A = Vec<u8>;", "pub type A = std::vec::Vec<u8>;", &[]),
        ("pub type A = Vec<u8>;", "pub type A = Vec<u16>;", &["major rust.alias.retyped A"]),
        ("pub const C: &str = \"1\";", "pub const C: &str = \"2\";", &["patch rust.constant.value C"]),
        ("pub const C: u8 = 1;", "pub const C: u16 = 1;", &["major rust.constant.retyped C"]),
        ("pub mod m { pub fn f() {} }", "pub mod m {}", &["major rust.function.removed m::f"]),
        ("pub mod m {}", "mod m {}", &["major rust.module.removed m"]),
        (
            "pub mod m { pub fn f() {} }",
            "#[cfg(feature = \"x\")] pub mod m { pub fn f() {} }",
            &["major rust.module.conditions m", "major rust.function.conditions m::f"],
        ),
        ("#[cfg(feature = \"x\")] pub fn f() {}", "pub fn f() {}", &["minor rust.function.conditions-relaxed f"]),
    ]);
}

#[test]
fn what_a_type_holds_may_cost_it_an_auto_trait() {
    check([
        ("pub struct S { a: String }", "pub struct S { a: Vec<Option<i64>> }", &[]),
        ("pub struct S { a: String }", "pub struct S { a: std::rc::Rc<String> }", &["major rust.struct.auto-traits S"]),
        (
            "pub struct S { p: P } struct P { a: String }",
            "pub struct S { p: P } struct P { a: Box<dyn Fn()> }",
            &["major rust.struct.auto-traits S"],
        ),
        ("pub struct S { a: outer::A, b: i32 }", "pub struct S { a: i32, b: outer::A }", &[]),
        // A type that holds itself comes to an end.
        ("pub struct S { a: Option<Box<S>> }", "pub struct S { a: Vec<S> }", &[]),
    ]);
}

#[test]
fn a_change_shows_both_declarations_as_a_reader_writes_them() {
    let old = "pub mod types { pub struct Tag; } mod client { use crate::types; pub struct Call<'a>(&'a str);
        impl<'a> Call<'a> { pub async fn send(mut self) -> ::std::result::Result<types::Tag, ::std::fmt::Error> { todo!() } } }
        pub use client::Call;";
    let changes = compare(&code(old), &code(&old.replace("<types::Tag,", "<::std::vec::Vec<types::Tag>,")));
    assert_eq!(
        changes,
        [RustChange {
            kind: Kind { noun: Noun::Method, verb: Verb::Returns },
            path: "Call::send".to_owned(),
            old: Some("pub async fn send(self) -> Result<types::Tag, fmt::Error>".to_owned()),
            new: Some("pub async fn send(self) -> Result<Vec<types::Tag>, fmt::Error>".to_owned()),
            semver: Semver::Major,
        }]
    );
    assert_eq!(verdict(&changes), Semver::Major);
    assert_eq!(verdict(&[]), Semver::Patch);
}

#[test]
fn code_that_can_not_be_read_is_an_error() {
    for (modules, message) in [
        (&[("mod", "pub struct")][..], "the module `mod` isn't Rust: unexpected end of input, expected identifier"),
        (&[("client", "")], "there is no module `mod`, the root of the others"),
    ] {
        assert_eq!(GeneratedCode::of(modules.iter().copied()).unwrap_err().to_string(), message);
    }
}

#[test]
fn an_impl_that_differs_in_an_associated_type_alone_says_so() {
    let of = |item: &str| code(&format!("pub struct S; impl Iterator for S {{ type Item = {item}; }}"));
    let changes = compare(&of("i32"), &of("i64"));
    let shown: Vec<_> = changes.iter().map(|change| (change.old.as_deref(), change.new.as_deref())).collect();
    let line = |item: &str| format!("impl Iterator for S {{ type Item = {item} }}");
    assert_eq!(shown, [(Some(line("i32").as_str()), Some(line("i64").as_str()))]);
}
