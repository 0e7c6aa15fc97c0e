use std::error::Error as _;

use proptest::prelude::*;

use super::*;

fn status(status: u16) -> Fault {
    Fault::status(StatusCode::from_u16(status).unwrap())
}

#[test]
fn every_fault_has_a_text() {
    let seconds = Duration::from_secs;
    let location = "http://127.0.0.1:9/pod?times=3:delay=2s";
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    let cases = [
        ("200", status(200)),
        ("599", status(599)),
        ("html", Fault::html(StatusCode::SERVICE_UNAVAILABLE)),
        ("html=502", Fault::html(StatusCode::BAD_GATEWAY)),
        ("reset", Fault::reset()),
        ("close", Fault::close()),
        ("hang", Fault::hang()),
        ("cut", Fault::cut()),
        ("empty", Fault::empty()),
        ("nulls", Fault::nulls()),
        ("only-nulls", Fault::only_nulls()),
        ("new-fields", Fault::new_fields()),
        ("delay=2s", Fault::delay(seconds(2))),
        ("delay=250ms", Fault::delay(Duration::from_millis(250))),
        ("reset:delay=1s:after-acting", Fault::reset().delayed(seconds(1)).after_acting()),
        ("429:retry-after=2", status(429).retry_after(seconds(2))),
        ("503:retry-after-date=60", status(503).retry_after_date(seconds(60))),
        ("503:no-body", status(503).without_body()),
        ("307:to=http://127.0.0.1:9/pod?times=3:delay=2s", Fault::redirect(StatusCode::TEMPORARY_REDIRECT, location)),
        ("302:delay=1s:to=/a", Fault::redirect(StatusCode::FOUND, "/a").delayed(seconds(1))),
        (r#"400:body={"code": 7}"#, status(400).body(r#"{"code": 7}"#)),
        ("400:body=a: b", status(400).body("a: b").header(CONTENT_TYPE, text)),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
}

#[test]
fn a_planned_fault_happens_once_unless_it_says_how_often() {
    let planned = |times| PlannedFault { operation: Endpoint::ImInfo, fault: status(503).without_body(), times };
    assert_eq!("im-info:503:no-body".parse(), Ok(planned(1)));
    assert_eq!("im-info:503:times=3:no-body".parse(), Ok(planned(3)));
    assert_eq!("im-info:503:no-body:times=0".parse(), Ok(planned(0)));
}

#[test]
fn what_is_wrong_with_a_text_is_said_and_what_to_write() {
    let kinds = "write a status between 200 and 599, html, reset, close, hang, cut, empty, nulls, only-nulls, new-fields \
                 or delay=2s";
    let options = "write retry-after=, retry-after-date=, delay=, after-acting, no-body, to=, body= or times=";
    let empty = "a fault is missing: write for instance 429, or reset:after-acting";
    let needs = |option: &str| {
        format!("`{option}` changes an answer that is made of a status: write for instance 503:{option}")
    };
    let cases = [
        ("im-info", empty.to_owned()),
        ("im-info:", empty.to_owned()),
        ("im-info:503:", empty.to_owned()),
        ("im-info:199", format!("`199` isn't a fault: {kinds}")),
        ("im-info:600", format!("`600` isn't a fault: {kinds}")),
        ("im-info:reset=1", format!("`reset=1` isn't a fault: {kinds}")),
        ("im-info:re\nset", format!(r"`re\nset` isn't a fault: {kinds}")),
        ("im-info:503:later", format!("`later` isn't an option of a fault: {options}")),
        ("im-info:503:after-acting=1", format!("`after-acting=1` isn't an option of a fault: {options}")),
        ("im-info:html=5", "`html=5`: the value has to be a status between 200 and 599".to_owned()),
        ("im-info:delay=2", "`delay=2`: the value has to be a time such as 250ms or 2s".to_owned()),
        ("im-info:delay=ms", "`delay=ms`: the value has to be a time such as 250ms or 2s".to_owned()),
        ("im-info:429:retry-after=1.5", "`retry-after=1.5`: the value has to be a whole number of seconds".to_owned()),
        (
            "im-info:429:retry-after-date=",
            "`retry-after-date=`: the value has to be a whole number of seconds".to_owned(),
        ),
        ("im-info:429:times=-1", "`times=-1`: the value has to be a whole number".to_owned()),
        ("im-info:cut:no-body", needs("no-body")),
        ("im-info:reset:retry-after=1", needs("retry-after=")),
        ("im-info:reset:retry-after-date=1", needs("retry-after-date=")),
        ("im-info:hang:to=/", needs("to=")),
        ("im-info:nulls:body=", needs("body=")),
    ];
    for (text, message) in cases {
        assert_eq!(text.parse::<PlannedFault>().map_err(|error| error.to_string()), Err(message), "{text}");
    }
}

#[test]
fn an_unknown_operation_is_the_cause() {
    let error = "im:503".parse::<PlannedFault>().unwrap_err();
    assert_eq!(error.to_string(), "a fault begins with an operation, for instance create-room:429");
    let cause = error.source().unwrap().to_string();
    assert_eq!(
        cause,
        r#""im" is not the name of an operation: use one of create-im, create-room, im-info, log-in, relay-log-in, app-log-in, user-log-in, session-info"#
    );
}

#[test]
fn a_fault_alone_does_not_say_how_often() {
    let error = "503:times=2".parse::<Fault>().unwrap_err();
    assert_eq!(error.to_string(), "`times=` belongs after an operation and its fault: leave it out here");
}

proptest! {
    #[test]
    fn no_text_panics(text in r"(create-room:)?([a-z0-9-]{0,9}[:=]{0,2}){0,5}\PC{0,5}") {
        let planned = text.parse::<PlannedFault>();
        let fault = text.parse::<Fault>();
        for error in [planned.err().map(|e| e.to_string()), fault.err().map(|e| e.to_string())].into_iter().flatten() {
            prop_assert!(!error.is_empty());
        }
    }
}
