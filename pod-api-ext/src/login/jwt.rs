//! What a log-in signs (RFC 7519 and 7515).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::key::{CantSign, RsaKey};
use crate::SessionToken;

/// How long a JWT is valid. The pod takes one that ends within the next 300 seconds by its clock: half of that makes it
/// right for clocks that differ by as much in either direction.
pub(super) const LIFE: Duration = Duration::from_secs(150);

const HEADER: &[u8] = br#"{"alg":"RS512"}"#;

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    exp: u64,
}

/// A signed log-in. Both are secrets: header and claims can be guessed, so that the signature is as good as the whole.
pub(super) struct Jwt {
    pub(super) whole: SessionToken,
    pub(super) signature: SessionToken,
}

/// A log-in of `subject` that is signed at `now`.
pub(super) fn sign(key: &RsaKey, subject: &str, now: SystemTime) -> Result<Jwt, CantSign> {
    let exp = now.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(LIFE).as_secs();
    let claims = serde_json::to_vec(&Claims { sub: subject, exp }).map_err(|_| CantSign)?;
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())?);
    let secret = |text: String| SessionToken::new(text).map_err(|_| CantSign);
    Ok(Jwt { whole: secret(format!("{signed}.{signature}"))?, signature: secret(signature)? })
}
