//! The examples of `pod-api-ext`, run as their readers run them.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use http::StatusCode;
use pod_api_ext::Operation;
use pod_api_ext::mock::{Fault, MockPod};
use pod_api_tests::{Test, program, root};

async fn run(name: &str, arguments: &[&str]) -> Test<Output> {
    let mut command = Command::new(program(name)?);
    command.args(arguments);
    Ok(tokio::task::spawn_blocking(move || command.output()).await??)
}

/// What an example prints, without what differs from run to run: ports, trace ids and times.
async fn printed(name: &str) -> Test<String> {
    let output = run(name, &[]).await?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(steady(&String::from_utf8(output.stdout)?))
}

fn steady(text: &str) -> String {
    let text = without(text, "127.0.0.1:", "PORT", |character| character.is_ascii_digit());
    let text = without(&text, "trace id ", "…", |character| character.is_ascii_hexdigit());
    without(&text, "created after ", "a while", |character| character.is_ascii_digit() || ". s".contains(character))
}

/// The text with `instead` for whatever of these characters follows `mark`.
fn without(text: &str, mark: &str, instead: &str, is_of_it: fn(char) -> bool) -> String {
    let mut parts = text.split(mark);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result += &format!("{mark}{instead}{}", part.trim_start_matches(is_of_it));
    }
    result
}

#[tokio::test]
async fn quickstart_shows_what_goes_well_and_wrong() -> Test {
    let printed = printed("quickstart").await?;
    let readme = fs::read_to_string(root().join("README.md"))?;
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split_once("```")).ok_or("nothing is shown")?.0;
    assert!(printed.contains(&steady(shown)), "the README shows what isn't printed:\n{shown}");
    insta::assert_snapshot!(printed);
    Ok(())
}

#[tokio::test]
async fn many_rooms_are_created_though_one_call_is_throttled() -> Test {
    assert_eq!(
        printed("many_rooms").await?,
        "40 rooms created, 0 failed\n41 requests, of which 1 was throttled\nthe pause was kept: true\n"
    );
    Ok(())
}

#[tokio::test]
async fn an_operation_without_a_method_is_called_by_its_safety() -> Test {
    assert_eq!(
        printed("custom_operation").await?,
        "after 2 tries: Some(true)\n\
         v1_im_id_info_get: the pod, or a gateway before it, failed (502): A fault that the test asked for; see whether it \
         acted before the call is made again (code 502, trace id …, 1 try)\n"
    );
    Ok(())
}

/// The bot's pod, its arguments, and the folder that holds its wishes.
async fn bot(wishes: &str) -> Test<(MockPod, [String; 4], tempfile::TempDir)> {
    let keys = root().join("pod-api-ext/tests/keys");
    let public = fs::read_to_string(keys.join("bot.pub.pem"))?;
    let mock = MockPod::builder().service_account("bot", public).compliance_word("insider").start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("wishes.txt");
    fs::write(&file, wishes)?;
    let paths = [keys.join("bot.pem"), file].map(|path| path.display().to_string());
    let [key, file] = paths;
    let arguments = [mock.base_url(), "bot".to_owned(), key, file];
    Ok((mock, arguments, folder))
}

#[tokio::test]
async fn the_bot_handles_each_kind_of_error_in_its_own_way() -> Test {
    let (mock, arguments, _folder) = bot(
        "im 1 2\nroom Project X\nplease a room\nroom project  x\nroom insider\nim 3 3\nroom Lost\nim 5 6\nroom Late\nroom Never\n",
    )
    .await?;
    // The third and the fourth room that reach the pod: the others are answered as they should be.
    let fine = || Fault::delay(Duration::ZERO);
    mock.fail(Operation::CreateRoom, fine(), 3);
    mock.fail(Operation::CreateRoom, Fault::reset().after_acting(), 1);
    mock.fail(
        Operation::CreateRoom,
        Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(60)),
        1,
    );
    let arguments = arguments.each_ref().map(String::as_str);
    let output = run("bot", &arguments).await?;
    let log = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert_eq!(String::from_utf8(output.stdout)?, "room Late\nroom Never\n", "what is left for another run");
    let own: String =
        log.lines().filter(|line| line.contains(" bot: ")).map(|line| format!("{}\n", line.trim())).collect();
    insta::assert_snapshot!(steady(&own));
    assert_eq!((mock.rooms().len(), mock.ims().len()), (2, 2));
    Ok(())
}

#[tokio::test]
async fn a_bot_that_gets_no_session_ends_with_the_reason() -> Test {
    let (mock, mut arguments, _folder) = bot("room Project X\nroom Project Y\n").await?;
    arguments[1] = "other".to_owned();
    let output = run("bot", &arguments.each_ref().map(String::as_str)).await?;
    let log = String::from_utf8(output.stderr)?;
    assert_eq!((output.status.code(), mock.rooms().len()), (Some(1), 0), "{log}");
    assert!(log.contains("ERROR bot: room Project X: create room: the token source gave no session token: the pod refused the log-in (401): "), "{log}");
    assert_eq!(String::from_utf8(output.stdout)?, "room Project X\nroom Project Y\n");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_stops_the_bot_and_the_wishes_that_are_left_are_printed() -> Test {
    let (mock, arguments, _folder) = bot("room Project X\nroom Project Y\n").await?;
    mock.fail(Operation::CreateRoom, Fault::hang(), 1);
    let child = Command::new(program("bot")?).args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    mock.reached(Operation::CreateRoom, 1).await;
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status()?.success());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
    assert_eq!(String::from_utf8(output.stdout)?, "room Project Y\n");
    let log = String::from_utf8(output.stderr)?;
    assert!(log.contains("stopped; see whether this is done: room Project X\n"), "{log}");
    assert_eq!(output.status.code(), Some(1), "{log}");
    Ok(())
}
