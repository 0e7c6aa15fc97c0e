//! How large a document may grow. Copies of copies double it with every action; nothing that comes from a file may take
//! all memory, or more stack than the stages behind this one have.

use serde_json::Value;

use super::path::Location;
use crate::limits::{DEPTH, Weight};

/// Whether `document` stays within the bounds of what is read when `value` is merged into all `targets`.
pub(super) fn hold(document: &Value, targets: &[Location], value: &Value) -> bool {
    let deepest = targets.iter().map(|target| target.0.len()).max().unwrap_or(0).saturating_add(depth(value));
    let added = Weight::of(value).times(targets.len());
    deepest <= DEPTH && Weight::of(document).and(added).check().is_ok()
}

/// How many collections stand in one another.
fn depth(value: &Value) -> usize {
    let below = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        _ => return 0,
    };
    below.unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::path::Step;
    use super::*;
    use crate::limits::{TEXT, VALUES};

    #[test]
    fn depth_counts_collections() {
        assert_eq!((depth(&json!(1)), depth(&json!({"a": [1, {}], "b": 2}))), (0, 3));
    }

    #[test]
    fn what_is_too_deep_or_too_much_does_not_hold() {
        let at = |depth: usize| [Location(vec![Step::Item(0); depth])];
        assert!(hold(&json!([]), &at(DEPTH - 1), &json!([])));
        assert!(!hold(&json!([]), &at(DEPTH), &json!([])));
        let many = Value::Array(vec![Value::Null; VALUES / 2]);
        assert!(hold(&json!([]), &at(1), &many));
        assert!(!hold(&many, &at(1), &many));
        let long = json!("x".repeat(TEXT / 2));
        assert!(hold(&json!([]), &[at(1), at(1)].concat(), &long));
        assert!(!hold(&json!(["x"]), &[at(1), at(1)].concat(), &long));
    }
}
