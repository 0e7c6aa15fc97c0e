//! Files as bytes, and no more of them than can be held.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::limits;

/// The bytes of a regular file.
///
/// # Errors
/// What the system says; that the file is something else, which might have no end; that it is larger than
/// [`limits::FILE`].
pub fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Before it is opened: a pipe without a writer can't even be opened.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it isn't a regular file"));
    }
    at_most(File::open(path)?, limits::FILE)
}

/// The text of a regular file.
///
/// # Errors
/// As [`bytes`]; and that it isn't UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path)?).map_err(|error| io::Error::other(format!("it isn't UTF-8: {}", error.utf8_error())))
}

/// All that `from` gives.
///
/// # Errors
/// What the system says, and that it is more than `limit` bytes.
pub fn at_most(from: impl io::Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::other(format!("it is larger than {} MiB, the most that is read", limit >> 20)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (length, taken) in [
            (limits::FILE, Ok(limits::FILE)),
            (limits::FILE + 1, Err("it is larger than 32 MiB, the most that is read")),
        ] {
            File::create(&path).unwrap().set_len(length as u64).unwrap();
            let read = bytes(&path).map(|bytes| bytes.len()).map_err(|error| error.to_string());
            assert_eq!(read, taken.map_err(str::to_owned));
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_device_or_a_folder_is_not_read() {
        for path in ["/dev/zero", "/"] {
            assert_eq!(bytes(Path::new(path)).unwrap_err().to_string(), "it isn't a regular file");
        }
    }
}
