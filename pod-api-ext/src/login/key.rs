//! The RSA key of a service account or an app.

mod invalid;
mod pem;

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA512;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

pub use invalid::InvalidKey;
use invalid::Problem;

/// The longest text that is read for a key. One of 8192 bits has a tenth of it.
const LONGEST: usize = 64 << 10;

/// A private RSA key, from 2048 to 8192 bits.
///
/// It is read from PEM, in PKCS#1 (`BEGIN RSA PRIVATE KEY`) or PKCS#8 (`BEGIN PRIVATE KEY`), and not encrypted. The text may have
/// `\n` written out between its lines, as secret stores hand it out. `openssl genrsa -out bot.pem 4096` makes one, and
/// `openssl rsa -in bot.pem -pubout` its public half, which an administrator imports.
///
/// `Debug` shows nothing of it. Clones are cheap, and share it; it is overwritten when the last is dropped.
///
/// ```
/// use pod_api_ext::login::RsaKey;
///
/// let problem = RsaKey::from_pem("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----").unwrap_err();
/// assert_eq!(
///     problem.to_string(),
///     "the RSA key is the public half: the log-in signs with the private one, whose PEM begins with \
///      `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`"
/// );
/// ```
#[derive(Clone)]
pub struct RsaKey(Arc<KeyPair>);

impl RsaKey {
    /// Reads a key from a PEM file.
    ///
    /// # Errors
    /// The file can't be read, or holds no such key. The error names the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, InvalidKey> {
        let path = path.as_ref();
        read(path).and_then(|text| parse(&text)).map(Self::new).map_err(|problem| InvalidKey::in_file(problem, path))
    }

    /// Reads a key from PEM text: a `SecretString`, a `String`, which is overwritten, or a `&str`.
    ///
    /// # Errors
    /// The text is no such key.
    pub fn from_pem(pem: impl Into<SecretString>) -> Result<Self, InvalidKey> {
        parse(pem.into().expose_secret().as_bytes()).map(Self::new).map_err(InvalidKey::in_text)
    }

    fn new(key: KeyPair) -> Self {
        Self(Arc::new(key))
    }

    /// The signature of `message`: RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518, section 3.3).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CantSign> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), message, &mut signature).map_err(|_| CantSign)?;
        Ok(signature)
    }
}

/// The key signs nothing: it isn't consistent, or the system gives no random number.
#[derive(Debug)]
pub(crate) struct CantSign;

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Problem> {
    // As long as it can get, so that no part is left behind where it would grow from.
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST.saturating_add(1)));
    let limit = u64::try_from(text.capacity()).unwrap_or(u64::MAX);
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut text)).map_err(Problem::Unreadable)?;
    Ok(text)
}

fn parse(text: &[u8]) -> Result<KeyPair, Problem> {
    if text.len() > LONGEST {
        return Err(Problem::TooLong);
    }
    let text = std::str::from_utf8(text).map_err(|_| Problem::NotPem)?;
    let block = pem::private_key(text)?;
    let key = if block.is_pkcs8 { KeyPair::from_pkcs8(&block.der) } else { KeyPair::from_der(&block.der) };
    key.map_err(|rejected| match rejected.description_() {
        "TooSmall" => Problem::TooSmall,
        "TooLarge" => Problem::TooLarge,
        _ => Problem::Damaged,
    })
}

/// Nothing of it.
impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey([redacted])")
    }
}

#[cfg(test)]
mod tests;
