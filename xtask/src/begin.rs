//! How every command begins: it takes its folders, and finishes what a run that was stopped left in them.

use std::path::Path;

use xtask_spec::diagnostic::Problems;

use crate::lock;
use crate::output::{Disk, Staging, Turn, Use};
use crate::terminal::Terminal;

/// The staging of a client in `out`, and of all that a bump changes with it.
pub(crate) fn staging<'a>(disk: &'a dyn Disk, openapi: &Path, out: &'a Path) -> Staging<'a> {
    Staging::new(disk, out, &[openapi, &lock::workspace(out)])
}

/// Takes the folders of a command, and finishes what a run that was stopped left in them; one that writes nothing refuses
/// to look at what is half in place. The folders are the command's own until what is returned is dropped.
///
/// # Errors
/// A folder that can't be locked, and an earlier run that can't be finished.
pub(crate) fn begin(
    openapi: &Path,
    how: Use,
    out: Option<&Path>,
    writes_nothing: bool,
    terminal: &mut Terminal,
) -> Result<Turn, Problems> {
    let disk = terminal.disk;
    let fragments = Staging::new(disk, openapi, &[]);
    let client = out.map(|out| staging(disk, openapi, out));
    if writes_nothing {
        let folders = [Some(openapi), out].map(|folder| folder.map(|folder| (folder, Use::Reads)));
        let turn = Turn::take(&folders.into_iter().flatten().collect::<Vec<_>>(), terminal.err)?;
        fragments.refuse_unfinished()?;
        client.iter().try_for_each(Staging::refuse_unfinished)?;
        return Ok(turn);
    }
    if how == Use::Reads && fragments.is_unfinished() {
        let _turn = Turn::take(&[(openapi, Use::Writes)], terminal.err)?;
        finish(&fragments, openapi, terminal)?;
    }
    let folders = [Some((openapi, how)), out.map(|out| (out, Use::Writes))];
    let turn = Turn::take(&folders.into_iter().flatten().collect::<Vec<_>>(), terminal.err)?;
    if how == Use::Writes {
        finish(&fragments, openapi, terminal)?;
    }
    if let (Some(client), Some(out)) = (client, out) {
        finish(&client, out, terminal)?;
    }
    Ok(turn)
}

fn finish(staging: &Staging, folder: &Path, terminal: &mut Terminal) -> Result<(), Problems> {
    let Some(count) = staging.finish()? else { return Ok(()) };
    let folder = folder.display();
    terminal.message(&format!("finished an earlier run on {folder}, which was stopped; files in its plan: {count}\n"))
}
