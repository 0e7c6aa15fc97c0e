//! The pipeline as a maintainer runs it, in a folder of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::cli;
use xtask::terminal::Outcome;

/// The folder of this repository.
#[must_use]
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder with the published fragments in `openapi/`, to be changed at will.
#[derive(Debug)]
pub(crate) struct Workspace(tempfile::TempDir);

/// What a run of `cargo xtask` left behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// What it printed to stdout.
    pub out: String,
    /// What it printed to stderr, without its colours, and with the folder's path left out.
    pub err: String,
}

impl Workspace {
    /// With no fragments at all.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn empty() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("openapi"))?;
        Ok(Self(folder))
    }

    /// With the frozen fragments.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn published() -> io::Result<Self> {
        let workspace = Self::empty()?;
        for name in xtask_fixtures::names()? {
            fs::copy(xtask_fixtures::folder().join(&name), workspace.fragment(&name))?;
        }
        Ok(workspace)
    }

    /// A path in the folder.
    #[must_use]
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn fragment(&self, name: &str) -> PathBuf {
        self.path("openapi").join(name)
    }

    /// Writes a fragment.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        fs::write(self.fragment(name), text)
    }

    /// A fragment's document.
    ///
    /// # Errors
    /// The disk, or a fragment that isn't JSON.
    pub(crate) fn read(&self, name: &str) -> io::Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(self.fragment(name))?)?)
    }

    /// Changes a fragment's document.
    ///
    /// # Errors
    /// The disk, or a fragment that isn't JSON.
    pub(crate) fn edit(&self, name: &str, change: impl FnOnce(&mut Value)) -> io::Result<()> {
        let mut document = self.read(name)?;
        change(&mut document);
        self.write(name, &format!("{document:#}\n"))
    }

    /// Runs `cargo xtask` with these arguments and this folder's `--openapi`.
    #[must_use]
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let folder = self.path("openapi").display().to_string();
        let arguments = ["xtask"].into_iter().chain(arguments.iter().copied()).chain(["--openapi", &folder]);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = cli::run(arguments.map(Into::into), &mut out, &mut err);
        let text = |bytes: &[u8]| anstream::adapter::strip_str(&String::from_utf8_lossy(bytes)).to_string();
        let prefix = format!("{}/", self.0.path().display());
        Run { outcome, out: text(&out), err: text(&err).replace(&prefix, "") }
    }

    /// Runs `cargo xtask generate` into this folder's `out`.
    #[must_use]
    pub(crate) fn generate(&self, arguments: &[&str]) -> Run {
        let out = self.path("out").display().to_string();
        self.run(&[&["generate", "--out", &out], arguments].concat())
    }

    /// The text of a generated file.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn generated(&self, below: &str) -> io::Result<String> {
        fs::read_to_string(self.path("out").join(below))
    }
}
