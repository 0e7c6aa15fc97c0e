//! `completions`: for shells, of the program under its own name. Shells don't look behind aliases of cargo.

use clap::Args;
use clap_complete::Shell;

use crate::terminal::{Outcome, Terminal};
use xtask_spec::diagnostic::Problems;

/// Prints what a shell needs to complete the command line of `xtask`
#[derive(Args, Debug)]
#[command(after_help = "Example: cargo install --path xtask && xtask completions bash >> ~/.bash_completion")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
///
/// # Errors
/// The output can't be written.
pub(crate) fn run(
    arguments: &Arguments,
    mut commands: clap::Command,
    terminal: &mut Terminal,
) -> Result<Outcome, Problems> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut commands, "xtask", &mut script);
    terminal.result(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
