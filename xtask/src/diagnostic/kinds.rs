//! That the table of kinds is complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_id_is_in_the_table_and_the_table_holds_no_other() {
    let table: Vec<&str> = include_str!("../diagnostic.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `")?.split_once('`').map(|(id, _)| id))
        .collect();
    assert!(table.is_sorted(), "{table:?}");
    let used = used_ids(&sources(Path::new("src")));
    assert_eq!(table, used.iter().map(String::as_str).collect::<Vec<_>>());
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            found.extend(sources(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

/// The literals that diagnostics are made with, directly or through a function that takes its `id` first.
fn used_ids(sources: &[(String, String)]) -> BTreeSet<String> {
    let mut makers = BTreeSet::from(["error", "warning"].map(|level| format!("Diagnostic::{level}(")));
    for (path, text) in sources.iter().filter(|(path, _)| !path.contains("diagnostic")) {
        for (before, _) in text.match_indices("id: &'static str").map(|(at, _)| text.split_at(at)) {
            let (_, maker) = before.rsplit_once("fn ").unwrap_or_else(|| panic!("{path}: an id outside a function"));
            let (name, before) = maker.split_once('(').unwrap_or_else(|| panic!("{path}: fn {maker}"));
            assert!(
                matches!(before.trim(), "" | "&self," | "&mut self,"),
                "{path}: the id of `{name}` isn't its first"
            );
            makers.insert(if before.is_empty() { format!(" {name}(") } else { format!(".{name}(") });
        }
    }
    let mut used = BTreeSet::new();
    for (path, text) in sources {
        for maker in &makers {
            for after in text.match_indices(maker).map(|(at, _)| text[at..][maker.len()..].trim_start()) {
                match after.strip_prefix('"').and_then(|id| id.split_once('"')) {
                    Some((id, _)) => _ = used.insert(id.to_owned()),
                    None => assert!(
                        after.starts_with("id,") || after.starts_with("id:"),
                        "{path}: {maker} without a literal"
                    ),
                }
            }
        }
    }
    used
}
