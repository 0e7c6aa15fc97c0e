//! How much is taken from outside. Each limit is far above what any honest specification needs, and low enough that nothing
//! fills a machine's memory.

use serde_json::Value;

/// Bytes of a file, or of what is fetched from an address: 32 MiB.
pub const FILE: usize = 32 << 20;

/// Levels of objects and lists in one another: as deep as serde_json goes, so that both syntaxes take the same documents
/// and later stages may recurse.
pub const DEPTH: usize = 127;

/// Values of a document. The aliases of YAML may multiply a small file into a huge document, and a list of nothing takes
/// many times the memory of its text.
pub const VALUES: usize = 2_000_000;

/// Bytes of all texts of a document, keys included, which aliases multiply too: 64 MiB.
pub const TEXT: usize = 64 << 20;

/// Parts of a schema, and their parts, that are looked at: a few components that name each other several times multiply to more
/// than can be counted.
pub const PARTS: usize = 256;

/// Fragments of a page, which has one endpoint or a few: places are named by copies of the page that hold one each.
pub const FRAGMENTS: usize = 64;

/// How much of [`VALUES`] and [`TEXT`] something takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    values: usize,
    text: usize,
}

impl Weight {
    /// Of one value without what is in it; `text` is its own, of a key or a scalar.
    #[must_use]
    pub fn one(text: &str) -> Self {
        Self { values: 1, text: text.len() }
    }

    /// Of a value with all that is in it.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::one(text),
            Value::Array(items) => items.iter().map(Self::of).fold(Self::one(""), Self::and),
            Value::Object(members) => members.iter().fold(Self::one(""), |sum, (key, value)| {
                let Self { values, text } = Self::of(value);
                sum.and(Self { values, text: text.saturating_add(key.len()) })
            }),
            _ => Self::one(""),
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { values: self.values.saturating_add(other.values), text: self.text.saturating_add(other.text) }
    }

    /// Without a part of it.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        Self { values: self.values.saturating_sub(part.values), text: self.text.saturating_sub(part.text) }
    }

    /// So many times.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { values: self.values.saturating_mul(times), text: self.text.saturating_mul(times) }
    }

    /// An error, in words, where it is more than is taken.
    ///
    /// # Errors
    /// What it is more than.
    pub fn check(self) -> Result<(), String> {
        if self.values > VALUES {
            return Err(format!("more than {VALUES} values"));
        }
        if self.text > TEXT {
            return Err(format!("more than {} MiB of text", TEXT >> 20));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_weighs_what_is_in_it_and_its_keys() {
        let weight = Weight::of(&json!({"key": ["é", 1, {}], "b": "abc"}));
        assert_eq!(weight, Weight { values: 6, text: 9 });
        assert_eq!(weight.times(2).without(weight), weight);
    }

    #[test]
    fn the_limits_themselves_are_taken() {
        for (values, text, said) in [
            (VALUES, TEXT, Ok(())),
            (VALUES + 1, TEXT, Err("more than 2000000 values".to_owned())),
            (VALUES, TEXT + 1, Err("more than 64 MiB of text".to_owned())),
        ] {
            assert_eq!(Weight { values, text }.check(), said);
        }
    }
}
