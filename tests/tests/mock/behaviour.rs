//! The pod in the process does what the pages say, for the generated client and for any other.

use std::collections::BTreeSet;

use http::StatusCode;
use pod_api::Client;
use pod_api::types::{UserIdList, V3RoomAttributes};
use pod_api_ext::mock::{Answered, MockPod, Role, User};
use pod_api_ext::operations::Safety;
use pod_api_ext::rules::Entitlement;
use pod_api_ext::{MessageId, Operation, StreamId, UserId};
use pod_api_tests::Test;
use serde_json::{Value, json};

const ALICE: i64 = 7_001;
const BOB: i64 = 7_002;
const CAROL: i64 = 7_003;

/// Without the system's certificates, which take longer to load than a call takes.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().tls_certs_only([]).build()
}

/// The status and the body of a call with this token.
async fn called(pod: &MockPod, token: &str, operation: Operation, id: &str, body: &Value) -> Test<(u16, Value)> {
    let url = format!("{}{}", pod.base_url(), operation.path().replace("{id}", id));
    let request = client()?.request(operation.method().parse()?, url);
    let request = if operation.safety() == Safety::Read {
        request
    } else {
        request.header("Content-Type", "application/json").body(body.to_string())
    };
    let response = request.header("sessionToken", token).send().await?;
    assert_eq!(response.headers()["content-type"], "application/json");
    Ok((response.status().as_u16(), serde_json::from_str(&response.text().await?)?))
}

async fn room(pod: &MockPod, attributes: Value) -> Test<(u16, Value)> {
    called(pod, &pod.token(), Operation::CreateRoom, "", &attributes).await
}

async fn im(pod: &MockPod, ids: Value) -> Test<(u16, Value)> {
    called(pod, &pod.token(), Operation::CreateIm, "", &ids).await
}

fn error(code: u16, message: &str) -> (u16, Value) {
    (code, json!({ "code": code, "message": message }))
}

#[tokio::test]
async fn the_generated_client_gets_all_that_it_asks_for() -> Test {
    let pod = MockPod::start().await?;
    let client = Client::new(&pod.base_url());
    let stream =
        client.v1_admin_im_create_post().session_token(pod.token()).body(UserIdList(vec![ALICE, BOB])).send().await?;
    let id: StreamId = stream.id.as_deref().ok_or("no id")?.parse()?;
    let detail = client.v1_im_id_info_get().session_token(pod.token()).id(id.as_str()).send().await?;
    let info = detail.im_system_info.as_ref().ok_or("no info")?;
    assert_eq!(info.id.as_deref(), Some(id.as_str()));
    assert_eq!((info.active, info.creation_date), (Some(true), Some(1_612_882_364_138)));

    let mut attributes = V3RoomAttributes::default();
    attributes.name = Some("Project X".to_owned());
    attributes.description = Some("What it is about".to_owned());
    let detail = client.v3_room_create_post().session_token(pod.token()).body(attributes).send().await?;
    let (created, system) = (detail.room_attributes.clone(), detail.room_system_info.clone().ok_or("no info")?);
    assert_eq!(created, Some(pod.rooms()[0].attributes.clone()));
    assert_eq!(created.and_then(|created| created.public), Some(false));
    assert_eq!(system.id.as_deref(), Some(pod.rooms()[0].id.as_str()));
    assert_eq!(system.created_by_user_id.map(UserId::from), Some(pod.caller()));
    assert_eq!((system.active, system.creation_date), (Some(true), Some(1_612_882_365_138)));

    let operations: Vec<_> = pod.requests().iter().map(|request| request.operation).collect();
    assert_eq!(operations, [Some(Operation::CreateIm), Some(Operation::ImInfo), Some(Operation::CreateRoom)]);
    assert!(pod.requests().iter().all(|request| request.answer == Some(Answered::Status(StatusCode::OK))));
    Ok(())
}

#[tokio::test]
async fn every_answer_has_the_shape_that_the_document_describes() -> Test {
    let pod = MockPod::builder().entitlement(Entitlement::CanCreatePublicRoom).start().await?;
    let public =
        json!({ "name": "A", "public": true, "keywords": [{ "key": "k", "value": "v" }], "pinnedMessageId": "m" });
    let (_, public) = room(&pod, public).await?;
    let (_, stream) = im(&pod, json!([ALICE, BOB])).await?;
    let (_, info) =
        called(&pod, &pod.token(), Operation::ImInfo, stream["id"].as_str().unwrap_or_default(), &json!(null)).await?;
    let (_, refusal) = room(&pod, json!({ "name": "a" })).await?;
    let document: Value = serde_json::from_str(pod_api::OPENAPI_JSON)?;
    for (name, answer) in [("V3RoomDetail", public), ("Stream", stream), ("V1IMDetail", info), ("Error", refusal)] {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": document["components"] });
        let problems: Vec<_> =
            jsonschema::validator_for(&schema)?.iter_errors(&answer).map(|e| e.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{name}");
        assert!(answer.as_object().is_some_and(|fields| !fields.is_empty()), "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn a_call_without_a_valid_token_is_unauthorized_before_anything_else() -> Test {
    let pod = MockPod::start().await?;
    let invalid = error(401, "The session token is invalid or has expired");
    for operation in Operation::ALL {
        assert_eq!(called(&pod, "another", *operation, "a", &json!("x")).await?, invalid, "{operation}");
    }
    let response = client()?
        .post(format!("{}/v3/room/create", pod.base_url()))
        .header("Authorization", format!("Bearer {}", pod.token()))
        .send()
        .await?;
    assert_eq!(response.status(), 401);
    assert_eq!(response.text().await?, r#"{"code":401,"message":"The header sessionToken is missing"}"#);
    // Which of two counts would be anybody's guess.
    let doubled = client()?.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", pod.token());
    let doubled = doubled.header("sessionToken", "another").header("Content-Type", "application/json").body("{}");
    assert_eq!(doubled.send().await?.status(), 401);
    assert!(pod.rooms().is_empty() && pod.ims().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_im_needs_two_different_users_and_is_the_same_for_the_same_two() -> Test {
    let pod = MockPod::start().await?;
    let (status, first) = im(&pod, json!([ALICE, BOB])).await?;
    assert_eq!(status, 200);
    for same in [json!([BOB, ALICE]), json!([ALICE, BOB, ALICE, BOB])] {
        assert_eq!(im(&pod, same).await?, (200, first.clone()));
    }
    let (_, other) = im(&pod, json!([ALICE, CAROL])).await?;
    assert_ne!(other, first);
    let too_few = error(400, "At least two different user ids have to be given");
    for ids in [json!([]), json!([ALICE]), json!([ALICE, ALICE])] {
        assert_eq!(im(&pod, ids).await?, too_few);
    }
    let too_many = "IMs of more than two participants are no longer supported: create a room";
    assert_eq!(im(&pod, json!([ALICE, BOB, CAROL])).await?, error(400, too_many));

    let participants: Vec<_> = pod.ims().into_iter().map(|im| im.participants).collect();
    let pair = |one: i64, other: i64| BTreeSet::from([UserId::from(one), UserId::from(other)]);
    assert_eq!(participants, [pair(ALICE, BOB), pair(ALICE, CAROL)]);
    Ok(())
}

#[tokio::test]
async fn an_im_between_others_takes_the_role_user_provisioning() -> Test {
    let pod = MockPod::builder().caller(User::new(ALICE).role(Role::SuperComplianceOfficer)).start().await?;
    let refused = error(403, "Creating an IM between others takes the role User Provisioning");
    assert_eq!(im(&pod, json!([ALICE, BOB])).await?, refused);
    assert_eq!(pod.caller(), UserId::from(ALICE));
    assert!(pod.ims().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_im_is_shown_to_its_members_and_to_three_roles() -> Test {
    let pod = MockPod::builder()
        .user(User::new(ALICE))
        .user(User::new(CAROL))
        .user(User::new(1).role(Role::ComplianceOfficer))
        .user(User::new(2).role(Role::SuperComplianceOfficer))
        .start()
        .await?;
    let id = pod.im_between(ALICE, BOB)?;
    let mut statuses = Vec::new();
    for user in [pod.caller(), ALICE.into(), CAROL.into(), 1.into(), 2.into()] {
        let token = pod.token_of(user).ok_or("no token")?;
        statuses.push(called(&pod, &token, Operation::ImInfo, id.as_str(), &json!(null)).await?.0);
    }
    assert_eq!(statuses, [200, 200, 403, 200, 200]);
    assert_eq!(pod.token_of(BOB), None);
    let message = "an IM has two participants: give two different user ids";
    assert_eq!(pod.im_between(BOB, BOB).map_err(|error| error.to_string()), Err(message.to_owned()));
    Ok(())
}

#[tokio::test]
async fn what_is_known_of_an_im_follows_what_becomes_of_it() -> Test {
    let pod = MockPod::start().await?;
    let id = pod.im_between(ALICE, BOB)?;
    let other: StreamId = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".parse()?;
    let message: MessageId = "7X1cP_3wMD4mr6rcp7j26X___oh4uDkVbQ".parse()?;
    let info = async || called(&pod, &pod.token(), Operation::ImInfo, id.as_str(), &json!(null)).await;
    let system = |active: bool| json!({ "id": id.as_str(), "creationDate": 1_612_882_364_138_i64, "active": active });
    assert_eq!(info().await?, (200, json!({ "V1IMAttributes": {}, "IMSystemInfo": system(true) })));
    assert!(pod.set_active(&id, false) && pod.pin(&id, Some(message)));
    let pinned = json!({ "pinnedMessageId": "7X1cP_3wMD4mr6rcp7j26X___oh4uDkVbQ" });
    assert_eq!(info().await?, (200, json!({ "V1IMAttributes": pinned, "IMSystemInfo": system(false) })));
    assert!(pod.set_active(&id, true) && pod.pin(&id, None));
    assert_eq!(info().await?.1["V1IMAttributes"], json!({}));
    assert!(!pod.set_active(&other, false) && !pod.pin(&other, None));
    Ok(())
}

#[tokio::test]
async fn an_id_that_is_not_url_safe_or_of_no_im_is_refused() -> Test {
    let pod = MockPod::start().await?;
    let id = pod.im_between(ALICE, BOB)?;
    room(&pod, json!({})).await?;
    let form = error(400, "The id isn't URL-safe Base64: write _ for /, - for +, and leave out the = at its end");
    let standard = id.to_standard().to_string();
    for id in [
        standard.replace('/', "%2F"),
        format!("{id}=="),
        format!("{id}%3D%3D"),
        "a+b_".to_owned(),
        "abcde".to_owned(),
        "%FF".to_owned(),
    ] {
        assert_eq!(called(&pod, &pod.token(), Operation::ImInfo, &id, &json!(null)).await?, form, "{id}");
    }
    let unknown = error(400, "There is no IM of this id");
    let not_an_im = pod.rooms()[0].id.to_string();
    // The last character's trailing bits make another id.
    let almost = format!("{}B", id.as_str().strip_suffix('A').ok_or("an id ends in dA")?);
    for id in [not_an_im, almost, "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA".to_owned()] {
        assert_eq!(called(&pod, &pod.token(), Operation::ImInfo, &id, &json!(null)).await?, unknown, "{id}");
    }
    Ok(())
}

#[tokio::test]
async fn two_rooms_have_names_that_differ_in_more_than_case_and_white_space() -> Test {
    let pod = MockPod::start().await?;
    let taken = error(400, "There is a room of this name already; case and white space don't count");
    let mut refused = Vec::new();
    for name in ["room1", "R O O M 1", "room 2", "Straße", "STRASSE", "ROOM\u{a0}2", "ro\u{1}om1"] {
        let answer = room(&pod, json!({ "name": name })).await?;
        if answer.0 != 200 {
            assert_eq!(answer, taken);
            refused.push(name);
        }
    }
    assert_eq!(refused, ["R O O M 1", "STRASSE", "ROOM\u{a0}2"]);
    // Rooms without a name have none in common.
    assert_eq!((room(&pod, json!({})).await?.0, room(&pod, json!({})).await?.0), (200, 200));
    Ok(())
}

#[tokio::test]
async fn what_a_room_was_not_asked_to_be_it_is_not() -> Test {
    let pod = MockPod::builder().entitlement(Entitlement::CanCreatePublicRoom).start().await?;
    let attributes = json!({ "subType": "EMAIL", "groupChat": true, "pinnedMessageId": "", "description": null, "copyProtected": true });
    let (status, private) = room(&pod, attributes).await?;
    assert_eq!(status, 200);
    let expected = json!({
        "copyProtected": true, "crossPod": false, "discoverable": false, "membersCanInvite": false,
        "multiLateralRoom": false, "public": false, "readOnly": false, "scheduledMeeting": false, "viewHistory": false,
    });
    assert_eq!(private["roomAttributes"], expected);
    assert_eq!(private.get("groups"), None);
    let (_, public) = room(&pod, json!({ "public": true })).await?;
    for switch in ["public", "viewHistory", "discoverable", "membersCanInvite"] {
        assert_eq!(public["roomAttributes"][switch], true, "{switch}");
    }
    assert_eq!(public["roomAttributes"]["readOnly"], false);
    Ok(())
}

#[tokio::test]
async fn a_room_of_a_forbidden_word_is_unavailable_for_legal_reasons() -> Test {
    let pod = MockPod::builder().compliance_word("Insider").compliance_word("ÄRGER").start().await?;
    let name = error(451, "The name has a word that compliance doesn't allow");
    let description = error(451, "The description has a word that compliance doesn't allow");
    assert_eq!(room(&pod, json!({ "name": "the inSIDERs" })).await?, name);
    assert_eq!(room(&pod, json!({ "name": "A", "description": "nur ärger" })).await?, description);
    assert_eq!(room(&pod, json!({ "name": "A", "description": "in side" })).await?.0, 200);
    assert_eq!(pod.rooms().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_body_that_the_specification_does_not_describe_is_refused() -> Test {
    let pod = MockPod::start().await?;
    let unknown = error(400, "the body has a field that this pod doesn't know: roomName");
    assert_eq!(room(&pod, json!({ "roomName": "A" })).await?, unknown);
    let incomplete = error(400, "item 0 of keywords needs the field value");
    assert_eq!(room(&pod, json!({ "keywords": [{ "key": "k" }] })).await?, incomplete);
    assert_eq!(im(&pod, json!({})).await?, error(400, "the body has to be an array"));

    let send = async |content_type: &str, body: &str| {
        let request = client()?.post(format!("{}/v3/room/create", pod.base_url()));
        let request = request.header("sessionToken", pod.token()).header("Content-Type", content_type);
        let response = request.body(body.to_owned()).send().await?;
        Ok::<_, reqwest::Error>((response.status().as_u16(), response.text().await?))
    };
    let (status, text) = send("application/json", "{").await?;
    assert_eq!(
        (status, text.as_str()),
        (400, r#"{"code":400,"message":"The body isn't JSON: EOF while parsing an object at line 1 column 1"}"#)
    );
    let (status, text) = send("text/plain", "{}").await?;
    assert_eq!(
        (status, text.as_str()),
        (415, r#"{"code":415,"message":"The body has to be JSON: send it with Content-Type: application/json"}"#)
    );
    assert_eq!(send("Application/JSON; charset=UTF-8", "{}").await?.0, 200);
    let request = client()?.post(format!("{}/v3/room/create", pod.base_url())).header("sessionToken", pod.token());
    assert_eq!(request.body("{}").send().await?.status(), 415, "without a content type");
    assert_eq!(pod.rooms().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_too_long() -> Test {
    let pod = MockPod::start().await?;
    let (status, answer) = room(&pod, json!({ "description": "x".repeat(1 << 20) })).await?;
    assert_eq!((status, answer), error(413, "The body is too long: at most 1 MiB is read"));
    assert_eq!(room(&pod, json!({ "description": "x".repeat((1 << 20) - 50) })).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn another_path_is_not_found_and_another_method_not_allowed() -> Test {
    let pod = MockPod::start().await?;
    let client = client()?;
    let host = format!("http://{}", pod.address());
    let response = client.get(format!("{host}/pod/v3/room/create")).send().await?;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &http::HeaderValue::from_static("POST"))
    );
    let response = client.get(format!("{host}/pod/v2/room/create")).send().await?;
    assert_eq!(response.text().await?, r#"{"code":404,"message":"There is no operation at this path"}"#);
    let response = client.post(format!("{host}/v3/room/create")).send().await?;
    assert_eq!(response.status(), 404);
    assert_eq!(response.text().await?, r#"{"code":404,"message":"There is nothing here: the base URL ends in /pod"}"#);
    let answers: Vec<_> = pod.requests().iter().map(|request| (request.operation, request.status())).collect();
    let status = |status| (None, Some(status));
    assert_eq!(
        answers,
        [status(StatusCode::METHOD_NOT_ALLOWED), status(StatusCode::NOT_FOUND), status(StatusCode::NOT_FOUND)]
    );
    Ok(())
}
