//! Actions of the overlay that have lost their effect: the vendor has made the correction, or taken away what it was for.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::output::Stale;
use xtask_spec::diagnostic::{Place, Problems};
use xtask_spec::fragments::Fragments;
use xtask_spec::source::{Source, Syntax};

/// An action of the overlay that has no effect any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lapsed {
    /// What it is called, and why it has no effect.
    pub message: String,
    /// Where it stood.
    pub place: Option<Place>,
}

/// The fragments without such actions, the actions, and the overlay as it has to be written.
pub(super) type TakenOut = (Fragments, Vec<Lapsed>, Option<Stale>);

/// Takes the actions without effect out of the overlay among `sources`.
///
/// # Errors
/// What the merge or the overlay finds wrong besides, or an action that can't be taken out of the text.
pub(super) fn taken_out(sources: Vec<Source>, openapi: &Path) -> Result<TakenOut, Problems> {
    let folder = openapi.display().to_string();
    let fragments = Fragments::parse(sources.clone(), &folder)?;
    let Some(found) = fragments.overlay() else { return Ok((fragments, Vec::new(), None)) };
    let Err(problems) = xtask_spec::corrected(&fragments) else {
        return Ok((fragments, Vec::new(), None));
    };
    if problems.diagnostics().iter().any(|problem| problem.action.is_none()) {
        return Err(problems);
    }
    let lapsed: BTreeSet<usize> = problems.diagnostics().iter().filter_map(|problem| problem.action).collect();
    let text = without(found.source(), &lapsed).ok_or_else(|| by_hand(&problems))?;

    let (name, path, syntax) = (found.source().name(), found.source().path(), found.source().syntax());
    let mut rest: Vec<Source> = sources.into_iter().filter(|source| source.name() != name).collect();
    let stale = match &text {
        Some(text) => {
            rest.push(Source::new(name, path, text.clone(), syntax));
            let old = Some(found.source().text().to_owned());
            Stale::Differs { path: openapi.join(name), old, new: text.clone() }
        }
        None => Stale::Leftover { path: openapi.join(name) },
    };
    let lapsed = problems.diagnostics().iter().map(|problem| {
        let place = problem.place.clone();
        Lapsed { message: problem.message.clone(), place }
    });
    Ok((Fragments::parse(rest, &folder)?, lapsed.collect(), Some(stale)))
}

fn by_hand(problems: &Problems) -> Problems {
    let mut diagnostics = problems.diagnostics().to_vec();
    for diagnostic in &mut diagnostics {
        "delete the action from the overlay by hand, and run the bump again".clone_into(&mut diagnostic.help);
    }
    Problems::from_errors(diagnostics)
}

/// The text of an overlay without some of its actions, `Some(None)` where none is left; `None` where they can't be cut
/// out. What comes out is read again, and has to be what is meant.
#[expect(clippy::option_option, reason = "whether it can be done, and whether anything is left")]
fn without(overlay: &Source, actions: &BTreeSet<usize>) -> Option<Option<String>> {
    let mut expected = overlay.parse("").ok()?;
    let list = expected.get_mut("actions")?.as_array_mut()?;
    let count = list.len();
    let mut index = 0_usize;
    list.retain(|_| {
        let kept = !actions.contains(&index);
        index = index.saturating_add(1);
        kept
    });
    if list.is_empty() {
        return Some(None);
    }
    let text = match overlay.syntax() {
        Syntax::Json => format!("{expected:#}\n"),
        Syntax::Yaml => cut(overlay, count, actions)?,
    };
    let again = Source::new(overlay.name(), overlay.path(), text.clone(), overlay.syntax());
    let same = again.parse("").is_ok_and(|found: Value| found == expected);
    same.then_some(Some(text))
}

/// The lines of a block of YAML without those of some actions, and of the comments above them.
fn cut(overlay: &Source, count: usize, actions: &BTreeSet<usize>) -> Option<String> {
    let lines: Vec<&str> = overlay.text().split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(count);
    for index in 0..count {
        let line = overlay.place(&format!("/actions/{index}")).position?.position.line;
        let mut start = line.checked_sub(1)?;
        while let Some(above) = start.checked_sub(1)
            && lines.get(above)?.trim_start().starts_with('#')
        {
            start = above;
        }
        starts.push(start);
    }
    // The last action ends where something stands that is no deeper than its dash.
    let last = *starts.last()?;
    let first_line = lines.get(last..)?.iter().position(|line| line.trim_start().starts_with('-'))?;
    let depth = |line: &str| line.len().saturating_sub(line.trim_start().len());
    let dash = depth(lines.get(last.checked_add(first_line)?)?);
    let behind = last.checked_add(first_line)?.checked_add(1)?;
    let ends = |line: &&str| !line.trim().is_empty() && depth(line) <= dash;
    let end = lines.get(behind..)?.iter().position(ends).map_or(lines.len(), |rest| behind.saturating_add(rest));
    starts.push(end);
    let removed = |line: usize| {
        starts.windows(2).enumerate().any(|(index, range)| {
            matches!(range, [start, end] if actions.contains(&index) && (*start..*end).contains(&line))
        })
    };
    Some(lines.iter().enumerate().filter(|(line, _)| !removed(*line)).map(|(_, line)| *line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OVERLAY: &str = "\
overlay: 1.0.0
info: {title: T, version: '1'}
actions:
  # Why the first.
  - target: $.a
    remove: true

  # Why the second,
  # at length.
  - target: $.b
    update:
      - x
  - target: $.c
    remove: true
x-more: 1
";

    fn left(text: &str, actions: &[usize]) -> Option<Option<String>> {
        let source = Source::new("overlay.yaml", "openapi/overlay.yaml", text.to_owned(), Syntax::Yaml);
        without(&source, &actions.iter().copied().collect())
    }

    #[test]
    fn actions_go_with_the_comments_above_them() {
        let head = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n";
        let (first, second, third) = (
            "  # Why the first.\n  - target: $.a\n    remove: true\n\n",
            "  # Why the second,\n  # at length.\n  - target: $.b\n    update:\n      - x\n",
            "  - target: $.c\n    remove: true\n",
        );
        for (actions, rest) in [
            (&[0][..], [second, third].concat()),
            (&[1], [first, third].concat()),
            (&[2], [first, second].concat()),
            (&[0, 2], second.to_owned()),
        ] {
            assert_eq!(left(OVERLAY, actions), Some(Some(format!("{head}{rest}x-more: 1\n"))), "{actions:?}");
        }
    }

    #[test]
    fn without_actions_there_is_no_overlay() {
        assert_eq!(left(OVERLAY, &[0, 1, 2]), Some(None));
    }

    #[test]
    fn what_stands_on_one_line_is_left_for_people() {
        let text = "overlay: 1.0.0\nactions: [{target: $.a, remove: true}, {target: $.b, remove: true}]\n";
        assert_eq!(left(text, &[0]), None);
    }
}
