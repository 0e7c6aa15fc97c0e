//! JSON pointers (RFC 6901) as text: how every place inside a document is named.

use std::borrow::Cow;

/// Appends `segment` to `pointer`, escaped.
pub fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&escape(segment));
}

/// `pointer` with `segment` after it.
#[must_use]
pub fn join(pointer: &str, segment: &str) -> String {
    let mut joined = String::from(pointer);
    push(&mut joined, segment);
    joined
}

/// A segment as it stands in a pointer: `~` is `~0` and `/` is `~1` (RFC 6901, section 3).
#[must_use]
pub fn escape(segment: &str) -> Cow<'_, str> {
    if segment.contains(['~', '/']) {
        Cow::Owned(segment.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// The opposite of [`escape`].
#[must_use]
pub fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// The pointer of a local reference (`#/components/…`), its percent-encoding undone (RFC 6901, section 6);
/// `None` where the reference isn't a pointer into the same document.
#[must_use]
pub fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    Some(percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_survives_escaping_and_unescaping() {
        for segment in ["", "a", "a/b", "a~b", "~1", "/~/", "~01"] {
            assert_eq!(unescape(&escape(segment)), segment, "{segment:?}");
        }
    }

    #[test]
    fn a_reference_is_a_pointer_only_if_it_is_local_and_starts_at_the_root() {
        assert_eq!(of_reference("#/components/schemas/A"), Some("/components/schemas/A".to_owned()));
        assert_eq!(of_reference("#"), Some(String::new()));
        assert_eq!(of_reference("#/paths/~1v1~1im~1%7Bid%7D~1info"), Some("/paths/~1v1~1im~1{id}~1info".to_owned()));
        assert_eq!(of_reference("#anchor"), None);
        assert_eq!(of_reference("other.json#/A"), None);
        assert_eq!(of_reference("#/a%FF"), None);
    }
}
