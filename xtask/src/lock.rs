//! `Cargo.lock`, which cargo alone writes.
//!
//! Whether it fits the manifest of the client is read from it, since that is quick; cargo is run only where it doesn't,
//! and after the manifest is in place.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use semver::{Version, VersionReq};
use toml_edit::{DocumentMut, Item, TableLike};

use crate::output;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::source::file;

const LOCK: &str = "Cargo.lock";
/// The name of a manifest.
pub(crate) const MANIFEST: &str = "Cargo.toml";

/// A lock that doesn't fit the manifest of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Behind {
    /// The folder of the client.
    out: PathBuf,
    /// The root of its workspace.
    root: PathBuf,
    /// The lock's path, as messages show it.
    path: String,
    /// What it lacks, in words.
    lacks: Vec<String>,
}

impl Behind {
    /// The lock's path, as messages show it.
    #[must_use]
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What the lock lacks, a line each.
    #[must_use]
    pub(crate) fn lines(&self) -> String {
        self.lacks.iter().map(|lacks| format!("{}: lacks {lacks}\n", self.path)).collect()
    }

    /// Lets cargo bring the lock in step; what is on this machine is preferred, so that no network is needed where it
    /// is enough.
    ///
    /// # Errors
    /// A workspace that cargo can't read, and crates that it can't find.
    pub(crate) fn update(&self) -> Result<(), Problems> {
        let problem = |what: String| {
            let message = format!("Cargo.lock can't be brought in step: {what}");
            let help = "fix what cargo says, or connect to the network where it lacks a crate, and run it again; \
                        everything else is written";
            let place = Place::file(output::place(&self.out, MANIFEST).display().to_string());
            Problems::from(Diagnostic::error(Id::Lock, message, help).at(place))
        };
        let failed = |error: io::Error| problem(format!("cargo can't be run: {error}"));
        if cargo(&self.root, &["update", "--workspace", "--offline"]).map_err(failed)?.is_ok() {
            return Ok(());
        }
        // Without the network cargo complains of the network; what it says with it is what counts.
        cargo(&self.root, &["update", "--workspace"]).map_err(failed)?.map_err(problem)
    }
}

/// What the lock of the workspace around `out` lacks, by the text that the manifest in `out` is to have; `None` where
/// there is no lock, or it lacks nothing.
///
/// # Errors
/// A lock that can't be read.
pub(crate) fn behind(out: &Path, manifest: &str) -> Result<Option<Behind>, Problems> {
    let root = workspace(out);
    let shown = output::place(out, &format!("{}{LOCK}", way_up(out, &root)));
    let text = match file::text(&shown) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Diagnostic::io(&shown, "can't be read", &error).into()),
    };
    let lacks = lacks(&text, manifest);
    let path = shown.display().to_string();
    Ok((!lacks.is_empty()).then(|| Behind { out: out.to_owned(), root, path, lacks }))
}

/// What `lock` lacks of what `manifest` needs. A manifest that isn't one needs nothing: cargo says what is wrong with it.
fn lacks(lock: &str, manifest: &str) -> Vec<String> {
    let Ok(manifest) = manifest.parse::<DocumentMut>() else { return Vec::new() };
    let of_package = |key: &str| manifest.get("package").and_then(|package| package.get(key)).and_then(Item::as_str);
    let (Some(name), Some(version)) = (of_package("name"), of_package("version")) else { return Vec::new() };
    let own = || -> Option<Vec<String>> {
        let lock: DocumentMut = lock.parse().ok()?;
        let packages: Vec<Locked> = lock.get("package")?.as_array_of_tables()?.iter().filter_map(Locked::of).collect();
        let own = packages.iter().find(|package| package.is_local && package.is(name, version))?;
        let dependencies = manifest.get("dependencies").and_then(Item::as_table_like);
        let needs = dependencies.into_iter().flat_map(TableLike::iter).filter_map(|(key, item)| {
            let text = |key: &str| item.get(key).and_then(Item::as_str);
            let crate_name = text("package").unwrap_or(key);
            // A version that the workspace states is not here to be read; a path has none.
            let wanted = item.as_str().or_else(|| text("version"));
            let fits = |found: &&str| wanted.is_none_or(|wanted| matches(wanted, found));
            let fitting = own.dependencies.iter().filter_map(|line| locked_version(line, crate_name, &packages));
            let is_there = fitting.into_iter().any(|found| fits(&found));
            (!is_there).then(|| format!("`{crate_name}` {} for `{name}`", wanted.unwrap_or("of any version")))
        });
        Some(needs.collect())
    };
    own().unwrap_or_else(|| vec![format!("`{name}` {version}")])
}

/// A package of a lock.
struct Locked<'a> {
    name: &'a str,
    version: &'a str,
    /// Whether it is a member of the workspace or a path, and so not from a registry.
    is_local: bool,
    /// `name`, `name version` or `name version (source)`, as short as is clear.
    dependencies: BTreeSet<&'a str>,
}

impl<'a> Locked<'a> {
    fn of(table: &'a toml_edit::Table) -> Option<Self> {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let dependencies = table.get("dependencies").and_then(Item::as_array);
        Some(Self {
            name: text("name")?,
            version: text("version")?,
            is_local: text("source").is_none(),
            dependencies: dependencies.into_iter().flatten().filter_map(|item| item.as_str()).collect(),
        })
    }

    fn is(&self, name: &str, version: &str) -> bool {
        (self.name, self.version) == (name, version)
    }
}

/// The version that the dependency `line` stands for, if it is one on the crate `name`.
fn locked_version<'a>(line: &'a str, name: &str, packages: &[Locked<'a>]) -> Option<&'a str> {
    let mut words = line.split(' ');
    (words.next() == Some(name)).then_some(())?;
    words.next().or_else(|| packages.iter().find(|package| package.name == name).map(|package| package.version))
}

fn matches(wanted: &str, found: &str) -> bool {
    let (Ok(wanted), Ok(found)) = (VersionReq::parse(wanted), Version::parse(found)) else { return false };
    wanted.matches(&found)
}

/// Runs cargo on the workspace in `root`: its errors in one line.
fn cargo(root: &Path, arguments: &[&str]) -> io::Result<Result<(), String>> {
    // Cargo tells its subcommands which cargo ran them.
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let Output { status, stderr, .. } = Command::new(program).args(arguments).current_dir(root).output()?;
    Ok(if status.success() { Ok(()) } else { Err(in_one_line(&String::from_utf8_lossy(&stderr))) })
}

/// What cargo says in paragraphs, as the one line that a message is.
fn in_one_line(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "Caused by:");
    let errors = lines.skip_while(|line| !line.starts_with("error")).collect::<Vec<_>>().join(": ");
    let errors = errors.strip_prefix("error: ").unwrap_or(&errors);
    if errors.is_empty() { "cargo failed and didn't say why".to_owned() } else { errors.to_owned() }
}

/// The nearest folder around `out`, or itself, whose manifest is that of a workspace; else `out`.
#[must_use]
pub(crate) fn workspace(out: &Path) -> PathBuf {
    let real = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let is_root = |folder: &&Path| {
        let manifest = file::text(&folder.join(MANIFEST)).unwrap_or_default();
        manifest.parse::<DocumentMut>().is_ok_and(|manifest| manifest.get("workspace").is_some_and(Item::is_table_like))
    };
    real.ancestors().find(is_root).unwrap_or(&real).to_owned()
}

/// The way up from `folder` to its real ancestor `root`, as `..` for each step; where a link leads elsewhere, `root`.
pub(crate) fn way_up(folder: &Path, root: &Path) -> String {
    let steps = fs::canonicalize(folder).ok().and_then(|real| Some(real.strip_prefix(root).ok()?.components().count()));
    let way = "../".repeat(steps.unwrap_or_default());
    let leads_there = |way: &str| fs::canonicalize(output::place(folder, way)).is_ok_and(|found| found == root);
    if leads_there(&format!("{way}.")) { way } else { format!("{}/", root.display()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[package]\nname = \"gen\"\nversion = \"0.1.0+1\"\n[dependencies]\nhttp = \"1.2\"\n\
                            bytes.workspace = true\nother = { path = \"..\" }\nrenamed = { package = \"serde\", version = \"1\" }\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"gen\"\nversion = \"0.1.0+1\"\ndependencies = [\n \"bytes\",\n \
                        \"http 1.3.0\",\n \"other\",\n \"serde\",\n]\n\n[[package]]\nname = \"http\"\nversion = \"0.2.0\"\n\
                        source = \"r\"\n\n[[package]]\nname = \"http\"\nversion = \"1.3.0\"\nsource = \"r\"\n\n\
                        [[package]]\nname = \"bytes\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"other\"\nversion = \"0.0.0\"\n\n\
                        [[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"r\"\n";

    #[test]
    fn a_lock_is_behind_where_it_lacks_the_package_a_crate_or_its_version() {
        assert_eq!(lacks(LOCK, MANIFEST), Vec::<String>::new());
        for (lock, lacking) in [
            (LOCK.replace(" \"serde\",\n", ""), "`serde` 1 for `gen`"),
            (LOCK.replace(" \"bytes\",\n", ""), "`bytes` of any version for `gen`"),
            (LOCK.replace("\"http 1.3.0\"", "\"http 0.2.0\""), "`http` 1.2 for `gen`"),
            (LOCK.replace("0.1.0+1", "0.1.0"), "`gen` 0.1.0+1"),
            (LOCK.replace("version = \"0.1.0+1\"\n", "version = \"0.1.0+1\"\nsource = \"r\"\n"), "`gen` 0.1.0+1"),
            ("not a lock".to_owned(), "`gen` 0.1.0+1"),
        ] {
            assert_eq!(lacks(&lock, MANIFEST), [lacking], "{lock}");
        }
        assert_eq!(lacks(LOCK, "[workspace]\n"), Vec::<String>::new());
    }

    #[test]
    fn what_cargo_says_in_paragraphs_becomes_one_line() {
        let said = "    Updating x\nerror: failed to parse manifest at `/x/Cargo.toml`\n\nCaused by:\n  feature `a`\n  includes b\n";
        assert_eq!(in_one_line(said), "failed to parse manifest at `/x/Cargo.toml`: feature `a`: includes b");
        assert_eq!(in_one_line(""), "cargo failed and didn't say why");
    }
}
