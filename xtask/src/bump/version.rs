//! The version of the client, and the requirements on it.

use semver::Version;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};

/// The client's version, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    /// The name of the package.
    pub package: String,
    /// Its version until now.
    pub old: Version,
    /// Its next one.
    pub new: Version,
}

impl Versions {
    /// The requirement that others state: metadata plays no part in it.
    fn requirement(&self) -> String {
        format!("{}.{}.{}", self.new.major, self.new.minor, self.new.patch)
    }
}

/// The name and version of the package of a manifest.
///
/// # Errors
/// A manifest that is no TOML, or has no version of its own.
pub(super) fn of_package(shown: &str, text: &str) -> Result<(String, Version), Problems> {
    let wrong = |message: String| {
        let help = "a bump sets the version of the client: give its manifest a `name` and a `version` of its own";
        Problems::from(Diagnostic::error(Id::Version, message, help).at(Place::file(shown)))
    };
    let manifest: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| wrong(format!("not valid TOML: {}", error.message())))?;
    let text_of = |key: &str| {
        let item = manifest.get("package").and_then(|package| package.get(key));
        item.and_then(Item::as_str).map(str::to_owned).ok_or_else(|| wrong(format!("has no text `package.{key}`")))
    };
    let version = text_of("version")?;
    let parsed = Version::parse(&version)
        .map_err(|error| wrong(format!("`package.version` is `{version}`, which is no version: {error}")))?;
    Ok((text_of("name")?, parsed))
}

/// The manifest of the package with its new version.
pub(super) fn set(text: &str, versions: &Versions) -> Option<String> {
    let mut manifest: DocumentMut = text.parse().ok()?;
    replace(manifest.get_mut("package")?.get_mut("version")?, &versions.new.to_string())?;
    Some(manifest.to_string())
}

/// A manifest with the requirements on the package that it states beside a path; `None` where it states none.
pub(super) fn require(text: &str, versions: &Versions) -> Option<String> {
    let mut manifest: DocumentMut = text.parse().ok()?;
    let mut changed = false;
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    for kind in kinds {
        changed |= require_in(manifest.get_mut(kind), versions);
    }
    let workspace = manifest.get_mut("workspace").and_then(|workspace| workspace.get_mut("dependencies"));
    changed |= require_in(workspace, versions);
    let targets = manifest.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, target) in targets.into_iter().flat_map(TableLike::iter_mut) {
        for kind in kinds {
            changed |= require_in(target.get_mut(kind), versions);
        }
    }
    changed.then(|| manifest.to_string())
}

fn require_in(dependencies: Option<&mut Item>, versions: &Versions) -> bool {
    let mut changed = false;
    let dependencies = dependencies.and_then(Item::as_table_like_mut);
    for (key, dependency) in dependencies.into_iter().flat_map(TableLike::iter_mut) {
        let named = dependency.get("package").and_then(Item::as_str).unwrap_or(key.get()) == versions.package;
        if named
            && dependency.get("path").is_some()
            && let Some(version) = dependency.get_mut("version")
        {
            changed |= replace(version, &versions.requirement()).is_some();
        }
    }
    changed
}

/// Another text in the place of one, the space around it kept.
fn replace(item: &mut Item, text: &str) -> Option<()> {
    let value = item.as_value_mut()?;
    let decor = value.decor().clone();
    *value = Value::from(text);
    *value.decor_mut() = decor;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> Versions {
        let [old, new] = ["0.1.0+20.17.1", "0.2.0+20.18.0"].map(|version| version.parse().unwrap());
        Versions { package: "pod-api".to_owned(), old, new }
    }

    #[test]
    fn a_version_changes_and_nothing_around_it() {
        let text = "[package]\nname = \"pod-api\"\n# Why.\nversion =  \"0.1.0+20.17.1\" # so\n[lints]\n";
        assert_eq!(set(text, &versions()).unwrap(), text.replace("0.1.0+20.17.1", "0.2.0+20.18.0"));
        assert_eq!(of_package("Cargo.toml", text).unwrap(), ("pod-api".to_owned(), versions().old));
    }

    #[test]
    fn requirements_beside_a_path_follow_without_metadata() {
        for (text, expected) in [
            (
                "[workspace.dependencies]\npod-api = { path = \"pod-api\", version = \"0.1.0\" } # ours\nserde = \"1\"\n",
                Some(
                    "[workspace.dependencies]\npod-api = { path = \"pod-api\", version = \"0.2.0\" } # ours\nserde = \"1\"\n",
                ),
            ),
            (
                "[dev-dependencies.client]\npackage = \"pod-api\"\npath = \"..\"\nversion = \"0.1\"\n",
                Some("[dev-dependencies.client]\npackage = \"pod-api\"\npath = \"..\"\nversion = \"0.2.0\"\n"),
            ),
            (
                "[target.'cfg(unix)'.dependencies]\npod-api = { path = \"p\", version = \"0.1\" }\n",
                Some("[target.'cfg(unix)'.dependencies]\npod-api = { path = \"p\", version = \"0.2.0\" }\n"),
            ),
            ("[dependencies]\npod-api = \"0.1\"\n", None),
            ("[dependencies]\npod-api = { path = \"p\" }\n", None),
            ("[dependencies]\npod-api.workspace = true\n", None),
        ] {
            assert_eq!(require(text, &versions()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_manifest_without_a_version_of_its_own_is_refused() {
        for (text, message) in [
            ("[package]\nname = \"p\"\nversion.workspace = true\n", "has no text `package.version`"),
            ("[workspace]\n", "has no text `package.version`"),
            (
                "[package]\nname = \"p\"\nversion = \"1\"\n",
                "`package.version` is `1`, which is no version: unexpected end of input while parsing major version number",
            ),
        ] {
            let problems = of_package("pod-api/Cargo.toml", text).unwrap_err();
            assert_eq!(
                problems.to_string(),
                format!(
                    "pod-api/Cargo.toml: error[version]: {message}\n  help: a bump sets the version of the client: give its manifest a `name` and a `version` of its own\n\n"
                )
            );
        }
    }
}
