//! What the fuzzer and the test `robustness` share: what has to hold of any bytes as an id.

use pod_api_ext::ids::ParseIdError;
use pod_api_ext::{MessageId, Pin, StreamId, UserId};

/// Panics where a text shows the parser wrong.
pub(crate) fn check(bytes: &[u8]) {
    match StreamId::new(bytes) {
        Ok(id) => accepted(bytes, &id),
        Err(error) => refused(bytes, error),
    }
    assert_eq!(MessageId::new(bytes).map(String::from), StreamId::new(bytes).map(String::from));
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert_eq!(text.parse::<UserId>().map(i64::from).ok(), text.parse().ok());
        assert_eq!(text.parse::<Pin>().is_ok(), text.is_empty() || StreamId::new(bytes).is_ok());
    }
}

fn accepted(bytes: &[u8], id: &StreamId) {
    let text = std::str::from_utf8(bytes).expect("an id is ASCII");
    let documented = text.trim_end_matches('=').replace('/', "_").replace('+', "-");
    assert_eq!(id.as_str(), documented);
    assert_ne!(documented.len() % 4, 1);
    assert!(documented.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert!(!documented.is_empty() && text.len() <= StreamId::MAX_LENGTH);

    let standard = id.to_standard().to_string();
    assert_eq!(standard.len() % 4, 0);
    assert_eq!(standard.parse().as_ref(), Ok(id));
    assert_eq!(id.as_str().parse().as_ref(), Ok(id));
}

fn refused(bytes: &[u8], error: ParseIdError) {
    assert!(!error.to_string().is_empty());
    let body = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    match error {
        ParseIdError::Empty => assert_eq!(body, 0),
        ParseIdError::TooLong { length } => assert!(length == bytes.len() && length > StreamId::MAX_LENGTH),
        ParseIdError::Character { offset, character } => {
            assert!(bytes[..offset].iter().all(|byte| known(byte) || *byte == b'='));
            let rest = String::from_utf8_lossy(&bytes[offset..]);
            assert!(rest.starts_with(character) && !character.is_ascii_alphanumeric());
        }
        ParseIdError::MisplacedPadding { offset } => {
            assert!(bytes[offset] == b'=' && offset < body && bytes[..offset].iter().all(known));
        }
        ParseIdError::PaddingLength { found, expected } => {
            assert_eq!(found, bytes.len() - body);
            assert_eq!((body + expected) % 4, 0);
            assert_ne!(found, expected);
        }
        ParseIdError::Length { length } => assert!(length == body && length % 4 == 1),
        _ => unreachable!("every variant has its line here"),
    }
}
