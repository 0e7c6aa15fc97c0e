//! Enums whose values have names: in settings, on command lines, in JSON.

/// An enum with `ALL`, a method for the name, `Display`, `FromStr`, serde, and the error of a name that it doesn't have.
///
/// `like` decides whether a text is a name. A name is written and parsed as given, whatever its variant is called.
macro_rules! names {
    (
        $(#[$meta:meta])*
        pub enum $type:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)+
        }
        $(#[$method_meta:meta])*
        pub const fn $method:ident;
        like $same:expr;
        $(#[$unknown_meta:meta])*
        pub struct $unknown:ident($of:literal);
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $type {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            $(#[$method_meta])*
            #[must_use]
            pub const fn $method(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.$method())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $unknown;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let same: fn(&str, &str) -> bool = $same;
                let found = Self::ALL.iter().find(|value| same(value.$method(), text));
                // A text of any length may come from a command line or a file.
                found.copied().ok_or_else(|| $unknown(text.chars().take(40).collect()))
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$method())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl ::serde::de::Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("the ", stringify!($method), " of ", $of))
                    }

                    fn visit_str<E: ::serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }

        $(#[$unknown_meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $unknown(String);

        impl ::std::fmt::Display for $unknown {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let names: Vec<&str> = $type::ALL.iter().map(|value| value.$method()).collect();
                let (word, names) = (stringify!($method), names.join(", "));
                write!(f, "{:?} is not the {word} of {}: use one of {names}", self.0, $of)
            }
        }

        impl ::std::error::Error for $unknown {}
    };
}

pub(crate) use names;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the enums of this crate are public")]
mod tests {
    names! {
        /// A metal.
        pub enum Metal {
            /// Fe.
            Iron = "iron",
            /// Au.
            Gold = "pure gold",
        }
        /// Its name.
        pub const fn name;
        like |name, text| name == text;
        /// Not a metal.
        pub struct UnknownMetal("a metal");
    }

    #[test]
    fn a_name_is_written_and_read_in_every_form() {
        for metal in Metal::ALL {
            assert_eq!(metal.to_string(), metal.name());
            assert_eq!(metal.name().parse(), Ok(*metal));
            let json = format!("\"{}\"", metal.name());
            assert_eq!(serde_json::to_string(metal).unwrap(), json);
            assert_eq!(serde_json::from_str::<Metal>(&json).unwrap(), *metal);
        }
        assert_eq!(format!("[{:>6}]", Metal::Iron), "[  iron]");
    }

    #[test]
    fn another_text_is_refused_with_the_names_there_are() {
        let message = |text: &str| text.parse::<Metal>().unwrap_err().to_string();
        assert_eq!(message("Iron\n"), r#""Iron\n" is not the name of a metal: use one of iron, pure gold"#);
        assert_eq!(
            message(&"é".repeat(1000)),
            format!("\"{}\" is not the name of a metal: use one of iron, pure gold", "é".repeat(40))
        );
        let json = |text: &str| serde_json::from_str::<Metal>(text).unwrap_err().to_string();
        assert_eq!(json("3"), "invalid type: integer `3`, expected the name of a metal at line 1 column 1");
        assert_eq!(
            json("\"tin\""),
            "\"tin\" is not the name of a metal: use one of iron, pure gold at line 1 column 5"
        );
    }
}
