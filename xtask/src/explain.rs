//! `cargo xtask explain`: what the name of a problem, of a kind of change or of a rule means.

use clap::Args;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_surface::Kind as RustKind;

use crate::terminal::{Outcome, Terminal};

/// An input that shows each problem, and one that doesn't.
const PROBLEMS: &str = include_str!("explain/problems.md");

/// The rules of `pod-api-ext`, which this program doesn't know; a test of both holds them together.
const RULES: &str = include_str!("explain/rules.md");

/// As many names are shown as may have been meant.
const NEAREST: usize = 3;

/// Says what the name of a problem, of a kind of change or of a rule means
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  cargo xtask explain conflict\n  cargo xtask explain property.became-required\n  \
                        cargo xtask explain room.name.length\n  cargo xtask explain rust.field.retyped")]
pub(crate) struct Arguments {
    /// The name, as a message has it in brackets; without one, all names are listed
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// What one name means, as Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The name.
    pub id: String,
    /// What it means, and examples.
    pub text: String,
    /// An input that shows it, and one that doesn't; `None` where no input does by itself.
    pub examples: Option<(String, String)>,
}

/// Runs the command.
///
/// # Errors
/// There is no such name.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let text = match &arguments.id {
        Some(id) => explained(id).ok_or_else(|| unknown(id))?,
        None => listed(),
    };
    terminal.text(&text)?;
    Ok(Outcome::Done)
}

/// What `id` means, as Markdown; `None` if there is no such name.
#[must_use]
pub fn explained(id: &str) -> Option<String> {
    let id = id.trim_start_matches("error[").trim_start_matches("warning[").trim_end_matches(']');
    if let Some(problem) = Id::ALL.iter().find(|problem| problem.name() == id) {
        let example = problems().into_iter().find(|section| section.id == id).map(|section| section.text);
        return Some(format!(
            "# {id}\nA problem: {}\nWhat to do: {}\n\n{}",
            lower_first(problem.meaning()),
            problem.way_out(),
            example.unwrap_or_default()
        ));
    }
    if let Some(rule) = rules().into_iter().find(|section| section.id == id) {
        return Some(format!("# {id}\nA rule for requests: {}", rule.text));
    }
    if let Some(kind) = RustKind::of(id) {
        return Some(format!(
            "# {id}\nA change of the Rust code: {kind}.\n{}\n{}\n",
            kind.noun.meaning(),
            kind.verb.meaning()
        ));
    }
    xtask_diff::explained(id).map(|text| format!("# {id}\n{text}"))
}

/// The problems, each with its examples.
#[must_use]
pub fn problems() -> Vec<Section> {
    sections(PROBLEMS)
}

/// The rules, each with its examples.
#[must_use]
pub fn rules() -> Vec<Section> {
    sections(RULES)
}

fn sections(markdown: &str) -> Vec<Section> {
    let parts = markdown.strip_prefix("# ").unwrap_or(markdown).split("\n# ").filter_map(|part| part.split_once('\n'));
    // A page in an example has a heading, too: names have no capitals and no blanks.
    let mut sections: Vec<Section> = Vec::new();
    for (id, text) in parts {
        if id.contains(|character: char| character.is_uppercase() || character == ' ') {
            if let Some(before) = sections.last_mut() {
                before.text.push_str(&format!("\n# {id}\n{text}"));
            }
        } else {
            sections.push(Section { id: id.to_owned(), text: text.to_owned(), examples: None });
        }
    }
    for section in &mut sections {
        section.examples = block(&section.text, " wrong\n").zip(block(&section.text, " right\n"));
        section.text.truncate(section.text.trim_end().len());
        section.text.push('\n');
    }
    sections
}

/// What stands in the fence whose first line ends so.
fn block(text: &str, marker: &str) -> Option<String> {
    let (before, after) = text.split_once(marker)?;
    let opening = before.rsplit('\n').next()?;
    let fence = format!("\n{}\n", opening.trim_end_matches(|character| character != '`'));
    // The last block of a text may end with its fence.
    let after = format!("{}\n", after.trim_end());
    let (inside, _) = after.split_once(&fence)?;
    Some(format!("{inside}\n"))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        // `OpenAPI` and the like keep their capitals.
        Some(first) if !characters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

fn names() -> impl Iterator<Item = String> {
    let problems = Id::ALL.iter().map(|id| id.name().to_owned());
    let rules = rules().into_iter().map(|section| section.id);
    problems.chain(rules).chain(xtask_diff::kinds()).chain(RustKind::all().map(RustKind::id))
}

fn listed() -> String {
    let mut text = String::from("Problems\n");
    for id in Id::ALL {
        text.push_str(&format!("  {}\n", id.name()));
    }
    text.push_str("Rules for requests\n");
    for rule in rules() {
        text.push_str(&format!("  {}\n", rule.id));
    }
    text.push_str(
        "Kinds of changes\n  `diff` and `bump` name them, such as property.became-required, and rust.field.retyped of the \
         Rust code\n",
    );
    text
}

fn unknown(id: &str) -> Problems {
    let mut near: Vec<(f64, String)> =
        names().map(|name| (strsim::jaro_winkler(id, &name), name)).filter(|(likeness, _)| *likeness > 0.8).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let near: Vec<String> = near.into_iter().take(NEAREST).map(|(_, name)| format!("`{name}`")).collect();
    let help = if near.is_empty() {
        "`cargo xtask explain` lists the names; give one as a message has it in brackets".to_owned()
    } else {
        format!("there is {}; `cargo xtask explain` lists all", near.join(" and "))
    };
    let message = format!("nothing is called `{}`", id.escape_debug());
    Diagnostic::error(Id::UnknownName, message, help).at(Place::file("cargo xtask explain")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_section_and_no_section_is_of_another() {
        let sections: Vec<String> = problems().into_iter().map(|section| section.id).collect();
        let ids: Vec<&str> = Id::ALL.iter().map(|id| id.name()).collect();
        assert_eq!(sections, ids);
    }

    #[test]
    fn what_has_no_example_says_so() {
        for section in problems().into_iter().chain(rules()) {
            let says = section.text.contains("shows it by itself");
            assert_eq!(says, section.examples.is_none(), "{}", section.id);
        }
    }

    #[test]
    fn every_name_is_explained() {
        for name in names() {
            let text = explained(&name).unwrap_or_else(|| panic!("{name}"));
            assert!(
                text.starts_with(&format!("# {name}\n")) && text.ends_with('\n') && !text.ends_with("\n\n"),
                "{text}"
            );
        }
        assert_eq!(explained("nothing.of-the.sort"), None);
    }
}
