//! Who may log in, and what a log-in is answered.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::sessions;
use crate::UserId;

/// How far ahead the end of a log-in may be.
const WINDOW: Duration = Duration::from_secs(300);

/// How many tokens of apps are valid at once; a new one ends the oldest.
const APP_TOKENS: usize = 1_000;

/// The public half of an RSA key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PublicKey(Vec<u8>);

impl PublicKey {
    /// Reads PEM: `BEGIN PUBLIC KEY` (RFC 5280) or `BEGIN RSA PUBLIC KEY` (RFC 8017).
    pub(super) fn parse(pem: &str) -> Option<Self> {
        let (_, begun) = pem.split_once("-----BEGIN ")?;
        let (label, body) = begun.split_once("-----")?;
        let (body, _) = body.split_once("-----END ")?;
        let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        let der = Some(STANDARD.decode(body).ok()?).filter(|_| matches!(label, "PUBLIC KEY" | "RSA PUBLIC KEY"))?;
        // What isn't a key is told from a wrong signature by parsing alone.
        aws_lc_rs::rsa::PublicKey::from_der(&der).ok()?;
        Some(Self(der))
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, &self.0).verify(message, signature).is_ok()
    }
}

/// A public key is long, and says nothing to a reader.
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(..)")
    }
}

/// Those who log in by a key.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// By user name.
    pub(super) services: HashMap<String, (UserId, PublicKey)>,
    /// By id.
    pub(super) apps: HashMap<String, PublicKey>,
    app_tokens: AppTokens,
}

/// The latest tokens of apps. `Debug` shows none.
#[derive(Default)]
struct AppTokens(VecDeque<String>);

impl fmt::Debug for AppTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppTokens(..)")
    }
}

impl Accounts {
    /// The service account that a body logs in.
    pub(super) fn service(&self, body: &[u8], now: SystemTime) -> Result<UserId, Refusal> {
        let jwt = Jwt::of(body)?;
        let account = self.services.get(&jwt.claims.sub).filter(|(_, key)| jwt.is_valid(key, now));
        account.map(|(user, _)| *user).ok_or_else(refused)
    }

    /// A token for the app that a body logs in.
    pub(super) fn app(&mut self, body: &[u8], now: SystemTime) -> Result<String, Refusal> {
        let jwt = Jwt::of(body)?;
        if !self.apps.get(&jwt.claims.sub).is_some_and(|key| jwt.is_valid(key, now)) {
            return Err(refused());
        }
        let token = new_token()?;
        if self.app_tokens.0.len() >= APP_TOKENS {
            self.app_tokens.0.pop_front();
        }
        self.app_tokens.0.push_back(token.clone());
        Ok(token)
    }

    /// Whether a token is an app's.
    pub(super) fn check_app(&self, token: Option<&str>) -> Result<(), Refusal> {
        let is_app = self.app_tokens.0.iter().any(|known| Some(known.as_str()) == token);
        if is_app { Ok(()) } else { Err(Refusal::new(StatusCode::UNAUTHORIZED, "The app's session token is invalid")) }
    }
}

pub(super) fn new_token() -> Result<String, Refusal> {
    sessions::new_token().map_err(|error: io::Error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// The answer of a log-in.
pub(super) fn answer(name: &str, token: &str) -> Value {
    json!({ "token": token, "name": name })
}

/// For an unknown user, a key that isn't registered, a wrong signature and a wrong time alike.
fn refused() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "The log-in is invalid")
}

/// What a log-in sends, unchecked.
struct Jwt {
    claims: Claims,
    signed: String,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// RFC 7519, section 2: it may have a fraction.
    exp: f64,
}

impl Jwt {
    fn of(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad_request(format!("The body isn't JSON: {error}")))?;
        let token = body.get("token").and_then(Value::as_str);
        Self::parse(token.ok_or_else(|| Refusal::bad_request("The body needs the field token"))?).ok_or_else(refused)
    }

    fn parse(token: &str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        (header.alg == "RS512").then(|| Self { claims, signed: signed.to_owned(), signature })
    }

    fn is_valid(&self, key: &PublicKey, now: SystemTime) -> bool {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let ahead = self.claims.exp - now;
        (0.0..=WINDOW.as_secs_f64()).contains(&ahead) && key.verifies(self.signed.as_bytes(), &self.signature)
    }
}

#[cfg(test)]
mod tests;
