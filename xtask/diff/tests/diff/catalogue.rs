//! Every mutation changes something. That a client can be made of what it leaves is seen where the clients are compared.

use crate::Test;
use std::collections::BTreeSet;

use xtask_fixtures::mutations::{self, Documents, Edit, Mutation};

#[test]
fn every_mutation_changes_the_fragments() -> Test {
    let published = mutations::published()?;
    let mut names = BTreeSet::new();
    let mut problems = Vec::new();
    for mutation in mutations::mutations() {
        assert!(names.insert(mutation.name), "there are two mutations of the name {:?}", mutation.name);
        let (old, new) = mutation.sides(&published)?;
        // As texts, in which the order of members counts.
        if texts(&old) == texts(&new) {
            problems.push(mutation.name);
        }
    }
    assert!(problems.is_empty(), "these change nothing: {problems:?}");
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
