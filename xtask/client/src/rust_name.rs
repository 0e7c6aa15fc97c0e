//! What a name of the API is called in Rust, by the rules of progenitor and typify.
//!
//! These are needed to see *before* the generator runs which names will meet, since it doesn't look.

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Separates a name of the API from the number that keeps it apart from others. It never stands in a name, and both
/// generators take it for a word break, so `createdAt␁2` becomes the field `created_at_2`; polish takes it out again
/// wherever the name goes onto the wire.
pub(crate) const MARK: char = '\u{1}';

/// Stands in the description of a union before what tells its members apart, as JSON. It never stands in a text of the API;
/// polish acts on it, and takes it out again.
pub(crate) const TAG: char = '\u{2}';

/// Ends the description of a member that is deprecated, for which typify has no word. Polish takes it out.
pub(crate) const DEPRECATED: char = '\u{3}';

/// Ends the description of a schema that has a property for each status of an operation: polish makes an enum of it, and
/// takes it out again.
pub(crate) const BY_STATUS: char = '\u{4}';

/// Ends the description of a member that may be `null`, for which typify has no more than that it may be absent. Polish
/// takes it out again.
pub(crate) const NULLABLE: char = '\u{5}';

/// The variant that holds values that aren't in the specification.
pub(crate) const UNKNOWN_VARIANT: &str = "UnknownValue";

/// The variant of a status such as `404`, of a class such as `4XX`, or of `default`; `None` for what has no name in HTTP.
#[must_use]
pub(crate) fn status_name(status: &str) -> Option<String> {
    Some(match status {
        "default" => "Default".to_owned(),
        "2XX" => "Success".to_owned(),
        "4XX" => "ClientError".to_owned(),
        "5XX" => "ServerError".to_owned(),
        _ => pascal(http::StatusCode::from_bytes(status.as_bytes()).ok()?.canonical_reason()?),
    })
}

/// The form of functions and fields.
#[must_use]
pub(crate) fn snake(name: &str) -> String {
    identifier(name, str::to_snake_case)
}

/// The form of types and variants.
#[must_use]
pub(crate) fn pascal(name: &str) -> String {
    identifier(name, str::to_pascal_case)
}

/// The name on the wire of a name that may carry a [`MARK`]; `None` where it carries none.
#[must_use]
pub(crate) fn unmarked(name: &str) -> Option<&str> {
    name.split_once(MARK).map(|(name, _)| name)
}

fn identifier(name: &str, to_case: fn(&str) -> String) -> String {
    let cased = match name {
        // typify leaves these two as they are, in variants too; polish gives variants their capital.
        "+1" => to_case("plus1"),
        "-1" => to_case("minus1"),
        _ => to_case(&name.replace('\'', "").replace(|character| !is_xid_continue(character), "-")),
    };
    match cased.chars().next() {
        None => to_case("x"),
        Some(first) if is_xid_start(first) => cased,
        Some(_) => format!("{}{cased}", to_case("x")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        for (name, in_snake, in_pascal) in [
            ("v1ImIdInfoGet", "v1_im_id_info_get", "V1ImIdInfoGet"),
            ("IMSystemInfo", "im_system_info", "ImSystemInfo"),
            ("Event.tui.x", "event_tui_x", "EventTuiX"),
            ("200", "x200", "X200"),
            ("+1", "plus1", "Plus1"),
            ("", "x", "X"),
            ("createdAt\u{1}2", "created_at_2", "CreatedAt2"),
        ] {
            assert_eq!((snake(name).as_str(), pascal(name).as_str()), (in_snake, in_pascal), "{name}");
        }
    }
}
