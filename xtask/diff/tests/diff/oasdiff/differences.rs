//! Where the verdict is another than the catalogue's: as the table in `comparison.md` has it, whose last column says
//! why.

/// Rules that speak of what isn't looked at, by a part of their ids, and why it isn't.
pub(super) const NOT_LOOKED_AT: [(&str, &str); 4] = [
    ("sunset", "an extension that the vendor doesn't use"),
    ("stability", "an extension that the vendor doesn't use"),
    ("extensible-enum", "an extension that the vendor doesn't use"),
    ("type-compatible", "a type in Rust is what it is, whether the media type writes it down or not"),
];

/// Every rule with a verdict of its own: `rule: the catalogue's, here ours`, by the names of the rules.
pub(super) fn listed() -> Vec<String> {
    let table = include_str!("../../../src/comparison.md").lines().filter_map(|line| line.strip_prefix("| `"));
    let mut listed = Vec::new();
    for row in table {
        let columns: Vec<&str> = row.split(" | ").collect();
        if let [rules, theirs, ours, _] = columns.as_slice() {
            let rules = rules.split(['`', ',', ' ']).filter(|rule| !rule.is_empty());
            listed.extend(rules.map(|rule| format!("{rule}: {theirs}, here {ours}")));
        }
    }
    listed.sort();
    listed
}
