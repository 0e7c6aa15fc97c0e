//! Where pages are published.

/// Whether two addresses are of one page: the publisher serves a page with and without the extension of its Markdown.
pub(super) fn same_address(one: &str, other: &str) -> bool {
    fn page(address: &str) -> &str {
        let address = address.split('#').next().unwrap_or_default();
        let address = address.strip_suffix('/').unwrap_or(address);
        address.strip_suffix(".md").unwrap_or(address)
    }
    page(one) == page(other)
}

/// The name of the page at an address.
pub(super) fn page_of(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".md").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_and_without_its_extension_is_of_one_page() {
        for (one, other, same) in [
            ("https://example.org/a.md", "https://example.org/a", true),
            ("https://example.org/a/#top", "https://example.org/a.md", true),
            ("https://example.org/a.md", "https://example.org/b.md", false),
            ("https://example.org/1/a.md", "https://example.org/2/a.md", false),
        ] {
            assert_eq!(same_address(one, other), same, "{one} {other}");
        }
        for (address, name) in [("https://example.org/x/a.md?ask=1#b", "a"), ("https://example.org/x/a/", "a")] {
            assert_eq!(page_of(address), name, "{address}");
        }
    }
}
