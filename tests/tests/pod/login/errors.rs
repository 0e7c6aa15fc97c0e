//! What the errors of a log-in say.

use super::*;

#[tokio::test]
async fn a_log_in_that_stays_down_ends_the_call_as_often_as_the_policy_says_and_can_be_made_again() -> Test {
    let mock = mock()?.start().await?;
    mock.fail(Endpoint::LogIn, "503:body={\"message\":\"down\"}".parse()?, 99);
    let retry = RetryPolicy::default().tries(2).first_step(Duration::ZERO);
    let pod = Pod::builder(mock.base_url())?.session_from(RsaLogin::new("bot", key()?)).retry(retry).build()?;
    let (error, message) = failure(&pod).await?;
    assert_eq!(
        message,
        "create IM: the token source gave no session token: the log-in failed (503): down; log in again later (log-in ID) \
         (trace id t, 0 tries)"
    );
    assert!(error.is_retryable() && !log_in_error(&error)?.is_final());
    assert_eq!(mock.count(Endpoint::LogIn), 2);
    Ok(())
}

#[tokio::test]
async fn a_log_in_that_asks_for_a_longer_wait_than_may_be_waited_fails_at_once() -> Test {
    let mock = mock()?.start().await?;
    mock.fail(Endpoint::LogIn, "429:retry-after=3600".parse()?, 99);
    let pod = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
    let (error, message) = failure(&pod).await?;
    assert_eq!(
        message,
        "create IM: the token source gave no session token: too many log-ins (429): A fault that the test asked for; wait \
         3600 s (log-in ID) (trace id t, 0 tries)"
    );
    assert_eq!(log_in_error(&error)?.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(mock.count(Endpoint::LogIn), 1);
    Ok(())
}

#[tokio::test]
async fn what_is_final_is_sent_once_and_says_what_to_do() -> Test {
    for (fault, expected) in [
        (
            "400",
            "the pod found the log-in invalid (400): A fault that the test asked for; see whether the pod is newer than this \
             client",
        ),
        (
            "403",
            "the log-in is forbidden (403): A fault that the test asked for; ask an administrator whether the account is \
             active and may log in so",
        ),
        ("404:no-body", "URL is no log-in (404); see whether the base URL, or the URL of the log-in, is right"),
        (
            "307:to=https://evil.example/login",
            "URL redirects to `evil.example` (307); a log-in takes no redirect: give the URL that it leads to, if it is the pod's",
        ),
        (
            "200:body={\"token\":\"S3CRET \"}",
            "the answer of URL is not that of a log-in: character 7 of the session token can't be sent in a header: only \
             visible ASCII can, so see whether there is a space or a line break around it (200); see whether the URL is right",
        ),
        (
            "200:body={\"token\":\"\"}",
            "the answer of URL is not that of a log-in: the session token is empty: see whether the log-in gave one (200); \
             see whether the URL is right",
        ),
        (
            "200:body={}",
            "the answer of URL is not that of a log-in: it has no `token` (200); see whether the URL is right",
        ),
        (
            "200:body={\"token\":[\"S3CRET\"]}",
            "the answer of URL is not that of a log-in: not such an object (line 1, column 9) (200); see whether the URL is \
             right",
        ),
        (
            "200:body=S3CRET",
            "the answer of URL is not that of a log-in: not such an object (line 1, column 1) (200); see whether the URL is \
             right",
        ),
        (
            "200:body={\"token\":\"S3CRET\",\"name\":\"keyManagerToken\"}",
            "the answer of URL is not that of a log-in: it gives a token for `keyManagerToken` instead of `sessionToken` \
             (200); see whether the URL is right",
        ),
    ] {
        let mock = mock()?.start().await?;
        mock.fail(Endpoint::LogIn, fault.parse()?, 99);
        let pod = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
        let (error, message) = failure(&pod).await?;
        let url = mock.base_url().replace("/pod", "/login/pubkey/authenticate");
        assert_eq!(
            message.replace(&url, "URL"),
            format!("create IM: the token source gave no session token: {expected} (log-in ID) (trace id t, 0 tries)")
        );
        assert!(!error.is_retryable() && log_in_error(&error)?.is_final());
        assert!(!format!("{error:?}").contains("S3CRET"), "{error:?}");
        assert_eq!(mock.requests().len(), 1, "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_none() -> Test {
    let mock = mock()?.start().await?;
    mock.fail(Endpoint::LogIn, Fault::status(StatusCode::OK).body("x".repeat(70_000)), 1);
    let (error, message) = failure(&client(&mock.base_url(), RsaLogin::new("bot", key()?))?).await?;
    assert!(message.contains("not that of a log-in: the body is longer than 65536 bytes (200)"), "{message}");
    assert_eq!(log_in_error(&error)?.status(), Some(StatusCode::OK));
    Ok(())
}

#[tokio::test]
async fn a_refusal_says_the_clock_then_the_user_name_then_the_key() -> Test {
    let mock = mock()?.start().await?;
    let (_, message) = failure(&client(&mock.base_url(), RsaLogin::new("bot\n", key()?))?).await?;
    assert_eq!(
        message,
        "create IM: the token source gave no session token: the pod refused the log-in (401): The log-in is invalid; see \
         whether (1) the clock here is right: it agrees with the pod's; (2) `bot\\n` is the user name of a service account; \
         (3) the public half of this key is the one that an administrator imported for it (log-in ID) (trace id t, 0 tries)"
    );
    assert_eq!(mock.count(Endpoint::LogIn), 1);

    let hour = Duration::from_secs(3600);
    let refused = |date: Option<SystemTime>| -> Test<Fault> {
        let fault = Fault::status(StatusCode::UNAUTHORIZED).without_body();
        let date = date.map_or("then".to_owned(), httpdate::fmt_http_date);
        Ok(fault.header(DATE, HeaderValue::try_from(date)?))
    };
    for (date, side) in [(SystemTime::now() - hour, "ahead of"), (SystemTime::now() + hour, "behind")] {
        mock.fail(Endpoint::LogIn, refused(Some(date))?, 1);
        let (_, message) = failure(&client(&mock.base_url(), RsaLogin::new("bot", key()?))?).await?;
        let seconds =
            message.split_once("it is ").and_then(|(_, rest)| rest.split_once(" s ")).ok_or("no difference")?;
        assert!((3590..=3610).contains(&seconds.0.parse::<u64>()?), "{message}");
        assert!(
            seconds.1.starts_with(&format!("{side} the pod's, and a log-in allows 150 s, so this is it; (2) ")),
            "{message}"
        );
    }
    mock.fail(Endpoint::LogIn, refused(None)?, 1);
    let (_, message) = failure(&client(&mock.base_url(), RsaLogin::new("bot", key()?))?).await?;
    assert!(
        message.contains(
            "(401); see whether (1) the clock here is right: the answer has no `Date` to compare it with; (2) "
        ),
        "{message}"
    );
    Ok(())
}

#[tokio::test]
async fn a_token_that_can_not_be_renewed_leaves_the_401_and_says_why() -> Test {
    let mock = mock()?.start().await?;
    let pod = client(&mock.base_url(), RsaLogin::new("bot", key()?))?;
    pod.create_im([1, 2]).await?;
    mock.expire_token();
    mock.fail(Endpoint::LogIn, Fault::status(StatusCode::FORBIDDEN), 1);
    let Err(Error::Unauthorized { renewal: Some(renewal), .. }) = pod.create_im([1, 2]).await else {
        return Err("a new token".into());
    };
    assert!(renewal.to_string().starts_with("the token source gave no session token: the log-in is forbidden (403)"));
    Ok(())
}

#[tokio::test]
async fn no_host_no_log_in() -> Test {
    let base_url = OneShot::closed().await?;
    let source = RsaLogin::new("bot", key()?);
    let pod = Pod::builder(&base_url)?.session_from(source).retry(RetryPolicy::never()).build()?;
    let (error, message) = failure(&pod).await?;
    let url = base_url.replace("/pod", "/login/pubkey/authenticate");
    assert_eq!(
        message.replace(&url, "URL"),
        "create IM: the token source gave no session token: no connection to URL; see whether the URL and the proxy are right \
         and the host is up (log-in ID) (trace id t, 0 tries)"
    );
    assert!(error.is_retryable());
    Ok(())
}

#[tokio::test]
async fn a_log_in_alone_says_that_it_needs_a_pod() -> Test {
    for source in [
        Box::new(RsaLogin::new("bot", key()?)) as Box<dyn TokenSource>,
        Box::new(OboLogin::for_username("app", key()?, "alice")),
    ] {
        let Err(error) = source.fetch().await else { return Err("a token".into()) };
        assert_eq!(
            error.to_string(),
            "no log-in was sent: it goes through the connections of a pod: give it to `.session_from(…)`, or call \
             `fetch_through`"
        );
    }
    Ok(())
}
