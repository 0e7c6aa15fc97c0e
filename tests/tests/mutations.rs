//! Every mutation changes what it says, and leaves fragments that a client can be made of.

use std::collections::BTreeSet;

use pod_api_tests::mutations::{self, Documents, Edit, Mutation};
use xtask::diagnostic;
use xtask::generate;

type Test = Result<(), Box<dyn std::error::Error>>;

#[test]
fn every_mutation_changes_the_fragments_and_leaves_a_client() -> Test {
    let published = mutations::published()?;
    let mut names = BTreeSet::new();
    let mut problems = Vec::new();
    for mutation in mutations::mutations() {
        assert!(names.insert(mutation.name), "there are two mutations of the name {:?}", mutation.name);
        let (old, new) = mutation.sides(&published)?;
        // As texts, in which the order of members counts.
        if texts(&old) == texts(&new) {
            problems.push(format!("{} changes nothing", mutation.name));
        }
        let generated = mutations::fragments(&new).and_then(|fragments| generate::generate_from(&fragments));
        if let Err(found) = generated {
            problems.push(format!("{}:\n{}", mutation.name, diagnostic::report(found.diagnostics())));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(names.len() >= 60, "only {} mutations", names.len());
    Ok(())
}

fn texts(documents: &Documents) -> Vec<String> {
    documents.values().map(ToString::to_string).collect()
}

#[test]
fn an_edit_without_a_place_is_an_error() -> Test {
    let mut documents = mutations::published()?;
    let at = "/components/schemas/Nobody/type".to_owned();
    let nowhere = Mutation { name: "nowhere", before: Vec::new(), edits: vec![Edit::Remove(at)] };
    assert_eq!(
        nowhere.apply(&mut documents),
        Err("nowhere: no fragment has a place for Remove(\"/components/schemas/Nobody/type\")".to_owned())
    );
    Ok(())
}
