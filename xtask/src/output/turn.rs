//! Two runs on one folder take turns.
//!
//! The system holds the lock and releases it when the process ends, however it ends. What is locked is an empty file in the
//! folder for temporary files, named after the folder: nothing of it lies beside what the user keeps, and a folder that
//! isn't there yet can be locked too.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::failure;
use xtask_spec::diagnostic::Problems;
use xtask_spec::source::digest;

/// How a run uses a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// It changes files there.
    Writes,
    /// It only reads them, as others may at the same time.
    Reads,
}

/// The right to use some folders, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "held, not used")] Vec<File>);

impl Turn {
    /// Waits until no other run is in the way, and says on `err` that it does.
    ///
    /// # Errors
    /// A folder that is to be written can't be locked.
    pub(crate) fn take(folders: &[(&Path, Use)], err: &mut dyn Write) -> Result<Self, Problems> {
        let mut wanted: Vec<(PathBuf, Use)> = folders.iter().map(|(folder, how)| (real(folder), *how)).collect();
        // All runs lock in one order, so that no two wait for each other; one lock a folder, the stronger one.
        wanted.sort();
        wanted.dedup_by(|later, first| later.0 == first.0);
        let mut held = Vec::new();
        for (folder, how) in wanted {
            match lock(&folder, how, err) {
                Ok(file) => held.push(file),
                // Whoever only reads gets by without.
                Err(_) if how == Use::Reads => {}
                Err(error) => return Err(failure(&folder, "can't be locked", &error)),
            }
        }
        Ok(Self(held))
    }
}

fn lock(folder: &Path, how: Use, err: &mut dyn Write) -> io::Result<File> {
    let path = env::temp_dir().join(format!("xtask-{}.lock", digest(folder.as_os_str().as_encoded_bytes())));
    // The file of another user can be read, which is enough to lock it.
    let made = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = made.or_else(|_| File::open(&path))?;
    // By the name of the trait: std has methods of the same names in Rust 1.89.
    let attempt = match how {
        Use::Writes => FileExt::try_lock(&file),
        Use::Reads => FileExt::try_lock_shared(&file),
    };
    match attempt {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Where nobody reads what is said, the lock has to do.
    let waiting = format!("waiting for another run of `cargo xtask` on {}\n", folder.display());
    let _ = err.write_all(waiting.as_bytes());
    let _ = err.flush();
    match how {
        Use::Writes => FileExt::lock(&file)?,
        Use::Reads => FileExt::lock_shared(&file)?,
    }
    Ok(file)
}

/// The folder without links, as far as it is there.
fn real(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    for there in absolute.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), absolute.strip_prefix(there)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_second_run_waits_says_so_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not there yet");
        let first = Turn::take(&[(&path, Use::Writes)], &mut Vec::new()).unwrap();
        let (said, heard) = mpsc::channel();
        thread::scope(|scope| {
            let second = scope.spawn(|| Turn::take(&[(&path, Use::Reads)], &mut Sender(said)).is_ok());
            let waiting = format!("waiting for another run of `cargo xtask` on {}\n", real(&path).display());
            assert_eq!(heard.iter().find(|said| said.ends_with('\n')), Some(waiting));
            drop(first);
            assert!(second.join().unwrap());
        });
    }

    #[test]
    fn runs_that_only_read_do_not_wait_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut said = Vec::new();
        let _first = Turn::take(&[(folder.path(), Use::Reads)], &mut said).unwrap();
        let _second = Turn::take(&[(folder.path(), Use::Reads), (&folder.path().join("a"), Use::Writes)], &mut said);
        assert_eq!(said, b"");
    }

    #[test]
    fn a_folder_that_is_named_twice_is_locked_once_for_writing() {
        let folder = tempfile::tempdir().unwrap();
        let again = folder.path().join(".");
        let mut said = Vec::new();
        drop(Turn::take(&[(folder.path(), Use::Reads), (&again, Use::Writes)], &mut said).unwrap());
        assert_eq!(said, b"");
    }

    /// What is written, handed on at each flush.
    struct Sender(mpsc::Sender<String>);

    impl Write for Sender {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
