//! Pages from the network, by the `curl` of the machine: a library for it would outweigh the rest of this program.

use std::io;
use std::process::{Command, Stdio};

use xtask_spec::diagnostic::{Diagnostic, Id, Place, Problems};

/// `https` to the end, redirects included; what isn't answered in time, or with a page's size, is an error. `--globoff`
/// leaves braces and brackets in the address as they are.
const ARGUMENTS: [&str; 11] = [
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
    "33554432",
];

const HELP: &str = "check the address and the network, or download the page by other means and name its file";

/// The body of what stands at `url`, of which the caller knows that it begins with `https://`.
pub(super) fn fetch(url: &str) -> Result<Vec<u8>, Problems> {
    let failure = |message: String, help: &str| -> Problems {
        Diagnostic::error(Id::Fetch, message, help).at(Place::file(url)).into()
    };
    match Command::new("curl").args(ARGUMENTS).args(["--url", url]).stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said: String =
                said.trim().chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
            let said = if said.is_empty() { format!("curl ended with {}", output.status) } else { said };
            Err(failure(format!("can't be fetched: {said}"), HELP))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let help = "install curl, or download the page by other means and name its file";
            Err(failure("can't be fetched: the program `curl` is not there".to_owned(), help))
        }
        Err(error) => Err(failure(format!("can't be fetched: `curl` can't be run: {error}"), HELP)),
    }
}
