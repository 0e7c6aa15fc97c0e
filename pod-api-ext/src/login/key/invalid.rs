//! Why a text is no key to log in with.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file or a text isn't an [`RsaKey`](super::RsaKey). It holds nothing of the text.
#[derive(Debug)]
pub struct InvalidKey {
    file: Option<PathBuf>,
    problem: Problem,
}

#[derive(Debug)]
pub(super) enum Problem {
    Unreadable(io::Error),
    Empty,
    NotPem,
    Truncated,
    Damaged,
    Encrypted,
    OpenSsh,
    NotRsa,
    Public,
    Certificate,
    TooSmall,
    TooLarge,
    TooLong,
}

impl InvalidKey {
    pub(super) fn in_file(problem: Problem, file: &Path) -> Self {
        Self { file: Some(file.to_owned()), problem }
    }

    pub(super) fn in_text(problem: Problem) -> Self {
        Self { file: None, problem }
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "the RSA key in `{}` ", file.to_string_lossy().escape_debug())?,
            None => f.write_str("the RSA key ")?,
        }
        f.write_str(match &self.problem {
            Problem::Unreadable(error) => return write!(f, "can't be read: {error}"),
            Problem::Empty => "is empty: see whether the secret store or the file has it",
            Problem::NotPem => {
                "is not PEM, which begins with `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`: for a key \
                 in DER, `openssl rsa -inform DER -in KEY` prints the PEM"
            }
            Problem::Truncated => {
                "is cut short: copy all of it, from the line `-----BEGIN …-----` to the line `-----END …-----`"
            }
            Problem::Damaged => "is damaged: what is between its first and last line isn't a key, so copy it again",
            Problem::Encrypted => {
                "is encrypted: decrypt it with `openssl rsa -in KEY`, and keep the result where secrets are kept"
            }
            Problem::OpenSsh => "is in the format of OpenSSH: `ssh-keygen -p -m PEM -f KEY` turns the file into PEM",
            Problem::NotRsa => {
                "is of another kind, such as EC: a log-in takes RSA; `openssl genrsa -out KEY 4096` makes such a key"
            }
            Problem::Public => {
                "is the public half: the log-in signs with the private one, whose PEM begins with \
                 `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`"
            }
            Problem::Certificate => {
                "is a certificate: the log-in signs with a private key, whose PEM begins with \
                 `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`"
            }
            Problem::TooSmall => "has fewer than 2048 bits: `openssl genrsa -out KEY 4096` makes one that is safe",
            Problem::TooLarge => "has more than 8192 bits: `openssl genrsa -out KEY 4096` makes one that is usual",
            Problem::TooLong => "is longer than 64 KiB, and so is no key: see whether it is the right file or text",
        })
    }
}

impl std::error::Error for InvalidKey {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Unreadable(error) => error.source(),
            _ => None,
        }
    }
}
