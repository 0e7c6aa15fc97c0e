//! Numbers: bounds.

use serde_json::Value;

use super::Lowering;
use super::schema::{Members, whole};

/// A bound and whether it is reached, or the news that the keyword wasn't what it should be.
type Bound<'a> = Option<(&'a Value, bool)>;

impl Lowering<'_> {
    pub(super) fn numbers(&mut self, at: &str, schema: &Members, lowered: &mut Members) {
        if let Some(value) = schema.get("multipleOf") {
            if value.as_f64().is_some_and(|number| number > 0.0) {
                lowered.insert("multipleOf".to_owned(), whole(value));
            } else {
                self.loosened(at, "multipleOf", "it is not a positive number, and is dropped");
            }
        }
        for (inclusive, exclusive, tighter) in [
            ("minimum", "exclusiveMinimum", f64::gt as fn(&f64, &f64) -> bool),
            ("maximum", "exclusiveMaximum", f64::lt as fn(&f64, &f64) -> bool),
        ] {
            let Some((bound, excluded)) = self.bound(at, schema, inclusive, exclusive, tighter) else { continue };
            lowered.insert(inclusive.to_owned(), whole(bound));
            if excluded {
                lowered.insert(exclusive.to_owned(), true.into());
            }
        }
    }

    fn bound<'s>(
        &mut self,
        at: &str,
        schema: &'s Members,
        inclusive: &str,
        exclusive: &str,
        tighter: fn(&f64, &f64) -> bool,
    ) -> Bound<'s> {
        let reached = schema.get(inclusive).filter(|value| value.is_number());
        if schema.contains_key(inclusive) && reached.is_none() {
            self.loosened(at, inclusive, "it is not a number, and is dropped");
        }
        match (reached, schema.get(exclusive)) {
            (reached, Some(Value::Bool(excluded))) => reached.map(|bound| (bound, *excluded)),
            (None, Some(unreached @ Value::Number(_))) => Some((unreached, true)),
            (Some(reached), Some(unreached @ Value::Number(_))) => {
                let (inside, outside) = (reached.as_f64()?, unreached.as_f64()?);
                // Of two equal bounds the one that isn't reached is the tighter.
                let exclusive_wins = !tighter(&inside, &outside);
                Some(if exclusive_wins { (unreached, true) } else { (reached, false) })
            }
            (reached, Some(_)) => {
                self.loosened(at, exclusive, "it is not a number, and is dropped");
                reached.map(|bound| (bound, false))
            }
            (reached, None) => reached.map(|bound| (bound, false)),
        }
    }
}
