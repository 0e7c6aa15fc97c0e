//! The crates that generated code names.

use std::fmt::Write as _;

/// A crate that generated code may name.
struct Known {
    name: &'static str,
    /// What stands behind `name =` in a manifest.
    requirement: &'static str,
    /// The texts of which one has to stand in the code.
    used_by: &'static [&'static str],
}

/// What every client needs, and what the formats and patterns of a spec bring in.
const KNOWN: &[Known] = &[
    Known { name: "base64", requirement: "\"0.22\"", used_by: &["base64::"] },
    Known { name: "bytes", requirement: "\"1\"", used_by: &["bytes::"] },
    Known {
        name: "chrono",
        requirement: "{ version = \"0.4\", default-features = false, features = [\"serde\"] }",
        used_by: &["chrono::"],
    },
    Known { name: "futures", requirement: "\"0.3\"", used_by: &["futures::"] },
    Known { name: "http", requirement: "\"1\"", used_by: &["http::"] },
    Known {
        name: "httpmock",
        requirement: "{ version = \"0.9\", default-features = false, optional = true }",
        used_by: &["httpmock::"],
    },
    Known { name: "percent-encoding", requirement: "\"2\"", used_by: &["percent_encoding::"] },
    Known { name: "progenitor-client", requirement: "\"0.15\"", used_by: &["progenitor_client::"] },
    Known { name: "rand", requirement: "\"0.9\"", used_by: &["rand::"] },
    Known { name: "regex", requirement: "{ version = \"1\", optional = true }", used_by: &["regex::"] },
    Known { name: "regress", requirement: "\"0.11\"", used_by: &["regress::"] },
    Known {
        name: "reqwest",
        requirement: "{ version = \"0.13\", default-features = false, features = \
                      [\"charset\", \"http2\", \"json\", \"query\", \"stream\", \"system-proxy\"] }",
        used_by: &["reqwest::"],
    },
    Known { name: "schemars", requirement: "\"1\"", used_by: &["schemars::"] },
    Known { name: "serde", requirement: "{ version = \"1\", features = [\"derive\"] }", used_by: &["serde::"] },
    Known { name: "serde_json", requirement: "\"1\"", used_by: &["serde_json::"] },
    Known { name: "uuid", requirement: "{ version = \"1\", features = [\"serde\"] }", used_by: &["uuid::"] },
];

/// The lines of a manifest's `[dependencies]` that these texts of generated code need.
#[must_use]
pub fn lines(code: &[&str]) -> String {
    let mut lines = String::new();
    for known in KNOWN {
        if known.used_by.iter().any(|path| code.iter().any(|text| names(text, path))) {
            // Writing to a String can't fail.
            let _ = writeln!(lines, "{} = {}", known.name, known.requirement);
        }
    }
    lines
}

/// Whether `path` stands in `text` as a path of its own, and not as the end of another.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(index, _)| {
        let before = text.get(..index).unwrap_or_default();
        let mut before = before.chars().rev();
        match before.next() {
            // `::http::`, but not `reqwest::http::`.
            Some(':') => !before
                .nth(1)
                .is_some_and(|character| character.is_alphanumeric() || character == '_' || character == '>'),
            Some(character) => !(character.is_alphanumeric() || character == '_'),
            None => true,
        }
    })
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
