//! `cargo xtask generator`, which this program starts itself with: see [`xtask_client::apart`].

use std::io;

use clap::{Args, ValueEnum};
use xtask_client::{Product, apart};
use xtask_spec::diagnostic::Problems;

use crate::terminal::{Outcome, Terminal, unwritable};

/// Runs progenitor on the document of stdin, for this program itself
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What it makes
    product: Made,
    /// After so many seconds it ends
    seconds: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Made {
    Client,
    Mocks,
}

/// Runs the command.
///
/// # Errors
/// Streams that fail.
pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Outcome, Problems> {
    let product = match arguments.product {
        Made::Client => Product::Client,
        Made::Mocks => Product::Mocks,
    };
    apart::serve(product, arguments.seconds, io::stdin().lock(), &mut *terminal.out).map_err(unwritable)?;
    Ok(Outcome::Done)
}
