//! dump
use pod_api_tests::mutations::{self, Documents};
use xtask::diagnostic;
use xtask::diff::rust::{self, GeneratedCode};
use xtask::generate;

type Problem = Box<dyn std::error::Error>;
type Test = Result<(), Problem>;

fn code(documents: &Documents) -> Result<GeneratedCode, Problem> {
    let made = mutations::fragments(documents)
        .and_then(|fragments| generate::generate_from(&fragments))
        .and_then(|generation| GeneratedCode::of(&generation.files));
    made.map_err(|problems| diagnostic::report(problems.diagnostics()).into())
}

#[test]
fn dump() -> Test {
    let published = mutations::published()?;
    for mutation in mutations::mutations() {
        let (old, new) = mutation.sides(&published)?;
        let (old, new) = (code(&old)?, code(&new)?);
        for (arrow, old, new) in [("->", &old, &new), ("<-", &new, &old)] {
            let changes = rust::compare(old, new);
            println!("{} {arrow} {:?}", mutation.name, rust::verdict(&changes));
            for change in changes {
                println!("    {:?} {} {}", change.semver, change.kind.id(), change.path);
                println!("        - {}", change.old.unwrap_or_default());
                println!("        + {}", change.new.unwrap_or_default());
            }
        }
    }
    println!("{:#?}", code(&published)?);
    Ok(())
}
