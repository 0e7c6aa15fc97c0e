//! PEM (RFC 7468), read leniently where it is only the form: white space, the length of lines, a written-out `\n`, and text
//! before and after.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;

use super::invalid::Problem;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017, appendix A.1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// How far into a PKCS#8 structure its algorithm can be.
const HEAD: usize = 32;

/// A private key in DER.
pub(super) struct Block {
    /// PKCS#8 (RFC 5958), or else PKCS#1 (RFC 8017).
    pub(super) is_pkcs8: bool,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The private RSA key in `text`, or why there is none.
pub(super) fn private_key(text: &str) -> Result<Block, Problem> {
    let text = with_line_breaks(text);
    let mut rest = text.as_str();
    let mut other = None;
    while let Some((_, begun)) = rest.split_once("-----BEGIN ") {
        let Some((label, body)) = begun.split_once("-----") else { return Err(Problem::Truncated) };
        let end = Zeroizing::new(format!("-----END {label}-----"));
        let whole = body.split_once(end.as_str());
        let problem = match label {
            "PRIVATE KEY" | "RSA PRIVATE KEY" => {
                let (body, _) = whole.ok_or(Problem::Truncated)?;
                return block(label == "PRIVATE KEY", body);
            }
            "ENCRYPTED PRIVATE KEY" => Problem::Encrypted,
            "OPENSSH PRIVATE KEY" => Problem::OpenSsh,
            "PUBLIC KEY" | "RSA PUBLIC KEY" | "SSH2 PUBLIC KEY" => Problem::Public,
            "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Problem::Certificate,
            _ if label.ends_with("PRIVATE KEY") || label.ends_with("PARAMETERS") => Problem::NotRsa,
            _ => Problem::NotPem,
        };
        // A certificate may come before its key, and parameters come before theirs.
        other = other.or(Some(problem));
        rest = whole.map_or("", |(_, after)| after);
    }
    Err(other.unwrap_or(if text.trim().is_empty() {
        Problem::Empty
    } else if text.trim_start().starts_with("ssh-rsa ") {
        Problem::Public
    } else {
        Problem::NotPem
    }))
}

/// `text` with the line breaks that are written out in it. It is made in one piece, so that no part of it is left behind where
/// it would grow from.
fn with_line_breaks(text: &str) -> Zeroizing<String> {
    let mut real = Zeroizing::new(String::with_capacity(text.len()));
    for (index, line) in text.split("\\n").enumerate() {
        if index > 0 {
            real.push('\n');
        }
        real.extend(line.split("\\r"));
    }
    real
}

fn block(is_pkcs8: bool, body: &str) -> Result<Block, Problem> {
    // The traditional encryption says so in a header (RFC 1421, section 4.6).
    if body.contains("ENCRYPTED") {
        return Err(Problem::Encrypted);
    }
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    base64.extend(body.chars().filter(|c| !c.is_whitespace()));
    let mut der = Zeroizing::new(vec![0; base64.len()]);
    let length = BASE64.decode_slice(base64.as_bytes(), &mut der).map_err(|error| match error {
        base64::DecodeSliceError::DecodeError(base64::DecodeError::InvalidLength(_)) => Problem::Truncated,
        _ => Problem::Damaged,
    })?;
    der.truncate(length);
    if is_shorter_than_it_says(&der) {
        return Err(Problem::Truncated);
    }
    let head = der.get(..HEAD.min(der.len())).unwrap_or_default();
    if is_pkcs8 && !head.windows(RSA.len()).any(|part| part == RSA) {
        return Err(Problem::NotRsa);
    }
    Ok(Block { is_pkcs8, der })
}

/// Whether the outermost structure ends beyond its bytes (X.690, section 8.1.3).
fn is_shorter_than_it_says(der: &[u8]) -> bool {
    let (length, header) = match der {
        [_, short @ 0..=0x7f, ..] => (usize::from(*short), 2_usize),
        [_, 0x81, a, ..] => (usize::from(*a), 3),
        [_, 0x82, a, b, ..] => (usize::from(u16::from_be_bytes([*a, *b])), 4),
        // Whatever else it is, the library judges it.
        [_, _, _, _, ..] => return false,
        _ => return true,
    };
    der.len() < length.saturating_add(header)
}
