//! The one place that changes the disk, so that a test can stop a run at each of its steps.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// What a run does to the disk. Each call is a step that a run can be stopped at.
pub trait Disk {
    /// Makes a folder, and those around it; one that is there is left as it is.
    ///
    /// # Errors
    /// What the system says.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;

    /// Writes a new file, as durably as the disk makes it.
    ///
    /// # Errors
    /// What the system says; also that there is a file of this name.
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Gives a file another name in its folder; a file that has that name is replaced.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, file: &Path) -> io::Result<()>;
}

/// The disk of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        // `create_new` follows no link that somebody put there.
        let mut file = fs::File::create_new(file)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }
}
