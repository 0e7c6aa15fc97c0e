//! The second example of the README.

use httpmock::MockServer;
use pod_api::Client;
use pod_api::httpmock::{BASE_PATH, MockServerExt as _};
use pod_api::types::Stream;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    let stream = Stream::try_from(Stream::builder().id("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".to_owned()))?;
    server.v1_admin_im_create_post(|when, then| {
        when.session_token("a token");
        then.ok(&stream);
    });

    let client = Client::new(&server.url(BASE_PATH));
    let created = client.v1_admin_im_create_post().session_token("a token").body(vec![1, 2]).send().await?;
    assert_eq!(created.into_inner(), stream);
    Ok(())
}
