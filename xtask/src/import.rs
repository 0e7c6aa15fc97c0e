//! How published pages become the fragments in `openapi/`: **import**, the step before the pipeline.
//!
//! What is given is read as a whole (`inputs`), taken apart into fragments (`incoming`), and each fragment is led to
//! the file that it belongs in (`targets`); only where none of that has anything to object are files made of it.
//! Fragments are stored in one form (`canonical`), so that importing an unchanged page again changes nothing. What a
//! page says besides (`prose`) is kept as digests, on which the rules of the hand-written code stand ([`ground`]).

mod addresses;
mod canonical;
mod existing;
mod fetch;
pub mod ground;
mod incoming;
mod inputs;
mod lines;
mod operations;
mod page;
mod prose;
mod register;
mod report;
mod sources;
mod target;
mod targets;
mod withdrawn;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::arguments::{Openapi, Sources};
use crate::begin::begin;
use crate::output::{self, Staging, Stale, Use};
use crate::terminal::{Outcome, Terminal, unwritable};
use existing::Existing;
use ground::{Ledger, RuleMoved};
use incoming::Incoming;
use operations::Operation;
use prose::Prose;
use register::Register;
use target::Target;
use xtask_client::File;
use xtask_diff::model::Said;
use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::fragments::Fragments;

pub(crate) use report::{Change, Entry, PassedOver};
pub(crate) use sources::fragments;

/// Takes fragments from published pages into the folder
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo xtask import ~/pages --dry-run")]
pub(crate) struct Arguments {
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    openapi: Openapi,
    /// Writes nothing; prints what would change as a diff
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// Every problem of the first step that has any, or a file that can't be written.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let openapi = arguments.openapi.openapi.as_path();
    let _turn = begin(openapi, Use::Writes, None, arguments.dry_run, terminal)?;
    let Sources { sources, older } = &arguments.sources;
    let import = import(&Given { sources, withdrawn: &[], may_be_older: *older }, openapi)?;
    terminal.warnings(&import.warnings)?;
    let outcome = if arguments.dry_run {
        terminal.result(&import.stale.iter().map(Stale::diff).collect::<String>())?;
        "nothing written".to_owned()
    } else {
        Staging::new(terminal.disk, openapi, &[]).write(&import.stale)?;
        format!("files written: {}", import.stale.len())
    };
    import.print(terminal.err, &outcome).map_err(unwritable)?;
    Ok(Outcome::Done)
}

/// Everything an import would change, with what there is to say of it.
#[derive(Debug)]
pub(crate) struct Import {
    /// What has to be written, by [`output::Staging`].
    pub stale: Vec<Stale>,
    /// What became of each fragment that was given, in the order of the files' names.
    pub entries: Vec<Entry>,
    /// What of the folders that were given is nothing to import.
    pub passed_over: PassedOver,
    /// The documented statements that the code rests on and that don't stand where they stood; the warnings tell them too.
    pub moved: Vec<RuleMoved>,
    /// The statements that are new on pages which were imported before.
    pub said: Vec<Said>,
    /// What the maintainer should know.
    pub warnings: Vec<Diagnostic>,
    /// What was given, by the path of the fragment that it is going to be.
    given: BTreeMap<String, incoming::Given>,
}

impl Import {
    /// Problems of fragments that aren't written: their places are in what was given.
    pub(crate) fn as_given(&self, problems: Problems) -> Problems {
        let mut diagnostics = problems.into_diagnostics();
        for diagnostic in &mut diagnostics {
            let related = diagnostic.related.iter_mut().map(|(_, place)| place);
            for place in diagnostic.place.iter_mut().chain(related) {
                if let Some(given) = self.given.get(&place.file) {
                    *place = given.place(&place.pointer);
                }
            }
        }
        Problems::from_errors(diagnostics)
    }
}

/// What a command was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// Pages, fragments, folders of either, `https` URLs.
    pub sources: &'a [PathBuf],
    /// The fragments that the vendor has withdrawn: they leave the folder.
    pub withdrawn: &'a [String],
    /// Whether fragments of an older version than those in the folder are taken.
    pub may_be_older: bool,
}

/// Reads `sources` (pages, fragments, folders of either, `https` URLs) and finds what they change in `openapi`; writes
/// nothing. Fragments of an older version than those that they replace are an error, unless they may be.
///
/// # Errors
/// Every problem of the first step that has any.
pub(crate) fn import(given: &Given<'_>, openapi: &Path) -> Result<Import, Problems> {
    let Given { sources, withdrawn, may_be_older } = *given;
    let mut diagnostics = Vec::new();
    let mut incoming = Vec::new();
    let inputs::Inputs { given, passed_over } = inputs::read(sources, &mut diagnostics);
    let mut prose = Vec::new();
    for input in given {
        let (page, before) = (input.shown.clone(), diagnostics.len());
        let found = incoming::fragments(input, &mut diagnostics);
        if found.is_empty() && diagnostics.len() == before {
            prose.push(page);
        }
        incoming.extend(found);
    }
    if incoming.is_empty() && diagnostics.is_empty() && withdrawn.is_empty() {
        diagnostics.push(nothing(sources));
    }
    // A folder that isn't as it should be is said together with what is wrong with the sources.
    let existing = Existing::read(openapi).map_err(|problems| diagnostics.extend(problems.into_diagnostics())).ok();
    let register = Register::read(openapi).map_err(|problems| diagnostics.extend(problems.into_diagnostics())).ok();
    let mut warnings = Problems::check(diagnostics)?;
    let (Some(mut existing), Some(mut register)) = (existing, register) else {
        return Err(Problems::from_errors(warnings));
    };
    let gone = withdrawn::take_out(withdrawn, &mut existing, &mut register, openapi, &mut warnings)?;

    for fragment in &mut incoming {
        if fragment.is_page() && fragment.address.is_none() {
            fragment.address = register.address_of_page(&fragment.page);
        }
    }
    prose.retain(|page| !register.is_without_endpoint(page));
    let targets = targets::find(&incoming, &existing, &register, openapi)?;
    if !may_be_older {
        Problems::check(existing.older(&incoming, &targets).into_iter().collect())?;
    }
    let mut files = Vec::new();
    let mut replaced = Vec::new();
    let mut entries = Vec::new();
    let (said, changed) = changes_of_pages(&incoming, &targets, &register);
    warnings.extend(changed);
    for (fragment, target) in incoming.iter().zip(&targets) {
        let old = target.replaces.as_deref().and_then(|name| existing.get(name));
        if let Some(name) = target.replaces.as_deref().filter(|name| *name != target.name) {
            // JSON under the name of a YAML file would mislead its readers.
            replaced.extend(existing.get(name).map(|stored| openapi.join(&stored.name)));
            register.rename(name, &target.name);
        }
        let version = fragment.version();
        if version.is_none() {
            warnings.push(without_version(fragment));
        }
        register.set(&target.name, fragment.address.as_deref(), version);
        if let Some(prose) = &fragment.prose {
            let digests: Vec<String> = prose.digests().map(str::to_owned).collect();
            register.set_statements(&target.name, &digests);
        }
        if fragment.is_page() && register.published(&target.name).is_none() {
            warnings.push(without_address(fragment, target, &register));
        }
        entries.push(Entry {
            name: target.name.clone(),
            change: Change::of(old.map(|old| old.text.as_str()), &fragment.text),
            operations: fragment.operations.iter().map(Operation::to_string).collect(),
            old: old.and_then(existing::Stored::version).map(str::to_owned),
            new: version.map(str::to_owned),
        });
        files.push(File { path: target.name.clone(), text: fragment.text.clone() });
    }
    warnings.extend(existing.what_is_lost(&incoming, &targets, openapi));
    warnings.extend(existing.left_behind(&incoming, &targets, &register, openapi));
    warnings.extend(existing.of_one_api(&incoming, &targets, openapi));
    let moved = ledger(&incoming, &targets, &existing, &register)?.moved();
    warnings.extend(moved.iter().map(RuleMoved::diagnostic));
    if let Some(text) = register.changed_text() {
        files.push(File { path: register::NAME.to_owned(), text });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut stale = output::stale(&files, openapi)?;
    stale.extend(gone);
    stale.extend(replaced.iter().map(|path| Stale::Leftover { path: path.clone() }));
    let passed_over = PassedOver { prose, files: passed_over };
    let warnings = Problems::check(warnings)?;
    let path = |target: &Target| openapi.join(&target.name).display().to_string();
    let given = incoming.into_iter().zip(&targets).map(|(fragment, target)| (path(target), fragment.given)).collect();
    Ok(Import { stale, entries, passed_over, moved, said, warnings, given })
}

/// What an import says of a page of this text: for the fuzzer, which has no disk.
#[doc(hidden)]
#[must_use]
pub fn read_page(text: &str, is_html: bool) -> Vec<Diagnostic> {
    let markup = if is_html { page::Markup::Html } else { page::Markup::Markdown };
    let (form, text) = (inputs::Form::Page(markup), text.to_owned());
    let sources = page::sources("page", &text, markup);
    let mut said = Vec::new();
    let input = inputs::Input {
        stem: "page".to_owned(),
        shown: "page".to_owned(),
        address: None,
        form,
        text,
        of_folder: false,
    };
    incoming::fragments(input, &mut said);
    said.extend(Fragments::parse(sources, "page").err().into_iter().flat_map(Problems::into_diagnostics));
    said
}

/// What the rules rest on, and what there is once the import is done.
fn ledger(
    incoming: &[Incoming],
    targets: &[Target],
    existing: &Existing,
    register: &Register,
) -> Result<Ledger, Problems> {
    let kept = existing.documents().filter(|(name, _)| !targets.iter().any(|target| target.replaces_file(name)));
    let given = incoming.iter().zip(targets).map(|(fragment, target)| (target.name.clone(), fragment.document.clone()));
    Ledger::parse(register.shown(), &register.text(), kept.chain(given))
}

/// Says of each page that was imported before what appeared on it, and how much vanished.
fn changes_of_pages(incoming: &[Incoming], targets: &[Target], register: &Register) -> (Vec<Said>, Vec<Diagnostic>) {
    let (mut said, mut changes) = (Vec::new(), Vec::new());
    let mut done: Vec<&Arc<Prose>> = Vec::new();
    for (fragment, target) in incoming.iter().zip(targets) {
        // All fragments of a page have its statements.
        let Some(prose) = fragment.prose.as_ref().filter(|prose| !done.iter().any(|done| Arc::ptr_eq(done, prose)))
        else {
            continue;
        };
        if let Some(old) = register.statements(target.replaces.as_deref().unwrap_or(&target.name)) {
            changes.extend(prose.changes(&old));
            let page = target.name.rsplit_once('.').map_or(target.name.as_str(), |(stem, _)| stem);
            said.extend(prose.appeared(&old).map(|text| Said { page: page.to_owned(), text: text.to_owned() }));
            done.push(prose);
        }
    }
    (said, changes)
}

fn nothing(sources: &[PathBuf]) -> Diagnostic {
    let shown: Vec<String> = sources.iter().map(|source| source.display().to_string()).collect();
    let message = "there is no fragment on any of these pages: none holds an OpenAPI document";
    let help = "name the folder or the files that hold pages of endpoints";
    Diagnostic::error(Id::NoFragments, message, help).at(Place::file(shown.join(", ")))
}

fn without_version(fragment: &Incoming) -> Diagnostic {
    let message = "has no `info.version`, or one that is no text";
    let help = "OpenAPI requires it (in YAML, quoted): `generate` and sources.toml need it to tell new from old";
    Diagnostic::warning(Id::Version, message, help).at(fragment.place.clone())
}

fn without_address(fragment: &Incoming, target: &Target, register: &Register) -> Diagnostic {
    let message = format!("nothing says where this page is published, so that `{}` stays without it", target.name);
    let help =
        format!("add `published = \"https://…\"` to its entry in {}, or import the page by its URL", register.shown());
    Diagnostic::warning(Id::Published, message, help).at(Place::file(fragment.place.file.clone()))
}
