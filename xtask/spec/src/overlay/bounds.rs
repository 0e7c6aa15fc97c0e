//! How large a document may grow. Copies of copies double it with every action; nothing that comes from a file may take
//! all memory, or more stack than the stages behind this one have.

use serde_json::Value;

use super::path::Location;
use crate::source::yaml::{DEPTH, VALUES};

/// Whether `document` stays within the bounds of what is read when `value` is merged into all `targets`.
pub(super) fn hold(document: &Value, targets: &[Location], value: &Value) -> bool {
    let deepest = targets.iter().map(|target| target.0.len()).max().unwrap_or(0).saturating_add(depth(value));
    let added = count(value).saturating_mul(targets.len());
    deepest <= DEPTH && count(document).saturating_add(added) <= VALUES
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

fn count(value: &Value) -> usize {
    let below: usize = match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    below.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::path::Step;
    use super::*;

    #[test]
    fn depth_counts_collections_and_count_all_values() {
        assert_eq!((depth(&json!(1)), count(&json!(1))), (0, 1));
        assert_eq!((depth(&json!({"a": [1, {}], "b": 2})), count(&json!({"a": [1, {}], "b": 2}))), (3, 5));
    }

    #[test]
    fn what_is_too_deep_or_too_much_does_not_hold() {
        let at = |depth: usize| [Location(vec![Step::Item(0); depth])];
        assert!(hold(&json!([]), &at(DEPTH - 1), &json!([])));
        assert!(!hold(&json!([]), &at(DEPTH), &json!([])));
        let many = Value::Array(vec![Value::Null; VALUES / 2]);
        assert!(hold(&json!([]), &at(1), &many));
        assert!(!hold(&many, &at(1), &many));
    }
}
