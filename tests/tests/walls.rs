//! Who may import whom: between crates as their manifests say, within a crate in one direction.

#![allow(clippy::indexing_slicing, reason = "test code, also outside of test functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pod_api_tests::{Test, root};
use syn::visit::{self, Visit};
use toml_edit::{DocumentMut, Item, TableLike};

/// Each crate of the workspace with those of ours that it may rest on, its tests left aside.
const CRATES: [(&str, &[&str]); 8] = [
    ("pod-api", &[]),
    ("pod-api-ext", &["pod-api"]),
    ("xtask/spec", &[]),
    ("xtask/samples", &[]),
    ("xtask/surface", &[]),
    ("xtask/client", &["xtask-spec"]),
    ("xtask/diff", &["xtask-samples", "xtask-spec", "xtask-surface"]),
    ("xtask", &["xtask-client", "xtask-diff", "xtask-spec", "xtask-surface"]),
];

/// What only some crates may know.
const OUTSIDE: [(&str, &[&str]); 3] =
    [("progenitor", &["xtask/client"]), ("reqwest", &["pod-api", "pod-api-ext"]), ("openapiv3", &["xtask/client"])];

fn dependencies(folder: &str) -> Test<Vec<String>> {
    let manifest: DocumentMut = fs::read_to_string(root().join(folder).join("Cargo.toml"))?.parse()?;
    let table = manifest.get("dependencies").and_then(Item::as_table_like).ok_or("no dependencies")?;
    Ok(TableLike::iter(table).map(|(name, _)| name.to_owned()).collect())
}

#[test]
fn a_crate_rests_on_those_of_ours_that_it_may_know_and_on_no_other() -> Test {
    for (folder, allowed) in CRATES {
        let ours = |name: &String| name.starts_with("pod-api") || name.starts_with("xtask");
        let found: Vec<String> = dependencies(folder)?.into_iter().filter(ours).collect();
        assert_eq!(found, allowed, "{folder}");
    }
    Ok(())
}

#[test]
fn what_a_crate_hides_from_the_others_is_known_to_it_alone() -> Test {
    for (hidden, knowing) in OUTSIDE {
        let mut found = Vec::new();
        for (folder, _) in CRATES {
            if dependencies(folder)?.iter().any(|name| name == hidden) {
                found.push(folder);
            }
        }
        assert_eq!(found, knowing, "{hidden}");
    }
    Ok(())
}

/// The files of a crate by their modules: `["shape", "names"]` for `src/shape/names.rs`.
fn modules(source: &Path) -> Test<BTreeMap<Vec<String>, PathBuf>> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(source)?.with_extension("");
                let names = below.iter().map(|name| name.to_string_lossy().into_owned());
                let names = names.filter(|name| !matches!(name.as_str(), "lib" | "main" | "mod")).collect();
                modules.insert(names, path);
            }
        }
    }
    Ok(modules)
}

/// The paths that a file's code names, below the crate's root; its tests are left aside.
struct Paths<'a> {
    module: &'a [String],
    found: BTreeSet<Vec<String>>,
}

impl Paths<'_> {
    fn path(&mut self, segments: &[String]) {
        let Some((first, rest)) = segments.split_first() else { return };
        let ups = segments.iter().take_while(|segment| *segment == "super").count();
        let below = match first.as_str() {
            "crate" => rest.to_vec(),
            "self" => [self.module, rest].concat(),
            "super" => {
                let parent = self.module.len().saturating_sub(ups);
                [&self.module[..parent], &segments[ups..]].concat()
            }
            _ => return,
        };
        self.found.insert(below);
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.tree(&[before, &[path.ident.to_string()]].concat(), &path.tree),
            syn::UseTree::Name(name) => self.path(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.path(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.path(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // A module with a body is a test's, or a few lines of the file itself.
        if module.content.is_none() {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&segments);
        visit::visit_path(self, path);
    }
}

/// Which files of a crate each file imports. A module and what it is made of are one room: what a part takes from the
/// module around it is no import.
fn imports(modules: &BTreeMap<Vec<String>, PathBuf>) -> Test<BTreeMap<Vec<String>, BTreeSet<Vec<String>>>> {
    let mut imports = BTreeMap::new();
    for (module, path) in modules {
        let mut paths = Paths { module, found: BTreeSet::new() };
        paths.visit_file(&syn::parse_file(&fs::read_to_string(path)?)?);
        let mut targets = BTreeSet::new();
        for path in paths.found {
            let longest = (0..=path.len()).rev().map(|length| path[..length].to_vec());
            let target = longest.into_iter().find(|path| modules.contains_key(path));
            targets.extend(target.filter(|target| !module.starts_with(target)));
        }
        imports.insert(module.clone(), targets);
    }
    Ok(imports)
}

/// The files that import one another in a circle: what is left once every file that nothing left imports, or that imports
/// nothing left, is taken away.
fn circle(mut imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<String> {
    loop {
        let imported: BTreeSet<Vec<String>> = imports.values().flatten().cloned().collect();
        let there: BTreeSet<Vec<String>> = imports.keys().cloned().collect();
        let before = imports.len();
        imports.retain(|module, targets| imported.contains(module) && targets.iter().any(|to| there.contains(to)));
        if imports.len() == before {
            return imports.keys().map(|module| module.join("/")).collect();
        }
    }
}

#[test]
fn the_files_of_a_crate_import_in_one_direction() -> Test {
    let mut circles = Vec::new();
    for folder in ["pod-api-ext", "xtask/spec", "xtask/samples", "xtask/surface", "xtask/client", "xtask/diff", "xtask"]
    {
        let modules = modules(&root().join(folder).join("src"))?;
        let found = circle(imports(&modules)?);
        circles.extend((!found.is_empty()).then(|| format!("{folder}: {}", found.join(" "))));
    }
    assert_eq!(circles, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_circle_would_be_found() {
    let module = |name: &str| vec![name.to_owned()];
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (from, to) in arrows {
            graph.entry(module(from)).or_default().insert(module(to));
            graph.entry(module(to)).or_default();
        }
        graph
    };
    assert_eq!(circle(graph(&[("a", "b"), ("b", "c"), ("a", "c")])), Vec::<String>::new());
    assert_eq!(circle(graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")])), ["b", "c"]);
}

#[test]
fn every_file_that_the_map_names_is_there() -> Test {
    let below =
        ["", "pod-api", "pod-api-ext/src", "xtask/tests/tool", "tests/tests", "xtask/diff/src", "pod-api-ext/src/pod"];
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"] {
        let text = fs::read_to_string(root().join(page))?;
        let named = text.split('`').skip(1).step_by(2).filter(|name| {
            let is_path = name.chars().all(|character| character.is_alphanumeric() || "/_.-".contains(character));
            // There is no overlay while nothing has to be corrected, and what is built is nowhere yet.
            is_path
                && name.contains('/')
                && !name.starts_with(['.', '/'])
                && !name.contains("overlay.")
                && !name.starts_with("target/")
        });
        let missing: Vec<&str> =
            named.filter(|name| !below.iter().any(|folder| root().join(folder).join(name).exists())).collect();
        assert_eq!(missing, Vec::<&str>::new(), "{page}");
    }
    Ok(())
}
