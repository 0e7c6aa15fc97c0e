//! The first name that is free.

/// The first of `candidate(2)`, `candidate(3)` and so on that isn't taken.
///
/// There are more numbers than names that a document of bounded size can hold, so that one is always free.
#[must_use]
pub fn numbered<T>(mut candidate: impl FnMut(u32) -> T, is_taken: impl Fn(&T) -> bool) -> T {
    let mut number = 2_u32;
    loop {
        let name = candidate(number);
        if !is_taken(&name) || number == u32::MAX {
            return name;
        }
        number = number.saturating_add(1);
    }
}

/// `wanted` where that is free, else the first of `candidate(2)`, `candidate(3)` and so on that is.
#[must_use]
pub fn or_numbered(wanted: &str, candidate: impl FnMut(u32) -> String, is_taken: impl Fn(&str) -> bool) -> String {
    if is_taken(wanted) { numbered(candidate, |name: &String| is_taken(name)) } else { wanted.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::or_numbered;

    #[test]
    fn the_first_free_name_is_taken() {
        let with = |taken: &[&str]| or_numbered("a", |number| format!("a{number}"), |name| taken.contains(&name));
        assert_eq!(with(&[]), "a");
        assert_eq!(with(&["a"]), "a2");
        assert_eq!(with(&["a", "a2", "a4"]), "a3");
    }
}
