//! The crates that generated code names.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A crate that generated code may name.
struct Known {
    name: &'static str,
    version: &'static str,
    /// Whether its default features are wanted.
    default_features: bool,
    features: &'static [&'static str],
    /// Features that are wanted if this stands in the code.
    features_for: &'static [(&'static str, &'static str)],
    /// Whether only the mocks need it.
    optional: bool,
}

const PLAIN: Known =
    Known { name: "", version: "1", default_features: true, features: &[], features_for: &[], optional: false };

/// What every client needs, and what the formats and patterns of a spec bring in.
const KNOWN: &[Known] = &[
    Known { name: "base64", version: "0.23", ..PLAIN },
    Known { name: "bytes", features: &["serde"], ..PLAIN },
    Known { name: "chrono", version: "0.4", default_features: false, features: &["serde"], ..PLAIN },
    Known { name: "futures", version: "0.3", ..PLAIN },
    Known { name: "http", ..PLAIN },
    Known { name: "httpmock", version: "0.9", default_features: false, optional: true, ..PLAIN },
    Known { name: "percent-encoding", version: "2", ..PLAIN },
    Known { name: "progenitor-client", version: "0.15", ..PLAIN },
    Known { name: "rand", version: "0.10", ..PLAIN },
    Known { name: "regex", optional: true, ..PLAIN },
    Known { name: "regress", version: "0.12", ..PLAIN },
    Known {
        name: "reqwest",
        version: "0.13",
        // TLS is for the user of the client to choose; the rest of reqwest's defaults is wanted.
        default_features: false,
        features: &["charset", "http2", "json", "query", "stream", "system-proxy"],
        features_for: &[("::multipart::", "multipart")],
        ..PLAIN
    },
    Known {
        name: "schemars",
        features_for: &[("::bytes::", "bytes1"), ("::chrono::", "chrono04"), ("::uuid::", "uuid1")],
        ..PLAIN
    },
    Known { name: "serde", features: &["derive"], ..PLAIN },
    Known { name: "serde_json", ..PLAIN },
    Known { name: "uuid", features: &["serde"], ..PLAIN },
];

/// The lines of a manifest's `[dependencies]` that these texts of generated code need.
#[must_use]
pub fn lines(code: &[&str]) -> String {
    let roots: BTreeSet<&str> = code.iter().flat_map(|text| roots(text)).collect();
    let mut lines = String::new();
    for known in KNOWN.iter().filter(|known| roots.contains(known.name.replace('-', "_").as_str())) {
        // Writing to a String can't fail.
        let _ = writeln!(lines, "{} = {}", known.name, known.requirement(code));
    }
    lines
}

impl Known {
    /// What stands behind `name =` in a manifest.
    fn requirement(&self, code: &[&str]) -> String {
        let wanted = self.features_for.iter().filter(|(text, _)| code.iter().any(|code| code.contains(text)));
        let mut features: Vec<&str> =
            self.features.iter().copied().chain(wanted.map(|(_, feature)| *feature)).collect();
        features.sort_unstable();
        if self.default_features && features.is_empty() && !self.optional {
            return format!("\"{}\"", self.version);
        }
        let mut table = format!("{{ version = \"{}\"", self.version);
        if !self.default_features {
            table.push_str(", default-features = false");
        }
        if !features.is_empty() {
            let _ = write!(table, ", features = {features:?}");
        }
        if self.optional {
            table.push_str(", optional = true");
        }
        table.push_str(" }");
        table
    }
}

/// The first names of all paths in `text`: `a` of `a::b` and of `::a::b`.
fn roots(text: &str) -> BTreeSet<&str> {
    let mut roots = BTreeSet::new();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    for (colons, _) in text.match_indices("::") {
        let before = text.get(..colons).unwrap_or_default();
        let length = before.bytes().rev().take_while(|byte| is_name(*byte)).count();
        let (before, name) = before.split_at(before.len().saturating_sub(length));
        let inner = before
            .strip_suffix("::")
            .is_some_and(|before| before.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '>'));
        if !inner && !name.is_empty() {
            roots.insert(name);
        }
    }
    roots
}

const BEGIN: &str = "# BEGIN crates that src/generated/ names; kept in step by `cargo xtask generate`";
const END: &str = "# END";

/// `manifest` with `lines` in its marked block; `None` where it has no such block.
#[must_use]
pub fn in_manifest(manifest: &str, lines: &str) -> Option<String> {
    let (before, rest) = manifest.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{lines}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crates_that_are_named_are_listed() {
        let code =
            ["use progenitor_client::Error; let a: ::http::Response<()>; reqwest::http::x; xregress::y; ::uuid::Uuid"];
        assert_eq!(
            lines(&code),
            "http = \"1\"\nprogenitor-client = \"0.15\"\n\
             reqwest = { version = \"0.13\", default-features = false, features = \
             [\"charset\", \"http2\", \"json\", \"query\", \"stream\", \"system-proxy\"] }\n\
             uuid = { version = \"1\", features = [\"serde\"] }\n"
        );
        assert_eq!(lines(&["reqwest::http::x"]).lines().count(), 1);
    }

    #[test]
    fn a_manifest_is_touched_inside_its_block_only() {
        let manifest = format!("[dependencies]\na = \"1\"\n{BEGIN}\nold = \"1\"\n{END}\n[lints]\n");
        assert_eq!(
            in_manifest(&manifest, "new = \"2\"\n"),
            Some(format!("[dependencies]\na = \"1\"\n{BEGIN}\nnew = \"2\"\n{END}\n[lints]\n"))
        );
        assert_eq!(in_manifest("[dependencies]\n", "new = \"2\"\n"), None);
    }
}
