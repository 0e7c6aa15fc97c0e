//! Pages from the network, by the `curl` of the machine: a library for it would outweigh the rest of this program.

use std::io;
use std::process::{Command, Stdio};

use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};
use xtask_spec::limits;
use xtask_spec::source::file;

/// No settings of the user's (`--disable`, which has to come first: a `~/.curlrc` may turn the check of certificates off);
/// `https` to the end, redirects included; what isn't answered in time, or says that it is larger than a page may be, is an
/// error. `--globoff` leaves braces and brackets in the address as they are.
const ARGUMENTS: [&str; 11] = [
    "--disable",
    "--silent",
    "--show-error",
    "--fail",
    "--location",
    "--globoff",
    "--proto",
    "=https",
    "--max-time",
    "60",
    "--max-filesize",
];

/// As much of what curl says, in bytes, as is taken.
const SAID: usize = 64 << 10;

const HELP: &str = "check the address and the network, or download the page by other means and name its file";

/// The body of what stands at `url`, of which the caller knows that it begins with `https://`.
pub(super) fn fetch(url: &str) -> Result<Vec<u8>, Problems> {
    let failure = |message: String, help: &str| -> Problems {
        Diagnostic::error(Id::Fetch, message, help).at(Place::file(url)).into()
    };
    let child = Command::new("curl")
        .args(ARGUMENTS)
        .args([&limits::FILE.to_string(), "--url", url])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let help = "install curl, or download the page by other means and name its file";
            return Err(failure("can't be fetched: the program `curl` is not there".to_owned(), help));
        }
        Err(error) => return Err(failure(format!("can't be fetched: `curl` can't be run: {error}"), HELP)),
    };
    // An answer in pieces doesn't say how large it is, so that what is read is what counts.
    let body = child.stdout.take().map_or_else(|| Ok(Vec::new()), |body| file::at_most(body, limits::FILE));
    if body.is_err() {
        // It may have ended by itself.
        let _ = child.kill();
    }
    let said = child.stderr.take().map_or_else(|| Ok(Vec::new()), |said| file::at_most(said, SAID));
    let status = child.wait().map_err(|error| failure(format!("can't be fetched: {error}"), HELP))?;
    let body = body.map_err(|error| failure(format!("can't be fetched: {error}"), HELP))?;
    if status.success() {
        return Ok(body);
    }
    let said = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
    let said: String =
        said.trim().chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let said = if said.is_empty() { format!("curl ended with {status}") } else { said };
    Err(failure(format!("can't be fetched: {said}"), HELP))
}
