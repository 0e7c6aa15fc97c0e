//! How a bot is tested, at a pod that runs in the process:
//!
//! ```sh
//! cargo test -p pod-api-ext --features mock --example test_your_bot
//! ```

use pod_api_ext::{Error, Pod, PrivateRoom};

/// The bot: it opens a room for a project, and says what became of it.
async fn open_room(pod: &Pod, project: &str) -> Result<&'static str, Error> {
    let Ok(room) = PrivateRoom::new(project) else { return Ok("the name is too long") };
    match pod.create_room(room.description("A project")).await {
        Ok(_) => Ok("opened"),
        Err(Error::BadRequest(_)) => Ok("there is one already"),
        Err(error) if error.is_timeout() => Ok("perhaps opened"),
        Err(error) => Err(error),
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let pod = Pod::builder("https://acme.symphony.com")?.session_from(pod_api_ext::EnvToken::new("SESSION_TOKEN"));
    println!("{}", open_room(&pod.build()?, "Project X").await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pod_api_ext::Operation::CreateRoom;
    use pod_api_ext::mock::http::StatusCode;
    use pod_api_ext::mock::{Fault, MockPod};
    use tokio::task::yield_now;
    use tokio::time::{Instant, advance, pause, resume};

    use super::*;

    type Test = Result<(), Box<dyn std::error::Error>>;

    /// A pod for each test, on a port of its own, and a client in the caller's session. Ids and dates are the same on every run.
    async fn pods() -> Result<(MockPod, Pod), Box<dyn std::error::Error>> {
        let mock = MockPod::start().await?;
        let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
        Ok((mock, pod))
    }

    #[tokio::test]
    async fn a_project_gets_one_room() -> Test {
        let (mock, pod) = pods().await?;
        assert_eq!(open_room(&pod, "Project X").await?, "opened");
        assert_eq!(open_room(&pod, "project x").await?, "there is one already");
        assert_eq!(mock.rooms().len(), 1);
        assert_eq!(mock.requests()[0].json().unwrap()["name"], "Project X");
        Ok(())
    }

    /// A clock that is paused goes on by itself when the test has nothing to do, straight to the next time-out: a pod that never
    /// answers takes no time. But one that answers would be too late, so pause the clock only once no answer is to come.
    #[tokio::test]
    async fn a_room_whose_answer_never_comes_is_not_opened_twice() -> Test {
        let (mock, pod) = pods().await?;
        mock.fail(CreateRoom, Fault::hang(), 1);
        let opening = tokio::spawn(async move { open_room(&pod, "Project X").await });
        mock.reached(CreateRoom, 1).await;
        pause();
        assert_eq!(opening.await??, "perhaps opened");
        assert_eq!(mock.count(CreateRoom), 1);
        Ok(())
    }

    /// The wait for a busy pod is one of the client's own, so the clock can be moved over it by hand.
    #[tokio::test]
    async fn a_busy_pod_is_left_alone_for_as_long_as_it_asks() -> Test {
        let (mock, pod) = pods().await?;
        mock.fail(CreateRoom, Fault::status(StatusCode::TOO_MANY_REQUESTS).retry_after(Duration::from_secs(20)), 1);
        let begun = Instant::now();
        let impatient = pod.create_room(PrivateRoom::new("A")?).retry(pod_api_ext::RetryPolicy::never()).await;
        assert!(matches!(impatient, Err(Error::RateLimited { .. })));
        pause();
        let patient = tokio::spawn(async move { open_room(&pod, "Project X").await });
        yield_now().await;
        advance(Duration::from_secs(21)).await;
        resume();
        assert_eq!(patient.await??, "opened");
        assert!(begun.elapsed() >= Duration::from_secs(20));
        Ok(())
    }
}
