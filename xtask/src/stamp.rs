//! The memory of the last run, so that one that has nothing to do ends at once.
//!
//! A stamp is a digest of all that a run depends on and of all that it made: the sources of this program and
//! Cargo.lock (see `build.rs`), every input, and every byte of every output. A file that was edited by hand, a changed
//! polish, a leftover: each gives another digest, and the run takes its full course. Nothing but time depends on a
//! stamp; it stands beside the program in the target folder, and whoever removes it loses nothing.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::output::{self, Files, GENERATED};
use crate::summary::Counts;

/// The place of the stamp for one pair of folders.
#[derive(Debug)]
pub struct Stamp {
    file: Option<PathBuf>,
    openapi: PathBuf,
    out: PathBuf,
}

/// What is remembered of a run beside its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// What it printed of warnings.
    pub warnings: String,
    /// What it counted.
    pub counts: Counts,
}

impl Stamp {
    /// The stamp of runs from `openapi` to `out`.
    #[must_use]
    pub fn of(openapi: &Path, out: &Path) -> Self {
        let file = || {
            let folder = std::env::current_exe().ok()?.parent()?.join("xtask-stamps");
            let mut hasher = DefaultHasher::new();
            for path in [openapi, out] {
                hasher.write(fs::canonicalize(path).ok()?.as_os_str().as_encoded_bytes());
                hasher.write_u8(0);
            }
            Some(folder.join(format!("{:016x}.json", hasher.finish())))
        };
        Self { file: file(), openapi: openapi.to_owned(), out: out.to_owned() }
    }

    /// What the last run has to say again, if nothing at all has changed since.
    #[must_use]
    pub fn holds(&self) -> Option<Memory> {
        let stamp: Value = serde_json::from_str(&fs::read_to_string(self.file.as_ref()?).ok()?).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let outputs: Vec<String> = stamp.get("outputs")?.as_array()?.iter().filter_map(text).collect();
        if stamp.get("digest")?.as_str()? != self.digest(&outputs)? {
            return None;
        }
        let counts = Counts::of_json(stamp.get("counts")?)?;
        Some(Memory { warnings: text(stamp.get("warnings")?)?, counts })
    }

    /// Remembers a run that left these files behind. That it can't be remembered is no failure.
    pub fn record(&self, files: &Files, memory: &Memory) {
        let outputs: Vec<String> = files.0.iter().map(|file| file.path.clone()).collect();
        let (Some(file), Some(digest)) = (&self.file, self.digest(&outputs)) else { return };
        let stamp = json!({
            "digest": digest, "outputs": outputs, "warnings": memory.warnings, "counts": memory.counts.to_json(),
        });
        let written =
            file.parent().map(fs::create_dir_all).and_then(Result::ok).map(|()| fs::write(file, stamp.to_string()));
        if !matches!(written, Some(Ok(()))) {
            // Half a stamp doesn't parse, and so doesn't hold.
            let _ = fs::remove_file(file);
        }
    }

    /// `None` where something can't be read: the full run will say what.
    fn digest(&self, outputs: &[String]) -> Option<String> {
        let mut hasher = DefaultHasher::new();
        let mut add = |name: &str, bytes: &[u8]| {
            hasher.write_usize(name.len());
            hasher.write(name.as_bytes());
            hasher.write_usize(bytes.len());
            hasher.write(bytes);
        };
        add("xtask", env!("XTASK_SOURCES").as_bytes());
        let inputs = |name: &str| [".json", ".yaml", ".yml"].iter().any(|extension| name.ends_with(extension));
        for (name, path) in entries(&self.openapi)?.into_iter().filter(|(name, _)| inputs(name)) {
            add(&name, &fs::read(path).ok()?);
        }
        for output in outputs {
            add(output, &fs::read(output::place(&self.out, output)).ok()?);
        }
        // What else is there may be left over from another run. The manifest counts whether the run wrote it or not.
        for folder in [self.out.clone(), self.out.join(GENERATED)] {
            for name in entries(&folder)?.keys() {
                add(name, &[]);
            }
        }
        add("Cargo.toml", &fs::read(self.out.join("Cargo.toml")).unwrap_or_default());
        Some(format!("{:016x}", hasher.finish()))
    }
}

fn entries(folder: &Path) -> Option<BTreeMap<String, PathBuf>> {
    let entries = fs::read_dir(folder).ok()?;
    entries
        .map(|entry| entry.ok().map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())))
        .collect()
}
