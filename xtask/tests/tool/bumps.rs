//! Ten bumps as they are read: five questions each, answered by the first lines of the report.
//!
//! Six are what the vendor did to the public specification of its API between 2017 and 2023, made anew in our own
//! fragments; four are other things that a vendor may do. The questions are: does a deployed bot break, does a new one on
//! an older pod, does code compile, which version comes out, and what is there to do?

use semver::Version;
use serde_json::{Value, json};

use crate::Test;
use crate::pairs::Generated;
use xtask_diff::{self as diff, model::Report};
use xtask_fixtures::mutations::{self, Documents, Edit};
use xtask_surface::next_version;

/// So many lines are read in a hurry.
const FIRST: usize = 25;

const LENGTH: &str = "/components/schemas/V3RoomAttributes/properties/description/maxLength";

/// What happens, by the names of mutations.
const BUMPS: [(&str, &[&str]); 9] = [
    ("2017: a provisional operation is withdrawn", &["operation removed"]),
    ("2017: a model is called otherwise", &["schema renamed"]),
    ("2021: a member that always came may be missing", &["property became optional"]),
    ("2023: a room may be a group chat", &["optional property added"]),
    ("2023: an operation is published, another described otherwise", &["operation added", "description removed"]),
    ("a parameter has to be sent", &["required parameter added"]),
    ("an operation goes to another path", &["path moved to another version"]),
    ("a member has another type, and an error is documented", &["property retyped", "error status added"]),
    ("an operation is deprecated", &["operation deprecated"]),
];

/// The report of a bump, as `bump` has it.
fn report(old: &Documents, new: &Documents) -> Test<Report> {
    let (old, new) = (Generated::of_fragments("openapi", old)?, Generated::of_fragments("pages", new)?);
    let mut report = old.compared(&new)?;
    let (before, spec) = (Version::parse("0.1.0+20.17.1")?, report.new.version.clone().unwrap_or_default());
    let after = next_version(&before, report.release(), &spec)?;
    report.next = Some(format!("`pod-api` {before} → {after}"));
    Ok(report)
}

fn applied(names: &[&str], documents: &mut Documents) -> Test {
    for name in names {
        let mutation = mutations::mutations().into_iter().find(|mutation| mutation.name == *name);
        mutation.ok_or_else(|| format!("no mutation is called {name}"))?.apply(documents)?;
    }
    Ok(())
}

fn bounded(documents: &Documents, length: usize) -> Test<Documents> {
    let mut documents = documents.clone();
    let edits = vec![Edit::Set(LENGTH.to_owned(), length.into())];
    mutations::Mutation { name: "a greatest length", before: Vec::new(), edits }.apply(&mut documents)?;
    Ok(documents)
}

#[test]
fn the_first_lines_of_ten_bumps_answer_five_questions() -> Test {
    let published = mutations::published()?;
    let mut bumps = Vec::new();
    for (title, names) in BUMPS {
        let mut new = published.clone();
        applied(names, &mut new)?;
        bumps.push((title, published.clone(), new));
    }
    bumps.insert(2, ("2022: a text may be longer", bounded(&published, 32)?, bounded(&published, 256)?));
    let mut shown = String::new();
    for (title, old, mut new) in bumps {
        applied(&["version raised"], &mut new)?;
        let text = anstream::adapter::strip_str(&diff::text(&report(&old, &new)?)).to_string();
        let first: Vec<&str> = text.lines().take(FIRST).map(str::trim_end).collect();
        shown.push_str(&format!("=== {title}\n{}\n\n", first.join("\n")));
    }
    insta::assert_snapshot!(shown);
    Ok(())
}

#[test]
fn a_set_that_grows_from_3_to_116_operations_is_told_in_a_short_changelog() -> Test {
    let published = mutations::published()?;
    let mut grown = published.clone();
    let info = serde_json::to_string(published.get("im-info.json").ok_or("no fragment")?)?;
    for index in 0..113 {
        let text = info.replace("/v1/im/{id}/info", &format!("/v1/made/{{id}}/up{index}"));
        let text = text.replace("V1IM", &format!("Made{index}Up"));
        grown.insert(format!("made-up-{index}.json"), serde_json::from_str::<Value>(&text)?);
    }
    let report = report(&published, &grown)?;
    assert_eq!((report.old.operations, report.new.operations), (3, 116));
    let changelog = diff::changelog(&report);
    assert!(changelog.lines().count() < 150, "{changelog}");
    let markdown = diff::markdown(&report);
    assert!(markdown.chars().count() < 60_000, "{}", markdown.chars().count());
    assert_eq!(diff::json(&report)["release"], json!("feature"));
    Ok(())
}
