//! The session token: where it is kept, and what can't be one.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// The token of a session, as the log-in gave it.
///
/// It is a secret: `Debug` shows `[redacted]`, there is no `Display`, and the memory is overwritten when it is dropped.
/// (Copies that HTTP needs on the way to the pod are beyond that.)
///
/// ```
/// use pod_api_ext::SessionToken;
///
/// let token = SessionToken::try_from("eyJhbGciOi")?;
/// assert_eq!(format!("{token:?}"), "SessionToken([redacted])");
/// assert!(SessionToken::try_from("eyJhbGciOi\n").is_err());
/// # Ok::<(), pod_api_ext::pod::InvalidToken>(())
/// ```
#[derive(Clone)]
pub struct SessionToken(SecretString);

impl SessionToken {
    /// Takes `token` for a session token.
    ///
    /// # Errors
    /// It is empty, or can't travel in a header as it is.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidToken> {
        // A secret from the start, so that a refused token is overwritten as well.
        let token = SecretString::from(token.into());
        check(token.expose_secret())?;
        Ok(Self(token))
    }

    /// The token itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether both are one token.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

/// A header holds visible ASCII and spaces (RFC 9110, section 5.5), and receivers drop spaces from its ends.
fn check(token: &str) -> Result<(), InvalidToken> {
    if token.is_empty() {
        return Err(InvalidToken::Empty);
    }
    let outer_space = token.starts_with(' ') || token.ends_with(' ');
    let at = if token.starts_with(' ') { 0 } else { token.chars().count().saturating_sub(1) };
    match token.chars().position(|c| !matches!(c, ' '..='~')) {
        Some(position) => Err(InvalidToken::NotAHeader { position }),
        None if outer_space => Err(InvalidToken::NotAHeader { position: at }),
        None => Ok(()),
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken([redacted])")
    }
}

impl TryFrom<String> for SessionToken {
    type Error = InvalidToken;

    fn try_from(token: String) -> Result<Self, Self::Error> {
        Self::new(token)
    }
}

impl TryFrom<&str> for SessionToken {
    type Error = InvalidToken;

    fn try_from(token: &str) -> Result<Self, Self::Error> {
        Self::new(token)
    }
}

/// By reference, from a variable that is used again.
impl TryFrom<&String> for SessionToken {
    type Error = InvalidToken;

    fn try_from(token: &String) -> Result<Self, Self::Error> {
        Self::new(token.as_str())
    }
}

/// Why a text can't be a [`SessionToken`]. It holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidToken {
    /// There is nothing in it.
    Empty,
    /// It has a character that a header can't carry to the pod.
    NotAHeader {
        /// Which one, counted from 0.
        position: usize,
    },
}

/// So that `session` also takes a `SessionToken`.
impl From<std::convert::Infallible> for InvalidToken {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the session token is empty: see whether the log-in gave one"),
            Self::NotAHeader { position } => write!(
                f,
                "character {} of the session token can't be sent in a header: only visible ASCII can, so see whether \
                 there is a space or a line break around it",
                position.saturating_add(1)
            ),
        }
    }
}

impl std::error::Error for InvalidToken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_as_it_is() {
        for token in ["a", "eyJhbGciOi.J9-_==", "a b", "~!"] {
            assert_eq!(SessionToken::try_from(token).unwrap().expose(), token);
        }
    }

    #[test]
    fn what_a_header_cannot_carry_is_refused_with_its_place() {
        let cases = [
            ("", InvalidToken::Empty),
            ("a\n", InvalidToken::NotAHeader { position: 1 }),
            ("a\r\nX: y", InvalidToken::NotAHeader { position: 1 }),
            ("\0", InvalidToken::NotAHeader { position: 0 }),
            ("tab\t", InvalidToken::NotAHeader { position: 3 }),
            ("é", InvalidToken::NotAHeader { position: 0 }),
            ("aé", InvalidToken::NotAHeader { position: 1 }),
            ("\u{7f}", InvalidToken::NotAHeader { position: 0 }),
            (" a", InvalidToken::NotAHeader { position: 0 }),
            ("a ", InvalidToken::NotAHeader { position: 1 }),
        ];
        for (token, expected) in cases {
            assert_eq!(SessionToken::new(token).unwrap_err(), expected, "{token:?}");
        }
    }

    #[test]
    fn every_token_that_is_taken_can_be_a_header_and_no_other() {
        proptest::proptest!(|(token in "[ -~\\t\\r\\n\u{7f}é😀]{0,8}")| {
            let is_header = reqwest::header::HeaderValue::from_str(&token).is_ok() && token.is_ascii();
            let is_kept = !token.is_empty() && token.trim_matches(' ') == token && !token.contains('\t');
            proptest::prop_assert_eq!(SessionToken::new(token).is_ok(), is_header && is_kept);
        });
    }

    #[test]
    fn neither_debug_nor_an_error_shows_the_token() {
        let token = SessionToken::new("T0KEN").unwrap();
        assert_eq!(format!("{token:?} {:?}", Some(&token)), "SessionToken([redacted]) Some(SessionToken([redacted]))");
        let error = SessionToken::new("T0KEN\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "character 6 of the session token can't be sent in a header: only visible ASCII can, so see whether there is \
             a space or a line break around it"
        );
        assert!(!format!("{error:?}").contains("T0KEN"));
        assert_eq!(InvalidToken::Empty.to_string(), "the session token is empty: see whether the log-in gave one");
    }
}
