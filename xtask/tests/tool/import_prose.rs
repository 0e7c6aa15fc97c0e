//! `cargo xtask import` where the words of a page change: what it says of them, and of the rules that rest on them.

use crate::Test;
use std::fs;

use crate::pages::{Pages as _, STATEMENTS, fragment, furniture, page};
use crate::workspace::Workspace;
use serde_json::{Value, json};
use xtask::import::ground::{self, Footing, Ledger};
use xtask::terminal::Outcome;

/// Of `It does things.`, which stands on the page that [`imported`] imports.
const DOES: &str = "abfe57997bbc3540";

/// The table that the tests' rules rest on.
const GROUND: &str = r#"
[ground.A1]
rule = "a.does"
prose = [{ page = "a", digest = "abfe57997bbc3540" }]

[ground.A2]
values = [{ fragment = "a", pointer = "/paths/~1a/get/responses/200", digest = "b4a1c2add764a16b" }]
"#;

fn a() -> Value {
    fragment("get", "/a", "1")
}

/// A folder into which a page with the fragment [`a`] was imported, and a table of grounds written.
fn imported() -> Result<(Workspace, String), Box<dyn std::error::Error>> {
    let workspace = Workspace::empty()?;
    let source = workspace.source("a.md", &(page(&[a()]) + &furniture("https://example.org/a.md")))?;
    assert_eq!(workspace.import(&[&source]).outcome, Outcome::Done);
    workspace.write("sources.toml", &(workspace.text("sources.toml")? + GROUND))?;
    Ok((workspace, source))
}

/// The first line of each thing that was said, but for the summary.
fn said(err: &str) -> Vec<&str> {
    err.lines().filter(|line| line.contains(": warning[") || line.contains(": error[")).collect()
}

#[test]
fn a_page_that_says_the_same_in_another_markup_changes_nothing() -> Test {
    let (workspace, source) = imported()?;
    let before = workspace.text("sources.toml")?;
    let text = fs::read_to_string(&source)?;
    for (old, new) in [
        ("It does \\\n> things.<br>", "*It* does\n> `things.`"),
        ("{% hint style=\"warning\" %}\n", "{% hint style=\"info\" %}\n\n"),
        ("You may ask:", "Everything else about this section may change."),
        ("\"message\": \"an answer\"", "\"message\": \"another\""),
    ] {
        assert!(text.contains(old), "{old}");
        fs::write(&source, text.replace(old, new))?;
        let run = workspace.import(&[&source]);
        assert_eq!((run.outcome, said(&run.err)), (Outcome::Done, vec![]), "{new}: {}", run.err);
        assert_eq!(workspace.text("sources.toml")?, before, "{new}");
    }
    Ok(())
}

#[test]
fn a_statement_that_changes_is_shown_with_the_rule_that_rested_on_it() -> Test {
    let (workspace, source) = imported()?;
    let text = fs::read_to_string(&source)?.replace("It does \\\n> things.", "It does \\\n> other things.");
    fs::write(&source, text.replace("\n---\n\n", "\n* And more.\n\n---\n\n"))?;
    let run = workspace.import(&[&source]);
    assert_eq!(run.outcome, Outcome::Done);
    insta::assert_snapshot!(run.err);
    let changed = workspace.text("sources.toml")?;
    assert!(changed.contains(GROUND), "{changed}");
    assert!(!changed.contains(&format!("  \"{DOES}\",\n")), "{changed}");

    // It goes on being said until somebody has looked at the rule.
    let again = workspace.import(&[&source]);
    assert_eq!(
        said(&again.err),
        [
            "openapi/sources.toml:18:10: warning[ground]: A1 (rule `a.does`) rests on a statement that the page of `a` doesn't hold any more"
        ]
    );
    workspace.write("sources.toml", &changed.replace(DOES, &ground::digest("It does other things.")))?;
    assert_eq!(said(&workspace.import(&[&source]).err), [""; 0]);
    Ok(())
}

#[test]
fn a_value_that_changes_is_said_with_its_new_digest() -> Test {
    let (workspace, source) = imported()?;
    let mut changed = a();
    changed["paths"]["/a"]["get"]["responses"]["200"]["description"] = json!("Better");
    fs::write(&source, page(&[changed.clone()]) + &furniture("https://example.org/a.md"))?;
    insta::assert_snapshot!(workspace.import(&[&source]).err, @r#"
    openapi/sources.toml:20:11: warning[ground]: A2 rests on a value of `a` that has changed
       |
    20 | values = [{ fragment = "a", pointer = "/paths/~1a/get/responses/200", digest = "b4a1c2add764...
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: read /paths/~1a/get/responses/200 and see whether the code still does what it says; then write its digest here: 1b6877fb4ebd0de5

      changed a.json  GET /a  1
            1 fragment  0 added, 1 changed, 0 unchanged; files written: 1
    "#);

    changed["paths"]["/a"]["get"]["responses"] = json!({});
    fs::write(&source, page(&[changed]) + &furniture("https://example.org/a.md"))?;
    let run = workspace.import(&[&source]);
    assert_eq!(
        said(&run.err),
        ["openapi/sources.toml:20:11: warning[ground]: A2 rests on a value that `a` doesn't have any more"]
    );
    Ok(())
}

#[test]
fn a_fragment_given_by_itself_leaves_what_its_page_said() -> Test {
    let (workspace, _) = imported()?;
    let before = workspace.text("sources.toml")?;
    let source = workspace.source("a.json", &a().to_string())?;
    assert_eq!(said(&workspace.import(&[&source]).err), [""; 0]);
    assert_eq!(workspace.text("sources.toml")?, before);
    Ok(())
}

#[test]
fn every_fragment_of_a_page_has_its_statements_and_a_change_is_said_once() -> Test {
    let workspace = Workspace::empty()?;
    let text = page(&[a(), fragment("get", "/b", "1")]) + &furniture("https://example.org/p.md");
    let source = workspace.source("p.md", &text)?;
    assert_eq!(said(&workspace.import(&[&source]).err), [""; 0]);
    assert_eq!(workspace.text("sources.toml")?.matches(STATEMENTS).count(), 2);
    fs::write(&source, text.replace("A page", "Some page"))?;
    let run = workspace.import(&[&source]);
    assert_eq!(
        said(&run.err),
        ["pages/p.md: warning[statements]: 1 statement of this page vanished, and 1 statement appeared"]
    );
    Ok(())
}

#[test]
fn the_ground_follows_a_fragment_whose_file_is_renamed() -> Test {
    let (workspace, source) = imported()?;
    fs::rename(workspace.path("openapi/a.json"), workspace.path("openapi/a.yaml"))?;
    let sources = workspace.text("sources.toml")?.replace("a.json", "a.yaml");
    workspace.write("sources.toml", &sources)?;
    let run = workspace.import(&[&source]);
    assert_eq!((said(&run.err), workspace.names()?), (vec![], vec!["a.json".to_owned(), "sources.toml".to_owned()]));
    Ok(())
}

#[test]
fn two_states_of_a_folder_are_compared_by_what_lost_its_ground_between_them() -> Test {
    let (workspace, source) = imported()?;
    let old = Ledger::read(&workspace.path("openapi"))?;
    assert_eq!(ground::compare(&old, &old), []);
    assert_eq!(old.statements().collect::<Vec<_>>(), [("A1", Some("a.does")), ("A2", None)]);
    let footing = Footing::Prose { page: "a".to_owned(), digest: DOES.to_owned() };
    assert_eq!(old.footings("A1").collect::<Vec<_>>(), [&footing]);

    fs::write(&source, fs::read_to_string(&source)?.replace("things", "nothing"))?;
    assert_eq!(workspace.import(&[&source]).outcome, Outcome::Done);
    let new = Ledger::read(&workspace.path("openapi"))?;
    let moved = ground::compare(&old, &new);
    let names: Vec<String> = moved.iter().map(ground::RuleMoved::name).collect();
    assert_eq!(names, ["A1 (rule `a.does`)"]);
    assert_eq!((&moved[0].footing, &moved[0].now), (&footing, &None));
    assert_eq!(new.moved(), moved);
    assert_eq!(ground::compare(&new, &new), []);
    assert_eq!(ground::compare(&new, &old), []);
    Ok(())
}

#[test]
fn a_table_of_grounds_that_is_not_as_it_should_be_is_an_error_with_its_place() -> Test {
    for (table, message) in [
        ("ground = 1\n", "1:10: error[shape]: `ground` has to be a table of tables"),
        ("[ground]\nA1 = 1\n", "2:6: error[shape]: `A1` has to be a table"),
        ("[ground.A1]\n", "1:1: error[shape]: `A1` rests on nothing"),
        (
            "[ground.A1]\nrule = 1\nprose = [{ page = 'a', digest = '0' }]\n",
            "2:8: error[shape]: `rule` has to be a text",
        ),
        ("[ground.A1]\nprose = 'a'\n", "2:9: error[shape]: `prose` has to be a list"),
        ("[ground.A1]\nvalues = ['a']\n", "2:11: error[shape]: what is in `values` has to be a table"),
        ("[ground.A1]\nprose = [{ page = 'a' }]\n", "2:10: error[shape]: `digest` has to be a text"),
        (
            "[ground.A1]\nvalues = [{ fragment = 'a', pointer = 1, digest = '0' }]\n",
            "2:39: error[shape]: `pointer` has to be a text",
        ),
        (
            "[ground.A1]\nprose = [{ page = 'a', digest = '0', pointer = '' }]\n",
            "2:48: error[shape]: `pointer` is nothing that `prose` has",
        ),
        (
            "[ground.A1]\ntext = ''\nprose = [{ page = 'a', digest = '0' }]\n",
            "2:8: error[shape]: `text` is nothing that a ground has",
        ),
        ("[fragment.'a.json']\nstatements = [1]\n", "2:14: error[shape]: `statements` has to be a list of texts"),
    ] {
        let workspace = Workspace::empty()?;
        workspace.write("sources.toml", table)?;
        let source = workspace.source("a.json", &a().to_string())?;
        let run = workspace.import(&[&source]);
        assert_eq!(run.outcome, Outcome::Failure, "{table}");
        let lines = said(&run.err);
        assert!(lines.contains(&format!("openapi/sources.toml:{message}").as_str()), "{table}: {}", run.err);
        assert_eq!(workspace.names()?, ["sources.toml"], "{table}");
    }
    Ok(())
}
