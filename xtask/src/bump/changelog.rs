//! The section of the changelog.

use super::version::Versions;
use xtask_diff::{self as diff, model::Report};

const UNRELEASED: &str = "## [Unreleased]";

/// A changelog with a section on this change, the first of what isn't released yet.
pub(super) fn with_section(changelog: &str, versions: &Versions, report: &Report) -> String {
    let section = section(versions, report);
    let Some((before, after)) = changelog.split_once(UNRELEASED) else {
        // Before the newest release, or behind what stands above all of them.
        let at = changelog.find("\n## ").map_or(changelog.len(), |at| at.saturating_add(1));
        let (before, after) = changelog.split_at(at);
        let space = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
        return format!("{before}{space}{UNRELEASED}\n\n{section}{}{after}", if after.is_empty() { "" } else { "\n" });
    };
    let after = after.trim_start_matches('\n');
    format!("{before}{UNRELEASED}\n\n{section}{}{after}", if after.is_empty() { "" } else { "\n" })
}

fn section(versions: &Versions, report: &Report) -> String {
    let lines = diff::changelog(report);
    format!("### `{}` {}\n\n{lines}", versions.package, versions.new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask_diff::Side;
    use xtask_spec::fragments::Fragments;
    use xtask_spec::source::{Source, Syntax};

    fn side(version: &str) -> Side {
        let text = format!(r#"{{"openapi":"3.1.1","info":{{"title":"T","version":"{version}"}},"paths":{{}}}}"#);
        let source = Source::new("a.json", "openapi/a.json", text, Syntax::Json);
        Side::of("openapi", &Fragments::parse(vec![source], "openapi").unwrap()).unwrap()
    }

    fn changed(changelog: &str) -> String {
        let [old, new] = ["0.1.0+1.0.0", "0.1.1+1.1.0"].map(|version| version.parse().unwrap());
        let versions = Versions { package: "pod-api".to_owned(), old, new };
        with_section(changelog, &versions, &diff::compare_documents(&side("1.0.0"), &side("1.1.0")))
    }

    #[test]
    fn the_section_is_the_first_of_what_is_not_released() {
        let section =
            "### `pod-api` 0.1.1+1.1.0\n\nOther version, same content: 1.0.0 → 1.1.0, and nothing else differs.\n";
        for (changelog, expected) in [
            (
                "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A.\n",
                format!("# Changelog\n\n## [Unreleased]\n\n{section}\n### Added\n\n- A.\n"),
            ),
            ("# Changelog\n\n## [Unreleased]\n", format!("# Changelog\n\n## [Unreleased]\n\n{section}")),
            (
                "# Changelog\n\n## 0.1.0\n\n- A.\n",
                format!("# Changelog\n\n## [Unreleased]\n\n{section}\n## 0.1.0\n\n- A.\n"),
            ),
            ("# Changelog\n", format!("# Changelog\n\n## [Unreleased]\n\n{section}")),
            ("", format!("## [Unreleased]\n\n{section}")),
        ] {
            assert_eq!(changed(changelog), expected);
        }
    }
}
