use std::time::SystemTime;

use super::*;
use crate::login::RsaKey;

const KEY: &str = include_str!("../../../tests/keys/bot.pem");
const PUBLIC: &str = include_str!("../../../tests/keys/bot.pub.pem");
const NOW: u64 = 1_800_000_000;

fn now() -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_secs(NOW)).unwrap()
}

fn accounts() -> Accounts {
    let mut accounts = Accounts::default();
    let key = PublicKey::parse(PUBLIC).unwrap();
    accounts.services.insert("bot".to_owned(), (UserId::from(7), key.clone()));
    accounts.apps.insert("app".to_owned(), key);
    accounts
}

fn body(header: &str, claims: &str) -> Vec<u8> {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = RsaKey::from_pem(KEY).unwrap().sign(signed.as_bytes()).unwrap();
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    json!({ "token": token }).to_string().into_bytes()
}

fn status(body: &[u8]) -> u16 {
    accounts().service(body, now()).map_or_else(|refusal| refusal.status.as_u16(), |_| 200)
}

#[test]
fn a_log_in_may_end_within_five_minutes_by_the_clock_of_the_pod() {
    for (exp, expected) in [
        (NOW.to_string(), 200),
        ((NOW + 300).to_string(), 200),
        (format!("{NOW}.5"), 200),
        ((NOW - 1).to_string(), 401),
        ((NOW + 301).to_string(), 401),
        ("0".to_owned(), 401),
        ("1e999".to_owned(), 401),
        ("-1".to_owned(), 401),
        (format!("\"{NOW}\""), 401),
        ("null".to_owned(), 401),
    ] {
        let body = body(r#"{"alg":"RS512"}"#, &format!(r#"{{"sub":"bot","exp":{exp}}}"#));
        assert_eq!(status(&body), expected, "{exp}");
    }
}

#[test]
fn header_user_and_signature_have_to_be_right() {
    let claims = format!(r#"{{"sub":"bot","exp":{}}}"#, NOW + 9);
    assert_eq!(status(&body(r#"{"typ":"JWT","alg":"RS512"}"#, &claims)), 200);
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"RS256"}"#, r#"{"typ":"JWT"}"#, "", "[]"] {
        assert_eq!(status(&body(header, &claims)), 401, "{header}");
    }
    assert_eq!(status(&body(r#"{"alg":"RS512"}"#, &claims.replace("bot", "Bot"))), 401);
    assert_eq!(status(&body(r#"{"alg":"RS512"}"#, "{}")), 401);
    let right = String::from_utf8(body(r#"{"alg":"RS512"}"#, &claims)).unwrap();
    let other = String::from_utf8(body(r#"{"alg":"RS512"}"#, &claims.replace('}', " }"))).unwrap();
    let mixed = format!("{}.{}", right.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
    assert_eq!(status(mixed.as_bytes()), 401);
    for (body, expected) in [
        (r#"{"token":""}"#, 401),
        (r#"{"token":"a.b.c"}"#, 401),
        (r#"{"token":"..."}"#, 401),
        (r#"{"token":1}"#, 400),
        ("{}", 400),
        ("[]", 400),
        ("", 400),
    ] {
        assert_eq!(status(body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn an_app_gets_tokens_of_which_the_latest_are_valid() {
    let mut accounts = accounts();
    let body = body(r#"{"alg":"RS512"}"#, &format!(r#"{{"sub":"app","exp":{}}}"#, NOW + 9));
    let first = accounts.app(&body, now()).unwrap();
    assert_eq!(accounts.check_app(Some(&first)), Ok(()));
    for _ in 0..APP_TOKENS {
        accounts.app(&body, now()).unwrap();
    }
    assert_eq!(accounts.check_app(Some(&first)).unwrap_err().status, 401);
    assert_eq!(accounts.check_app(None).unwrap_err().status, 401);
    assert!(accounts.service(&body, now()).is_err(), "an app is no service account");
}

#[test]
fn a_public_key_is_read_and_nothing_else() {
    assert!(PublicKey::parse(&PUBLIC.replace('\n', "\r\n")).is_some());
    for text in [KEY, "", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"] {
        assert!(PublicKey::parse(text).is_none(), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_body_makes_it_panic(token in "[a-zA-Z0-9_.-]{0,40}", body in "[ -~]{0,40}") {
        status(body.as_bytes());
        status(json!({ "token": token }).to_string().as_bytes());
    }
}
