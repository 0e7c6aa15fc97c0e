//! What nobody gets to see of a log-in.

use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;

use super::*;

/// Sends everything back that it gets.
fn echo(jwt: &str, at: usize) -> Test<Fault> {
    let (signed, signature) = jwt.rsplit_once('.').ok_or("no JWT")?;
    let spaced = jwt.replace('.', " . ");
    Ok(match at {
        0 => Fault::status(StatusCode::UNAUTHORIZED).body(json!({ "message": format!("no {jwt}") }).to_string()),
        1 => Fault::status(StatusCode::FORBIDDEN).body(format!("<b>{jwt}</b> {signature}")),
        2 => {
            Fault::status(StatusCode::NOT_FOUND).body(json!({ "message": format!("{spaced} {signature}") }).to_string())
        }
        3 => Fault::redirect(StatusCode::FOUND, &format!("https://{signature}.example/{jwt}")),
        4 => Fault::status(StatusCode::BAD_REQUEST).body(format!("{{\"message\":\"{signed}.{signature}\"}}")),
        _ => Fault::status(StatusCode::OK).body(format!("{{\"name\":\"{signature}\"}}")),
    })
}

#[tokio::test]
async fn neither_key_nor_jwt_nor_token_is_in_an_error_a_debug_or_a_log() -> Test {
    let mock = mock()?.start().await?;
    let capture = Capture::default();
    let mut shown = String::new();
    for at in 0..6 {
        // RSASSA-PKCS1-v1_5 is deterministic: the next log-in of this second sends the same JWT again.
        let first = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
        loop {
            mock.clear_requests();
            first.create_im([1, 2]).await?;
            mock.expire_token();
            first.create_im([1, 2]).await?;
            let sent = mock.requests();
            let body = sent
                .iter()
                .rfind(|it| it.endpoint == Some(Endpoint::LogIn))
                .and_then(Received::json)
                .ok_or("no log-in")?;
            let jwt = body["token"].as_str().ok_or("no JWT")?.to_owned();
            mock.clear_faults();
            mock.fail(Endpoint::LogIn, echo(&jwt, at)?, 1);
            let source = RsaLogin::new("bot", key()?);
            shown += &format!("{source:?}");
            let pod = client(&mock.base_url(), source)?;
            let result = pod.create_im([1, 2]).send().with_subscriber(capture.clone()).await;
            let requests = mock.requests();
            let last = requests.iter().rfind(|request| request.endpoint == Some(Endpoint::LogIn)).ok_or("no log-in")?;
            if last.json() == Some(body) {
                let Err(error) = result else { return Err("an IM".into()) };
                assert!(log_in_error(&error)?.is_final());
                shown += &format!(
                    "{error} {error:?} {:?} {pod:?} {requests:?}",
                    std::error::Error::source(&error).map(ToString::to_string)
                );
                break;
            }
        }
    }
    let log_ins = capture.lines().iter().filter(|line| line.contains("message=log-in status=")).count();
    assert!(log_ins >= 6, "{:?}", capture.lines());
    shown += &capture.lines().join("\n");
    assert!(shown.contains("[redacted]"), "{shown}");
    let requests = mock.requests();
    let bodies: Vec<Value> = requests.iter().filter_map(Received::json).collect();
    let mut secrets: Vec<&str> = requests.iter().filter_map(Received::token).collect();
    let pem = text("bot.pem")?;
    secrets.extend(pem.lines().filter(|line| !line.starts_with("-----")));
    let jwts = bodies.iter().filter_map(|body| body.get("token")?.as_str());
    secrets.extend(jwts.flat_map(|jwt| [jwt, jwt.rsplit_once('.').map_or(jwt, |(_, signature)| &signature[..20])]));
    assert!(secrets.len() > 25);
    for secret in secrets {
        // An error that quotes the beginning of a signature as a host lower-cases it.
        assert!(!shown.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {shown}");
    }
    Ok(())
}

/// Where in the memory of this process the bytes are that become `masked` with [`MASK`]; they are in it nowhere else.
#[cfg(target_os = "linux")]
fn in_memory(masked: &[u8]) -> Test<usize> {
    use std::io::{BufRead as _, Read as _, Seek as _, SeekFrom};

    let mut memory = std::fs::File::open("/proc/self/mem")?;
    let (first, mut found) = (masked.first().ok_or("nothing to look for")? ^ MASK, Vec::new());
    for line in std::fs::read_to_string("/proc/self/maps")?.lines() {
        let (range, rest) = line.split_once(' ').ok_or("no range")?;
        let (start, end) = range.split_once('-').ok_or("no end")?;
        let (start, end) = (u64::from_str_radix(start, 16)?, u64::from_str_radix(end, 16)?);
        let length = usize::try_from(end.saturating_sub(start))?;
        if !rest.starts_with("rw") || length > 1 << 28 {
            continue;
        }
        // What is read here would be found by the next search.
        let mut bytes = Zeroizing::new(vec![0; length]);
        memory.seek(SeekFrom::Start(start))?;
        if memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        let mut rest = bytes.as_slice();
        // What is compiled with the standard library is optimised: a search of one's own takes a minute here.
        while rest.skip_until(first)? > 0 {
            let is_it = rest
                .iter()
                .map(|byte| byte ^ MASK)
                .take(masked.len().saturating_sub(1))
                .eq(masked.iter().skip(1).copied());
            found.extend(is_it.then_some(()));
        }
    }
    Ok(found.len())
}

#[cfg(target_os = "linux")]
const MASK: u8 = 0xa5;

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_is_dropped_is_in_the_memory_no_longer() -> Test {
    let pem = text("bot.pem")?;
    // In the middle of the private exponent, which stays in the memory as long as the key.
    let line = pem.lines().nth(9).ok_or("too short")?;
    let der = STANDARD.decode(line)?;
    let number: Vec<u8> = der.iter().rev().copied().collect();
    let hidden = |bytes: &[u8]| STANDARD.encode(bytes.iter().map(|byte| byte ^ MASK).collect::<Vec<u8>>());
    let hidden = [line.as_bytes(), &der, &number].map(hidden).join(" ");
    pod_api_tests::run_with("login::secrets::in_a_memory_of_its_own", "POD_API_HIDDEN", hidden)
}

#[cfg(target_os = "linux")]
#[ignore = "needs what the test above gives it"]
#[test]
fn in_a_memory_of_its_own() -> Test {
    let hidden = std::env::var("POD_API_HIDDEN")?;
    let hidden = hidden.split(' ').map(|part| STANDARD.decode(part)).collect::<Result<Vec<_>, _>>()?;
    let count = || hidden.iter().map(|masked| in_memory(masked)).collect::<Test<Vec<usize>>>();
    let path = root().join("pod-api-ext/tests/keys/bot.pem");
    let login = RsaLogin::new("bot", RsaKey::from_file(&path)?);
    let found = count()?;
    assert!(found[..2] == [0, 0] && found[2] > 0, "text, DER, number of a key in use: {found:?}");
    drop(login);
    assert_eq!(count()?, [0, 0, 0]);
    Ok(())
}
