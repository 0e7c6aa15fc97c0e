//! All files of a command are put in place, or none.
//!
//! 1. The plan is written: which files change, with the digests of their texts before and after.
//! 2. Each new text is written beside the file whose place it takes.
//! 3. The plan is renamed: from here on the staging is complete, and the run is going to end as planned.
//! 4. Each new text takes its place, files of no use are removed, and the plan last of all.
//!
//! A run that is stopped before 3 has changed nothing, and the next one throws its staging away. One that is stopped later
//! is finished by the next one, before that does anything else.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use serde_json::{Value, json};

use super::disk::Disk;
use super::{Stale, failure, place};
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::source::{digest, file};

/// The plan of a staging that isn't complete.
const PLAN: &str = ".xtask-staging.incomplete";

/// The plan of a complete one.
const COMPLETE: &str = ".xtask-staging";

/// What has to be escaped in a path that is stored as text.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%').add(b'\\');

/// Where a command stages its files.
pub(crate) struct Staging<'a> {
    disk: &'a dyn Disk,
    /// Holds the plan.
    folder: &'a Path,
    /// Nothing outside these folders is touched, whatever a plan says that is found.
    within: Vec<PathBuf>,
}

/// A change of one file, as the plan has it.
struct Step {
    /// The path, seen from the folder of the plan.
    path: PathBuf,
    /// The digest of the text before; `None` where there was no file.
    old: Option<String>,
    /// The digest of the text after; `None` where the file is removed.
    new: Option<String>,
}

impl<'a> Staging<'a> {
    /// One whose plan is in `folder`, for files in `folder` and in `within`.
    #[must_use]
    pub(crate) fn new(disk: &'a dyn Disk, folder: &'a Path, within: &[&Path]) -> Self {
        let within = [folder].iter().chain(within).map(|folder| (*folder).to_owned()).collect();
        Self { disk, folder, within }
    }

    /// Whether a complete staging of a run that was stopped is there.
    #[must_use]
    pub(crate) fn is_unfinished(&self) -> bool {
        self.folder.join(COMPLETE).symlink_metadata().is_ok()
    }

    /// An error where a run that was stopped is unfinished: for commands that write nothing.
    ///
    /// # Errors
    /// It is.
    pub(crate) fn refuse_unfinished(&self) -> Result<(), Problems> {
        if !self.is_unfinished() {
            return Ok(());
        }
        let message = "a run was stopped while it put its files in place, and this command writes nothing";
        let help =
            "run the command that was stopped again, without `--check` or `--dry-run`: it puts the rest in place";
        Err(Diagnostic::error(Id::Unfinished, message, help).at(self.plan(COMPLETE)).into())
    }

    /// Puts a complete staging of a run that was stopped in place, and throws an incomplete one away. Returns how many
    /// files were planned in what it finished.
    ///
    /// # Errors
    /// A file that can't be written, or has changed since; a plan that isn't one of ours.
    pub(crate) fn finish(&self) -> Result<Option<usize>, Problems> {
        let incomplete = self.folder.join(PLAN);
        if let Some(bytes) = self.read(&incomplete)? {
            // A plan that was cut off has no text beside any file yet.
            for step in steps(&bytes).unwrap_or_default() {
                let target = self.folder.join(&step.path);
                if self.is_within(&target) {
                    self.remove(&temporary(&target))?;
                }
            }
            self.remove(&incomplete)?;
        }
        let complete = self.folder.join(COMPLETE);
        let Some(bytes) = self.read(&complete)? else { return Ok(None) };
        let Some(steps) = steps(&bytes) else {
            let help = "see what changed since the last commit, delete this file, and run the command again";
            let message = "was left by a run that was stopped, and can't be read any more";
            return Err(Diagnostic::error(Id::Unfinished, message, help).at(self.plan(COMPLETE)).into());
        };
        Problems::check(steps.iter().filter_map(|step| self.obstacle(step).transpose()).collect::<Result<_, _>>()?)?;
        self.put_in_place(&steps)?;
        Ok(Some(steps.len()))
    }

    /// Writes all of `stale`, or nothing. What is as it should be stays untouched, its modification time included.
    ///
    /// # Errors
    /// A file or folder that can't be written. Nothing has changed then, or the next run puts the rest in place.
    pub(crate) fn write(&self, stale: &[Stale]) -> Result<(), Problems> {
        if stale.is_empty() {
            return Ok(());
        }
        let failed = |path: &Path, error: &io::Error| failure(path, "can't be written", error);
        self.disk.create_folder(self.folder).map_err(|error| failed(self.folder, &error))?;
        let mut steps = Vec::with_capacity(stale.len());
        for stale in stale {
            let (path, folder) = (stale.path(), parent(stale.path()));
            if let Stale::Differs { .. } = stale {
                self.disk.create_folder(folder).map_err(|error| failed(path, &error))?;
            }
            let old = self.read(path)?.map(|bytes| digest(&bytes));
            let new = stale.new_text().map(|text| digest(text.as_bytes()));
            let path = relative(self.folder, path).map_err(|error| failed(path, &error))?;
            steps.push(Step { path, old, new });
        }
        let plan = self.folder.join(PLAN);
        let written = self.stage(&plan, &steps, stale);
        if written.is_err() {
            // As far as the disk lets us; else the next run does it.
            for stale in stale {
                let _ = self.remove(&temporary(stale.path()));
            }
            let _ = self.remove(&plan);
        }
        written?;
        self.put_in_place(&steps)
    }

    fn stage(&self, plan: &Path, steps: &[Step], stale: &[Stale]) -> Result<(), Problems> {
        let failed = |path: &Path, error: &io::Error| failure(path, "can't be written", error);
        self.disk.write(plan, text(steps).as_bytes()).map_err(|error| failed(plan, &error))?;
        for stale in stale {
            if let Some(text) = stale.new_text() {
                let temporary = temporary(stale.path());
                self.remove(&temporary)?;
                self.disk.write(&temporary, text.as_bytes()).map_err(|error| failed(stale.path(), &error))?;
            }
        }
        let complete = self.folder.join(COMPLETE);
        self.disk.rename(plan, &complete).map_err(|error| failed(&complete, &error))
    }

    /// The last part of the way, from wherever an earlier run has come to.
    fn put_in_place(&self, steps: &[Step]) -> Result<(), Problems> {
        for step in steps {
            let target = self.target(step);
            let temporary = temporary(&target);
            let done = if step.new.is_none() {
                absent_is_fine(self.disk.remove(&target))
            } else if temporary.symlink_metadata().is_ok() {
                self.disk.rename(&temporary, &target)
            } else {
                Ok(())
            };
            done.map_err(|error| {
                let message = format!("can't be replaced: {error}");
                let help = "close what holds the file, or check its permissions, and run the command again: all files \
                            are staged, and the next run puts the rest in place before it does anything else";
                Diagnostic::error(Id::Io, message, help).at(Place::file(target.display().to_string()))
            })?;
        }
        self.remove(&self.folder.join(COMPLETE))
    }

    /// What stands in the way of a step that an earlier run planned.
    fn obstacle(&self, step: &Step) -> Result<Option<Diagnostic>, Problems> {
        let target = self.target(step);
        let give_up = format!("delete {} to give that run up", self.folder.join(COMPLETE).display());
        let said = |message: &str, help: String| {
            Some(Diagnostic::error(Id::Unfinished, message, help).at(Place::file(target.display().to_string())))
        };
        if !self.is_within(&target) {
            let message = "was to be written by a run that was stopped, but isn't in a folder of this command";
            return Ok(said(message, format!("run the command that was stopped, with its folders; or {give_up}")));
        }
        let is = |path: &Path| Ok::<_, Problems>(self.read(path)?.map(|bytes| digest(&bytes)));
        let now = is(&target)?;
        if step.new.is_some() && now == step.new {
            return Ok(None);
        }
        if now != step.old && !(step.new.is_none() && now.is_none()) {
            let message = "has changed since a run was stopped that was to replace it";
            return Ok(said(message, format!("put it back as it was, and run the command again; or {give_up}")));
        }
        if step.new.is_some() && is(&temporary(&target))? != step.new {
            let message = "was to be written by a run that was stopped, but the text that it staged is gone";
            return Ok(said(message, format!("{give_up}, and run the command again")));
        }
        Ok(None)
    }

    fn is_within(&self, target: &Path) -> bool {
        let Ok(folder) = parent(target).canonicalize() else { return false };
        self.within.iter().filter_map(|within| within.canonicalize().ok()).any(|within| folder.starts_with(within))
    }

    fn target(&self, step: &Step) -> PathBuf {
        step.path.to_str().map_or_else(|| self.folder.join(&step.path), |path| place(self.folder, path))
    }

    fn plan(&self, name: &str) -> Place {
        Place::file(self.folder.join(name).display().to_string())
    }

    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Problems> {
        match file::bytes(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failure(path, "can't be read", &error)),
        }
    }

    /// Removes a file, if it is there.
    fn remove(&self, path: &Path) -> Result<(), Problems> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        absent_is_fine(self.disk.remove(path)).map_err(|error| failure(path, "can't be removed", &error))
    }
}

/// Writes one file: it has its old text or the new one, whenever the run is stopped.
///
/// # Errors
/// The file can't be written, or is something else than a file.
pub(crate) fn write_one(disk: &dyn Disk, file: &Path, text: &str) -> Result<(), Problems> {
    if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        let help = "name a file; without `-o` the document goes to stdout";
        let place = Place::file(file.display().to_string());
        return Err(Diagnostic::error(Id::Io, "isn't a regular file, and would be replaced by one", help)
            .at(place)
            .into());
    }
    let temporary = temporary(file);
    let written = disk
        .create_folder(parent(file))
        .and_then(|()| {
            absent_is_fine(if temporary.symlink_metadata().is_ok() { disk.remove(&temporary) } else { Ok(()) })
        })
        .and_then(|()| disk.write(&temporary, text.as_bytes()))
        .and_then(|()| disk.rename(&temporary, file));
    written.map_err(|error| {
        let _ = disk.remove(&temporary);
        failure(file, "can't be written", &error)
    })
}

/// Where the text waits that is to take the place of `target`: one name a file, so that nothing is left behind under a
/// name that nobody knows, and not longer than the file's own may be.
fn temporary(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    parent(target).join(format!(".xtask-{}.staged", digest(name.as_encoded_bytes()).get(..16).unwrap_or_default()))
}

/// The folder of a file; that of one in the current folder isn't the empty path.
fn parent(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if is_absent(&error) { Ok(()) } else { Err(error) })
}

/// `file` as seen from `folder`, both of which are there as far as their folders go: what is stored has to hold where the
/// checkout is moved, or mounted elsewhere.
fn relative(folder: &Path, file: &Path) -> io::Result<PathBuf> {
    let (from, to) = (folder.canonicalize()?, parent(file).canonicalize()?);
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(to.components().skip(shared)).collect::<PathBuf>().join(file.file_name().unwrap_or_default()))
}

/// The plan as it is stored.
fn text(steps: &[Step]) -> String {
    let file = |step: &Step| {
        let path = percent_encode(step.path.as_os_str().as_encoded_bytes(), ESCAPED).to_string();
        json!({"path": path, "old": step.old, "new": step.new})
    };
    format!("{:#}\n", json!({"files": steps.iter().map(file).collect::<Vec<_>>()}))
}

fn steps(plan: &[u8]) -> Option<Vec<Step>> {
    let plan: Value = serde_json::from_slice(plan).ok()?;
    let digest = |step: &Value, key: &str| match step.get(key)? {
        Value::Null => Some(None),
        Value::String(digest) => Some(Some(digest.clone())),
        _ => None,
    };
    let step = |step: &Value| {
        let path = PathBuf::from(os_string(percent_decode_str(step.get("path")?.as_str()?).collect())?);
        Some(Step { path, old: digest(step, "old")?, new: digest(step, "new")? })
    };
    plan.get("files")?.as_array()?.iter().map(step).collect()
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}
