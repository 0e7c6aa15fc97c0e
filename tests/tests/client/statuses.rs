//! Every operation with every status that the pages document, through the typed mocks.

use httpmock::MockServer;
use pod_api::httpmock::{BASE_PATH, MockServerExt as _};
use pod_api::types::{self, GroupItem, ImSystemInfo, RoomSystemInfo, Stream, UserIdList, V1imAttributes, V1imDetail};
use pod_api::types::{V3RoomAttributes, V3RoomDetail};
use pod_api::{Client, Error, ResponseValue};
use pod_api_tests::Test;

const TOKEN: &str = "a token";
const ID: &str = "a+b/c(==";

fn error(code: i32) -> types::Error {
    let mut error = types::Error::default();
    error.code = Some(code);
    error.message = Some(format!("message of {code}"));
    error
}

fn stream() -> Stream {
    let mut stream = Stream::default();
    stream.id = Some("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".to_owned());
    stream
}

fn attributes() -> V3RoomAttributes {
    let mut attributes = V3RoomAttributes::default();
    attributes.name = Some("Room".to_owned());
    attributes.read_only = Some(true);
    attributes
}

fn room() -> Test<V3RoomDetail> {
    let info = RoomSystemInfo::builder().id("x".to_owned()).creation_date(1_610_520_703_317).active(true);
    let group = GroupItem::builder().id(5).added_by(7);
    let detail = V3RoomDetail::builder()
        .room_attributes(attributes())
        .room_system_info(RoomSystemInfo::try_from(info)?)
        .groups(vec![GroupItem::try_from(group)?]);
    Ok(detail.try_into()?)
}

fn im() -> Test<V1imDetail> {
    let info = ImSystemInfo::builder().id("x".to_owned()).creation_date(-1).active(false);
    let attributes = V1imAttributes::builder().pinned_message_id(String::new());
    let detail = V1imDetail::builder()
        .im_system_info(ImSystemInfo::try_from(info)?)
        .v1im_attributes(V1imAttributes::try_from(attributes)?);
    Ok(detail.try_into()?)
}

fn assert_refused<T: std::fmt::Debug>(result: Result<ResponseValue<T>, Error<types::Error>>, status: u16) {
    let refused = match result {
        Err(Error::ErrorResponse(refused)) => Ok((refused.status().as_u16(), refused.into_inner())),
        other => Err(format!("{other:?}")),
    };
    assert_eq!(refused, Ok((status, error(i32::from(status)))));
}

/// Each documented refusal of an operation, with what makes the server answer it.
macro_rules! refusals {
    ($operation:ident, $($status:literal $answer:ident)*) => {{
        let refusals: &[(u16, fn(&MockServer))] = &[$(($status, |server| {
            server.$operation(|_, then| {
                then.$answer(&error($status));
            });
        })),*];
        refusals
    }};
}

#[tokio::test]
async fn creating_an_im_succeeds_with_the_stream() -> Test {
    let server = MockServer::start_async().await;
    let mock = server.v1_admin_im_create_post(|when, then| {
        when.session_token(TOKEN).body(&UserIdList(vec![1, 2]));
        then.ok(&stream());
    });
    let client = Client::new(&server.url(BASE_PATH));
    let created = client.v1_admin_im_create_post().session_token(TOKEN).body(vec![1, 2]).send().await?;
    assert_eq!(created.status().as_u16(), 200);
    assert_eq!(created.into_inner(), stream());
    mock.assert_async().await;
    Ok(())
}

#[tokio::test]
async fn creating_an_im_is_refused_with_every_documented_status() {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.url(BASE_PATH));
    let refusals = refusals!(v1_admin_im_create_post,
        400 bad_request 401 unauthorized 403 forbidden 500 internal_server_error);
    for &(status, mock) in refusals {
        server.reset_async().await;
        mock(&server);
        assert_refused(client.v1_admin_im_create_post().session_token(TOKEN).body(vec![1]).send().await, status);
    }
}

#[tokio::test]
async fn creating_a_room_succeeds_with_its_details() -> Test {
    let server = MockServer::start_async().await;
    let expected = room()?;
    let mock = server.v3_room_create_post(|when, then| {
        when.session_token(TOKEN).body(&attributes());
        then.ok(&expected);
    });
    let client = Client::new(&server.url(BASE_PATH));
    let created = client.v3_room_create_post().session_token(TOKEN).body(attributes()).send().await?;
    assert_eq!(created.into_inner(), expected);
    mock.assert_async().await;
    Ok(())
}

#[tokio::test]
async fn creating_a_room_is_refused_with_every_documented_status() {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.url(BASE_PATH));
    let refusals = refusals!(v3_room_create_post,
        400 bad_request 401 unauthorized 403 forbidden 451 unavailable_for_legal_reasons 500 internal_server_error);
    for &(status, mock) in refusals {
        server.reset_async().await;
        mock(&server);
        assert_refused(client.v3_room_create_post().session_token(TOKEN).body(attributes()).send().await, status);
    }
}

#[tokio::test]
async fn asking_for_an_im_succeeds_with_its_details() -> Test {
    let server = MockServer::start_async().await;
    let expected = im()?;
    let mock = server.v1_im_id_info_get(|when, then| {
        when.id(ID).session_token(TOKEN);
        then.ok(&expected);
    });
    let client = Client::new(&server.url(BASE_PATH));
    let info = client.v1_im_id_info_get().id(ID).session_token(TOKEN).send().await?;
    assert_eq!(info.into_inner(), expected);
    mock.assert_async().await;
    Ok(())
}

#[tokio::test]
async fn asking_for_an_im_is_refused_with_every_documented_status() {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.url(BASE_PATH));
    let refusals = refusals!(v1_im_id_info_get,
        400 bad_request 401 unauthorized 403 forbidden 500 internal_server_error);
    for &(status, mock) in refusals {
        server.reset_async().await;
        mock(&server);
        assert_refused(client.v1_im_id_info_get().id(ID).session_token(TOKEN).send().await, status);
    }
}

#[tokio::test]
async fn a_mock_matches_its_own_path_and_nothing_else() -> Test {
    let server = MockServer::start_async().await;
    let mock = server.v1_im_id_info_get(|when, then| {
        when.id("a.b");
        then.ok(&V1imDetail::default());
    });
    let send = async |base: &str, id: &str| {
        let client = Client::new(&server.url(base));
        let result = client.v1_im_id_info_get().id(id).session_token(TOKEN).send().await;
        result.map(|_| ()).map_err(|error| error.status().map(|status| status.as_u16()))
    };
    assert_eq!(send(BASE_PATH, "a.b").await, Ok(()));
    assert_eq!(send(BASE_PATH, "axb").await, Err(Some(404)));
    assert_eq!(send("", "a.b").await, Err(Some(404)));
    assert_eq!(send("/other/pod", "a.b").await, Err(Some(404)));
    mock.assert_calls_async(1).await;
    Ok(())
}

#[test]
fn mocks_stand_below_the_path_of_the_published_server() {
    assert_eq!(BASE_PATH, "/pod");
}
