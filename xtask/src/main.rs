//! `cargo xtask`: see [`xtask::cli`] for the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::cli::main(std::env::args_os())
}
