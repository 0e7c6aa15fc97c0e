use super::*;

/// Made for these tests: `openssl genrsa`.
const PKCS8: &str = include_str!("../../../tests/keys/bot.pem");
const PKCS1: &str = include_str!("../../../tests/keys/bot-pkcs1.pem");

fn problem(text: &str) -> String {
    RsaKey::from_pem(text).unwrap_err().to_string()
}

fn signature(text: &str) -> Vec<u8> {
    RsaKey::from_pem(text).unwrap().sign(b"a").unwrap()
}

#[test]
fn a_key_is_read_in_every_form_that_it_is_handed_out_in() {
    let expected = signature(PKCS8);
    assert_eq!(expected.len(), 256);
    for text in [
        PKCS1.to_owned(),
        PKCS8.replace('\n', "\\n"),
        PKCS8.replace('\n', "\\r\\n"),
        PKCS8.replace('\n', "\r\n"),
        PKCS8.replace('\n', " "),
        format!("\n  {}  \n", PKCS8.trim()),
        format!("Bag Attributes\n    friendlyName: bot\n{PKCS8}"),
        format!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n{PKCS8}"),
        format!("{PKCS8}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    ] {
        assert_eq!(signature(&text), expected, "{text}");
    }
    let secret = SecretString::from(PKCS8);
    assert_eq!(RsaKey::from_pem(secret).unwrap().sign(b"a").unwrap(), expected);
}

#[test]
fn each_kind_of_unusable_key_has_its_message() {
    let pem = |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    let private = "whose PEM begins with `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`";
    let cut =
        "the RSA key is cut short: copy all of it, from the line `-----BEGIN …-----` to the line `-----END …-----`";
    let damaged = "the RSA key is damaged: what is between its first and last line isn't a key, so copy it again";
    let encrypted =
        "the RSA key is encrypted: decrypt it with `openssl rsa -in KEY`, and keep the result where secrets are kept";
    let not_rsa = "the RSA key is of another kind, such as EC: a log-in takes RSA; `openssl genrsa -out KEY 4096` makes such \
                   a key";
    let not_pem = format!(
        "the RSA key is not PEM, {private_which}: for a key in DER, `openssl rsa -inform DER -in KEY` prints the PEM",
        private_which = "which begins with `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`"
    );
    let public = format!("the RSA key is the public half: the log-in signs with the private one, {private}");
    let lines: Vec<&str> = PKCS8.lines().collect();
    let without_a_line: String =
        lines.iter().enumerate().filter(|(at, _)| *at != 7).map(|(_, line)| format!("{line}\n")).collect();
    let proc_type = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIB";
    for (text, message) in [
        ("", "the RSA key is empty: see whether the secret store or the file has it"),
        (" \n\\n ", "the RSA key is empty: see whether the secret store or the file has it"),
        ("S3CRET", &not_pem),
        (&pem("MESSAGE", "S3CRET"), &not_pem),
        (&PKCS8[..PKCS8.len() / 2], cut),
        ("-----BEGIN PRIVATE KEY", cut),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", cut),
        (&without_a_line, cut),
        (&pem("RSA PRIVATE KEY", ""), cut),
        (&pem("RSA PRIVATE KEY", "MIIBA"), cut),
        (&pem("RSA PRIVATE KEY", "S3-CRET"), damaged),
        (&pem("RSA PRIVATE KEY", "MAA="), damaged),
        (&PKCS8.replace("PRIVATE KEY", "RSA PRIVATE KEY"), damaged),
        (&pem("ENCRYPTED PRIVATE KEY", "MIIB"), encrypted),
        (&pem("RSA PRIVATE KEY", proc_type), encrypted),
        (
            &pem("OPENSSH PRIVATE KEY", "b3Bl"),
            "the RSA key is in the format of OpenSSH: `ssh-keygen -p -m PEM -f KEY` turns the file into PEM",
        ),
        (&pem("EC PRIVATE KEY", "MHcC"), not_rsa),
        (&(pem("EC PARAMETERS", "Bggq") + &pem("EC PRIVATE KEY", "MHcC")), not_rsa),
        (include_str!("../../../tests/keys/ec.pem"), not_rsa),
        (include_str!("../../../tests/keys/ed25519.pem"), not_rsa),
        (include_str!("../../../tests/keys/bot.pub.pem"), &public),
        (&pem("RSA PUBLIC KEY", "MIIB"), &public),
        ("ssh-rsa AAAA bot", &public),
        (
            &pem("CERTIFICATE", "MIIB"),
            &format!("the RSA key is a certificate: the log-in signs with a private key, {private}"),
        ),
        (
            include_str!("../../../tests/keys/small.pem"),
            "the RSA key has fewer than 2048 bits: `openssl genrsa -out KEY 4096` makes one that is safe",
        ),
        (
            &"x".repeat(LONGEST + 1),
            "the RSA key is longer than 64 KiB, and so is no key: see whether it is the right file or text",
        ),
    ] {
        assert_eq!(problem(text), message, "{}", &text[..text.len().min(200)]);
    }
}

#[test]
fn a_key_in_a_file_is_named_by_it() {
    let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
    assert!(RsaKey::from_file(format!("{keys}/bot.pem")).is_ok());
    let problem = |name: &str| RsaKey::from_file(format!("{keys}/{name}")).unwrap_err().to_string();
    assert_eq!(
        problem("ec.pem"),
        format!(
            "the RSA key in `{keys}/ec.pem` is of another kind, such as EC: a log-in takes RSA; `openssl genrsa -out KEY 4096` makes such a key"
        )
    );
    let missing = problem("no-such.pem");
    assert!(missing.starts_with(&format!("the RSA key in `{keys}/no-such.pem` can't be read: ")), "{missing}");
}

#[test]
fn neither_debug_nor_an_error_shows_the_key() {
    assert_eq!(format!("{:?}", RsaKey::from_pem(PKCS8).unwrap()), "RsaKey([redacted])");
    let error = RsaKey::from_pem("-----BEGIN PRIVATE KEY-----\nS3CRET=\n-----END PRIVATE KEY-----").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("S3CRET"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(start in "(-----BEGIN (RSA |EC )?P[A-Z]{5,6} KEY-----)?[ -~\n]{0,40}", at in 0_usize..1700, cut in 0_usize..60) {
        let _ = RsaKey::from_pem(start.as_str());
        let damaged: String = PKCS8.chars().enumerate().filter(|(index, _)| !(at..at.saturating_add(cut)).contains(index)).map(|(_, c)| c).collect();
        let _ = RsaKey::from_pem(damaged);
    }
}
