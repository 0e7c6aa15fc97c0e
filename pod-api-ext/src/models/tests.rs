use std::error::Error as _;
use std::time::{Duration, UNIX_EPOCH};

use pod_api::support::OptionalText as _;
use schemars::JsonSchema as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::message_id::MessageId;
use crate::stream_id::ParseIdError;

const HELD: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";
const STANDARD: &str = "usnBKBkH/BVrGOiVpaupEH///okFfE7QdA==";

fn model<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

#[test]
fn every_model_with_the_id_of_a_conversation_gives_it() {
    let held = || StreamId::new(HELD);
    assert_eq!(model::<Stream>(json!({"id": STANDARD})).stream_id().ok(), held().ok());
    assert_eq!(model::<ImSystemInfo>(json!({"id": STANDARD})).stream_id().ok(), held().ok());
    assert_eq!(model::<RoomSystemInfo>(json!({"id": STANDARD})).stream_id().ok(), held().ok());
    assert_eq!(model::<V1imDetail>(json!({"IMSystemInfo": {"id": STANDARD}})).stream_id().ok(), held().ok());
    assert_eq!(model::<V3RoomDetail>(json!({"roomSystemInfo": {"id": HELD}})).stream_id().ok(), held().ok());
}

#[test]
fn an_id_that_the_pod_left_out_is_missing_by_name() {
    let missing = |field| Err(FieldError::Missing { field });
    assert_eq!(Stream::default().stream_id(), missing("Stream.id"));
    assert_eq!(ImSystemInfo::default().stream_id(), missing("IMSystemInfo.id"));
    assert_eq!(RoomSystemInfo::default().stream_id(), missing("RoomSystemInfo.id"));
    assert_eq!(V1imDetail::default().stream_id(), missing("V1IMDetail.IMSystemInfo.id"));
    assert_eq!(model::<V1imDetail>(json!({"IMSystemInfo": {}})).stream_id(), missing("V1IMDetail.IMSystemInfo.id"));
    assert_eq!(V3RoomDetail::default().stream_id(), missing("V3RoomDetail.roomSystemInfo.id"));
    assert_eq!(model::<Stream>(json!({"id": null})).stream_id(), missing("Stream.id"));
}

#[test]
fn a_field_that_holds_no_id_says_which_and_why() {
    let error = model::<Stream>(json!({"id": "a b"})).stream_id().unwrap_err();
    let source = ParseIdError::Character { offset: 1, character: ' ' };
    assert_eq!(error, FieldError::Invalid { field: "Stream.id", source });
    assert_eq!(error.field(), "Stream.id");
    assert_eq!(error.to_string(), "`Stream.id` doesn't hold an id: the text itself is in the field of the model");
    assert_eq!(error.source().map(ToString::to_string), Some(source.to_string()));

    let error = Stream::default().stream_id().unwrap_err();
    assert_eq!(error.field(), "Stream.id");
    assert_eq!(error.to_string(), "the pod left out `Stream.id`: take the id from elsewhere");
    assert!(error.source().is_none());
}

#[test]
fn a_creation_date_of_any_size_is_a_time_or_none() {
    let info = |milliseconds: i64| json!({"creationDate": milliseconds});
    let im = |milliseconds| model::<V1imDetail>(json!({"IMSystemInfo": info(milliseconds)})).created_at();
    let room = |milliseconds| model::<V3RoomDetail>(json!({"roomSystemInfo": info(milliseconds)})).created_at();
    assert_eq!(im(1_610_520_703_317), Some(UNIX_EPOCH + Duration::from_millis(1_610_520_703_317)));
    assert_eq!(room(-1), Some(UNIX_EPOCH - Duration::from_millis(1)));
    for milliseconds in [i64::MIN, i64::MAX] {
        assert_eq!(im(milliseconds), time::from_milliseconds(milliseconds));
        assert_eq!(room(milliseconds), time::from_milliseconds(milliseconds));
    }
    assert_eq!(V1imDetail::default().created_at(), None);
    assert_eq!(V3RoomDetail::default().created_at(), None);
    assert_eq!(ImSystemInfo::default().created_at(), None);
    assert_eq!(RoomSystemInfo::default().created_at(), None);
}

#[test]
fn whether_a_conversation_is_active_is_what_the_pod_says_and_nothing_if_it_says_nothing() {
    for active in [Some(true), Some(false), None] {
        let info = json!({"active": active});
        assert_eq!(model::<ImSystemInfo>(info.clone()).is_active(), active);
        assert_eq!(model::<RoomSystemInfo>(info.clone()).is_active(), active);
        assert_eq!(model::<V1imDetail>(json!({"IMSystemInfo": info})).is_active(), active);
        assert_eq!(model::<V3RoomDetail>(json!({"roomSystemInfo": info})).is_active(), active);
    }
    assert_eq!(V1imDetail::default().is_active(), None);
    assert_eq!(V3RoomDetail::default().is_active(), None);
}

#[test]
fn users_in_the_models_are_typed() {
    let creator = json!({"createdByUserId": 5});
    assert_eq!(model::<RoomSystemInfo>(creator.clone()).created_by(), Some(UserId::from(5)));
    assert_eq!(model::<V3RoomDetail>(json!({"roomSystemInfo": creator})).created_by(), Some(UserId::from(5)));
    assert_eq!(V3RoomDetail::default().created_by(), None);
    assert_eq!(model::<GroupItem>(json!({"addedBy": 7})).added_by_user(), Some(UserId::from(7)));
    assert_eq!(GroupItem::default().added_by_user(), None);

    let list = UserIdList::from(vec![3, 1, 3]);
    assert_eq!(list.user_ids().collect::<UserIdList>(), list);
    assert_eq!(list.user_ids().collect::<Vec<_>>(), [3, 1, 3].map(UserId::from));
}

#[test]
fn a_pin_is_a_message_or_none_any_more() {
    let message = MessageId::new(STANDARD).unwrap();
    for (text, pin) in [("", Pin::Unpinned), (STANDARD, Pin::Message(message.clone()))] {
        assert_eq!(text.parse(), Ok(pin.clone()));
        assert_eq!(Pin::try_from(text), Ok(pin.clone()));
        assert_eq!(Pin::try_from(text.to_owned()), Ok(pin.clone()));
        assert_eq!(model::<Pin>(json!(text)), pin);
        assert_eq!(pin.to_string(), pin.as_str());
        assert_eq!(serde_json::to_value(&pin).unwrap(), json!(pin.as_str()));
        assert_eq!(pin.clone().optional_text().as_deref(), Some(pin.as_str()));
        assert_eq!(String::from(pin.clone()), pin.as_str());
    }
    assert_eq!(Pin::from(message.clone()).as_str(), HELD);
    assert_eq!(Pin::from(message.clone()).message(), Some(&message));
    assert_eq!(Pin::Unpinned.message(), None);
    assert_eq!(format!("[{:>2}]", Pin::Unpinned), "[  ]");

    assert_eq!(" ".parse::<Pin>(), Err(ParseIdError::Character { offset: 0, character: ' ' }));
    let error = serde_json::from_str::<Pin>("null").unwrap_err().to_string();
    assert_eq!(
        error,
        "invalid type: null, expected a message id in Base64, or an empty string for no pinned message at line 1 column 4"
    );
}

#[test]
fn the_schema_of_a_pin_takes_an_id_in_its_held_form_or_nothing() {
    let schema = schemars::schema_for!(Pin);
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for valid in ["", HELD, "ab"] {
        assert!(validator.is_valid(&json!(valid)), "{valid}");
    }
    for invalid in [STANDARD, " ", "a", "ab=="] {
        assert!(!validator.is_valid(&json!(invalid)), "{invalid}");
    }
    assert_eq!(schema.get("title"), Some(&json!("Pin")));
    assert_eq!(Pin::schema_id(), "pod_api_ext::models::pin::Pin");
}

#[test]
fn every_model_with_a_pin_gives_it() {
    let pinned = json!({"pinnedMessageId": STANDARD});
    let message = || Ok(Some(Pin::Message(MessageId::new(HELD).unwrap())));
    assert_eq!(model::<V1imAttributes>(pinned.clone()).pin(), message());
    assert_eq!(model::<V3RoomAttributes>(pinned.clone()).pin(), message());
    assert_eq!(model::<V1imDetail>(json!({"V1IMAttributes": pinned})).pin(), message());
    assert_eq!(model::<V3RoomDetail>(json!({"roomAttributes": pinned})).pin(), message());
    assert_eq!(model::<V3RoomAttributes>(json!({"pinnedMessageId": ""})).pin(), Ok(Some(Pin::Unpinned)));
    assert_eq!(V1imAttributes::default().pin(), Ok(None));
    assert_eq!(V3RoomAttributes::default().pin(), Ok(None));
    assert_eq!(V1imDetail::default().pin(), Ok(None));
    assert_eq!(V3RoomDetail::default().pin(), Ok(None));

    let wrong = json!({"pinnedMessageId": "a"});
    let field = |error: Result<Option<Pin>, FieldError>| error.unwrap_err().field();
    assert_eq!(field(model::<V1imAttributes>(wrong.clone()).pin()), "V1IMAttributes.pinnedMessageId");
    assert_eq!(field(model::<V3RoomAttributes>(wrong.clone()).pin()), "V3RoomAttributes.pinnedMessageId");
    let field_of_im = field(model::<V1imDetail>(json!({"V1IMAttributes": wrong})).pin());
    assert_eq!(field_of_im, "V1IMDetail.V1IMAttributes.pinnedMessageId");
    let field_of_room = field(model::<V3RoomDetail>(json!({"roomAttributes": wrong})).pin());
    assert_eq!(field_of_room, "V3RoomDetail.roomAttributes.pinnedMessageId");
}
