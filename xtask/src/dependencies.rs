//! The crates that generated code names.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A crate that generated code may name.
struct Known {
    name: &'static str,
    /// What stands behind `name =` in a manifest.
    requirement: &'static str,
}

/// What every client needs, and what the formats and patterns of a spec bring in.
const KNOWN: &[Known] = &[
    Known { name: "base64", requirement: "\"0.23\"" },
    Known { name: "bytes", requirement: "\"1\"" },
    Known { name: "chrono", requirement: "{ version = \"0.4\", default-features = false, features = [\"serde\"] }" },
    Known { name: "futures", requirement: "\"0.3\"" },
    Known { name: "http", requirement: "\"1\"" },
    Known { name: "httpmock", requirement: "{ version = \"0.9\", default-features = false, optional = true }" },
    Known { name: "percent-encoding", requirement: "\"2\"" },
    Known { name: "progenitor-client", requirement: "\"0.15\"" },
    Known { name: "rand", requirement: "\"0.10\"" },
    Known { name: "regex", requirement: "{ version = \"1\", optional = true }" },
    Known { name: "regress", requirement: "\"0.12\"" },
    Known {
        name: "reqwest",
        requirement: "{ version = \"0.13\", default-features = false, features = \
                      [\"charset\", \"http2\", \"json\", \"query\", \"stream\", \"system-proxy\"] }",
    },
    Known { name: "schemars", requirement: "\"1\"" },
    Known { name: "serde", requirement: "{ version = \"1\", features = [\"derive\"] }" },
    Known { name: "serde_json", requirement: "\"1\"" },
    Known { name: "uuid", requirement: "{ version = \"1\", features = [\"serde\"] }" },
];

/// The lines of a manifest's `[dependencies]` that these texts of generated code need.
#[must_use]
pub fn lines(code: &[&str]) -> String {
    let roots: BTreeSet<&str> = code.iter().flat_map(|text| roots(text)).collect();
    let mut lines = String::new();
    for Known { name, requirement } in KNOWN {
        if roots.contains(name.replace('-', "_").as_str()) {
            // Writing to a String can't fail.
            let _ = writeln!(lines, "{name} = {requirement}");
        }
    }
    lines
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
