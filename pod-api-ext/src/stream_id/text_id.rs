//! What all ids in Base64 have in common. A macro rather than a generic type, so that each id is a type with a name and
//! documentation of its own.

/// The methods and traits of an id that is a newtype of its held form.
macro_rules! text_id {
    ($id:ident, $expecting:literal) => {
        impl $id {
            /// The longest text that is looked at, in bytes: 1024, padding included.
            ///
            /// No limit is documented. This one is thirty times what was observed, and small enough for a URL.
            pub const MAX_LENGTH: usize = crate::stream_id::MAX_LENGTH;

            /// Reads an id in standard or URL-safe Base64, mixed too, with its padding or without.
            ///
            /// The same as `parse()` and `try_from`, by name.
            ///
            /// # Errors
            /// The text can't be Base64: see [`ParseIdError`].
            pub fn new(text: impl AsRef<[u8]>) -> Result<Self, ParseIdError> {
                parse(text.as_ref()).map(Self)
            }

            /// The id in URL-safe Base64 without padding, the form that goes into URLs and requests (M1, M2).
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Displays the id in standard Base64 with its padding, the form that the UI shows (M1).
            #[must_use]
            pub fn to_standard(&self) -> Standard<'_> {
                Standard::new(&self.0)
            }
        }

        impl FromStr for $id {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $id {
            type Error = ParseIdError;

            fn try_from(text: &str) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        /// So that a call takes an id by reference, too.
        impl From<&$id> for $id {
            fn from(id: &$id) -> Self {
                id.clone()
            }
        }

        /// Bytes from elsewhere; what isn't UTF-8 isn't an id.
        impl TryFrom<&[u8]> for $id {
            type Error = ParseIdError;

            fn try_from(text: &[u8]) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $id {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $id {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        /// A map with ids for keys can be asked with a `str`, in the held form.
        impl Borrow<str> for $id {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0.into()
            }
        }

        impl From<&$id> for String {
            fn from(id: &$id) -> Self {
                id.as_str().to_owned()
            }
        }

        /// So that the builders of the generated models take the id as it is.
        impl pod_api::support::OptionalText for $id {
            fn optional_text(self) -> Option<String> {
                Some(self.into())
            }
        }

        /// So that the builders of the generated models take the id as it is.
        impl pod_api::support::OptionalText for &$id {
            fn optional_text(self) -> Option<String> {
                Some(self.into())
            }
        }

        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $id;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$id, E> {
                        $id::new(text).map_err(E::custom)
                    }

                    fn visit_bytes<E: serde::de::Error>(self, text: &[u8]) -> Result<$id, E> {
                        $id::new(text).map_err(E::custom)
                    }
                }

                // `str`, not `string`: a format that can lend the text needn't make one of its own.
                deserializer.deserialize_str(Text)
            }
        }

        impl JsonSchema for $id {
            fn schema_name() -> Cow<'static, str> {
                stringify!($id).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($id)).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "description": concat!($expecting, "; here URL-safe and without padding"),
                    "pattern": HELD_PATTERN,
                    "minLength": 2,
                    "maxLength": Self::MAX_LENGTH,
                })
            }
        }
    };
}

pub(crate) use text_id;
