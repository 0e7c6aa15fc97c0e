//! Logging in on behalf of a user, and by other means.

use super::*;

#[tokio::test]
async fn an_app_acts_on_behalf_of_a_user_by_name_or_by_id() -> Test {
    let mock = mock()?.user(User::new(7).named("alice/b c")).start().await?;
    for (source, path) in [
        (OboLogin::for_username("app", key()?, "alice/b c"), "/login/pubkey/app/username/alice%2Fb%20c/authenticate"),
        (OboLogin::for_user_id("app", key()?, 7), "/login/pubkey/app/user/7/authenticate"),
    ] {
        mock.clear_requests();
        assert!(format!("{source:?}").starts_with("OboLogin"));
        let pod = client(&mock.base_url(), source)?;
        let Err(Error::Forbidden { .. }) = pod.create_im([1, 2]).await else { return Err("with alice's roles".into()) };
        let requests = mock.requests();
        let paths: Vec<&str> = requests.iter().map(Received::path).collect();
        assert_eq!(paths, ["/login/pubkey/app/authenticate", path, "/pod/v1/admin/im/create"]);
        assert_eq!((requests[0].token(), requests[1].body.len()), (None, 0));
        assert_ne!(requests[1].token(), requests[2].token());
        assert_eq!(requests[2].token(), mock.token_of(7).as_deref());
    }
    Ok(())
}

#[tokio::test]
async fn an_app_that_is_refused_says_at_which_step() -> Test {
    let mock = mock()?.start().await?;
    let start = "create IM: the token source gave no session token: the pod refused the log-in (401): ";
    let clock = "see whether (1) the clock here is right: it agrees with the pod's; (2) ";
    let (_, message) = failure(&client(&mock.base_url(), OboLogin::for_user_id("other", key()?, 7))?).await?;
    assert_eq!(
        message,
        format!(
            "{start}The log-in is invalid; {clock}`other` is the id of the app; (3) the public half of this key is the one that \
             an administrator gave the app (log-in ID) (trace id t, 0 tries)"
        )
    );
    let (_, message) = failure(&client(&mock.base_url(), OboLogin::for_username("app", key()?, "bob"))?).await?;
    assert_eq!(
        message,
        format!(
            "{start}There is no such user for the app; see whether there is a user `bob`, who has installed the app (log-in ID) \
             (trace id t, 0 tries)"
        )
    );
    mock.clear_requests();
    for (name, problem) in
        [("", "is empty: give it a value"), ("..", "is `..`, which would name another path: give it another value")]
    {
        let (_, message) = failure(&client(&mock.base_url(), OboLogin::for_username("app", key()?, name))?).await?;
        assert!(message.contains(&format!("no log-in was sent: the path parameter `username` {problem}")), "{message}");
    }
    Ok(())
}

/// As the documentation has it for certificates.
struct CertificateLogin(String);

impl TokenSource for CertificateLogin {
    fn fetch(&self) -> TokenFuture<'_> {
        Box::pin(async { Err("not alone".into()) })
    }

    fn fetch_through<'a>(&'a self, pod: &'a Connections) -> TokenFuture<'a> {
        pod.log_in(self.0.as_str())
    }
}

#[tokio::test]
async fn a_source_of_ones_own_logs_in_through_the_connections_of_the_pod() -> Test {
    let server = MockServer::start_async().await;
    let log_in = server.mock(|when, then| {
        when.method("POST").path("/sessionauth/v1/authenticate").header("user-agent", "a").body("");
        then.status(200).body(r#"{"name":"sessionToken","token":"T"}"#);
    });
    let create = server.mock(|when, then| {
        when.method("POST").path("/pod/v3/room/create").header("sessionToken", "T");
        then.status(200).body("{}");
    });
    let source = CertificateLogin(server.url("/sessionauth/v1/authenticate"));
    let pod = Pod::builder(server.base_url())?.session_from(Box::new(source)).user_agent("a").build()?;
    pod.create_room(pod_api::types::V3RoomAttributes::default()).await?;
    assert_eq!((log_in.calls(), create.calls()), (1, 1));
    Ok(())
}
