//! The program `mock_pod`, run the way its users run it.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use http::StatusCode;
use pod_api::types::{UserIdList, V3RoomAttributes};
use pod_api::{Client, Error};
use pod_api_tests::{Test, root};

fn program() -> Test<PathBuf> {
    pod_api_tests::program("mock_pod")
}

fn run(arguments: &[&str]) -> Test<Output> {
    Ok(Command::new(program()?).args(arguments).output()?)
}

/// The running program; it is killed if the test forgets it.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Test<Self> {
        let mut child = Command::new(program()?).args(arguments).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("no stdout")?;
        Ok(Self { child, lines: BufReader::new(out).lines() })
    }

    /// What follows `name` on the next line.
    pub(crate) fn value(&mut self, name: &str) -> Test<String> {
        let line = self.lines.next().ok_or("nothing more was printed")??;
        Ok(line.strip_prefix(name).ok_or_else(|| format!("{line} instead of {name}"))?.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails if the program has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_prints_its_base_url_and_a_token_and_serves() -> Test {
    let mut running = Running::start(&[])?;
    let base_url = running.value("base URL: ")?;
    let token = running.value("token: ")?;
    assert!(base_url.starts_with("http://127.0.0.1:") && base_url.ends_with("/pod"), "{base_url}");
    let client = Client::new(&base_url);
    let stream = client.v1_admin_im_create_post().session_token(&token).body(UserIdList(vec![1, 2])).send().await?;
    let id = stream.id.clone().ok_or("no id")?;
    let info = client.v1_im_id_info_get().session_token(&token).id(&id).send().await?;
    assert_eq!(info.im_system_info.as_ref().and_then(|info| info.id.as_deref()), Some(id.as_str()));
    client.v3_room_create_post().session_token(&token).send().await?;
    Ok(())
}

#[tokio::test]
async fn it_is_the_pod_that_its_options_ask_for() -> Test {
    let mut running = Running::start(&[
        "--user=1",
        "--entitlement=canCreatePublicRoom",
        "--user=2",
        "--role=none",
        "--user=3",
        "--role=compliance officer",
        "--token=T",
        "--compliance-word=insider",
        "--fault=create-room:429:retry-after=2",
        "--fault=create-room:503",
    ])?;
    let base_url = running.value("base URL: ")?;
    assert_eq!(running.value("token: ")?, "T");
    let (two, three) = (running.value("token of 2: ")?, running.value("token of 3: ")?);
    let client = Client::new(&base_url);
    let room = async |token: &str, description: &str, public: bool| {
        let mut attributes = V3RoomAttributes::default();
        attributes.description = Some(description.to_owned());
        attributes.public = Some(public);
        match client.v3_room_create_post().session_token(token).body(attributes).send().await {
            Ok(_) => Ok(200),
            Err(Error::ErrorResponse(error)) => Ok(error.status().as_u16()),
            Err(Error::UnexpectedResponse(response)) => Ok(response.status().as_u16()),
            Err(error) => Err(error.to_string()),
        }
    };
    let answers = [
        room("T", "", true).await?,
        room("T", "", true).await?,
        room("T", "", true).await?,
        room(&two, "", true).await?,
        room(&three, "Insiders", false).await?,
    ];
    assert_eq!(answers, [429, 503, 200, 403, 451]);
    let im = client.v1_admin_im_create_post().session_token("T").body(UserIdList(vec![8, 9])).send().await?;
    let id = im.id.clone().ok_or("no id")?;
    assert!(client.v1_im_id_info_get().session_token(&three).id(&id).send().await.is_ok());
    let refused = client.v1_im_id_info_get().session_token(&two).id(&id).send().await;
    assert_eq!(refused.err().and_then(|error| error.status()), Some(StatusCode::FORBIDDEN));
    Ok(())
}

#[cfg(unix)]
#[test]
fn it_ends_in_order_when_it_is_told_to() -> Test {
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&[])?;
        running.value("base URL: ")?;
        assert!(Command::new("kill").args([signal, &running.child.id().to_string()]).status()?.success());
        assert_eq!(running.child.wait()?.code(), Some(0), "{signal}");
    }
    Ok(())
}

#[test]
fn what_is_wrong_with_its_arguments_is_said() -> Test {
    let cases: [(&[&str], &str); 16] = [
        (&["--port", "80x"], "--port 80x: a port is a whole number of at most 65535"),
        (&["--port", "65536"], "--port 65536: a port is a whole number of at most 65535"),
        (&["--port"], "missing argument for option '--port'"),
        (&["--prot=1"], "invalid option '--prot'; --help lists the options"),
        (&["8080"], "unexpected argument \"8080\"; --help lists the options"),
        (&["--user", "1", "--user", "2", "--user", "1"], "--user 1: this user is there already; give each user once"),
        (&["--user", "bob"], "--user bob: 'b' at offset 0 can't be part of a user id: a user id is a whole number"),
        (
            &["--role", "Admin"],
            "--role: \"Admin\" is not the name of a role: use one of User Provisioning, Compliance Officer, Super \
             Compliance Officer, none",
        ),
        (
            &["--entitlement", "all"],
            "--entitlement all: \"all\" is not the name of an entitlement: use one of canCreatePublicRoom, \
             isExternalRoomEnabled, canCreateExternalRoomSharedHistory, User Provisioning",
        ),
        (
            &["--fault", "room:429"],
            "--fault room:429: a fault begins with an operation, for instance create-room:429: \"room\" is not the \
             name of an operation: use one of create-im, create-room, im-info, log-in, relay-log-in, app-log-in, \
             user-log-in, session-info",
        ),
        (
            &["--fault", "im-info:429:times=many"],
            "--fault im-info:429:times=many: `times=many`: the value has to be a whole number",
        ),
        (
            &["--token", "a\nb"],
            "the token can't be the value of a header: give it visible ASCII characters, without spaces around them",
        ),
        (&["--service-account", "bot"], "--service-account bot: write NAME=FILE, with the file of the public key"),
        (
            &["--service-account", "bot=Cargo.toml"],
            "`bot`: the key is no public RSA key in PEM of 2048 to 8192 bits: `openssl rsa -in KEY -pubout` prints the \
             public half of a private one",
        ),
        (
            &["--user=1", "--service-account=a=KEY", "--user=2", "--service-account=a=KEY"],
            "`a` is there already: give each once",
        ),
        (&["--compliance-word"], "missing argument for option '--compliance-word'"),
    ];
    let key = root().join("pod-api-ext/tests/keys/bot.pub.pem").display().to_string();
    for (arguments, message) in cases {
        let arguments: Vec<String> = arguments.iter().map(|argument| argument.replace("KEY", &key)).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(&arguments)?;
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("error: {message}\n"), "{arguments:?}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn a_port_that_is_taken_is_said() -> Test {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();
    let output = run(&["--port", &port])?;
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.starts_with(&format!("error: can't listen on port {port} of 127.0.0.1: ")), "{message}");
    assert!(message.ends_with(": choose another port, or 0 for any that is free\n"), "{message}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    Ok(())
}

#[test]
fn its_help_names_every_option() -> Test {
    let output = run(&["--help"])?;
    assert!(output.status.success());
    insta::assert_snapshot!(String::from_utf8(output.stdout)?);
    Ok(())
}
