//! Faults as text, for command lines.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::super::endpoint::{Endpoint, UnknownEndpoint};
use super::{Content, Fault, Kind};

#[cfg(test)]
mod tests;

/// A fault, the operation it happens to, and how often: `create-room:429:retry-after=2:times=3`.
///
/// The operation's name comes first, then the text of a [`Fault`]; `times=N` may be one of its options, and is 1
/// by default.
///
/// ```
/// use pod_api_ext::Operation;
/// use pod_api_ext::mock::{Fault, PlannedFault};
///
/// let planned: PlannedFault = "create-room:429:retry-after=2:times=3".parse()?;
/// assert_eq!(planned.operation, Operation::CreateRoom);
/// assert_eq!(planned.fault, "429:retry-after=2".parse::<Fault>()?);
/// assert_eq!(planned.times, 3);
/// # Ok::<(), pod_api_ext::mock::ParseFaultError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    /// Which calls it happens to.
    pub operation: Endpoint,
    /// What goes wrong.
    pub fault: Fault,
    /// To how many of the calls.
    pub times: usize,
}

/// Why a text isn't a [`Fault`] or a [`PlannedFault`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseFaultError {
    /// There is nothing to parse, or nothing between two colons.
    Empty,
    /// It begins with no operation.
    Operation(UnknownEndpoint),
    /// This isn't a fault.
    Unknown(String),
    /// This isn't an option of a fault.
    UnknownOption(String),
    /// The value of this option isn't what it should be.
    Value {
        /// The option's name.
        option: &'static str,
        /// Its value.
        value: String,
        /// What the value should be.
        expected: &'static str,
    },
    /// The option changes those faults only that are made of a status.
    NeedsStatus(&'static str),
    /// `times=` belongs to a [`PlannedFault`].
    Times,
}

impl fmt::Display for ParseFaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a fault is missing: write for instance 429, or reset:after-acting"),
            Self::Operation(_) => f.write_str("a fault begins with an operation, for instance create-room:429"),
            Self::Unknown(text) => write!(
                f,
                "`{}` isn't a fault: write a status between 200 and 599, html, reset, close, hang, cut, empty, nulls, \
                 only-nulls, new-fields or delay=2s",
                text.escape_debug()
            ),
            Self::UnknownOption(text) => write!(
                f,
                "`{}` isn't an option of a fault: write retry-after=, retry-after-date=, delay=, after-acting, no-body, \
                 to=, body= or times=",
                text.escape_debug()
            ),
            Self::Value { option, value, expected } => {
                write!(f, "`{option}={}`: the value has to be {expected}", value.escape_debug())
            }
            Self::NeedsStatus(option) => {
                write!(f, "`{option}` changes an answer that is made of a status: write for instance 503:{option}")
            }
            Self::Times => f.write_str("`times=` belongs after an operation and its fault: leave it out here"),
        }
    }
}

impl std::error::Error for ParseFaultError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Operation(error) => Some(error),
            _ => None,
        }
    }
}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match fault(text)? {
            (fault, None) => Ok(fault),
            (_, Some(_)) => Err(ParseFaultError::Times),
        }
    }
}

impl FromStr for PlannedFault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (operation, rest) = text.split_once(':').unwrap_or((text, ""));
        let operation = operation.parse().map_err(ParseFaultError::Operation)?;
        let (fault, times) = fault(rest)?;
        Ok(Self { operation, fault, times: times.unwrap_or(1) })
    }
}

/// A fault, and how often it happens if the text says so.
fn fault(text: &str) -> Result<(Fault, Option<usize>), ParseFaultError> {
    let (first, mut rest) = next(text);
    let mut fault = kind(first)?;
    let mut times = None;
    while let Some(options) = rest {
        // URLs and bodies have colons of their own.
        if let Some(url) = options.strip_prefix("to=") {
            fault = redirect(fault, url)?;
            break;
        }
        if let Some(body) = options.strip_prefix("body=") {
            fault = with_body(of_status(fault, "body=")?, body);
            break;
        }
        let (option, after) = next(options);
        rest = after;
        match option.split_once('=').unwrap_or((option, "")) {
            ("times", value) => times = Some(number("times", value, "a whole number")?),
            _ => fault = with_option(fault, option)?,
        }
    }
    Ok((fault, times))
}

fn next(text: &str) -> (&str, Option<&str>) {
    match text.split_once(':') {
        Some((first, rest)) => (first, Some(rest)),
        None => (text, None),
    }
}

fn kind(text: &str) -> Result<Fault, ParseFaultError> {
    Ok(match text.split_once('=').unwrap_or((text, "")) {
        ("", "") => return Err(ParseFaultError::Empty),
        ("reset", "") => Fault::reset(),
        ("close", "") => Fault::close(),
        ("hang", "") => Fault::hang(),
        ("cut", "") => Fault::cut(),
        ("empty", "") => Fault::empty(),
        ("nulls", "") => Fault::nulls(),
        ("only-nulls", "") => Fault::only_nulls(),
        ("new-fields", "") => Fault::new_fields(),
        ("html", "") => Fault::html(StatusCode::SERVICE_UNAVAILABLE),
        ("html", value) => Fault::html(status(value).ok_or_else(|| ParseFaultError::Value {
            option: "html",
            value: shown(value),
            expected: "a status between 200 and 599",
        })?),
        ("delay", value) => Fault::delay(duration(value)?),
        _ => Fault::status(status(text).ok_or_else(|| ParseFaultError::Unknown(shown(text)))?),
    })
}

fn with_option(fault: Fault, option: &str) -> Result<Fault, ParseFaultError> {
    let seconds = "a whole number of seconds";
    Ok(match option.split_once('=').unwrap_or((option, "")) {
        ("", "") => return Err(ParseFaultError::Empty),
        ("after-acting", "") => fault.after_acting(),
        ("no-body", "") => of_status(fault, "no-body")?.without_body(),
        ("delay", value) => fault.delayed(duration(value)?),
        ("retry-after", value) => {
            of_status(fault, "retry-after=")?.retry_after(Duration::from_secs(number("retry-after", value, seconds)?))
        }
        ("retry-after-date", value) => of_status(fault, "retry-after-date=")?
            .retry_after_date(Duration::from_secs(number("retry-after-date", value, seconds)?)),
        _ => return Err(ParseFaultError::UnknownOption(shown(option))),
    })
}

/// The fault, if it is made of a status.
fn of_status(fault: Fault, option: &'static str) -> Result<Fault, ParseFaultError> {
    match fault.kind {
        Kind::Other(..) => Ok(fault),
        Kind::Own(_) | Kind::Connection(_) => Err(ParseFaultError::NeedsStatus(option)),
    }
}

fn redirect(fault: Fault, url: &str) -> Result<Fault, ParseFaultError> {
    let Kind::Other(status, Content::Error) = fault.kind else { return Err(ParseFaultError::NeedsStatus("to=")) };
    let other = Fault::redirect(status, url);
    let mut headers = fault.headers;
    headers.extend(other.headers);
    Ok(Fault { kind: other.kind, headers, ..fault })
}

fn with_body(fault: Fault, body: &str) -> Fault {
    let json = serde_json::from_str::<serde_json::Value>(body).is_ok();
    let fault = fault.body(body.to_owned());
    if json { fault } else { fault.header(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")) }
}

/// As much of a text as an error shows.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

fn status(text: &str) -> Option<StatusCode> {
    let number: u16 = text.parse().ok().filter(|number| (200..=599).contains(number))?;
    StatusCode::from_u16(number).ok()
}

fn duration(text: &str) -> Result<Duration, ParseFaultError> {
    let whole = |number: &str| number.parse::<u64>().ok();
    let duration = match text.strip_suffix("ms") {
        Some(number) => whole(number).map(Duration::from_millis),
        None => text.strip_suffix('s').and_then(whole).map(Duration::from_secs),
    };
    let expected = "a time such as 250ms or 2s";
    duration.ok_or_else(|| ParseFaultError::Value { option: "delay", value: shown(text), expected })
}

fn number<N: FromStr>(option: &'static str, text: &str, expected: &'static str) -> Result<N, ParseFaultError> {
    text.parse().map_err(|_| ParseFaultError::Value { option, value: shown(text), expected })
}
